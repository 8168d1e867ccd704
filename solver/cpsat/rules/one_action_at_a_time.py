"""A unit serves one action at a time."""

from __future__ import annotations

from solver.cpsat.variables import Variables


def add(variables: Variables) -> None:
    """Of two actions that share a unit, one ends before the other starts.

    Stints of units in actions that stay placed are kept by narrowing to the surroundings.
    """
    for (one, other), units in variables.pairs.items():
        if never_meet(variables, one, other):
            continue
        shared = variables.shared(one, other, units)
        orders = [variables.before(one, other), variables.before(other, one)]
        variables.model.add_bool_or([shared.negated(), *orders])


def never_meet(variables: Variables, one: int, other: int) -> bool:
    """Whether the domains alone keep the two actions apart."""
    return variables.latest_end(one) <= variables.earliest_start(other) or variables.latest_end(
        other
    ) <= variables.earliest_start(one)
