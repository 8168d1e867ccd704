"""Plans with one change drawn at random: another start, another unit, one unit fewer, an action dropped or added."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

from tests.oracle import Placement, Plan
from tests.stories.plan_faults.edits import at, left_out, moved, with_placement
from tests.stories.plan_faults.scene import Scene
from tests.stories.plan_faults.ties import in_mode

_SLOT = timedelta(minutes=5)


def random_edits(scene: Scene, seed: int, count: int) -> Iterator[Plan]:
    """Give so many changed plans; the same seed gives the same changes of the same plan."""
    chance = Random(seed)
    for _ in range(count):
        placement = chance.choice(scene.plan.placements)
        match chance.choice(("hours", "minutes", "unit", "short", "mode", "drop", "add")):
            case "hours":
                start = placement.start + chance.randint(-600, 600) * _SLOT
                yield moved(scene.facts, scene.plan, placement, max(start, scene.facts.span.start))
            case "minutes":
                yield moved(scene.facts, scene.plan, placement, placement.start + chance.choice((-1, 1, 2, 3)) * _SLOT)
            case "unit":
                needs = scene.mode(placement).unit_needs
                if needs:
                    unit = scene.facts.units[chance.choice(sorted(scene.facts.units))]
                    yield scene.replaced(placement, chance.choice(needs), unit)
            case "short":
                needs = scene.mode(placement).unit_needs
                if needs:
                    need = chance.choice(needs)
                    yield scene.filled(placement, need, placement.staffing[need.id][1:])
            case "mode":
                yield in_mode(scene, placement, chance.choice(scene.action(placement).modes))
            case "drop":
                yield left_out(scene.plan, placement)
            case "add":
                yield from _added(scene, chance)


def _added(scene: Scene, chance: Random) -> Iterator[Plan]:
    """Place an action that is left out, somewhere in its window, with any units that fit."""
    placed = {each.action_id for each in scene.plan.placements}
    waiting = sorted(set(scene.facts.actions) - placed)
    action = scene.facts.actions[chance.choice(waiting)] if waiting else None
    if action is None or not action.modes:
        return
    # Any placement will do to be filled in anew: zone and clock are set by its start.
    first = scene.plan.placements[0]
    empty = Placement(
        action.id, action.modes[0].id, action.window.start, action.window.start, {}, (), first.local_start, "UTC", 0
    )
    wider = replace(scene.plan, placements=(*scene.plan.placements, empty))
    mode = chance.choice(action.modes)
    plan = in_mode(Scene(scene.facts, wider), empty, mode)
    new = next(each for each in plan.placements if each.action_id == action.id)
    span = action.window.end - action.window.start - mode.duration
    start = action.window.start + chance.randint(0, max(0, span // _SLOT)) * _SLOT
    yield with_placement(plan, new, at(scene.facts, new, start, mode.duration))
