"""From a value as given (JSON, CSV text, XLSX cell, GraphQL) to the value as stored: one function per kind.

Each function takes the raw value, never None, and gives the stored one or raises `Wrong`. Numbers may come as
text, lists as text parted by semicolons, points as ``{"longitude": …, "latitude": …}``, as two numbers in that
order, or as text ``longitude, latitude``. A stored point is a `GeoPoint`.
"""

import json
import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from opsplan.records.codes import (
    COUNTRY_CODES,
    LANGUAGE_CODES,
    country_meant,
    language_meant,
    near,
    time_zones,
)
from opsplan.records.problem import shown
from opsplan.vocabulary.clock import instant_text
from opsplan.vocabulary.place import GeoPoint

ToStored = Callable[[Any], Any]
"""From a raw value to the stored one; raises `Wrong`."""

DEFAULT_MAX_LENGTH = 1_000
"""Characters of a text, or entries of a list, where the property declares no other bound."""

_LONGEST_LIST_ENTRY = 300
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?", re.IGNORECASE
)
_LOCAL_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::00)?")
_DURATION = re.compile(
    r"P(?:(?P<weeks>\d{1,6})W)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,9})S)?)?"
)
# Unicode categories: Cc controls, Cs lone surrogates; U+FFFE and its like are no characters at all.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_BREAKS = re.compile("[\t\n\r]")
_TRUE = frozenset({"true", "yes", "1"})
_FALSE = frozenset({"false", "no", "0"})


class Wrong(Exception):
    """A value that cannot be stored: what is wrong, and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def to_text(max_length: int, pattern: str | None = None, *, lines: bool = False) -> ToStored:
    """Make the function for texts: NFC, outer blanks removed, no control characters.

    With `lines`, tabs and line breaks may stand in it; they are ``\\n`` when stored.
    """
    form = re.compile(pattern) if pattern else None

    def stored(raw: Any) -> str:
        if type(raw) is not str:
            raw = _number_as_text(raw)
        text: str = raw
        # The fast way: most names are short ASCII without anything odd in it.
        if not (text.isascii() and text.isprintable()):
            text = _clean(text, lines=lines)
        text = text.strip()
        if len(text) > max_length:
            raise Wrong(f"{shown(text)} has {len(text)} characters", f"give at most {max_length} characters")
        if form and not form.fullmatch(text):
            raise Wrong(f"{shown(text)} has not the form {form.pattern}", f"give a text of the form {form.pattern}")
        return text

    return stored


def _number_as_text(raw: Any) -> str:
    """A spreadsheet makes numbers of texts such as an external id 4711."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        return str(raw)
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 2**53:
        return str(int(raw))
    raise Wrong(f"{shown(raw)} is no text", "give a text")


def _clean(text: str, *, lines: bool) -> str:
    found = _FORBIDDEN.search(text)
    if found:
        raise Wrong(
            f"it holds the character U+{ord(found[0]):04X}, which is no printable text",
            "give text in valid Unicode without control characters",
        )
    if _LINE_BREAKS.search(text):
        if not lines:
            raise Wrong(f"{shown(text)} has a tab or line break in it", "give one line of text")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text)


def to_integer(minimum: float | None, maximum: float | None) -> ToStored:
    """Make the function for whole numbers."""

    def stored(raw: Any) -> int:
        if type(raw) is not int:
            raw = _whole(raw)
        _bound(raw, minimum, maximum)
        return int(raw)

    return stored


def _whole(raw: Any) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 2**53:
        return int(raw)
    if isinstance(raw, str) and _INTEGER.fullmatch(raw.strip()):
        return int(raw)
    raise Wrong(f"{shown(raw)} is no whole number", "give a whole number, such as 40")


def to_float(minimum: float | None, maximum: float | None) -> ToStored:
    """Make the function for numbers."""

    def stored(raw: Any) -> float:
        value = _number(raw)
        _bound(value, minimum, maximum)
        return value

    return stored


def _number(raw: Any) -> float:
    value = math.nan
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        value = float(raw)
    elif isinstance(raw, str):
        try:
            value = float(raw.replace("_", "x"))
        except ValueError:
            value = math.nan
    if not math.isfinite(value):
        raise Wrong(f"{shown(raw)} is no number", "give a number with a point, such as 11.5")
    return value


def _bound(value: float, minimum: float | None, maximum: float | None) -> None:
    if minimum is not None and value < minimum:
        raise Wrong(f"{value} is below {minimum:g}", _between(minimum, maximum))
    if maximum is not None and value > maximum:
        raise Wrong(f"{value} is above {maximum:g}", _between(minimum, maximum))


def _between(minimum: float | None, maximum: float | None) -> str:
    if minimum is None:
        return f"give {maximum:,.10g} or less"
    if maximum is None:
        return f"give {minimum:,.10g} or more"
    return f"give {minimum:,.10g} to {maximum:,.10g}"


def to_boolean(raw: Any) -> bool:
    """Read true or false; also yes, no, 1, 0, in any case."""
    if isinstance(raw, bool):
        return raw
    text = str(raw).strip().lower() if isinstance(raw, str | int) else ""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise Wrong(f"{shown(raw)} is neither true nor false", "give true or false")


