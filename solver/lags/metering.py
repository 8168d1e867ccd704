"""The solve's meter as the ways of searching need it."""

from __future__ import annotations

from solver.budget import MOVES_PER_DETERMINISTIC_SECOND, Meter
from solver.cpsat.lags.solve import Effort

_NO_LIMIT = 1e9


class Metering:
    """Charges CP-SAT's deterministic time and hands out limits; asked by the thread that called `solve` alone.

    Parameters
    ----------
    meter
        The solve's.
    """

    def __init__(self, meter: Meter) -> None:
        self.meter = meter

    def over(self) -> bool:
        """Whether the budget is used or the caller has stopped the solve."""
        return self.meter.over()

    def spend(self, deterministic_seconds: float) -> int:
        """Count CP-SAT's work, at least one move; returns the moves."""
        moves = 1 + int(deterministic_seconds * MOVES_PER_DETERMINISTIC_SECOND)
        self.meter.spend(moves)
        return moves

    def effort(self, deterministic_seconds: float = _NO_LIMIT, seed: int = 0) -> Effort:
        """Limits of one solve inside the budget."""
        left_work = self.meter.left_work()
        if left_work is not None:
            deterministic_seconds = min(deterministic_seconds, (left_work + 1) / MOVES_PER_DETERMINISTIC_SECOND)
        return Effort(deterministic_seconds, self.meter.left_seconds(), seed, self.meter.over)
