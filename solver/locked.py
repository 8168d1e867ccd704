"""Placing what is locked, before anything else."""

from __future__ import annotations

from solver.budget import Meter
from solver.cpsat.model import GOALS, build
from solver.cpsat.run import Limits, Status, run
from solver.cpsat.scope import Scope
from solver.draft import Draft, Placed
from solver.facts import Facts
from solver.local.demand import unit_demand
from solver.local.insertion import earliest, insert_bundle
from solver.possible import travel_is_consistent


class LocksConflict(Exception):
    """Proven: no plan keeps all locks."""


class LocksUndecided(Exception):
    """The budget ended, or was stopped, before a plan with all locks was found."""


def place_locked(facts: Facts, meter: Meter) -> Draft:
    """Return a draft that holds every locked action, with its bundle and its required predecessors.

    Raises
    ------
    LocksConflict, LocksUndecided
        See there.
    """
    draft = Draft(facts)
    actions = facts.problem.actions
    pending = [index for index, action in enumerate(actions) if action.lock is not None]
    needed: set[int] = set()
    while pending:
        action = pending.pop()
        if action not in needed:
            needed.add(action)
            pending.extend(facts.bundles[facts.bundle_of[action]])
            pending.extend(link.other for link in facts.links[action] if link.required and not link.leads)
    if not needed:
        return draft
    rank = unit_demand(facts)
    waiting = [bundle for bundle in facts.bundles if bundle[0] in needed]
    # The most decided first; twice, because a predecessor may come later in this order.
    waiting.sort(key=lambda bundle: (min(facts.starts[a][0].bit_count() for a in bundle), bundle))
    for _ in range(2):
        waiting = [bundle for bundle in waiting if not insert_bundle(draft, bundle, earliest, rank)]
    if waiting:
        _solve(facts, tuple(sorted(needed)), meter, draft)
    return draft


def _solve(facts: Facts, needed: tuple[int, ...], meter: Meter, draft: Draft) -> None:
    variables = build(Scope(facts, None, needed))
    work = meter.left_work()
    limits = Limits(
        meter.left_seconds(), 1e6 if work is None else max(0.01, work / 2_000), meter.budget.workers, meter.budget.seed
    )
    goal = GOALS[0]
    found = run(variables, goal.expression(variables), goal.more_is_better, limits, meter)
    if found.status is Status.INFEASIBLE and travel_is_consistent(facts, needed):
        raise LocksConflict
    if found.placements is None:
        raise LocksUndecided
    draft.load(())
    for placement in found.placements:
        draft.put(placement.action, Placed.of(placement))