def to_instant(raw: Any) -> str:
    """Read an instant with its zone: text of ISO 8601 or an aware datetime."""
    instant = raw
    if isinstance(raw, str):
        text = raw.strip()
        if len(text) == 24 and text[-1] == "Z":
            # Stored form already, mostly; datetime checks the rest.
            instant = _parsed(text, raw)
        elif not _INSTANT.fullmatch(text):
            raise Wrong(f"{shown(raw)} is no instant", "give ISO 8601 with a zone, such as 2026-12-01T04:00:00Z")
        else:
            instant = _parsed(text.upper(), raw)
    if not isinstance(instant, datetime):
        raise Wrong(f"{shown(raw)} is no instant", "give ISO 8601 with a zone, such as 2026-12-01T04:00:00Z")
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise Wrong(
            f"{shown(instant.isoformat())} has no time zone, so nobody can tell when it is",
            "add Z for UTC or an offset such as +07:00 (in a spreadsheet, as text)",
        )
    try:
        return instant_text(instant)
    except OverflowError:
        raise Wrong(f"{shown(raw)} lies outside the years 1 to 9999", "give a year from 1 to 9999") from None


def _parsed(text: str, raw: Any) -> datetime:
    try:
        return datetime.fromisoformat(text.replace(" Z", "Z").replace(" +", "+"))
    except ValueError as failure:
        raise Wrong(
            f"{shown(raw)} is no instant of the calendar ({failure})",
            "give an existing date and time with a zone, such as 2026-12-01T04:00:00Z",
        ) from None


def to_local_time(raw: Any) -> str:
    """Read a local time of day, ``HH:MM``."""
    if isinstance(raw, time) and raw.tzinfo is None and not (raw.second or raw.microsecond):
        return f"{raw:%H:%M}"
    found = _LOCAL_TIME.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if not found:
        raise Wrong(f"{shown(raw)} is no local time", "give hours and minutes, such as 21:30, without a zone")
    return f"{found[1]}:{found[2]}"


def to_minutes(minimum: float | None, maximum: float | None) -> ToStored:
    """Make the function for durations: ISO 8601 in weeks, days, hours, minutes; a bare number is minutes."""

    def stored(raw: Any) -> int:
        minutes = _minutes(raw)
        if (minimum is not None and minutes < minimum) or (maximum is not None and minutes > maximum):
            low, high = duration_text(int(minimum or 0)), duration_text(int(maximum)) if maximum is not None else None
            raise Wrong(
                f"{duration_text(minutes)} is too {'short' if minimum is not None and minutes < minimum else 'long'}",
                f"give {low} to {high}" if high else f"give {low} or more",
            )
        return minutes

    return stored


