"""Placing as much as possible: construction, then insertion by force with growing penalties.

The idea is that of Nagata and Braysy (2009) for vehicle routes: keep a pool of what is left out, force one bundle in by
taking out what is cheapest, and raise the penalty of a bundle whenever it does not get in, so that the search stops
taking out what is hard to bring back.
"""

from __future__ import annotations

import numpy as np

from solver.compiled.chance import below
from solver.compiled.jit import compiled, entry
from solver.compiled.raids import fields as at
from solver.compiled.raids.bits import add_span, nth, reach_back, size
from solver.compiled.raids.changes import keep_best, put, take
from solver.compiled.raids.ejection import force_action, put_back
from solver.compiled.raids.fields import add, of, write
from solver.compiled.raids.insertion import ANYWHERE, fits_so, insert_action, insert_bundle
from solver.compiled.raids.plan import Plan
from solver.compiled.raids.starts import common_starts
from solver.compiled.raids.tables import NONE, Ints, Tables

_SHAKEN_PER_STEP = 3
_RETRIED_PER_STEP = 4
_PENALTY_GROWTH = 0.5


@entry
def count_starts(tables: Tables, plan: Plan, bundles: Ints, to_come: int, counts: Ints) -> None:
    """Put into `counts` how many common starts each bundle now has; `to_come` as for `starts_of`, NONE: its own."""
    for number in range(bundles.shape[0]):
        bundle = bundles[number]
        comes = to_come if to_come != NONE else bundle
        counts[number] = size(plan.common) if common_starts(tables, plan, bundle, comes, plan.common) else 0


@entry
def construct(tables: Tables, plan: Plan, order: Ints, first: int, last: int, how: int) -> None:
    """Insert the bundles ``order[first:last]`` that are not placed, one after the other."""
    for number in range(first, last):
        bundle = order[number]
        if of(plan, at.MODE, of(tables, at.BUNDLE_ACTION, of(tables, at.BUNDLE_FROM, bundle))) == NONE:
            insert_bundle(tables, plan, bundle, how)


@entry
def adopt(tables: Tables, plan: Plan, bundles: Ints, mode: Ints, start_slot: Ints, team: Ints) -> None:
    """Place the bundles that are not placed as the three arrays have them, each whole and where it still fits so."""
    for bundle in bundles:
        first, last = of(tables, at.BUNDLE_FROM, bundle), of(tables, at.BUNDLE_FROM, bundle + 1)
        if of(plan, at.MODE, of(tables, at.BUNDLE_ACTION, first)) != NONE:
            continue
        for place in range(first, last):
            action = of(tables, at.BUNDLE_ACTION, place)
            fits = mode[action] != NONE
            if fits:
                for unit in range(of(tables, at.TEAM_FROM, action), of(tables, at.TEAM_FROM, action + 1)):
                    write(plan, at.TEAM, unit, team[unit])
                fits = fits_so(tables, plan, action, mode[action], start_slot[action])
            if not fits:
                for done in range(first, place):
                    take(tables, plan, of(tables, at.BUNDLE_ACTION, done))
                break
            put(tables, plan, action, mode[action], start_slot[action])


@entry
def list_waiting(tables: Tables, plan: Plan) -> None:
    """Note anew which of the bundles that may be placed are left out."""
    count = 0
    for number in range(of(plan, at.NUMBERS, at.MAY_COUNT)):
        bundle = of(plan, at.MAY, number)
        if of(plan, at.MODE, of(tables, at.BUNDLE_ACTION, of(tables, at.BUNDLE_FROM, bundle))) == NONE:
            write(plan, at.WAITING, count, bundle)
            count += 1
    write(plan, at.NUMBERS, at.WAITING_COUNT, count)


