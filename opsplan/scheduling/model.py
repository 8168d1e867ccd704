"""Runs and plans, as nouns that the service makes and nobody enters."""

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


class PlanState(StrEnum):
    """How a plan stands."""

    DRAFT = "DRAFT"
    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    PUBLISHED = "PUBLISHED"
    SUPERSEDED = "SUPERSEDED"


class BreachState(StrEnum):
    """Whether a breach of a published plan still stands."""

    OPEN = "OPEN"
    CLEARED = "CLEARED"


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

PLAN = Noun(
    "Plan",
    "Plans",
    "A version of an operation's schedule.",
    owner="scheduling",
    entered=False,
    properties=(
        Property("number", Kind.INTEGER, "Version number within the operation, from 1.", entered=False, sorted_by=True),
        Property(
            "state", Kind.CHOICE, "How it stands.", choices=PlanState, entered=False, indexed=True, sorted_by=True
        ),
        Property(
            "outcome", Kind.TEXT, "Outcome of the search: OPTIMAL, FEASIBLE, OUT_OF_TIME or CANCELLED.", entered=False
        ),
        Property("problem_fingerprint", Kind.TEXT, "SHA-256 of the problem's canonical JSON.", entered=False),
        Property("placed", Kind.INTEGER, "Actions placed.", entered=False),
        Property("unplaced", Kind.INTEGER, "Actions not placed.", entered=False),
        Property("score", Kind.JSON, "Value of each goal, in the strict order of the goals.", entered=False),
        Property("published_at", Kind.INSTANT, "When it was published.", entered=False, sorted_by=True),
        Property("published_by", Kind.TEXT, "Who published it.", entered=False),
        Property("accepted_changes", Kind.JSON, "Changed facts that the publisher accepted.", entered=False),
    ),
    relations=(
        Relation("operation", "PLAN_FOR", "Operation", "Of which operation.", entered=False, required=True),
        Relation("run", "MADE_BY", "ScheduleRun", "The run that made it.", entered=False, required=True),
        Relation(
            "later_runs",
            "STARTS_FROM",
            "ScheduleRun",
            "Runs that start from it, keeping what is pinned in it.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation(
            "edits",
            "EDIT_OF",
            "PlanEdit",
            "What was changed in it by hand while it was a draft.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation(
            "actions",
            "PLANNED_IN",
            "PlannedAction",
            "Where and when each placed action runs.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation(
            "breaches",
            "BREACH_OF",
            "PlanBreach",
            "What it has come to break since it was published, and whether that still stands.",
            Direction.IN,
            many=True,
            entered=False,
        ),
        Relation(
            "left_out",
            "LEFT_OUT_OF",
            "UnplacedAction",
            "What could not be placed, and why.",
            Direction.IN,
            many=True,
            entered=False,
        ),
    ),
)

PLANNED_ACTION = Noun(
    "PlannedAction",
    "PlannedActions",
    "An action's place in a plan: its time, its mode and its units.",
    owner="scheduling",
    entered=False,
    properties=(
        Property("start", Kind.INSTANT, "Start.", entered=False, indexed=True, sorted_by=True),
        Property("end", Kind.INSTANT, "End, exclusive.", entered=False, sorted_by=True),
        Property("local_start", Kind.TEXT, "Start in the site's local time, with offset.", entered=False),
        Property("time_zone", Kind.TEXT, "The site's IANA time zone.", entered=False),
        Property(
            "staffing",
            Kind.JSON,
            "Which units fill which need: the ids of units by the id of the mode's unit need.",
            entered=False,
        ),
        Property("pinned", Kind.BOOLEAN, "Whether schedules made from this plan keep it where it is.", entered=False),
        Property(
            "h_offset_minutes", Kind.INTEGER, "Minutes from H-hour to the start (negative: before).", entered=False
        ),
    ),
    relations=(
        Relation("plan", "PLANNED_IN", "Plan", "In which plan.", entered=False, required=True),
        Relation("action", "PLANS", "Action", "Which action.", entered=False, required=True),
        Relation("mode", "IN_MODE", "ActionMode", "In which mode.", entered=False, required=True),
        Relation("units", "ASSIGNS", "Unit", "With which units.", many=True, entered=False),
    ),
)

