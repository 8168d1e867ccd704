"""What a child process is asked beyond a plan: slack against uncertainty, and what one more would be worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from solver.budget import Budget, Clock, Stop
from solver.codec import from_plain, to_plain
from solver.errors import InvalidProblem
from solver.jsonio import TASK_FORMAT, dump, load
from solver.marginal.addition import MoreOfResource
from solver.marginal.scarce import Scarce, scarce
from solver.marginal.values import MarginalValue, marginal_values
from solver.problem import Problem
from solver.problem.limits import check_integer
from solver.progress import OnProgress
from solver.risk.slack import Robust, solve_with_slack
from solver.risk.uncertainty import Uncertainty
from solver.solution import Placement, Solution
from solver.solve import solve

MOST_ADDITIONS = 100


@dataclass(frozen=True, slots=True)
class Task:
    """A problem with what else is asked.

    Parameters
    ----------
    problem
        What is to be scheduled.
    uncertainty
        The distributions; needed for slack.
    slack_permille
        Plan with slack: for what share of its cases, in thousandths, an action's slack suffices. None: without.
    additions
        Of how much of what is scarce in the plan the worth of one more is to be found: that for which most waits.
    """

    problem: Problem
    uncertainty: Uncertainty | None = None
    slack_permille: int | None = None
    additions: int = 0

    def __post_init__(self) -> None:
        check_integer("additions", self.additions, 0, MOST_ADDITIONS)
        if self.slack_permille is not None:
            check_integer("slack_permille", self.slack_permille, 500, 999)
            if self.uncertainty is None:
                raise InvalidProblem("uncertainty", None, "give the distributions that the slack is for")


def task_to_json(task: Task) -> bytes:
    """Return the canonical UTF-8 bytes of a task."""
    return dump(TASK_FORMAT, {"task": to_plain(task)})


def task_from_json(text: bytes) -> Task:
    """Return the task that `text` describes.

    Raises
    ------
    InvalidProblem
        When the text is no JSON, of another format or version, or describes no valid task.
    """
    task: Task = from_plain(Task, load(text, TASK_FORMAT, "task")["task"], "task")
    return task


def plan_task(
    task: Task,
    budget: Budget,
    *,
    clock: Clock | None = None,
    stop: Stop | None = None,
    hint: tuple[Placement, ...] = (),
    on_progress: OnProgress | None = None,
) -> tuple[Solution, dict[str, Any]]:
    """Return the plan, with slack where that is asked for, and what is told of the slack; arguments as of `solve`."""
    if task.slack_permille is None or task.uncertainty is None:
        return solve(task.problem, budget, clock=clock, stop=stop, hint=hint, on_progress=on_progress), {}
    robust = solve_with_slack(
        task.problem,
        task.uncertainty,
        budget,
        quantile_permille=task.slack_permille,
        clock=clock,
        stop=stop,
        hint=hint,
        on_progress=on_progress,
    )
    return robust.solution, {"slack": slack_told(robust)}


def value_task(
    task: Task, solution: Solution, budget: Budget, *, clock: Clock | None = None, stop: Stop | None = None
) -> dict[str, Any]:
    """Return what one more of the scarcest is worth; all these solves together have the budget of the search once more.

    Nothing is sought once the search was stopped.
    """
    if not task.additions:
        return {}
    stopped = stop is not None and stop()
    found = scarce(task.problem, solution.placements) if solution.placements and not stopped else ()
    looked_at = found[: task.additions]
    values = marginal_values(
        task.problem,
        solution.placements,
        [each.addition for each in looked_at],
        budget.part(1 / (len(looked_at) + 1)),
        clock=clock,
        stop=stop,
    )
    told = [value_told(each, value) for each, value in zip(looked_at, values, strict=False)]
    return {"marginal_values": told, "scarce": len(found)}


def slack_told(robust: Robust) -> dict[str, Any]:
    """Give what a plan with slack is beside the one without, as JSON values."""
    risks = {"before": robust.plain_risk, "after": robust.risk}
    return {
        "score_before": to_plain(robust.plain.score),
        "score_after": to_plain(robust.solution.score),
        "slack_slots": [[action, slots] for action, slots in sorted(robust.slack_slots.items())],
        "plans": robust.plans,
        **{
            f"risk_{name}": {
                "runs": risk.runs,
                "any_breach": risk.any_breach.probability,
                "mean_breaches": risk.mean_breaches,
                "mean_breaches_standard_error": risk.mean_breaches_standard_error,
            }
            for name, risk in risks.items()
        },
    }


def value_told(scarce: Scarce, value: MarginalValue) -> dict[str, Any]:
    """Give what one more of something is worth, as JSON values."""
    addition = value.addition
    if isinstance(addition, MoreOfResource):
        about = {"resource": addition.resource, "amount": addition.amount}
    else:
        about = {"like_unit": addition.like, "amount": 1}
    return {
        **about,
        "waiting": list(scarce.waiting),
        "is_estimate": value.is_estimate,
        "goals": [
            {
                "goal": each.goal,
                "without": each.without,
                "with_it": each.with_it,
                "least": each.least,
                "most": each.most,
            }
            for each in value.goals
        ],
    }
