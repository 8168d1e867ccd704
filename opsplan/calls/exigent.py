"""Why a change cannot wait for keys that are missing, as its caller says it."""

from opsplan.vocabulary.errors import Invalid
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
    said = given.strip()
    if not said or len(said) > LONGEST_REASON:
        raise Invalid(
            say("input.exigentReason: it has {count:,} characters.", count=len(said)),
            field="input.exigentReason",
            value=said[:80],
            remedy=say(
                "say in up to {longest:,} what would happen if it waited, or leave it out", longest=LONGEST_REASON
            ),
        )
    return said
