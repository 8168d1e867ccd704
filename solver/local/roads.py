"""What a unit's day costs on the road."""

from __future__ import annotations

from solver.draft.day import Stint
from solver.facts import Facts


def road_slots(facts: Facts, unit: int, day: list[Stint]) -> int:
    """Slots on the road: from home to the first stint of each availability interval, then from one to the next."""
    availability = facts.problem.units[unit].availability
    home = facts.homes[unit]
    if len(availability) == 1:
        total, origin = 0, home
        for stint in day:
            total += facts.way(origin, stint.site)
            origin = stint.site
        return total
    total, shift_before, origin = 0, -1, home
    for stint in day:
        shift = sum(interval.start_slot <= stint.start_slot for interval in availability)
        total += facts.way(origin if shift == shift_before else home, stint.site)
        shift_before, origin = shift, stint.site
    return total
