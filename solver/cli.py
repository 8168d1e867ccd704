"""The command line: solve, verify and explain files, and run as the child process of a service.

The only place in this package that reads the clock, files, streams or signals.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

from solver.budget import Budget, Stop
from solver.codec import to_plain
from solver.errors import InvalidProblem, SolverError
from solver.explain import Conflict, Unplaced, explain, find_conflict
from solver.explain.lines import lines_of
from solver.formats import read
from solver.jsonio import (
    PROBLEM_FORMAT,
    RUN_FORMAT,
    TASK_FORMAT,
    RunRecord,
    fingerprint,
    format_of,
    problem_from_json,
    problem_to_json,
    run_from_json,
    run_to_json,
    solution_from_json,
)
from solver.problem import Problem
from solver.progress import Progress
from solver.question import Ask, Question, answer, answer_to_plain, question_from_json
from solver.score import score
from solver.solution import Outcome, Placement, Solution
from solver.solve import make_ready, solve, warm
from solver.task import Task, plan_task, task_from_json, value_task
from solver.verify import verify

EXIT_OK = 0
EXIT_NO = 1
EXIT_BAD_INPUT = 2
_HEARTBEAT_SECONDS = 1.0
_EXPLAIN_SECONDS = 10.0
_EXPLAIN_CANCELLED_SECONDS = 0.3
_CONFLICT_SECONDS = 20.0
_MOST_EXPLAINED_CANCELLED = 1_000
"""Of larger problems, a cancelled run gives no reasons: the plan's check before them alone takes half a second."""


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
    _add_budget(solving)
    solving.set_defaults(run=_solve)
    reading = commands.add_parser(
        "read", help="write the problem of a benchmark instance (PSPLIB, MISTA 2013, MSPSP, RCPSP/max)"
    )
    reading.add_argument("file", help="an instance, '-' for standard input")
    reading.add_argument("--out", metavar="FILE", help="where the problem goes (default: standard output)")
    reading.set_defaults(run=_read_instance)
    checking = commands.add_parser("verify", help="check a run: every rule, and the stated score")
    checking.add_argument("file", help="a run, or a problem with --solution; '-' for standard input")
    checking.add_argument("--solution", metavar="FILE", help="a solution of the problem in FILE")
    checking.set_defaults(run=_verify)
    explaining = commands.add_parser("explain", help="say why actions are not placed")
    explaining.add_argument("file", help="a run, '-' for standard input")
    explaining.add_argument("--json", action="store_true", help="codes and facts as JSON lines")
    explaining.add_argument(
        "--conflict", action="store_true", help="why not all that must be placed can be, and what would help"
    )
    explaining.add_argument("--action", type=int, help="what blocks this action, or binds it where it is placed")
    explaining.add_argument("--start", type=int, metavar="SLOT", help="why --action does not start then")
    explaining.add_argument("--unit", type=int, help="why --action is not served by this unit")
    _add_budget(explaining, "10")
    explaining.set_defaults(run=_explain)
    warming = commands.add_parser(
        "warm", help="compile the search now and keep the code, as set-ups do; else the first solve does"
    )
    warming.set_defaults(run=_warm)
    serving = commands.add_parser(
        "serve-run", help="child process: problem on standard input, JSON lines on standard output"
    )
    _add_budget(serving)
    serving.set_defaults(run=_serve_run)
    answering = commands.add_parser(
        "serve-question", help="child process: question on standard input, JSON lines on standard output"
    )
    _add_budget(answering, "10")
    answering.set_defaults(run=_serve_question)
    return parser


def _add_budget(parser: argparse.ArgumentParser, seconds: str = "60") -> None:
    parser.add_argument("--seconds", type=float, help=f"wall seconds (default {seconds}, or none with --work)")
    parser.set_defaults(usual_seconds=float(seconds))
    parser.add_argument("--work", type=int, help="work in moves; with one worker the result is reproducible")
    parser.add_argument("--workers", type=int, default=2, help="CP-SAT threads (default 2)")
    parser.add_argument("--seed", type=int, default=1, help="seed of all random choices (default 1)")


