"""No action at forbidden local hours."""

from solver import Interval
from tests.solver.make import a_problem, an_action, at
from tests.solver.rules.judges import assert_broken, assert_kept, solved

NIGHTS = a_problem(actions=(an_action(4, forbidden=(Interval(-4, 6), Interval(14, 30))),))


def test_trivial() -> None:
    """Where every slot is forbidden nothing is placed."""
    assert solved(a_problem(actions=(an_action(4, forbidden=(Interval(0, 40),)),))) == {}


def test_broken() -> None:
    """Touching the last slot of one night or the first of the next is refused."""
    for start_slot in (5, 11, 29):
        assert_broken("forbidden_hours", NIGHTS, at(0, start_slot, (0,)))


def test_kept() -> None:
    """Starting when the night ends, or ending when it begins, is accepted."""
    for start_slot in (6, 10, 30):
        assert_kept(NIGHTS, at(0, start_slot, (0,)))
