"""Groups strike together or not at all."""

import pytest

from solver import Group, Interval, Mode
from tests.solver.make import a_problem, an_action, at
from tests.solver.rules.judges import assert_broken, assert_kept, solved

MEMBERS = tuple(an_action(modes=(Mode(slots),), name=f"door {slots}") for slots in (3, 5, 7))
STRIKE = a_problem(actions=MEMBERS, groups=(Group((0, 1, 2), 2),))


@pytest.mark.requirement("S2")
def test_trivial() -> None:
    """All members of a group that fits are placed inside the tolerance."""
    starts = [placement.start_slot for placement in solved(STRIKE).values()]
    assert len(starts) == 3
    assert max(starts) - min(starts) <= 2


@pytest.mark.requirement("S2")
def test_broken() -> None:
    """A group that lacks a member, or whose starts lie too far apart, is refused."""
    assert_broken("simultaneity", STRIKE, at(0, 10), at(1, 10), in_draft=False)
    assert_broken("simultaneity", STRIKE, at(0, 10), at(1, 12), at(2, 13))
    exact = a_problem(actions=MEMBERS[:2], groups=(Group((0, 1), 0),))
    assert_broken("simultaneity", exact, at(0, 10), at(1, 11))


@pytest.mark.requirement("S2")
def test_kept() -> None:
    """None at all, and starts exactly the tolerance apart, are accepted."""
    assert_kept(STRIKE)
    assert_kept(STRIKE, at(0, 12), at(1, 10), at(2, 11))


@pytest.mark.requirement("S2")
def test_one_member_that_cannot_keeps_all_out() -> None:
    """When one member has no time in common with the others, the whole group stays out."""
    early = an_action(modes=(Mode(3),), windows=(Interval(0, 6),))
    late = an_action(modes=(Mode(3),), windows=(Interval(20, 26),), weight=50)
    assert solved(a_problem(actions=(early, late), groups=(Group((0, 1), 2),))) == {}
