"""What commands read and write."""

from __future__ import annotations

import sys
from pathlib import Path

from solver.errors import InvalidProblem
from solver.formats import read
from solver.jsonio import RUN_FORMAT, TASK_FORMAT, format_of, problem_from_json, run_from_json
from solver.problem import Problem
from solver.solution import Placement
from solver.task import task_from_json


def read_bytes(name: str) -> bytes:
    """Read a file, or standard input where its name is ``-``."""
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def check_writable(name: str | None) -> None:
    """See that a file can be written, before anything is computed for it; it is left as it is.

    Raises
    ------
    InvalidProblem
        When it cannot.
    """
    if not name:
        return
    path = Path(name)
    # A link that leads nowhere yet is there as well, and stays.
    was_there = path.exists() or path.is_symlink()
    try:
        path.open("ab").close()
    except OSError as fault:
        raise InvalidProblem("--out", name, f"name a file that can be written ({fault.strerror})") from fault
    if not was_there:
        path.unlink()


def write_bytes(name: str | None, written: bytes) -> bool:
    """Write a file, or standard output where none is named; also where it fails, so that nothing found is lost.

    Whether it was written where it should be.
    """
    if name:
        try:
            Path(name).write_bytes(written)
        except OSError as fault:
            why = f"could not be written ({fault.strerror}); what was to be in it goes to standard output."
            print(f"{name} {why}", file=sys.stderr)
        else:
            return True
    sys.stdout.buffer.write(written)
    sys.stdout.flush()
    return not name


def problem_in(name: str) -> tuple[Problem, tuple[Placement, ...]]:
    """Give the problem in a file of ours or in a benchmark instance, and the plan to start from."""
    text = read_bytes(name)
    if Path(name).suffix == ".json" or text.lstrip().startswith(b"{"):
        return question_in(text)
    return instance_in(name, text), ()


def instance_in(name: str, text: bytes) -> Problem:
    """Read a benchmark instance; files that it names lie beside it."""
    path = Path("standard input" if name == "-" else name)
    return read(path.name, lambda asked: text if asked == path.name else (path.parent / asked).read_bytes())


def question_in(text: bytes) -> tuple[Problem, tuple[Placement, ...]]:
    """Give the problem in a problem's or a run's text, and the plan to start from: a run's."""
    if format_of(text) == TASK_FORMAT:
        return task_from_json(text).problem, ()
    if format_of(text) == RUN_FORMAT:
        record = run_from_json(text)
        return record.problem, record.solution.placements
    return problem_from_json(text), ()
