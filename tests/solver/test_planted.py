"""Random problems with a planted plan: never called infeasible, never answered worse than planted."""

import time

import pytest

from solver import Budget, Outcome, greedy, score, solve, verify
from tests.solver.planted import Shape, plant

SMALL = Shape(countries=5, hosts=4, actions=16, units=60, days=2)
MIDDLE = Shape(countries=20, hosts=12, actions=80, units=400, days=5)


@pytest.mark.parametrize("seed", range(12))
def test_never_worse_than_planted_on_small_problems(seed: int) -> None:
    """The planted plan is valid, and the solver's is proven and at least as good in the strict order of goals."""
    planted = plant(SMALL, seed)
    assert verify(planted.problem, planted.plan) == ()
    solution = solve(planted.problem, Budget(seconds=20, workers=1), clock=time.monotonic)
    assert solution.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE)
    assert verify(planted.problem, solution.placements) == ()
    assert solution.score == score(planted.problem, solution.placements)
    assert solution.score.key() <= score(planted.problem, planted.plan).key()


@pytest.mark.parametrize("seed", range(2))
def test_all_that_is_planted_is_placed_on_middle_problems(seed: int) -> None:
    """Eighty actions drawn tightly round a plan: greedy loses some, the solver places every planted one."""
    planted = plant(MIDDLE, seed)
    by_greed = greedy(planted.problem)
    assert verify(planted.problem, by_greed) == ()
    assert len(by_greed) < 0.9 * len(planted.plan)
    solution = solve(planted.problem, Budget(seconds=6), clock=time.monotonic)
    assert solution.score.placed_weight == score(planted.problem, planted.plan).placed_weight
    assert solution.bounds.gap(solution.score) == 0.0
    assert set(solution.unplaced(planted.problem)) == set(planted.unplaceable)


@pytest.mark.requirement("S1")
def test_the_full_size_gets_a_verified_plan_with_a_bound() -> None:
    """116 countries, 400 actions, 2,000 units: a first verified plan in seconds, nearly all placed, a bound proven."""
    planted = plant(Shape(), 1)
    seen: list[float] = []
    solution = solve(
        planted.problem,
        Budget(seconds=20),
        clock=time.monotonic,
        on_progress=lambda progress: seen.append(progress.elapsed_seconds),
    )
    assert seen[0] < 10
    assert verify(planted.problem, solution.placements) == ()
    assert len(solution.placements) >= 0.97 * len(planted.plan)
    assert solution.bounds.placed_weight == score(planted.problem, planted.plan).placed_weight
