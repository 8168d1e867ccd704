"""The guard: a small process between opsplan and Java, so that Java never outlives its owner.

It reads a pipe whose other end the owner holds. When the owner ends, however it ends, the system closes that end and
the guard stops Java. (A parent-death signal set by the owner would fire when the *thread* that started Java ends.)
The guard also holds the data folder's lock, so the folder is free again only once Java is gone.

Run as a script, on the standard library alone, so that it stays small::

    python -I -S guard.py LOCK_FD STOP_SECONDS CONSOLE_LOG -- COMMAND...

It is told on its standard input, a line each:

- ``ready``: the server is up; from now on start it again should it die by itself.
- ``stay``: go on when the owner leaves (``opsplan neo4j start``); only SIGTERM ends the guard then.

The end of input, or SIGTERM, stops Java: SIGTERM first, SIGKILL after STOP_SECONDS. Should the guard itself be killed,
Linux ends Java; macOS has no means to.
"""

import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_SHORT_LIFE_S = 10.0
_SHORT_LIVES = 3
_LOOK_ROUND_S = 1.0


class Guard:
    """Runs one command, and ends it with the owner."""

    def __init__(self, command: list[str], stop_s: float, console_log: str) -> None:
        self._command = command
        self._stop_s = stop_s
        self._console_log = console_log
        self._owner = os.getppid()
        self._ready = False
        self._stay = False
        self._stopping = False
        self._short_lives = 0
        self._wake_out, self._wake_in = os.pipe()
        os.set_blocking(self._wake_in, False)

    def run(self) -> int:
        """Run until the command is over, and give its exit code."""
        signal.set_wakeup_fd(self._wake_in, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._on_sigterm)
        # A Ctrl-C or a closed terminal is the owner's to answer.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        while True:
            began = time.monotonic()
            code = self._run_once()
            lived_s = time.monotonic() - began
            self._short_lives = self._short_lives + 1 if lived_s < _SHORT_LIFE_S else 0
            if self._stopping or not self._ready or self._short_lives >= _SHORT_LIVES:
                return code
            sys.stderr.write(f"guard: the server ended by itself with code {code}; it is started again\n")
            sys.stderr.flush()

    def _run_once(self) -> int:
        with Path(self._console_log).open("ab") as log:
            child = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=_die_with_parent
            )
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake_out, selectors.EVENT_READ)
            if not self._stay:
                selector.register(0, selectors.EVENT_READ)
            while child.poll() is None and not self._stopping:
                for key, _ in selector.select(_LOOK_ROUND_S):
                    if key.fd == 0:
                        self._hear(selector)
                    else:
                        os.read(self._wake_out, 64)
                if not self._stay and os.getppid() != self._owner:
                    # The pipe may be held open by a fork of the owner; the owner itself is gone.
                    self._stopping = True
        return self._end(child)

    def _hear(self, selector: selectors.BaseSelector) -> None:
        heard = os.read(0, 64)
        if b"ready" in heard:
            self._ready = True
        if b"stay" in heard:
            self._stay = True
            selector.unregister(0)
        elif not heard:
            self._stopping = True

    def _end(self, child: "subprocess.Popen[bytes]") -> int:
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(self._stop_s)
            except subprocess.TimeoutExpired:
                child.kill()
        return child.wait()

    def _on_sigterm(self, *_: object) -> None:
        self._stopping = True


def _die_with_parent() -> None:
    """Should the guard itself be killed, Linux ends Java; safe here, because the guard has one thread."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def main(arguments: list[str]) -> int:
    """Run the guard as its module says."""
    lock_fd, stop_s, console_log, dashes, *command = arguments
    if dashes != "--":
        raise SystemExit("usage: guard.py LOCK_FD STOP_SECONDS CONSOLE_LOG -- COMMAND...")
    # Held for as long as this process lives, and not by Java, which must not keep it when it hangs.
    os.set_inheritable(int(lock_fd), False)
    return Guard(command, float(stop_s), console_log).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
