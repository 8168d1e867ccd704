"""Actions that need a warrant lie inside one."""

from __future__ import annotations

from solver.cpsat.variables import Variables
from solver.facts.slots import span


def narrow(variables: Variables) -> None:
    """Leave the starts at which the whole action lies inside the validity of a warrant."""
    for action, mode in variables.mode_starts:
        warrants = variables.problem.actions[action].warrants
        if warrants is None:
            continue
        duration_slots = variables.facts.durations[action][mode]
        covered = 0
        for warrant in warrants:
            covered |= span(warrant.start_slot, warrant.end_slot - duration_slots + 1)
        variables.mode_starts[action, mode] &= covered
