"""The ways to do an action, and what each needs, as nouns."""

from opsplan.operations.model.means import ResourceKind, UnitKind
from opsplan.records.declaration import Authority, Direction, Kind, Noun, Property, Relation

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
