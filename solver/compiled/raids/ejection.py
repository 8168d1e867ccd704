"""Inserting by force: which placed actions would have to go, and letting them go.

Who leaves is noted in OUT and GONE; what is gone does not count in days and is made up for in profiles.
"""

from __future__ import annotations

from solver.compiled.chance import below
from solver.compiled.jit import compiled
from solver.compiled.raids import fields as at
from solver.compiled.raids.bits import has, keep_span, nth, size
from solver.compiled.raids.changes import put, take
from solver.compiled.raids.days import is_free, is_open
from solver.compiled.raids.fields import add, of, write
from solver.compiled.raids.plan import Plan
from solver.compiled.raids.starts import NOBODY_COMES, relation_span
from solver.compiled.raids.tables import NEVER, NONE, Tables
from solver.compiled.raids.teams import choose_team

_STARTS_TRIED = 14
_TOO_MUCH = 1e300


@compiled
def leave(tables: Tables, plan: Plan, action: int, bundle: int, most: float) -> float:
    """Let a placed action go, with its bundle and all that requires one of them; return what that costs.

    The cost is `_TOO_MUCH`, and the list unfinished, when it reaches `most`, or when one of them is locked or of
    `bundle`.
    """
    cost = 0.0
    head = of(plan, at.NUMBERS, at.LEAVING)
    _leave_one(plan, action)
    while head < of(plan, at.NUMBERS, at.LEAVING):
        here = of(plan, at.OUT, head)
        head += 1
        cost += plan.penalty[here]
        if cost >= most or of(tables, at.LOCKED, here) != 0 or of(tables, at.BUNDLE_OF, here) == bundle:
            return _TOO_MUCH
        mates = of(tables, at.BUNDLE_OF, here)
        for place in range(of(tables, at.BUNDLE_FROM, mates), of(tables, at.BUNDLE_FROM, mates + 1)):
            _leave_one(plan, of(tables, at.BUNDLE_ACTION, place))
        for link in range(of(tables, at.LINK_FROM, here), of(tables, at.LINK_FROM, here + 1)):
            if of(tables, at.LINK_LEADS, link) != 0 and of(tables, at.LINK_REQUIRED, link) != 0:
                _leave_one(plan, of(tables, at.LINK_OTHER, link))
    return cost


@compiled
def _leave_one(plan: Plan, action: int) -> None:
    if of(plan, at.MODE, action) != NONE and of(plan, at.GONE, action) == 0:
        write(plan, at.GONE, action, 1)
        write(plan, at.OUT, of(plan, at.NUMBERS, at.LEAVING), action)
        add(plan, at.NUMBERS, at.LEAVING, 1)


@compiled
def stay(plan: Plan, count: int) -> None:
    """Let all but the first `count` of those who leave stay."""
    while of(plan, at.NUMBERS, at.LEAVING) > count:
        add(plan, at.NUMBERS, at.LEAVING, -1)
        write(plan, at.GONE, of(plan, at.OUT, of(plan, at.NUMBERS, at.LEAVING)), 0)


@compiled
def force_out(tables: Tables, plan: Plan, action: int, mode: int, start_slot: int, most: float) -> float:
    """Let go what stands in the way of an action at a start; return the cost, `_TOO_MUCH` when it reaches `most`.

    Statically allowed starts only. The set is small, not proven smallest.
    """
    bundle = of(tables, at.BUNDLE_OF, action)
    cost = _force_relations(tables, plan, action, mode, start_slot, bundle, most)
    if cost < most:
        cost += _force_resources(tables, plan, mode, start_slot, bundle, most - cost)
    if cost < most:
        cost += _force_units(tables, plan, action, mode, start_slot, bundle, most - cost)
    return cost if cost < most else _TOO_MUCH


