"""`comparePlans`: what differs between two plans of one operation, action by action."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from opsplan.access.rules import Verb, require
from opsplan.calls.context import Context
from opsplan.reading.complete.marker import StoredRecord
from opsplan.reading.types.scalars import DateTimeText
from opsplan.scheduling.answer import PlacedAction
from opsplan.scheduling.plan.compare import Difference, DifferenceKind
from opsplan.scheduling.service import compare_plans
from opsplan.vocabulary.clock import instant_text

DifferenceKindEnum: Any = strawberry.enum(
    DifferenceKind, name="PlanDifferenceKind", description="How an action's place differs between two plans."
)


@strawberry.type(description="An action's place in a plan.")
class PlanPlace:
    """Where one plan has an action."""

    start: DateTimeText = strawberry.field(description="Start.")
    end: DateTimeText = strawberry.field(description="End, exclusive.")
    mode_id: strawberry.ID = strawberry.field(description="The mode in which it is done.")
    unit_ids: list[strawberry.ID] = strawberry.field(description="The units that do it.")


def comparison_queries(nouns: Mapping[str, Any]) -> type:
    """Make the Strawberry type that has the query as its field; `nouns` are the types of records by name."""
    action_type = nouns["Action"]

    @strawberry.type(description="One action whose place differs between two plans.")
    class PlanDifference:
        """One difference."""

        kind: DifferenceKindEnum = strawberry.field(description="The gravest difference.")
        action_id: strawberry.ID = strawberry.field(description="Which action.")
        moved_minutes: int | None = strawberry.field(
            description="Minutes by which it starts later in the second plan; negative: earlier; null unless both "
            "place it."
        )
        before: PlanPlace | None = strawberry.field(description="Its place in the first plan.")
        after: PlanPlace | None = strawberry.field(description="Its place in the second plan.")
        action: action_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_action, description="The action's record."
        )

    async def compare(
        info: Info[Context, None],
        first_id: Annotated[strawberry.ID, strawberry.argument(description="The plan to begin with.")],
        second_id: Annotated[strawberry.ID, strawberry.argument(description="The plan to hold against it.")],
    ) -> Any:
        require(info.context.actor, Verb.READ)
        found = await compare_plans(info.context.graph, first_id, second_id)
        return [PlanDifference(**_told(each)) for each in found]

    @strawberry.type
    class ComparisonQueries:
        """Part of `Query`."""

        compare_plans: list[PlanDifference] = strawberry.field(
            resolver=compare,
            description="What differs between two plans of one operation, action by action; equal places are left out.",
        )

    return ComparisonQueries


def _told(difference: Difference) -> dict[str, Any]:
    return {
        "kind": difference.kind,
        "action_id": strawberry.ID(difference.action_id),
        "moved_minutes": difference.moved_minutes,
        "before": _place(difference.before),
        "after": _place(difference.after),
    }


def _place(row: PlacedAction | None) -> PlanPlace | None:
    if row is None:
        return None
    return PlanPlace(
        start=DateTimeText(instant_text(row.start)),
        end=DateTimeText(instant_text(row.end)),
        mode_id=strawberry.ID(row.mode_id),
        unit_ids=[strawberry.ID(unit) for unit in row.unit_ids],
    )


def _action(root: strawberry.Parent[Any]) -> Any:
    return StoredRecord("Action", root.action_id)
