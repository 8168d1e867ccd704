"""The checker's word on a plan, and what a change does to each goal, as GraphQL types made from a service's JSON."""

from collections.abc import Mapping
from typing import Any

import strawberry

from opsplan.reading.types.scalars import JsonValue
from opsplan.scheduling.api.refusals import BrokenRule, ChangeToAccept
from opsplan.scheduling.problem import ChangeKind


@strawberry.type(description="What one action, one unit's roads, or the country that bears most adds to a goal.")
class GoalPart:
    """One part; exactly one of the three ids is given."""

    action_id: strawberry.ID | None = strawberry.field(description="The action, when it is one.")
    unit_id: strawberry.ID | None = strawberry.field(description="The unit, when it is the way between its actions.")
    country: str | None = strawberry.field(description="The country's code, when it is the burden.")
    change: float = strawberry.field(description="How much more it adds after the steps, or in the second plan.")


@strawberry.type(
    description="A goal before and after steps, or for one plan and for another; both as the operation stands now."
)
class GoalChange:
    """One goal."""

    goal: str = strawberry.field(description="Stable name of the goal, such as `placed_weight`; see docs/solver.md.")
    before: float = strawberry.field(description="Its value before the steps, or for the first plan.")
    after: float = strawberry.field(description="Its value after them, or for the second.")
    change: float = strawberry.field(description="`after` less `before`.")
    better: str = strawberry.field(description="Whether `more` or `less` of it is better.")
    parts: list[GoalPart] = strawberry.field(description="What differs, the largest first; the parts sum to `change`.")


@strawberry.type(description="What the checker, which shares nothing with the search, says of a plan as things stand.")
class PlanVerdict:
    """One verdict."""

    publishable: bool = strawberry.field(
        description="Whether it breaks no rule. Changed facts must be accepted and the keys of claims shown all the "
        "same, and all is judged again."
    )
    broken_rules: list[BrokenRule] = strawberry.field(description="All that it breaks.")
    claims_met: list[BrokenRule] = strawberry.field(
        description="Claims of others that it comes too near to, as far as all who read the operation may know of "
        "them: no rule that bars it, but once its actions are coordinated their keys are asked for. Facts name each "
        "claim, the rule and its figures."
    )
    changes: list[ChangeToAccept] = strawberry.field(
        description="Facts that have changed since the plan's run read them, whether it holds or not."
    )
    goals: list[GoalChange] = strawberry.field(description="What the steps do to each goal, in the strict order.")


def verdict_from_json(told: Mapping[str, Any]) -> PlanVerdict:
    """Make a verdict of what the service told."""
    return PlanVerdict(
        publishable=not told["broken_rules"],
        broken_rules=_rules(told["broken_rules"]),
        # Verdicts that were kept before there were claims have none.
        claims_met=_rules(told.get("claims_met", [])),
        changes=[
            ChangeToAccept(**{**each, "id": strawberry.ID(each["id"]), "kind": ChangeKind(each["kind"])})
            for each in told["changes"]
        ],
        goals=goals_from_json(told["goals"]),
    )


def _rules(told: list[dict[str, Any]]) -> list[BrokenRule]:
    return [BrokenRule(rule=each["rule"], sentence=each["sentence"], facts=JsonValue(each["facts"])) for each in told]


def goals_from_json(told: list[dict[str, Any]]) -> list[GoalChange]:
    """Make goals of what the service told."""
    return [GoalChange(**{**each, "parts": [_part(part) for part in each["parts"]]}) for each in told]


def _part(part: Mapping[str, Any]) -> GoalPart:
    about, name = part["about"], part["id"]
    return GoalPart(
        action_id=strawberry.ID(name) if about == "action" else None,
        unit_id=strawberry.ID(name) if about == "unit" else None,
        country=name if about == "country" else None,
        change=part["change"],
    )
