"""The solver as a child process: ``python -m solver serve-run``, JSON lines out, cancelled by SIGTERM.

The child ends by itself when its output cannot be written any more, so it does not outlive whoever started it.
"""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from typing import Any

from opsplan.scheduling.rules import Options

COMMAND: Sequence[str] = (sys.executable, "-P", "-m", "solver", "serve-run")
"""How the solver is started. ``-P`` keeps the working folder off the path: no file there may pose as the solver."""

QUESTION_COMMAND: Sequence[str] = (*COMMAND[:-1], "serve-question")
"""How the solver is started to answer a question."""

_LONGEST_LINE_BYTES = 256 * 1024 * 1024
"""A plan of 20,000 actions in one line has about 3 MB; the bound only keeps a runaway from filling the memory."""
_KEPT_OF_STDERR_BYTES = 4_096


class ChildEnded(Exception):
    """The child ended without a result.

    Attributes
    ----------
    code
        Its exit code; negative: the signal that killed it.
    complaint
        The last line of its standard error, empty when there is none.
    """

    def __init__(self, code: int, complaint: str) -> None:
        super().__init__(code, complaint)
        self.code = code
        self.complaint = complaint

    @property
    def words(self) -> str:
        """Say how it ended."""
        if self.code < 0:
            with suppress(ValueError):
                return f"the solver process was killed by {signal.Signals(-self.code).name}"
            return f"the solver process was killed by signal {-self.code}"
        return f"the solver process ended with exit code {self.code} and no result"


class SolverChild:
    """One running solver. Make it with `start`, and `give` it its problem, for which it makes ready meanwhile.

    `stop` or `kill` it, and `events` comes to its end.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._feeding: asyncio.Task[None] | None = None
        self._complaining = asyncio.create_task(self._complaint())

    @classmethod
    async def start(cls, options: Options, command: Sequence[str] = COMMAND) -> "SolverChild":
        """Start a solver."""
        process = await asyncio.create_subprocess_exec(
            *command,
            "--seconds",
            str(options.budget_seconds),
            "--workers",
            str(options.workers),
            "--seed",
            str(options.seed),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=_LONGEST_LINE_BYTES,
            # Ctrl-C in a terminal is the service's to answer: it cancels or queues again as it sees fit.
            start_new_session=True,
        )
        return cls(process)

    def give(self, problem: bytes) -> None:
        """Give it its problem, or its question (canonical JSON), once."""
        self._feeding = asyncio.create_task(self._feed(problem))

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def events(self) -> AsyncGenerator[dict[str, Any], None]:
        """Give the child's events (docs/solver.md) as they come, the last of them ``result`` or ``error``.

        Raises
        ------
        ChildEnded
            When it ended without either.
        """
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            try:
                event: dict[str, Any] = json.loads(line)
            except ValueError:
                # Killed in the middle of a line.
                break
            yield event
            if event.get("event") in ("result", "error"):
                return
        code = await self._process.wait()
        raise ChildEnded(code, await self._complaining)

    def stop(self) -> None:
        """Ask it to end with its best plan so far."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self._signal(signal.SIGKILL)

    async def close(self) -> None:
        """See to it that the process is gone, whatever happened before."""
        self.kill()
        if self._feeding is not None:
            self._feeding.cancel()
            with suppress(asyncio.CancelledError):
                await self._feeding
        await self._process.wait()
        await self._complaining

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def _feed(self, problem: bytes) -> None:
        stream = self._process.stdin
        assert stream is not None
        # A child that dies early does not read to the end: its exit code tells the rest.
        with suppress(BrokenPipeError, ConnectionResetError):
            stream.write(problem)
            await stream.drain()
        stream.close()
        with suppress(BrokenPipeError, ConnectionResetError):
            await stream.wait_closed()

    async def _complaint(self) -> str:
        stream = self._process.stderr
        assert stream is not None
        kept = b""
        while chunk := await stream.read(65_536):
            kept = (kept + chunk)[-_KEPT_OF_STDERR_BYTES:]
        lines = kept.decode(errors="replace").strip().splitlines()
        return lines[-1][:500] if lines else ""
