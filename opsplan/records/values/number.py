"""Numbers, and true or false; a file may give both as text."""

import math
import re
from typing import Any

from opsplan.records.values.wrong import ToStored, Wrong
from opsplan.vocabulary.sentences import Sentence, say

_INTEGER = re.compile(r"[+-]?\d{1,18}")
_TRUE = frozenset({"true", "yes", "1"})
_FALSE = frozenset({"false", "no", "0"})


def to_integer(minimum: float | None, maximum: float | None) -> ToStored:
    """Make the function for whole numbers."""

    def stored(raw: Any) -> int:
        if type(raw) is not int:
            raw = whole(raw)
        _bound(raw, minimum, maximum)
        return int(raw)

    return stored


def whole(raw: Any) -> int:
    """Read a whole number, also from text or a float without a fraction."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 2**53:
        return int(raw)
    if isinstance(raw, str) and _INTEGER.fullmatch(raw.strip()):
        return int(raw)
    raise Wrong(say("{value!r} is no whole number", value=raw), say("give a whole number, such as 40"))


def to_float(minimum: float | None, maximum: float | None, decimals: int | None = None) -> ToStored:
    """Make the function for numbers, and for amounts with at most so many decimals."""

    def stored(raw: Any) -> float:
        value = number(raw)
        _bound(value, minimum, maximum)
        if decimals is not None and round(value, decimals) != value:
            raise Wrong(
                say("{value!r} has more than {decimals} decimals", value=raw, decimals=decimals),
                say("round it to {decimals}", decimals=decimals),
            )
        return value

    return stored


def number(raw: Any) -> float:
    """Read a finite number, also from text."""
    value = math.nan
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        value = float(raw)
    elif isinstance(raw, str):
        try:
            value = float(raw.replace("_", "x"))
        except ValueError:
            value = math.nan
    if not math.isfinite(value):
        raise Wrong(say("{value!r} is no number", value=raw), say("give a number with a point, such as 11.5"))
    return value


def _bound(value: float, minimum: float | None, maximum: float | None) -> None:
    if minimum is not None and value < minimum:
        raise Wrong(say("{value} is below {minimum:g}", value=value, minimum=minimum), _between(minimum, maximum))
    if maximum is not None and value > maximum:
        raise Wrong(say("{value} is above {maximum:g}", value=value, maximum=maximum), _between(minimum, maximum))


def _between(minimum: float | None, maximum: float | None) -> Sentence:
    if minimum is None:
        return say("give {maximum:,.10g} or less", maximum=maximum)
    if maximum is None:
        return say("give {minimum:,.10g} or more", minimum=minimum)
    return say("give {minimum:,.10g} to {maximum:,.10g}", minimum=minimum, maximum=maximum)


def to_boolean(raw: Any) -> bool:
    """Read true or false; also yes, no, 1, 0, in any case."""
    if isinstance(raw, bool):
        return raw
    text = str(raw).strip().lower() if isinstance(raw, str | int) else ""
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise Wrong(say("{value!r} is neither true nor false", value=raw), say("give true or false"))