@compiled
def _force_relations(
    tables: Tables, plan: Plan, action: int, mode: int, start_slot: int, bundle: int, most: float
) -> float:
    """Let go whose lags to this action would break."""
    low, high = relation_span(tables, plan, action, mode, NOBODY_COMES)
    if low <= start_slot <= high:
        return 0.0
    cost = 0.0
    for link in range(of(tables, at.LINK_FROM, action), of(tables, at.LINK_FROM, action + 1)):
        other = of(tables, at.LINK_OTHER, link)
        leads, required = of(tables, at.LINK_LEADS, link) != 0, of(tables, at.LINK_REQUIRED, link) != 0
        if of(plan, at.MODE, other) == NONE:
            if required and not leads:
                return _TOO_MUCH
            continue
        if leads:
            lag = of(plan, at.START_SLOT, other) - start_slot
            if of(tables, at.LINK_AT_END, link) != 0:
                lag -= of(tables, at.DURATION_SLOTS, mode)
        else:
            lag = start_slot - of(plan, at.START_SLOT, other)
            if of(tables, at.LINK_AT_END, link) != 0:
                lag -= of(tables, at.DURATION_SLOTS, of(plan, at.MODE, other))
        if lag < of(tables, at.LINK_MIN, link) or lag > of(tables, at.LINK_MAX, link):
            if required and not leads:
                return _TOO_MUCH
            cost += leave(tables, plan, other, bundle, most - cost)
            if cost >= most:
                return _TOO_MUCH
    for place in range(of(tables, at.GROUP_FROM, action), of(tables, at.GROUP_FROM, action + 1)):
        group = of(tables, at.GROUP_OF, place)
        for number in range(of(tables, at.MEMBER_FROM, group), of(tables, at.MEMBER_FROM, group + 1)):
            other = of(tables, at.MEMBER, number)
            if of(plan, at.MODE, other) != NONE and abs(of(plan, at.START_SLOT, other) - start_slot) > of(
                tables, at.TOLERANCE_SLOTS, group
            ):
                return _TOO_MUCH
    return cost


@compiled
def _force_resources(tables: Tables, plan: Plan, mode: int, start_slot: int, bundle: int, most: float) -> float:
    """Let go, for each resource that lacks, whose uses relieve it most for what they are worth."""
    cost = 0.0
    for demand in range(of(tables, at.DEMAND_FROM, mode), of(tables, at.DEMAND_FROM, mode + 1)):
        resource = of(tables, at.RESOURCE, demand)
        low = start_slot + of(tables, at.OFFSET_SLOTS, demand)
        high = low + of(tables, at.LENGTH_SLOTS, demand)
        shorts = _shortages(tables, plan, resource, low, high, of(tables, at.AMOUNT, demand))
        first = of(tables, at.USE_FROM, resource)
        last = first + of(plan, at.USES, resource)
        while _is_short(plan, shorts):
            best, best_ratio = NONE, 0.0
            for place in range(first, last):
                other = of(plan, at.USE_ACTION, place)
                if (
                    of(plan, at.GONE, other) != 0
                    or of(tables, at.LOCKED, other) != 0
                    or of(tables, at.BUNDLE_OF, other) == bundle
                ):
                    continue
                gain = _relief(tables, plan, shorts, of(plan, at.USE_DEMAND, place), other)
                ratio = gain / (plan.penalty[other] + 1e-9)
                if gain > 0 and ratio > best_ratio:
                    best, best_ratio = other, ratio
            if best == NONE:
                return _TOO_MUCH
            cost += leave(tables, plan, best, bundle, most - cost)
            if cost >= most:
                return _TOO_MUCH
            shorts = _shortages(tables, plan, resource, low, high, of(tables, at.AMOUNT, demand))
    return cost


@compiled
def _shortages(tables: Tables, plan: Plan, resource: int, low: int, high: int, amount: int) -> int:
    """Note in SHORT where less than `amount` is left in ``[low, high)``, what is gone made up for.

    Triples of slot, end and lack; returns how many.
    """
    count = 0
    first = of(tables, at.SEGMENT_FROM, resource)
    last = first + of(plan, at.SEGMENTS, resource) - 1
    for place in range(first, last + 1):
        until = of(plan, at.SEGMENT_SLOT, place + 1) if place < last else NEVER
        lack = amount - of(plan, at.SEGMENT_LEFT, place)
        if lack > 0 and of(plan, at.SEGMENT_SLOT, place) < high and until > low:
            write(plan, at.SHORT, 3 * count, of(plan, at.SEGMENT_SLOT, place))
            write(plan, at.SHORT, 3 * count + 1, until)
            write(plan, at.SHORT, 3 * count + 2, lack)
            count += 1
    if count == 0 or of(plan, at.NUMBERS, at.LEAVING) == 0:
        return count
    for place in range(
        of(tables, at.USE_FROM, resource), of(tables, at.USE_FROM, resource) + of(plan, at.USES, resource)
    ):
        other = of(plan, at.USE_ACTION, place)
        if of(plan, at.GONE, other) != 0:
            demand = of(plan, at.USE_DEMAND, place)
            from_slot = of(plan, at.START_SLOT, other) + of(tables, at.OFFSET_SLOTS, demand)
            until = from_slot + of(tables, at.LENGTH_SLOTS, demand)
            for number in range(count):
                if from_slot < of(plan, at.SHORT, 3 * number + 1) and until > of(plan, at.SHORT, 3 * number):
                    add(plan, at.SHORT, 3 * number + 2, -of(tables, at.AMOUNT, demand))
    return count