UNPLACED_ACTION = Noun(
    "UnplacedAction",
    "UnplacedActions",
    "An action that a plan leaves out, with the reasons.",
    owner="scheduling",
    entered=False,
    properties=(
        Property("codes", Kind.TEXT_LIST, "Codes of the reasons.", entered=False),
        Property("reasons", Kind.JSON, "The reasons: code, facts and sentence of each.", entered=False),
        Property("sentence", Kind.LONG_TEXT, "The reasons in words.", entered=False),
    ),
    relations=(
        Relation("plan", "LEFT_OUT_OF", "Plan", "By which plan.", entered=False, required=True),
        Relation("action", "LEAVES_OUT", "Action", "Which action.", entered=False, required=True),
    ),
)

PLAN_EDIT = Noun(
    "PlanEdit",
    "PlanEdits",
    "A change of a draft by hand: who (createdBy, of the agency editedBy), why, what was moved, what the checker said.",
    owner="scheduling",
    entered=False,
    properties=(
        Property("number", Kind.INTEGER, "Counts the edits of the plan, from 1.", entered=False, sorted_by=True),
        Property("reason", Kind.LONG_TEXT, "Why, in the editor's words.", entered=False),
        Property("edited_by", Kind.TEXT, "The code of the editor's agency; none of an administrator's.", entered=False),
        Property("plan_version", Kind.INTEGER, "The version of the plan that it made.", entered=False),
        Property(
            "moves", Kind.JSON, "Of each action concerned: its place before and after; null for none.", entered=False
        ),
        Property(
            "broken_rules",
            Kind.JSON,
            "What the draft broke then, each with rule, sentence and facts; it can be published once nothing is left.",
            entered=False,
        ),
        Property("goals", Kind.JSON, "Each goal's value before and after, with the parts that differ.", entered=False),
    ),
    relations=(
        Relation("plan", "EDIT_OF", "Plan", "Which plan was changed.", entered=False, required=True),
        Relation("actions", "EDITS", "Action", "Actions whose places it changed.", many=True, entered=False),
    ),
)

PLAN_BREACH = Noun(
    "PlanBreach",
    "PlanBreaches",
    "A rule that a published plan breaks since something has changed; marked in the transaction of that change.",
    owner="scheduling",
    entered=False,
    properties=(
        Property(
            "state",
            Kind.CHOICE,
            "OPEN while it stands; CLEARED once another change has mended it, or the plan is superseded.",
            choices=BreachState,
            entered=False,
            indexed=True,
            sorted_by=True,
        ),
        Property("rule", Kind.TEXT, "Stable name of the rule, such as `calendars`; see docs/solver.md.", entered=False),
        Property("sentence", Kind.LONG_TEXT, "What is broken, with the names of the records concerned.", entered=False),
        Property("facts", Kind.JSON, "Ids, names, times and numbers behind the sentence.", entered=False),
        Property("cause_id", Kind.TEXT, "The record whose change broke it; the first, of several.", entered=False),
        Property("cause_noun", Kind.TEXT, "What kind of record that is.", entered=False),
        Property("mark", Kind.TEXT, "What tells it from other breaches of the plan.", entered=False),
        Property("cleared_at", Kind.INSTANT, "When it was cleared.", entered=False, sorted_by=True),
    ),
    relations=(
        Relation("plan", "BREACH_OF", "Plan", "Which plan breaks it.", entered=False, required=True),
        Relation("actions", "BREAKS", "Action", "The actions concerned.", many=True, entered=False),
    ),
)

NOUNS = (SCHEDULE_RUN, PLAN, PLANNED_ACTION, UNPLACED_ACTION, PLAN_BREACH, PLAN_EDIT)
