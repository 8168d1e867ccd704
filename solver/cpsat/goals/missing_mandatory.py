"""Mandatory actions that are not placed."""

from __future__ import annotations

from solver.cpsat.variables import Linear, Variables


def value(variables: Variables) -> Linear:
    """Count the free mandatory actions left out."""
    return sum(
        1 - present for action, present in variables.present.items() if variables.problem.actions[action].mandatory
    )
