"""What comes of two claims that are too near each other, or want the same, as a noun."""

from enum import StrEnum

from opsplan.deconfliction.model.separation import Severity
from opsplan.records.declaration import Kind, Noun, Property, Relation


class ConflictKind(StrEnum):
    """In what two claims meet."""

    SPACE_TIME = "SPACE_TIME"
    """They come too near each other."""
    UNIT = "UNIT"
    """Both use one unit at the same time."""
    CAPACITY = "CAPACITY"
    """At a time at which both hold of one pool of beds, interpreters or aircraft, more of it is held than there is."""
    SUBJECT = "SUBJECT"
    """Both are after one person, company, phone, wallet or site, in whatever spelling."""
    TIP_OFF = "TIP_OFF"
    """What is done early warns, over links, those whom the other is after."""


class ConflictState(StrEnum):
    """How far its two sides have come."""

    OPEN = "OPEN"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    """All who were told have said that they know."""
    IN_DISCUSSION = "IN_DISCUSSION"
    """They have written to each other, or one has proposed how to end it."""
    RESOLVED = "RESOLVED"
    """Both have signed how it ends, for the plans as they are; a change of either opens it again."""
    GONE = "GONE"
    """The claims do not meet any more."""


CONFLICT = Noun(
    "Conflict",
    "Conflicts",
    "Two claims that are too near each other in place and time, want the same, or of which one spoils the other.",
    owner="deconfliction",
    kept=frozenset(["stands_for"]),
    entered=False,
    properties=(
        Property(
            "kind", Kind.CHOICE, "In what they meet.", choices=ConflictKind, entered=False, indexed=True, sorted_by=True
        ),
        Property(
            "state",
            Kind.CHOICE,
            "How far its sides have come; GONE once the claims do not meet any more.",
            choices=ConflictState,
            entered=False,
            indexed=True,
            sorted_by=True,
        ),
        Property("severity", Kind.CHOICE, "What is at stake.", choices=Severity, entered=False, sorted_by=True),
        Property(
            "rule",
            Kind.TEXT,
            "By which rule: the two kinds of actions, such as `RAID+SURVEILLANCE`, or what both want.",
            entered=False,
        ),
        Property(
            "rule_version",
            Kind.INTEGER,
            "In which version; 0 is the table that comes with the service.",
            entered=False,
        ),
        Property(
            "distance_m",
            Kind.FLOAT,
            "How near the areas come, in metres; none where one of them was hidden from the other side, and cells were "
            "compared.",
            entered=False,
        ),
        Property(
            "margin_m",
            Kind.FLOAT,
            "How much nearer that is than the rule allows, in metres.",
            entered=False,
            sorted_by=True,
        ),
        Property(
            "gap_minutes",
            Kind.INTEGER,
            "Whole minutes between the two, 0 where they overlap; none where cells were compared.",
            entered=False,
        ),
        Property(
            "margin_minutes",
            Kind.INTEGER,
            "How much less than the rule asks for, in whole minutes.",
            entered=False,
        ),
        Property(
            "score",
            Kind.FLOAT,
            "How surely the two name one subject, from 0.8 to 1; none for other kinds of conflict.",
            entered=False,
        ),
        Property("sentence", Kind.LONG_TEXT, "Why they conflict.", entered=False),
        Property(
            "facts",
            Kind.JSON,
            "Ids and figures behind it: units, how much is held of a pool and how much there is, the reasons for which "
            "two subjects are one, the path of a tip-off.",
            entered=False,
        ),
        Property("mark", Kind.TEXT, "What tells it from other conflicts.", entered=False, indexed=True),
    ),
    relations=(
        Relation("first", "CONFLICT_OF", "Claim", "The claim that was there.", entered=False, required=True),
        Relation("second", "CONFLICT_WITH", "Claim", "The claim that came to it.", entered=False, required=True),
    ),
)
