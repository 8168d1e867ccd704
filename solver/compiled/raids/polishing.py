"""Making a plan more like the earlier one, earlier, cheaper and fairer while everything placed stays placed.

Hill climbing on changes, delay and makespan of projects, lateness, cost and burden, one action at a time. A move takes
one action out and puts it back, in any mode, at a start that is no later than it must be, with the cheapest units, or
where the earlier plan has it. It is kept when these goals, in strict order, do not get worse.
"""

from __future__ import annotations

import numpy as np

from solver.compiled.chance import below, share
from solver.compiled.jit import compiled, entry
from solver.compiled.raids import fields as at
from solver.compiled.raids.bits import has, keep_span, nth, size
from solver.compiled.raids.changes import put, take, team_size
from solver.compiled.raids.days import way
from solver.compiled.raids.fields import add, of, write
from solver.compiled.raids.plan import Plan
from solver.compiled.raids.starts import NOBODY_COMES, starts_of
from solver.compiled.raids.tables import NEVER, NONE, Ints, Tables
from solver.compiled.raids.teams import list_free, match_team

GOALS = 6
"""Changes, delay of projects, makespan, late slots, cost, burden: what a move is judged by, in this order."""

_STARTS_TRIED = 4
_URGENT_BIAS = 0.5


@entry
def polish(
    tables: Tables, plan: Plan, movable: Ints, urgent: Ints, steps: int, now: Ints, then: Ints, best: Ints, team: Ints
) -> int:
    """Make `steps` moves of `movable` actions, all placed; return how many of them made the plan better.

    Parameters
    ----------
    urgent
        Those that are drawn every other time.
    now, then, best
        Room for `GOALS` values each.
    team
        Room for two of the largest teams.
    """
    better = 0
    if movable.shape[0] == 0:
        return 0
    for _ in range(steps):
        if urgent.shape[0] > 0 and share(plan.chance) < _URGENT_BIAS:
            action = urgent[below(plan.chance, urgent.shape[0])]
        else:
            action = movable[below(plan.chance, movable.shape[0])]
        better += _move(tables, plan, action, now, then, best, team)
    return better


@compiled
def _move(tables: Tables, plan: Plan, action: int, now: Ints, then: Ints, best: Ints, team: Ints) -> int:
    """Try one move; 1 when it made the plan better, else 0."""
    old_mode, old_start = of(plan, at.MODE, action), of(plan, at.START_SLOT, action)
    base = of(tables, at.TEAM_FROM, action)
    room = of(tables, at.TEAM_FROM, action + 1) - base
    half = team.shape[0] // 2
    for place in range(room):
        team[place] = of(plan, at.TEAM, base + place)
    take(tables, plan, action)
    _measure(tables, plan, action, old_mode, old_start, now)
    most_late_slots = now[3]
    best[:] = now
    chosen, chosen_start = NONE, 0
    first = of(tables, at.MODE_FROM, action)
    due_slot = of(tables, at.DUE_SLOT, action)
    for mode in range(first, of(tables, at.MODE_FROM, action + 1)):
        row = plan.starts[mode - first]
        if not starts_of(tables, plan, action, mode, NOBODY_COMES, row):
            continue
        kept = of(tables, at.KEPT_MODE, action) == mode - first and has(row, of(tables, at.KEPT_SLOT, action))
        if due_slot < NEVER and not kept:
            keep_span(row, 0, due_slot + most_late_slots - of(tables, at.DURATION_SLOTS, mode) + 1)
        count = size(row)
        if count == 0:
            continue
        for turn in range(_STARTS_TRIED + 1):
            if turn == 0:
                if not kept:
                    continue
                start_slot = of(tables, at.KEPT_SLOT, action)
            elif turn == 1:
                start_slot = nth(row, 0)
            else:
                start_slot = nth(row, below(plan.chance, count))
            if not _cheapest_team(tables, plan, action, mode, start_slot):
                continue
            _measure(tables, plan, action, mode, start_slot, then)
            if not _is_worse(then, best) and (chosen == NONE or _is_worse(best, then)):
                best[:] = then
                chosen, chosen_start = mode, start_slot
                for place in range(room):
                    team[half + place] = of(plan, at.TEAM, base + place)
    source = half
    if chosen == NONE:
        chosen, chosen_start, source = old_mode, old_start, 0
    for place in range(room):
        write(plan, at.TEAM, base + place, team[source + place])
    put(tables, plan, action, chosen, chosen_start)
    return 1 if _is_worse(now, best) else 0


@compiled
def _is_worse(one: Ints, other: Ints) -> bool:
    for goal in range(GOALS):
        if one[goal] != other[goal]:
            return one[goal] > other[goal]
    return False


