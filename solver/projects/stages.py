"""What runs when for problems of projects: lists are annealed, then neighbourhoods of the best plan solved exactly."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from solver.budget import Meter
from solver.chance import Chance
from solver.compiled.lists import ListSearch
from solver.facts import Facts
from solver.incumbent import Incumbent
from solver.projects.improving import improve
from solver.proof import Exact, solve_exactly

_MOST_EXACT_ACTIONS = 60
_QUICK_SHARE, _EXACT_SHARE = 0.1, 0.5
_QUICK_ROUNDS = 20
_ANNEAL_SHARE = 0.4
"""Of the budget; what is left after it is for exact neighbourhoods, which gain more where annealing has cooled."""
_HOTTEST, _COOLEST = 1.0, 0.1
"""Temperatures at the beginning and at the end, in mean durations of an action."""
_PLACED_PER_CALL = 400_000
_PLACED_PER_MOVE = 5_000
"""So many actions placed by compiled code take as long as a move of other searches."""


def run_projects(facts: Facts, meter: Meter, incumbent: Incumbent) -> Exact | None:
    """Find plans for a problem that activity lists can express, see `solver.listable`.

    None, and nothing done, when no first plan was found; else whether the best plan is proven to be that.
    """
    search = ListSearch(facts, meter.budget.seed)
    if not search.construct(meter.over):
        return None
    _bound(facts, incumbent)
    incumbent.offer(search.placements())
    incumbent.settle()
    small = len(facts.sites) <= _MOST_EXACT_ACTIONS
    if small:
        _anneal(search, meter, incumbent, _QUICK_SHARE, _QUICK_ROUNDS)
        exact = solve_exactly(facts, Chance(meter.budget.seed + 1), meter, _EXACT_SHARE, incumbent)
        if exact is not Exact.UNFINISHED:
            return exact
    _anneal(search, meter, incumbent, _ANNEAL_SHARE)
    if improve(facts, meter, incumbent, meter.budget.seed + 2):
        return Exact.PROVEN
    return Exact.UNFINISHED


def _bound(facts: Facts, incumbent: Incumbent) -> None:
    """Note what follows from every action being placed, late by nothing and free of charge."""
    actions = facts.problem.actions
    incumbent.prove(
        missing_mandatory=0,
        placed_weight=sum(action.weight for action in actions),
        victims=sum(action.expected_victims for action in actions),
        changes=0,
        project_delay=0,
        lateness=0,
        cost=0,
        burden_permille=0,
    )


def _anneal(search: ListSearch, meter: Meter, incumbent: Incumbent, share: float, rounds: int | None = None) -> None:
    """Anneal a chain for each worker, cooling as the budget goes, until `share` of it is used or for so many rounds.

    Each round every chain places as many actions, so that what is found depends on seed, workers and rounds alone.
    """
    incumbent.enter("place")
    chains = search.begin(meter.budget.workers)
    began = meter.used()
    width = max(1e-9, share - began)
    step = 0.0
    with ThreadPoolExecutor(max_workers=len(chains)) as threads:
        done = 0
        while done != rounds and not meter.over(share):
            used = (meter.used() - began) / width if rounds is None else done / rounds
            done += 1
            heat, cooler = (_temperature(search, at) for at in (used, used + step))
            for _ in threads.map(lambda chain: chain.anneal(heat, cooler, _PLACED_PER_CALL), chains):  # noqa: B023 - all is done before the next round
                pass
            meter.spend(len(chains) * _PLACED_PER_CALL // _PLACED_PER_MOVE)
            step = (meter.used() - began) / width - used if rounds is None else 1 / rounds
            if search.collect():
                search.justify()
                incumbent.offer(search.placements())
    incumbent.settle()


def _temperature(search: ListSearch, used: float) -> float:
    cooling: float = (_COOLEST / _HOTTEST) ** min(1.0, used)
    return search.slots * _HOTTEST * cooling
