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
    >>> value = score(problem, [Placement(0, 0, 4)])
    >>> value.placed_weight, value.lateness, value.cost
    (5, 15, 7)
    """
    plan = tuple(placements)
    return Score(
        missing_mandatory=missing_mandatory(problem, plan),
        placed_weight=placed_weight(problem, plan),
        victims=victims(problem, plan),
        changes=changes(problem, plan),
        project_delay=project_delay(problem, plan),
        makespan=makespan(problem, plan),
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


def changes(problem: Problem, placements: tuple[Placement, ...]) -> int:
    """Orders that are other than in the earlier plan, summed over the actions that it has (`Action.kept`)."""
    placed = {placement.action: placement for placement in placements}
    return sum(
        changes_of(problem, index, placed.get(index))
        for index, action in enumerate(problem.actions)
        if action.kept is not None
    )


def changes_of(problem: Problem, action: int, placement: Placement | None) -> int:
    """Orders that change where one action of the earlier plan is now placed so, or left out (None).

    One for the action, unless it is exactly where it was, and one for each of its units there that is not sent to it
    at the same time in the same mode and need.
    """
    kept = problem.actions[action].kept
    if kept is None:
        return 0
    if placement is None or (placement.mode, placement.start_slot) != (kept.mode, kept.start_slot):
        return 1 + sum(len(units) for units in kept.units)
    gone = sum(len(set(was) - set(now)) for was, now in zip(kept.units, placement.units, strict=True))
    return gone + (gone > 0)


def project_delay(problem: Problem, placements: tuple[Placement, ...]) -> int:
    """Sum over projects of the slots that they take beyond their least."""
    return sum(delays(problem, placements).values())


def makespan(problem: Problem, placements: tuple[Placement, ...]) -> int:
    """Slots from the first release of a project to the end of the last placed action of any project."""
    ends = _last_ends(problem, placements)
    if not ends:
        return 0
    return max(0, max(ends.values()) - min(project.release_slot for project in problem.projects))


def delays(problem: Problem, placements: tuple[Placement, ...]) -> dict[int, int]:
    """Each project's delay, where it has placed actions."""
    return {
        index: max(0, end_slot - problem.projects[index].release_slot - problem.projects[index].least_slots)
        for index, end_slot in _last_ends(problem, placements).items()
    }


def last_project(problem: Problem, placements: tuple[Placement, ...]) -> int | None:
    """The project that ends last, of several the first; None where no action of any is placed."""
    ends = _last_ends(problem, placements)
    return min(ends, key=lambda project: (-ends[project], project), default=None)


def _last_ends(problem: Problem, placements: tuple[Placement, ...]) -> dict[int, int]:
    ends: dict[int, int] = {}
    for placement in placements:
        project = problem.actions[placement.action].project
        if project is not None:
            ends[project] = max(placement.end_slot(problem), ends.get(project, -1))
    return ends


def lateness(problem: Problem, placements: tuple[Placement, ...]) -> int:
    """Sum of weight x slots that an action's end lies after its due slot."""
    return sum(lateness_of(problem, placement) for placement in placements)


def lateness_of(problem: Problem, placement: Placement) -> int:
    """Weight x slots that one action's end lies after its due slot."""
    action = problem.actions[placement.action]
    if action.due_slot is None:
        return 0
    return action.weight * max(0, placement.end_slot(problem) - action.due_slot)


def cost(problem: Problem, placements: tuple[Placement, ...]) -> int:
    """Cost of the modes plus, per unit, its cost per slot x (slots in action + slots on the road)."""
    roads = sum(road_cost(problem, unit, served) for unit, served in served_by_unit(placements).items())
    return sum(cost_in_action(problem, placement) for placement in placements) + roads


def cost_in_action(problem: Problem, placement: Placement) -> int:
    """Cost of one action's mode, and of its units for as long as it takes."""
    mode = problem.actions[placement.action].modes[placement.mode]
    units = sum(problem.units[unit].cost_per_slot for unit in placement.all_units())
    return mode.cost + units * mode.duration_slots


def road_cost(problem: Problem, unit: int, served: list[Placement]) -> int:
    """Cost of a unit's slots on the road between the placements that it serves, by start."""
    return problem.units[unit].cost_per_slot * road_slots(problem, unit, served)


def burden_permille(problem: Problem, placements: tuple[Placement, ...]) -> int:
    """Largest ``ceil(1000 * slots in action / slots available in the horizon)`` over owner countries."""
    return max(burdens(problem, placements).values(), default=0)


def burdens(problem: Problem, placements: tuple[Placement, ...]) -> dict[int, int]:
    """Each owner country's burden in thousandths, rounded up, where its units are in action at all."""
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
    return {owner: -(-1000 * used[owner] // offered[owner]) for owner in used if offered.get(owner)}


def served_by_unit(placements: tuple[Placement, ...]) -> dict[int, list[Placement]]:
    """Give the placements of each unit that has any, by start."""
    served: dict[int, list[Placement]] = {}
    for placement in sorted(placements, key=lambda placed: placed.start_slot):
        for unit in placement.all_units():
            served.setdefault(unit, []).append(placement)
    return served


def road_slots(problem: Problem, unit: int, served: list[Placement]) -> int:
    """Give the slots on the road: from home to the first action of each availability interval, then onwards."""
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
