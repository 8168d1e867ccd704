"""Plans with slack where it lowers the risk, and nothing given up for it that comes before lateness.

Actions are planned for longer than they take, as in the starting time criticality heuristic of Van de Vonder,
Demeulemeester and Herroelen (2008: Proactive heuristic procedures for robust project scheduling): not all, but those
whose overruns bring breaches about by simulation, and only as far as that is worth it by simulation. A plan with more
time is a plan for the problem as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, replace

from solver.budget import Budget, Clock, Meter, Stop
from solver.errors import InvalidProblem
from solver.problem import Problem
from solver.progress import OnProgress, Progress
from solver.risk.blame import blame
from solver.risk.estimate import estimate_risk
from solver.risk.report import PlanRisk
from solver.risk.room import longer, make_room, stretchable
from solver.risk.uncertainty import Uncertainty
from solver.score import score
from solver.solution import Bounds, Outcome, Placement, Score, Solution
from solver.solve import solve
from solver.verify import verify

_FIRST_SHARE = 0.5
_ROUNDS = 4
_MOST_TURNS = 8
_BLAME_RUNS = 2_000
_LEAST_BLAME = 0.005
PROTECTED = ("missing_mandatory", "placed_weight", "victims", "changes")
"""Goals that no slack may cost anything: the first of the strict order."""


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
    plans
        How many plans with slack were tried.
    """

    solution: Solution
    plain: Solution
    risk: PlanRisk
    plain_risk: PlanRisk
    slack_slots: Mapping[int, int]
    plans: int


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

    Half of the budget makes a plan as `solve` does. In that plan the actions to blame for breaches get room, so that
    they may take as long as they take at most in `quantile_permille` of all cases; then the rest of the budget makes
    whole plans in which they do. Of all plans that are as good as the first in mandatory actions, weight, victims and
    changes, that with the fewest breaches on average is kept: the risk stands in the strict order of goals behind
    `changes`.

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
    plain = solve(problem, budget.part(_FIRST_SHARE), clock=clock, stop=stop, hint=hint, on_progress=on_progress)
    if not plain.placements:
        nothing = estimate_risk(problem, (), uncertainty, runs=1, seed=budget.seed)
        return Robust(plain, plain, nothing, nothing, {}, 0)

    def tell(found: Solution) -> None:
        if on_progress is not None:
            told = (found.placements, found.score, found.bounds, len(problem.actions) - len(found.placements))
            on_progress(Progress(meter.elapsed_seconds(), meter.work, "slack", *told))

    search = _Search(problem, uncertainty, quantile_permille, runs, budget.seed, plain, tell)
    search.make_room(meter)
    part = budget.part((1 - _FIRST_SHARE) / _ROUNDS)
    for _ in range(_ROUNDS):
        if meter.over() or not search.plan_anew(part, clock, stop):
            break
        search.make_room(meter)
    return search.result()


