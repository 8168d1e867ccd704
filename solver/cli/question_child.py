"""A question about a plan in a process of its own."""

from __future__ import annotations

import argparse
import sys
import threading
import time

from solver.cli.budgets import budget_of
from solver.cli.exits import EXIT_BAD_INPUT, EXIT_OK
from solver.cli.lines import Lines, beat_on
from solver.cli.stop import StopFlag
from solver.errors import SolverError
from solver.jsonio import fingerprint
from solver.question import answer, answer_to_plain, question_from_json


def serve_question(options: argparse.Namespace) -> int:
    """Protocol: docs/solver.md, "As a library, a command, a child process"."""
    lines = Lines(sys.stdout)
    stop = StopFlag()
    ended = threading.Event()
    beat_on(lines, ended, dict)
    try:
        question = question_from_json(sys.stdin.buffer.read())
        lines.write("started", fingerprint=fingerprint(question.problem), actions=len(question.problem.actions))
        found = answer(question, budget_of(options), clock=time.monotonic, stop=stop)
        ended.set()
        lines.write("result", **answer_to_plain(found))
    except SolverError as refusal:
        ended.set()
        lines.write("error", kind=type(refusal).__name__, message=str(refusal))
        return EXIT_BAD_INPUT
    return EXIT_OK
