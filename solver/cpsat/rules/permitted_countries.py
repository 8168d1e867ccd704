"""Units act only where they are permitted."""

from __future__ import annotations

from solver.cpsat.variables import Variables


def narrow(variables: Variables) -> None:
    """Take away services by units that may not act in the host country."""
    for service in variables.services:
        host = variables.facts.hosts[service.action]
        if host not in variables.problem.units[service.unit].permitted:
            service.starts = 0
