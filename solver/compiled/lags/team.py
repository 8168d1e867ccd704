"""Who goes: the best-ranked team that fills all needs of an action."""

from __future__ import annotations

import numpy as np

from solver.compiled.jit import compiled
from solver.compiled.lags.tables import Numbers, Plan, Tables, Words

MOST_NEEDS = 64


@compiled
def could_fill(tables: Tables, action: int, free: Words) -> bool:
    """Tell whether the free units are enough for each need by itself (a quick test, necessary only)."""
    for need in range(tables.needs_from[action], tables.needs_from[action + 1]):
        lacking = tables.need_count[need]
        for word in range(free.shape[0]):
            some = free[word] & tables.need_units[need, word]
            while some and lacking > 0:
                some &= some - np.uint64(1)
                lacking -= 1
        if lacking > 0:
            return False
    return True


@compiled
def choose_team(tables: Tables, action: int, free: Words, ranking: Numbers, plan: Plan) -> bool:
    """Fill all needs of an action from the free units; False when that cannot be.

    Units are tried in the order of `ranking`, each kept when those taken so far and it can be matched to different
    places (augmenting paths). Sets that can be matched are the independent sets of a transversal matroid (Edmonds and
    Fulkerson 1965), so this greedy way gives the best-ranked team of all.
    """
    first, last = tables.needs_from[action], tables.needs_from[action + 1]
    begin = tables.team[action]
    size = tables.team[action + 1] - begin
    needs = last - first
    filled = np.zeros(MOST_NEEDS, np.int32)
    came_from = np.empty(MOST_NEEDS, np.int32)
    came_by = np.empty(MOST_NEEDS, np.int32)
    queue = np.empty(MOST_NEEDS, np.int32)
    taken = 0
    for position in range(ranking.shape[0]):
        if taken == size:
            break
        unit = ranking[position]
        can = tables.serves[action, unit]
        if can == np.uint64(0) or not (free[unit >> 6] >> np.uint64(unit & 63)) & np.uint64(1):
            continue
        # Breadth first over needs: from the unit to those it serves, on through units that could change their need.
        seen = can
        head, tail, found = 0, 0, -1
        for need in range(needs):
            if (can >> np.uint64(need)) & np.uint64(1):
                came_from[need] = -1
                queue[tail] = need
                tail += 1
        while head < tail and found < 0:
            need = queue[head]
            head += 1
            if filled[need] < tables.need_count[first + need]:
                found = need
                break
            for place in range(begin, begin + taken):
                if plan.unit_need[place] != need:
                    continue
                other = tables.serves[action, plan.units[place]] & ~seen
                if other == np.uint64(0):
                    continue
                seen |= other
                for way in range(needs):
                    if (other >> np.uint64(way)) & np.uint64(1):
                        came_from[way] = need
                        came_by[way] = place
                        queue[tail] = way
                        tail += 1
        if found < 0:
            continue
        filled[found] += 1
        need = found
        while came_from[need] >= 0:
            plan.unit_need[came_by[need]] = need
            need = came_from[need]
        plan.units[begin + taken] = unit
        plan.unit_need[begin + taken] = need
        taken += 1
    return bool(taken == size)
