"""Plans that speak of what does not exist, or tell people what is not so."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from tests.oracle import Plan
from tests.stories.plan_faults.edits import at, left_out, moved, staffed, with_placement
from tests.stories.plan_faults.scene import STEP, Fault, Scene

_NOBODY, _NOTHING = "unit_nobody", "mode_nothing"
_ELSEWHERE = "Pacific/Apia"


def _staffed_by_nobody(scene: Scene) -> Iterator[Plan]:
    for placement, need in scene.needs():
        yield scene.filled(placement, need, (*placement.staffing[need.id][1:], _NOBODY))


def _in_no_mode(scene: Scene) -> Iterator[Plan]:
    for each in scene.plan.placements:
        yield with_placement(scene.plan, each, replace(each, mode_id=_NOTHING))


def _one_need_forgotten(scene: Scene) -> Iterator[Plan]:
    for placement, need in scene.needs():
        yield staffed(
            scene.plan, placement, {key: units for key, units in placement.staffing.items() if key != need.id}
        )


def _placed_twice(scene: Scene) -> Iterator[Plan]:
    for each in scene.plan.placements:
        yield replace(scene.plan, placements=(*scene.plan.placements, each))


def _off_the_grid(scene: Scene) -> Iterator[Plan]:
    for each in scene.plan.placements:
        yield moved(scene.facts, scene.plan, each, each.start + timedelta(minutes=2))


def _other_units_listed(scene: Scene) -> Iterator[Plan]:
    for each in scene.plan.placements:
        yield with_placement(scene.plan, each, replace(each, unit_ids=each.unit_ids[1:]))


def _ends_early(scene: Scene) -> Iterator[Plan]:
    for each in scene.plan.placements:
        yield with_placement(scene.plan, each, replace(each, end=each.end - STEP))


def _in_another_zone(scene: Scene) -> Iterator[Plan]:
    for each in scene.plan.placements:
        there = at(scene.facts, replace(each, time_zone=_ELSEWHERE), each.start, each.end - each.start)
        yield with_placement(scene.plan, each, there)


def _an_hour_off_on_the_clock(scene: Scene) -> Iterator[Plan]:
    for each in scene.plan.placements:
        wrong = each.local_start.replace(tzinfo=None) + timedelta(hours=1)
        shown = wrong.replace(tzinfo=each.local_start.tzinfo)
        yield with_placement(scene.plan, each, replace(each, local_start=shown))


def _off_from_h_hour(scene: Scene) -> Iterator[Plan]:
    for each in scene.plan.placements:
        yield with_placement(scene.plan, each, replace(each, h_offset_minutes=each.h_offset_minutes + 15))


def _mandatory_left_out(scene: Scene) -> Iterator[Plan]:
    for each in scene.plan.placements:
        if scene.action(each).mandatory:
            yield left_out(scene.plan, each)


FAULTS = (
    Fault("staffed by nobody", "well_formed", _staffed_by_nobody),
    Fault("in no mode", "well_formed", _in_no_mode),
    Fault("one need forgotten", "well_formed", _one_need_forgotten),
    Fault("placed twice", "well_formed", _placed_twice, expressible=False),
    Fault("off the grid", "well_formed", _off_the_grid, expressible=False),
    Fault("other units listed", "well_formed", _other_units_listed, expressible=False),
    Fault("ends early", "duration", _ends_early, expressible=False),
    Fault("in another zone", "local_time", _in_another_zone, expressible=False),
    Fault("an hour off on the clock", "local_time", _an_hour_off_on_the_clock, expressible=False),
    Fault("off from H-hour", "local_time", _off_from_h_hour, expressible=False),
    Fault("a mandatory action left out", "mandatory", _mandatory_left_out, expressible=False),
)
