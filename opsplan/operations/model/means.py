"""What can be sent or used: units and their absences, resources and their capacity, and a country's quiet hours."""

from enum import StrEnum

from opsplan.jurisdiction.model import starts_before_it_ends
from opsplan.operations.model.offered import offered_to
from opsplan.records.declaration import Authority, Contradiction, Direction, Kind, Noun, Property, Relation
from opsplan.vocabulary.sentences import say


class UnitKind(StrEnum):
    """Kinds of units, after the resource kinds of NIMS (FEMA 2017) as far as this field needs them."""

    TACTICAL = "TACTICAL"
    INVESTIGATION = "INVESTIGATION"
    FORENSIC = "FORENSIC"
    CYBER = "CYBER"
    FINANCIAL = "FINANCIAL"
    VICTIM_SUPPORT = "VICTIM_SUPPORT"
    MEDICAL = "MEDICAL"
    CANINE = "CANINE"
    AIR = "AIR"
    MARITIME = "MARITIME"
    LIAISON = "LIAISON"


class ResourceKind(StrEnum):
    """Kinds of resources that a country holds."""

    BED = "BED"
    INTERPRETER = "INTERPRETER"
    AIRCRAFT = "AIRCRAFT"
    FORENSIC_LAB = "FORENSIC_LAB"
    SCREENER = "SCREENER"
    CONSULAR_SLOT = "CONSULAR_SLOT"


UNIT = Noun(
    "Unit",
    "Units",
    "What can be sent: a team with kind, NIMS type, home, languages and hours of duty.",
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
            example="EXERCISE Tactical 1 Phnom Penh",
        ),
        Property(
            "kind",
            Kind.CHOICE,
            "Kind.",
            required=True,
            choices=UnitKind,
            indexed=True,
            sorted_by=True,
            example="TACTICAL",
        ),
        Property(
            "type",
            Kind.INTEGER,
            "NIMS type, 1 (highest) to 4.",
            required=True,
            minimum=1,
            maximum=4,
            sorted_by=True,
            example=1,
        ),
        Property(
            "home",
            Kind.POINT,
            "Where it starts from.",
            required=True,
            indexed=True,
            example={"longitude": 104.9, "latitude": 11.6},
        ),
        Property("languages", Kind.LANGUAGES, "Languages it speaks (ISO 639).", max_length=50, example=["km", "en"]),
        Property(
            "permitted_countries",
            Kind.COUNTRY_CODES,
            "Countries in which it may act; its own only, when none is given.",
            max_length=300,
            example=["KH", "TH"],
        ),
        Property(
            "max_duty_minutes",
            Kind.MINUTES,
            "Longest spell of duty, travel included.",
            minimum=30,
            maximum=2880,
            default=720,
            example="PT12H",
        ),
        Property(
            "min_rest_minutes",
            Kind.MINUTES,
            "Least rest between spells of duty.",
            minimum=0,
            maximum=2880,
            default=600,
            example="PT10H",
        ),
        Property(
            "cost_per_hour",
            Kind.INTEGER,
            "What an hour of its duty costs, in whole units of the operation's currency.",
            minimum=0,
            maximum=1_000_000,
            default=0,
        ),
    ),
    relations=(
        Relation(
            "agency",
            "BELONGS_TO",
            "Agency",
            "Whose it is.",
            required=True,
            changeable=False,
            example="KH-NCB",
            authority=Authority.OWNER,
        ),
        Relation("offers", "OFFERS", "Offer", "Offers of it to operations.", Direction.IN, many=True, entered=False),
        Relation("absences", "ABSENCE_OF", "UnitAbsence", "When it is away.", Direction.IN, many=True, entered=False),
        Relation(
            "assignments",
            "ASSIGNS",
            "PlannedAction",
            "Planned actions that use it.",
            Direction.IN,
            many=True,
            entered=False,
        ),
    ),
    derived=(offered_to("OFFERS"),),
)

