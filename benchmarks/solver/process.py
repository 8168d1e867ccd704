"""One solve in a process of its own: its threads and memory end with it, and what hangs is ended."""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

_GRACE_SECONDS = 30.0
"""How much longer than its budget, and a tenth of that, a process may take to start, to end and to write."""
_LOOK_SECONDS = 0.5


@dataclass(slots=True)
class Said:
    """What a process has said so far.

    Parameters
    ----------
    values
        Each better value of a plan that places all, with the seconds since the solve began.
    result
        Its last word: the solution as our text format writes it.
    fault
        Why there is none.
    wall_seconds
        From its start to its end.
    peak_mb
        The most memory that it held, in megabytes.
    """

    values: list[tuple[float, int]] = field(default_factory=list)
    result: dict[str, Any] | None = None
    fault: str | None = None
    wall_seconds: float = 0.0
    peak_mb: float = 0.0


def run(command: Sequence[str], problem: bytes, seconds: float, look: Callable[[Said], None]) -> Said:
    """Run a command that reads a problem and writes JSON lines, as ``python -m solver serve-run`` does.

    Parameters
    ----------
    command
        The command; a process group of its own is made for it.
    problem
        What it reads from standard input.
    seconds
        Its budget. A tenth and half a minute later it is killed, and what it had found does not count.
    look
        Called twice a second with what it has said.
    """
    said = Said()
    began = time.monotonic()
    until = began + 1.1 * seconds + _GRACE_SECONDS
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as complaints:
        given.write(problem)
        given.seek(0)
        process = subprocess.Popen(
            command, stdin=given, stdout=subprocess.PIPE, stderr=complaints, start_new_session=True
        )
        assert process.stdout is not None
        reader = threading.Thread(target=_listen, args=(process.stdout, said), daemon=True)
        reader.start()
        status = None
        try:
            while status is None and time.monotonic() < until:
                reader.join(_LOOK_SECONDS)
                said.wall_seconds = time.monotonic() - began
                look(said)
                status = _ended(process, said)
        finally:
            _end(process)
        reader.join(_LOOK_SECONDS)
        process.stdout.close()
        if status is None:
            said.result, said.fault = None, f"did not end in {until - began:.0f} s"
        elif said.result is None and said.fault is None:
            complaints.seek(0)
            last = complaints.read().decode("utf-8", "replace").strip().splitlines()[-1:]
            said.fault = f"ended with code {status} and no result: {''.join(last)[:200]}"
    return said


def _ended(process: subprocess.Popen[bytes], said: Said) -> int | None:
    """Return the exit code once the process has ended, and note its memory."""
    found, status, usage = os.wait4(process.pid, os.WNOHANG)
    if not found:
        return None
    process.returncode = os.waitstatus_to_exitcode(status)
    said.peak_mb = usage.ru_maxrss / 1024
    return process.returncode


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process, if it runs, and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.returncode is None:
        process.wait()


def _listen(stream: BinaryIO, said: Said) -> None:
    try:
        for line in stream:
            event = json.loads(line)
            if event["event"] == "progress" and event["score"]["missing_mandatory"] == 0:
                said.values.append((event["elapsed_seconds"], event["score"]["project_delay"]))
            elif event["event"] == "result":
                said.result = event["solution"]
            elif event["event"] == "error":
                said.fault = event["message"]
    except (ValueError, KeyError, TypeError) as fault:
        said.fault = f"wrote no line of JSON that can be read: {fault}"
