"""What a child process is asked beyond a plan: slack against uncertainty, and what one more would be worth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from solver.codec import from_plain, to_plain
from solver.errors import InvalidProblem
from solver.jsonio import TASK_FORMAT, format_of
from solver.marginal.addition import MoreOfResource
from solver.marginal.scarce import Scarce
from solver.marginal.values import MarginalValue
from solver.problem import Problem
from solver.problem.limits import check_integer
from solver.risk.slack import Robust
from solver.risk.uncertainty import Uncertainty

VERSION = 1
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
    whole = {"format": TASK_FORMAT, "version": VERSION, "task": to_plain(task)}
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def task_from_json(text: bytes) -> Task:
    """Return the task that `text` describes.

    Raises
    ------
    InvalidProblem
        When the text is no JSON, of another format or version, or describes no valid task.
    """
    if format_of(text) != TASK_FORMAT:
        raise InvalidProblem("format", format_of(text), f"give {TASK_FORMAT}")
    content = json.loads(text)
    if content.get("version") != VERSION:
        raise InvalidProblem("version", content.get("version"), f"this release reads version {VERSION}")
    task: Task = from_plain(Task, content.get("task"), "task")
    return task


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