@compiled
def _is_short(plan: Plan, count: int) -> bool:
    for number in range(count):
        if of(plan, at.SHORT, 3 * number + 2) > 0:
            return True
    return False


@compiled
def _relief(tables: Tables, plan: Plan, count: int, demand: int, action: int) -> int:
    from_slot = of(plan, at.START_SLOT, action) + of(tables, at.OFFSET_SLOTS, demand)
    until = from_slot + of(tables, at.LENGTH_SLOTS, demand)
    gain = 0
    for number in range(count):
        lack = of(plan, at.SHORT, 3 * number + 2)
        if lack > 0 and from_slot < of(plan, at.SHORT, 3 * number + 1) and until > of(plan, at.SHORT, 3 * number):
            gain += min(lack, of(tables, at.AMOUNT, demand))
    return gain


@compiled
def _force_units(
    tables: Tables, plan: Plan, action: int, mode: int, start_slot: int, bundle: int, most: float
) -> float:
    """Let go, for each need that lacks units, what keeps the candidates that cost least to free."""
    site, duration_slots = of(tables, at.SITE, action), of(tables, at.DURATION_SLOTS, mode)
    add(plan, at.NUMBERS, at.LATEST_STAMP, 1)
    stamp = of(plan, at.NUMBERS, at.LATEST_STAMP)
    cost = 0.0
    for need in range(of(tables, at.NEED_FROM, mode), of(tables, at.NEED_FROM, mode + 1)):
        pool, seated, busy = of(tables, at.POOL_OF, need), 0, 0
        for place in range(of(tables, at.POOL_FROM, pool), of(tables, at.POOL_FROM, pool + 1)):
            unit = of(tables, at.POOL_UNIT, place)
            if of(plan, at.SEEN, unit) == stamp or not is_open(tables, unit, site, duration_slots, start_slot):
                continue
            if is_free(tables, plan, unit, site, duration_slots, start_slot):
                write(plan, at.SEEN, unit, stamp)
                seated += 1
                if seated == of(tables, at.COUNT, need):
                    break
            else:
                write(plan, at.BUSY, busy, unit)
                busy += 1
        if seated + busy < of(tables, at.COUNT, need):
            return _TOO_MUCH
        while seated < of(tables, at.COUNT, need):
            chosen, least = NONE, most - cost
            before = of(plan, at.NUMBERS, at.LEAVING)
            for number in range(busy):
                unit = of(plan, at.BUSY, number)
                if of(plan, at.SEEN, unit) == stamp:
                    continue
                price = _free_unit(tables, plan, unit, site, duration_slots, start_slot, bundle, least)
                stay(plan, before)
                if price < least:
                    chosen, least = unit, price
                    if price == 0.0:
                        break
            if chosen == NONE:
                return _TOO_MUCH
            cost += _free_unit(tables, plan, chosen, site, duration_slots, start_slot, bundle, _TOO_MUCH)
            write(plan, at.SEEN, chosen, stamp)
            seated += 1
    return cost


@compiled
def _free_unit(
    tables: Tables, plan: Plan, unit: int, site: int, duration_slots: int, start_slot: int, bundle: int, most: float
) -> float:
    """Let go what keeps a unit from serving, the cheapest single stint where one is enough; return what that costs."""
    if is_free(tables, plan, unit, site, duration_slots, start_slot):
        return 0.0
    first, last = of(tables, at.DAY_FROM, unit), of(tables, at.DAY_FROM, unit) + of(plan, at.STINTS, unit)
    chosen, least = NONE, most
    before = of(plan, at.NUMBERS, at.LEAVING)
    for place in range(first, last):
        other = of(plan, at.DAY, place)
        if of(plan, at.GONE, other) != 0 or plan.penalty[other] >= least:
            continue
        price = leave(tables, plan, other, bundle, least)
        if price < least and is_free(tables, plan, unit, site, duration_slots, start_slot):
            chosen, least = other, price
        stay(plan, before)
    if chosen != NONE:
        return leave(tables, plan, chosen, bundle, _TOO_MUCH)
    cost = 0.0
    middle = 2 * start_slot + duration_slots
    while cost < most:
        nearest, distance = NONE, 1 << 60
        for place in range(first, last):
            other = of(plan, at.DAY, place)
            if of(plan, at.GONE, other) == 0:
                away = abs(
                    2 * of(plan, at.START_SLOT, other)
                    + of(tables, at.DURATION_SLOTS, of(plan, at.MODE, other))
                    - middle
                )
                if away < distance:
                    nearest, distance = other, away
        if nearest == NONE:
            break
        cost += leave(tables, plan, nearest, bundle, most - cost)
        if cost < most and is_free(tables, plan, unit, site, duration_slots, start_slot):
            return cost
    stay(plan, before)
    return _TOO_MUCH


