"""A unit serves one action at a time."""

from solver import verify
from tests.solver.make import a_problem, a_unit, an_action, at
from tests.solver.rules.judges import assert_broken, assert_kept, solved

TWO = a_problem(actions=(an_action(4, name="one"), an_action(6, name="two")))


def test_trivial() -> None:
    """Two actions for one unit with room for both are both placed."""
    assert set(solved(TWO)) == {0, 1}


def test_broken() -> None:
    """Sharing one slot, or one action inside the other, is refused."""
    assert_broken("one_action_at_a_time", TWO, at(0, 10, (0,)), at(1, 13, (0,)))
    assert_broken("one_action_at_a_time", TWO, at(0, 11, (0,)), at(1, 10, (0,)))


def test_kept() -> None:
    """Back to back at one site, or at once with two units, is accepted."""
    assert_kept(TWO, at(0, 10, (0,)), at(1, 14, (0,)))
    assert_kept(a_problem(units=(a_unit(), a_unit()), actions=TWO.actions), at(0, 10, (0,)), at(1, 10, (1,)))


def test_an_action_never_clashes_with_itself() -> None:
    """One that is put before the first slot breaks other rules, and not this one."""
    assert "one_action_at_a_time" not in {breach.rule for breach in verify(TWO, (at(0, -9, (0,)),))}
    both = verify(TWO, (at(0, -9, (0,)), at(1, -8, (0,))))
    assert [breach.facts["other"] for breach in both if breach.rule == "one_action_at_a_time"] == [0]
