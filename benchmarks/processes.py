"""Processes of a benchmark: started with a log of their own, waited for, stopped with it."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

_READY_S = 300.0
_STOP_S = 20.0
_PR_SET_PDEATHSIG = 1


def free_port() -> int:
    """Give a port of loopback that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def processor_s(process: psutil.Process) -> float:
    """Give the seconds of a processor that a process has taken so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


def end_with_parent() -> None:
    """Have the kernel end the process that calls it when its parent dies, as by a SIGKILL; elsewhere than on Linux not.

    For `preexec_fn`, in a program whose main thread alone starts processes.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a command with these variables more, its output in `log`; it is ended with the block, by force if need be."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            preexec_fn=end_with_parent,
            # Ctrl-C is for the benchmark, which ends them in its own time.
            start_new_session=True,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def await_port(name: str, port: int, process: psutil.Process, log: Path) -> None:
    """Wait until a process listens on a port of loopback.

    Raises
    ------
    RuntimeError
        If it ends, or does not come up in time; with the end of its log.
    """
    until = time.monotonic() + _READY_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5.0).close()
            return
        except OSError:
            ended = not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
            if ended or time.monotonic() > until:
                shown = log.read_text("utf-8", "replace")[-2_000:]
                raise RuntimeError(f"{name} does not come up; its log ends with:\n{shown}") from None
            time.sleep(0.1)
