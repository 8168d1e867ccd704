"""The stages of a solve, one after the other under one budget."""

from __future__ import annotations

from solver.budget import Meter
from solver.chance import Chance
from solver.compiled.raids import RaidSearch
from solver.facts import Facts
from solver.incumbent import Incumbent
from solver.lags.ending import Ending
from solver.listable import suits as lists_suit
from solver.locked import LocksConflict, LocksUndecided, place_locked
from solver.network import LaggedProject, read_project
from solver.portfolio import Portfolio
from solver.possible import possible_bundles
from solver.problem import Problem
from solver.progress import OnProgress
from solver.proof import Exact, bound_by_clusters, bound_by_structure, bound_when_all_is_placed, is_small, solve_exactly
from solver.score import score
from solver.solution import Bounds, Outcome, Placement, Solution
from solver.verify import verify

_QUICK_SHARE = 0.1
_QUICK_ROUNDS = 2
_FRUITLESS_ROUNDS = 4
_EXACT_SHARE = 0.7
_PLACE_SHARE = 0.75
_PROVE_SHARE = 0.8


def run_stages(problem: Problem, meter: Meter, hint: tuple[Placement, ...], on_progress: OnProgress | None) -> Solution:
    """Lock, construct, place, prove, polish; small problems are solved exactly in between.

    Shares of the budget are upper limits: a stage that has nothing left to do leaves its time to the next.
    """
    incumbent = Incumbent(problem, meter, on_progress)
    facts = Facts(problem)
    project = read_project(facts)
    ending = None if project is None else _search_project(problem, project, meter, hint, incumbent)
    if ending is not None and incumbent.placements is not None:
        return _finish(incumbent, meter, ending is Ending.PROVEN)
    if project is None and lists_suit(facts):
        proven = _search_projects(facts, meter, hint, incumbent)
        if proven is not None:
            return _finish(incumbent, meter, proven is Exact.PROVEN)
    search = RaidSearch(facts, meter.budget.seed)
    possible = possible_bundles(facts, search.possible())
    alone = search.best_alone()
    bound_by_structure(facts, possible, incumbent)
    if ending is Ending.IMPOSSIBLE:
        # The best of the plans that leave something out is still looked for.
        incumbent.prove(missing_mandatory=max(1, incumbent.bounds.missing_mandatory or 0))
    try:
        draft = place_locked(facts, meter)
    except LocksConflict:
        return Solution(Outcome.INFEASIBLE, (), score(problem, ()), Bounds())
    except LocksUndecided:
        ended = Outcome.CANCELLED if meter.cancelled else Outcome.OUT_OF_TIME
        return Solution(ended, (), score(problem, ()), Bounds())
    portfolio = Portfolio(facts, draft, search, possible, meter, incumbent)
    portfolio.keep()
    portfolio.adopt(hint)
    portfolio.construct()
    chance = Chance(meter.budget.seed + 1)
    exact = Exact.UNFINISHED
    if is_small(facts):
        portfolio.place(_QUICK_SHARE, _QUICK_ROUNDS)
        exact = solve_exactly(facts, chance, meter, _EXACT_SHARE, incumbent)
    if exact is Exact.UNFINISHED:
        portfolio.place(_PLACE_SHARE, _FRUITLESS_ROUNDS)
        left_out = portfolio.left_out()
        if left_out:
            incumbent.enter("prove")
            bound_by_clusters(facts, draft, left_out, chance, meter, _PROVE_SHARE, incumbent)
            if not incumbent.is_proven("missing_mandatory", "placed_weight"):
                portfolio.place(_PLACE_SHARE)
        portfolio.polish(1.0)
        incumbent.settle()
        bound_when_all_is_placed(facts, alone, incumbent)
    return _finish(incumbent, meter, exact is Exact.PROVEN)


def _search_project(
    problem: Problem, project: LaggedProject, meter: Meter, hint: tuple[Placement, ...], incumbent: Incumbent
) -> Ending:
    """Search for the shortest plan of a project with lags, from the hint where that is a whole plan."""
    # Here and not above: other problems need no compiler.
    from solver.lags.search import search

    _take_whole(problem, hint, incumbent)
    incumbent.enter("place")
    return search(problem, project, meter, incumbent)


def _search_projects(facts: Facts, meter: Meter, hint: tuple[Placement, ...], incumbent: Incumbent) -> Exact | None:
    """Search for plans of projects that are over soon; None when no first plan was found."""
    from solver.projects import run_projects

    _take_whole(facts.problem, hint, incumbent)
    return run_projects(facts, meter, incumbent)


def _take_whole(problem: Problem, hint: tuple[Placement, ...], incumbent: Incumbent) -> None:
    """Take the hint for the best plan so far where it is a whole plan."""
    if len(hint) == len(problem.actions) and not verify(problem, hint):
        incumbent.offer(tuple(sorted(hint, key=lambda placement: placement.action)))
        incumbent.settle()


def _finish(incumbent: Incumbent, meter: Meter, proven: bool) -> Solution:
    incumbent.enter("done")
    incumbent.tell()
    return _conclude(incumbent, meter, proven)


def _conclude(incumbent: Incumbent, meter: Meter, proven: bool) -> Solution:
    placements, value, bounds = incumbent.placements, incumbent.score, incumbent.bounds
    assert placements is not None
    assert value is not None
    if bounds.missing_mandatory:
        outcome = Outcome.INFEASIBLE
    elif proven:
        outcome = Outcome.OPTIMAL
    elif meter.cancelled:
        outcome = Outcome.CANCELLED
    elif value.missing_mandatory:
        outcome = Outcome.OUT_OF_TIME
    else:
        outcome = Outcome.FEASIBLE
    return Solution(outcome, placements, value, bounds)
