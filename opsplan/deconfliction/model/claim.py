"""What somebody means to do at a place and time, as a noun."""

from opsplan.jurisdiction.model import starts_before_it_ends
from opsplan.operations.model import ActionKind
from opsplan.records.declaration import Direction, Kind, Noun, Property, Readership, Relation
from opsplan.vocabulary.sensitivity import Sensitivity

LARGEST_RADIUS_M = 5_000_000

LOCATION = Property(
    "location",
    Kind.POINT,
    "The centre of the area; a point of it, where it has an `outline`.",
    required=True,
    indexed=True,
    example="104.916, 11.556",
)
RADIUS_M = Property(
    "radius_m",
    Kind.FLOAT,
    "How far the area reaches round it, in metres, where it has no `outline`.",
    minimum=0,
    maximum=LARGEST_RADIUS_M,
    default=0.0,
    example=400,
)
"""Where a circle lies, and how far it reaches: of claims and of zones."""

CLAIM = Noun(
    "Claim",
    "Claims",
    "The footprint of something planned, here or elsewhere: an area, a time and who is concerned. It is committed only "
    "by whoever has seen all claims of others that it conflicts with.",
    owner="deconfliction",
    kept=frozenset(
        [
            "cover_key",
            "cover_shape",
            "h_hour",
            "held",
            "held_since",
            "operation_id",
            "read_by",
            "shape",
            "shown_as",
            "shown_for_release",
            "shown_to",
            "site_id",
        ]
    ),
    committed_with_keys=True,
    # An agency that plans elsewhere hands over a whole day's plans at once.
    most_items=10_000,
    properties=(
        Property(
            "name",
            Kind.TEXT,
            "What its owner calls it.",
            max_length=200,
            sorted_by=True,
            example="EXERCISE Observation of Heron Court",
        ),
        Property(
            "kind", Kind.CHOICE, "What is to be done.", required=True, choices=ActionKind, indexed=True, example="RAID"
        ),
        LOCATION,
        RADIUS_M,
        Property(
            "outline",
            Kind.JSON,
            "The area as a polygon, where a circle would say too much: its corners in order, each a list of longitude "
            "and latitude. It is smaller than a hemisphere, and may lie over the antimeridian or a pole.",
        ),
        Property("start", Kind.INSTANT, "From when.", required=True, sorted_by=True, example="2026-12-01T04:00:00Z"),
        Property("end", Kind.INSTANT, "Until when, exclusive.", required=True, example="2026-12-01T08:00:00Z"),
        Property(
            "sensitivity",
            Kind.CHOICE,
            "What others learn of it: all, where it is OPEN. Of one that is POINTER, only that they conflict with "
            "something and whom to call; of one that is SILENT, nothing.",
            choices=Sensitivity,
            default=Sensitivity.OPEN,
            example="OPEN",
        ),
        Property(
            "subjects",
            Kind.JSON,
            "Whom and what it concerns beside its targets: a list of objects with `kind`, `names`, `identifiers` "
            "(objects with `scheme`, `value` and perhaps `country`), `countries` and `born`. They are matched with "
            "those of others, in whatever spelling.",
        ),
        Property(
            "capacities",
            Kind.JSON,
            "What it holds of what countries have: a list of objects with `country`, `kind` (BED, INTERPRETER, "
            "AIRCRAFT, …), `amount`, for interpreters `language`, and perhaps `after_start_minutes` (else from its "
            "start) and `held_minutes` (else until its end). Those that claim more together than there is are told.",
        ),
        Property(
            "is_over",
            Kind.BOOLEAN,
            "Whether its action is done: it then claims nothing any more but what it still holds of beds and the like.",
            default=False,
            entered=False,
        ),
        Property(
            "key",
            Kind.TEXT,
            "Stands for the claim as it is now: who commits one that conflicts with it gives this key. Another one "
            "stands for it as soon as place, time, kind, sensitivity, units, capacities or whom it concerns change.",
            entered=False,
        ),
    ),
    relations=(
        Relation("action", "CLAIMED_FOR", "Action", "The action that it is the footprint of.", entered=False),
        Relation("targets", "CLAIM_ON", "Target", "Whom or what it concerns.", many=True),
        Relation("units", "CLAIMS_UNIT", "Unit", "The units that it uses.", many=True),
        Relation(
            "zone_crossings",
            "CROSSING_OF",
            "ZoneCrossing",
            "The zones that it crosses.",
            Direction.IN,
            many=True,
            entered=False,
        ),
    ),
    checks=(starts_before_it_ends("start", "end"),),
    readership=Readership(
        condition=(
            "{node}.sensitivity = 'OPEN' OR {node}.owner_id = $reader.agency_id OR $reader.agency_id IN {node}.read_by "
            # Whoever asks for a zone's release shows the claim to the zone's owner.
            "OR $reader.agency_id IN {node}.shown_for_release"
        ),
        # An action is read by all who read its operation, and its claim says itself who they are.
        follows=(),
    ),
)
