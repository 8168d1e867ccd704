"""Solving a neighbourhood exactly and taking the answer over into the draft."""

from __future__ import annotations

from enum import Enum

from solver.budget import Meter
from solver.cpsat.model import Goal, build
from solver.cpsat.order import optimise_in_order
from solver.cpsat.run import Limits
from solver.cpsat.scope import Scope
from solver.draft import Draft, Placed
from solver.facts import Facts


class Repair(Enum):
    """What a neighbourhood gave."""

    BEST = "BEST"
    """The neighbourhood is proven to hold nothing better than the draft now has."""
    CHANGED = "CHANGED"
    """A plan that is at least as good was taken over; better ones may exist."""
    NOTHING = "NOTHING"
    """Nothing was found in time; the draft is as before."""


def repair(
    facts: Facts,
    draft: Draft,
    free: set[int],
    goals: tuple[Goal, ...],
    keep_placed: bool,
    limits: Limits,
    meter: Meter,
) -> Repair:
    """Optimise the goals over the free actions, all others fixed, and put the result into the draft.

    Parameters
    ----------
    facts, draft
        The plan; its free actions are replaced by the neighbourhood's optimum.
    free
        The actions to decide anew, closed as `Scope` asks.
    goals
        In strict order.
    keep_placed
        Whether the free actions that are placed must stay so, and the others out.
    limits, meter
        When to stop.
    """
    before = {action: draft.take(action) for action in sorted(free) if draft.placed[action] is not None}
    hint = tuple(placed.placement(action) for action, placed in before.items())
    if keep_placed:
        free = set(before)
    variables = build(Scope(facts, draft, tuple(sorted(free))))
    if keep_placed:
        for action in before:
            variables.model.add(variables.present[action] == 1)
    ordered = optimise_in_order(variables, goals, lambda: limits, meter, hint)
    if ordered.placements is None:
        for action, placed in before.items():
            draft.put(action, placed)
        return Repair.NOTHING
    for placement in ordered.placements:
        draft.put(placement.action, Placed.of(placement))
    return Repair.BEST if ordered.proven(len(goals)) else Repair.CHANGED
