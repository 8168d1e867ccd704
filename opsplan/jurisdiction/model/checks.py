"""Checks over whole rows that several rooms use."""

from collections.abc import Mapping
from typing import Any


def starts_before_it_ends(start: str, end: str) -> Any:
    """Make a row check: the instant `end`, where given, is later than `start`."""

    def check(row: Mapping[str, Any]) -> str | None:
        first, last = row.get(start), row.get(end)
        if first is not None and last is not None and not first < last:
            return f"{end}: {last} is not after {start} {first}; give an end later than the start"
        return None

    return check