def _budget(options: argparse.Namespace) -> Budget:
    seconds = options.seconds
    if seconds is None and options.work is None:
        seconds = options.usual_seconds
    return Budget(seconds, options.work, options.workers, options.seed)


def _read(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


class _StopFlag:
    """Set by SIGTERM or SIGINT; the solve ends within a second and keeps its best plan."""

    def __init__(self) -> None:
        self._set = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._set = True

    def __call__(self) -> bool:
        return self._set


# -- solve


def _solve(options: argparse.Namespace) -> int:
    problem, hint = _asked(options.file)
    stop = _StopFlag()
    solution = solve(
        problem,
        _budget(options),
        clock=time.monotonic,
        stop=stop,
        hint=hint,
        on_progress=lambda progress: print(_progress_line(progress, problem), file=sys.stderr, flush=True),
    )
    _write(options.out, run_to_json(RunRecord(problem, solution)))
    print(_summary(problem, solution), file=sys.stderr)
    return EXIT_OK if solution.outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE) else EXIT_NO


def _write(name: str | None, written: bytes) -> None:
    if name:
        Path(name).write_bytes(written)
    else:
        sys.stdout.buffer.write(written)
        sys.stdout.flush()


def _asked(name: str) -> tuple[Problem, tuple[Placement, ...]]:
    """The problem in a file of ours or in a benchmark instance, and the plan to start from."""
    text = _read(name)
    if Path(name).suffix == ".json" or text.lstrip().startswith(b"{"):
        return _question(text)
    return _instance(name, text), ()


def _instance(name: str, text: bytes) -> Problem:
    path = Path("standard input" if name == "-" else name)
    return read(path.name, lambda asked: text if asked == path.name else (path.parent / asked).read_bytes())


def _question(text: bytes) -> tuple[Problem, tuple[Placement, ...]]:
    """The problem in a problem's or a run's text, and the plan to start from: a run's."""
    if format_of(text) == TASK_FORMAT:
        return task_from_json(text).problem, ()
    if format_of(text) == RUN_FORMAT:
        record = run_from_json(text)
        return record.problem, record.solution.placements
    return problem_from_json(text), ()


def _progress_line(progress: Progress, problem: Problem) -> str:
    gap = "gap -" if progress.gap is None else f"gap {100 * progress.gap:.2f} %"
    goals = " ".join(f"{name}={value}" for name, value in to_plain(progress.score).items())
    placed = f"{len(progress.placements)}/{len(problem.actions)} placed"
    return f"{progress.elapsed_seconds:7.2f} s  {progress.stage:9}  {placed}  {gap}  {goals}"


def _summary(problem: Problem, solution: Solution) -> str:
    placed = f"{len(solution.placements)}/{len(problem.actions)} placed"
    goals = " ".join(f"{name}={value}" for name, value in to_plain(solution.score).items())
    bounds = " ".join(f"{name}={value}" for name, value in to_plain(solution.bounds).items() if value is not None)
    return f"{solution.outcome.value}: {placed}; {goals}; proven bounds: {bounds or 'none'}"


# -- read


def _read_instance(options: argparse.Namespace) -> int:
    problem = _instance(options.file, _read(options.file))
    _write(options.out, problem_to_json(problem))
    counts = f"{len(problem.actions)} actions, {len(problem.units)} units, {len(problem.resources)} resources"
    print(f"{counts}, {len(problem.precedences)} precedences, {len(problem.projects)} projects", file=sys.stderr)
    return EXIT_OK


# -- warm


def _warm(_options: argparse.Namespace) -> int:
    began = time.monotonic()
    warm()
    print(f"The search is compiled ({time.monotonic() - began:.0f} s).")
    return EXIT_OK


# -- verify


def _verify(options: argparse.Namespace) -> int:
    text = _read(options.file)
    if format_of(text) == PROBLEM_FORMAT:
        if not options.solution:
            raise InvalidProblem("--solution", None, "name the file with the solution of this problem")
        problem = problem_from_json(text)
        solution = solution_from_json(_read(options.solution))
    else:
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
    if not solution.placements and any(action.lock is not None for action in problem.actions):
        return EXIT_NO
    print(f"VALID {fingerprint(problem)}: {_summary(problem, solution)}")
    return EXIT_OK


