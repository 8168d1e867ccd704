"""Goals are met in strict order: no plan of a solve gives up an earlier goal for a later one, and bounds hold."""

import time
from collections.abc import Iterable
from dataclasses import replace

import pytest

from solver import Budget, Kept, Placement, Problem, Progress, Project, Solution, score, solve, verify
from tests.seeds import many, with_fresh
from tests.solver.planted import Shape, plant
from tests.solver.tiny import a_tiny_problem, best_by_enumeration

SHAPE = Shape(countries=14, hosts=10, actions=130, units=420, days=3, group_share=0.3, precedence_share=0.2)
FIRST_GOALS = ("missing_mandatory", "placed_weight", "victims")


def with_every_goal(problem: Problem, plan: Iterable[Placement]) -> Problem:
    """The problem with projects, due slots and an earlier plan, so that each goal has something to lose."""
    earlier = {each.action: each for each in plan}
    actions = [
        replace(
            action,
            project=index % 3,
            due_slot=action.windows[0].start_slot if action.windows else None,
            kept=Kept(earlier[index].start_slot, earlier[index].mode, earlier[index].units)
            if index in earlier
            else None,
        )
        for index, action in enumerate(problem.actions)
    ]
    projects = tuple(Project(f"phase {number}", 0, 20 * number) for number in range(3))
    return replace(problem, actions=tuple(actions), projects=projects)


def solved(problem: Problem, budget: Budget) -> tuple[list[Progress], Solution]:
    """Everything that a solve tells, and what it gives."""
    told: list[Progress] = []
    clock = None if budget.seconds is None else time.monotonic
    return told, solve(problem, budget, clock=clock, on_progress=told.append)


def check(problem: Problem, told: list[Progress], solution: Solution) -> None:
    """Each plan is valid, scored as said, and no worse in the order than the one before; bounds hold for all."""
    keys = [progress.score.key() for progress in told]
    assert keys == sorted(keys, reverse=True)
    assert told[-1].score == solution.score
    assert solution.score == score(problem, solution.placements)
    for progress in told:
        assert verify(problem, progress.placements) == ()
        assert progress.score == score(problem, progress.placements)
        assert progress.score.missing_mandatory >= (solution.bounds.missing_mandatory or 0)
        assert progress.score.placed_weight <= (solution.bounds.placed_weight or 0)
    assert all(getattr(solution.bounds, goal) is not None for goal in FIRST_GOALS)


@pytest.mark.parametrize("seed", with_fresh(1, 2))
def test_no_plan_of_a_solve_gives_up_an_earlier_goal(seed: int) -> None:
    """With every goal at work, the plans told are better and better in the strict order, through all stages."""
    planted = plant(SHAPE, seed)
    problem = with_every_goal(planted.problem, planted.plan[::2])
    told, solution = solved(problem, Budget(seconds=None, work=2_000, workers=1, seed=seed % 1_000))
    check(problem, told, solution)
    assert len({progress.score.key() for progress in told}) >= 3


@pytest.mark.long
@pytest.mark.parametrize("seed", many(20))
def test_no_plan_of_a_long_solve_gives_up_an_earlier_goal(seed: int) -> None:
    """The same for twenty more, with more work."""
    planted = plant(SHAPE, seed)
    problem = with_every_goal(planted.problem, planted.plan[::2])
    told, solution = solved(problem, Budget(seconds=None, work=20_000, workers=1, seed=seed % 1_000))
    check(problem, told, solution)


@pytest.mark.parametrize("seed", with_fresh(*range(20)))
def test_bounds_of_the_first_goals_hold_for_the_optimum(seed: int) -> None:
    """With little work the bounds are those of no plan that enumeration could find to be better."""
    problem = a_tiny_problem(seed)
    best = best_by_enumeration(problem)
    if best is None:
        return
    told, solution = solved(problem, Budget(seconds=None, work=40, workers=1))
    if told:
        check(problem, told, solution)
    assert solution.score.key() >= best.key()
    assert (solution.bounds.missing_mandatory or 0) <= best.missing_mandatory
