"""The order that a plan gives to actions which share something: a partial order schedule."""

from __future__ import annotations

from collections.abc import Iterable

from solver.network import LaggedProject, Schedule


def order_of(project: LaggedProject, schedule: Schedule, kept: Iterable[int]) -> set[tuple[int, int]]:
    """Return pairs of kept actions, the first of which ends before the second starts, that leave no conflict.

    Whatever starts keep these orders and the lags, the kept actions never use more than there is, where capacities are
    the same at all times (chaining, Policella, Cesta, Oddi and Smith 2007). Units count as resources of one.
    """
    by_start = sorted(kept, key=lambda action: (schedule.starts[action], action))
    orders: set[tuple[int, int]] = set()
    for resource, steps in enumerate(project.capacities):
        _chain(project, schedule, by_start, resource, max((capacity for _, capacity in steps), default=0), orders)
    last_of_unit: dict[int, int] = {}
    for action in by_start:
        for unit in (unit for team in schedule.teams[action] for unit in team):
            if unit in last_of_unit:
                orders.add((last_of_unit[unit], action))
            last_of_unit[unit] = action
    return orders


def _chain(
    project: LaggedProject,
    schedule: Schedule,
    by_start: list[int],
    resource: int,
    capacity: int,
    orders: set[tuple[int, int]],
) -> None:
    """Hand the resource from action to action: what one sets free goes to those that start next.

    `free` holds who had how much last; an action takes first from those that ended last, so that the chains stay few.
    """
    free: list[tuple[int, int, int]] = [(0, -1, capacity)]
    for action in by_start:
        wanted = project.demands[action][resource]
        if not wanted:
            continue
        start = schedule.starts[action]
        free.sort(reverse=True)
        left: list[tuple[int, int, int]] = []
        for end, holder, amount in free:
            given = min(amount, wanted) if end <= start else 0
            wanted -= given
            if given and holder >= 0:
                orders.add((holder, action))
            if amount > given:
                left.append((end, holder, amount - given))
        left.append((start + project.durations[action], action, project.demands[action][resource]))
        free = left
