"""Units rest before their duty grows too long."""

from solver import DutyLimit, Leg, Travel
from tests.solver.make import a_problem, a_unit, an_action, at
from tests.solver.rules.judges import assert_broken, assert_kept, solved

LIMITED = (a_unit(duty=DutyLimit(max_duty_slots=10, min_rest_slots=6)),)
THREE = a_problem(units=LIMITED, actions=tuple(an_action(3, name=f"raid {n}") for n in range(3)))
APART = a_problem(
    units=LIMITED,
    travel=Travel((), (Leg(0, 1, 30), Leg(1, 0, 30))),
    actions=(an_action(5, site=0), an_action(5, site=1)),
)


def test_trivial() -> None:
    """An action longer than the unit's duty is not served by it."""
    assert solved(a_problem(units=LIMITED, actions=(an_action(11),))) == {}
    assert set(solved(a_problem(units=LIMITED, actions=(an_action(10),)))) == {0}


def test_broken() -> None:
    """A block of two, or of three of which no two neighbours are too long, over the limit is refused."""
    assert_broken("duty_and_rest", THREE, at(0, 0, (0,)), at(1, 8, (0,)))
    assert_broken("duty_and_rest", THREE, at(0, 0, (0,)), at(1, 6, (0,)), at(2, 12, (0,)))
    # In between two blocks, it joins them to one.
    assert_broken("duty_and_rest", THREE, at(0, 0, (0,)), at(2, 10, (0,)), at(1, 5, (0,)))


def test_travel_is_no_rest() -> None:
    """A gap of the rest's length of which two slots are spent on the road parts no blocks."""
    assert_broken("duty_and_rest", APART, at(0, 0, (0,)), at(1, 12, (0,)))
    assert_kept(APART, at(0, 0, (0,)), at(1, 13, (0,)))


def test_kept() -> None:
    """A block of exactly the limit, and blocks parted by exactly the rest, are accepted."""
    assert_kept(THREE, at(0, 0, (0,)), at(1, 7, (0,)))
    assert_kept(THREE, at(0, 0, (0,)), at(1, 9, (0,)), at(2, 18, (0,)))
    assert_kept(THREE, at(0, 0, (0,)), at(1, 3, (0,)), at(2, 6, (0,)))
