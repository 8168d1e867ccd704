"""The grid of slots: instants become integers, always towards the safe side.

Slots of five minutes stand on whole multiples of five minutes in UTC, so every start that a plan names is a round
time in every zone of the world (all offsets in use are multiples of fifteen minutes). What allows (windows, warrants,
calendars, capacity, longest duty) is rounded inward; what forbids or takes up (quiet hours, absences, durations,
rest, travel, what others use) is rounded outward. So a plan that keeps the rules in slots keeps them in minutes too.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from solver import Interval

SLOT_MINUTES = 5
"""Length of a slot in minutes."""

FARTHEST_SLOT = 1_000_000
"""The solver counts no further, in either direction (9.5 years)."""

_ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Grid:
    """Slot 0 begins at `epoch`, an instant on a whole multiple of `slot_minutes`.

    >>> grid = Grid.over(datetime(2026, 12, 1, 0, 2, tzinfo=UTC), datetime(2026, 12, 1, 1, 4, tzinfo=UTC))
    >>> grid.epoch.minute, grid.horizon_slots
    (5, 11)
    """

    epoch: datetime
    horizon_slots: int
    slot_minutes: int = SLOT_MINUTES

    @classmethod
    def over(cls, start: datetime, end: datetime, slot_minutes: int = SLOT_MINUTES) -> "Grid":
        """Make the grid whose horizon holds all whole slots of `[start, end)`: none, for less than a slot."""
        slot = timedelta(minutes=slot_minutes)
        epoch = _ORIGIN - (_ORIGIN - start) // slot * slot
        return cls(epoch, max(0, (end - epoch) // slot), slot_minutes)

    @property
    def slot(self) -> timedelta:
        """Length of a slot."""
        return timedelta(minutes=self.slot_minutes)

    @property
    def horizon(self) -> Interval | None:
        """All slots of the horizon; None when there are none."""
        return _interval(0, self.horizon_slots)

    def instant(self, slot: int) -> datetime:
        """Give the instant at which a slot begins."""
        return self.epoch + slot * self.slot

    def slot_at(self, instant: datetime) -> int | None:
        """Give the slot that begins at `instant`, or None when none does."""
        slot, rest = divmod(instant - self.epoch, self.slot)
        return None if rest else slot

    def inward(self, start: datetime, end: datetime) -> Interval | None:
        """Give the whole slots inside `[start, end)`, or None when there are none."""
        return _interval(-((self.epoch - start) // self.slot), (end - self.epoch) // self.slot)

    def inward_open(self, start: datetime | None, end: datetime | None) -> Interval | None:
        """Give the whole slots inside a span, as `inward`; None stands for no bound on that side."""
        first = -FARTHEST_SLOT if start is None else -((self.epoch - start) // self.slot)
        last = FARTHEST_SLOT if end is None else (end - self.epoch) // self.slot
        return _interval(first, last)

    def outward(self, start: datetime, end: datetime) -> Interval | None:
        """Give the slots that `[start, end)` touches, or None when it is empty or too far away."""
        return _interval((start - self.epoch) // self.slot, -((self.epoch - end) // self.slot))

    def up(self, minutes: int) -> int:
        """Give the slots that `minutes` fill, rounded up.

        >>> grid = Grid(datetime(2026, 12, 1, tzinfo=UTC), 288)
        >>> [grid.up(minutes) for minutes in (0, 1, 5, 61)]
        [0, 1, 1, 13]
        """
        return -(-minutes // self.slot_minutes)

    def down(self, minutes: int) -> int:
        """Give the whole slots in `minutes`.

        >>> grid = Grid(datetime(2026, 12, 1, tzinfo=UTC), 288)
        >>> [grid.down(minutes) for minutes in (-1, 4, 5, 61)]
        [-1, 0, 1, 12]
        """
        return minutes // self.slot_minutes


def _interval(start: int, end: int) -> Interval | None:
    start, end = max(start, -FARTHEST_SLOT), min(end, FARTHEST_SLOT)
    return Interval(start, end) if start < end else None
