"""The solver against enumeration of every plan of a tiny problem."""

from __future__ import annotations

import itertools
from dataclasses import asdict

import pytest

from solver import Bounds, Budget, Outcome, score, solve, verify
from solver.facts import Facts
from solver.possible import travel_is_consistent
from tests.seeds import many, with_fresh
from tests.solver.tiny import a_tiny_problem, best_by_enumeration

_CASES = 60


@pytest.mark.parametrize("seed", with_fresh(*range(_CASES)))
def test_the_optimum_is_that_of_enumeration(seed: int) -> None:
    """On random tiny problems the solver reaches, and claims to have proven, exactly the best score there is."""
    _solve_and_enumerate(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", many(1_000))
def test_the_optimum_is_that_of_enumeration_a_thousand_times(seed: int) -> None:
    """The same for a thousand more."""
    _solve_and_enumerate(seed)


def _solve_and_enumerate(seed: int) -> None:
    problem = a_tiny_problem(seed)
    best = best_by_enumeration(problem)
    solution = solve(problem, Budget(seconds=None, work=10**7, workers=1))
    assert verify(problem, solution.placements) == () or best is None
    if best is None:
        assert (solution.outcome, solution.placements) == (Outcome.INFEASIBLE, ())
        return
    assert score(problem, solution.placements) == solution.score
    if travel_is_consistent(Facts(problem), (0, 1, 2)):
        assert solution.score == best
        assert solution.outcome is (Outcome.INFEASIBLE if best.missing_mandatory else Outcome.OPTIMAL)
        assert solution.bounds == Bounds(**asdict(best))
    else:
        assert solution.score.key() >= best.key()


def test_the_tiny_problems_are_not_trivial() -> None:
    """Among the enumerated problems are ones with full plans, with actions left out, and with impossible locks."""
    kinds = set()
    for seed in itertools.islice(range(_CASES), _CASES):
        best = best_by_enumeration(a_tiny_problem(seed))
        full = sum(action.weight for action in a_tiny_problem(seed).actions)
        kinds.add("locked out" if best is None else "full" if best.placed_weight == full else "partial")
    assert kinds == {"locked out", "full", "partial"}
