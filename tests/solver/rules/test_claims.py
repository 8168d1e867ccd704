"""No action where others claim what is too near."""

import pytest

from solver import Interval
from tests.solver.make import a_problem, an_action, at
from tests.solver.rules.judges import assert_broken, assert_kept, solved

pytestmark = pytest.mark.requirement("D1")

CLAIMED = a_problem(actions=(an_action(4, claimed=(Interval(-4, 6), Interval(14, 30))),))


def test_trivial() -> None:
    """Where others claim every slot nothing is placed."""
    assert solved(a_problem(actions=(an_action(4, claimed=(Interval(0, 40),)),))) == {}


def test_broken() -> None:
    """Touching the last slot of one claim or the first of the next is refused."""
    for start_slot in (5, 11, 29):
        assert_broken("claims", CLAIMED, at(0, start_slot, (0,)))


def test_kept() -> None:
    """Starting when a claim ends, or ending when it begins, is accepted."""
    for start_slot in (6, 10, 30):
        assert_kept(CLAIMED, at(0, start_slot, (0,)))