@compiled
def force_action(tables: Tables, plan: Plan, action: int, from_slot: int, until_slot: int, most: float) -> float:
    """Place an action at the cheapest of some starts in ``[from_slot, until_slot)``; return what had to go costs.

    What went is added to the trail. `_TOO_MUCH`, and nothing changed, when no start tried costs less than `most`.
    """
    first, last = of(tables, at.MODE_FROM, action), of(tables, at.MODE_FROM, action + 1)
    options = 0
    for mode in range(first, last):
        row = plan.starts[mode - first]
        row[:] = tables.allowed[mode]
        keep_span(row, from_slot, until_slot)
        if size(row) > 0:
            options += 1
    if options == 0:
        return _TOO_MUCH
    best, chosen, chosen_start = most, NONE, 0
    for _ in range(_STARTS_TRIED):
        pick = below(plan.chance, options)
        mode = first
        while True:
            count = size(plan.starts[mode - first])
            if count > 0:
                if pick == 0:
                    break
                pick -= 1
            mode += 1
        start_slot = nth(plan.starts[mode - first], below(plan.chance, count))
        cost = force_out(tables, plan, action, mode, start_slot, best)
        stay(plan, 0)
        if cost < best:
            best, chosen, chosen_start = cost, mode, start_slot
    if chosen == NONE:
        return _TOO_MUCH
    force_out(tables, plan, action, chosen, chosen_start, _TOO_MUCH)
    before = of(plan, at.NUMBERS, at.TRAILED)
    for number in range(of(plan, at.NUMBERS, at.LEAVING)):
        other = of(plan, at.OUT, number)
        into = 3 * of(plan, at.NUMBERS, at.TRAILED)
        write(plan, at.TRAIL, into, other)
        write(plan, at.TRAIL, into + 1, of(plan, at.MODE, other))
        write(plan, at.TRAIL, into + 2, of(plan, at.START_SLOT, other))
        add(plan, at.NUMBERS, at.TRAILED, 1)
        write(plan, at.GONE, other, 0)
        take(tables, plan, other)
    write(plan, at.NUMBERS, at.LEAVING, 0)
    if _fits_now(tables, plan, action, chosen, chosen_start) and choose_team(
        tables, plan, action, chosen, chosen_start
    ):
        put(tables, plan, action, chosen, chosen_start)
        return best
    put_back(tables, plan, before)
    return _TOO_MUCH


@compiled
def _fits_now(tables: Tables, plan: Plan, action: int, mode: int, start_slot: int) -> bool:
    """Whether relations and resources leave the start; units are seen to by choosing them."""
    low, high = relation_span(tables, plan, action, mode, NOBODY_COMES)
    if not (low <= start_slot <= high and has(tables.allowed[mode], start_slot)):
        return False
    for demand in range(of(tables, at.DEMAND_FROM, mode), of(tables, at.DEMAND_FROM, mode + 1)):
        low = start_slot + of(tables, at.OFFSET_SLOTS, demand)
        high = low + of(tables, at.LENGTH_SLOTS, demand)
        if _shortages(tables, plan, of(tables, at.RESOURCE, demand), low, high, of(tables, at.AMOUNT, demand)) > 0:
            return False
    return True


@compiled
def put_back(tables: Tables, plan: Plan, count: int) -> None:
    """Put back all but the first `count` of the trail."""
    while of(plan, at.NUMBERS, at.TRAILED) > count:
        add(plan, at.NUMBERS, at.TRAILED, -1)
        place = 3 * of(plan, at.NUMBERS, at.TRAILED)
        put(tables, plan, of(plan, at.TRAIL, place), of(plan, at.TRAIL, place + 1), of(plan, at.TRAIL, place + 2))
