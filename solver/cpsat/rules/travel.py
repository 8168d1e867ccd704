"""Units have time to travel."""

from __future__ import annotations

from solver.cpsat.variables import Variables
from solver.facts import FAR_SLOTS
from solver.facts.slots import span


def narrow(variables: Variables) -> None:
    """Take away the starts before which the unit cannot have come from home."""
    facts = variables.facts
    for service in variables.services:
        unit = variables.problem.units[service.unit]
        way_slots = facts.way(unit.home, facts.sites[service.action])
        for interval in unit.availability:
            too_early = span(interval.start_slot, min(interval.start_slot + way_slots, interval.end_slot))
            service.starts &= ~too_early


def add(variables: Variables) -> None:
    """Between two actions that share a unit lies the way from one site to the other.

    This is asked of every two, not only of consecutive ones: the same where travel obeys the triangle
    inequality.
    """
    for (one, other), units in variables.pairs.items():
        for first, second in ((one, other), (other, one)):
            _leave_time(variables, first, second, units)


def _leave_time(variables: Variables, first: int, second: int, units: list[int]) -> None:
    facts = variables.facts
    way_slots = facts.way(facts.sites[first], facts.sites[second])
    if way_slots == 0 or variables.latest_end(first) + way_slots <= variables.earliest_start(second):
        return
    if variables.latest_end(second) <= variables.earliest_start(first):
        return  # the second always comes before the first
    shared, before = variables.shared(first, second, units), variables.before(first, second)
    no_time = way_slots >= FAR_SLOTS or _earliest_end(variables, first) + way_slots > variables.latest_start(second)
    if no_time:
        variables.model.add_bool_or([shared.negated(), before.negated()])
    else:
        lag = variables.starts[second] >= variables.end(first) + way_slots
        variables.model.add(lag).only_enforce_if([shared, before])


def _earliest_end(variables: Variables, action: int) -> int:
    return variables.earliest_start(action) + min(variables.facts.durations[action])
