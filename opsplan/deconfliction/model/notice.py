"""What one side is told of a conflict, and what the two sides write to each other, as nouns."""

from enum import StrEnum

from opsplan.records.declaration import Direction, Kind, Noun, Property, Readership, Relation


class NoticeState(StrEnum):
    """How far the side that a notice is for has come with it."""

    SENT = "SENT"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    RESOLVED = "RESOLVED"
    """All that it tells of is resolved."""
    GONE = "GONE"
    """What it tells of does not hold any more."""


NOTICE = Noun(
    "Notice",
    "Notices",
    "What one side is told of a conflict of its claim. It is written in the transaction that brought the conflict.",
    owner="deconfliction",
    kept=frozenset(["escalated_to", "stands_for", "to_be_called"]),
    entered=False,
    properties=(
        Property(
            "state",
            Kind.CHOICE,
            "Whether the side has acknowledged it, and whether what it tells of is resolved.",
            choices=NoticeState,
            entered=False,
            indexed=True,
            sorted_by=True,
        ),
        Property(
            "is_blind",
            Kind.BOOLEAN,
            "Whether it tells only that there is a conflict and whom to call, as the other claim is a POINTER.",
            entered=False,
        ),
        Property(
            "key",
            Kind.TEXT,
            "The key to commit with in the face of it: of the other claim, or, where that is hidden, one that changes "
            "only when what is met there does.",
            entered=False,
        ),
        Property(
            "acknowledge_by",
            Kind.INSTANT,
            "Until when it is to be acknowledged; else it goes to the next post, and after the last to the watch "
            "centre.",
            entered=False,
            sorted_by=True,
        ),
        Property(
            "settle_by",
            Kind.INSTANT,
            "Until when it is to be resolved; else the watch centre is told.",
            entered=False,
            sorted_by=True,
        ),
        Property("acknowledged_at", Kind.INSTANT, "When it was acknowledged.", entered=False, sorted_by=True),
        Property("acknowledged_by", Kind.TEXT, "Who did.", entered=False),
        Property(
            "escalated_at",
            Kind.INSTANT,
            "When it came to the watch centre.",
            entered=False,
            sorted_by=True,
        ),
        Property(
            "to_be_called",
            Kind.BOOLEAN,
            "Whether it has yet to go to a post of its agency, as it does within seconds. It has no history.",
            entered=False,
            indexed=True,
        ),
        Property("mark", Kind.TEXT, "What tells it from other notices.", entered=False, indexed=True),
    ),
    relations=(
        Relation("claim", "NOTICE_ON", "Claim", "The claim of the side that is told.", entered=False),
        Relation("contact", "NOTICE_CALLS", "Agency", "Whom to call.", entered=False, required=True),
        Relation("conflict", "NOTICE_OF", "Conflict", "The conflict; none in a blind notice.", entered=False),
        Relation(
            "told",
            "NOTICE_TOLD",
            "ContactPoint",
            "The posts of the agency that it has gone to so far.",
            many=True,
            entered=False,
        ),
        Relation(
            "messages",
            "WRITTEN_ON",
            "ConflictMessage",
            "What the two sides have written to each other about it.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation(
            "resolutions",
            "SETTLES",
            "Resolution",
            "Resolutions proposed for it.",
            Direction.IN,
            many=True,
            entered=False,
        ),
    ),
    found_together=(("state", "acknowledge_by"), ("state", "settle_by")),
    readership=Readership(
        condition="{node}.owner_id = $reader.agency_id OR $reader.agency_id IN {node}.escalated_to", follows=()
    ),
)

CONFLICT_MESSAGE = Noun(
    "ConflictMessage",
    "ConflictMessages",
    "What one side of a conflict writes to the other; it stays with the conflict.",
    owner="deconfliction",
    kept=frozenset(["sides"]),
    entered=False,
    properties=(Property("body", Kind.LONG_TEXT, "What it says.", entered=False),),
    relations=(
        Relation(
            "notices",
            "WRITTEN_ON",
            "Notice",
            "The notice of each side that it stands on; a reader sees its own.",
            many=True,
            entered=False,
        ),
    ),
    readership=Readership(condition="$reader.agency_id IN {node}.sides", follows=()),
)
