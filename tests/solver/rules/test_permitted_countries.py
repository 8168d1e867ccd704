"""Units act only where they are permitted."""

from tests.solver.make import a_problem, a_unit, an_action, at
from tests.solver.rules.judges import assert_broken, assert_kept, solved

ABROAD = an_action(site=2)


def here(**changes: object) -> object:
    """A problem with an action in country 1, where the unit is at home too so that nobody travels."""
    return a_problem(units=(a_unit(home=2, **changes),), actions=(ABROAD,))


def test_trivial() -> None:
    """A unit without any permission serves nowhere, not even at home."""
    assert solved(here(permitted=())) == {}


def test_broken() -> None:
    """A unit of another country's list is refused, also where it is owned by the host."""
    assert_broken("permitted_countries", here(permitted=(0,)), at(0, 0, (0,)))
    assert_broken("permitted_countries", here(permitted=(0,), owner=1), at(0, 0, (0,)))


def test_kept() -> None:
    """A foreign unit with permission is accepted."""
    assert_kept(here(permitted=(0, 1), owner=0), at(0, 0, (0,)))
