"""A schedule run, as a noun."""

from enum import StrEnum

from opsplan.records.declaration import Direction, Kind, Noun, Property, Relation


class RunState(StrEnum):
    """How a schedule run stands."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    INFEASIBLE = "INFEASIBLE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


SCHEDULE_RUN = Noun(
    "ScheduleRun",
    "ScheduleRuns",
    "One computation of a schedule for an operation. Its files (problem.json, solution.json, options.json, "
    "course.json, facts.json) are downloaded over HTTP, at /runs/ID/NAME, with the same token.",
    owner="scheduling",
    entered=False,
    properties=(
        Property("state", Kind.CHOICE, "How it stands.", choices=RunState, entered=False, indexed=True, sorted_by=True),
        Property("reason", Kind.LONG_TEXT, "Why it failed, was cancelled, or is queued again.", entered=False),
        Property("budget_seconds", Kind.INTEGER, "Seconds of search asked for.", entered=False),
        Property("workers", Kind.INTEGER, "Search threads.", entered=False),
        Property("seed", Kind.INTEGER, "Seed of the search.", entered=False),
        Property(
            "avoids_claims",
            Kind.BOOLEAN,
            "Whether it keeps actions away from what others claim too near them, as far as all who read the operation "
            "may know of it.",
            entered=False,
        ),
        Property(
            "fewest_changes",
            Kind.BOOLEAN,
            "Whether it changes as little of the plan that it starts from as the first goals allow.",
            entered=False,
        ),
        Property(
            "leaves_out_refused",
            Kind.BOOLEAN,
            "Whether it leaves out what approving authorities have refused and not approved since.",
            entered=False,
        ),
        Property(
            "frozen_until",
            Kind.INSTANT,
            "What starts before this in the plan that it starts from stays exactly as it is there, and nothing else "
            "starts before it.",
            entered=False,
        ),
        Property(
            "slack_permille",
            Kind.INTEGER,
            "Planned with slack: for what share of its cases, in thousandths, an action's slack was to suffice.",
            entered=False,
        ),
        Property(
            "slack",
            Kind.JSON,
            "Of a plan with slack: goals and risk before and after, and the slots of slack that each action got.",
            entered=False,
        ),
        Property(
            "additions",
            Kind.INTEGER,
            "Of how much of what is scarce the worth of one more was to be found.",
            entered=False,
        ),
        Property(
            "marginal_values",
            Kind.JSON,
            "What one more unit, or one more of a resource, would be worth in each goal, estimated by solves: of what "
            "is scarce in the plan that for which most waits; `least` and `most` are what is proven.",
            entered=False,
        ),
        Property(
            "scenario",
            Kind.TEXT,
            "Of a run of a what-if: the scenario's name. Such a run makes no plan; scenario.json holds what it found.",
            entered=False,
        ),
        Property(
            "scenario_number",
            Kind.INTEGER,
            "Of a run of a what-if: its place among the scenarios; 0 is the baseline, which changes nothing.",
            entered=False,
        ),
        Property(
            "changes",
            Kind.JSON,
            "Of a run of a what-if: what its scenario changes, each under its kind. The records stay as they are.",
            entered=False,
        ),
        Property("attempts", Kind.INTEGER, "How often it was begun.", entered=False),
        Property("started_at", Kind.INSTANT, "When the search began.", entered=False, sorted_by=True),
        Property("finished_at", Kind.INSTANT, "When it ended.", entered=False),
        Property("engine", Kind.JSON, "Versions of opsplan, the solver and OR-Tools.", entered=False),
        Property("problem_fingerprint", Kind.TEXT, "SHA-256 of the problem's canonical JSON.", entered=False),
        Property(
            "course",
            Kind.JSON,
            "The course of the search, as points: seconds, actions placed, weight placed, its bound.",
            entered=False,
        ),
        Property("cancel_requested_at", Kind.INSTANT, "When somebody asked for it to be cancelled.", entered=False),
        Property("stage", Kind.TEXT, "What the search is doing, such as `construct` or `prove`.", entered=False),
        Property("elapsed_seconds", Kind.FLOAT, "Seconds of search so far.", entered=False),
        Property("placed", Kind.INTEGER, "Actions placed by the best plan so far.", entered=False),
        Property("unplaced", Kind.INTEGER, "Actions not placed.", entered=False),
        Property("incumbent", Kind.FLOAT, "Priority weight placed by the best plan so far.", entered=False),
        Property(
            "bound", Kind.FLOAT, "Proven upper bound of that weight; null while nothing is proven.", entered=False
        ),
        Property("gap", Kind.FLOAT, "Relative gap between the two, 0 (proven best) to 1.", entered=False),
        Property(
            "reasons",
            Kind.JSON,
            "Of an INFEASIBLE run: why what must be placed cannot be, each with code, sentence and facts.",
            entered=False,
        ),
        Property(
            "conflict",
            Kind.JSON,
            "Of an INFEASIBLE run: rules that contradict each other, and what would help; `scheduleConflict` has it "
            "typed. Null where none was found in time.",
            entered=False,
        ),
    ),
    relations=(
        Relation("operation", "RUN_FOR", "Operation", "For which operation.", entered=False, required=True),
        Relation(
            "from_plan",
            "STARTS_FROM",
            "Plan",
            "The plan that it starts from: what is pinned or frozen there stays where it is.",
            entered=False,
        ),
        Relation("what_if", "SCENARIO_OF", "WhatIf", "The what-if whose scenario it is.", entered=False),
        Relation("plan", "MADE_BY", "Plan", "The plan that it made.", Direction.IN, entered=False),
    ),
)
