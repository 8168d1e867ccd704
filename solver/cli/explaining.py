"""Saying why."""

from __future__ import annotations

import argparse
import json
import time

from solver.cli.budgets import budget_of
from solver.cli.exits import EXIT_OK
from solver.cli.files import question_in, read_bytes
from solver.cli.stop import StopFlag
from solver.codec import to_plain
from solver.errors import InvalidProblem
from solver.explain import explain
from solver.explain.lines import lines_of
from solver.jsonio import run_from_json
from solver.problem import Problem
from solver.question import Ask, Question, answer
from solver.solution import Outcome, Placement
from solver.verify import verify


def explain_run(options: argparse.Namespace) -> int:
    """Say why actions are not placed, or answer about one, or about a request that is impossible."""
    _refuse_loose(options)
    text = read_bytes(options.file)
    if options.conflict or options.action is not None:
        return _explain_one(options, *question_in(text))
    record = run_from_json(text)
    if record.solution.outcome is Outcome.INFEASIBLE and verify(record.problem, record.solution.placements):
        raise InvalidProblem("solution.outcome", "INFEASIBLE", "ask with --conflict why there is no plan at all")
    unplaced = explain(record.problem, record.solution.placements)
    for item in unplaced:
        name = record.problem.actions[item.action].name
        if options.json:
            print(json.dumps(to_plain(item), sort_keys=True, ensure_ascii=False))
            continue
        for reason in item.reasons:
            print(f"{name}: {reason.code}: {reason.message}")
    if not options.json:
        print(f"{len(unplaced)} of {len(record.problem.actions)} actions are not placed.")
    return EXIT_OK


def _refuse_loose(options: argparse.Namespace) -> None:
    """Refuse options that would count for nothing."""
    budget_of(options)
    for name in ("start", "unit"):
        given = getattr(options, name)
        if given is not None and options.action is None:
            raise InvalidProblem(f"--{name}", given, "say with --action of which action")


def _explain_one(options: argparse.Namespace, problem: Problem, placements: tuple[Placement, ...]) -> int:
    """Why a request is impossible, or about one action of a plan."""
    about = Ask.ACTION if options.start is None and options.unit is None else Ask.WHY_NOT
    ask = Ask.CONFLICT if options.conflict else about
    question = Question(ask, problem, placements, options.action, options.unit, options.start)
    found = answer(question, budget_of(options), clock=time.monotonic, stop=StopFlag())
    for line in [json.dumps(to_plain(found), sort_keys=True)] if options.json else lines_of(problem, found):
        print(line)
    return EXIT_OK
