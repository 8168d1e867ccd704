"""At which starts an action fits beside everything placed."""

from __future__ import annotations

import numpy as np

from solver.compiled.jit import compiled, entry
from solver.compiled.raids import fields as at
from solver.compiled.raids.bits import add_span, drop_span, is_empty, keep_span, reach_back
from solver.compiled.raids.days import add_open, drop_blocked
from solver.compiled.raids.fields import of
from solver.compiled.raids.plan import Plan
from solver.compiled.raids.tables import NEVER, NONE, Tables, Words

NOBODY_COMES = -1
ALL_COME = -2
"""Which predecessors are not missed, beside the number of a bundle: none, or all."""


@compiled
def relation_span(tables: Tables, plan: Plan, action: int, mode: int, to_come: int) -> tuple[int, int]:
    """The starts ``[low, high]`` that keep lags and tolerances to what is placed; none while a predecessor lacks."""
    low, high = 0, of(tables, at.HORIZON_SLOTS, 0) - 1
    duration_slots = of(tables, at.DURATION_SLOTS, mode)
    for link in range(of(tables, at.LINK_FROM, action), of(tables, at.LINK_FROM, action + 1)):
        other = of(tables, at.LINK_OTHER, link)
        leads = of(tables, at.LINK_LEADS, link) != 0
        if of(plan, at.MODE, other) == NONE:
            comes = to_come == ALL_COME or (to_come >= 0 and of(tables, at.BUNDLE_OF, other) == to_come)
            if of(tables, at.LINK_REQUIRED, link) != 0 and not leads and not comes:
                return 0, -1
            continue
        if leads:
            anchor = of(plan, at.START_SLOT, other)
            if of(tables, at.LINK_AT_END, link) != 0:
                anchor -= duration_slots
            high = min(high, anchor - of(tables, at.LINK_MIN, link))
            if of(tables, at.LINK_MAX, link) < NEVER:
                low = max(low, anchor - of(tables, at.LINK_MAX, link))
        else:
            anchor = of(plan, at.START_SLOT, other)
            if of(tables, at.LINK_AT_END, link) != 0:
                anchor += of(tables, at.DURATION_SLOTS, of(plan, at.MODE, other))
            low = max(low, anchor + of(tables, at.LINK_MIN, link))
            if of(tables, at.LINK_MAX, link) < NEVER:
                high = min(high, anchor + of(tables, at.LINK_MAX, link))
    for place in range(of(tables, at.GROUP_FROM, action), of(tables, at.GROUP_FROM, action + 1)):
        group = of(tables, at.GROUP_OF, place)
        for number in range(of(tables, at.MEMBER_FROM, group), of(tables, at.MEMBER_FROM, group + 1)):
            other = of(tables, at.MEMBER, number)
            if other != action and of(plan, at.MODE, other) != NONE:
                low = max(low, of(plan, at.START_SLOT, other) - of(tables, at.TOLERANCE_SLOTS, group))
                high = min(high, of(plan, at.START_SLOT, other) + of(tables, at.TOLERANCE_SLOTS, group))
    return low, high


@compiled
def drop_used(tables: Tables, plan: Plan, demand: int, words: Words) -> None:
    """Drop the starts at which too little is left of the demand's resource."""
    resource, amount = of(tables, at.RESOURCE, demand), of(tables, at.AMOUNT, demand)
    offset, length = of(tables, at.OFFSET_SLOTS, demand), of(tables, at.LENGTH_SLOTS, demand)
    first = of(tables, at.SEGMENT_FROM, resource)
    last = first + of(plan, at.SEGMENTS, resource) - 1
    for place in range(first, last + 1):
        if of(plan, at.SEGMENT_LEFT, place) < amount:
            until = of(plan, at.SEGMENT_SLOT, place + 1) if place < last else NEVER
            drop_span(words, of(plan, at.SEGMENT_SLOT, place) - offset - length + 1, until - offset)


@compiled
def need_starts(tables: Tables, plan: Plan, action: int, mode: int, need: int, allowed: Words) -> None:
    """Leave of `allowed` the starts at which at least the needed count of candidates is free."""
    site, duration_slots, count = (
        of(tables, at.SITE, action),
        of(tables, at.DURATION_SLOTS, mode),
        of(tables, at.COUNT, need),
    )
    words = allowed.shape[0]
    low = 0
    while low < words and allowed[low] == np.uint64(0):
        low += 1
    high = words
    while high > low and allowed[high - 1] == np.uint64(0):
        high -= 1
    levels, free = plan.levels, plan.some
    for level in range(1, count + 1):
        for word in range(low, high):
            levels[level, word] = np.uint64(0)
    pool = of(tables, at.POOL_OF, need)
    for place in range(of(tables, at.POOL_FROM, pool), of(tables, at.POOL_FROM, pool + 1)):
        unit = of(tables, at.POOL_UNIT, place)
        for word in range(low, high):
            free[word] = np.uint64(0)
        _add_open_between(tables, unit, site, duration_slots, free, low, high)
        drop_blocked(tables, plan, unit, site, duration_slots, free)
        for level in range(count, 1, -1):
            for word in range(low, high):
                levels[level, word] |= levels[level - 1, word] & free[word]
        for word in range(low, high):
            levels[1, word] |= free[word]
    for word in range(low, high):
        allowed[word] &= levels[count, word]


@compiled
def _add_open_between(
    tables: Tables, unit: int, site: int, duration_slots: int, words: Words, low: int, high: int
) -> None:
    add_open(tables, unit, site, duration_slots, words[:high])
    for word in range(low):
        words[word] = np.uint64(0)


@entry
def starts_of(tables: Tables, plan: Plan, action: int, mode: int, to_come: int, words: Words) -> bool:
    """Put into `words` the starts that keep every rule, except that needs of one kind may compete for a unit.

    Returns whether there are any. See `solver.draft.Draft.starts`.
    """
    words[:] = tables.allowed[mode]
    low, high = relation_span(tables, plan, action, mode, to_come)
    keep_span(words, low, high + 1)
    if is_empty(words):
        return False
    for demand in range(of(tables, at.DEMAND_FROM, mode), of(tables, at.DEMAND_FROM, mode + 1)):
        drop_used(tables, plan, demand, words)
    for need in range(of(tables, at.NEED_FROM, mode), of(tables, at.NEED_FROM, mode + 1)):
        if is_empty(words):
            return False
        need_starts(tables, plan, action, mode, need, words)
    return not is_empty(words)


@compiled
def common_starts(tables: Tables, plan: Plan, bundle: int, to_come: int, words: Words) -> bool:
    """Put into `words` the slots r such that each member, taken alone, could start in ``[r, r + tolerance]``."""
    words[:] = np.uint64(0)
    add_span(words, 0, of(tables, at.HORIZON_SLOTS, 0))
    first, last = of(tables, at.BUNDLE_FROM, bundle), of(tables, at.BUNDLE_FROM, bundle + 1)
    for place in range(first, last):
        action = of(tables, at.BUNDLE_ACTION, place)
        any_mode = plan.starts[0]
        begun = False
        for mode in range(of(tables, at.MODE_FROM, action), of(tables, at.MODE_FROM, action + 1)):
            row = plan.starts[mode - of(tables, at.MODE_FROM, action)]
            starts_of(tables, plan, action, mode, to_come, row)
            if begun:
                for word in range(any_mode.shape[0]):
                    any_mode[word] |= row[word]
            begun = True
        reach_back(any_mode, of(tables, at.BUNDLE_TOLERANCE, bundle))
        for word in range(words.shape[0]):
            words[word] &= any_mode[word]
        if is_empty(words):
            return False
    return True