class _Search:
    """Plans with slack, and the best of them so far."""

    def __init__(
        self,
        problem: Problem,
        uncertainty: Uncertainty,
        quantile_permille: int,
        runs: int,
        seed: int,
        plain: Solution,
        tell: Callable[[Solution], None],
    ) -> None:
        self._problem = problem
        self._uncertainty = uncertainty
        self._quantile = quantile_permille / 1000
        self._runs = runs
        self._seed = seed
        self._tell = tell
        self._plain = self._best = plain
        self._plain_risk = self._best_risk = self._risk(plain.placements)
        self._slack: dict[int, int] = {}
        self._refused: set[int] = set()
        self._tried: set[frozenset[int]] = set()
        self._plans = 0

    def make_room(self, meter: Meter) -> None:
        """Give room to what is to blame in the best plan, as long as that makes it better."""
        # Half of the way to the median: some room where there is not enough for all that is wanted.
        quantiles = (self._quantile, (self._quantile + 0.5) / 2)
        for _ in range(_MOST_TURNS):
            wanted = self._to_blame()
            if not wanted or meter.over():
                return
            roomy = make_room(self._problem, self._best.placements, wanted, quantiles, self._uncertainty)
            if not self._offer(roomy.placements, roomy.slack_slots):
                return

    def plan_anew(self, budget: Budget, clock: Clock | None, stop: Stop | None) -> bool:
        """Make a whole plan in which what is to blame takes longer; False when that has been tried already."""
        wanted = (frozenset(self._to_blame()) | frozenset(self._slack)) - self._refused
        if not wanted or wanted in self._tried:
            return False
        self._tried.add(wanted)
        slow = with_slack(self._problem, wanted, self._quantile, self._uncertainty)
        found = solve(slow, budget, clock=clock, stop=stop, hint=self._best.placements).placements
        given = {each.action: _duration(slow, each) - _duration(self._problem, each) for each in found}
        if not self._offer(found, {action: slots for action, slots in given.items() if slots}):
            self._give_up(wanted, found)
        return True

    def result(self) -> Robust:
        """Give the best so far."""
        return Robust(self._best, self._plain, self._best_risk, self._plain_risk, dict(self._slack), self._plans)

    def _offer(self, placements: tuple[Placement, ...], slack_slots: Mapping[int, int]) -> bool:
        """Take a plan if it is valid, costs the protected goals nothing, and is at less risk."""
        self._plans += 1
        value = score(self._problem, placements)
        if _protected(value) > _protected(self._best.score) or verify(self._problem, placements):
            return False
        risk = self._risk(placements)
        if (_protected(value), risk.mean_breaches) >= (_protected(self._best.score), self._best_risk.mean_breaches):
            return False
        self._best, self._best_risk, self._slack = _rated(self._plain, placements, value), risk, dict(slack_slots)
        self._tell(self._best)
        return True

    def _risk(self, placements: tuple[Placement, ...]) -> PlanRisk:
        return estimate_risk(self._problem, placements, self._uncertainty, runs=self._runs, seed=self._seed)

    def _to_blame(self) -> list[int]:
        """What is to blame in the best plan, the most frequent first."""
        found = blame(self._problem, self._best.placements, self._uncertainty, runs=_BLAME_RUNS, seed=self._seed)
        can = stretchable(self._problem)
        return [each.action for each in found if each.courses >= _LEAST_BLAME * _BLAME_RUNS and each.action in can]

    def _give_up(self, wanted: Collection[int], placements: tuple[Placement, ...]) -> None:
        """Want no more slack for what loses its place by it or is tied to what does; else for half of it."""
        placed = {each.action for each in placements}
        lost = _tied(self._problem, {each.action for each in self._best.placements} - placed)
        refused = lost.intersection(wanted) or set(sorted(wanted)[::2])
        self._refused |= refused


def with_slack(problem: Problem, actions: Collection[int], quantile: float, uncertainty: Uncertainty) -> Problem:
    """Give the problem in which some actions take as long as they take at most in that share of all cases.

    Every plan of it is one of the given problem, with the same starts, modes and units, provided the actions are
    `stretchable`: whatever has room for the longer action has room for the shorter.
    """
    slow = [
        replace(
            action, modes=tuple(longer(mode, uncertainty.of_action(number).quantile(quantile)) for mode in action.modes)
        )
        if number in actions
        else action
        for number, action in enumerate(problem.actions)
    ]
    return replace(problem, actions=tuple(slow))


def _tied(problem: Problem, actions: Collection[int]) -> set[int]:
    """The actions, their groups, and all that precedes any of them."""
    found = set(actions)
    while True:
        more = {each.before for each in problem.precedences if each.after in found}
        more |= {member for group in problem.groups if not found.isdisjoint(group.actions) for member in group.actions}
        if more <= found:
            return found
        found |= more


def _duration(problem: Problem, placement: Placement) -> int:
    return placement.end_slot(problem) - placement.start_slot


def _protected(value: Score) -> tuple[int, ...]:
    """The goals that slack may cost nothing; smaller is better."""
    return value.key()[: len(PROTECTED)]


def _rated(plain: Solution, placements: tuple[Placement, ...], value: Score) -> Solution:
    """Give the plan with what is still proven of it: of the protected goals, as long as they are equal."""
    if value == plain.score:
        return replace(plain, placements=placements)
    kept: dict[str, int | None] = {}
    before, after, bounds = asdict(plain.score), asdict(value), asdict(plain.bounds)
    for goal in PROTECTED:
        kept[goal] = bounds[goal]
        if before[goal] != after[goal]:
            break
    outcome = Outcome.FEASIBLE if plain.outcome is Outcome.OPTIMAL else plain.outcome
    return Solution(outcome, placements, value, Bounds(**kept))
