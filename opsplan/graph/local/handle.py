"""A local server that is up: its address, its processes, and how it ends."""

import contextlib

import psutil

from opsplan.graph.address import GraphAddress
from opsplan.graph.local.folder import USER, DataFolder, RunningServer
from opsplan.graph.local.guarding import GuardProcess, end_guard, hang_up, tell_guard

_LOOPBACK = "127.0.0.1"


def address_in(folder: DataFolder, port: int) -> GraphAddress:
    """Give where the server of a folder listens and how to log in."""
    return GraphAddress(f"bolt://{_LOOPBACK}:{port}", USER, folder.password())


class LocalServer:
    """A local server that is ready for use.

    One that this process started ends with it, at the latest; one that was found running stays.
    """

    def __init__(
        self, folder: DataFolder, running: RunningServer, guard: GuardProcess | None = None, stop_s: float = 30.0
    ) -> None:
        self.folder = folder
        self._running = running
        self._guard = guard
        self._stop_s = stop_s
        self.address = address_in(folder, running.port)

    @property
    def is_owned(self) -> bool:
        """Whether this process started it and will end it."""
        return self._guard is not None

    @property
    def guard_pid(self) -> int:
        """Process id of the guard that runs it."""
        return self._running.guard_pid

    @property
    def java_pid(self) -> int | None:
        """Process id of its Java, or None while there is none (it is being started again)."""
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.guard_pid).children():
                return int(child.pid)
        return None

    def stop(self) -> None:
        """Stop it, if this process started it; every committed change is on the disk then."""
        if self._guard is not None:
            end_guard(self._guard, self._stop_s)
            self._guard = None

    def leave(self) -> None:
        """Let it run on after this process has ended (it must have been started to stay)."""
        if self._guard is not None:
            tell_guard(self._guard, b"stay\n")
            hang_up(self._guard)
            # Nobody waits for it from now on; Popen would warn of a child left behind.
            self._guard.returncode = 0
            self._guard = None

    def __enter__(self) -> "LocalServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