@compiled
def _measure(tables: Tables, plan: Plan, action: int, mode: int, start_slot: int, values: Ints) -> None:
    """Put into `values` what placing the action, which is out, so and with its team brings to each goal."""
    end_slot = start_slot + of(tables, at.DURATION_SLOTS, mode)
    values[0] = changes(tables, plan, action, mode, start_slot)
    _measure_projects(tables, plan, action, end_slot, values)
    values[3] = max(0, end_slot - of(tables, at.DUE_SLOT, action))
    cost = of(tables, at.MODE_COST, mode)
    first = of(tables, at.TEAM_FROM, action)
    last = first + team_size(tables, mode)
    for place in range(first, last):
        cost += unit_cost(tables, plan, of(plan, at.TEAM, place), action, mode, start_slot)
        add(plan, at.LOAD_SLOTS, of(tables, at.OWNER, of(plan, at.TEAM, place)), of(tables, at.DURATION_SLOTS, mode))
    values[4] = cost
    values[5] = burden(tables, plan)
    for place in range(first, last):
        add(plan, at.LOAD_SLOTS, of(tables, at.OWNER, of(plan, at.TEAM, place)), -of(tables, at.DURATION_SLOTS, mode))


@compiled
def changes(tables: Tables, plan: Plan, action: int, mode: int, start_slot: int) -> int:
    """Orders of the action that are other than in the earlier plan, see `solver.score.changes_of`."""
    if of(tables, at.KEPT_MODE, action) == NONE:
        return 0
    first, last = of(tables, at.KEPT_FROM, action), of(tables, at.KEPT_FROM, action + 1)
    first_mode = of(tables, at.MODE_FROM, action)
    if mode - first_mode != of(tables, at.KEPT_MODE, action) or start_slot != of(tables, at.KEPT_SLOT, action):
        return 1 + last - first
    gone = 0
    for order in range(first, last):
        place = of(tables, at.TEAM_FROM, action)
        for need in range(
            of(tables, at.NEED_FROM, mode), of(tables, at.NEED_FROM, mode) + of(tables, at.KEPT_NEED, order)
        ):
            place += of(tables, at.COUNT, need)
        count = of(tables, at.COUNT, of(tables, at.NEED_FROM, mode) + of(tables, at.KEPT_NEED, order))
        found = False
        for other in range(place, place + count):
            found = found or of(plan, at.TEAM, other) == of(tables, at.KEPT_UNIT, order)
        gone += 0 if found else 1
    return gone + (1 if gone > 0 else 0)


@compiled
def _measure_projects(tables: Tables, plan: Plan, action: int, end_slot: int, values: Ints) -> None:
    """Delay of the action's project and makespan of all, with the action ending then."""
    values[1], values[2] = 0, 0
    own = of(tables, at.PROJECT_OF, action)
    if own == NONE:
        return
    last_of_all, first_release = end_slot, NEVER
    for project in range(of(tables, at.PROJECTS, 0)):
        first_release = min(first_release, of(tables, at.RELEASE_SLOT, project))
        last = end_slot if project == own else -NEVER
        for place in range(of(tables, at.PROJECT_FROM, project), of(tables, at.PROJECT_FROM, project + 1)):
            other = of(tables, at.PROJECT_ACTION, place)
            if of(plan, at.MODE, other) != NONE:
                last = max(
                    last, of(plan, at.START_SLOT, other) + of(tables, at.DURATION_SLOTS, of(plan, at.MODE, other))
                )
        last_of_all = max(last_of_all, last)
        if project == own:
            values[1] = max(0, last - of(tables, at.RELEASE_SLOT, project) - of(tables, at.LEAST_SLOTS, project))
    values[2] = max(0, last_of_all - first_release)


@compiled
def unit_cost(tables: Tables, plan: Plan, unit: int, action: int, mode: int, start_slot: int) -> int:
    """What the unit's service adds to the cost, its change of roads included; the action is out."""
    price = of(tables, at.COST_PER_SLOT, unit)
    if price == 0:
        return 0
    site = of(tables, at.SITE, action)
    shift = _shift(tables, unit, start_slot)
    before, after = NONE, NONE
    first = of(tables, at.DAY_FROM, unit)
    for place in range(first, first + of(plan, at.STINTS, unit)):
        other = of(plan, at.DAY, place)
        if _shift(tables, unit, of(plan, at.START_SLOT, other)) != shift:
            continue
        if of(plan, at.START_SLOT, other) <= start_slot:
            before = other
        elif after == NONE:
            after = other
    origin = of(tables, at.HOME, unit) if before == NONE else of(tables, at.SITE, before)
    roads = way(tables, origin, site)
    if after != NONE:
        there = of(tables, at.SITE, after)
        roads += way(tables, site, there) - way(tables, origin, there)
    return price * (of(tables, at.DURATION_SLOTS, mode) + roads)


