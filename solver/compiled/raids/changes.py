"""Putting actions into a plan and taking them out."""

from __future__ import annotations

from solver.compiled.jit import compiled, entry
from solver.compiled.raids import fields as at
from solver.compiled.raids.fields import add, of, write
from solver.compiled.raids.plan import Plan
from solver.compiled.raids.tables import NONE, Tables


@compiled
def put(tables: Tables, plan: Plan, action: int, mode: int, start_slot: int) -> None:
    """Place an action with the units that stand in its team; the caller has seen that all is free."""
    write(plan, at.MODE, action, mode)
    write(plan, at.START_SLOT, action, start_slot)
    first = of(tables, at.TEAM_FROM, action)
    for place in range(first, first + team_size(tables, mode)):
        unit = of(plan, at.TEAM, place)
        into = of(tables, at.DAY_FROM, unit) + of(plan, at.STINTS, unit)
        while into > of(tables, at.DAY_FROM, unit) and of(plan, at.START_SLOT, of(plan, at.DAY, into - 1)) > start_slot:
            write(plan, at.DAY, into, of(plan, at.DAY, into - 1))
            into -= 1
        write(plan, at.DAY, into, action)
        add(plan, at.STINTS, unit, 1)
        add(plan, at.LOAD_SLOTS, of(tables, at.OWNER, unit), of(tables, at.DURATION_SLOTS, mode))
    for demand in range(of(tables, at.DEMAND_FROM, mode), of(tables, at.DEMAND_FROM, mode + 1)):
        resource = of(tables, at.RESOURCE, demand)
        place = of(tables, at.USE_FROM, resource) + of(plan, at.USES, resource)
        write(plan, at.USE_DEMAND, place, demand)
        write(plan, at.USE_ACTION, place, action)
        add(plan, at.USES, resource, 1)
        from_slot = start_slot + of(tables, at.OFFSET_SLOTS, demand)
        _change(
            tables,
            plan,
            resource,
            from_slot,
            from_slot + of(tables, at.LENGTH_SLOTS, demand),
            -of(tables, at.AMOUNT, demand),
        )
    add(plan, at.NUMBERS, at.MISSING_NOW, -of(tables, at.MANDATORY, action))
    add(plan, at.NUMBERS, at.WEIGHT_NOW, of(tables, at.WEIGHT, action))
    add(plan, at.NUMBERS, at.VICTIMS_NOW, of(tables, at.VICTIMS, action))


@compiled
def take(tables: Tables, plan: Plan, action: int) -> None:
    """Take a placed action out; its team stays noted, so that it can be put back."""
    mode, start_slot = of(plan, at.MODE, action), of(plan, at.START_SLOT, action)
    first = of(tables, at.TEAM_FROM, action)
    for place in range(first, first + team_size(tables, mode)):
        unit = of(plan, at.TEAM, place)
        into = of(tables, at.DAY_FROM, unit)
        while of(plan, at.DAY, into) != action:
            into += 1
        last = of(tables, at.DAY_FROM, unit) + of(plan, at.STINTS, unit) - 1
        while into < last:
            write(plan, at.DAY, into, of(plan, at.DAY, into + 1))
            into += 1
        add(plan, at.STINTS, unit, -1)
        add(plan, at.LOAD_SLOTS, of(tables, at.OWNER, unit), -of(tables, at.DURATION_SLOTS, mode))
    for demand in range(of(tables, at.DEMAND_FROM, mode), of(tables, at.DEMAND_FROM, mode + 1)):
        resource = of(tables, at.RESOURCE, demand)
        last = of(tables, at.USE_FROM, resource) + of(plan, at.USES, resource) - 1
        place = of(tables, at.USE_FROM, resource)
        while of(plan, at.USE_DEMAND, place) != demand:
            place += 1
        write(plan, at.USE_DEMAND, place, of(plan, at.USE_DEMAND, last))
        write(plan, at.USE_ACTION, place, of(plan, at.USE_ACTION, last))
        add(plan, at.USES, resource, -1)
        from_slot = start_slot + of(tables, at.OFFSET_SLOTS, demand)
        _change(
            tables,
            plan,
            resource,
            from_slot,
            from_slot + of(tables, at.LENGTH_SLOTS, demand),
            of(tables, at.AMOUNT, demand),
        )
    write(plan, at.MODE, action, NONE)
    add(plan, at.NUMBERS, at.MISSING_NOW, of(tables, at.MANDATORY, action))
    add(plan, at.NUMBERS, at.WEIGHT_NOW, -of(tables, at.WEIGHT, action))
    add(plan, at.NUMBERS, at.VICTIMS_NOW, -of(tables, at.VICTIMS, action))


