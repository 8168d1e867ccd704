"""Units have time to travel."""

from solver import Interval, Leg, Travel
from tests.solver.make import a_problem, a_unit, an_action, at
from tests.solver.rules.judges import assert_broken, assert_kept, solved

# 31 minutes are three slots of 15; from site 0 to 2 there is no way.
ROADS = Travel((), (Leg(0, 1, 31), Leg(1, 0, 15)))
THERE = a_problem(
    travel=ROADS,
    units=(a_unit(availability=(Interval(2, 12), Interval(20, 40))),),
    actions=(an_action(4, site=1), an_action(4, site=0)),
)


def test_trivial() -> None:
    """A site that cannot be reached gets no unit."""
    unreachable = a_problem(
        travel=ROADS, units=(a_unit(permitted=(0, 1)),), actions=(an_action(site=2), an_action(site=0))
    )
    assert set(solved(unreachable)) == {1}


def test_broken() -> None:
    """Too early from home, in the second shift too, or too early after another site, is refused."""
    assert_broken("travel", THERE, at(0, 4, (0,)))
    assert_broken("travel", THERE, at(0, 22, (0,)))
    assert_broken("travel", THERE, at(1, 20, (0,)), at(0, 26, (0,)))
    assert_broken("travel", THERE, at(0, 23, (0,)), at(1, 27, (0,)))


def test_kept() -> None:
    """Arriving in the very slot of the start is accepted; each direction has its own time."""
    assert_kept(THERE, at(0, 5, (0,)))
    assert_kept(THERE, at(0, 23, (0,)))
    assert_kept(THERE, at(1, 20, (0,)), at(0, 27, (0,)))
    assert_kept(THERE, at(0, 23, (0,)), at(1, 28, (0,)))
