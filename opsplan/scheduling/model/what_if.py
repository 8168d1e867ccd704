"""A what-if, as a noun."""

from opsplan.records.declaration import Direction, Kind, Noun, Property, Relation

WHAT_IF = Noun(
    "WhatIf",
    "WhatIfs",
    "Scenarios of one operation that are searched side by side, and held against the operation as it is. They make no "
    "plans.",
    owner="scheduling",
    entered=False,
    properties=(
        Property("budget_seconds", Kind.INTEGER, "Seconds of search that each scenario has.", entered=False),
        Property("workers", Kind.INTEGER, "Search threads of each.", entered=False),
        Property("seed", Kind.INTEGER, "Seed of each search: the same for all.", entered=False),
        Property("scenarios", Kind.INTEGER, "How many scenarios there are beside the baseline.", entered=False),
    ),
    relations=(
        Relation("operation", "WHAT_IF_OF", "Operation", "Of which operation.", entered=False, required=True),
        Relation(
            "runs",
            "SCENARIO_OF",
            "ScheduleRun",
            "The run of the baseline, which changes nothing, and of each scenario.",
            Direction.IN,
            many=True,
            entered=False,
        ),
    ),
)
