"""Simultaneity: actions of several cells and countries whose planted starts are one and the same."""

from collections import defaultdict
from random import Random

from opsplan.exercise.chance import stream
from opsplan.exercise.workshop import Workshop
from opsplan.exercise.world import Part, Strike, Task

_SHARE = 0.28
_SIZES = (2, 2, 3, 3, 4)
_TOLERANCES_MINUTES = (0, 0, 15, 30)


def bind_strikes(shop: Workshop, seed: int) -> None:
    """Bind somewhat more than a quarter of all actions into groups, prey first: a lost one takes the others along."""
    chance = stream(seed, "strikes")
    by_start: dict[int, list[Task]] = defaultdict(list)
    for task in shop.world.planted():
        if task.part is not Part.LURE and task.start is not None:
            by_start[task.start].append(task)
    groups = [group for start in sorted(by_start) for group in _grouped(chance, by_start[start])]
    groups.sort(key=lambda group: -sum(task.part is Part.PREY for task in group) / len(group))
    bound = 0
    for group in groups:
        if bound >= _SHARE * shop.shape.actions:
            break
        shop.world.strikes.append(Strike(group, chance.choice(_TOLERANCES_MINUTES)))
        bound += len(group)


def _grouped(chance: Random, tasks: list[Task]) -> list[list[Task]]:
    """Part tasks of one start into groups with no two of one cell; what is left over stays single."""
    chance.shuffle(tasks)
    tasks.sort(key=lambda task: task.part is not Part.PREY)
    groups: list[list[Task]] = []
    while tasks:
        group: list[Task] = []
        size = chance.choice(_SIZES)
        for task in list(tasks):
            if len(group) < size and all(task.cell != member.cell for member in group):
                group.append(task)
                tasks.remove(task)
        if len(group) < 2:
            break
        groups.append(group)
    return groups
