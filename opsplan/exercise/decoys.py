"""Decoys: modes that look cheaper or quicker and lead nowhere, or take what another action cannot do without."""

from random import Random

from opsplan.exercise.chance import stream
from opsplan.exercise.languages import UNSPOKEN
from opsplan.exercise.shape import hours
from opsplan.exercise.workshop import Workshop
from opsplan.exercise.world import Need, Part, Task, Way
from opsplan.operations.model import UnitKind

_SHARE = 0.35


def add_decoys(shop: Workshop, seed: int) -> None:
    """Give about a third of the planted actions one more mode."""
    chance = stream(seed, "decoys")
    prey = {task.cell: task for task in shop.world.planted() if task.part is Part.PREY}
    for task in shop.world.planted():
        task.way.cost = chance.randrange(200, 4_000, 50)
        if chance.random() >= _SHARE:
            continue
        hunted = prey.get(task.cell)
        if task.part is Part.LURE and hunted is not None and hunted.host == task.host:
            way = _greedy(task, hunted)
        elif task.part is Part.PLAIN and chance.random() < 0.5:
            way = _larger(chance, task)
        else:
            way = _unstaffed(chance, task)
        if chance.random() < 0.5:
            task.ways.insert(0, way)
            task.planted_way = 1
        else:
            task.ways.append(way)


def _greedy(task: Task, hunted: Task) -> Way:
    """Take the very team that the prey needs: cheaper by far, and at hand at once."""
    need = hunted.way.needs[0]
    return Way(task.way.duration, [Need(need.kind, need.type, need.languages)], list(task.way.holds), cost=50)


def _larger(chance: Random, task: Task) -> Way:
    """Do the same with more people and in more time."""
    more = Need(chance.choice((UnitKind.INVESTIGATION, UnitKind.TACTICAL, UnitKind.MEDICAL)), 4, count=2)
    needs = [Need(need.kind, need.type, need.languages, need.count) for need in task.way.needs]
    duration = task.way.duration + hours(1)
    return Way(duration, [*needs, more], list(task.way.holds), cost=task.way.cost + 1_000)


def _unstaffed(chance: Random, task: Task) -> Way:
    """Ask for people who speak what nobody speaks: quick and for free, if only they existed."""
    need = Need(task.way.needs[0].kind, 1, (chance.choice(UNSPOKEN),))
    return Way(max(2, task.way.duration // 2), [need], list(task.way.holds), cost=0)
