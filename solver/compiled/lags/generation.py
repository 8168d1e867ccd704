"""Serial schedule generation with minimum and maximum lags, resources and skilled units."""

from __future__ import annotations

import numpy as np

from solver.compiled.jit import compiled, entry
from solver.compiled.lags.tables import NEVER, Lists, Numbers, Plan, Tables
from solver.compiled.lags.team import choose_team, could_fill

_REPAIRS = 12


@compiled
def first_fit(tables: Tables, plan: Plan, action: int, from_slot: int, until_slot: int, ranking: Numbers) -> int:
    """Return the first start in ``[from_slot, until_slot]`` at which resources and units suffice, or `NEVER`.

    The team is left in the plan's list of units.
    """
    duration = tables.duration[action]
    resources = tables.demand.shape[1]
    words = plan.busy.shape[1]
    last = min(until_slot, plan.used.shape[0] - duration)
    staffed = tables.needs_from[action + 1] > tables.needs_from[action]
    free = np.empty(words, np.uint64)
    slot = from_slot
    while slot <= last:
        jump = -1
        for offset in range(duration - 1, -1, -1):
            here = slot + offset
            for resource in range(resources):
                if plan.used[here, resource] + tables.demand[action, resource] > tables.capacity[here, resource]:
                    jump = here + 1
                    break
            if jump >= 0:
                break
        if jump >= 0:
            slot = jump
            continue
        if not staffed:
            return slot
        for word in range(words):
            gone = np.uint64(0)
            for here in range(slot, slot + duration):
                gone |= plan.busy[here, word]
            free[word] = ~gone
        if could_fill(tables, action, free) and choose_team(tables, action, free, ranking, plan):
            return slot
        slot += 1
    return NEVER


@compiled
def put(tables: Tables, plan: Plan, action: int, slot: int) -> None:
    """Enter an action at a start, with the team in the plan's list."""
    plan.start[action] = slot
    for here in range(slot, slot + tables.duration[action]):
        for resource in range(tables.demand.shape[1]):
            plan.used[here, resource] += tables.demand[action, resource]
        for place in range(tables.team[action], tables.team[action + 1]):
            unit = plan.units[place]
            plan.busy[here, unit >> 6] |= np.uint64(1) << np.uint64(unit & 63)


@compiled
def take(tables: Tables, plan: Plan, action: int) -> None:
    """Take an action out again."""
    slot = plan.start[action]
    plan.start[action] = -1
    for here in range(slot, slot + tables.duration[action]):
        for resource in range(tables.demand.shape[1]):
            plan.used[here, resource] -= tables.demand[action, resource]
        for place in range(tables.team[action], tables.team[action + 1]):
            unit = plan.units[place]
            plan.busy[here, unit >> 6] &= ~(np.uint64(1) << np.uint64(unit & 63))


@compiled
def release(tables: Tables, plan: Plan, action: int) -> int:
    """Return the earliest start that the actions of other blocks allow."""
    slot: int = tables.earliest[action]
    for arc in range(tables.arcs_from[action], tables.arcs_from[action + 1]):
        slot = max(slot, plan.start[tables.arc_before[arc]] + tables.arc_lag[arc])
    return slot


@compiled
def put_by_template(tables: Tables, lists: Lists, plan: Plan, low: int, high: int) -> bool:
    """Enter a block with the starts of `plan.offset`, all shifted by the least that fits; False when none does."""
    shift = 0
    for place in range(low, high):
        action = lists.members[place]
        shift = max(shift, plan.floor[action] - plan.offset[action])
    place = low
    while place < high:
        action = lists.members[place]
        slot = plan.offset[action] + shift
        if slot > tables.latest[action] or slot + tables.duration[action] > plan.used.shape[0]:
            break
        fits = first_fit(tables, plan, action, slot, slot, lists.ranking[action])
        if fits == slot:
            put(tables, plan, action, slot)
            place += 1
            continue
        for done in range(low, place):
            take(tables, plan, lists.members[done])
        place = low
        shift += 1
    if place == high:
        return True
    for done in range(low, place):
        take(tables, plan, lists.members[done])
    return False


@compiled
def put_block(tables: Tables, lists: Lists, plan: Plan, block: int) -> bool:
    """Enter the actions of a block in their order, each as early as it goes; False when they do not fit.

    An action that finds no start before its latest one sends those that force this latest start to later starts, and
    the block is begun anew (unscheduling after Franck, Neumann and Schwindt 2001, held to the block). After some
    repairs the block's known starts are taken as they are.
    """
    low, high = tables.block_from[block], tables.block_from[block + 1]
    if high - low == 1:
        action = lists.members[low]
        slot = release(tables, plan, action)
        slot = first_fit(tables, plan, action, slot, tables.latest[action], lists.ranking[action])
        if slot == NEVER:
            return False
        put(tables, plan, action, slot)
        return True
    for place in range(low, high):
        action = lists.members[place]
        plan.floor[action] = release(tables, plan, action)
    repairs = 0
    place = low
    while place < high:
        action = lists.members[place]
        from_slot, until_slot = plan.floor[action], tables.latest[action]
        for done in range(low, place):
            other = lists.members[done]
            from_slot = max(from_slot, plan.start[other] + tables.distance[other, action])
            until_slot = min(until_slot, plan.start[other] - tables.distance[action, other])
        slot = first_fit(tables, plan, action, from_slot, tables.latest[action], lists.ranking[action])
        if slot <= until_slot:
            put(tables, plan, action, slot)
            place += 1
            continue
        stuck = slot == NEVER or repairs == _REPAIRS + (high - low)
        if not stuck:
            for done in range(low, place):
                other = lists.members[done]
                plan.floor[other] = max(plan.floor[other], slot + tables.distance[action, other])
        for done in range(low, place):
            take(tables, plan, lists.members[done])
        if stuck:
            for inside in range(low, high):
                other = lists.members[inside]
                plan.floor[other] = release(tables, plan, other)
            return put_by_template(tables, lists, plan, low, high)
        repairs += 1
        place = low
    return True


@entry
def generate(tables: Tables, lists: Lists, plan: Plan) -> int:
    """Make the plan of the lists anew and return its last end; `NEVER` when a block does not fit."""
    plan.used[:] = 0
    plan.busy[:] = tables.away
    end = 0
    for position in range(lists.blocks.shape[0]):
        block = lists.blocks[position]
        if not put_block(tables, lists, plan, block):
            return NEVER
        for place in range(tables.block_from[block], tables.block_from[block + 1]):
            action = lists.members[place]
            end = max(end, plan.start[action] + tables.duration[action])
    return end
