"""Plans whose actions do not go together, want more than there is, or leave what is locked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from tests.oracle import Placement, Plan
from tests.oracle.facts import Mode
from tests.stories.plan_faults.edits import at, left_out, moved, with_placement
from tests.stories.plan_faults.scene import STEP, Fault, Scene


def _more_than_there_is_then(scene: Scene) -> Iterator[Plan]:
    for each in scene.plan.placements:
        if scene.mode(each).resource_needs:
            for start in scene.starts(each):
                yield moved(scene.facts, scene.plan, each, start)


def in_mode(scene: Scene, placement: Placement, mode: Mode) -> Plan:
    """Do an action in another mode, with any units that fit and may act there."""
    staffing: dict[str, tuple[str, ...]] = {}
    for need in mode.unit_needs:
        taken = {unit for units in staffing.values() for unit in units}
        host = scene.action(placement).country
        fit = [unit.id for unit in scene.units(need) if host in unit.may_act_in and unit.id not in taken]
        staffing[need.id] = tuple(sorted(fit[: need.count]))
    units = tuple(unit for each in staffing.values() for unit in each)
    done = replace(placement, mode_id=mode.id, staffing=staffing, unit_ids=units)
    return with_placement(scene.plan, placement, at(scene.facts, done, placement.start, mode.duration))


def _too_soon_after(scene: Scene) -> Iterator[Plan]:
    for order in scene.facts.precedences:
        before, after = scene.placement(order.before_id), scene.placement(order.after_id)
        if before is not None and after is not None:
            yield moved(scene.facts, scene.plan, after, before.end + order.min_lag - STEP)
            end = after.start - order.min_lag + STEP
            yield moved(scene.facts, scene.plan, before, end - scene.mode(before).duration)


def _too_late_after(scene: Scene) -> Iterator[Plan]:
    for order in scene.facts.precedences:
        before, after = scene.placement(order.before_id), scene.placement(order.after_id)
        if before is not None and after is not None and order.max_lag is not None:
            yield moved(scene.facts, scene.plan, after, before.end + order.max_lag + STEP)
            end = after.start - order.max_lag - STEP
            yield moved(scene.facts, scene.plan, before, end - scene.mode(before).duration)


def _without_what_comes_before(scene: Scene) -> Iterator[Plan]:
    for order in scene.facts.precedences:
        before, after = scene.placement(order.before_id), scene.placement(order.after_id)
        if before is not None and after is not None:
            yield left_out(scene.plan, before)


def _members(scene: Scene) -> Iterator[tuple[Placement, timedelta]]:
    for each in scene.plan.placements:
        group = scene.facts.groups.get(scene.action(each).group_id or "")
        if group is not None:
            yield each, group.tolerance


def _out_of_step(scene: Scene) -> Iterator[Plan]:
    for each, tolerance in _members(scene):
        for way in (1, -1):
            for more in range(1, 5):
                yield moved(scene.facts, scene.plan, each, each.start + way * (tolerance + more * STEP))


def _one_member_missing(scene: Scene) -> Iterator[Plan]:
    for each, _ in _members(scene):
        yield left_out(scene.plan, each)


def _locked(scene: Scene) -> list[Placement]:
    return [each for each in scene.plan.placements if each.action_id in scene.facts.locks]


def _locked_and_moved(scene: Scene) -> Iterator[Plan]:
    for each in _locked(scene):
        for start in scene.starts(each):
            if start != each.start:
                yield moved(scene.facts, scene.plan, each, start)


def _locked_and_restaffed(scene: Scene) -> Iterator[Plan]:
    for placement, need, unit in scene.permitted():
        if placement.action_id in scene.facts.locks:
            yield scene.replaced(placement, need, unit)


def _locked_and_done_otherwise(scene: Scene) -> Iterator[Plan]:
    for each in _locked(scene):
        for mode in scene.action(each).modes:
            if mode.id != each.mode_id:
                yield in_mode(scene, each, mode)


def _locked_and_left_out(scene: Scene) -> Iterator[Plan]:
    for each in _locked(scene):
        yield left_out(scene.plan, each)


FAULTS = (
    Fault("more than there is then", "capacity", _more_than_there_is_then),
    Fault("too soon after the first", "precedence", _too_soon_after),
    Fault("too late after the first", "precedence", _too_late_after),
    Fault("without the first", "precedence", _without_what_comes_before),
    Fault("out of step with its group", "simultaneity", _out_of_step),
    Fault("without one of its group", "simultaneity", _one_member_missing),
    Fault("locked and moved", "locks", _locked_and_moved),
    Fault("locked and staffed otherwise", "locks", _locked_and_restaffed),
    Fault("locked and done otherwise", "locks", _locked_and_done_otherwise),
    Fault("locked and left out", "locks", _locked_and_left_out),
)
