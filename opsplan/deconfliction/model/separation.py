"""How far apart in place and time two kinds of actions have to be, as a noun."""

from enum import StrEnum

from opsplan.operations.model import ActionKind
from opsplan.records.declaration import Kind, Noun, Property


class Severity(StrEnum):
    """How much is at stake where two plans meet, in rising order."""

    ADVISORY = "ADVISORY"
    """Both should know of it."""
    SERIOUS = "SERIOUS"
    """One may spoil the other's work."""
    CRITICAL = "CRITICAL"
    """Officers may take each other for suspects."""


LARGEST_DISTANCE_M = 100_000
LONGEST_BUFFER_MINUTES = 7 * 24 * 60

SEPARATION_RULE = Noun(
    "SeparationRule",
    "SeparationRules",
    "How far apart two kinds of actions of different owners have to be. Where there is none for a pair, the table that "
    "comes with the service holds; where there are several, the widest figures of them.",
    owner="deconfliction",
    enrolled=True,
    properties=(
        Property(
            "first",
            Kind.CHOICE,
            "One kind of action; the order of the two means nothing.",
            required=True,
            choices=ActionKind,
            changeable=False,
            example="RAID",
        ),
        Property(
            "second",
            Kind.CHOICE,
            "The other, which may be the same.",
            required=True,
            choices=ActionKind,
            changeable=False,
            example="SURVEILLANCE",
        ),
        Property(
            "distance_m",
            Kind.INTEGER,
            "They conflict where their areas come as near as this, in metres.",
            required=True,
            minimum=0,
            maximum=LARGEST_DISTANCE_M,
            example=2_000,
        ),
        Property(
            "buffer_minutes",
            Kind.MINUTES,
            "And less time than this lies between them, or, where it is none, they overlap.",
            minimum=0,
            maximum=LONGEST_BUFFER_MINUTES,
            default=0,
            example="PT6H",
        ),
        Property("severity", Kind.CHOICE, "What is at stake then.", required=True, choices=Severity, example="SERIOUS"),
    ),
)
