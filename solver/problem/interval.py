"""Half-open intervals of slots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from solver.errors import InvalidProblem
from solver.problem.limits import LARGEST_SLOT, check_integer


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """The slots ``[start_slot, end_slot)``: the first is in, the last is out.

    Parameters
    ----------
    start_slot
        First slot inside. May be negative: before the epoch.
    end_slot
        First slot outside; larger than `start_slot`.

    Raises
    ------
    InvalidProblem
        When the interval is empty or reversed, or a bound lies beyond a million slots.

    Examples
    --------
    >>> Interval(0, 4).holds(1, 4), Interval(0, 4).meets(4, 6)
    (True, False)
    """

    start_slot: int
    end_slot: int

    def __post_init__(self) -> None:
        check_integer("start_slot", self.start_slot, -LARGEST_SLOT, LARGEST_SLOT)
        check_integer("end_slot", self.end_slot, -LARGEST_SLOT, LARGEST_SLOT)
        if self.end_slot <= self.start_slot:
            raise InvalidProblem("end_slot", self.end_slot, f"end after the start, slot {self.start_slot}")

    def holds(self, start_slot: int, end_slot: int) -> bool:
        """Whether ``[start_slot, end_slot)`` lies wholly inside."""
        return self.start_slot <= start_slot and end_slot <= self.end_slot

    def meets(self, start_slot: int, end_slot: int) -> bool:
        """Whether ``[start_slot, end_slot)`` shares at least one slot with this interval."""
        return self.start_slot < end_slot and start_slot < self.end_slot


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the same slots as sorted intervals that neither overlap nor touch.

    Examples
    --------
    >>> merged([Interval(4, 6), Interval(0, 2), Interval(2, 3)])
    (Interval(start_slot=0, end_slot=3), Interval(start_slot=4, end_slot=6))
    """
    result: list[Interval] = []
    for interval in sorted(intervals):
        if result and interval.start_slot <= result[-1].end_slot:
            last = result.pop()
            interval = Interval(last.start_slot, max(last.end_slot, interval.end_slot))
        result.append(interval)
    return tuple(result)


def check_merged(path: str, intervals: tuple[Interval, ...]) -> None:
    """Refuse intervals that are not sorted, overlap or touch.

    "Inside one of the intervals" and "inside their union" then mean the same, so no rule has to say which.
    """
    for position, (earlier, later) in enumerate(pairwise(intervals)):
        if later.start_slot <= earlier.end_slot:
            raise InvalidProblem(
                f"{path}[{position + 1}]",
                (later.start_slot, later.end_slot),
                "sort the intervals and merge those that overlap or touch (solver.merged does both)",
            )
