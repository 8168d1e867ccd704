"""Actions lie inside their windows."""

from solver import Interval
from tests.solver.make import HORIZON, a_problem, an_action, at
from tests.solver.rules.judges import assert_broken, assert_kept, solved

WINDOWED = a_problem(actions=(an_action(4, windows=(Interval(5, 9), Interval(20, 30))),))


def test_trivial() -> None:
    """An action whose window is the horizon is placed."""
    assert set(solved(a_problem())) == {0}


def test_broken() -> None:
    """One slot too early, too late, across the gap of two windows, or over the horizon's end is refused."""
    for start_slot in (4, 6, 17, 27):
        assert_broken("windows", WINDOWED, at(0, start_slot, (0,)))
    beyond = a_problem(actions=(an_action(4, windows=(Interval(0, HORIZON + 9),)),), units=WINDOWED.units)
    assert not solved(a_problem(actions=(an_action(4, windows=()),)))
    assert max(solved(beyond)[0].start_slot, 36) == 36


def test_kept() -> None:
    """An action that fills its window exactly, and one that ends with the window, are accepted."""
    assert_kept(WINDOWED, at(0, 5, (0,)))
    assert_kept(WINDOWED, at(0, 26, (0,)))
