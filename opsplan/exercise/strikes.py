"""Simultaneity: actions of several cells and countries that begin together in the planted plan, or nearly so."""

from collections import defaultdict
from random import Random

from opsplan.exercise.chance import stream
from opsplan.exercise.shape import SLOT_MINUTES, hours
from opsplan.exercise.workshop import Workshop
from opsplan.exercise.world import Part, Strike, Task

_SHARE = 0.28
_LEAST_SHARE = 0.23
_SIZES = (2, 2, 3, 3, 4)
_TOLERANCES_MINUTES = (0, 0, 15, 30)
_SPREADS = (hours(1), hours(3), hours(6), hours(12))


def bind_strikes(shop: Workshop, seed: int) -> None:
    """Bind somewhat more than a quarter of all actions into groups, prey first: a lost one takes the others along.

    Groups begin in one slot. Where a small exercise has too few actions that do, some more are bound with a tolerance
    that holds their starts.
    """
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
    for spread in _SPREADS:
        _bind_loosely(shop, spread, _LEAST_SHARE * shop.shape.actions)


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


def _bind_loosely(shop: Workshop, spread: int, wanted: float) -> None:
    """Bind pairs of yet single actions whose starts lie up to `spread` slots apart, until enough are bound."""
    strikes = shop.world.strikes
    bound = {task.number for strike in strikes for task in strike.tasks}
    single = [task for task in shop.world.planted() if task.part is not Part.LURE and task.number not in bound]
    single.sort(key=lambda task: (task.start, task.number))
    while single and len(bound) < wanted:
        first = single.pop(0)
        assert first.start is not None
        for other in single:
            assert other.start is not None
            if other.cell != first.cell and other.start - first.start <= spread:
                strikes.append(Strike([first, other], (other.start - first.start) * SLOT_MINUTES))
                bound |= {first.number, other.number}
                single.remove(other)
                break
