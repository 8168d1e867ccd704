"""The value of one more: the difference that it makes to each goal, by solves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

from solver.budget import Budget, Clock, Stop
from solver.marginal.addition import Addition, with_addition
from solver.problem import Problem
from solver.score import score
from solver.solution import Outcome, Placement, Solution
from solver.solve import solve

IN_ORDER = (
    "missing_mandatory",
    "placed_weight",
    "victims",
    "changes",
    "project_delay",
    "makespan",
    "lateness",
    "cost",
    "burden_permille",
)
"""The goals in their strict order."""


@dataclass(frozen=True, slots=True)
class GoalValue:
    """What an addition does to one goal.

    Parameters
    ----------
    goal
        Its name, as in `Score`.
    without, with_it
        The goal's value in the best plan found without the addition, and in the best found with it.
    least, most
        Bounds of the true difference ``with - without``, where the proofs of both solves tell any: of the first goal,
        and of each further one as long as all goals before are proven in both. None: nothing is proven.
    """

    goal: str
    without: int
    with_it: int
    least: int | None = None
    most: int | None = None

    @property
    def change(self) -> int:
        """The estimate: how much more of it there is with the addition. Better is more or less, as the goal has it."""
        return self.with_it - self.without

    @property
    def is_proven(self) -> bool:
        """Whether the estimate is the true difference."""
        return self.least is not None and self.least == self.most == self.change


@dataclass(frozen=True, slots=True)
class MarginalValue:
    """The value of one addition.

    Parameters
    ----------
    addition
        What is added.
    goals
        Each goal in the strict order. Behind the first that changes, a change for the worse is no loss: a better plan
        may cost more.
    solution
        The best plan found with it.
    """

    addition: Addition
    goals: tuple[GoalValue, ...]
    solution: Solution

    @property
    def is_estimate(self) -> bool:
        """Whether any difference is an estimate, as the solves ended without a proof."""
        return not all(each.is_proven for each in self.goals)


def marginal_values(
    problem: Problem,
    placements: tuple[Placement, ...],
    additions: Sequence[Addition],
    budget: Budget,
    *,
    clock: Clock | None = None,
    stop: Stop | None = None,
    on_value: Callable[[MarginalValue], None] | None = None,
) -> tuple[MarginalValue, ...]:
    """Return what each addition, by itself, does to each goal.

    The problem is solved again as it is, and with each addition, all from the same plan with the same budget and seed,
    so that a longer search is not taken for the worth of an addition. The values are differences between the best
    plans found: where a solve ends without a proof, they are estimates, and `GoalValue.least` and `most` say what is
    proven.

    Parameters
    ----------
    problem, placements
        The problem, and a plan of it to begin from.
    additions
        `scarce` tells which may be worth looking at.
    budget
        Of each solve: in all ``len(additions) + 1`` times as much.
    clock, stop
        As `solve` takes them. Once stopped, the values found so far are given.
    on_value
        Told of each as it is found.

    Raises
    ------
    InvalidProblem
        As `with_addition` and `solve`.
    """
    wider = [with_addition(problem, addition) for addition in additions]
    without = solve(problem, budget, clock=clock, stop=stop, hint=placements)
    found: list[MarginalValue] = []
    for addition, more in zip(additions, wider, strict=True):
        if without.outcome is Outcome.CANCELLED or (stop is not None and stop()):
            break
        with_it = solve(more, budget, clock=clock, stop=stop, hint=without.placements)
        if with_it.outcome is Outcome.CANCELLED:
            break
        with_it = _not_worse(with_it, without, more)
        value = MarginalValue(addition, _goals(without, with_it), with_it)
        found.append(value)
        if on_value is not None:
            on_value(value)
    return tuple(found)


def _not_worse(with_it: Solution, without: Solution, more: Problem) -> Solution:
    """Give the solution with the addition, or the plan without it where that is better still: it is a plan of both."""
    if not without.placements or without.outcome is Outcome.OUT_OF_TIME:
        return with_it
    value = score(more, without.placements)
    if with_it.placements and with_it.score.key() <= value.key():
        return with_it
    return replace(with_it, placements=without.placements, score=value)


def _goals(without: Solution, with_it: Solution) -> tuple[GoalValue, ...]:
    before, after = asdict(without.score), asdict(with_it.score)
    bounds_before, bounds_after = asdict(without.bounds), asdict(with_it.bounds)
    found = []
    all_before_proven = True
    for goal in IN_ORDER:
        old, new, old_bound, new_bound = before[goal], after[goal], bounds_before[goal], bounds_after[goal]
        least = most = None
        if all_before_proven and old_bound is not None and new_bound is not None:
            # The true values lie between what was found and what is proven, on either side.
            least = min(new, new_bound) - max(old, old_bound)
            most = max(new, new_bound) - min(old, old_bound)
        found.append(GoalValue(goal, old, new, least, most))
        all_before_proven = all_before_proven and old == old_bound and new == new_bound
    return tuple(found)
