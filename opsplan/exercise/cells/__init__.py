"""Cells: small knots of actions in which the earliest start is the wrong one.

Each file makes one kind: a lure that could start early and must wait, and the prey that is lost when it does not.
Here does not live what is drawn round all of them afterwards: staffing by shared units, capacities, duty limits.
"""

from collections.abc import Callable

from opsplan.exercise.cells.lag import make_lag
from opsplan.exercise.cells.plain import make_plain
from opsplan.exercise.cells.reception import make_reception
from opsplan.exercise.cells.relay import make_relay
from opsplan.exercise.cells.scarce import make_scarce
from opsplan.exercise.workshop import Workshop
from opsplan.exercise.world import Task

_MakeCell = Callable[[Workshop, int], list[Task]]
_SHARES: tuple[tuple[_MakeCell, float], ...] = (
    (make_reception, 0.30),
    (make_scarce, 0.30),
    (make_relay, 0.14),
    (make_lag, 0.10),
    (make_plain, 0.16),
)
_MOST_IN_CELL = 5


def plant_cells(shop: Workshop, count: int) -> None:
    """Plant `count` actions in cells, every kind of cell kept at its share all the way."""
    made = dict.fromkeys(range(len(_SHARES)), 0)
    planted = 0
    while planted < count:
        left = count - planted
        turn = min(made, key=lambda number: (made[number] / _SHARES[number][1], number))
        if left < _MOST_IN_CELL:
            # What is left is too little for some kinds.
            turn = next(number for number, (make, _) in enumerate(_SHARES) if make is make_plain)
        tasks = _SHARES[turn][0](shop, left)
        made[turn] += len(tasks)
        planted += len(tasks)


__all__ = ["plant_cells"]
