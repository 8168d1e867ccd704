"""Plans with slack where it lowers the risk, and nothing given up for it that comes before lateness.

Actions are planned for longer than they take, as in the starting time criticality heuristic of Van de Vonder,
Demeulemeester and Herroelen (2008: Proactive heuristic procedures for robust project scheduling): not all, but those
whose overruns bring breaches about by simulation, and only as far as that is worth it by simulation. A plan with more
time is a plan for the problem as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from math import ceil
from typing import Any

from solver.budget import Budget, Clock, Meter, Stop
from solver.errors import InvalidProblem, ModelInvalid
from solver.problem import Action, Anchor, Mode, Problem
from solver.progress import OnProgress, Progress
from solver.risk.blame import blame
from solver.risk.estimate import estimate_risk
from solver.risk.report import PlanRisk
from solver.risk.uncertainty import Uncertainty
from solver.score import score
from solver.solution import Bounds, Outcome, Placement, Score, Solution
from solver.solve import solve
from solver.verify import verify

_FIRST_SHARE = 0.5
_ROUNDS = 4
_BLAME_RUNS = 2_000
_LEAST_BLAME = 0.005
_PROTECTED = ("missing_mandatory", "placed_weight", "victims", "changes")
"""Goals that no slack may cost anything."""


@dataclass(frozen=True, slots=True)
class Robust:
    """A plan with slack, beside the one without.

    Parameters
    ----------
    solution
        The plan with slack, or the plain one where no slack lowers the risk.
    plain
        The plan as `solve` gives it.
    risk, plain_risk
        Of either, from the same draws.
    slack_slots
        By how much longer each action was planned for than its mode takes, for the actions to which that was given.
    rounds
        How many plans with slack were tried.
    """

    solution: Solution
    plain: Solution
    risk: PlanRisk
    plain_risk: PlanRisk
    slack_slots: Mapping[int, int]
    rounds: int


def solve_with_slack(
    problem: Problem,
    uncertainty: Uncertainty,
    budget: Budget | None = None,
    *,
    quantile_permille: int = 800,
    runs: int = 10_000,
    clock: Clock | None = None,
    stop: Stop | None = None,
    hint: tuple[Placement, ...] = (),
    on_progress: OnProgress | None = None,
) -> Robust:
    """Return a plan whose risk is as low as slack makes it without cost to the goals up to `changes`.

    Half of the budget makes a plan as `solve` does. The rest makes plans in which the actions to blame for breaches
    are planned for so long that they take no longer in `quantile_permille` of all cases. Of all plans that are as good
    as the first in mandatory actions, weight, victims and changes, that with the fewest breaches on average is kept:
    the risk stands in the strict order of goals before `lateness`.

    Parameters
    ----------
    problem, budget, clock, stop, hint
        As `solve` takes them.
    uncertainty
        The distributions.
    quantile_permille
        For what share of its cases, in thousandths, an action's slack suffices; 500 to 999.
    runs
        Simulated courses per plan that is held against others.
    on_progress
        Told of every better plan of the first half, and of each plan with slack that takes its place (stage
        ``slack``).

    Raises
    ------
    InvalidProblem
        As `solve` and `estimate_risk`; and when the quantile is out of range.
    """
    if type(quantile_permille) is not int or not 500 <= quantile_permille <= 999:
        raise InvalidProblem("quantile_permille", quantile_permille, "give 500 to 999 thousandths")
    uncertainty.check(problem)
    budget = budget or Budget()
    meter = Meter(budget, clock, stop)
    plain = solve(problem, _part(budget, _FIRST_SHARE), clock=clock, stop=stop, hint=hint, on_progress=on_progress)
    if verify(problem, plain.placements):
        # No plan keeps the locks: there is nothing to be given slack.
        none = estimate_risk(problem, (), uncertainty, runs=1, seed=budget.seed)
        return Robust(plain, plain, none, none, {}, 0)
    search = _Search(problem, uncertainty, quantile_permille, runs, budget.seed, plain)
    part = _part(budget, (1 - _FIRST_SHARE) / _ROUNDS)
    # Counted in work, each round has its share; in seconds, what simulation takes comes off the rounds.
    while search.rounds < _ROUNDS and not meter.over() and not search.is_done():
        found = search.next(part, clock, stop)
        if found is not None and on_progress is not None:
            left = len(problem.actions) - len(found.placements)
            on_progress(
                Progress(
                    meter.elapsed_seconds(), meter.work, "slack", found.placements, found.score, found.bounds, left
                )
            )
    return search.result()


def _part(budget: Budget, share: float) -> Budget:
    """Give a share of a budget."""
    seconds = None if budget.seconds is None else budget.seconds * share
    return replace(budget, seconds=seconds, work=None if budget.work is None else max(1, int(budget.work * share)))


class _Search:
    """Rounds of plans with slack, and the best so far."""

    def __init__(
        self, problem: Problem, uncertainty: Uncertainty, quantile_permille: int, runs: int, seed: int, plain: Solution
    ) -> None:
        self._problem = problem
        self._uncertainty = uncertainty
        self._quantile = quantile_permille / 1000
        self._runs = runs
        self._seed = seed
        self._plain = self._best = plain
        self._plain_risk = self._best_risk = self._risk(plain.placements)
        self._wanted: set[int] = set()
        self._refused: set[int] = set()
        self._tried: set[frozenset[int]] = {frozenset()}
        self._slack: dict[int, int] = {}
        self.rounds = 0
        self._want()

    def is_done(self) -> bool:
        """Whether there is nothing that has not been tried."""
        return frozenset(self._wanted) in self._tried

    def next(self, budget: Budget, clock: Clock | None, stop: Stop | None) -> Solution | None:
        """Try the slack that is wanted now; give the plan if it is the best so far."""
        self.rounds += 1
        self._tried.add(frozenset(self._wanted))
        stretched = with_slack(self._problem, self._wanted, self._quantile, self._uncertainty)
        found = solve(stretched, budget, clock=clock, stop=stop, hint=self._best.placements)
        placements = found.placements
        if verify(self._problem, placements):
            if found.outcome is Outcome.INFEASIBLE or not placements:
                self._give_up(placements)
                return None
            raise ModelInvalid("a plan with slack is no plan without")
        value = score(self._problem, placements)
        if _protected(value) > _protected(self._plain.score):
            self._give_up(placements)
            return None
        risk = self._risk(placements)
        better = (_protected(value), risk.mean_breaches) < (_protected(self._best.score), self._best_risk.mean_breaches)
        if better:
            self._best = _rated(self._plain, placements, value)
            self._best_risk = risk
            self._slack = {
                each.action: given
                for each in placements
                if (given := _duration(stretched, each) - _duration(self._problem, each)) > 0
            }
        self._want()
        return self._best if better else None

    def result(self) -> Robust:
        """Give the best so far."""
        return Robust(self._best, self._plain, self._best_risk, self._plain_risk, dict(self._slack), self.rounds)

    def _risk(self, placements: tuple[Placement, ...]) -> PlanRisk:
        return estimate_risk(self._problem, placements, self._uncertainty, runs=self._runs, seed=self._seed)

    def _want(self) -> None:
        """Want slack for whatever is to blame in the best plan, but for what would cost earlier goals."""
        found = blame(self._problem, self._best.placements, self._uncertainty, runs=_BLAME_RUNS, seed=self._seed)
        frequent = {each.action for each in found if each.courses >= _LEAST_BLAME * _BLAME_RUNS}
        self._wanted |= (frequent & stretchable(self._problem)) - self._refused

    def _give_up(self, placements: tuple[Placement, ...]) -> None:
        """Want no slack for what has lost its place by it, nor for what it is tied to; if that is none, for half."""
        placed = {each.action for each in placements}
        lost = {each.action for each in self._plain.placements} - placed
        tied = _tied(self._problem, lost) & self._wanted
        if not tied:
            tied = set(sorted(self._wanted)[::2])
        self._refused |= tied
        self._wanted -= tied


def stretchable(problem: Problem) -> set[int]:
    """Actions to which slack can be given: not locked ones, nor such as another must follow within a time after the end."""
    followed = {
        each.before
        for each in problem.precedences
        if each.anchor is Anchor.END and each.max_lag_slots is not None
    }
    return {
        number for number, action in enumerate(problem.actions) if action.lock is None and number not in followed
    }


def with_slack(problem: Problem, actions: Collection[int], quantile: float, uncertainty: Uncertainty) -> Problem:
    """Give the problem in which some actions take as long as they take at most in that share of all cases.

    Every plan of it is one of the given problem, with the same starts, modes and units, provided the actions are
    `stretchable`: whatever has room for the longer action has room for the shorter.
    """
    wanted = frozenset(actions)
    return replace(
        problem,
        actions=tuple(
            _stretched(action, uncertainty.of_action(number).quantile(quantile)) if number in wanted else action
            for number, action in enumerate(problem.actions)
        ),
    )


def _stretched(action: Action, ratio: float) -> Action:
    return replace(action, modes=tuple(_longer(mode, ratio) for mode in action.modes))


def _longer(mode: Mode, ratio: float) -> Mode:
    """A mode that takes `ratio` times as long, and holds as much longer what it holds to its end."""
    more_slots = max(0, ceil(mode.duration_slots * ratio) - mode.duration_slots)
    return replace(
        mode,
        duration_slots=mode.duration_slots + more_slots,
        resource_needs=tuple(
            replace(need, length_slots=need.length_slots + more_slots)
            if need.offset_slots + need.length_slots >= mode.duration_slots
            else need
            for need in mode.resource_needs
        ),
    )


def _tied(problem: Problem, actions: Collection[int]) -> set[int]:
    """The actions, their groups, and all that precedes any of them."""
    found = set(actions)
    while True:
        more = {each.before for each in problem.precedences if each.after in found}
        more |= {
            member for group in problem.groups if not found.isdisjoint(group.actions) for member in group.actions
        }
        if more <= found:
            return found
        found |= more


def _duration(problem: Problem, placement: Placement) -> int:
    return placement.end_slot(problem) - placement.start_slot


def _protected(value: Score) -> tuple[int, ...]:
    """The goals that slack may cost nothing; smaller is better."""
    return value.key()[: len(_PROTECTED)]


def _rated(plain: Solution, placements: tuple[Placement, ...], value: Score) -> Solution:
    """Give the plan with what is still proven: bounds hold for plans that are equal in all goals before."""
    if value == plain.score:
        return replace(plain, placements=placements)
    kept: dict[str, Any] = {}
    for name in _in_order(value):
        kept[name] = getattr(plain.bounds, name)
        if getattr(value, name) != getattr(plain.score, name):
            break
    outcome = Outcome.FEASIBLE if plain.outcome is Outcome.OPTIMAL else plain.outcome
    return Solution(outcome, placements, value, Bounds(**kept))


def _in_order(value: Score) -> tuple[str, ...]:
    """Names of the goals in their strict order."""
    names = [field.name for field in fields(value)]
    behind = names.index("lateness")
    return (*names[:behind], "project_delay", "makespan", *(n for n in names[behind:] if n not in ("project_delay", "makespan")))