@compiled
def _shift(tables: Tables, unit: int, slot: int) -> int:
    """The availability interval in which a stint that starts then lies."""
    shift = 0
    for number in range(of(tables, at.OPEN_FROM, unit), of(tables, at.OPEN_FROM, unit + 1)):
        if of(tables, at.OPEN_SLOT, number) <= slot:
            shift += 1
    return shift


@compiled
def burden(tables: Tables, plan: Plan) -> int:
    """The largest share of its units' available slots that a country spends in action, in thousandths, rounded up."""
    most = 0
    for country in range(of(tables, at.COUNTRIES, 0)):
        offered = of(tables, at.OFFERED_SLOTS, country)
        if offered > 0 and of(plan, at.LOAD_SLOTS, country) > 0:
            most = max(most, (1000 * of(plan, at.LOAD_SLOTS, country) + offered - 1) // offered)
    return most


@compiled
def _cheapest_team(tables: Tables, plan: Plan, action: int, mode: int, start_slot: int) -> bool:
    """Put the cheapest free units into the action's team; those of the earlier plan first, where it is as it was."""
    list_free(tables, plan, action, mode, start_slot)
    as_kept = (
        of(tables, at.KEPT_MODE, action) == mode - of(tables, at.MODE_FROM, action)
        and of(tables, at.KEPT_SLOT, action) == start_slot
    )
    first = of(tables, at.NEED_FROM, mode)
    for need in range(of(tables, at.NEED_FROM, mode + 1) - first):
        low, high = of(plan, at.PLACES, need), of(plan, at.PLACES, need + 1)
        wanted = of(tables, at.COUNT, first + need)
        if high - low < wanted:
            return False
        for place in range(low, high):
            unit = of(plan, at.FREE, place)
            write(plan, at.PRICE, place, unit_cost(tables, plan, unit, action, mode, start_slot))
            if as_kept and _is_kept(tables, action, need, unit):
                write(plan, at.PRICE, place, -1)
        # The cheapest come first, as many as all needs together may take of these; the others follow in any order.
        front = min(high - low, team_size(tables, mode))
        for rank in range(front):
            cheapest = low + rank
            for place in range(low + rank + 1, high):
                if _is_cheaper(tables, plan, place, cheapest):
                    cheapest = place
            here = low + rank
            write(plan, at.FREE, here, of(plan, at.FREE, cheapest))
            write(plan, at.FREE, cheapest, of(plan, at.FREE, here))
            write(plan, at.PRICE, here, of(plan, at.PRICE, cheapest))
            write(plan, at.PRICE, cheapest, of(plan, at.PRICE, here))
    return match_team(tables, plan, action, mode)


@compiled
def _is_cheaper(tables: Tables, plan: Plan, place: int, other: int) -> bool:
    if of(plan, at.PRICE, place) != of(plan, at.PRICE, other):
        return of(plan, at.PRICE, place) < of(plan, at.PRICE, other)
    one, two = _load(tables, plan, of(plan, at.FREE, place)), _load(tables, plan, of(plan, at.FREE, other))
    return one < two if one != two else of(plan, at.FREE, place) < of(plan, at.FREE, other)


@compiled
def _load(tables: Tables, plan: Plan, unit: int) -> int:
    owner = of(tables, at.OWNER, unit)
    return 1000 * of(plan, at.LOAD_SLOTS, owner) // max(1, of(tables, at.OFFERED_SLOTS, owner))


@compiled
def _is_kept(tables: Tables, action: int, need: int, unit: int) -> bool:
    for order in range(of(tables, at.KEPT_FROM, action), of(tables, at.KEPT_FROM, action + 1)):
        if of(tables, at.KEPT_NEED, order) == need and of(tables, at.KEPT_UNIT, order) == unit:
            return True
    return False


@entry
def urgent_actions(tables: Tables, plan: Plan, movable: Ints) -> Ints:
    """Those that are other than in the earlier plan; where there are none, those that are late."""
    changed = np.empty(movable.shape[0], dtype=np.int64)
    count = 0
    for action in movable:
        if changes(tables, plan, action, of(plan, at.MODE, action), of(plan, at.START_SLOT, action)) > 0:
            changed[count] = action
            count += 1
    if count == 0:
        for action in movable:
            end_slot = of(plan, at.START_SLOT, action) + of(tables, at.DURATION_SLOTS, of(plan, at.MODE, action))
            if end_slot > of(tables, at.DUE_SLOT, action):
                changed[count] = action
                count += 1
    return changed[:count]
