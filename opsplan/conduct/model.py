"""Reports of how actions go, and of what they come to, as nouns."""

from enum import StrEnum

from opsplan.operations.states import ActionState
from opsplan.records.declaration import Direction, Kind, Noun, Property, Relation

LONGEST_NOTE = 2_000


class ReportedState(StrEnum):
    """What can be reported of an action that was activated."""

    UNDER_WAY = ActionState.UNDER_WAY.value
    DONE = ActionState.DONE.value
    ABORTED = ActionState.ABORTED.value


STATUS_REPORT = Noun(
    "StatusReport",
    "StatusReports",
    "What an agency reports of an action while it is carried out: how far it has come, when, where.",
    owner="conduct",
    entered=False,
    properties=(
        Property(
            "state",
            Kind.CHOICE,
            "How far the action has come; none, where only a place or a note is reported.",
            choices=ReportedState,
            sorted_by=True,
        ),
        Property("at", Kind.INSTANT, "When it was so.", required=True, sorted_by=True),
        Property("location", Kind.POINT, "Where whoever reports it was then."),
        Property("note", Kind.LONG_TEXT, "What else is to be said.", max_length=LONGEST_NOTE),
        Property(
            "moved",
            Kind.BOOLEAN,
            "Whether it moved the action: not where it tells of an earlier time than a report that did, or of the "
            "state that the action was in already.",
            entered=False,
        ),
    ),
    relations=(
        Relation("action", "REPORTS_ON", "Action", "Of which action.", required=True, holds=False),
        Relation("unit", "REPORTED_FROM", "Unit", "The unit that reports, where a unit does; one of the agency's own."),
    ),
)


class ResultKind(StrEnum):
    """What an action came to."""

    ARREST = "ARREST"
    PERSON_FREED = "PERSON_FREED"
    SEIZURE = "SEIZURE"


class SeizedItem(StrEnum):
    """What was seized."""

    CASH = "CASH"
    CRYPTO_ASSET = "CRYPTO_ASSET"
    BANK_BALANCE = "BANK_BALANCE"
    DEVICE = "DEVICE"
    DOCUMENT = "DOCUMENT"
    VEHICLE = "VEHICLE"
    REAL_ESTATE = "REAL_ESTATE"
    WEAPON = "WEAPON"
    DRUG = "DRUG"
    OTHER = "OTHER"


class ResultState(StrEnum):
    """Whether a result counts."""

    IN_FORCE = "IN_FORCE"
    CORRECTED = "CORRECTED"


REPORTED_RESULT = Noun(
    "ReportedResult",
    "ReportedResults",
    "What an action came to, in numbers: persons arrested or freed, things seized. Never who. A correction is another "
    "result that takes the place of the first.",
    owner="conduct",
    entered=False,
    changed_by_state_machine="state",
    properties=(
        Property("kind", Kind.CHOICE, "What it is.", required=True, choices=ResultKind, indexed=True, sorted_by=True),
        Property(
            "number",
            Kind.INTEGER,
            "How many persons or things; none in a correction says that there were none.",
            required=True,
            minimum=0,
            maximum=1_000_000,
            sorted_by=True,
        ),
        Property("item", Kind.CHOICE, "Of a seizure: what was seized.", choices=SeizedItem, sorted_by=True),
        Property(
            "worth",
            Kind.FLOAT,
            "Of a seizure: what all of it is worth, in units of the currency.",
            minimum=0,
            maximum=1e13,
            decimals=2,
            sorted_by=True,
        ),
        Property("currency", Kind.TEXT, "The currency of the worth (ISO 4217).", max_length=3, pattern="[A-Z]{3}"),
        Property("at", Kind.INSTANT, "When it came about, or was found out.", required=True, sorted_by=True),
        Property("note", Kind.LONG_TEXT, "What else is to be said; no names of persons.", max_length=LONGEST_NOTE),
        Property(
            "state",
            Kind.CHOICE,
            "IN_FORCE until another result corrects it; only what is in force counts.",
            choices=ResultState,
            default=ResultState.IN_FORCE,
            entered=False,
            indexed=True,
            sorted_by=True,
        ),
        Property("reason", Kind.LONG_TEXT, "Of a correction: why.", max_length=LONGEST_NOTE, entered=False),
    ),
    relations=(
        Relation("action", "RESULT_OF", "Action", "Of which action.", required=True, holds=False),
        Relation(
            "corrects", "CORRECTS", "ReportedResult", "The result whose place it takes.", entered=False, holds=False
        ),
        Relation(
            "corrected_by",
            "CORRECTS",
            "ReportedResult",
            "The result that has taken its place.",
            Direction.IN,
            entered=False,
        ),
    ),
)

NOUNS = (STATUS_REPORT, REPORTED_RESULT)
"""All of them."""
