"""A plan, its rows, and its edits by hand, as nouns."""

from enum import StrEnum

from opsplan.records.declaration import Direction, Kind, Noun, Property, Readership, Relation


class PlanState(StrEnum):
    """How a plan stands."""

    DRAFT = "DRAFT"
    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    PUBLISHED = "PUBLISHED"
    SUPERSEDED = "SUPERSEDED"


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
        Property("proposed_at", Kind.INSTANT, "When its hosts were last asked to approve it.", entered=False),
        Property("approve_by", Kind.INSTANT, "Until when they may; silence is no consent.", entered=False),
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
            "approvals",
            "APPROVAL_OF",
            "Approval",
            "What each host's approving authority says of its part.",
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
            "orders",
            "ORDER_UNDER",
            "Tasking",
            "The orders to its units that hold under it, and whether they were acknowledged.",
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
    # All of a plan is of one operation.
    readership=Readership(follows=("operation",)),
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
    # All of a plan is of one operation.
    readership=Readership(follows=("plan",)),
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
    # All of a plan is of one operation.
    readership=Readership(follows=("plan",)),
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
