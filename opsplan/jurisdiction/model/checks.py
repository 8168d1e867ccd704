"""Checks over whole rows that several rooms use."""

from collections.abc import Mapping
from typing import Any

from opsplan.records.declaration import Contradiction
from opsplan.vocabulary.sentences import say


def starts_before_it_ends(start: str, end: str) -> Any:
    """Make a row check: the instant `end`, where given, is later than `start`."""

    def check(row: Mapping[str, Any]) -> Contradiction | None:
        first, last = row.get(start), row.get(end)
        if first is not None and last is not None and not first < last:
            return Contradiction(
                end,
                say("{last} is not after {start} {first}", last=last, start=start, first=first),
                say("give an end later than the start"),
            )
        return None

    return check
