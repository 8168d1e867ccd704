"""Each goal's value by hand, and the strict order among them."""

from dataclasses import replace

import pytest

from solver import Bounds, Interval, Leg, Mode, Project, Score, Travel, UnitNeed, score
from tests.solver.make import a_problem, a_unit, an_action, at

ROADS = Travel((), tuple(Leg(one, other, 30) for one in range(3) for other in range(3) if one != other))
UNITS = (
    a_unit(home=0, cost_per_slot=3, availability=(Interval(-10, 20), Interval(25, 50))),
    a_unit(home=1, owner=1, cost_per_slot=1, availability=(Interval(0, 10),)),
)
NEED = (UnitNeed(0, 2, 1),)
ACTIONS = (
    an_action(site=0, modes=(Mode(4, NEED, cost=7), Mode(2, NEED, cost=11)), due_slot=5, weight=10, expected_victims=3),
    an_action(site=1, modes=(Mode(4, NEED),), mandatory=True, weight=2, expected_victims=8),
    an_action(site=2, modes=(Mode(4, NEED),), mandatory=True, due_slot=40),
)
PROBLEM = a_problem(travel=ROADS, units=UNITS, actions=ACTIONS)


def test_the_empty_plan() -> None:
    """Nothing placed misses every mandatory action and costs nothing."""
    assert score(PROBLEM, ()) == Score(2, 0, 0, 0, 0, 0, 0)


def test_each_term() -> None:
    """Lateness is weighted; roads begin at home anew in each shift; burden is the owner's largest share, rounded up."""
    plan = (at(0, 4, (0,)), at(1, 12, (0,)), at(2, 30, (0,)))
    # Late: 8 - 5 slots of weight 10. Cost: mode 7; unit 3 x (12 in action + 0 from home + 2 on + 2 from home again).
    # Burden: 12 slots of the 35 of shifts that lie in the horizon of 40.
    assert score(PROBLEM, plan) == Score(0, 13, 11, 0, 30, 7 + 3 * 16, 343)


def test_a_mode_and_another_owner() -> None:
    """The chosen mode gives duration and cost, and each owner's share counts by its own units' slots."""
    plan = (at(0, 4, (1,), mode=1), at(1, 12, (0,)))
    # Cost: mode 11; unit 1: 2 + 2 on the road; unit 0: 3 x (4 + 2). Burden: 2 of 10 slots against 4 of 35.
    assert score(PROBLEM, plan) == Score(1, 12, 11, 0, 10, 11 + 4 + 18, 200)


@pytest.mark.parametrize("position", range(9))
def test_no_gain_in_a_later_goal_outweighs_an_earlier_one(position: int) -> None:
    """A plan that is better by one in a goal is better, whatever all later goals say."""
    fields = list(Score.__dataclass_fields__)
    more_is_better = {"placed_weight", "victims"}
    middle = Score(5, 50, 500, 500, 500, 500, 500, project_delay=500, makespan=500)
    name = fields[position]
    better = replace(middle, **{name: getattr(middle, name) + (1 if name in more_is_better else -1)})
    for later in fields[position + 1 :]:
        better = replace(better, **{later: 0 if later in more_is_better else 10**9})
    assert better.key() < middle.key()


def test_gap() -> None:
    """The gap is relative to the bound, none without one, and never below zero."""
    assert Bounds().gap(Score(0, 5, 0, 0, 0, 0, 0)) is None
    assert Bounds(placed_weight=10).gap(Score(0, 5, 0, 0, 0, 0, 0)) == 0.5
    assert Bounds(placed_weight=0).gap(Score(0, 0, 0, 0, 0, 0, 0)) == 0.0


def test_projects() -> None:
    """A project's delay counts from its release to its last end, beyond its least; the makespan spans them all."""
    actions = tuple(replace(action, project=project) for action, project in zip(ACTIONS, (0, 0, 1), strict=True))
    projects = (Project("one", 2, 5), Project("two", 0, 90), Project("none of it is placed", 1))
    problem = replace(PROBLEM, actions=actions, projects=projects)
    value = score(problem, (at(0, 4, (0,)), at(1, 12, (0,)), at(2, 30, (0,))))
    assert (value.project_delay, value.makespan) == (16 - 2 - 5, 34)
    assert score(problem, ()).project_delay == score(problem, ()).makespan == 0
