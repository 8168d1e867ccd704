"""How long to search, and the meter that says when to stop.

No clock is read here: the caller hands one in. A budget counted in work needs none and gives, with one
worker, the same bytes on every run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from solver.errors import InvalidProblem

Clock = Callable[[], float]
"""Returns seconds that never run backwards, such as ``time.monotonic``."""
Stop = Callable[[], bool]
"""Returns True once the caller wants the solve to end; asked many times a second."""

MOVES_PER_DETERMINISTIC_SECOND = 2_000
"""One second of CP-SAT's deterministic time counts as that many moves: about what they cost side by side."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits and settings of one solve.

    Parameters
    ----------
    seconds
        Wall seconds; None for no such limit. Needs a clock.
    work
        Work in moves, CP-SAT's deterministic time included; None for no such limit.
    workers
        Threads that CP-SAT may use.
    seed
        Seed of all random choices.

    Raises
    ------
    InvalidProblem
        When neither limit is given, or a number is out of range.
    """

    seconds: float | None = 60.0
    work: int | None = None
    workers: int = 2
    seed: int = 1

    def __post_init__(self) -> None:
        if self.seconds is None and self.work is None:
            raise InvalidProblem("budget.seconds", None, "give seconds, work or both")
        if self.seconds is not None and not 0 < self.seconds <= 1_000_000:
            raise InvalidProblem("budget.seconds", self.seconds, "give more than 0 and at most 1,000,000 seconds")
        if self.work is not None and not 0 < self.work <= 10**15:
            raise InvalidProblem("budget.work", self.work, "give 1 to 10^15 moves")
        if not 1 <= self.workers <= 64:
            raise InvalidProblem("budget.workers", self.workers, "give 1 to 64 workers")
        if not 0 <= self.seed < 2**31:
            raise InvalidProblem("budget.seed", self.seed, "give a seed from 0 to 2^31 - 1")

    def part(self, share: float) -> Budget:
        """Give a share of the budget, with the same workers and seed.

        Examples
        --------
        >>> Budget(seconds=60, work=7).part(0.5)
        Budget(seconds=30.0, work=3, workers=2, seed=1)
        """
        seconds = None if self.seconds is None else self.seconds * share
        work = None if self.work is None else max(1, int(self.work * share))
        return replace(self, seconds=seconds, work=work)


class Meter:
    """Counts what a solve has used of its budget.

    Parameters
    ----------
    budget
        The limits.
    clock
        Needed when the budget limits seconds.
    stop
        The caller's stop flag.

    Raises
    ------
    InvalidProblem
        When the budget limits seconds and there is no clock.
    """

    def __init__(self, budget: Budget, clock: Clock | None = None, stop: Stop | None = None) -> None:
        if budget.seconds is not None and clock is None:
            raise InvalidProblem("clock", None, "pass a clock such as time.monotonic, or a budget of work alone")
        self.budget = budget
        self.work = 0
        self.cancelled = False
        self._clock = clock
        self._stop = stop
        self._began = clock() if clock is not None else 0.0

    def elapsed_seconds(self) -> float:
        """Seconds since the solve began; 0 without a clock."""
        return self._clock() - self._began if self._clock is not None else 0.0

    def spend(self, moves: int) -> None:
        """Count work done."""
        self.work += moves

    def used(self) -> float:
        """Share of the budget that is used, the larger of both limits; 1 or more means that it is over."""
        shares = [0.0]
        if self.budget.seconds is not None:
            shares.append(self.elapsed_seconds() / self.budget.seconds)
        if self.budget.work is not None:
            shares.append(self.work / self.budget.work)
        return max(shares)

    def over(self, share: float = 1.0) -> bool:
        """Whether the caller has stopped the solve or `share` of the budget is used."""
        if self._stop is not None and self._stop():
            self.cancelled = True
        return self.cancelled or self.used() >= share

    def left_seconds(self, share: float = 1.0) -> float | None:
        """Wall seconds until `share` of the budget is used; None without such a limit."""
        if self.budget.seconds is None:
            return None
        return max(0.0, self.budget.seconds * share - self.elapsed_seconds())

    def left_work(self, share: float = 1.0) -> int | None:
        """Moves until `share` of the budget is used; None without such a limit."""
        if self.budget.work is None:
            return None
        return max(0, int(self.budget.work * share) - self.work)
