"""Simulated annealing over the order of blocks, the order inside them, and who is sent first."""

from __future__ import annotations

import numpy as np

from solver.compiled.chance import State, below, share
from solver.compiled.jit import compiled, entry
from solver.compiled.lags.generation import generate
from solver.compiled.lags.tables import NEVER, Floats, Lists, Numbers, Plan, Tables

TEMPERATURE, COOLING, MEAN_END_WEIGHT, COST, BEST_COST, RANKING_SHARE, MEMBER_SHARE = range(7)
"""Places in `heat`: the temperature and its factor per move, the weight of the mean end, the cost of the lists and that
of the best ones, the shares of moves that change a ranking and the order inside a block."""
HEATS = 7
NO_PLAN = 1e18
"""The cost of lists that give no plan."""
_HOPELESS = 30.0


@compiled
def shift(items: Numbers, source: int, target: int) -> None:
    """Move one item to another place; those between move up."""
    item = items[source]
    if source < target:
        for place in range(source, target):
            items[place] = items[place + 1]
    else:
        for place in range(source, target, -1):
            items[place] = items[place - 1]
    items[target] = item


@compiled
def new_place_of_block(tables: Tables, lists: Lists, place: int, state: State) -> int:
    """Choose another place for a block, between those it follows and those that follow it."""
    block = lists.blocks[place]
    low = place
    while low > 0 and not tables.follows[lists.blocks[low - 1], block]:
        low -= 1
    high = place
    while high + 1 < lists.blocks.shape[0] and not tables.follows[block, lists.blocks[high + 1]]:
        high += 1
    if low == high:
        return place
    target = low + below(state, high - low)
    return target + 1 if target >= place else target


@compiled
def new_place_of_member(tables: Tables, lists: Lists, place: int, state: State) -> int:
    """Choose another place for an action inside its block, where no lag of 1 slot or more forbids it."""
    action = lists.members[place]
    block = tables.block_of[action]
    low = place
    while low > tables.block_from[block] and tables.distance[lists.members[low - 1], action] <= 0:
        low -= 1
    high = place
    while high + 1 < tables.block_from[block + 1] and tables.distance[action, lists.members[high + 1]] <= 0:
        high += 1
    if low == high:
        return place
    target = low + below(state, high - low)
    return target + 1 if target >= place else target


@entry
def cost_of(tables: Tables, plan: Plan, end: int, tie: float) -> float:
    """The last end, and among equals the mean end, which tells which plans are nearly shorter."""
    if end == NEVER:
        return NO_PLAN
    total = 0
    for action in range(plan.start.shape[0]):
        total += plan.start[action] + tables.duration[action]
    return float(end + tie * total / plan.start.shape[0])


@entry
def copy_lists(source: Lists, target: Lists) -> None:
    """Copy every list."""
    target.blocks[:] = source.blocks
    target.members[:] = source.members
    target.ranking[:, :] = source.ranking


@entry
def anneal(
    tables: Tables, lists: Lists, plan: Plan, best: Lists, best_plan: Plan, heat: Floats, state: State, moves: int
) -> int:
    """Try so many moves (Kirkpatrick, Gelatt and Vecchi 1983).

    `heat` is read and kept up to date by the places named above. Returns how often `best` was renewed.
    """
    renewed = 0
    blocks = lists.blocks.shape[0]
    actions = lists.members.shape[0]
    units = lists.ranking.shape[1]
    ranking_share = heat[RANKING_SHARE]
    list_share = ranking_share + heat[MEMBER_SHARE]
    for _ in range(moves):
        heat[TEMPERATURE] *= heat[COOLING]
        kind = share(state)
        row = 0
        if kind < ranking_share:
            row = below(state, actions)
            if tables.needs_from[row + 1] == tables.needs_from[row]:
                continue
            # A team is a small part of the ranking: bring one from anywhere before a place near the front.
            source = below(state, units)
            target = below(state, min(units, 2 * (tables.team[row + 1] - tables.team[row])))
            if source == target:
                continue
            shift(lists.ranking[row], source, target)
        elif kind < list_share:
            source = below(state, actions)
            target = new_place_of_member(tables, lists, source, state)
            if source == target:
                continue
            shift(lists.members, source, target)
        else:
            source = below(state, blocks)
            target = new_place_of_block(tables, lists, source, state)
            if source == target:
                continue
            shift(lists.blocks, source, target)
        end = generate(tables, lists, plan)
        cost = cost_of(tables, plan, end, heat[MEAN_END_WEIGHT])
        worse = cost - heat[COST]
        accepted = worse <= 0
        if not accepted and worse < _HOPELESS * heat[TEMPERATURE]:
            accepted = share(state) < np.exp(-worse / heat[TEMPERATURE])
        if accepted:
            heat[COST] = cost
            if cost < heat[BEST_COST]:
                heat[BEST_COST] = cost
                renewed += 1
                copy_lists(lists, best)
                best_plan.start[:] = plan.start
                best_plan.units[:] = plan.units
                best_plan.unit_need[:] = plan.unit_need
        elif kind < ranking_share:
            shift(lists.ranking[row], target, source)
        elif kind < list_share:
            shift(lists.members, target, source)
        else:
            shift(lists.blocks, target, source)
    return renewed
