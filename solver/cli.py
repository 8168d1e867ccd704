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
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

from solver.budget import Budget, Stop
from solver.codec import to_plain
from solver.errors import InvalidProblem, SolverError
from solver.explain import Unplaced, explain
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
from solver.marginal import marginal_values, scarce
from solver.problem import Problem
from solver.progress import OnProgress, Progress
from solver.risk import solve_with_slack
from solver.score import score
from solver.solution import Outcome, Placement, Solution
from solver.solve import solve
from solver.task import Task, slack_told, task_from_json, value_told
from solver.verify import verify

EXIT_OK = 0
EXIT_NO = 1
EXIT_BAD_INPUT = 2
_HEARTBEAT_SECONDS = 1.0
_EXPLAIN_SECONDS = 10.0
_EXPLAIN_CANCELLED_SECONDS = 0.3


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
    explaining.set_defaults(run=_explain)
    serving = commands.add_parser(
        "serve-run", help="child process: problem on standard input, JSON lines on standard output"
    )
    _add_budget(serving)
    serving.set_defaults(run=_serve_run)
    return parser


def _add_budget(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, help="wall seconds (default 60, or none with --work)")
    parser.add_argument("--work", type=int, help="work in moves; with one worker the result is reproducible")
    parser.add_argument("--workers", type=int, default=2, help="CP-SAT threads (default 2)")
    parser.add_argument("--seed", type=int, default=1, help="seed of all random choices (default 1)")


def _budget(options: argparse.Namespace) -> Budget:
    seconds = options.seconds
    if seconds is None and options.work is None:
        seconds = 60.0
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
    record = run_from_json(_read(options.file))
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
    began = time.monotonic()
    ended = threading.Event()
    latest: list[Progress] = []

    def tell(progress: Progress) -> None:
        latest[:] = [progress]
        lines.write("progress", placements=to_plain(progress.placements), **_state(progress))

    def beat() -> None:
        while not ended.wait(_HEARTBEAT_SECONDS):
            state = _state(latest[0]) if latest else {}
            try:
                lines.write("alive", **(state | {"elapsed_seconds": round(time.monotonic() - began, 3)}))
            except OSError:
                # Nobody reads any more: whoever started this process is gone, and with it the use of its answer.
                os._exit(EXIT_NO)

    heart = threading.Thread(target=beat, daemon=True)
    heart.start()
    try:
        text = sys.stdin.buffer.read()
        problem, hint = _question(text)
        task = task_from_json(text) if format_of(text) == TASK_FORMAT else Task(problem)
        lines.write("started", fingerprint=fingerprint(problem), actions=len(problem.actions))
        solution, more = _with_slack(task, _budget(options), stop, hint, tell)
        reasons = _reasons(problem, solution, time.monotonic())
        more |= _values(task, solution, _budget(options), stop)
        ended.set()
        lines.write("result", solution=to_plain(solution), unplaced=to_plain(reasons), **more)
    except SolverError as refusal:
        ended.set()
        lines.write("error", kind=type(refusal).__name__, message=str(refusal))
        return EXIT_BAD_INPUT
    return EXIT_OK


def _with_slack(
    task: Task, budget: Budget, stop: Stop, hint: tuple[Placement, ...], tell: OnProgress
) -> tuple[Solution, dict[str, Any]]:
    """The plan, with slack where that is asked for, and what is told of it."""
    if task.slack_permille is None or task.uncertainty is None:
        return solve(task.problem, budget, clock=time.monotonic, stop=stop, hint=hint, on_progress=tell), {}
    robust = solve_with_slack(
        task.problem,
        task.uncertainty,
        budget,
        quantile_permille=task.slack_permille,
        clock=time.monotonic,
        stop=stop,
        hint=hint,
        on_progress=tell,
    )
    return robust.solution, {"slack": slack_told(robust)}


def _values(task: Task, solution: Solution, budget: Budget, stop: Stop) -> dict[str, Any]:
    """What one more of the scarcest is worth: all these solves together have the budget of the search once more."""
    if not task.additions:
        return {}
    found = scarce(task.problem, solution.placements) if solution.placements and not stop() else ()
    looked_at = found[: task.additions]
    share = 1 / (len(looked_at) + 1)
    part = replace(
        budget,
        seconds=None if budget.seconds is None else budget.seconds * share,
        work=None if budget.work is None else max(1, int(budget.work * share)),
    )
    values = marginal_values(
        task.problem,
        solution.placements,
        [each.addition for each in looked_at],
        part,
        clock=time.monotonic,
        stop=stop,
    )
    told = [value_told(each, value) for each, value in zip(looked_at, values, strict=False)]
    return {"marginal_values": told, "scarce": len(found)}


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
    until_seconds = now_seconds + (_EXPLAIN_CANCELLED_SECONDS if cancelled else _EXPLAIN_SECONDS)
    return explain(problem, solution.placements, lambda: time.monotonic() > until_seconds)
