"""A run in a process of its own: a problem in, progress and a plan out."""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from solver.budget import Budget, Stop
from solver.cli.budgets import budget_of
from solver.cli.child import Child
from solver.cli.files import question_in
from solver.codec import to_plain
from solver.explain import Conflict, Unplaced, explain, find_conflict
from solver.jsonio import TASK_FORMAT, format_of
from solver.problem import Problem
from solver.progress import Progress
from solver.solution import Outcome, Solution
from solver.solve import make_ready
from solver.task import Task, plan_task, task_from_json, value_task

_EXPLAIN_SECONDS = 10.0
_EXPLAIN_CANCELLED_SECONDS = 0.3
_CONFLICT_SECONDS = 20.0
_MOST_EXPLAINED_CANCELLED = 1_000
"""Of larger problems, a cancelled run gives no reasons: the plan's check before them alone takes half a second."""


def serve_run(options: argparse.Namespace) -> int:
    """Plan the problem on standard input."""
    child = Child()
    return child.end(lambda: _run(options, child))


def _run(options: argparse.Namespace, child: Child) -> dict[str, Any]:
    latest: list[Progress] = []

    def tell(progress: Progress) -> None:
        latest[:] = [progress]
        child.lines.write("progress", placements=to_plain(progress.placements), **_state(progress))

    # Whoever started this process is still at work on the problem.
    make_ready()
    text = sys.stdin.buffer.read()
    problem, hint = question_in(text)
    task = task_from_json(text) if format_of(text) == TASK_FORMAT else Task(problem)
    child.begin(problem)
    child.beat(lambda: _state(latest[0]) if latest else {})
    budget = budget_of(options)
    solution, more = plan_task(task, budget, clock=time.monotonic, stop=child.stop, hint=hint, on_progress=tell)
    reasons = _reasons(problem, solution, time.monotonic())
    conflict = _conflict(problem, solution, options, child.stop)
    more |= value_task(task, solution, budget, clock=time.monotonic, stop=child.stop)
    told = {"solution": solution, "unplaced": reasons, "conflict": conflict}
    return {name: to_plain(value) for name, value in told.items()} | more


def _conflict(problem: Problem, solution: Solution, options: argparse.Namespace, stop: Stop) -> Conflict | None:
    """Why a request is impossible, where that was proven."""
    if solution.outcome is not Outcome.INFEASIBLE:
        return None
    budget = Budget(_CONFLICT_SECONDS, None, options.workers, options.seed)
    return find_conflict(problem, budget, clock=time.monotonic, stop=stop, hint=solution.placements)


def _state(progress: Progress) -> dict[str, Any]:
    return {
        "elapsed_seconds": round(progress.elapsed_seconds, 3),
        "work": progress.work,
        "stage": progress.stage,
        "placed": len(progress.placements),
        "unplaced": progress.unplaced,
        "score": to_plain(progress.score),
        "bounds": to_plain(progress.bounds),
        "gap": progress.gap,
    }


def _reasons(problem: Problem, solution: Solution, now_seconds: float) -> tuple[Unplaced, ...]:
    """Reasons for what is left out; a cancelled run spends almost no time on them."""
    if not solution.placements and any(action.lock is not None for action in problem.actions):
        return ()
    cancelled = solution.outcome is Outcome.CANCELLED
    if cancelled and len(problem.actions) > _MOST_EXPLAINED_CANCELLED:
        return ()
    until_seconds = now_seconds + (_EXPLAIN_CANCELLED_SECONDS if cancelled else _EXPLAIN_SECONDS)
    return explain(problem, solution.placements, lambda: time.monotonic() > until_seconds)
