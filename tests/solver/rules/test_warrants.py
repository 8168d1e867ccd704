"""Actions that need a warrant lie inside one."""

from solver import Interval
from tests.solver.make import a_problem, an_action, at
from tests.solver.rules.judges import assert_broken, assert_kept, solved

WARRANTED = a_problem(actions=(an_action(4, warrants=(Interval(5, 10), Interval(12, 16))),))


def test_trivial() -> None:
    """No warrant needed: placed; needed and none there: not placed."""
    assert set(solved(a_problem(actions=(an_action(4, warrants=None),)))) == {0}
    assert solved(a_problem(actions=(an_action(4, warrants=()),))) == {}


def test_broken() -> None:
    """Starting before the warrant, outlasting it, or changing from one warrant to another is refused."""
    for start_slot in (4, 7, 11, 13):
        assert_broken("warrants", WARRANTED, at(0, start_slot, (0,)))


def test_kept() -> None:
    """Lying inside one warrant to its last slot is accepted."""
    for start_slot in (5, 6, 12):
        assert_kept(WARRANTED, at(0, start_slot, (0,)))
