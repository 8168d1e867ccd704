"""Units' days: ways, availability, and what a day leaves for one more action."""

from __future__ import annotations

from solver.compiled.jit import compiled
from solver.compiled.raids import fields as at
from solver.compiled.raids.bits import add_span, drop_span
from solver.compiled.raids.fields import of, write
from solver.compiled.raids.plan import Plan
from solver.compiled.raids.tables import NEVER, Tables, Words
from solver.facts import FAR_SLOTS


@compiled
def way(tables: Tables, origin: int, destination: int) -> int:
    """Slots of travel between two sites; FAR_SLOTS where there is no way."""
    if origin == destination:
        return 0
    minutes = NEVER
    low, end = of(tables, at.LEG_FROM, origin), of(tables, at.LEG_FROM, origin + 1)
    high = end
    while low < high:
        middle = (low + high) >> 1
        if of(tables, at.LEG_TO, middle) < destination:
            low = middle + 1
        else:
            high = middle
    if low < end and of(tables, at.LEG_TO, low) == destination:
        minutes = of(tables, at.LEG_MINUTES, low)
    here, there = of(tables, at.HUB, origin), of(tables, at.HUB, destination)
    if here >= 0 and there >= 0:
        between = of(tables, at.HUB_MINUTES, here * of(tables, at.HUBS, 0) + there)
        if between >= 0:
            minutes = min(
                minutes, of(tables, at.ACCESS_MINUTES, origin) + between + of(tables, at.ACCESS_MINUTES, destination)
            )
    if minutes >= NEVER:
        return FAR_SLOTS
    return (minutes + of(tables, at.SLOT_MINUTES, 0) - 1) // of(tables, at.SLOT_MINUTES, 0)


@compiled
def is_open(tables: Tables, unit: int, site: int, duration_slots: int, start_slot: int) -> bool:
    """Whether an idle unit can serve: in one availability interval, on the way from home first, within its duty."""
    if duration_slots > of(tables, at.MAX_DUTY_SLOTS, unit):
        return False
    end_slot = start_slot + duration_slots
    for number in range(of(tables, at.OPEN_FROM, unit), of(tables, at.OPEN_FROM, unit + 1)):
        if of(tables, at.OPEN_SLOT, number) <= start_slot and end_slot <= of(tables, at.CLOSE_SLOT, number):
            return start_slot >= of(tables, at.OPEN_SLOT, number) + way(tables, of(tables, at.HOME, unit), site)
    return False


@compiled
def add_open(tables: Tables, unit: int, site: int, duration_slots: int, words: Words) -> None:
    """Add the starts at which an idle unit can serve."""
    if duration_slots > of(tables, at.MAX_DUTY_SLOTS, unit):
        return
    way_slots = way(tables, of(tables, at.HOME, unit), site)
    for number in range(of(tables, at.OPEN_FROM, unit), of(tables, at.OPEN_FROM, unit + 1)):
        last_slot = min(of(tables, at.CLOSE_SLOT, number), of(tables, at.HORIZON_SLOTS, 0)) - duration_slots
        add_span(words, of(tables, at.OPEN_SLOT, number) + way_slots, last_slot + 1)


@compiled
def _note(plan: Plan, length: int, from_slot: int, until_slot: int) -> int:
    write(plan, at.SPANS, length, from_slot)
    write(plan, at.SPANS, length + 1, until_slot)
    return length + 2


@compiled
def blocked_spans(tables: Tables, plan: Plan, unit: int, site: int, duration_slots: int) -> int:
    """Note in SPANS the starts that the unit's day forbids, as spans; return how many numbers that are.

    Stints of actions that are `gone` do not count. Travel is asked between every two stints, as `solver.draft` does.
    """
    length = 0
    first, count = of(tables, at.DAY_FROM, unit), of(plan, at.STINTS, unit)
    max_duty, min_rest = of(tables, at.MAX_DUTY_SLOTS, unit), of(tables, at.MIN_REST_SLOTS, unit)
    block_start, block_end, first_site, last_site = -1, 0, 0, 0
    joins_until, joined_from = -1, 0
    for place in range(first, first + count):
        other = of(plan, at.DAY, place)
        if of(plan, at.GONE, other) != 0:
            continue
        there = of(tables, at.SITE, other)
        start_slot = of(plan, at.START_SLOT, other)
        end_slot = start_slot + of(tables, at.DURATION_SLOTS, of(plan, at.MODE, other))
        if there == site:
            length = _note(plan, length, start_slot - duration_slots + 1, end_slot)
        else:
            from_slot = start_slot - duration_slots - way(tables, site, there) + 1
            length = _note(plan, length, from_slot, end_slot + way(tables, there, site))
        if max_duty >= NEVER:
            continue
        if block_start >= 0 and start_slot - block_end - way(tables, last_site, there) < min_rest:
            block_end, last_site = end_slot, there
            continue
        if block_start >= 0:
            length = _spans_of_block(
                tables,
                plan,
                unit,
                site,
                duration_slots,
                length,
                block_start,
                block_end,
                first_site,
                joins_until,
                joined_from,
            )
            joins_until = block_end + way(tables, last_site, site) + min_rest
            joined_from = block_start
        block_start, block_end, first_site, last_site = start_slot, end_slot, there, there
    if block_start >= 0:
        length = _spans_of_block(
            tables,
            plan,
            unit,
            site,
            duration_slots,
            length,
            block_start,
            block_end,
            first_site,
            joins_until,
            joined_from,
        )
        joins_until = block_end + way(tables, last_site, site) + min_rest
        length = _note(plan, length, block_start + max_duty - duration_slots + 1, joins_until)
    return length


@compiled
def _spans_of_block(
    tables: Tables,
    plan: Plan,
    unit: int,
    site: int,
    duration_slots: int,
    length: int,
    block_start: int,
    block_end: int,
    first_site: int,
    joins_until: int,
    joined_from: int,
) -> int:
    """Starts that would join a duty block that is whole, or it and the one before, and make it too long."""
    max_duty, min_rest = of(tables, at.MAX_DUTY_SLOTS, unit), of(tables, at.MIN_REST_SLOTS, unit)
    joins_from = block_start - duration_slots - way(tables, site, first_site) - min_rest + 1
    length = _note(plan, length, joins_from, block_end - max_duty)
    if joins_until >= 0:
        # After the block before, and too close to it for a rest.
        length = _note(plan, length, joined_from + max_duty - duration_slots + 1, joins_until)
        if block_end - joined_from > max_duty:
            length = _note(plan, length, joins_from, joins_until)
    return length


@compiled
def is_free(tables: Tables, plan: Plan, unit: int, site: int, duration_slots: int, start_slot: int) -> bool:
    """Whether the unit's day leaves room at this start; availability aside."""
    if of(plan, at.STINTS, unit) == 0:
        return True
    length = blocked_spans(tables, plan, unit, site, duration_slots)
    for place in range(0, length, 2):
        if of(plan, at.SPANS, place) <= start_slot < of(plan, at.SPANS, place + 1):
            return False
    return True


@compiled
def drop_blocked(tables: Tables, plan: Plan, unit: int, site: int, duration_slots: int, words: Words) -> None:
    """Drop the starts that the unit's day forbids."""
    if of(plan, at.STINTS, unit) == 0:
        return
    length = blocked_spans(tables, plan, unit, site, duration_slots)
    for place in range(0, length, 2):
        drop_span(words, of(plan, at.SPANS, place), of(plan, at.SPANS, place + 1))
