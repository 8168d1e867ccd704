"""Who takes part in an operation, and what they offer to it, as nouns.

A participant's record belongs to the agency that takes part: whether it does, on what conditions, and who approves
for it, is its own affair. Its role and its place in the operation are the coordinators'.
"""

from enum import StrEnum

from opsplan.jurisdiction.model import starts_before_it_ends
from opsplan.operations.model.readership import OF_PARTICIPANTS
from opsplan.operations.states import ParticipantState
from opsplan.records.declaration import Authority, Direction, Kind, Noun, Property, Relation


class ParticipantRole(StrEnum):
    """What an agency is to an operation."""

    LEAD = "LEAD"
    HOST = "HOST"
    CONTRIBUTOR = "CONTRIBUTOR"
    OBSERVER = "OBSERVER"


PARTICIPANT = Noun(
    "Participant",
    "Participants",
    "An agency's part in an operation: its role, whether it has accepted, on what conditions, and who approves for it.",
    owner="operations",
    changed_by_state_machine="state",
    properties=(
        Property(
            "role",
            Kind.CHOICE,
            "What it is to the operation: a HOST approves the actions on its soil, an OBSERVER offers nothing.",
            required=True,
            choices=ParticipantRole,
            changeable=False,
            indexed=True,
            sorted_by=True,
            example="HOST",
        ),
        Property(
            "state",
            Kind.CHOICE,
            "Whether it takes part. Only what ACCEPTED participants offer is scheduled.",
            choices=ParticipantState,
            default=ParticipantState.INVITED,
            entered=False,
            indexed=True,
            sorted_by=True,
        ),
        Property(
            "reply_by",
            Kind.INSTANT,
            "Until when a reply is asked for. Silence is no consent: it stays INVITED.",
            changeable=False,
            sorted_by=True,
            example="2026-11-25T12:00:00Z",
        ),
        Property(
            "conditions", Kind.LONG_TEXT, "What its taking part is subject to, in its own words.", max_length=10_000
        ),
    ),
    relations=(
        Relation(
            "operation",
            "PARTICIPATES_IN",
            "Operation",
            "In which operation.",
            required=True,
            changeable=False,
            authority=Authority.COORDINATOR,
        ),
        Relation(
            "agency",
            "PARTICIPANT_IS",
            "Agency",
            "Which agency; the one that owns the record.",
            required=True,
            changeable=False,
            example="KH-NCB",
        ),
        Relation(
            "approving_authority",
            "APPROVES_THROUGH",
            "Agency",
            "Of a HOST: the agency of its country that approves its part of each plan; itself, when it names none.",
            example="KH-NCB",
        ),
        Relation("offers", "OFFERED_BY", "Offer", "What it offers.", Direction.IN, many=True, entered=False),
        Relation(
            "rota_gaps",
            "GAP_OF",
            "RotaGap",
            "Times ahead in which nobody of it is on duty.",
            Direction.IN,
            many=True,
            entered=False,
        ),
    ),
    readership=OF_PARTICIPANTS,
)


class GapState(StrEnum):
    """Whether a gap in a rota is still there."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


ROTA_GAP = Noun(
    "RotaGap",
    "RotaGaps",
    "A time ahead, until the end of an operation, in which none of a participant's contact points is on duty.",
    owner="operations",
    entered=False,
    properties=(
        Property(
            "state",
            Kind.CHOICE,
            "OPEN while it is there; CLOSED once the rota covers it, or nobody needs to.",
            choices=GapState,
            entered=False,
            indexed=True,
            sorted_by=True,
        ),
        Property("start", Kind.INSTANT, "From when nobody is on duty.", entered=False, sorted_by=True),
        Property("end", Kind.INSTANT, "Until when, exclusive.", entered=False, sorted_by=True),
        Property("closed_at", Kind.INSTANT, "When it was closed.", entered=False),
    ),
    relations=(Relation("participant", "GAP_OF", "Participant", "Whose rota has it.", entered=False, required=True),),
)

OFFER = Noun(
    "Offer",
    "Offers",
    "Units and resources that a participant offers to the operation, from when until when, on what conditions.",
    owner="operations",
    properties=(
        Property(
            "start", Kind.INSTANT, "From when; at any time before the end, when none.", example="2026-12-01T00:00:00Z"
        ),
        Property(
            "end",
            Kind.INSTANT,
            "Until when, exclusive; at any time from the start on, when none.",
            example="2026-12-07T00:00:00Z",
        ),
        Property(
            "amount",
            Kind.INTEGER,
            "How much of each of its resources is offered; all that there is, when none.",
            minimum=1,
            maximum=1_000_000,
        ),
        Property("conditions", Kind.LONG_TEXT, "What it is subject to, for people to read.", max_length=10_000),
    ),
    relations=(
        Relation(
            "participant",
            "OFFERED_BY",
            "Participant",
            "Whose offer: the participant that the agency is.",
            required=True,
            changeable=False,
            authority=Authority.OWNER,
        ),
        Relation(
            "units",
            "OFFERS",
            "Unit",
            "Units of the agency.",
            many=True,
            authority=Authority.OWNER,
            example=["KH-NCB/EXERCISE-unit-1"],
        ),
        Relation(
            "resources",
            "OFFERS_RESOURCE",
            "Resource",
            "Resources that the agency keeps.",
            many=True,
            authority=Authority.OWNER,
        ),
    ),
    checks=(starts_before_it_ends("start", "end"),),
)
