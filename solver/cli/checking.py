"""Checking a run by the rules alone."""

from __future__ import annotations

import argparse
import json

from solver.cli.exits import EXIT_NO, EXIT_OK
from solver.cli.files import read_bytes
from solver.cli.sentences import summary_line
from solver.errors import InvalidProblem
from solver.jsonio import PROBLEM_FORMAT, fingerprint, format_of, problem_from_json, run_from_json, solution_from_json
from solver.score import score
from solver.verify import verify


def verify_run(options: argparse.Namespace) -> int:
    """Check a plan by the rules, and its score."""
    text = read_bytes(options.file)
    if format_of(text) == PROBLEM_FORMAT:
        if not options.solution:
            raise InvalidProblem("--solution", None, "name the file with the solution of this problem")
        problem = problem_from_json(text)
        solution = solution_from_json(read_bytes(options.solution))
    else:
        if options.solution:
            raise InvalidProblem("--solution", options.solution, "leave it out: a run holds its own solution")
        record = run_from_json(text)
        problem, solution = record.problem, record.solution
    breaches = verify(problem, solution.placements)
    for breach in breaches:
        print(f"BROKEN {breach.rule}: {breach.message} {json.dumps(breach.facts, sort_keys=True)}")
    if breaches:
        return EXIT_NO
    actual = score(problem, solution.placements)
    if actual != solution.score:
        print(f"BROKEN score: the file says {solution.score}, the plan gives {actual}")
        return EXIT_NO
    print(f"VALID {fingerprint(problem)}: {summary_line(problem, solution)}")
    return EXIT_OK
