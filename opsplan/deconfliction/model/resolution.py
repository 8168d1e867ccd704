"""How conflicts end, and what is committed in the face of them, as nouns."""

from enum import StrEnum

from opsplan.records.declaration import Kind, Noun, Property, Readership, Relation


class ResolutionOutcome(StrEnum):
    """How a conflict ends."""

    PROCEED = "PROCEED"
    """Both go ahead as planned, knowing of each other."""
    JOINT = "JOINT"
    """The two become one, with both agencies."""
    DELAY = "DELAY"
    """The side that yields changes its time; until it has, it is not activated."""
    CANCEL = "CANCEL"
    """The side that yields gives up its plan."""


class ResolutionState(StrEnum):
    """How far a resolution has come."""

    PROPOSED = "PROPOSED"
    SIGNED = "SIGNED"
    """By all who have to: it holds."""
    DECLINED = "DECLINED"
    VOID = "VOID"
    """A plan has changed since, or another resolution was proposed."""


class OverrideState(StrEnum):
    """Whether somebody has said why it was necessary."""

    UNJUSTIFIED = "UNJUSTIFIED"
    JUSTIFIED = "JUSTIFIED"
    OVERDUE = "OVERDUE"
    """The time to justify it is over; the watch centre has been told."""


RESOLUTION = Noun(
    "Resolution",
    "Resolutions",
    "How two sides end a conflict; it holds once both have signed it, for the plans as they are.",
    owner="deconfliction",
    kept=frozenset(["ends", "sides"]),
    entered=False,
    properties=(
        Property(
            "outcome",
            Kind.CHOICE,
            "How it ends.",
            choices=ResolutionOutcome,
            entered=False,
            indexed=True,
            sorted_by=True,
        ),
        Property(
            "state",
            Kind.CHOICE,
            "Whether all have signed it who have to.",
            choices=ResolutionState,
            entered=False,
            indexed=True,
            sorted_by=True,
        ),
        Property("words", Kind.LONG_TEXT, "What has been agreed, in words.", entered=False),
        Property(
            "document",
            Kind.LONG_TEXT,
            "What is signed, as canonical JSON (RFC 8785): these very bytes (UTF-8).",
            entered=False,
        ),
        Property("fingerprint", Kind.TEXT, "SHA-256 of the document, in hexadecimal digits.", entered=False),
        Property(
            "signatures",
            Kind.JSON,
            "Who has signed: of each the `agencyId`, the `keyId`, when (`at`), and the detached JSON Web Signature "
            "(`signature`). One that the watch centre gives for an agency that cannot be reached names it in "
            "`forAgencyId`.",
            entered=False,
        ),
        Property("decided_at", Kind.INSTANT, "When it was signed by all, declined or void.", entered=False),
    ),
    relations=(
        Relation("notices", "SETTLES", "Notice", "The notices that it ends.", many=True, entered=False),
        Relation("signers", "SIGNED_BY", "Agency", "Who has to sign it.", many=True, entered=False),
        Relation(
            "yields",
            "YIELDS",
            "Agency",
            "Which side yields: of DELAY and CANCEL the one that changes, of JOINT the one whose plan is merged into "
            "the other's.",
            entered=False,
        ),
    ),
    readership=Readership(condition="$reader.agency_id IN {node}.sides", follows=()),
)

OVERRIDE = Noun(
    "Override",
    "Overrides",
    "A plan that was committed in an emergency without having seen what it conflicts with. All who are concerned are "
    "told, and it has to be justified within a day.",
    owner="deconfliction",
    kept=frozenset(["sides"]),
    entered=False,
    properties=(
        Property(
            "state",
            Kind.CHOICE,
            "Whether it has been justified.",
            choices=OverrideState,
            entered=False,
            indexed=True,
            sorted_by=True,
        ),
        Property("reason", Kind.LONG_TEXT, "Why it could not wait, as said with the commit.", entered=False),
        Property("conflicts", Kind.INTEGER, "How many keys were not shown.", entered=False, sorted_by=True),
        Property("justify_by", Kind.INSTANT, "Until when it has to be justified.", entered=False, sorted_by=True),
        Property("justification", Kind.LONG_TEXT, "Why it was necessary.", entered=False),
        Property("justified_at", Kind.INSTANT, "When that was said.", entered=False),
        Property("justified_by", Kind.TEXT, "By whom.", entered=False),
    ),
    relations=(
        Relation("claims", "OVERRIDES_FOR", "Claim", "What was committed.", many=True, entered=False),
        Relation("announced_to", "ANNOUNCED_TO", "Agency", "Whom it conflicts with.", many=True, entered=False),
    ),
    readership=Readership(condition="$reader.agency_id IN {node}.sides", follows=()),
)
