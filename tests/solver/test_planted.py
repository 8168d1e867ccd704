"""Random problems with a planted plan: never called infeasible, never answered worse than planted."""

import time

import pytest

from solver import Budget, Outcome, Progress, Solution, greedy, score, solve, verify
from tests.solver.planted import PlantedProblem, Shape, plant

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


def solved_until(planted: PlantedProblem, share: float) -> tuple[Solution, list[Progress]]:
    """Solve until that share of the planted weight is placed; no longer than a minute."""
    enough = share * score(planted.problem, planted.plan).placed_weight
    told: list[Progress] = []
    solution = solve(
        planted.problem,
        Budget(seconds=60),
        clock=time.monotonic,
        stop=lambda: bool(told) and told[-1].score.placed_weight >= enough,
        on_progress=told.append,
    )
    assert verify(planted.problem, solution.placements) == ()
    assert solution.score.placed_weight >= enough
    return solution, told


@pytest.mark.parametrize("seed", range(2))
def test_all_that_is_planted_is_placed_on_middle_problems(seed: int) -> None:
    """Eighty actions drawn tightly round a plan: greedy loses some, the solver places every planted one."""
    planted = plant(MIDDLE, seed)
    by_greed = greedy(planted.problem)
    assert verify(planted.problem, by_greed) == ()
    assert len(by_greed) < 0.9 * len(planted.plan)
    solution, _ = solved_until(planted, 1.0)
    assert solution.bounds.gap(solution.score) == 0.0
    assert set(solution.unplaced(planted.problem)) == set(planted.unplaceable)


@pytest.mark.requirement("S1")
def test_the_full_size_gets_a_verified_plan_with_a_bound() -> None:
    """116 countries, 400 actions, 2,000 units: a verified plan at once, nearly all placed, a bound that is tight."""
    planted = plant(Shape(), 1)
    assert verify(planted.problem, planted.plan) == ()
    solution, told = solved_until(planted, 0.97)
    assert told[0].elapsed_seconds < 10
    assert told[0].stage == "construct"
    assert solution.bounds.placed_weight == score(planted.problem, planted.plan).placed_weight
