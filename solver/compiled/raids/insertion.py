"""Inserting a bundle where it fits, nothing else moved."""

from __future__ import annotations

import numpy as np

from solver.compiled.chance import below
from solver.compiled.jit import compiled
from solver.compiled.raids import fields as at
from solver.compiled.raids.bits import drop_span, has, is_empty, keep_span, nearest, nth, size
from solver.compiled.raids.changes import put, take
from solver.compiled.raids.days import is_free, is_open
from solver.compiled.raids.fields import add, of, write
from solver.compiled.raids.plan import Plan
from solver.compiled.raids.starts import NOBODY_COMES, common_starts, drop_used, relation_span, starts_of
from solver.compiled.raids.tables import NONE, Tables, Words
from solver.compiled.raids.teams import choose_team

EARLIEST, ANYWHERE, LATEST, CALM, AS_KEPT = range(5)
"""Which start to prefer: the earliest, any, the latest, one where many units are free, or that of an earlier plan."""

_MOST_TRIES = 6
_CALM_TRIES = 4


@compiled
def prefer(tables: Tables, plan: Plan, action: int, mode: int, words: Words, how: int) -> int:
    """Pick a start from a set that is not empty."""
    if how == ANYWHERE:
        return nth(words, below(plan.chance, size(words)))
    if how == LATEST:
        return nth(words, size(words) - 1)
    if how == AS_KEPT and of(tables, at.KEPT_MODE, action) != NONE:
        return nearest(words, of(tables, at.KEPT_SLOT, action))
    if how == CALM:
        count = size(words)
        best, most = NONE, -1
        for _ in range(min(_CALM_TRIES, count)):
            slot = nth(words, below(plan.chance, count))
            spare = _spare(tables, plan, action, mode, slot)
            if spare > most:
                best, most = slot, spare
        return best
    return nth(words, 0)


@compiled
def _spare(tables: Tables, plan: Plan, action: int, mode: int, start_slot: int) -> int:
    """How many candidates more than needed are free at a start, for the need with the fewest of them."""
    site, duration_slots = of(tables, at.SITE, action), of(tables, at.DURATION_SLOTS, mode)
    least = 1 << 30
    for need in range(of(tables, at.NEED_FROM, mode), of(tables, at.NEED_FROM, mode + 1)):
        pool, spare = of(tables, at.POOL_OF, need), -of(tables, at.COUNT, need)
        for place in range(of(tables, at.POOL_FROM, pool), of(tables, at.POOL_FROM, pool + 1)):
            unit = of(tables, at.POOL_UNIT, place)
            if is_open(tables, unit, site, duration_slots, start_slot) and is_free(
                tables, plan, unit, site, duration_slots, start_slot
            ):
                spare += 1
        least = min(least, spare)
    return max(least, 0)


@compiled
def insert_action(tables: Tables, plan: Plan, action: int, from_slot: int, until_slot: int, how: int) -> bool:
    """Place one action at a start in ``[from_slot, until_slot)``; False, and nothing changed, when none tried fits."""
    first, last = of(tables, at.MODE_FROM, action), of(tables, at.MODE_FROM, action + 1)
    for mode in range(first, last):
        row = plan.starts[mode - first]
        if starts_of(tables, plan, action, mode, NOBODY_COMES, row):
            keep_span(row, from_slot, until_slot)
    for _ in range(_MOST_TRIES):
        chosen, start_slot = NONE, 0
        for mode in range(first, last):
            row = plan.starts[mode - first]
            if is_empty(row):
                continue
            slot = prefer(tables, plan, action, mode, row, how)
            if chosen == NONE or (slot > start_slot if how == LATEST else slot < start_slot):
                chosen, start_slot = mode, slot
        if chosen == NONE:
            return False
        if choose_team(tables, plan, action, chosen, start_slot):
            put(tables, plan, action, chosen, start_slot)
            return True
        drop_span(plan.starts[chosen - first], start_slot, start_slot + 1)
    return False


@compiled
def insert_bundle(tables: Tables, plan: Plan, bundle: int, how: int) -> bool:
    """Place all actions of a bundle or none."""
    first, last = of(tables, at.BUNDLE_FROM, bundle), of(tables, at.BUNDLE_FROM, bundle + 1)
    leader = of(tables, at.BUNDLE_ACTION, first)
    if last - first == 1:
        return insert_action(tables, plan, leader, 0, of(tables, at.HORIZON_SLOTS, 0), how)
    common = plan.common
    if not common_starts(tables, plan, bundle, bundle, common):
        return False
    for _ in range(_MOST_TRIES):
        if is_empty(common):
            return False
        # Who is free is asked for each member by itself; of the whole bundle, any start is as calm as another.
        slot = prefer(tables, plan, leader, of(tables, at.MODE_FROM, leader), common, ANYWHERE if how == CALM else how)
        drop_span(common, slot, slot + 1)
        if _insert_near(tables, plan, bundle, slot, how):
            return True
    return False


@compiled
def _insert_near(tables: Tables, plan: Plan, bundle: int, slot: int, how: int) -> bool:
    first, last = of(tables, at.BUNDLE_FROM, bundle), of(tables, at.BUNDLE_FROM, bundle + 1)
    until_slot = slot + of(tables, at.BUNDLE_TOLERANCE, bundle) + 1
    for place in range(first, last):
        if not insert_action(tables, plan, of(tables, at.BUNDLE_ACTION, place), slot, until_slot, how):
            for done in range(first, place):
                take(tables, plan, of(tables, at.BUNDLE_ACTION, done))
            return False
    return True


@compiled
def fits_so(tables: Tables, plan: Plan, action: int, mode: int, start_slot: int) -> bool:
    """Whether the action fits in this mode, at this start, with the units that stand in its team."""
    words = plan.some
    words[:] = np.uint64(0)
    if not has(tables.allowed[mode], start_slot):
        return False
    low, high = relation_span(tables, plan, action, mode, NOBODY_COMES)
    if not low <= start_slot <= high:
        return False
    words[start_slot >> 6] = np.uint64(1) << np.uint64(start_slot & 63)
    for demand in range(of(tables, at.DEMAND_FROM, mode), of(tables, at.DEMAND_FROM, mode + 1)):
        drop_used(tables, plan, demand, words)
    if is_empty(words):
        return False
    add(plan, at.NUMBERS, at.LATEST_STAMP, 1)
    place = of(tables, at.TEAM_FROM, action)
    for need in range(of(tables, at.NEED_FROM, mode), of(tables, at.NEED_FROM, mode + 1)):
        for _ in range(of(tables, at.COUNT, need)):
            unit = of(plan, at.TEAM, place)
            place += 1
            if of(plan, at.SEEN, unit) == of(plan, at.NUMBERS, at.LATEST_STAMP) or not _is_candidate(
                tables, need, unit
            ):
                return False
            write(plan, at.SEEN, unit, of(plan, at.NUMBERS, at.LATEST_STAMP))
            site, duration_slots = of(tables, at.SITE, action), of(tables, at.DURATION_SLOTS, mode)
            if not is_open(tables, unit, site, duration_slots, start_slot):
                return False
            if not is_free(tables, plan, unit, site, duration_slots, start_slot):
                return False
    return True


@compiled
def _is_candidate(tables: Tables, need: int, unit: int) -> bool:
    pool = of(tables, at.POOL_OF, need)
    for place in range(of(tables, at.POOL_FROM, pool), of(tables, at.POOL_FROM, pool + 1)):
        if of(tables, at.POOL_UNIT, place) == unit:
            return True
    return False
