"""Half-open intervals of time, `[start, end)`, in UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Interval:
    """The instants from `start` up to but not including `end`; both aware, `start < end`."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("an interval needs instants with a zone")
        if not self.start < self.end:
            raise ValueError("an interval starts before it ends")

    @property
    def length(self) -> timedelta:
        """How long the interval lasts."""
        return self.end - self.start

    def overlaps(self, other: "Interval") -> bool:
        """Whether the two share an instant."""
        return self.start < other.end and other.start < self.end

    def contains(self, instant: datetime) -> bool:
        """Whether `instant` lies in the interval."""
        return self.start <= instant < self.end

    def common(self, other: "Interval") -> "Interval | None":
        """Give the part that the two share, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Interval(start, end) if start < end else None
