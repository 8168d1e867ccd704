"""Drawing resources tight: how much there is, day by day, round what the planted plan uses."""

from collections import defaultdict
from itertools import pairwise
from random import Random

import numpy as np
from numpy.typing import NDArray

from opsplan.exercise.chance import stream
from opsplan.exercise.shape import DAYS, HORIZON_SLOTS, SLOTS_PER_DAY
from opsplan.exercise.workshop import Workshop
from opsplan.exercise.world import Hold, Part, Pool, Task
from opsplan.operations.model import ResourceKind

LASTING_DAYS = 18
"""Capacity is given for so many days: people stay in shelters long after the operation's end."""

_EXACT_SHARE = 0.6
_MOST_SLACK = 8
_DAYS_AT_CAPACITY = 12
"""Country-days at capacity that are made sure of: two more than the specification asks."""

Use = NDArray[np.int64]
"""Amount in use by slot, over `LASTING_DAYS`."""


def draw_capacities(shop: Workshop, seed: int) -> None:
    """Draw the capacity of every pool that the planted plan uses.

    Where a small exercise uses too little of anything for the country-days at capacity, some more of its actions need
    the consulates' help.
    """
    world = shop.world
    early = sorted(
        (task for task in world.planted() if task.part is not Part.LURE), key=lambda task: (task.end, task.number)
    )
    while True:
        _draw(shop, stream(seed, "capacities"))
        if len(days_at_capacity(list(world.planted()), world.capacities)) >= _DAYS_AT_CAPACITY or not early:
            return
        task = early.pop(0)
        pool = Pool(task.host, ResourceKind.CONSULAR_SLOT)
        if pool not in world.reserved:
            lasting = HORIZON_SLOTS + SLOTS_PER_DAY - task.end
            task.way.holds.append(Hold(pool, 1 + task.number % 3, task.way.duration, lasting))


def _draw(shop: Workshop, chance: Random) -> None:
    world = shop.world
    use = use_of_pools(list(world.planted()))
    free: list[Pool] = []
    for pool in sorted(use, key=_order):
        reserved = world.reserved.get(pool)
        if reserved is not None:
            beside = [task for task in world.planted() if task.cell != reserved.cell]
            others = use_of_pools(beside, pool).get(pool, np.zeros_like(use[pool]))
            levels = np.maximum(reserved.amount + _peaks(others), _peaks(use[pool]))
        else:
            slack = 0 if chance.random() < _EXACT_SHARE else chance.randint(1, _MOST_SLACK)
            levels = _peaks(use[pool]) + slack
            free.append(pool)
        world.capacities[pool] = _spans(np.repeat(levels, SLOTS_PER_DAY))
    _make_sure(shop, use, free, chance)


def use_of_pools(tasks: list[Task], only: Pool | None = None) -> dict[Pool, Use]:
    """Add up what the planted ways of tasks use, by pool."""
    use: dict[Pool, Use] = defaultdict(lambda: np.zeros(LASTING_DAYS * SLOTS_PER_DAY, dtype=np.int64))
    for task in tasks:
        assert task.start is not None
        for hold in task.way.holds:
            if only is None or hold.pool == only:
                first = task.start + hold.offset
                use[hold.pool][first : first + hold.length] += hold.amount
    return dict(use)


def days_at_capacity(tasks: list[Task], capacities: dict[Pool, list[tuple[int, int, int]]]) -> set[tuple[str, int]]:
    """Give the country-days in which some resource is used to its last unit, from midnight to midnight UTC."""
    found = set()
    for pool, use in use_of_pools(tasks).items():
        capacity = _by_slot(capacities[pool])
        full = (use == capacity) & (capacity > 0)
        days = full.reshape(LASTING_DAYS, SLOTS_PER_DAY).all(axis=1)[:DAYS]
        found |= {(pool.country, int(day)) for day in np.flatnonzero(days)}
    return found


def _make_sure(shop: Workshop, use: dict[Pool, Use], free: list[Pool], chance: Random) -> None:
    """Let capacity follow the use within some days of free pools, until enough country-days stand at capacity."""
    world = shop.world
    full = days_at_capacity(list(world.planted()), world.capacities)
    chance.shuffle(free)
    for pool in free:
        capacity = _by_slot(world.capacities[pool])
        for day in range(DAYS):
            span = slice(day * SLOTS_PER_DAY, (day + 1) * SLOTS_PER_DAY)
            if len(full) < _DAYS_AT_CAPACITY and (pool.country, day) not in full and use[pool][span].min() > 0:
                capacity[span] = use[pool][span]
                full.add((pool.country, day))
        world.capacities[pool] = _spans(capacity)


def _peaks(use: Use) -> Use:
    peaks: Use = use.reshape(LASTING_DAYS, SLOTS_PER_DAY).max(axis=1)
    return peaks


def _spans(capacity: Use) -> list[tuple[int, int, int]]:
    """Write a capacity by slot as spans of one amount."""
    turns = [0, *(np.flatnonzero(np.diff(capacity)) + 1).tolist(), len(capacity)]
    return [(first, last, int(capacity[first])) for first, last in pairwise(turns)]


def _by_slot(spans: list[tuple[int, int, int]]) -> Use:
    capacity = np.zeros(LASTING_DAYS * SLOTS_PER_DAY, dtype=np.int64)
    for first, last, amount in spans:
        capacity[first:last] = amount
    return capacity


def _order(pool: Pool) -> tuple[str, str, str]:
    return pool.country, pool.kind.value, pool.language
