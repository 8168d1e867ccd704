"""The action, and what holds between actions and for them: precedences and warrants, as nouns."""

from enum import StrEnum

from opsplan.jurisdiction.model import starts_before_it_ends
from opsplan.operations.states import ActionState
from opsplan.records.declaration import Authority, Contradiction, Direction, Kind, Noun, Property, Relation
from opsplan.vocabulary.sensitivity import Sensitivity
from opsplan.vocabulary.sentences import say


class ActionKind(StrEnum):
    """What is done."""

    RAID = "RAID"
    ARREST = "ARREST"
    SEARCH = "SEARCH"
    SURVEILLANCE = "SURVEILLANCE"
    UNDERCOVER_MEETING = "UNDERCOVER_MEETING"
    CONTROLLED_DELIVERY = "CONTROLLED_DELIVERY"
    CYBER_TAKEDOWN = "CYBER_TAKEDOWN"
    ASSET_FREEZE = "ASSET_FREEZE"
    VICTIM_EXTRACTION = "VICTIM_EXTRACTION"
    INFORMANT_MEETING = "INFORMANT_MEETING"


ACTION = Noun(
    "Action",
    "Actions",
    "One thing done at one place and time.",
    owner="operations",
    changed_by_state_machine="state",
    properties=(
        Property(
            "name",
            Kind.TEXT,
            "What planners call it.",
            required=True,
            max_length=200,
            searched=True,
            sorted_by=True,
            example="EXERCISE Raid on Heron Court",
        ),
        Property("kind", Kind.CHOICE, "What is done.", required=True, choices=ActionKind, indexed=True, example="RAID"),
        Property(
            "state",
            Kind.CHOICE,
            "How far it has come.",
            choices=ActionState,
            default=ActionState.DRAFT,
            entered=False,
            indexed=True,
            sorted_by=True,
        ),
        Property("location", Kind.POINT, "Where; the compound's point when not given.", indexed=True),
        Property(
            "window_start",
            Kind.INSTANT,
            "Earliest start.",
            required=True,
            sorted_by=True,
            example="2026-12-01T04:00:00Z",
        ),
        Property(
            "window_end",
            Kind.INSTANT,
            "When it must have ended, exclusive.",
            required=True,
            example="2026-12-01T16:00:00Z",
        ),
        Property(
            "due", Kind.INSTANT, "When it should have ended; later counts as lateness.", example="2026-12-01T10:00:00Z"
        ),
        Property(
            "priority",
            Kind.INTEGER,
            "Weight of placing it, 1 to 1000.",
            minimum=1,
            maximum=1000,
            default=100,
            sorted_by=True,
            example=100,
        ),
        Property("mandatory", Kind.BOOLEAN, "Whether a plan without it is no plan.", default=False),
        Property(
            "expected_victims",
            Kind.INTEGER,
            "Victims expected to be reached (likely figure).",
            minimum=0,
            maximum=1_000_000,
            default=0,
            sorted_by=True,
            example=35,
        ),
        Property(
            "sensitivity",
            Kind.CHOICE,
            "Where it is to be kept closer than its operation: SILENT in one that is POINTER. As the operation, when "
            "none.",
            choices=Sensitivity,
        ),
    ),
    relations=(
        Relation(
            "operation",
            "PART_OF",
            "Operation",
            "Of which operation.",
            required=True,
            changeable=False,
            authority=Authority.COORDINATOR,
        ),
        Relation("compound", "AIMS_AT", "Compound", "At which site."),
        Relation("targets", "CONCERNS", "Target", "Which targets it concerns.", many=True),
        Relation(
            "country", "ON_SOIL_OF", "Country", "The host country; found from the point when not given.", example="KH"
        ),
        Relation(
            "group",
            "STARTS_WITH",
            "SimultaneityGroup",
            "The simultaneity group it belongs to.",
            authority=Authority.OWNER,
        ),
        Relation(
            "modes",
            "MODE_OF",
            "ActionMode",
            "Alternative teams that can do it.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation("warrants", "WARRANT_FOR", "Warrant", "Warrants for it.", Direction.IN, many=True, entered=False),
        Relation(
            "precedences_before",
            "AFTER",
            "Precedence",
            "What must come before it.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation(
            "precedences_after",
            "BEFORE",
            "Precedence",
            "What must come after it.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation("planned", "PLANS", "PlannedAction", "Where plans put it.", Direction.IN, many=True, entered=False),
        Relation(
            "breaches",
            "BREAKS",
            "PlanBreach",
            "Breaches of published plans that concern it.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation(
            "status_reports",
            "REPORTS_ON",
            "StatusReport",
            "What was reported of how it goes.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation("results", "RESULT_OF", "ReportedResult", "What it came to.", Direction.IN, many=True, entered=False),
        Relation(
            "unplaced",
            "LEAVES_OUT",
            "UnplacedAction",
            "Plans that leave it out, with reasons.",
            Direction.IN,
            many=True,
            entered=False,
        ),
    ),
    checks=(starts_before_it_ends("window_start", "window_end"),),
)

PRECEDENCE = Noun(
    "Precedence",
    "Precedences",
    "One action before another: the second is placed only with the first, and within a lag after its end.",
    owner="operations",
    properties=(
        Property(
            "min_lag_minutes",
            Kind.MINUTES,
            "Least time from the end of the first to the start of the second.",
            minimum=0,
            maximum=40_320,
            default=0,
            example="PT1H",
        ),
        Property("max_lag_minutes", Kind.MINUTES, "Most time, if any.", minimum=0, maximum=40_320, example="PT6H"),
    ),
    relations=(
        Relation("before", "BEFORE", "Action", "The first action.", required=True, changeable=False),
        Relation(
            "after", "AFTER", "Action", "The second action.", required=True, changeable=False, authority=Authority.OWNER
        ),
    ),
    checks=(
        lambda row: (
            Contradiction(
                "max_lag_minutes",
                say(
                    "{most} is below min_lag_minutes {least}",
                    most=row["max_lag_minutes"],
                    least=row.get("min_lag_minutes") or 0,
                ),
                say("give a maximum that is not below the minimum"),
            )
            if row.get("max_lag_minutes") is not None and row["max_lag_minutes"] < (row.get("min_lag_minutes") or 0)
            else None
        ),
    ),
)

WARRANT = Noun(
    "Warrant",
    "Warrants",
    "Leave of a court or authority for an action; an action with warrants runs wholly inside one of them.",
    owner="operations",
    properties=(
        Property(
            "reference", Kind.TEXT, "Its reference.", required=True, max_length=200, example="EXERCISE order 12/2026"
        ),
        Property("start", Kind.INSTANT, "From when it holds.", required=True, example="2026-12-01T00:00:00Z"),
        Property("end", Kind.INSTANT, "Until when, exclusive.", required=True, example="2026-12-03T00:00:00Z"),
    ),
    relations=(
        Relation(
            "action",
            "WARRANT_FOR",
            "Action",
            "For which action.",
            required=True,
            changeable=False,
            authority=Authority.OWNER,
        ),
        Relation("issued_by", "ISSUED_BY", "Agency", "Who issued it."),
    ),
    checks=(starts_before_it_ends("start", "end"),),
)