@entry
def place(tables: Tables, plan: Plan, steps: int, best: Ints) -> int:
    """Make steps until nothing waits or `steps` are made; return how many were made since the last better plan.

    Parameters
    ----------
    best
        The first three goals of the best plan (missing, weight, victims); changed, with `plan.best_mode` and so on,
        whenever the plan is better. The last number counts how often.
    """
    since = 0
    for _ in range(steps):
        if of(plan, at.NUMBERS, at.WAITING_COUNT) == 0:
            break
        since += 1
        _step(tables, plan)
        if _is_better(plan, best):
            best[0], best[1], best[2] = (
                of(plan, at.NUMBERS, at.MISSING_NOW),
                of(plan, at.NUMBERS, at.WEIGHT_NOW),
                of(plan, at.NUMBERS, at.VICTIMS_NOW),
            )
            best[3] += 1
            keep_best(tables, plan)
            since = 0
    return since


@compiled
def _is_better(plan: Plan, best: Ints) -> bool:
    if of(plan, at.NUMBERS, at.MISSING_NOW) != best[0]:
        return of(plan, at.NUMBERS, at.MISSING_NOW) < best[0]
    if of(plan, at.NUMBERS, at.WEIGHT_NOW) != best[1]:
        return of(plan, at.NUMBERS, at.WEIGHT_NOW) > best[1]
    return of(plan, at.NUMBERS, at.VICTIMS_NOW) > best[2]


@compiled
def _step(tables: Tables, plan: Plan) -> None:
    """Bring one bundle in, by force if need be, and shake the plan a little."""
    bundle = _pull(plan, below(plan.chance, of(plan, at.NUMBERS, at.WAITING_COUNT)))
    if not insert_bundle(tables, plan, bundle, ANYWHERE):
        first, last = of(tables, at.BUNDLE_FROM, bundle), of(tables, at.BUNDLE_FROM, bundle + 1)
        for place in range(first, last):
            action = of(tables, at.BUNDLE_ACTION, place)
            plan.penalty[action] += plan.gain[action] * _PENALTY_GROWTH / (last - first)
        if _force_bundle(tables, plan, bundle):
            before = of(plan, at.NUMBERS, at.WAITING_COUNT)
            _wait_for_trail(tables, plan)
            _retry(tables, plan, before)
        else:
            _push(plan, bundle)
    shake(tables, plan, _SHAKEN_PER_STEP)
    _retry(tables, plan, of(plan, at.NUMBERS, at.WAITING_COUNT))


@compiled
def _pull(plan: Plan, number: int) -> int:
    bundle = of(plan, at.WAITING, number)
    add(plan, at.NUMBERS, at.WAITING_COUNT, -1)
    write(plan, at.WAITING, number, of(plan, at.WAITING, of(plan, at.NUMBERS, at.WAITING_COUNT)))
    return bundle


@compiled
def _push(plan: Plan, bundle: int) -> None:
    write(plan, at.WAITING, of(plan, at.NUMBERS, at.WAITING_COUNT), bundle)
    add(plan, at.NUMBERS, at.WAITING_COUNT, 1)


@compiled
def _wait_for_trail(tables: Tables, plan: Plan) -> None:
    """Let the bundles of the trail wait; each is there once, whole."""
    for number in range(of(plan, at.NUMBERS, at.TRAILED)):
        action = of(plan, at.TRAIL, 3 * number)
        bundle = of(tables, at.BUNDLE_OF, action)
        if of(tables, at.BUNDLE_ACTION, of(tables, at.BUNDLE_FROM, bundle)) == action:
            _push(plan, bundle)
    write(plan, at.NUMBERS, at.TRAILED, 0)


@compiled
def _retry(tables: Tables, plan: Plan, newest: int) -> None:
    """Try to insert the bundles that wait from place `newest` on, and a few others."""
    for number in range(of(plan, at.NUMBERS, at.WAITING_COUNT) - 1, newest - 1, -1):
        if insert_bundle(tables, plan, of(plan, at.WAITING, number), ANYWHERE):
            _pull(plan, number)
    for _ in range(_RETRIED_PER_STEP):
        if of(plan, at.NUMBERS, at.WAITING_COUNT) == 0:
            return
        number = below(plan.chance, of(plan, at.NUMBERS, at.WAITING_COUNT))
        if insert_bundle(tables, plan, of(plan, at.WAITING, number), ANYWHERE):
            _pull(plan, number)


