"""Largest share of its units' available slots that a country spends in action."""

from __future__ import annotations

from solver.cpsat.variables import Linear, Variables


def value(variables: Variables) -> Linear:
    """The smallest integer that is at least every owner's load in thousandths, what stays placed included."""
    problem = variables.problem
    offered: dict[int, int] = {}
    for unit in problem.units:
        for interval in unit.availability:
            slots = min(interval.end_slot, problem.horizon_slots) - max(interval.start_slot, 0)
            offered[unit.owner] = offered.get(unit.owner, 0) + max(0, slots)
    loads: dict[int, list[Linear]] = {}
    for service in variables.services:
        slots = variables.facts.durations[service.action][service.mode]
        loads.setdefault(problem.units[service.unit].owner, []).append(slots * service.literal)
    around = variables.scope.around
    for index, day in enumerate(around.days) if around is not None else ():
        slots = sum(stint.end_slot - stint.start_slot for stint in day)
        if slots:
            loads.setdefault(problem.units[index].owner, []).append(slots)
    most = variables.model.new_int_var(0, 1000 * max(1, problem.horizon_slots), "burden")
    for owner, terms in loads.items():
        if offered.get(owner):
            variables.model.add(offered[owner] * most >= 1000 * sum(terms))
    return most
