"""Claims of agencies that plan elsewhere: what a search would like to place early, they have taken the hours before.

Each lies at the site of one planted action and keeps it from starting as early as its window allows. It leaves the
planted plan alone, comes near to no other claim, and near to no action that is there to be impossible for another
reason.
"""

from collections.abc import Iterable
from itertools import groupby

import numpy as np

from opsplan.exercise.chance import stream
from opsplan.exercise.ground import Place
from opsplan.exercise.shape import hours
from opsplan.exercise.workshop import Workshop
from opsplan.exercise.world import Elsewhere, Part, Task
from opsplan.geography.geodesy import degrees_of, great_circle_m, unit_vectors
from opsplan.operations.model import ActionKind

KIND = ActionKind.SURVEILLANCE
"""What they do: watch."""

_SHARE = 0.06
_FEWEST = 3
_DOORS = frozenset({ActionKind.RAID, ActionKind.SEARCH, ActionKind.ARREST, ActionKind.VICTIM_EXTRACTION})
_KEPT_SLOTS = hours(6)
"""Between a door and a watch the service's own table asks for six hours, and 2,000 m."""
_LEAST_TAKEN = hours(1)
_NEAR_M = 6_000.0
"""What lies farther off than this is near by no rule of that table."""
_RADIUS_M = (100, 400)


def add_elsewhere(shop: Workshop, seed: int) -> None:
    """Claim the hours before some of the planted actions."""
    chance = stream(seed, "elsewhere")
    tempting = [task for task in shop.world.planted() if _is_tempting(task)]
    chance.shuffle(tempting)
    wanted = max(_FEWEST, round(_SHARE * len(shop.world.tasks)))
    ground = _Ground(shop.world.tasks)
    for task in tempting:
        if len(shop.world.elsewhere) == wanted:
            break
        assert task.start is not None
        # Long enough for the first starts of the window to be taken, and over in time for the planted one.
        to_spare = min(hours(2), task.start - task.window[0] - _LEAST_TAKEN)
        last = task.start - _KEPT_SLOTS - chance.randint(0, to_spare)
        first = last - hours(chance.randint(2, 8))
        radius_m = chance.randrange(*_RADIUS_M, 50)
        if ground.is_free(task.place, first - _KEPT_SLOTS, last + _KEPT_SLOTS):
            ground.claimed.add(task.place.number)
            shop.world.elsewhere.append(Elsewhere(task, first, last, radius_m))


def _is_tempting(task: Task) -> bool:
    """Whether a search might start it early, and nothing is lost by its doing so."""
    is_door = task.part is Part.PLAIN and task.kind in _DOORS
    return is_door and task.start is not None and task.window[0] + _LEAST_TAKEN <= task.start


class _Ground:
    """What is planned near each place."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        ordered = sorted(tasks, key=lambda task: task.place.number)
        self._there = {number: list(those) for number, those in groupby(ordered, lambda task: task.place.number)}
        places = [those[0].place for those in self._there.values()]
        self._numbers = np.array([place.number for place in places])
        self._vectors = unit_vectors(degrees_of([place.point for place in places]))
        self.claimed: set[int] = set()

    def is_free(self, place: Place, first: int, last: int) -> bool:
        """Whether nothing near a place is claimed, impossible, or planted within these slots."""
        away = great_circle_m(unit_vectors(degrees_of([place.point])), self._vectors)[0]
        near = self._numbers[away <= _NEAR_M].tolist()
        return self.claimed.isdisjoint(near) and all(
            task.start is not None and (task.end <= first or last <= task.start)
            for number in near
            for task in self._there[number]
        )
