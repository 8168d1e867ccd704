"""How sought after each unit is: what is sought by few is used first."""

from __future__ import annotations

from solver.facts import Facts


def unit_demand(facts: Facts) -> list[float]:
    """Return, per unit, the expected number of needs that will ask for it.

    A need for c of n available candidates asks for each with c / n; the modes of an action share its one
    placement.
    """
    demand = [0.0] * len(facts.problem.units)
    for action, modes in enumerate(facts.durations):
        for mode in range(len(modes)):
            for number, need in enumerate(facts.problem.actions[action].modes[mode].unit_needs):
                staff = facts.staff(action, mode, number)
                for unit, _ in staff:
                    demand[unit] += need.count / len(staff) / len(modes)
    return demand
