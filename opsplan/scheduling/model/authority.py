"""What an action that is coordinated lacks in law, as a noun."""

from enum import StrEnum

from opsplan.records.declaration import Kind, Noun, Property, Relation


class AuthorityState(StrEnum):
    """Whether the authority is still missing."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


AUTHORITY_GAP = Noun(
    "AuthorityGap",
    "AuthorityGaps",
    "Authority that an action lacks from COORDINATED on: a warrant for its time, or leave for one of its planned units "
    "to act in the host country. While there is one, the action is not activated.",
    owner="scheduling",
    entered=False,
    properties=(
        Property(
            "state",
            Kind.CHOICE,
            "OPEN while it is missing; CLOSED once it is there, or nobody needs it.",
            choices=AuthorityState,
            entered=False,
            indexed=True,
            sorted_by=True,
        ),
        Property(
            "rule",
            Kind.TEXT,
            "Stable name of the rule, `warrants` or `permitted_countries`; see docs/solver.md.",
            entered=False,
        ),
        Property(
            "sentence", Kind.LONG_TEXT, "What is missing, with the names of the records concerned.", entered=False
        ),
        Property("facts", Kind.JSON, "Ids, names and times behind the sentence.", entered=False),
        Property("mark", Kind.TEXT, "What tells it from other gaps of the action.", entered=False),
        Property("closed_at", Kind.INSTANT, "When it was closed.", entered=False, sorted_by=True),
    ),
    relations=(
        Relation("action", "LACKS_AUTHORITY", "Action", "The action that lacks it.", entered=False, required=True),
    ),
)
