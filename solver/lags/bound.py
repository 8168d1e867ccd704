"""A lower bound on the last end, without search."""

from __future__ import annotations

from solver.network import LaggedProject, Network


def least_end_slot(network: Network) -> int:
    """Return the larger of the longest path and of what resources and units must carry.

    What an action asks of a resource or of the units in all takes so many slots at full capacity, after the first start
    and before the least tail of those that ask.
    """
    project = network.project
    count = range(len(project.durations))
    ends = [network.first_starts[action] + project.durations[action] for action in count]
    tails = _tails(network)
    best = max(network.first_starts[action] + tails[action] for action in count)
    best = max(best, *ends)
    for resource, steps in enumerate(project.capacities):
        most = max((capacity for _, capacity in steps), default=0)
        amounts = {action: project.demands[action][resource] for action in count if project.demands[action][resource]}
        best = max(best, _carried(network, amounts, most, tails))
    for units in sorted({need.units for needs in project.needs for need in needs}):
        inside = set(units)
        amounts = {}
        for action in count:
            asked = sum(need.count for need in project.needs[action] if inside.issuperset(need.units))
            if asked:
                amounts[action] = asked
        best = max(best, _carried(network, amounts, len(units), tails))
    return best


def _carried(network: Network, amounts: dict[int, int], capacity: int, tails: list[int]) -> int:
    if not amounts or not capacity:
        return 0
    project: LaggedProject = network.project
    work = sum(amount * project.durations[action] for action, amount in amounts.items())
    head = min(network.first_starts[action] for action in amounts)
    tail = min(tails[action] - project.durations[action] for action in amounts)
    return head - (-work // capacity) + tail


def _tails(network: Network) -> list[int]:
    """Slots from each action's start to the last end, at least."""
    tails = list(network.project.durations)
    for block in reversed(network.blocks):
        number = network.block_of[block[0]]
        for action in block:
            for after, lag_slots in network.arcs_from[action]:
                if network.block_of[after] != number:
                    tails[action] = max(tails[action], lag_slots + tails[after])
        if len(block) > 1:
            paths = network.distances[number]
            own = [tails[action] for action in block]
            for place, action in enumerate(block):
                tails[action] = max(int(paths[place, other]) + tail for other, tail in enumerate(own))
    return tails
