"""Operations, groups, actions with their modes and needs, as nouns; what can be sent is in `means.py`."""

from enum import StrEnum

from opsplan.jurisdiction.model import starts_before_it_ends
from opsplan.operations.means import MEANS, ResourceKind, UnitKind
from opsplan.operations.states import ActionState, OperationState
from opsplan.records.declaration import Authority, Direction, Kind, Noun, Property, Relation


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


OPERATION = Noun(
    "Operation",
    "Operations",
    "A joint operation: its H-hour, its time frame and the agencies that coordinate it.",
    owner="operations",
    changed_by_state_machine="state",
    properties=(
        Property(
            "code_name",
            Kind.TEXT,
            "Code name.",
            required=True,
            max_length=100,
            searched=True,
            sorted_by=True,
            example="EXERCISE Lantern",
        ),
        Property("description", Kind.LONG_TEXT, "What it is to achieve.", max_length=10_000),
        Property("h_hour", Kind.INSTANT, "H-hour.", required=True, sorted_by=True, example="2026-12-01T04:00:00Z"),
        Property(
            "start",
            Kind.INSTANT,
            "From when actions may be planned.",
            required=True,
            sorted_by=True,
            example="2026-12-01T00:00:00Z",
        ),
        Property("end", Kind.INSTANT, "Until when, exclusive.", required=True, example="2026-12-07T00:00:00Z"),
        Property(
            "state",
            Kind.CHOICE,
            "How far it has come.",
            choices=OperationState,
            default=OperationState.PLANNING,
            entered=False,
            indexed=True,
            sorted_by=True,
        ),
    ),
    relations=(
        Relation(
            "coordinators",
            "COORDINATED_BY",
            "Agency",
            "Agencies that may change and publish its plans; its owner always may.",
            many=True,
            example=["KH-NCB"],
        ),
        Relation("actions", "PART_OF", "Action", "Its actions.", Direction.IN, many=True, entered=False),
        Relation(
            "groups",
            "GROUP_OF",
            "SimultaneityGroup",
            "Its simultaneity groups.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation("units", "OFFERED_TO", "Unit", "Units offered to it.", Direction.IN, many=True, entered=False),
        Relation(
            "resources",
            "RESOURCE_OFFERED_TO",
            "Resource",
            "Resources offered to it.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation(
            "runs", "RUN_FOR", "ScheduleRun", "Schedules requested for it.", Direction.IN, many=True, entered=False
        ),
        Relation("plans", "PLAN_FOR", "Plan", "Plans made for it.", Direction.IN, many=True, entered=False),
    ),
    checks=(starts_before_it_ends("start", "end"),),
)

SIMULTANEITY_GROUP = Noun(
    "SimultaneityGroup",
    "SimultaneityGroups",
    "Actions that begin together, whatever their time zones, or not at all.",
    owner="operations",
    properties=(
        Property(
            "name",
            Kind.TEXT,
            "Name.",
            required=True,
            max_length=200,
            searched=True,
            sorted_by=True,
            example="EXERCISE Blue doors",
        ),
        Property(
            "tolerance_minutes",
            Kind.MINUTES,
            "How far apart the first and the last start may lie.",
            minimum=0,
            maximum=1440,
            default=0,
            example="PT15M",
        ),
    ),
    relations=(
        Relation(
            "operation",
            "GROUP_OF",
            "Operation",
            "Of which operation.",
            required=True,
            changeable=False,
            authority=Authority.COORDINATOR,
        ),
        Relation("actions", "STARTS_WITH", "Action", "Its actions.", Direction.IN, many=True, entered=False),
    ),
)

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

ACTION_MODE = Noun(
    "ActionMode",
    "ActionModes",
    "One way to do an action: a team, what it needs, and how long it takes.",
    owner="operations",
    properties=(
        Property("name", Kind.TEXT, "Name.", required=True, max_length=200, example="EXERCISE full entry team"),
        Property(
            "duration_minutes",
            Kind.MINUTES,
            "How long it takes on site.",
            required=True,
            minimum=1,
            maximum=20_160,
            sorted_by=True,
            example="PT3H",
        ),
        Property(
            "cost",
            Kind.INTEGER,
            "What it costs beyond its units, in whole units of the operation's currency.",
            minimum=0,
            maximum=1_000_000_000,
            default=0,
        ),
    ),
    relations=(
        Relation(
            "action",
            "MODE_OF",
            "Action",
            "Of which action.",
            required=True,
            changeable=False,
            authority=Authority.OWNER,
        ),
        Relation("unit_needs", "UNIT_NEEDED_IN", "UnitNeed", "Units it needs.", Direction.IN, many=True, entered=False),
        Relation(
            "resource_needs",
            "RESOURCE_NEEDED_IN",
            "ResourceNeed",
            "Resources it needs.",
            Direction.IN,
            many=True,
            entered=False,
        ),
    ),
)

UNIT_NEED = Noun(
    "UnitNeed",
    "UnitNeeds",
    "Units that a mode needs: NIMS kind and type; a type-1 unit fills a type-2 need, never the reverse.",
    owner="operations",
    properties=(
        Property("unit_kind", Kind.CHOICE, "Kind of unit.", required=True, choices=UnitKind, example="TACTICAL"),
        Property(
            "unit_type",
            Kind.INTEGER,
            "Least capable NIMS type that will do, 1 (highest) to 4.",
            minimum=1,
            maximum=4,
            default=4,
            example=2,
        ),
        Property("count", Kind.INTEGER, "How many.", minimum=1, maximum=1000, default=1, example=1),
        Property("languages", Kind.LANGUAGES, "Languages that each such unit must speak.", max_length=10),
    ),
    relations=(
        Relation(
            "mode",
            "UNIT_NEEDED_IN",
            "ActionMode",
            "Of which mode.",
            required=True,
            changeable=False,
            authority=Authority.OWNER,
        ),
    ),
)

RESOURCE_NEED = Noun(
    "ResourceNeed",
    "ResourceNeeds",
    "An amount of a resource of the host country that a mode takes up for a while.",
    owner="operations",
    properties=(
        Property("resource_kind", Kind.CHOICE, "Kind of resource.", required=True, choices=ResourceKind, example="BED"),
        Property("amount", Kind.INTEGER, "How much.", required=True, minimum=1, maximum=1_000_000, example=35),
        Property("language", Kind.TEXT, "For interpreters: the language (ISO 639).", pattern=r"[a-z]{2,3}"),
        Property(
            "after_start_minutes",
            Kind.MINUTES,
            "From how long after the start.",
            minimum=0,
            maximum=40_320,
            default=0,
            example="PT3H",
        ),
        Property(
            "held_minutes", Kind.MINUTES, "For how long.", required=True, minimum=1, maximum=40_320, example="PT72H"
        ),
    ),
    relations=(
        Relation(
            "mode",
            "RESOURCE_NEEDED_IN",
            "ActionMode",
            "Of which mode.",
            required=True,
            changeable=False,
            authority=Authority.OWNER,
        ),
    ),
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
            f"max_lag_minutes: {row['max_lag_minutes']} is below min_lag_minutes {row.get('min_lag_minutes') or 0}; "
            "give a maximum that is not below the minimum"
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

NOUNS = (*MEANS, OPERATION, SIMULTANEITY_GROUP, ACTION, ACTION_MODE, UNIT_NEED, RESOURCE_NEED, PRECEDENCE, WARRANT)
