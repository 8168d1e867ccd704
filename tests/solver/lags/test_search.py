"""The search for short plans: against enumeration, by the checker, for equal bytes, and stopped half-way."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from solver import (
    Anchor,
    Bounds,
    Budget,
    Outcome,
    Precedence,
    Problem,
    Progress,
    Solution,
    solution_to_json,
    solve,
    verify,
)
from solver.facts import Facts
from solver.network import read_project
from tests.seeds import many, with_fresh
from tests.solver.lags.projects import a_lagged_project, a_skilled_project, a_tiny_project, shortest_by_enumeration
from tests.solver.patience import stretched

_CASES = 30
_A_MOMENT = 1.0


@pytest.mark.parametrize("seed", with_fresh(*range(_CASES)))
def test_the_shortest_plan_is_that_of_enumeration(seed: int) -> None:
    """On tiny projects the plan is exactly as short as the shortest of all, and proven; where none is, that is."""
    _solve_and_enumerate(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", many(500))
def test_the_shortest_plan_is_that_of_enumeration_five_hundred_times(seed: int) -> None:
    """The same for five hundred more."""
    _solve_and_enumerate(seed)


def _solve_and_enumerate(seed: int) -> None:
    problem = a_tiny_project(seed)
    assert read_project(Facts(problem)) is not None
    best = shortest_by_enumeration(problem)
    solution = solve(problem, Budget(seconds=None, work=10**6, workers=1))
    assert verify(problem, solution.placements) == ()
    if best is None:
        assert solution.outcome is Outcome.INFEASIBLE
        assert solution.bounds.missing_mandatory
        return
    assert solution.outcome is Outcome.OPTIMAL
    project = problem.projects[0]
    span_slots = max(0, best - project.release_slot)
    assert solution.score.makespan == span_slots
    assert solution.score.project_delay == max(0, span_slots - project.least_slots)
    assert all(getattr(solution.bounds, name) == getattr(solution.score, name) for name in Bounds.__dataclass_fields__)


def test_the_tiny_projects_are_of_both_kinds() -> None:
    """Some of them can be done, and some, for lags, resources and units together, cannot."""
    possible = [shortest_by_enumeration(a_tiny_project(seed)) is not None for seed in range(_CASES)]
    assert 5 < sum(possible) < _CASES - 5


@pytest.mark.parametrize("seed", with_fresh(1, 2))
def test_skilled_and_lagged_projects_get_plans_that_keep_every_rule(seed: int) -> None:
    """Beyond what can be enumerated the checker has the last word, and each told plan is better than the last."""
    for problem in (a_skilled_project(seed), a_lagged_project(seed)):
        told: list[Progress] = []
        budget = Budget(seconds=None, work=2_500, workers=2, seed=seed % 1_000)
        solution = solve(problem, budget, on_progress=told.append)
        ends = [progress.score.makespan for progress in told]
        assert verify(problem, solution.placements) == ()
        if solution.outcome is not Outcome.INFEASIBLE:
            assert len(solution.placements) == len(problem.actions)
            assert ends == sorted(ends, reverse=True)
            assert solution.bounds.makespan is not None
            assert solution.bounds.makespan <= solution.score.makespan == ends[-1]


@pytest.mark.parametrize("make", [a_skilled_project, a_lagged_project])
def test_one_seed_one_worker_and_a_budget_of_work_give_equal_bytes(make: object) -> None:
    """Three runs, the same bytes."""
    assert callable(make)
    problem = make(3)
    budget = Budget(seconds=None, work=2_000, workers=1, seed=7)
    assert len({solution_to_json(solve(problem, budget)) for _ in range(3)}) == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stop_is_obeyed_within_a_second(workers: int) -> None:
    """Asked to stop after a moment, the solve ends at once with the best plan so far."""
    problem = a_lagged_project(5, 150)
    # What is compiled when first used is no part of the measure.
    solve(problem, Budget(seconds=None, work=100, workers=1))
    stopped: list[float] = []
    began = time.monotonic()

    def stop() -> bool:
        if not stopped and time.monotonic() - began > _A_MOMENT:
            stopped.append(time.monotonic())
        return bool(stopped)

    solution = solve(problem, Budget(seconds=300, workers=workers), clock=time.monotonic, stop=stop)
    assert time.monotonic() - stopped[0] < stretched(1)
    assert solution.outcome is Outcome.CANCELLED
    assert verify(problem, solution.placements) == ()


def test_a_whole_plan_is_where_the_search_begins() -> None:
    """A hint that keeps all rules is never lost, however short the budget."""
    problem = a_lagged_project(4, 30)
    good = solve(problem, Budget(seconds=None, work=3_000, workers=1))
    again = solve(problem, Budget(seconds=None, work=1, workers=1), hint=good.placements)
    assert again.score.makespan <= good.score.makespan


def test_lags_that_contradict_one_another_are_recognised_before_any_search() -> None:
    """A cycle of positive length leaves no plan: proven, and the best of the others is given."""
    problem = _with(
        a_lagged_project(2, 12), Precedence(0, 1, 5, None, Anchor.START), Precedence(0, 1, -9, 3, Anchor.START)
    )
    solution = solve(problem, Budget(seconds=None, work=200, workers=1))
    assert _is_infeasible(solution)
    assert verify(problem, solution.placements) == ()


def _with(problem: Problem, *relations: Precedence) -> Problem:
    return replace(problem, precedences=(*problem.precedences, *relations))


def _is_infeasible(solution: Solution) -> bool:
    return solution.outcome is Outcome.INFEASIBLE and bool(solution.score.missing_mandatory)
