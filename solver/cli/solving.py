"""Solving a file, reading an instance, compiling ahead."""

from __future__ import annotations

import argparse
import sys
import time

from solver.cli.budgets import budget_of
from solver.cli.exits import EXIT_NO, EXIT_OK
from solver.cli.files import check_writable, instance_in, problem_in, read_bytes, write_bytes
from solver.cli.sentences import progress_line, summary_line
from solver.cli.stop import StopFlag
from solver.jsonio import RunRecord, problem_to_json, run_to_json
from solver.solution import Outcome
from solver.solve import solve, warm


def solve_file(options: argparse.Namespace) -> int:
    """Find a plan and write the run."""
    problem, hint = problem_in(options.file)
    budget = budget_of(options)
    check_writable(options.out)
    stop = StopFlag()
    solution = solve(
        problem,
        budget,
        clock=time.monotonic,
        stop=stop,
        hint=hint,
        on_progress=lambda progress: print(progress_line(progress, problem), file=sys.stderr, flush=True),
    )
    is_written = write_bytes(options.out, run_to_json(RunRecord(problem, solution)))
    print(summary_line(problem, solution), file=sys.stderr)
    return EXIT_OK if is_written and solution.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE) else EXIT_NO


def read_instance(options: argparse.Namespace) -> int:
    """Write the problem of a benchmark instance."""
    problem = instance_in(options.file, read_bytes(options.file))
    is_written = write_bytes(options.out, problem_to_json(problem))
    counts = f"{len(problem.actions)} actions, {len(problem.units)} units, {len(problem.resources)} resources"
    print(f"{counts}, {len(problem.precedences)} precedences, {len(problem.projects)} projects", file=sys.stderr)
    return EXIT_OK if is_written else EXIT_NO


def warm_up(_options: argparse.Namespace) -> int:
    """Compile the search."""
    began = time.monotonic()
    warm()
    print(f"The search is compiled ({time.monotonic() - began:.0f} s).")
    return EXIT_OK
