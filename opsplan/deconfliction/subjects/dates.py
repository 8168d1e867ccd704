"""Dates of birth, as far as they are known."""

import re
from datetime import date
from enum import Enum

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_BUDDHIST_ERA = 543
_LATEST_OF_OUR_ERA = 2300


class Birth(Enum):
    """How two dates of birth stand to each other."""

    UNKNOWN = "UNKNOWN"
    AGREES = "AGREES"
    NEARLY_AGREES = "NEARLY_AGREES"
    DIFFERS = "DIFFERS"


def births(one: str | None, other: str | None) -> Birth:
    """Compare two dates as far as both are known.

    One wrong digit, or day and month in the other order, nearly agree. Years of the Buddhist era are taken for what
    they are, and the first of January for a day that nobody knew. What is no date agrees
    with nothing and differs from nothing.

    >>> births("1985", "1985-03-07"), births("1985-03-07", "2528-03-07"), births("1985-03-07", "1985-07-03")
    (<Birth.AGREES: 'AGREES'>, <Birth.AGREES: 'AGREES'>, <Birth.NEARLY_AGREES: 'NEARLY_AGREES'>)
    """
    mine, theirs = _parts(one), _parts(other)
    if mine is None or theirs is None:
        return Birth.UNKNOWN
    known = min(len(mine), len(theirs))
    mine, theirs = mine[:known], theirs[:known]
    if mine == theirs:
        return Birth.AGREES
    if known == 3 and (mine[0], mine[2], mine[1]) == theirs:
        return Birth.NEARLY_AGREES
    digits = zip(_digits(mine), _digits(theirs), strict=True)
    # With the year alone one digit is too much of what is known.
    return Birth.NEARLY_AGREES if known == 3 and sum(a != b for a, b in digits) == 1 else Birth.DIFFERS


def is_date(text: str) -> bool:
    """Whether a text is a date, as far as it is known, of our era or the Buddhist one.

    >>> is_date("1984-02"), is_date("2528-3-7"), is_date("1984-02-31"), is_date("about 1984")
    (True, True, False, False)
    """
    parts = _parts(text)
    if parts is None or not parts[0]:
        return False
    try:
        date(parts[0], *(*parts[1:], 1, 1)[:2])
    except ValueError:
        return False
    return True


def full_date(text: str | None) -> str | None:
    """Give a date that is known to the day, in our era; else nothing.

    >>> full_date("2528-3-7"), full_date("1985-03")
    ('1985-03-07', None)
    """
    parts = _parts(text)
    return "{:04}-{:02}-{:02}".format(*parts) if parts and len(parts) == 3 else None


def _parts(text: str | None) -> tuple[int, ...] | None:
    found = _DATE.fullmatch(text.strip()) if text else None
    if found is None:
        return None
    year, *rest = (int(part) for part in found.groups() if part)
    if rest == [1, 1]:
        rest = []
    return (year - _BUDDHIST_ERA if year > _LATEST_OF_OUR_ERA else year, *rest)


def _digits(parts: tuple[int, ...]) -> str:
    year, *rest = parts
    return f"{year:04}" + "".join(f"{part:02}" for part in rest)
