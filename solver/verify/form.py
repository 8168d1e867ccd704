"""Whether the plan speaks of things that exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from solver.problem import Problem
from solver.solution import Placement
from solver.verify.breach import Breach

RULE = "well_formed"


def usable(problem: Problem, placements: Iterable[Placement]) -> tuple[Placement, ...]:
    """Give those of placements from elsewhere that speak of things that exist, within the horizon, one per action."""
    found: dict[int, Placement] = {}
    for placement in placements:
        starts_in_time = 0 <= placement.start_slot < problem.horizon_slots
        if starts_in_time and next(well_formed(problem, (placement,)), None) is None:
            found.setdefault(placement.action, placement)
    return tuple(found.values())


def well_formed(problem: Problem, placements: tuple[Placement, ...]) -> Iterator[Breach]:
    """Every action, mode and unit exists; there is a unit list per need; no action is placed twice."""
    seen: set[int] = set()
    for placement in placements:
        action = placement.action
        if not 0 <= action < len(problem.actions):
            yield Breach(RULE, f"There is no action {action}.", {"action": action})
            continue
        name = problem.actions[action].name
        if action in seen:
            yield Breach(RULE, f"{name} is placed twice.", {"action": action})
        seen.add(action)
        modes = problem.actions[action].modes
        if not 0 <= placement.mode < len(modes):
            facts: dict[str, int | str] = {"action": action, "mode": placement.mode}
            yield Breach(RULE, f"{name} has no mode {placement.mode}.", facts)
            continue
        needs = modes[placement.mode].unit_needs
        if len(placement.units) != len(needs):
            facts = {"action": action, "given": len(placement.units), "needs": len(needs)}
            yield Breach(RULE, f"{name} does not have one list of units per need.", facts)
        for unit in placement.all_units():
            if not 0 <= unit < len(problem.units):
                yield Breach(RULE, f"{name} uses unit {unit}, which does not exist.", {"action": action, "unit": unit})
