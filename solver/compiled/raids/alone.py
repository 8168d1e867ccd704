"""What each action could do in an otherwise empty plan."""

from __future__ import annotations

import numpy as np

from solver.compiled.jit import compiled, entry
from solver.compiled.raids import fields as at
from solver.compiled.raids.bits import nth
from solver.compiled.raids.days import add_open
from solver.compiled.raids.fields import of, write
from solver.compiled.raids.plan import Floats, Plan
from solver.compiled.raids.starts import ALL_COME, starts_of
from solver.compiled.raids.tables import NEVER, NONE, Ints, Tables


@entry
def unit_demand(tables: Tables, plan: Plan, demand: Floats) -> None:
    """Put into `demand`, per unit, the expected number of needs that will ask for it.

    A need for c of n available candidates asks for each with c / n; the modes of an action share its one placement.
    """
    for action in range(of(tables, at.ACTIONS, 0)):
        first, last = of(tables, at.MODE_FROM, action), of(tables, at.MODE_FROM, action + 1)
        for mode in range(first, last):
            for need in range(of(tables, at.NEED_FROM, mode), of(tables, at.NEED_FROM, mode + 1)):
                count = 0
                pool = of(tables, at.POOL_OF, need)
                for place in range(of(tables, at.POOL_FROM, pool), of(tables, at.POOL_FROM, pool + 1)):
                    if _is_open_at_all(tables, plan, action, mode, of(tables, at.POOL_UNIT, place)):
                        write(plan, at.FREE, count, of(tables, at.POOL_UNIT, place))
                        count += 1
                for place in range(count):
                    demand[of(plan, at.FREE, place)] += of(tables, at.COUNT, need) / count / (last - first)


@compiled
def _is_open_at_all(tables: Tables, plan: Plan, action: int, mode: int, unit: int) -> bool:
    words = plan.some
    words[:] = np.uint64(0)
    add_open(tables, unit, of(tables, at.SITE, action), of(tables, at.DURATION_SLOTS, mode), words)
    for word in range(words.shape[0]):
        if words[word] & tables.allowed[mode, word] != np.uint64(0):
            return True
    return False


@entry
def best_alone(tables: Tables, plan: Plan, late_slots: Ints, cost: Ints) -> None:
    """Put in, per action, the fewest late slots and the least cost that it has in an otherwise empty plan; else NONE.

    `plan` is empty. No predecessor is missed, and units are taken to be there already.
    """
    for action in range(of(tables, at.ACTIONS, 0)):
        late_slots[action], cost[action] = NONE, NONE
        for mode in range(of(tables, at.MODE_FROM, action), of(tables, at.MODE_FROM, action + 1)):
            row = plan.starts[0]
            if not starts_of(tables, plan, action, mode, ALL_COME, row):
                continue
            late = max(0, nth(row, 0) + of(tables, at.DURATION_SLOTS, mode) - of(tables, at.DUE_SLOT, action))
            price = of(tables, at.MODE_COST, mode)
            for need in range(of(tables, at.NEED_FROM, mode), of(tables, at.NEED_FROM, mode + 1)):
                price += of(tables, at.DURATION_SLOTS, mode) * _cheapest(tables, plan, action, mode, need)
            if late_slots[action] == NONE or late < late_slots[action]:
                late_slots[action] = late
            if cost[action] == NONE or price < cost[action]:
                cost[action] = price


@compiled
def _cheapest(tables: Tables, plan: Plan, action: int, mode: int, need: int) -> int:
    """What the cheapest candidates of a need, as many as it asks for, cost per slot."""
    pool, count = of(tables, at.POOL_OF, need), 0
    for place in range(of(tables, at.POOL_FROM, pool), of(tables, at.POOL_FROM, pool + 1)):
        unit = of(tables, at.POOL_UNIT, place)
        if _is_open_at_all(tables, plan, action, mode, unit):
            write(plan, at.PRICE, count, of(tables, at.COST_PER_SLOT, unit))
            count += 1
    total = 0
    for _ in range(min(of(tables, at.COUNT, need), count)):
        least = 0
        for place in range(1, count):
            if of(plan, at.PRICE, place) < of(plan, at.PRICE, least):
                least = place
        total += of(plan, at.PRICE, least)
        write(plan, at.PRICE, least, NEVER)
    return total
