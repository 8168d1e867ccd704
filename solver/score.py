"""The goals' values of a plan, term by term and without CP-SAT."""

from __future__ import annotations

from collections.abc import Iterable

from solver.problem import Problem
from solver.solution import Placement, Score


def score(problem: Problem, placements: Iterable[Placement]) -> Score:
    """Return the value of every goal for the given placements (which keep the rules).

    Examples
    --------
    >>> from solver.problem import Action, Country, Interval, Mode, Site
    >>> raid = Action("raid", 0, (Mode(2, cost=7),), (Interval(0, 9),), weight=5, due_slot=3)
    >>> problem = Problem(15, 9, (Country("A"),), sites=(Site("s", 0),), actions=(raid,))
    >>> score(problem, [Placement(0, 0, 4)])
    Score(missing_mandatory=0, placed_weight=5, victims=0, lateness=15, cost=7, burden_permille=0)
    """
    plan = tuple(placements)
    return Score(
        missing_mandatory=missing_mandatory(problem, plan),
        placed_weight=placed_weight(problem, plan),
        victims=victims(problem, plan),
        lateness=lateness(problem, plan),
        cost=cost(problem, plan),
        burden_permille=burden_permille(problem, plan),
    )


def missing_mandatory(problem: Problem, placements: tuple[Placement, ...]) -> int:
    """Mandatory actions that are not placed."""
    placed = {placement.action for placement in placements}
    return sum(action.mandatory and index not in placed for index, action in enumerate(problem.actions))


def placed_weight(problem: Problem, placements: tuple[Placement, ...]) -> int:
    """Sum of the weights of placed actions."""
    return sum(problem.actions[placement.action].weight for placement in placements)


def victims(problem: Problem, placements: tuple[Placement, ...]) -> int:
    """Sum of the expected victims of placed actions."""
    return sum(problem.actions[placement.action].expected_victims for placement in placements)


def lateness(problem: Problem, placements: tuple[Placement, ...]) -> int:
    """Sum of weight x slots that an action's end lies after its due slot."""
    total = 0
    for placement in placements:
        action = problem.actions[placement.action]
        if action.due_slot is not None:
            total += action.weight * max(0, placement.end_slot(problem) - action.due_slot)
    return total


def cost(problem: Problem, placements: tuple[Placement, ...]) -> int:
    """Cost of the modes plus, per unit, its cost per slot x (slots in action + slots on the road)."""
    total = sum(problem.actions[placed.action].modes[placed.mode].cost for placed in placements)
    for index, served in _by_unit(placements).items():
        slots = sum(placed.end_slot(problem) - placed.start_slot for placed in served)
        total += problem.units[index].cost_per_slot * (slots + _road_slots(problem, index, served))
    return total


def burden_permille(problem: Problem, placements: tuple[Placement, ...]) -> int:
    """Largest ``ceil(1000 * slots in action / slots available in the horizon)`` over owner countries."""
    offered: dict[int, int] = {}
    for unit in problem.units:
        for interval in unit.availability:
            slots = min(interval.end_slot, problem.horizon_slots) - max(interval.start_slot, 0)
            offered[unit.owner] = offered.get(unit.owner, 0) + max(0, slots)
    used: dict[int, int] = {}
    for placement in placements:
        slots = placement.end_slot(problem) - placement.start_slot
        for index in placement.all_units():
            owner = problem.units[index].owner
            used[owner] = used.get(owner, 0) + slots
    return max((-(-1000 * used[owner] // offered[owner]) for owner in used if offered.get(owner)), default=0)


def _by_unit(placements: tuple[Placement, ...]) -> dict[int, list[Placement]]:
    served: dict[int, list[Placement]] = {}
    for placement in sorted(placements, key=lambda placed: placed.start_slot):
        for unit in placement.all_units():
            served.setdefault(unit, []).append(placement)
    return served


def _road_slots(problem: Problem, unit: int, served: list[Placement]) -> int:
    """Slots on the road: from home to the first action of each availability interval, then onwards."""
    total = 0
    availability = problem.units[unit].availability
    before: tuple[int, int] | None = None
    for placement in served:
        site = problem.actions[placement.action].site
        inside = [interval.start_slot for interval in availability if interval.start_slot <= placement.start_slot]
        shift = max(inside, default=0)
        origin = before[1] if before is not None and before[0] == shift else problem.units[unit].home
        total += problem.travel_slots(origin, site) or 0
        before = (shift, site)
    return total
