"""No more of a resource is used than there is."""

import pytest

from solver import CapacityStep, InvalidProblem, Mode, Resource, ResourceNeed
from tests.solver.make import a_problem, an_action, at
from tests.solver.rules.judges import assert_broken, assert_kept, solved

BEDS = Resource("beds", 0, 0, (CapacityStep(0, 5), CapacityStep(12, 3), CapacityStep(50, 2)))


def housing(*uses: ResourceNeed, count: int = 2) -> object:
    """A problem of actions of four slots without units, each with these uses."""
    action = an_action(modes=(Mode(4, (), uses),))
    return a_problem(resources=(BEDS,), actions=(action,) * count)


DURING = housing(ResourceNeed(0, 2, 0, 4))
AFTERWARDS = housing(ResourceNeed(0, 3, 4, 20))
BEFORE = housing(ResourceNeed(0, 1, -2, 2))


def test_trivial() -> None:
    """A need above the capacity at all times is not placed."""
    assert solved(housing(ResourceNeed(0, 6, 0, 1))) == {}


def test_broken() -> None:
    """Two together above the capacity, one after a cut, one beyond the horizon, one before any, are refused."""
    assert_broken("capacity", DURING, at(0, 9), at(1, 10))
    assert_broken("capacity", AFTERWARDS, at(0, 5), at(1, 6))
    assert_broken("capacity", AFTERWARDS, at(0, 27))
    assert_broken("capacity", BEFORE, at(0, 1))


def test_one_action_with_two_uses_of_one_resource() -> None:
    """Uses of one action on one resource add up."""
    twice = housing(ResourceNeed(0, 2, 0, 4), ResourceNeed(0, 2, 2, 4), count=1)
    assert_broken("capacity", twice, at(0, 9))
    assert_kept(twice, at(0, 8))


def test_kept() -> None:
    """Using exactly what is there, and one use ending when the next begins, is accepted."""
    assert_kept(DURING, at(0, 7), at(1, 8))
    assert_kept(DURING, at(0, 12), at(1, 16))
    assert_kept(AFTERWARDS, at(0, 26))
    assert_kept(BEFORE, at(0, 2))


MONEY = Resource("money", 1, None, (CapacityStep(7, 5),), renewable=False)


def paying(amount: int, count: int = 2) -> object:
    """A problem of actions that pay out of one purse."""
    action = an_action(modes=(Mode(4, (), (ResourceNeed(0, amount, 3, 1),)),))
    return a_problem(resources=(MONEY,), actions=(action,) * count)


def test_what_is_used_up_is_gone_for_all_time() -> None:
    """Two payments that fit into one purse are made whenever they are; a third is refused and left out."""
    assert_kept(paying(2), at(0, 0), at(1, 30))
    assert_broken("capacity", paying(2, 3), at(0, 0), at(1, 12), at(2, 30))
    assert len(solved(paying(2, 3))) == 2
    assert solved(paying(6, 1)) == {}


def test_what_is_used_up_has_one_capacity() -> None:
    """Steps of what is used up are refused."""
    with pytest.raises(InvalidProblem, match="one step"):
        Resource("money", 1, None, (CapacityStep(0, 5), CapacityStep(9, 3)), renewable=False)
