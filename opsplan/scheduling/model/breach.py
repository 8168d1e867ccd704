"""What a published plan has come to break, as a noun."""

from enum import StrEnum

from opsplan.records.declaration import Kind, Noun, Property, Relation


class BreachState(StrEnum):
    """Whether a breach of a published plan still stands."""

    OPEN = "OPEN"
    CLEARED = "CLEARED"


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
        Property(
            "cause_id",
            Kind.TEXT,
            "The record whose change broke it, or has made it what it is now; the first, of several.",
            entered=False,
        ),
        Property("cause_noun", Kind.TEXT, "What kind of record that is.", entered=False),
        Property("mark", Kind.TEXT, "What tells it from other breaches of the plan.", entered=False),
        Property("cleared_at", Kind.INSTANT, "When it was cleared.", entered=False, sorted_by=True),
    ),
    relations=(
        Relation("plan", "BREACH_OF", "Plan", "Which plan breaks it.", entered=False, required=True),
        Relation("actions", "BREAKS", "Action", "The actions concerned.", many=True, entered=False),
        Relation(
            "told",
            "TELLS",
            "Agency",
            "Who has to know: the agencies that own or coordinate the operation, and the owners of the actions "
            "concerned and of the units that the plan sends to them.",
            many=True,
            entered=False,
        ),
    ),
)
