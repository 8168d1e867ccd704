"""What is said of a plan in one line."""

from __future__ import annotations

from solver.codec import to_plain
from solver.problem import Problem
from solver.progress import Progress
from solver.solution import Solution


def progress_line(progress: Progress, problem: Problem) -> str:
    """Say how far a solve is."""
    gap = "gap -" if progress.gap is None else f"gap {100 * progress.gap:.2f} %"
    goals = " ".join(f"{name}={value}" for name, value in to_plain(progress.score).items())
    placed = f"{len(progress.placements)}/{len(problem.actions)} placed"
    return f"{progress.elapsed_seconds:7.2f} s  {progress.stage:9}  {placed}  {gap}  {goals}"


def summary_line(problem: Problem, solution: Solution) -> str:
    """Say what a plan comes to and what is proven of it."""
    placed = f"{len(solution.placements)}/{len(problem.actions)} placed"
    goals = " ".join(f"{name}={value}" for name, value in to_plain(solution.score).items())
    bounds = " ".join(f"{name}={value}" for name, value in to_plain(solution.bounds).items() if value is not None)
    return f"{solution.outcome.value}: {placed}; {goals}; proven bounds: {bounds or 'none'}"
