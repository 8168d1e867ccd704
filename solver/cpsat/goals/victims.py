"""Expected victims of placed actions."""

from __future__ import annotations

from solver.cpsat.variables import Linear, Variables


def value(variables: Variables) -> Linear:
    """Sum the expected victims of the free actions that are placed."""
    return sum(
        variables.problem.actions[action].expected_victims * present for action, present in variables.present.items()
    )
