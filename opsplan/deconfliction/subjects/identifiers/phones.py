"""Phone numbers."""

import re

import phonenumbers

_NO_DIGITS = re.compile(r"\D+")
_LEAST_DIGITS = 7
_COMPARED_DIGITS = 8


def phone(value: str, country: str | None) -> tuple[str | None, str | None]:
    """Give a number in E.164, and its last eight digits.

    Parameters
    ----------
    country
        In which it is dialled as it is written; a number with its country's code needs none.

    >>> phone("012 345 678", "KH"), phone("+855 (0)12-345-678", None), phone("012 345 678", None)
    (('+85512345678', '12345678'), ('+85512345678', '12345678'), (None, '12345678'))
    """
    text = value.strip()
    number = _parsed(text, country)
    if number is None and not text.startswith("+"):
        # 00 is how most of the world dials abroad; others write the country's code and no sign before it.
        digits = _NO_DIGITS.sub("", text)
        number = _parsed("+" + digits.removeprefix("00"), None) if digits.startswith("00") or len(digits) > 10 else None
    if number is not None:
        exact = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return exact, _loose(exact)
    return None, _loose(_NO_DIGITS.sub("", text))


def _parsed(text: str, country: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def _loose(digits: str) -> str | None:
    digits = digits.lstrip("+0")
    return digits[-_COMPARED_DIGITS:] if len(digits) >= _LEAST_DIGITS else None
