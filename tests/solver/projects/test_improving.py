"""Exact neighbourhoods: what is chosen is of the plan, what is taken over keeps every rule and is never worse."""

from __future__ import annotations

import time

import pytest

from solver import Budget, Placement, Problem, score, verify
from solver.budget import Meter
from solver.chance import Chance
from solver.compiled.lists import ListSearch
from solver.facts import Facts
from solver.incumbent import Incumbent
from solver.progress import Progress
from solver.projects.improving import improve
from solver.projects.neighbourhoods import WAYS, Neighbourhoods
from tests.seeds import many, with_fresh
from tests.solver.compiled.test_lists import lateness_free_optimum, some_projects


def _constructed(problem: Problem, seed: int) -> tuple[Placement, ...] | None:
    search = ListSearch(Facts(problem), seed)
    return search.placements() if search.construct(lambda: True) else None


def _improved(
    problem: Problem, seed: int, work: int, workers: int, told: list[Progress] | None = None
) -> tuple[bool, tuple[Placement, ...]] | None:
    """Whether the plan is proven, and the plan that neighbourhoods alone make of the first constructed one."""
    first = _constructed(problem, seed)
    if first is None:
        return None
    meter = Meter(Budget(seconds=None, work=work, workers=workers, seed=1))
    incumbent = Incumbent(problem, meter, None if told is None else told.append)
    incumbent.offer(first)
    incumbent.settle()
    is_proven = improve(Facts(problem), meter, incumbent, seed)
    assert incumbent.placements is not None
    return is_proven, incumbent.placements


@pytest.mark.parametrize("seed", with_fresh(*range(8)))
def test_the_whole_of_a_tiny_problem_is_proven(seed: int) -> None:
    """Where a neighbourhood is the whole problem, what it ends with is what enumeration finds."""
    problem = some_projects(seed, 1)
    found = _improved(problem, seed, 3_000, 1)
    best = lateness_free_optimum(problem)
    assert (found is None) == (best is None)
    if found is not None:
        is_proven, plan = found
        value = score(problem, plan)
        assert is_proven
        assert (value.project_delay, value.makespan) == best


@pytest.mark.parametrize("seed", with_fresh(*range(4)))
def test_what_is_told_keeps_every_rule_and_gets_better(seed: int) -> None:
    """With one worker and with three, each plan told passes the checker and is better than the one before."""
    _keeps_every_rule(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", many(200))
def test_what_is_told_keeps_every_rule_many_times(seed: int) -> None:
    """The same for many more."""
    _keeps_every_rule(seed)


def _keeps_every_rule(seed: int) -> None:
    problem = some_projects(seed, 25)
    for workers in (1, 3):
        told: list[Progress] = []
        if _improved(problem, seed, 600, workers, told) is None:
            return
        keys = [each.score.key() for each in told]
        assert keys == sorted(set(keys), reverse=True)
        assert all(verify(problem, each.placements) == () for each in told)


def test_one_worker_and_equal_work_give_equal_plans() -> None:
    """The choices follow from the seed alone; another seed leads elsewhere."""
    problem = some_projects(5, 40)
    plans = [_improved(problem, seed, 800, 1) for seed in (1, 1, 2)]
    assert plans[0] == plans[1]
    assert plans[0] != plans[2]


@pytest.mark.parametrize("seed", with_fresh(*range(3)))
@pytest.mark.parametrize("way", WAYS)
def test_a_neighbourhood_is_as_large_as_was_asked(way: str, seed: int) -> None:
    """Every way gives actions of the problem, at least one and never more than asked for."""
    problem = some_projects(seed, 15)
    plan = _constructed(problem, seed)
    if plan is None:
        return
    neighbourhoods = Neighbourhoods(Facts(problem), Chance(seed))
    neighbourhoods.look_at(plan)
    for size in (1, 2, 7, 20, 1_000):
        found = neighbourhoods.by(way, size)
        assert 1 <= len(found) <= size
        assert found <= set(range(len(problem.actions)))


def test_a_stop_is_obeyed_within_a_second() -> None:
    """Neighbourhoods that are being solved are broken off."""
    problem = some_projects(0, 150)
    first = _constructed(problem, 5)
    assert first is not None
    begun = time.monotonic()
    meter = Meter(Budget(seconds=100, workers=2), time.monotonic, lambda: time.monotonic() - begun > 1.0)
    incumbent = Incumbent(problem, meter, None)
    incumbent.offer(first)
    incumbent.settle()
    improve(Facts(problem), meter, incumbent, 1)
    assert meter.cancelled
    assert time.monotonic() - begun < 2.0
