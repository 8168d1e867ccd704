"""`planComparison`: how two plans, or two versions of one, differ: by actions, why, by units, rules and goals."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from opsplan.access.rules import Verb, require
from opsplan.calls.context import Context
from opsplan.reading.complete.marker import StoredRecord
from opsplan.reading.types.scalars import DateTimeText, JsonValue
from opsplan.scheduling.answer import PlacedAction, Reason
from opsplan.scheduling.api.verdicts import GoalChange, goals_from_json
from opsplan.scheduling.plan.compare import DifferenceKind, RuleDifference, UnitDifference
from opsplan.scheduling.plan.scored import goals_told
from opsplan.scheduling.service import PlanVersion, compare_plans
from opsplan.scheduling.service.compare import Comparison, Explained
from opsplan.scheduling.worker import SchedulingOffice
from opsplan.vocabulary.clock import instant_text

DifferenceKindEnum: Any = strawberry.enum(
    DifferenceKind, name="PlanDifferenceKind", description="How an action's place differs between two plans."
)


@strawberry.input(name="PlanVersion", description="A plan as it was in one of its versions.")
class PlanVersionInput:
    """For `PlanVersion`."""

    plan_id: strawberry.ID = strawberry.field(description="Which plan.")
    version: int | None = strawberry.field(
        default=None, description="One of its versions, from 1; its last, when none is given."
    )


@strawberry.type(description="An action's place in a plan.")
class PlanPlace:
    """Where one plan has an action."""

    start: DateTimeText = strawberry.field(description="Start.")
    end: DateTimeText = strawberry.field(description="End, exclusive.")
    mode_id: strawberry.ID = strawberry.field(description="The mode in which it is done.")
    unit_ids: list[strawberry.ID] = strawberry.field(description="The units that do it.")


@strawberry.type(description="Why an action's place differs between two plans.")
class PlanReason:
    """One reason."""

    code: str = strawberry.field(
        description="EDITED_BY_HAND, REFUSED_BY_HOST, MARKED_BROKEN (the first plan came to break a rule), ADDED, "
        "WITHDRAWN, UNIT_LOST, WINDOW_MOVED, LOCKED, RULE_BROKEN, PLACE_GONE, MADE_ROOM, ROOM_WAS_MADE, TIED_TO, "
        "BETTER_IN_GOAL, FACT_CHANGED (between the runs), or SEARCH: nothing is known but that the search found it. "
        "See docs/plans.md."
    )
    sentence: str = strawberry.field(description="The reason in words.")
    facts: JsonValue = strawberry.field(description="Ids, names and times behind the sentence.")


@strawberry.type(description="How much more of a goal one action's own place adds in the second plan.")
class PlanGoalShare:
    """One action's share of one goal."""

    goal: str = strawberry.field(description="Stable name of the goal; see docs/solver.md.")
    change: float = strawberry.field(description="How much more it adds.")


@strawberry.type(description="A rule that one of two plans breaks now, or both.")
class PlanRuleDifference:
    """One broken rule."""

    rule: str = strawberry.field(description="Stable name of the rule; see docs/solver.md.")
    sentence: str = strawberry.field(description="What is broken, in words; of the second plan where it breaks it.")
    facts: JsonValue = strawberry.field(description="Ids, names, times and amounts behind the sentence.")
    in_first: bool = strawberry.field(description="Whether the first plan breaks it.")
    in_second: bool = strawberry.field(description="Whether the second plan breaks it.")


