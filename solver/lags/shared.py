"""What the ways of searching share: the best plans and what is proven."""

from __future__ import annotations

import threading

from solver.chance import Chance
from solver.network import Schedule

_MOST_EQUALS = 12


class Shared:
    """The best plan so far, others that end as early, and the bound; any thread may ask and tell.

    Parameters
    ----------
    least_end_slot
        A lower bound on the last end that is proven.
    """

    def __init__(self, least_end_slot: int) -> None:
        self._lock = threading.Lock()
        self._best: Schedule | None = None
        self._equals: list[Schedule] = []
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
        """Take a plan when it is better; True when it is. One that ends as early is kept beside the best."""
        with self._lock:
            if schedule is None:
                return False
            if self._best is None or schedule.end_slot < self._best.end_slot:
                self._best, self._equals = schedule, [schedule]
                return True
            if schedule.end_slot == self._best.end_slot and schedule not in self._equals:
                self._equals = [*self._equals[-_MOST_EQUALS + 1 :], schedule]
            return False

    def drawn(self, chance: Chance) -> Schedule | None:
        """One of the latest plans that end as early as the best; None before there is one."""
        with self._lock:
            return chance.pick(self._equals) if self._equals else None

    def prove(self, least_end_slot: int) -> None:
        """Note that no plan ends before this slot."""
        with self._lock:
            self._least_end_slot = max(self._least_end_slot, least_end_slot)

    def prove_impossible(self) -> None:
        """Note that there is no plan."""
        with self._lock:
            self._impossible = self._best is None
