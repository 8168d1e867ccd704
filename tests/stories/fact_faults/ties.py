"""Resources and ties between actions that are other than when the plan was made."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from tests.oracle import Facts
from tests.stories.fact_faults.change import FactFault, placed_actions, with_action, with_use_elsewhere
from tests.stories.plan_faults.scene import Scene


def _capacity_lowered(scene: Scene) -> Iterator[Facts]:
    for number, resource in enumerate(scene.facts.resources):
        for place, (span, amount) in enumerate(resource.capacities):
            if amount:
                entries = (*resource.capacities[:place], (span, 0), *resource.capacities[place + 1 :])
                lowered = replace(resource, capacities=entries)
                rest = scene.facts.resources
                yield replace(scene.facts, resources=(*rest[:number], lowered, *rest[number + 1 :]))


def _resource_withdrawn(scene: Scene) -> Iterator[Facts]:
    for resource in scene.facts.resources:
        rest = tuple(each for each in scene.facts.resources if each.id != resource.id)
        yield replace(scene.facts, resources=rest)


def _taken_elsewhere(scene: Scene) -> Iterator[Facts]:
    """Let another operation, to which the same resource is offered, take up as much."""
    for action, mode, span in placed_actions(scene):
        for need in mode.resource_needs:
            assert action.point is not None
            shared = tuple(
                replace(each, offered_to=each.offered_to | {"operation_other"}) for each in scene.facts.resources
            )
            much = (replace(need, amount=1_000_000),)
            facts = replace(scene.facts, resources=shared)
            yield with_use_elsewhere(facts, span, action.point, country=action.country or "", resource_needs=much)


def _lag_raised(scene: Scene) -> Iterator[Facts]:
    for number, order in enumerate(scene.facts.precedences):
        if scene.placement(order.after_id) is not None:
            harder = replace(order, min_lag=timedelta(days=5), max_lag=None)
            rest = scene.facts.precedences
            yield replace(scene.facts, precedences=(*rest[:number], harder, *rest[number + 1 :]))


def _lag_lowered(scene: Scene) -> Iterator[Facts]:
    for number, order in enumerate(scene.facts.precedences):
        before, after = scene.placement(order.before_id), scene.placement(order.after_id)
        if before is not None and after is not None and after.start > before.end:
            harder = replace(order, min_lag=timedelta(), max_lag=after.start - before.end - timedelta(minutes=1))
            rest = scene.facts.precedences
            yield replace(scene.facts, precedences=(*rest[:number], harder, *rest[number + 1 :]))


def _put_into_a_group(scene: Scene) -> Iterator[Facts]:
    for action, _, _ in placed_actions(scene):
        if action.group_id is None:
            for group_id in scene.facts.groups:
                yield with_action(scene.facts, action, group_id=group_id)


FAULTS = (
    FactFault("capacity lowered", "capacity", _capacity_lowered),
    FactFault("resource withdrawn", "capacity", _resource_withdrawn),
    FactFault("taken elsewhere", "capacity", _taken_elsewhere),
    FactFault("lag raised", "precedence", _lag_raised),
    FactFault("lag lowered", "precedence", _lag_lowered),
    FactFault("put into a group", "simultaneity", _put_into_a_group),
)
