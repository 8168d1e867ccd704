"""Which commands there are, and what becomes of bad input."""

from __future__ import annotations

import argparse
import sys

from solver.cli.budgets import add_budget
from solver.cli.checking import verify_run
from solver.cli.exits import EXIT_BAD_INPUT
from solver.cli.explaining import explain_run
from solver.cli.question_child import serve_question
from solver.cli.run_child import serve_run
from solver.cli.solving import read_instance, solve_file, warm_up
from solver.errors import InvalidProblem


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 yes, 1 no (invalid plan, no full plan), 2 bad input."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except InvalidProblem as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
        return EXIT_BAD_INPUT
    except OSError as fault:
        print(f"refused: {fault.filename}: {fault.strerror}; name a file that can be read", file=sys.stderr)
        return EXIT_BAD_INPUT
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m solver", description="Schedules raids: a problem in, a verified plan out."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    solving = commands.add_parser("solve", help="find a plan for a problem; writes a run (problem and solution)")
    solving.add_argument(
        "file", help="a problem, a run, whose plan is the start, or a benchmark instance; '-' for standard input"
    )
    solving.add_argument("--out", metavar="FILE", help="where the run goes (default: standard output)")
    add_budget(solving)
    solving.set_defaults(run=solve_file)
    reading = commands.add_parser(
        "read", help="write the problem of a benchmark instance (PSPLIB, MISTA 2013, MSPSP, RCPSP/max)"
    )
    reading.add_argument("file", help="an instance, '-' for standard input")
    reading.add_argument("--out", metavar="FILE", help="where the problem goes (default: standard output)")
    reading.set_defaults(run=read_instance)
    checking = commands.add_parser("verify", help="check a run: every rule, and the stated score")
    checking.add_argument("file", help="a run, or a problem with --solution; '-' for standard input")
    checking.add_argument("--solution", metavar="FILE", help="a solution of the problem in FILE")
    checking.set_defaults(run=verify_run)
    explaining = commands.add_parser("explain", help="say why actions are not placed")
    explaining.add_argument("file", help="a run, '-' for standard input")
    explaining.add_argument("--json", action="store_true", help="codes and facts as JSON lines")
    about = explaining.add_mutually_exclusive_group()
    about.add_argument(
        "--conflict", action="store_true", help="why not all that must be placed can be, and what would help"
    )
    about.add_argument("--action", type=int, help="what blocks this action, or binds it where it is placed")
    explaining.add_argument("--start", type=int, metavar="SLOT", help="why --action does not start then")
    explaining.add_argument("--unit", type=int, help="why --action is not served by this unit")
    add_budget(explaining, "10")
    explaining.set_defaults(run=explain_run)
    warming = commands.add_parser(
        "warm", help="compile the search now and keep the code, as set-ups do; else the first solve does"
    )
    warming.set_defaults(run=warm_up)
    serving = commands.add_parser(
        "serve-run", help="child process: problem on standard input, JSON lines on standard output"
    )
    add_budget(serving)
    serving.set_defaults(run=serve_run)
    answering = commands.add_parser(
        "serve-question", help="child process: question on standard input, JSON lines on standard output"
    )
    add_budget(answering, "10")
    answering.set_defaults(run=serve_question)
    return parser
