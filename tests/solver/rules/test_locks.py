"""What is decided stays as decided."""

from solver import Budget, Interval, Lock, Mode, Outcome, UnitNeed, solve
from tests.solver.make import a_problem, a_unit, an_action, at
from tests.solver.rules.judges import assert_broken, assert_kept, solved

PAIR = UnitNeed(0, 2, 2)
TEAM = (a_unit(), a_unit(), a_unit())
MODES = (Mode(4, (PAIR,)), Mode(6, (PAIR,)))


def locked(**lock: object) -> object:
    """A problem with three units and one action that is locked so."""
    return a_problem(units=TEAM, actions=(an_action(modes=MODES, lock=Lock(**lock)),))


def test_trivial() -> None:
    """A locked action is placed as locked, ahead of a heavier one that wants its unit."""
    heavy = an_action(4, weight=99, windows=(Interval(8, 12),))
    plan = solved(a_problem(actions=(an_action(4, lock=Lock(start_slot=9)), heavy)))
    assert {action: placement.start_slot for action, placement in plan.items()} == {0: 9}


def test_broken() -> None:
    """Another start, mode or unit, and being left out, is refused."""
    assert_broken("locks", locked(start_slot=5), at(0, 6, (0, 1)), in_draft=False)
    assert_broken("locks", locked(mode=1), at(0, 6, (0, 1)), in_draft=False)
    assert_broken("locks", locked(mode=0, units=((0, 2),)), at(0, 6, (0, 1)), in_draft=False)
    assert_broken("locks", locked(), in_draft=False)


def test_kept() -> None:
    """What is locked holds, what is not is free, and the order of locked units does not matter."""
    assert_kept(locked(start_slot=5), at(0, 5, (0, 1), mode=1))
    assert_kept(locked(mode=0, units=((2, 0),)), at(0, 6, (0, 2)))


def test_locks_that_conflict_are_infeasible() -> None:
    """Two actions locked to one unit at one time have no plan, and that is said as proven."""
    one = an_action(4, lock=Lock(start_slot=9))
    solution = solve(a_problem(actions=(one, one)), Budget(seconds=None, work=10**6, workers=1))
    assert (solution.outcome, solution.placements) == (Outcome.INFEASIBLE, ())


def test_locked_units_bind_their_own_mode_alone() -> None:
    """Where another mode has more needs than the locked one, or the locked one more, the lock is read by its mode."""
    lone = UnitNeed(0, 2, 1)
    modes = (Mode(4, (lone,)), Mode(4, (lone, lone)))
    for lock in (Lock(5, 0, ((1,),)), Lock(5, 1, ((1,), (2,)))):
        problem = a_problem(units=TEAM, actions=(an_action(modes=modes, lock=lock), an_action(8)))
        solution = solve(problem, Budget(seconds=None, work=10**6, workers=1))
        assert solution.outcome is Outcome.OPTIMAL
        assert (solution.placements[0].start_slot, solution.placements[0].units) == (5, lock.units)


def test_locked_units_are_those_of_the_locked_mode() -> None:
    """A mode with more needs than the locked one, of which the lock names no units, is out of the question."""
    wide = Mode(4, (PAIR, UnitNeed(0, 2, 1)))
    action = an_action(modes=(Mode(4, (PAIR,)), wide), lock=Lock(None, 0, ((0, 2),)))
    plan = solved(a_problem(units=TEAM, actions=(action,)))
    assert (plan[0].mode, plan[0].units) == (0, ((0, 2),))
