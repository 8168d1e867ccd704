"""The worth of one more unit, or of more of a resource, is the difference between two best plans."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from solver import (
    Budget,
    CapacityStep,
    Interval,
    InvalidProblem,
    Mode,
    Outcome,
    Problem,
    Resource,
    ResourceNeed,
    solve,
    verify,
)
from solver.facts import Facts
from solver.marginal import Addition, MoreOfResource, OneMoreUnit, marginal_values, scarce, with_addition
from solver.possible import travel_is_consistent
from tests.seeds import many, with_fresh
from tests.solver.make import a_problem, a_unit, an_action, at
from tests.solver.planted import Shape, plant
from tests.solver.tiny import a_tiny_problem, best_by_enumeration

PLENTY = Budget(seconds=None, work=10**7, workers=1)


@pytest.mark.parametrize("seed", with_fresh(*range(12)))
def test_the_worth_is_that_of_enumeration(seed: int) -> None:
    """On tiny problems each value equals the difference of two enumerations, and is told as proven."""
    _worth_and_enumeration(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", many(150))
def test_the_worth_is_that_of_enumeration_many_times(seed: int) -> None:
    """The same, many times."""
    _worth_and_enumeration(seed)


def _worth_and_enumeration(seed: int) -> None:
    problem = a_tiny_problem(seed)
    if not travel_is_consistent(Facts(problem), range(3)):
        return  # Where a detour is shorter than the way nothing is proven.
    without = best_by_enumeration(problem)
    if without is None:
        return  # No plan keeps the locks.
    additions: tuple[Addition, ...] = (OneMoreUnit(seed % 3), MoreOfResource(0), MoreOfResource(1, 2))
    plan = solve(problem, PLENTY).placements
    for addition, value in zip(additions, marginal_values(problem, plan, additions, PLENTY), strict=True):
        wider = with_addition(problem, addition)
        best = best_by_enumeration(wider)
        assert best is not None
        assert value.addition == addition
        assert {each.goal: (each.without, each.with_it) for each in value.goals} == {
            goal: (asdict(without)[goal], asdict(best)[goal]) for goal in asdict(best)
        }
        assert all(each.is_proven for each in value.goals)
        assert not value.is_estimate
        assert verify(wider, value.solution.placements) == ()


def test_what_is_left_out_for_want_of_a_unit_tells_its_worth() -> None:
    """Two actions at one time and one unit: one more places the second."""
    problem = _two_at_once()
    plan = solve(problem, PLENTY).placements
    (found,) = scarce(problem, plan)
    assert found.addition == OneMoreUnit(0)
    assert found.waiting == (1,)
    (value,) = marginal_values(problem, plan, [found.addition], PLENTY)
    assert {each.goal: each.change for each in value.goals if each.change} == {"placed_weight": 3}
    assert value.solution.outcome is Outcome.OPTIMAL


def _two_at_once() -> Problem:
    window = Interval(0, 4)
    return a_problem(actions=(an_action(windows=(window,), weight=5), an_action(windows=(window,), weight=3)))


def test_what_is_late_for_want_of_a_resource_is_scarce() -> None:
    """One bed, two actions that need it: the later one waits for a second."""
    mode = Mode(4, (), (ResourceNeed(0, 1, 0, 4),))
    beds = Resource("beds", 0, 0, (CapacityStep(0, 1),))
    actions = tuple(an_action(modes=(mode,), due_slot=4) for _ in range(2))
    problem = a_problem(actions=actions, resources=(beds,))
    plan = (at(0, 0), at(1, 4))
    (found,) = scarce(problem, plan)
    assert (found.addition, found.waiting) == (MoreOfResource(0), (1,))
    (value,) = marginal_values(problem, plan, [found.addition], PLENTY)
    assert {each.goal: each.change for each in value.goals if each.change} == {"lateness": -4}


def test_where_all_is_placed_in_time_nothing_is_scarce() -> None:
    """Nothing waits, so nothing is missed."""
    assert scarce(a_problem(), (at(0, 0, (0,)),)) == ()


def test_what_no_unit_could_help_is_nobodys_lack() -> None:
    """An action whose window is too short waits for no unit."""
    short = Interval(0, 2)
    assert scarce(a_problem(actions=(an_action(4, windows=(short,)),)), ()) == ()


@pytest.mark.parametrize("seed", with_fresh(1))
def test_short_searches_tell_estimates_that_are_never_losses(seed: int) -> None:
    """With little work nothing need be proven: the values say so, and what is proven holds the estimate."""
    shape = Shape(countries=6, hosts=4, actions=40, units=60, days=2, window_slack_slots=6)
    problem = plant(shape, seed).problem
    budget = Budget(seconds=None, work=400, workers=1)
    plan = solve(problem, budget).placements
    found = [each.addition for each in scarce(problem, plan)[:2]]
    assert found
    for value in marginal_values(problem, plan, found, budget):
        wider = with_addition(problem, value.addition)
        assert verify(wider, value.solution.placements) == ()
        first = next((each for each in value.goals if each.change), None)
        if first is not None:
            gain = first.change if first.goal in ("placed_weight", "victims") else -first.change
            assert gain > 0
        for each in value.goals:
            if each.least is not None and each.most is not None:
                assert each.least <= each.change <= each.most


@pytest.mark.parametrize(
    ("addition", "path"),
    [
        (OneMoreUnit(1), "addition.like"),
        (MoreOfResource(0), "addition.resource"),
    ],
)
def test_more_of_what_does_not_exist_is_refused(addition: Addition, path: str) -> None:
    """Refused with the field."""
    with pytest.raises(InvalidProblem) as refused:
        with_addition(a_problem(units=(a_unit(),)), addition)
    assert refused.value.path == path
