"""What a solve tells while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from solver.solution import Bounds, Placement, Score


@dataclass(frozen=True, slots=True)
class Progress:
    """A verified plan and what is known about it, at one moment of a solve.

    Parameters
    ----------
    elapsed_seconds
        Since the solve began; 0 without a clock.
    work
        Moves spent so far.
    stage
        What is being done: ``construct``, ``place``, ``prove``, ``polish``, ``exact`` or ``done``.
    placements
        The best plan so far; it has passed `verify`.
    score
        Its goals' values.
    bounds
        What is proven so far.
    unplaced
        How many actions it leaves out.
    """

    elapsed_seconds: float
    work: int
    stage: str
    placements: tuple[Placement, ...]
    score: Score
    bounds: Bounds
    unplaced: int

    @property
    def gap(self) -> float | None:
        """Relative gap of the placed weight to its bound; None without a bound."""
        return self.bounds.gap(self.score)


OnProgress = Callable[[Progress], None]