@compiled
def team_size(tables: Tables, mode: int) -> int:
    """How many units a mode needs."""
    total = 0
    for need in range(of(tables, at.NEED_FROM, mode), of(tables, at.NEED_FROM, mode + 1)):
        total += of(tables, at.COUNT, need)
    return total


@compiled
def _change(tables: Tables, plan: Plan, resource: int, from_slot: int, until_slot: int, amount: int) -> None:
    """Add to what is left of a resource over ``[from_slot, until_slot)``."""
    low = _cut(tables, plan, resource, from_slot)
    high = _cut(tables, plan, resource, until_slot)
    for place in range(low, high):
        add(plan, at.SEGMENT_LEFT, place, amount)
    _join(tables, plan, resource, high)
    _join(tables, plan, resource, low)


@compiled
def _cut(tables: Tables, plan: Plan, resource: int, slot: int) -> int:
    """Let a segment begin at the slot; return its place."""
    first = of(tables, at.SEGMENT_FROM, resource)
    place = first + of(plan, at.SEGMENTS, resource)
    while of(plan, at.SEGMENT_SLOT, place - 1) > slot:
        place -= 1
    if of(plan, at.SEGMENT_SLOT, place - 1) == slot:
        return place - 1
    for other in range(first + of(plan, at.SEGMENTS, resource), place, -1):
        write(plan, at.SEGMENT_SLOT, other, of(plan, at.SEGMENT_SLOT, other - 1))
        write(plan, at.SEGMENT_LEFT, other, of(plan, at.SEGMENT_LEFT, other - 1))
    write(plan, at.SEGMENT_SLOT, place, slot)
    write(plan, at.SEGMENT_LEFT, place, of(plan, at.SEGMENT_LEFT, place - 1))
    add(plan, at.SEGMENTS, resource, 1)
    return place


@compiled
def _join(tables: Tables, plan: Plan, resource: int, place: int) -> None:
    """Join a segment with the one before where as much is left in both."""
    first = of(tables, at.SEGMENT_FROM, resource)
    if place == first or of(plan, at.SEGMENT_LEFT, place) != of(plan, at.SEGMENT_LEFT, place - 1):
        return
    last = first + of(plan, at.SEGMENTS, resource) - 1
    for other in range(place, last):
        write(plan, at.SEGMENT_SLOT, other, of(plan, at.SEGMENT_SLOT, other + 1))
        write(plan, at.SEGMENT_LEFT, other, of(plan, at.SEGMENT_LEFT, other + 1))
    add(plan, at.SEGMENTS, resource, -1)


@compiled
def clear(tables: Tables, plan: Plan) -> None:
    """Take everything out."""
    for action in range(of(tables, at.ACTIONS, 0)):
        if of(plan, at.MODE, action) != NONE:
            take(tables, plan, action)


@entry
def keep_best(tables: Tables, plan: Plan) -> None:
    """Note the plan as the best so far."""
    for action in range(of(tables, at.ACTIONS, 0)):
        write(plan, at.BEST_MODE, action, of(plan, at.MODE, action))
        write(plan, at.BEST_START, action, of(plan, at.START_SLOT, action))
    for place in range(of(tables, at.TEAM_FROM, of(tables, at.ACTIONS, 0))):
        write(plan, at.BEST_TEAM, place, of(plan, at.TEAM, place))


@entry
def back_to_best(tables: Tables, plan: Plan) -> None:
    """Make the plan what was noted as the best so far."""
    for action in range(of(tables, at.ACTIONS, 0)):
        if of(plan, at.MODE, action) != NONE and not _is_as_best(tables, plan, action):
            take(tables, plan, action)
    for action in range(of(tables, at.ACTIONS, 0)):
        if of(plan, at.BEST_MODE, action) != NONE and of(plan, at.MODE, action) == NONE:
            for place in range(of(tables, at.TEAM_FROM, action), of(tables, at.TEAM_FROM, action + 1)):
                write(plan, at.TEAM, place, of(plan, at.BEST_TEAM, place))
            put(tables, plan, action, of(plan, at.BEST_MODE, action), of(plan, at.BEST_START, action))


@compiled
def _is_as_best(tables: Tables, plan: Plan, action: int) -> bool:
    mode = of(plan, at.MODE, action)
    if mode != of(plan, at.BEST_MODE, action) or of(plan, at.START_SLOT, action) != of(plan, at.BEST_START, action):
        return False
    first = of(tables, at.TEAM_FROM, action)
    for place in range(first, first + team_size(tables, mode)):
        if of(plan, at.TEAM, place) != of(plan, at.BEST_TEAM, place):
            return False
    return True
