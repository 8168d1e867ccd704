"""A score taken apart: what each action, each unit's roads and the country that bears most add to each goal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from solver.problem import Problem
from solver.score import (
    burdens,
    changes_of,
    cost_in_action,
    delays,
    last_project,
    lateness_of,
    makespan,
    road_cost,
    served_by_unit,
)
from solver.solution import Placement

PartOf: TypeAlias = tuple[Literal["action", "unit", "country", "project"], int]
"""What adds to a goal: an action, a unit by its roads, a country or a project, by index."""


@dataclass(frozen=True, slots=True)
class Parts:
    """For each goal of a `Score`, what adds to it; the values of a goal sum to the score's.

    The burden is that of the country that bears most (of several, the first), so it has one part at most; so
    has the makespan, that of the project that ends last.
    """

    missing_mandatory: dict[PartOf, int]
    placed_weight: dict[PartOf, int]
    victims: dict[PartOf, int]
    changes: dict[PartOf, int]
    project_delay: dict[PartOf, int]
    makespan: dict[PartOf, int]
    lateness: dict[PartOf, int]
    cost: dict[PartOf, int]
    burden_permille: dict[PartOf, int]


def parts(problem: Problem, placements: Iterable[Placement]) -> Parts:
    """Take the score of the given placements apart.

    Examples
    --------
    >>> from solver.problem import Action, Country, Interval, Mode, Site
    >>> raid = Action("raid", 0, (Mode(2, cost=7),), (Interval(0, 9),), weight=5, due_slot=3)
    >>> problem = Problem(15, 9, (Country("A"),), sites=(Site("s", 0),), actions=(raid,))
    >>> parts(problem, [Placement(0, 0, 4)]).lateness
    {('action', 0): 15}
    """
    plan = tuple(placements)
    placed = {each.action: each for each in plan}
    roads: dict[PartOf, int] = {
        ("unit", unit): road_cost(problem, unit, served) for unit, served in served_by_unit(plan).items()
    }
    last = last_project(problem, plan)
    most = sorted(burdens(problem, plan).items(), key=lambda each: (-each[1], each[0]))[:1]
    return Parts(
        missing_mandatory={
            ("action", number): 1
            for number, action in enumerate(problem.actions)
            if action.mandatory and number not in placed
        },
        placed_weight={("action", each.action): problem.actions[each.action].weight for each in plan},
        victims={("action", each.action): problem.actions[each.action].expected_victims for each in plan},
        changes={
            ("action", number): changes_of(problem, number, placed.get(number))
            for number, action in enumerate(problem.actions)
            if action.kept is not None
        },
        project_delay={("project", project): delay for project, delay in delays(problem, plan).items()},
        makespan={} if last is None else {("project", last): makespan(problem, plan)},
        lateness={("action", each.action): lateness_of(problem, each) for each in plan},
        cost={("action", each.action): cost_in_action(problem, each) for each in plan} | roads,
        burden_permille={("country", country): value for country, value in most},
    )
