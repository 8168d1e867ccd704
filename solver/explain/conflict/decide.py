"""The oracle: can all that must be placed be placed? Answered by a verified plan or by a proof."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from solver.budget import MOVES_PER_DETERMINISTIC_SECOND, Meter
from solver.draft import Draft
from solver.errors import ModelInvalid
from solver.explain.conflict.detours import Detours, with_ways
from solver.explain.conflict.part import part_of
from solver.facts import Facts
from solver.local.demand import unit_demand
from solver.local.insertion import earliest, insert_bundle
from solver.possible import possible_bundles
from solver.problem import Problem
from solver.solution import Placement
from solver.verify import verify

_LONGEST_SECONDS = 20.0
_MOVES_PER_QUESTION = 5


class Feasibility(Enum):
    """What is known about a request."""

    POSSIBLE = "POSSIBLE"
    """A plan places all that must be placed; it has passed `solver.verify`."""
    IMPOSSIBLE = "IMPOSSIBLE"
    """Proven: no plan does."""
    UNDECIDED = "UNDECIDED"
    """Neither was shown within the budget."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the oracle; with placements, of the problem asked about, exactly when it is POSSIBLE."""

    feasibility: Feasibility
    placements: tuple[Placement, ...] = ()


_IMPOSSIBLE = Answer(Feasibility.IMPOSSIBLE)
_UNDECIDED = Answer(Feasibility.UNDECIDED)


def demanded(problem: Problem) -> tuple[int, ...]:
    """Return the actions that must be placed: mandatory or locked."""
    return tuple(number for number, action in enumerate(problem.actions) if action.mandatory or action.lock is not None)


class Oracle:
    """Answers questions under one budget.

    Parameters
    ----------
    problem
        The whole problem: what is asked about are parts of it, with rules dropped or changed.
    meter
        When to stop; charged for every question.
    """

    def __init__(self, problem: Problem, meter: Meter) -> None:
        self.meter = meter
        self.share = 1.0
        """Of the budget, how much may be used by now; beyond it every question is left undecided."""
        self._detours = Detours(problem)

    def ask(self, problem: Problem, seconds: float = _LONGEST_SECONDS) -> Answer:
        """Say whether some plan places all that the problem demands, looking at nothing else than what that needs.

        A solve takes at most `seconds`, on the clock where there is one and in CP-SAT's deterministic time.
        """
        if self.meter.over(self.share):
            return _UNDECIDED
        self.meter.spend(_MOVES_PER_QUESTION)
        part = part_of(problem, demanded(problem))
        answer = self._decide(part.problem, seconds)
        if answer.feasibility is not Feasibility.POSSIBLE:
            return answer
        placements = tuple(
            Placement(
                part.actions[placement.action],
                placement.mode,
                placement.start_slot,
                tuple(tuple(part.units[unit] for unit in units) for units in placement.units),
            )
            for placement in answer.placements
        )
        breaches = verify(problem, placements)
        if breaches or not {placement.action for placement in placements}.issuperset(demanded(problem)):
            raise ModelInvalid(f"an answer was found that is no plan: {breaches[:1]}")
        return Answer(Feasibility.POSSIBLE, placements)

    def _decide(self, problem: Problem, seconds: float) -> Answer:
        facts = Facts(problem)
        if len(possible_bundles(facts)) < len(facts.bundles):
            return _IMPOSSIBLE
        constructed = _constructed(facts)
        if constructed is not None:
            return Answer(Feasibility.POSSIBLE, constructed)
        strict = self._solve(facts, seconds)
        if strict.feasibility is not Feasibility.IMPOSSIBLE:
            return strict
        shorter = self._detours.shorter(facts)
        if not shorter:
            return _IMPOSSIBLE
        laxer = self._solve(Facts(with_ways(problem, shorter)), seconds)
        return _IMPOSSIBLE if laxer.feasibility is Feasibility.IMPOSSIBLE else _UNDECIDED

    def _solve(self, facts: Facts, seconds: float) -> Answer:
        # Here and not above: verifying and explaining alone need no OR-Tools.
        from solver.cpsat.decide import decide
        from solver.cpsat.run import Limits, Status

        work = self.meter.left_work(self.share)
        left_seconds = self.meter.left_seconds(self.share)
        wall = None if left_seconds is None else min(seconds, left_seconds)
        deterministic = seconds if work is None else min(seconds, max(0.01, work / MOVES_PER_DETERMINISTIC_SECOND))
        budget = self.meter.budget
        limits = Limits(wall, deterministic, budget.workers, budget.seed)
        found = decide(facts, demanded(facts.problem), limits, self.meter)
        if found.status is Status.INFEASIBLE:
            return _IMPOSSIBLE
        if found.placements is None:
            return _UNDECIDED
        return Answer(Feasibility.POSSIBLE, tuple(sorted(found.placements, key=lambda placement: placement.action)))


def _constructed(facts: Facts) -> tuple[Placement, ...] | None:
    """A plan with every action, by inserting bundles where they fit, the least movable first; None if one is left."""
    draft, rank = Draft(facts), unit_demand(facts)
    waiting = sorted(
        facts.bundles, key=lambda bundle: (min(sum(s.bit_count() for s in facts.starts[a]) for a in bundle), bundle)
    )
    # Twice: what waits for a predecessor may come before it.
    for _ in range(2):
        waiting = [bundle for bundle in waiting if not insert_bundle(draft, bundle, earliest, rank)]
    if waiting or verify(facts.problem, draft.placements()):
        return None
    return draft.placements()
