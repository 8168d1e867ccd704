"""A question about a plan in a process of its own."""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from solver.cli.budgets import budget_of
from solver.cli.child import Child
from solver.question import answer, answer_to_plain, question_from_json


def serve_question(options: argparse.Namespace) -> int:
    """Answer the question on standard input."""
    child = Child()
    return child.end(lambda: _answer(options, child))


def _answer(options: argparse.Namespace, child: Child) -> dict[str, Any]:
    child.beat()
    question = question_from_json(sys.stdin.buffer.read())
    child.begin(question.problem)
    return answer_to_plain(answer(question, budget_of(options), clock=time.monotonic, stop=child.stop))
