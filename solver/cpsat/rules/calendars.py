"""Units act only when they are available."""

from __future__ import annotations

from solver.cpsat.variables import Variables
from solver.facts.slots import span


def narrow(variables: Variables) -> None:
    """Leave the starts at which the whole action lies inside one availability interval of the unit."""
    for service in variables.services:
        duration_slots = variables.facts.durations[service.action][service.mode]
        available = 0
        for interval in variables.problem.units[service.unit].availability:
            available |= span(interval.start_slot, interval.end_slot - duration_slots + 1)
        service.starts &= available
