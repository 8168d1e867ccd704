"""When an action may happen at all: windows, forbidden hours, others' claims, warrants."""

from __future__ import annotations

from collections.abc import Iterator

from solver.problem import Problem
from solver.solution import Placement
from solver.verify.breach import Breach


def _facts(placement: Placement, end_slot: int) -> dict[str, int | str]:
    return {"action": placement.action, "start_slot": placement.start_slot, "end_slot": end_slot}


def windows(problem: Problem, placements: tuple[Placement, ...]) -> Iterator[Breach]:
    """The whole action lies in the horizon and inside one of its windows."""
    for placement in placements:
        action = problem.actions[placement.action]
        start_slot, end_slot = placement.start_slot, placement.end_slot(problem)
        if start_slot < 0 or end_slot > problem.horizon_slots:
            yield Breach("windows", f"{action.name} leaves the horizon.", _facts(placement, end_slot))
        elif not any(window.holds(start_slot, end_slot) for window in action.windows):
            yield Breach("windows", f"{action.name} lies in none of its windows.", _facts(placement, end_slot))


def forbidden_hours(problem: Problem, placements: tuple[Placement, ...]) -> Iterator[Breach]:
    """The action touches no forbidden slot."""
    for placement in placements:
        action = problem.actions[placement.action]
        start_slot, end_slot = placement.start_slot, placement.end_slot(problem)
        for interval in action.forbidden:
            if interval.meets(start_slot, end_slot):
                facts = _facts(placement, end_slot)
                facts |= {"forbidden_from": interval.start_slot, "forbidden_until": interval.end_slot}
                yield Breach("forbidden_hours", f"{action.name} touches forbidden hours.", facts)


def claims(problem: Problem, placements: tuple[Placement, ...]) -> Iterator[Breach]:
    """The action touches no slot that others claim too near its site."""
    for placement in placements:
        action = problem.actions[placement.action]
        start_slot, end_slot = placement.start_slot, placement.end_slot(problem)
        for interval in action.claimed:
            if interval.meets(start_slot, end_slot):
                facts = _facts(placement, end_slot)
                facts |= {"claimed_from": interval.start_slot, "claimed_until": interval.end_slot}
                yield Breach("claims", f"{action.name} comes too near to what others claim.", facts)


def warrants(problem: Problem, placements: tuple[Placement, ...]) -> Iterator[Breach]:
    """Where a warrant is needed, the whole action lies in the validity of one."""
    for placement in placements:
        action = problem.actions[placement.action]
        if action.warrants is None:
            continue
        end_slot = placement.end_slot(problem)
        if not any(warrant.holds(placement.start_slot, end_slot) for warrant in action.warrants):
            yield Breach("warrants", f"{action.name} is covered by no warrant.", _facts(placement, end_slot))
