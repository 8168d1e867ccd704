"""What the ways of searching share: the best plan and what is proven."""

from __future__ import annotations

import threading

from solver.network import Schedule


class Shared:
    """The best plan so far and the bound; any thread may ask and tell.

    Parameters
    ----------
    least_end_slot
        A lower bound on the last end that is proven.
    """

    def __init__(self, least_end_slot: int) -> None:
        self._lock = threading.Lock()
        self._best: Schedule | None = None
        self._least_end_slot = least_end_slot
        self._impossible = False

    @property
    def best(self) -> Schedule | None:
        """The best plan; None before there is one."""
        return self._best

    @property
    def least_end_slot(self) -> int:
        """No plan ends earlier."""
        return self._least_end_slot

    @property
    def impossible(self) -> bool:
        """Whether it is proven that there is no plan."""
        return self._impossible

    @property
    def is_decided(self) -> bool:
        """Whether the best plan is proven to be as short as any, or that there is none."""
        best = self._best
        return self._impossible or (best is not None and best.end_slot <= self._least_end_slot)

    def offer(self, schedule: Schedule | None) -> bool:
        """Take a plan when it is better; True when it is."""
        with self._lock:
            if schedule is None or (self._best is not None and schedule.end_slot >= self._best.end_slot):
                return False
            self._best = schedule
            return True

    def prove(self, least_end_slot: int) -> None:
        """Note that no plan ends before this slot."""
        with self._lock:
            self._least_end_slot = max(self._least_end_slot, least_end_slot)

    def prove_impossible(self) -> None:
        """Note that there is no plan."""
        with self._lock:
            self._impossible = self._best is None
