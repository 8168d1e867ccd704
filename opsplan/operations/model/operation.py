"""The joint operation and its simultaneity groups, as nouns."""

from opsplan.jurisdiction.model import starts_before_it_ends
from opsplan.operations.model.offered import offered
from opsplan.operations.model.readership import OF_OPERATIONS
from opsplan.operations.states import OperationState
from opsplan.records.declaration import Authority, Direction, Kind, Noun, Property, Relation
from opsplan.vocabulary.sensitivity import Sensitivity

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
            "sensitivity",
            Kind.CHOICE,
            "What those learn who take no part. Unless it is OPEN, the operation and all that belongs to it are there "
            "for its owner, its coordinators and its participants alone.",
            choices=Sensitivity,
            default=Sensitivity.OPEN,
            example="OPEN",
        ),
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
        Relation(
            "participants",
            "PARTICIPATES_IN",
            "Participant",
            "Agencies that take part, or are invited to.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation(
            "runs", "RUN_FOR", "ScheduleRun", "Schedules requested for it.", Direction.IN, many=True, entered=False
        ),
        Relation(
            "what_ifs",
            "WHAT_IF_OF",
            "WhatIf",
            "What was asked of it as it might be.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation("plans", "PLAN_FOR", "Plan", "Plans made for it.", Direction.IN, many=True, entered=False),
    ),
    derived=(offered("units", "OFFERS", "Unit"), offered("resources", "OFFERS_RESOURCE", "Resource")),
    checks=(starts_before_it_ends("start", "end"),),
    readership=OF_OPERATIONS,
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