def _minutes(raw: Any) -> int:
    remedy = "give whole minutes in ISO 8601, such as PT2H or P1DT30M"
    if isinstance(raw, timedelta):
        seconds = raw.total_seconds()
        if seconds < 0 or seconds % 60:
            raise Wrong(f"{raw} is no number of whole minutes", remedy)
        return int(seconds // 60)
    if isinstance(raw, str) and raw.strip()[:1] in ("P", "p"):
        text = raw.strip().upper()
        found = _DURATION.fullmatch(text)
        if not found or text[-1] in "PT":
            raise Wrong(
                f"{shown(raw)} is no duration in weeks, days, hours and minutes (a month has no fixed length)",
                remedy,
            )
        part = {name: int(amount or 0) for name, amount in found.groupdict().items()}
        if part["seconds"] % 60:
            raise Wrong(f"{shown(raw)} is no number of whole minutes", remedy)
        days = part["weeks"] * 7 + part["days"]
        return (days * 24 + part["hours"]) * 60 + part["minutes"] + part["seconds"] // 60
    try:
        minutes = _whole(raw)
    except Wrong:
        minutes = -1
    if minutes < 0:
        raise Wrong(f"{shown(raw)} is no duration", remedy)
    return minutes


def duration_text(minutes: int) -> str:
    """Write minutes as an ISO 8601 duration; the way back of `to_minutes`.

    >>> duration_text(0), duration_text(90), duration_text(2880)
    ('PT0M', 'PT1H30M', 'PT48H')
    """
    hours, rest = divmod(minutes, 60)
    return f"PT{hours}H{rest}M".replace("H0M", "H") if hours else f"PT{rest}M"


def to_point(raw: Any) -> GeoPoint:
    """Read a point: a mapping, a pair (longitude, latitude), or the same as text parted by a comma."""
    if isinstance(raw, GeoPoint):
        return raw
    remedy = 'give {"longitude": 104.9, "latitude": 11.6}, or as text "104.9, 11.6" (longitude first)'
    pair: Sequence[Any]
    if isinstance(raw, Mapping):
        if set(raw) != {"longitude", "latitude"}:
            raise Wrong(f"{shown(dict(raw))} has not exactly longitude and latitude", remedy)
        pair = (raw["longitude"], raw["latitude"])
    elif isinstance(raw, str):
        pair = raw.split(",")
    elif isinstance(raw, Sequence):
        pair = raw
    else:
        pair = ()
    if len(pair) != 2:
        raise Wrong(f"{shown(raw)} is no point", remedy)
    try:
        longitude, latitude = _number(pair[0]), _number(pair[1])
    except Wrong as wrong:
        raise Wrong(wrong.message, remedy) from None
    if not -180.0 <= longitude <= 180.0:
        raise Wrong(f"longitude {longitude:g} is outside -180 to 180", remedy)
    if not -90.0 <= latitude <= 90.0:
        swapped = -90.0 <= longitude <= 90.0 and -180.0 <= latitude <= 180.0
        raise Wrong(
            f"latitude {latitude:g} is outside -90 to 90"
            + (f"; longitude {longitude:g} would be a latitude: the two look swapped" if swapped else ""),
            remedy,
        )
    return GeoPoint(longitude, latitude)


def to_choice(choices: type[StrEnum]) -> ToStored:
    """Make the function for a member of `choices`, by name in any case."""
    members = {member.name: member.name for member in choices}

    def stored(raw: Any) -> str:
        known = members.get(raw) if isinstance(raw, str) else None
        if known is not None:
            return known
        text = str(raw).strip().upper().replace(" ", "_").replace("-", "_") if isinstance(raw, str) else ""
        if text in members:
            return text
        close = near(text, members) if text else []
        meant = f"did you mean {' or '.join(close)}? " if close else ""
        raise Wrong(f"{shown(raw)} is unknown", f"{meant}give one of {', '.join(members)}")

    return stored


def to_code(known: Callable[[], frozenset[str]], *, fold: Callable[[str], str], what: str, meant: Any) -> ToStored:
    """Make the function for a code of an outside standard; `meant` guesses from a wrong one."""

    def stored(raw: Any) -> str:
        text = fold(raw.strip()) if isinstance(raw, str) else ""
        if text in known():
            return text
        guess = meant(raw) if isinstance(raw, str) and raw.strip() else None
        raise Wrong(f"{shown(raw)} is no {what}", f"did you mean {guess}?" if guess else f"give an {what}")

    return stored


to_country = to_code(lambda: COUNTRY_CODES, fold=str.upper, what="ISO 3166-1 alpha-2 country code", meant=country_meant)
to_language = to_code(lambda: LANGUAGE_CODES, fold=str.lower, what="ISO 639 language code", meant=language_meant)
to_zone = to_code(
    time_zones,
    fold=lambda text: text,
    what="IANA time zone such as Asia/Phnom_Penh",
    meant=lambda text: next(iter(near(text, time_zones(), at_most=1)), None),
)


def to_list(entry: ToStored, max_length: int) -> ToStored:
    """Make the function for lists of distinct values: a sequence, or text parted by semicolons (``\\;`` is one)."""

    def stored(raw: Any) -> list[Any]:
        given = parted(raw) if isinstance(raw, str) else raw
        if not isinstance(given, Sequence) or isinstance(given, bytes):
            raise Wrong(f"{shown(raw)} is no list", "give a list, or text parted by semicolons")
        if len(given) > max_length:
            raise Wrong(f"it has {len(given)} entries", f"give at most {max_length}")
        found: dict[Any, None] = {}
        for place, each in enumerate(given, start=1):
            if each is None or each == "":
                raise Wrong(f"entry {place} is empty", "leave it out")
            try:
                found[entry(each)] = None
            except Wrong as wrong:
                raise Wrong(f"entry {place}: {wrong.message}", wrong.remedy) from None
        return list(found)

    return stored


def to_text_list(max_length: int) -> ToStored:
    """Make the function for lists of texts."""
    return to_list(to_text(_LONGEST_LIST_ENTRY), max_length)


_PART = re.compile(r"((?:[^\\;]|\\.|\\$)*)(?:;|$)", re.DOTALL)


def parted(text: str) -> list[str]:
    r"""Part a text at its semicolons; ``\;`` stands for one, ``\\`` for a backslash. Empty parts fall away.

    >>> parted(r"one; two\; and a half ;")
    ['one', 'two; and a half']
    """
    parts = (re.sub(r"\\([\\;])", r"\1", part).strip() for part in _PART.findall(text))
    return [part for part in parts if part]


def joined(values: Sequence[str]) -> str:
    r"""Write a list as one text; the way back of `parted`.

    >>> joined(["one", "two; and a half"])
    'one;two\\; and a half'
    """
    return ";".join(value.replace("\\", "\\\\").replace(";", "\\;") for value in values)


def to_json(raw: Any) -> str:
    """Write any JSON value as canonical text; a text must itself be JSON."""
    value = raw
    if isinstance(raw, str):
        try:
            value = json.loads(raw)
        except ValueError:
            raise Wrong(f"{shown(raw)} is no JSON", 'give a JSON value, such as {"a": 1}') from None
    try:
        return canonical_json(value)
    except (TypeError, ValueError):
        raise Wrong(f"{shown(raw)} cannot be written as JSON", "give plain JSON values without NaN") from None


def canonical_json(value: Any) -> str:
    """Write a JSON value so that equal values give equal text: sorted keys, no blanks, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
