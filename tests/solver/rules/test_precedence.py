"""Lags between actions are kept."""

from solver import Anchor, Mode, Precedence
from tests.solver.make import a_problem, an_action, at
from tests.solver.rules.judges import assert_broken, assert_kept, solved

PAIR = tuple(an_action(modes=(Mode(4),), name=name) for name in ("freeze", "raid"))
AFTER_END = a_problem(actions=PAIR, precedences=(Precedence(0, 1, 2, 5),))
AROUND_START = a_problem(actions=PAIR, precedences=(Precedence(0, 1, -2, 3, Anchor.START, required=False),))


def test_trivial() -> None:
    """Two actions with a lag between them are both placed."""
    plan = solved(AFTER_END)
    assert 2 <= plan[1].start_slot - plan[0].start_slot - 4 <= 5


def test_broken() -> None:
    """Below the least lag, above the greatest, and without a required predecessor, is refused."""
    assert_broken("precedence", AFTER_END, at(0, 10), at(1, 15))
    assert_broken("precedence", AFTER_END, at(0, 10), at(1, 20))
    assert_broken("precedence", AFTER_END, at(1, 15))
    assert_broken("precedence", AROUND_START, at(0, 10), at(1, 7))
    assert_broken("precedence", AROUND_START, at(0, 10), at(1, 14))


def test_kept() -> None:
    """Both ends of the lag are accepted; a lone predecessor always, a lone successor where none is required."""
    assert_kept(AFTER_END, at(0, 10), at(1, 16))
    assert_kept(AFTER_END, at(0, 10), at(1, 19))
    assert_kept(AFTER_END, at(0, 10))
    assert_kept(AROUND_START, at(0, 10), at(1, 8))
    assert_kept(AROUND_START, at(0, 10), at(1, 13))
    assert_kept(AROUND_START, at(1, 13))


def test_an_impossible_predecessor_keeps_its_followers_out() -> None:
    """When the first of a chain of required actions cannot be placed, none of the chain is."""
    impossible = an_action(modes=(Mode(4),), windows=())
    chain = a_problem(
        actions=(impossible, PAIR[0], PAIR[1], PAIR[1]),
        precedences=(Precedence(0, 1), Precedence(1, 2), Precedence(1, 3, required=False)),
    )
    assert set(solved(chain)) == {3}
