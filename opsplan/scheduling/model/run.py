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
            "The plan that it starts from: what is pinned there stays where it is.",
            entered=False,
        ),
        Relation("plan", "MADE_BY", "Plan", "The plan that it made.", Direction.IN, entered=False),
    ),
)
