"""No action where others claim what is too near."""

from __future__ import annotations

from solver.cpsat.variables import Variables
from solver.facts.slots import span


def narrow(variables: Variables) -> None:
    """Take away the starts at which the action would touch a claimed slot."""
    for action, mode in variables.mode_starts:
        duration_slots = variables.facts.durations[action][mode]
        for interval in variables.problem.actions[action].claimed:
            touching = span(interval.start_slot - duration_slots + 1, interval.end_slot)
            variables.mode_starts[action, mode] &= ~touching