UNIT_ABSENCE = Noun(
    "UnitAbsence",
    "UnitAbsences",
    "A time in which a unit cannot be used.",
    owner="operations",
    properties=(
        Property("start", Kind.INSTANT, "From when.", required=True, sorted_by=True, example="2026-12-02T00:00:00Z"),
        Property("end", Kind.INSTANT, "Until when, exclusive.", required=True, example="2026-12-03T00:00:00Z"),
        Property("reason", Kind.TEXT, "Why.", max_length=200, example="EXERCISE training"),
    ),
    relations=(
        Relation(
            "unit", "ABSENCE_OF", "Unit", "Of which unit.", required=True, changeable=False, authority=Authority.OWNER
        ),
    ),
    checks=(starts_before_it_ends("start", "end"),),
)

RESOURCE = Noun(
    "Resource",
    "Resources",
    "Beds, interpreters, aircraft or laboratories that a country holds.",
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
            example="EXERCISE shelter beds, Phnom Penh",
        ),
        Property(
            "kind",
            Kind.CHOICE,
            "Kind.",
            required=True,
            choices=ResourceKind,
            indexed=True,
            sorted_by=True,
            example="BED",
        ),
        Property("language", Kind.TEXT, "For interpreters: the language (ISO 639).", pattern=r"[a-z]{2,3}"),
    ),
    relations=(
        Relation("country", "HELD_IN", "Country", "Where.", required=True, changeable=False, example="KH"),
        Relation(
            "offers", "OFFERS_RESOURCE", "Offer", "Offers of it to operations.", Direction.IN, many=True, entered=False
        ),
        Relation(
            "capacities",
            "CAPACITY_OF",
            "Capacity",
            "How much of it there is, over time.",
            Direction.IN,
            many=True,
            entered=False,
        ),
    ),
    derived=(offered_to("OFFERS_RESOURCE"),),
)

CAPACITY = Noun(
    "Capacity",
    "Capacities",
    "How much of a resource there is in a time; overlapping entries add up, and outside all of them there is none.",
    owner="operations",
    properties=(
        Property("start", Kind.INSTANT, "From when.", required=True, sorted_by=True, example="2026-12-01T00:00:00Z"),
        Property("end", Kind.INSTANT, "Until when, exclusive.", required=True, example="2026-12-31T00:00:00Z"),
        Property("amount", Kind.INTEGER, "How much.", required=True, minimum=0, maximum=1_000_000, example=120),
    ),
    relations=(
        Relation(
            "resource",
            "CAPACITY_OF",
            "Resource",
            "Of which resource.",
            required=True,
            changeable=False,
            authority=Authority.OWNER,
        ),
    ),
    checks=(starts_before_it_ends("start", "end"),),
)

QUIET_HOURS = Noun(
    "QuietHours",
    "QuietHours",
    "Local hours in which actions of some kinds may not run in a country (as codes of criminal procedure forbid "
    "house searches at night).",
    owner="operations",
    properties=(
        Property("from_local", Kind.LOCAL_TIME, "From this local time.", required=True, example="21:00"),
        Property(
            "until_local",
            Kind.LOCAL_TIME,
            "Until this local time, exclusive; earlier than `from` means next day.",
            required=True,
            example="06:00",
        ),
        Property(
            "action_kinds",
            Kind.TEXT_LIST,
            "Kinds of actions that it binds; RAID and SEARCH when none is given.",
            max_length=20,
            example=["RAID", "SEARCH"],
        ),
    ),
    relations=(
        Relation("country", "QUIET_HOURS_OF", "Country", "Where.", required=True, changeable=False, example="DE"),
    ),
    checks=(
        lambda row: (
            Contradiction(
                "until_local",
                say("{until_local} equals from_local", until_local=row["until_local"]),
                say("give two different local times"),
            )
            if row.get("from_local") is not None and row.get("from_local") == row.get("until_local")
            else None
        ),
    ),
)

MEANS = (UNIT, UNIT_ABSENCE, RESOURCE, CAPACITY, QUIET_HOURS)
