"""Threads that relax beside the one that called `solve`."""

from __future__ import annotations

import threading

from solver.cpsat.lags.solve import Effort
from solver.lags.relaxing import Relaxing
from solver.lags.shared import Shared

_NO_LIMIT = 1e9


class Companion:
    """Solves neighbourhoods of the shared plan until it is stopped or all is decided.

    It never asks the caller's clock or stop flag, which need not be safe for threads.

    Parameters
    ----------
    relaxing
        Its own.
    shared
        The best plan of all.
    """

    def __init__(self, relaxing: Relaxing, shared: Shared) -> None:
        self._relaxing = relaxing
        self._shared = shared
        self._stop = threading.Event()
        self._failure: BaseException | None = None
        self._work = 0.0
        self._counted = 0.0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def work(self) -> float:
        """Deterministic seconds since this was last asked; raises what has ended the thread, if anything has."""
        if self._failure is not None:
            raise self._failure
        work = self._work
        fresh, self._counted = work - self._counted, work
        return fresh

    def stop(self) -> None:
        """Ask for the end."""
        self._stop.set()

    def join(self) -> None:
        """Wait for the end, which comes at once after `stop`."""
        self._thread.join()

    def _run(self) -> None:
        effort = Effort(_NO_LIMIT, None, 0, self._stop.is_set)
        try:
            while not self._stop.is_set() and not self._shared.is_decided:
                self._work += self._relaxing.step(self._shared, effort)
        except BaseException as failure:  # noqa: BLE001 - told by the thread that called `solve`
            self._failure = failure
