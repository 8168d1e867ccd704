"""What a changed fact is, and how one fact is changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Any

from tests.oracle import Facts, check
from tests.oracle.facts import Action, Elsewhere, Mode, Point, Span, Unit
from tests.stories.plan_faults.scene import Scene

HOUR = timedelta(hours=1)
FAR = Point(-64.86, -54.78)
"""An island off Cape Horn."""
_MOST = 200


@dataclass(frozen=True, slots=True)
class FactFault:
    """A way to break a rule by one change of the facts; its candidates come most fitting first."""

    name: str
    rule: str
    candidates: Callable[[Scene], Iterator[Facts]]


def first_alone(fault: FactFault, scene: Scene) -> Facts:
    """Give the first facts under which the plan breaks that rule alone; else those that break fewest others besides.

    Raises
    ------
    LookupError
        When there are none.
    """
    best: tuple[int, Facts] | None = None
    for facts in islice(fault.candidates(scene), _MOST):
        broken = {breach.rule for breach in check(facts, scene.plan)}
        if broken == {fault.rule}:
            return facts
        if fault.rule in broken and (best is None or len(broken) < best[0]):
            best = (len(broken), facts)
    if best is None:
        raise LookupError(f"no candidate of {fault.name} breaks {fault.rule}")
    return best[1]


def with_action(facts: Facts, action: Action, **changes: Any) -> Facts:
    return replace(facts, actions={**facts.actions, action.id: replace(action, **changes)})


def with_unit(facts: Facts, unit: Unit, **changes: Any) -> Facts:
    return replace(facts, units={**facts.units, unit.id: replace(unit, **changes)})


def used_units(scene: Scene) -> Iterator[tuple[Unit, Action, Span]]:
    for each in scene.plan.placements:
        for unit_id in each.staff:
            yield scene.facts.units[unit_id], scene.action(each), Span(each.start, each.end)


def placed_actions(scene: Scene) -> Iterator[tuple[Action, Mode, Span]]:
    for each in scene.plan.placements:
        yield scene.action(each), scene.mode(each), Span(each.start, each.end)


def with_use_elsewhere(facts: Facts, span: Span, point: Point, **use: Any) -> Facts:
    other = Elsewhere(
        operation_id="operation_other",
        action_name="EXERCISE elsewhere",
        span=span,
        point=point,
        country=use.get("country", "AQ"),
        unit_ids=use.get("unit_ids", frozenset()),
        resource_needs=use.get("resource_needs", ()),
    )
    return replace(facts, elsewhere=(*facts.elsewhere, other))
