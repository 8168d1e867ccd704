"""Actions lie inside their windows."""

from __future__ import annotations

from solver.cpsat.variables import Variables
from solver.facts.slots import span


def narrow(variables: Variables) -> None:
    """Leave the starts at which the whole action lies in the horizon and inside one window."""
    for action, mode in variables.mode_starts:
        duration_slots = variables.facts.durations[action][mode]
        inside = 0
        for window in variables.problem.actions[action].windows:
            inside |= span(window.start_slot, window.end_slot - duration_slots + 1)
        within_horizon = span(0, variables.facts.horizon_slots - duration_slots + 1)
        variables.mode_starts[action, mode] &= inside & within_horizon
