"""From a project to what the kernels read, and a first plan's lists."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solver.compiled.lags.tables import NEVER, Lists, Numbers, Plan, Tables
from solver.network import Network


def flatten(network: Network, slots: int) -> Tables:
    """Return the project as arrays.

    Parameters
    ----------
    network
        The project and its distances; every lag holds in some plan (`Network.holds`).
    slots
        How many slots plans may reach to.
    """
    project = network.project
    count, units = len(project.durations), len(project.away)
    words = max(1, -(-units // 64))
    needs = [need for of_action in project.needs for need in of_action]
    need_units = np.zeros((len(needs), words), np.uint64)
    serves = np.zeros((count, units), np.uint64)
    row = 0
    for action, of_action in enumerate(project.needs):
        for number, need in enumerate(of_action):
            for unit in need.units:
                need_units[row, unit >> 6] |= np.uint64(1 << (unit & 63))
                serves[action, unit] |= np.uint64(1 << number)
            row += 1
    arcs = [
        [
            (before, lag)
            for before, lag in network.arcs_to[action]
            if network.block_of[before] != network.block_of[action]
        ]
        for action in range(count)
    ]
    follows = np.zeros((len(network.blocks), len(network.blocks)), np.int32)
    for action, into in enumerate(arcs):
        for before, _ in into:
            follows[network.block_of[before], network.block_of[action]] = 1
    distance = np.full((count, count), -NEVER, np.int32)
    for block, paths in zip(network.blocks, network.distances, strict=True):
        distance[np.ix_(block, block)] = paths
    away = np.zeros((slots, words), np.uint64)
    for unit, gaps in enumerate(project.away):
        for from_slot, until_slot in gaps:
            away[from_slot:until_slot, unit >> 6] |= np.uint64(1 << (unit & 63))
    capacity = np.zeros((slots, len(project.capacities)), np.int32)
    for resource, steps in enumerate(project.capacities):
        for from_slot, amount in steps:
            capacity[max(0, from_slot) :, resource] = amount
    return Tables(
        _numbers(project.durations),
        _numbers(network.first_starts),
        _numbers(network.last_starts),
        _ends([len(into) for into in arcs]),
        _numbers([before for into in arcs for before, _ in into]),
        _numbers([lag for into in arcs for _, lag in into]),
        distance,
        _numbers(network.block_of),
        _ends([len(block) for block in network.blocks]),
        follows,
        np.array(project.demands, np.int32).reshape(count, len(project.capacities)),
        capacity,
        _ends([len(of_action) for of_action in project.needs]),
        _numbers([need.count for need in needs]),
        need_units,
        serves,
        _ends([sum(need.count for need in of_action) for of_action in project.needs]),
        away,
    )


def first_lists(network: Network) -> Lists:
    """Return lists that keep the order of lags, with scarce units ranked last.

    A unit is as scarce as the work that it may be asked for: each need's, shared among the units that will do.
    """
    project = network.project
    asked = [0.0] * len(project.away)
    for action, needs in enumerate(project.needs):
        for need in needs:
            for unit in need.units:
                asked[unit] += need.count * project.durations[action] / len(need.units)
    ranked = sorted(range(len(asked)), key=lambda unit: (asked[unit], unit))
    members = []
    for block, paths in zip(network.blocks, network.distances, strict=True):
        # How many come before an action says where it stands: "before" is an order.
        order = sorted(range(len(block)), key=lambda place: (int((paths[:, place] > 0).sum()), place))
        members += [block[place] for place in order]
    return Lists(
        _numbers(range(len(network.blocks))),
        _numbers(members),
        np.tile(_numbers(ranked), (len(project.durations), 1)),
    )


def empty_plan(tables: Tables, offsets: Sequence[int]) -> Plan:
    """Return a plan without actions.

    Parameters
    ----------
    tables
        Of the project.
    offsets
        Per action, a start relative to its block's first at which the whole block fits, other blocks aside.
    """
    team = np.zeros(tables.team[-1], np.int32)
    used, busy = np.zeros_like(tables.capacity), np.zeros_like(tables.away)
    return Plan(np.zeros_like(tables.duration), team, team.copy(), used, busy, _numbers(offsets), _numbers(offsets))


def copied(lists: Lists) -> Lists:
    """Return a copy."""
    return Lists(*(array.copy() for array in lists))


def _numbers(values: Sequence[int]) -> Numbers:
    return np.array(values, np.int32)


def _ends(sizes: Sequence[int]) -> Numbers:
    """Where each of several runs begins, and where the last ends."""
    return np.concatenate([np.zeros(1, np.int32), np.cumsum(np.array(sizes, np.int32), dtype=np.int32)])
