"""Going sideways: from one plan to another that ends as early, keeping what is not set free."""

from __future__ import annotations

import pytest

from solver import Budget, Problem, solve, verify
from solver.chance import Chance
from solver.cpsat.lags.order import order_of
from solver.cpsat.lags.solve import Effort, ExactSolver
from solver.facts import Facts
from solver.lags.shared import Shared
from solver.network import LaggedProject, Network, Schedule, read_project
from tests.seeds import with_fresh
from tests.solver.lags.projects import a_lagged_project, a_skilled_project


def _planned(problem: Problem) -> tuple[LaggedProject, Schedule] | None:
    project = read_project(Facts(problem))
    assert project is not None
    solution = solve(problem, Budget(seconds=None, work=300, workers=1))
    if len(solution.placements) < len(problem.actions):
        return None
    return project, Schedule.of_placements(project, solution.placements)


@pytest.mark.parametrize("seed", with_fresh(1, 2, 3))
def test_a_plan_found_sideways_ends_no_later_and_keeps_what_is_not_free(seed: int) -> None:
    """It keeps every rule by the checker, the order and the teams of all that was not set free, and the end."""
    found = 0
    for problem in (a_skilled_project(seed), a_lagged_project(seed)):
        planned = _planned(problem)
        if planned is None:
            continue
        project, schedule = planned
        network = Network(project)
        chance = Chance(seed)
        free = {chance.below(len(project.durations)) for _ in range(8)}
        leanings = {action: chance.below(3) - 1 for action in sorted(free)}
        effort = Effort(1.0, None, 1, lambda: False)
        answer = ExactSolver(network).neighbourhood(schedule, free, effort, leanings=leanings)
        other = answer.schedule(network)
        if other is None:
            continue
        found += 1
        assert verify(problem, other.placements()) == ()
        assert other.end_slot <= schedule.end_slot
        kept = [action for action in range(len(project.durations)) if action not in free]
        assert all(other.teams[action] == schedule.teams[action] for action in kept)
        for before, after in order_of(project, schedule, kept):
            assert other.starts[after] >= other.starts[before] + project.durations[before]
        # Of the end that it has it leans at least as far as the plan that it came from.
        if other.end_slot == schedule.end_slot:
            leant = [sum(leaning * each.starts[action] for action, leaning in leanings.items()) for each in planned[1:]]
            assert sum(leaning * other.starts[action] for action, leaning in leanings.items()) <= leant[0]
        assert answer.least_end_slot == 0, "what leans proves nothing of ends"
    assert found


def _schedule(end_slot: int, number: int) -> Schedule:
    project = LaggedProject((1, 1), (0, 0), (9, 9), (), (), (), ((), ()), (), 10)
    return Schedule.of(project, (number, end_slot - 1), ((), ()))


def test_plans_that_end_as_early_are_kept_beside_the_best() -> None:
    """Each once, the latest dozen; a better one takes the place of all."""
    shared = Shared(0)
    chance = Chance(7)
    assert shared.drawn(chance) is None
    assert shared.offer(_schedule(9, 0))
    assert not shared.offer(_schedule(9, 0))
    assert not any(shared.offer(_schedule(9, number % 8)) for number in range(40))
    assert not shared.offer(_schedule(10, 1))
    drawn = {shared.drawn(chance) for _ in range(400)}
    assert drawn == {_schedule(9, number) for number in range(8)}
    assert shared.best == _schedule(9, 0)
    assert shared.offer(_schedule(8, 3))
    assert {shared.drawn(chance) for _ in range(50)} == {_schedule(8, 3)}
