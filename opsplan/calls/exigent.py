"""Why a change cannot wait for keys that are missing, as its caller says it."""

from opsplan.records.reason import reason_given
from opsplan.vocabulary.sentences import say

LONGEST_REASON = 2_000


def exigent_reason(given: str | None) -> str | None:
    """Give the reason without blanks round it; nothing where none is given.

    Raises
    ------
    Invalid
        If it says nothing, or too much.
    """
    if given is None:
        return None
    remedy = say("leave it out, or say what would happen if it waited")
    return reason_given(given, LONGEST_REASON, "input.exigentReason", remedy)
