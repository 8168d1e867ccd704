"""Every need has its units, of its type or better."""

import pytest

from solver import Mode, UnitNeed
from tests.solver.make import a_problem, a_unit, an_action, at
from tests.solver.rules.judges import assert_broken, assert_kept, solved

UNITS = (
    a_unit(name="able", type=1, skills=(0, 1)),
    a_unit(name="fair", type=2, skills=(0,)),
    a_unit(name="plain", type=3),
    a_unit(name="medic", kind=1, type=1),
)


def staffed(*needs: UnitNeed) -> object:
    """A problem whose one action has these needs."""
    return a_problem(units=UNITS, actions=(an_action(modes=(Mode(4, needs),)),))


def test_trivial() -> None:
    """An action without needs is placed without units."""
    assert solved(staffed())[0].units == ()


@pytest.mark.requirement("R1")
def test_broken() -> None:
    """A worse type, another kind, a lacking skill, too few, too many, or one unit twice is refused."""
    assert_broken("unit_needs", staffed(UnitNeed(0, 2, 1)), at(0, 0, (2,)))
    assert_broken("unit_needs", staffed(UnitNeed(0, 2, 1, (1,))), at(0, 0, (1,)))
    assert_broken("unit_needs", staffed(UnitNeed(0, 3, 2)), at(0, 0, (1,)))
    assert_broken("unit_needs", staffed(UnitNeed(0, 3, 2)), at(0, 0, (0, 1, 2)))
    assert_broken("unit_needs", staffed(UnitNeed(0, 3, 1), UnitNeed(0, 2, 1)), at(0, 0, (1,), (1,)))


def test_another_kind_is_refused() -> None:
    """A medical team of type 1 does not fill a need for an assault team."""
    problem = staffed(UnitNeed(1, 1, 1), UnitNeed(0, 3, 3))
    assert solved(problem)[0].units == ((3,), (0, 1, 2))
    assert solved(staffed(UnitNeed(0, 3, 4))) == {}


@pytest.mark.requirement("R1")
def test_kept() -> None:
    """A type-1 unit fills a type-2 need, and needs of one kind share the units out without using one twice."""
    assert_kept(staffed(UnitNeed(0, 2, 1)), at(0, 0, (0,)))
    assert_kept(staffed(UnitNeed(0, 2, 1, (0,)), UnitNeed(0, 3, 2)), at(0, 0, (1,), (0, 2)))
    assert set(solved(staffed(UnitNeed(0, 3, 2), UnitNeed(0, 1, 1)))) == {0}
