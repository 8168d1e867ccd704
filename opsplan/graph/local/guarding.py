"""Running Java under the guard, so that it ends with this process and holds the data folder while it lives."""

import contextlib
import subprocess
import sys
from pathlib import Path

from opsplan.graph.local import guard

_SPARE_S = 10.0

GuardProcess = subprocess.Popen[bytes]


def start_guard(
    command: list[str],
    *,
    lock: int,
    stop_s: float,
    console_log: Path,
    environment: dict[str, str],
    folder: Path,
) -> GuardProcess:
    """Start a command under the guard.

    Parameters
    ----------
    command
        What the guard runs.
    lock
        File descriptor that holds the data folder; the guard keeps a copy until the command is over.
    stop_s
        Seconds that it gets to stop cleanly before it is killed.
    console_log
        File that takes what the command prints.
    environment
        The whole environment of the command.
    folder
        Its working folder.
    """
    told = (str(lock), str(stop_s), str(console_log), "--")
    with console_log.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", guard.__file__, *told, *command],
            stdin=subprocess.PIPE,
            # Not the owner's: a guard that stays would keep open a pipe that somebody reads to its end.
            stdout=log,
            stderr=log,
            pass_fds=(lock,),
            env=environment,
            # Its own session: a Ctrl-C in the terminal is for the owner, which ends the server in its own time.
            start_new_session=True,
            cwd=folder,
        )


def tell_guard(process: GuardProcess, line: bytes) -> None:
    """Send the guard one of the lines that its module lists."""
    assert process.stdin is not None
    # A guard that has ended hears nothing; whoever waits for it learns why.
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(line)
        process.stdin.flush()


def hang_up(process: GuardProcess) -> None:
    """Close our end of the pipe: unless told to stay, the guard stops Java."""
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()


def end_guard(process: GuardProcess, stop_s: float) -> int:
    """Stop Java through its guard, which was started with `stop_s`, and give Java's exit code."""
    hang_up(process)
    try:
        return process.wait(stop_s + _SPARE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