# -- explain


def _explain(options: argparse.Namespace) -> int:
    text = _read(options.file)
    if options.conflict or options.action is not None:
        return _explain_one(options, *_question(text))
    record = run_from_json(text)
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


def _explain_one(options: argparse.Namespace, problem: Problem, placements: tuple[Placement, ...]) -> int:
    """Why a request is impossible, or about one action of a plan."""
    about = Ask.ACTION if options.start is None and options.unit is None else Ask.WHY_NOT
    ask = Ask.CONFLICT if options.conflict else about
    question = Question(ask, problem, placements, options.action, options.unit, options.start)
    found = answer(question, _budget(options), clock=time.monotonic, stop=_StopFlag())
    for line in [json.dumps(to_plain(found), sort_keys=True)] if options.json else lines_of(problem, found):
        print(line)
    return EXIT_OK


# -- serve-run


class _Lines:
    """JSON lines on a stream, one writer at a time, each whole."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def write(self, event: str, **content: Any) -> None:
        line = json.dumps({"event": event, **content}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        left = memoryview(f"{line}\n".encode())
        with self._lock:
            # Not through the stream's buffers: a signal that comes while nobody reads would tear the line.
            while left:
                left = left[os.write(self._stream.fileno(), left) :]


def _serve_run(options: argparse.Namespace) -> int:
    """Protocol: docs/solver.md, "As a child process"."""
    lines = _Lines(sys.stdout)
    stop = _StopFlag()
    latest: list[Progress] = []

    def tell(progress: Progress) -> None:
        latest[:] = [progress]
        lines.write("progress", placements=to_plain(progress.placements), **_state(progress))

    ended = threading.Event()
    try:
        # Whoever started this process is still at work on the problem.
        make_ready()
        text = sys.stdin.buffer.read()
        problem, hint = _question(text)
        task = task_from_json(text) if format_of(text) == TASK_FORMAT else Task(problem)
        lines.write("started", fingerprint=fingerprint(problem), actions=len(problem.actions))
        _beat(lines, ended, lambda: _state(latest[0]) if latest else {})
        solution, more = plan_task(task, _budget(options), clock=time.monotonic, stop=stop, hint=hint, on_progress=tell)
        reasons = _reasons(problem, solution, time.monotonic())
        conflict = _conflict(problem, solution, options, stop)
        more |= value_task(task, solution, _budget(options), clock=time.monotonic, stop=stop)
        ended.set()
        told = {"solution": solution, "unplaced": reasons, "conflict": conflict}
        lines.write("result", **{name: to_plain(value) for name, value in told.items()}, **more)
    except SolverError as refusal:
        ended.set()
        lines.write("error", kind=type(refusal).__name__, message=str(refusal))
        return EXIT_BAD_INPUT
    return EXIT_OK


def _beat(lines: _Lines, ended: threading.Event, state: Callable[[], dict[str, Any]]) -> None:
    """Write an `alive` line every second from now on, until the event is set."""
    began = time.monotonic()

    def beat() -> None:
        while not ended.wait(_HEARTBEAT_SECONDS):
            try:
                lines.write("alive", **(state() | {"elapsed_seconds": round(time.monotonic() - began, 3)}))
            except OSError:
                # Nobody reads any more: whoever started this process is gone, and with it the use of its answer.
                os._exit(EXIT_NO)

    threading.Thread(target=beat, daemon=True).start()


def _serve_question(options: argparse.Namespace) -> int:
    """Protocol: docs/solver.md, "As a child process"."""
    lines = _Lines(sys.stdout)
    stop = _StopFlag()
    ended = threading.Event()
    _beat(lines, ended, dict)
    try:
        question = question_from_json(sys.stdin.buffer.read())
        lines.write("started", fingerprint=fingerprint(question.problem), actions=len(question.problem.actions))
        found = answer(question, _budget(options), clock=time.monotonic, stop=stop)
        ended.set()
        lines.write("result", **answer_to_plain(found))
    except SolverError as refusal:
        ended.set()
        lines.write("error", kind=type(refusal).__name__, message=str(refusal))
        return EXIT_BAD_INPUT
    return EXIT_OK


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
