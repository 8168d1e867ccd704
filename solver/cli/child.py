"""What every child process has: lines that begin, beat and end, and the flag that asks it to stop."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

from solver.cli.exits import EXIT_BAD_INPUT, EXIT_OK
from solver.cli.lines import Lines, beat_on
from solver.cli.stop import StopFlag
from solver.errors import SolverError
from solver.jsonio import fingerprint
from solver.problem import Problem


class Child:
    """A child process at work; see docs/solver.md, "As a library, a command, a child process"."""

    def __init__(self) -> None:
        self.lines = Lines(sys.stdout)
        self.stop = StopFlag()
        self._ended = threading.Event()

    def begin(self, problem: Problem) -> None:
        """Write ``started``."""
        self.lines.write("started", fingerprint=fingerprint(problem), actions=len(problem.actions))

    def beat(self, state: Callable[[], dict[str, Any]] = dict) -> None:
        """Write ``alive`` with the state every second from now on, until the end."""
        beat_on(self.lines, self._ended, state)

    def end(self, work: Callable[[], Mapping[str, Any]]) -> int:
        """Do the work and write ``result`` with what it gives, or ``error`` when it is refused; give the exit code."""
        try:
            told = work()
        except SolverError as refusal:
            self._ended.set()
            self.lines.write("error", kind=type(refusal).__name__, message=str(refusal))
            return EXIT_BAD_INPUT
        self._ended.set()
        self.lines.write("result", **told)
        return EXIT_OK
