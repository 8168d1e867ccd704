"""What is decided stays as decided."""

from __future__ import annotations

from solver.cpsat.variables import Variables


def narrow(variables: Variables) -> None:
    """Leave the locked start, mode and units only."""
    for action, mode in variables.mode_starts:
        lock = variables.problem.actions[action].lock
        if lock is None:
            continue
        if lock.mode is not None and lock.mode != mode:
            variables.mode_starts[action, mode] = 0
        if lock.start_slot is not None:
            variables.mode_starts[action, mode] &= 1 << lock.start_slot
    for service in variables.services:
        lock = variables.problem.actions[service.action].lock
        if lock is None or lock.units is None:
            continue
        if lock.mode != service.mode or service.unit not in lock.units[service.need]:
            service.starts = 0


def add(variables: Variables) -> None:
    """Place every locked action."""
    for action in variables.free:
        if variables.problem.actions[action].lock is not None:
            variables.model.add(variables.present[action] == 1)
