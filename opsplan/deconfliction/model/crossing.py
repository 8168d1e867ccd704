"""What comes of a claim that crosses a zone, as nouns: the crossing, and the notice to a side that may not know all."""

from collections.abc import Mapping
from enum import StrEnum

from opsplan.records.declaration import Kind, Noun, Property, Readership, Relation


class CrossingState(StrEnum):
    """How far claim and zone have come."""

    OPEN = "OPEN"
    REQUESTED = "REQUESTED"
    """The claim's owner has asked for a release."""
    RELEASED = "RELEASED"
    """The zone's owner gives leave to the claim as it is now."""
    REFUSED = "REFUSED"
    """The zone's owner gives no leave, or has taken it back."""
    GONE = "GONE"
    """The claim does not cross the zone any more."""


DECISIONS: Mapping[CrossingState, frozenset[CrossingState]] = {
    CrossingState.OPEN: frozenset({CrossingState.RELEASED, CrossingState.REFUSED}),
    CrossingState.REQUESTED: frozenset({CrossingState.RELEASED, CrossingState.REFUSED}),
    CrossingState.RELEASED: frozenset({CrossingState.REFUSED}),
    CrossingState.REFUSED: frozenset({CrossingState.RELEASED}),
    CrossingState.GONE: frozenset(),
}
"""From each state, those to which the zone's owner may bring it. All else follows from its two sides."""

_STATE_WORDS = (
    "OPEN until a release is asked for or given; it is OPEN again as soon as claim or zone change in place, time, kind "
    "or sensitivity; GONE once they do not touch any more."
)

ZONE_CROSSING = Noun(
    "ZoneCrossing",
    "ZoneCrossings",
    "A claim that touches a zone while it is in force. Whoever may read both may read it.",
    owner="deconfliction",
    entered=False,
    changed_by_state_machine="state",
    properties=(
        Property(
            "state",
            Kind.CHOICE,
            _STATE_WORDS,
            choices=CrossingState,
            default=CrossingState.OPEN,
            entered=False,
            indexed=True,
            sorted_by=True,
        ),
        Property(
            "overlap_start",
            Kind.INSTANT,
            "From when the claim's time lies in the zone's; none where the zone was hidden from the claim's owner, and "
            "its cell was compared.",
            entered=False,
            sorted_by=True,
        ),
        Property("overlap_end", Kind.INSTANT, "Until when, exclusive.", entered=False),
        Property(
            "stands_for",
            Kind.TEXT,
            "Stands for claim and zone as they are now: another one does as soon as either changes, and what was "
            "decided holds no more.",
            entered=False,
        ),
        Property("asked", Kind.LONG_TEXT, "What the claim's owner said when asking for the release.", entered=False),
        Property("asked_at", Kind.INSTANT, "When that was.", entered=False, sorted_by=True),
        Property(
            "watch_asked_at",
            Kind.INSTANT,
            "When the watch centre was asked, as the zone's owner had not answered in time.",
            entered=False,
        ),
        Property("decided", Kind.LONG_TEXT, "What the zone's owner said when giving or refusing it.", entered=False),
        Property("decided_at", Kind.INSTANT, "When that was.", entered=False, sorted_by=True),
        Property(
            "decided_in_place",
            Kind.BOOLEAN,
            "Whether the watch centre gave the release, in the place of an owner that did not answer.",
            entered=False,
        ),
    ),
    relations=(
        Relation("claim", "CROSSING_OF", "Claim", "The claim.", entered=False, required=True),
        Relation("zone", "CROSSES", "Zone", "The zone; its owner owns the crossing.", entered=False, required=True),
    ),
)

ZONE_NOTICE = Noun(
    "ZoneNotice",
    "ZoneNotices",
    "What one side is told of zone crossings where it may not know of the other side: that there is something, and "
    "whom to call. It is one for all that the other agency has there.",
    owner="deconfliction",
    entered=False,
    properties=(
        Property(
            "state",
            Kind.CHOICE,
            "As of a crossing; RELEASED once all that is met there is, REFUSED where any of it is.",
            choices=CrossingState,
            entered=False,
            indexed=True,
            sorted_by=True,
        ),
        Property("mark", Kind.TEXT, "What tells it from other notices.", entered=False, indexed=True),
    ),
    relations=(
        Relation("claim", "ZONE_NOTICE_ON", "Claim", "The claim of the side that is told.", entered=False),
        Relation("zone", "ZONE_NOTICE_OF", "Zone", "Its zone, where it keeps one that is SILENT.", entered=False),
        Relation("contact", "ZONE_NOTICE_CALLS", "Agency", "Whom to call.", entered=False, required=True),
    ),
    readership=Readership(condition="{node}.owner_id = $reader.agency_id"),
)
