"""Single changes to a plan that keep everything else as it was: moved, done otherwise, staffed otherwise, left out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.oracle import Facts, Placement, Plan

Staffing = Mapping[str, tuple[str, ...]]


def with_placement(plan: Plan, old: Placement, new: Placement | None) -> Plan:
    """Put `new` in the place of `old`, or nothing."""
    kept = [each for each in plan.placements if each.action_id != old.action_id]
    return replace(plan, placements=(*kept, new) if new is not None else tuple(kept))


def moved(facts: Facts, plan: Plan, old: Placement, start: datetime) -> Plan:
    """Begin an action at another time; what the plan tells people of it stays true."""
    return with_placement(plan, old, at(facts, old, start, old.end - old.start))


def at(facts: Facts, old: Placement, start: datetime, duration: timedelta) -> Placement:
    """Give a placement another start and duration; zone and staff stay."""
    return replace(
        old,
        start=start,
        end=start + duration,
        local_start=start.astimezone(ZoneInfo(old.time_zone)),
        h_offset_minutes=(start - facts.h_hour) // timedelta(minutes=1),
    )


def staffed(plan: Plan, old: Placement, staffing: Staffing) -> Plan:
    """Fill an action's needs with other units."""
    units = tuple(unit for units in staffing.values() for unit in units)
    return with_placement(plan, old, replace(old, staffing=dict(staffing), unit_ids=units))


def left_out(plan: Plan, old: Placement) -> Plan:
    """Place an action no more."""
    return with_placement(plan, old, None)