@entry
def shake(tables: Tables, plan: Plan, moves: int) -> None:
    """Move lone actions to other starts and units; everything placed stays placed."""
    if of(plan, at.NUMBERS, at.MAY_COUNT) == 0:
        return
    for _ in range(moves):
        bundle = of(plan, at.MAY, below(plan.chance, of(plan, at.NUMBERS, at.MAY_COUNT)))
        first = of(tables, at.BUNDLE_FROM, bundle)
        action = of(tables, at.BUNDLE_ACTION, first)
        if of(tables, at.BUNDLE_FROM, bundle + 1) - first > 1 or of(plan, at.MODE, action) == NONE:
            continue
        if _is_required(tables, plan, action):
            continue
        mode, start_slot = of(plan, at.MODE, action), of(plan, at.START_SLOT, action)
        base = of(tables, at.TEAM_FROM, action)
        room = of(tables, at.TEAM_FROM, action + 1) - base
        for place in range(room):
            write(plan, at.PRICE, place, of(plan, at.TEAM, base + place))
        take(tables, plan, action)
        if not insert_action(tables, plan, action, 0, of(tables, at.HORIZON_SLOTS, 0), ANYWHERE):
            for place in range(room):
                write(plan, at.TEAM, base + place, of(plan, at.PRICE, place))
            put(tables, plan, action, mode, start_slot)


@compiled
def _is_required(tables: Tables, plan: Plan, action: int) -> bool:
    for link in range(of(tables, at.LINK_FROM, action), of(tables, at.LINK_FROM, action + 1)):
        if of(tables, at.LINK_LEADS, link) != 0 and of(tables, at.LINK_REQUIRED, link) != 0:
            if of(plan, at.MODE, of(tables, at.LINK_OTHER, link)) != NONE:
                return True
    return False


@compiled
def _force_bundle(tables: Tables, plan: Plan, bundle: int) -> bool:
    """Place the bundle, with what had to go on the trail, or change nothing and return False."""
    first, last = of(tables, at.BUNDLE_FROM, bundle), of(tables, at.BUNDLE_FROM, bundle + 1)
    most = 0.0
    for place in range(first, last):
        most += plan.penalty[of(tables, at.BUNDLE_ACTION, place)]
    from_slot, until_slot = 0, of(tables, at.HORIZON_SLOTS, 0)
    if last - first > 1:
        slot = _any_common_slot(tables, plan, bundle)
        if slot == NONE:
            return False
        from_slot, until_slot = slot, slot + of(tables, at.BUNDLE_TOLERANCE, bundle) + 1
    write(plan, at.NUMBERS, at.TRAILED, 0)
    for place in range(first, last):
        action = of(tables, at.BUNDLE_ACTION, place)
        if insert_action(tables, plan, action, from_slot, until_slot, ANYWHERE):
            continue
        cost = force_action(tables, plan, action, from_slot, until_slot, most)
        if cost >= most:
            for done in range(first, place):
                take(tables, plan, of(tables, at.BUNDLE_ACTION, done))
            put_back(tables, plan, 0)
            return False
        most -= cost
    return True


@compiled
def _any_common_slot(tables: Tables, plan: Plan, bundle: int) -> int:
    """Any slot near which every member is allowed to start, whatever is placed."""
    common = plan.common
    common[:] = np.uint64(0)
    add_span(common, 0, of(tables, at.HORIZON_SLOTS, 0))
    for place in range(of(tables, at.BUNDLE_FROM, bundle), of(tables, at.BUNDLE_FROM, bundle + 1)):
        action = of(tables, at.BUNDLE_ACTION, place)
        row = plan.some
        row[:] = np.uint64(0)
        for mode in range(of(tables, at.MODE_FROM, action), of(tables, at.MODE_FROM, action + 1)):
            for word in range(row.shape[0]):
                row[word] |= tables.allowed[mode, word]
        reach_back(row, of(tables, at.BUNDLE_TOLERANCE, bundle))
        for word in range(row.shape[0]):
            common[word] &= row[word]
    count = size(common)
    if count == 0:
        return NONE
    return nth(common, below(plan.chance, count))