def comparison_queries(nouns: Mapping[str, Any]) -> type:
    """Make the Strawberry type that has the queries as its fields; `nouns` are the types of records by name."""
    action_type, unit_type = nouns["Action"], nouns["Unit"]

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
        reasons: list[PlanReason] = strawberry.field(description="Why it differs, as far as is known; at least one.")
        cost_change: float = strawberry.field(
            description="How much more its mode and its units' time in action cost in the second plan; the ways of "
            "units are parts of their own, among the goals'."
        )
        goals: list[PlanGoalShare] = strawberry.field(
            description="How much more its own place adds to each goal in the second plan, where it does; with the "
            "parts of units and countries, among the goals', these sum to each goal's change."
        )
        action: action_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_action, description="The action's record."
        )

    @strawberry.type(description="A unit whose orders differ between two plans.")
    class PlanUnitDifference:
        """One unit."""

        unit_id: strawberry.ID = strawberry.field(description="Which unit.")
        added_action_ids: list[strawberry.ID] = strawberry.field(
            description="Actions that it serves in the second plan alone."
        )
        dropped_action_ids: list[strawberry.ID] = strawberry.field(
            description="Actions that it serves in the first plan alone."
        )
        moved_action_ids: list[strawberry.ID] = strawberry.field(
            description="Actions that it serves in both, at another time."
        )
        before: int = strawberry.field(description="How many actions it serves in the first plan.")
        after: int = strawberry.field(
            description="How many in the second: as many more as were added, less those dropped."
        )
        unit: unit_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_unit, description="The unit's record."
        )

    @strawberry.type(
        description="How one plan differs from another: by actions, units, rules and goals, all as the operation "
        "stands now."
    )
    class PlanComparison:
        """The whole comparison."""

        differences: list[PlanDifference] = strawberry.field(description="Each action whose place differs.")
        placed_before: int = strawberry.field(description="Actions that the first plan places.")
        placed_after: int = strawberry.field(
            description="Actions that the second places: as many more as were added, less those dropped."
        )
        units: list[PlanUnitDifference] = strawberry.field(description="Each unit whose orders differ.")
        units_before: int = strawberry.field(description="Units that the first plan sends.")
        units_after: int = strawberry.field(description="Units that the second sends.")
        rules: list[PlanRuleDifference] = strawberry.field(description="Each rule that either breaks now.")
        goals: list[GoalChange] = strawberry.field(
            description="Each goal for both plans as the operation stands now, with the parts that differ."
        )

    async def compared(info: Info[Context, None], first: PlanVersion, second: PlanVersion) -> Comparison:
        require(info.context.actor, Verb.READ)
        return await compare_plans(info.context.graph, info.context.part(SchedulingOffice).frames, first, second)

    async def compare(
        info: Info[Context, None],
        first_id: Annotated[strawberry.ID, strawberry.argument(description="The plan to begin with.")],
        second_id: Annotated[strawberry.ID, strawberry.argument(description="The plan to hold against it.")],
    ) -> Any:
        found = await compared(info, PlanVersion(first_id), PlanVersion(second_id))
        return [PlanDifference(**_told(each)) for each in found.differences]

    async def hold_against(
        info: Info[Context, None],
        first: Annotated[PlanVersionInput, strawberry.argument(description="The plan to begin with.")],
        second: Annotated[PlanVersionInput, strawberry.argument(description="The plan to hold against it.")],
    ) -> Any:
        found = await compared(
            info, PlanVersion(first.plan_id, first.version), PlanVersion(second.plan_id, second.version)
        )
        return PlanComparison(
            differences=[PlanDifference(**_told(each)) for each in found.differences],
            placed_before=found.placed[0],
            placed_after=found.placed[1],
            units=[PlanUnitDifference(**_of_unit(each)) for each in found.units],
            units_before=found.units_used[0],
            units_after=found.units_used[1],
            rules=[_rule(each) for each in found.rules],
            goals=goals_from_json(goals_told(found.goals)),
        )

    @strawberry.type
    class ComparisonQueries:
        """Part of `Query`."""

        plan_comparison: PlanComparison = strawberry.field(
            resolver=hold_against,
            description="What differs between two plans of one operation, or two versions of one plan: what moved and "
            "why, whose orders, which rules are broken, and what it does to each goal.",
        )
        compare_plans: list[PlanDifference] = strawberry.field(
            resolver=compare,
            description="What differs between two plans of one operation, action by action; equal places are left out.",
            deprecation_reason="Ask `planComparison { differences }`, which compares versions too. Goes on 2027-12-31.",
        )

    return ComparisonQueries


def _told(explained: Explained) -> dict[str, Any]:
    difference = explained.difference
    return {
        "kind": difference.kind,
        "action_id": strawberry.ID(difference.action_id),
        "moved_minutes": difference.moved_minutes,
        "before": place_of(difference.before),
        "after": place_of(difference.after),
        "reasons": [_reason(each) for each in explained.reasons],
        "cost_change": explained.cost_change,
        "goals": [PlanGoalShare(goal=each.goal, change=each.change) for each in explained.shares],
    }


def _of_unit(difference: UnitDifference) -> dict[str, Any]:
    lists = {
        f"{name}_action_ids": [strawberry.ID(action) for action in getattr(difference, name)]
        for name in ("added", "dropped", "moved")
    }
    counts = {"before": difference.before, "after": difference.after}
    return {"unit_id": strawberry.ID(difference.unit_id), **lists, **counts}


def _rule(difference: RuleDifference) -> PlanRuleDifference:
    broken = difference.broken
    return PlanRuleDifference(
        rule=broken.rule,
        sentence=broken.sentence,
        facts=JsonValue(dict(broken.facts)),
        in_first=difference.in_first,
        in_second=difference.in_second,
    )


def _reason(reason: Reason) -> PlanReason:
    return PlanReason(**{**asdict(reason), "facts": JsonValue(dict(reason.facts))})


def place_of(row: PlacedAction | None) -> PlanPlace | None:
    """Give a place as GraphQL has it."""
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


def _unit(root: strawberry.Parent[Any]) -> Any:
    return StoredRecord("Unit", root.unit_id)
