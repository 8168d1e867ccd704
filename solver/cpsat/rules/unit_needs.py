"""Every need has its units, of its type or better."""

from __future__ import annotations

from solver.cpsat.variables import Literal, Variables


def narrow(variables: Variables) -> None:
    """Take away services by units that lack the kind, the type or a skill."""
    for service in variables.services:
        need = variables.problem.actions[service.action].modes[service.mode].unit_needs[service.need]
        unit = variables.problem.units[service.unit]
        fits = unit.kind == need.kind and unit.type <= need.type and set(need.skills).issubset(unit.skills)
        if not fits:
            service.starts = 0


def add(variables: Variables) -> None:
    """Give each need of the chosen mode exactly its count; a unit fills at most one need of an action."""
    model = variables.model
    for (action, mode), chosen in variables.modes.items():
        in_mode: dict[int, list[Literal]] = {}
        for number, need in enumerate(variables.problem.actions[action].modes[mode].unit_needs):
            services = [service for service in variables.services_of(action, mode, number) if service.starts]
            model.add(sum(service.literal for service in services) == need.count * chosen)
            for service in services:
                in_mode.setdefault(service.unit, []).append(service.literal)
        for literals in in_mode.values():
            if len(literals) > 1:
                model.add_at_most_one(literals)
