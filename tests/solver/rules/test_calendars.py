"""Units act only when they are available."""

from solver import Interval
from tests.solver.make import a_problem, a_unit, at
from tests.solver.rules.judges import assert_broken, assert_kept, solved

SHIFTS = a_problem(units=(a_unit(availability=(Interval(-3, 6), Interval(10, 20))),))


def test_trivial() -> None:
    """A unit that is never available serves nothing."""
    assert solved(a_problem(units=(a_unit(availability=()),))) == {}


def test_broken() -> None:
    """Reaching one slot out of a shift, or lying between two, is refused."""
    for start_slot in (3, 6, 9, 17):
        assert_broken("calendars", SHIFTS, at(0, start_slot, (0,)))


def test_kept() -> None:
    """Lying inside a shift to its last slot is accepted."""
    for start_slot in (0, 2, 10, 16):
        assert_kept(SHIFTS, at(0, start_slot, (0,)))
