"""What keeps an action out of a plan, and which single change would let it in with all else kept placed."""

from __future__ import annotations

from dataclasses import replace

from solver.budget import Budget, Clock, Meter, Stop
from solver.errors import InvalidProblem
from solver.explain.conflict.conflict import Conflict, ConflictFinder
from solver.problem import Action, Lock, Problem
from solver.solution import Placement
from solver.verify import verify


def blocked(
    problem: Problem,
    placements: tuple[Placement, ...],
    action: int,
    budget: Budget | None = None,
    *,
    clock: Clock | None = None,
    stop: Stop | None = None,
) -> Conflict:
    """Return why an action that a plan leaves out does not fit beside what the plan places.

    The action is what is `asked`; the plan's are held where they are (causes `stays`) and placed (`placed`). The
    relaxations are single changes: with those that resolve the whole REQUEST the action can be placed and everything
    placed stays placed. One of them may be that a placed action moves (`ACTION_MOVED`).

    Parameters
    ----------
    problem
        What was asked.
    placements
        A valid plan without the action.
    action
        Index of the action.
    budget, clock, stop
        As for `find_conflict`.

    Returns
    -------
    Conflict
        POSSIBLE, with a plan, when it fits as things are: then nothing keeps it out but that nobody has placed it.

    Raises
    ------
    InvalidProblem
        When there is no such action, it is placed, or the plan breaks a rule.
    """
    check_plan(problem, placements)
    placed = {placement.action for placement in placements}
    if not 0 <= action < len(problem.actions):
        raise InvalidProblem("action", action, f"name one of the {len(problem.actions)} actions, from 0")
    if action in placed:
        raise InvalidProblem("action", action, "name an action that the plan leaves out; this one is placed")
    meter = Meter(budget or Budget(10.0), clock, stop)
    fixed = _fixed(problem, placements, action)
    # What the caller has locked stays named so: it cannot simply be moved.
    moved = frozenset(each for each in placed if problem.actions[each].lock is None)
    return ConflictFinder(fixed, meter, placements, moved, action).find()


def check_plan(problem: Problem, placements: tuple[Placement, ...]) -> None:
    """Refuse a plan that breaks a rule."""
    breaches = verify(problem, placements)
    if breaches:
        raise InvalidProblem("placements", breaches[0].rule, f"give a valid plan: {breaches[0].message}")


def _fixed(problem: Problem, placements: tuple[Placement, ...], wanted: int) -> Problem:
    """The problem that demands the plan as it is, and one action more."""
    place = {placement.action: placement for placement in placements}

    def held(number: int, action: Action) -> Action:
        placement = place.get(number)
        if placement is None:
            return replace(action, mandatory=number == wanted, lock=None)
        lock = Lock(placement.start_slot, placement.mode, placement.units)
        return replace(action, mandatory=True, lock=lock)

    return replace(problem, actions=tuple(held(number, action) for number, action in enumerate(problem.actions)))
