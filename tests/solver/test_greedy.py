"""The greedy baseline: valid, early, by priority, and blind to what comes."""

from solver import Group, Interval, Mode, greedy, verify
from tests.solver.make import a_problem, an_action
from tests.solver.planted import Shape, plant


def test_heavier_actions_come_first_and_each_is_early() -> None:
    """With one unit, mandatory goes before heavy and heavy before light, back to back."""
    actions = (an_action(weight=1), an_action(weight=9), an_action(weight=2, mandatory=True))
    starts = {placement.action: placement.start_slot for placement in greedy(a_problem(actions=actions))}
    assert starts == {2: 0, 1: 4, 0: 8}


def test_nothing_is_taken_back() -> None:
    """A heavy action that is early by greed keeps out a light one for which a plan with both exists."""
    heavy = an_action(weight=9, windows=(Interval(0, 12),))
    light = an_action(weight=1, windows=(Interval(2, 6),))
    assert [placement.action for placement in greedy(a_problem(actions=(heavy, light)))] == [0]


def test_a_group_is_placed_whole_or_not() -> None:
    """Members share a start; a group of which one member cannot be placed is left out."""
    door = an_action(modes=(Mode(3),))
    late = an_action(modes=(Mode(3),), windows=(Interval(20, 30),))
    never = an_action(modes=(Mode(3),), windows=())
    problem = a_problem(actions=(door, late, never, door), groups=(Group((0, 1), 0), Group((2, 3), 0)))
    assert [(p.action, p.start_slot) for p in greedy(problem)] == [(0, 20), (1, 20)]


def test_it_loses_a_fifth_of_a_hard_problem() -> None:
    """On a planted problem of the reference exercise's size the greedy plan is valid and places at most 80 %."""
    planted = plant(Shape(), 5)
    plan = greedy(planted.problem)
    assert verify(planted.problem, plan) == ()
    assert len(plan) <= 0.8 * len(planted.plan)
