"""Choosing units for an action at a given start."""

from __future__ import annotations

from solver.compiled.jit import compiled
from solver.compiled.raids import fields as at
from solver.compiled.raids.days import is_free, is_open
from solver.compiled.raids.fields import add, of, write
from solver.compiled.raids.plan import Plan
from solver.compiled.raids.tables import NONE, Tables


@compiled
def choose_team(tables: Tables, plan: Plan, action: int, mode: int, start_slot: int) -> bool:
    """Put free units for every need into the action's team, those that others miss least; False without enough.

    The first free ones of each need's candidates are taken; only where needs compete for the same units and one comes
    off too badly are augmenting paths sought.
    """
    site, duration_slots = of(tables, at.SITE, action), of(tables, at.DURATION_SLOTS, mode)
    add(plan, at.NUMBERS, at.LATEST_STAMP, 1)
    stamp = of(plan, at.NUMBERS, at.LATEST_STAMP)
    into = of(tables, at.TEAM_FROM, action)
    for need in range(of(tables, at.NEED_FROM, mode), of(tables, at.NEED_FROM, mode + 1)):
        pool, seated = of(tables, at.POOL_OF, need), 0
        place = of(tables, at.POOL_FROM, pool)
        last = of(tables, at.POOL_FROM, pool + 1)
        while seated < of(tables, at.COUNT, need) and place < last:
            unit = of(tables, at.POOL_UNIT, place)
            place += 1
            if of(plan, at.SEEN, unit) == stamp or not is_open(tables, unit, site, duration_slots, start_slot):
                continue
            if is_free(tables, plan, unit, site, duration_slots, start_slot):
                write(plan, at.SEEN, unit, stamp)
                write(plan, at.TEAM, into, unit)
                into += 1
                seated += 1
        if seated < of(tables, at.COUNT, need):
            if of(tables, at.NEED_FROM, mode + 1) - of(tables, at.NEED_FROM, mode) == 1:
                return False
            list_free(tables, plan, action, mode, start_slot)
            return match_team(tables, plan, action, mode)
    return True


@compiled
def list_free(tables: Tables, plan: Plan, action: int, mode: int, start_slot: int) -> None:
    """Note in FREE who is free for each need: need by need, bounds in PLACES."""
    site, duration_slots = of(tables, at.SITE, action), of(tables, at.DURATION_SLOTS, mode)
    first = of(tables, at.NEED_FROM, mode)
    length = 0
    for need in range(first, of(tables, at.NEED_FROM, mode + 1)):
        write(plan, at.PLACES, need - first, length)
        pool = of(tables, at.POOL_OF, need)
        for place in range(of(tables, at.POOL_FROM, pool), of(tables, at.POOL_FROM, pool + 1)):
            unit = of(tables, at.POOL_UNIT, place)
            if is_open(tables, unit, site, duration_slots, start_slot) and is_free(
                tables, plan, unit, site, duration_slots, start_slot
            ):
                write(plan, at.FREE, length, unit)
                length += 1
    write(plan, at.PLACES, of(tables, at.NEED_FROM, mode + 1) - first, length)


@compiled
def match_team(tables: Tables, plan: Plan, action: int, mode: int) -> bool:
    """Seat every need with different units of its list in FREE, the first ones where that goes; False otherwise.

    Augmenting paths (Kuhn 1955), breadth first, over the places of the team.
    """
    first_need, needs = (
        of(tables, at.NEED_FROM, mode),
        of(tables, at.NEED_FROM, mode + 1) - of(tables, at.NEED_FROM, mode),
    )
    room = of(tables, at.MOST_PLACES, 0)
    base = of(tables, at.TEAM_FROM, action)
    length = of(plan, at.PLACES, needs)
    for place in range(length):
        write(plan, at.SEATED_BY, of(plan, at.FREE, place), NONE)
    places = 0
    for need in range(needs):
        for _ in range(of(tables, at.COUNT, first_need + need)):
            # The second quarter holds each place's need, the third a queue of places.
            write(plan, at.PLACES, room + places, need)
            write(plan, at.TEAM, base + places, NONE)
            places += 1
    for place in range(places):
        if not _seat(plan, base, place, room):
            for other in range(length):
                write(plan, at.SEATED_BY, of(plan, at.FREE, other), NONE)
            return False
    for place in range(length):
        write(plan, at.SEATED_BY, of(plan, at.FREE, place), NONE)
    return True


@compiled
def _seat(plan: Plan, base: int, place: int, room: int) -> bool:
    """Find a unit for one place, moving others to units that are free for them too."""
    add(plan, at.NUMBERS, at.LATEST_STAMP, 1)
    stamp = of(plan, at.NUMBERS, at.LATEST_STAMP)
    head, tail = 0, 1
    write(plan, at.PLACES, 2 * room, place)
    while head < tail:
        here = of(plan, at.PLACES, 2 * room + head)
        head += 1
        need = of(plan, at.PLACES, room + here)
        for option in range(of(plan, at.PLACES, need), of(plan, at.PLACES, need + 1)):
            unit = of(plan, at.FREE, option)
            if of(plan, at.SEEN, unit) == stamp:
                continue
            write(plan, at.SEEN, unit, stamp)
            write(plan, at.PARENT, unit, here)
            holder = of(plan, at.SEATED_BY, unit)
            if holder != NONE:
                write(plan, at.PLACES, 2 * room + tail, holder)
                tail += 1
                continue
            while True:
                to = of(plan, at.PARENT, unit)
                before = of(plan, at.TEAM, base + to)
                write(plan, at.TEAM, base + to, unit)
                write(plan, at.SEATED_BY, unit, to)
                if to == place:
                    return True
                unit = before
    return False
