"""What is ordered of a unit, as a noun."""

from enum import StrEnum

from opsplan.records.declaration import Kind, Noun, Property, Relation

LONGEST_NOTE = 2_000


class OrderState(StrEnum):
    """Whether an order holds, and whether the unit's agency has said that it has it."""

    ISSUED = "ISSUED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    REPLACED = "REPLACED"


TASKING = Noun(
    "Tasking",
    "Taskings",
    "What a published plan asks of a unit. Its agency acknowledges it; the next plan that asks something else of the "
    "unit, or nothing any more, replaces it.",
    owner="orders",
    entered=False,
    changed_by_state_machine="state",
    properties=(
        Property(
            "state",
            Kind.CHOICE,
            "ISSUED until the agency has acknowledged it; REPLACED by the unit's next order for the operation.",
            choices=OrderState,
            entered=False,
            indexed=True,
            sorted_by=True,
        ),
        Property(
            "tasks",
            Kind.JSON,
            "What is asked, in order: action, mode, start, end, and all units that go. None: the unit is released.",
            entered=False,
        ),
        Property(
            "changes",
            Kind.JSON,
            "What is other than in the order that it replaces: kind, action and sentence of each.",
            entered=False,
        ),
        Property("fingerprint", Kind.TEXT, "SHA-256 of the tasks as canonical JSON (RFC 8785).", entered=False),
        Property("acknowledged_at", Kind.INSTANT, "When it was acknowledged.", entered=False, sorted_by=True),
        Property("acknowledged_by", Kind.TEXT, "Who of the agency acknowledged it.", entered=False),
        Property("note", Kind.LONG_TEXT, "What was said with that.", max_length=LONGEST_NOTE, entered=False),
    ),
    relations=(
        Relation("unit", "ORDER_TO", "Unit", "Of which unit.", entered=False, required=True),
        Relation(
            "plan",
            "ORDER_UNDER",
            "Plan",
            "By which plan; the last, of several that ask the same.",
            entered=False,
            required=True,
        ),
        Relation("replaces", "REPLACES_ORDER", "Tasking", "The unit's order before it.", entered=False),
    ),
)

NOUNS = (TASKING,)
"""All of them."""
