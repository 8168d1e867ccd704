"""When the posts of an agency are on duty, and when none is: local clocks turned into spans of UTC. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from opsplan.jurisdiction.model import Weekday

Span = tuple[datetime, datetime]
"""``[start, end)`` in UTC."""

_STEP = timedelta(hours=6)
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours of duty of one post, in its own zone.

    Parameters
    ----------
    zone
        IANA time zone of the post.
    from_local, until_local
        ``HH:MM``; an end that is not later than the beginning is on the next day.
    days
        Names of the weekdays on which it begins; empty for all.
    start, end
        From when until when it is on the rota, in UTC; None for no bound.
    """

    zone: str
    from_local: str
    until_local: str
    days: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None


def gaps(shifts: Iterable[Shift], start: datetime, end: datetime) -> tuple[Span, ...]:
    """Give the spans of ``[start, end)`` in which no shift is on duty, in order.

    What the wall clock shows counts: an hour that the clock goes through twice in autumn is on duty twice, one that it
    leaps over in spring is none, and a night shift is shorter or longer for it.

    >>> night = Shift("UTC", "20:00", "08:00")
    >>> [[f"{each:%H:%M}" for each in span] for span in
    ...  gaps([night], datetime(2026, 12, 1, 6, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC))]
    [['08:00', '20:00']]
    """
    found: list[Span] = []
    at = start
    for first, last in sorted(span for shift in shifts for span in on_duty(shift, start, end)):
        if first > at:
            found.append((at, first))
        at = max(at, last)
    if at < end:
        found.append((at, end))
    return tuple(found)


def on_duty(shift: Shift, start: datetime, end: datetime) -> Iterator[Span]:
    """Give the spans of ``[start, end)`` in which a shift is on duty."""
    first = start if shift.start is None else max(start, shift.start)
    last = end if shift.end is None else min(end, shift.end)
    if first >= last:
        return
    begins, ends = time.fromisoformat(shift.from_local), time.fromisoformat(shift.until_local)
    over_night = _DAY if ends <= begins else timedelta()
    wanted = frozenset(shift.days) or frozenset(day.name for day in Weekday)
    for since, until, offset in _steady(shift.zone, first, last):
        # Within a stretch of one offset, local clocks are UTC shifted.
        day = (since + offset).date() - _DAY
        while datetime.combine(day, time(), UTC) - offset < until:
            if _NAMES[day.weekday()] in wanted:
                begin = datetime.combine(day, begins, UTC) - offset
                over = datetime.combine(day, ends, UTC) + over_night - offset
                if max(begin, since) < min(over, until):
                    yield max(begin, since), min(over, until)
            day += _DAY


_NAMES: Sequence[str] = tuple(day.name for day in Weekday)


def _steady(zone: str, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Part a span where the zone's clocks change, with the offset from UTC in each part."""
    since = start
    for change in _changes(zone, start.date() - _DAY, end.date() + _DAY):
        if since < change < end:
            yield since, change, _offset(zone, since)
            since = change
    yield since, end, _offset(zone, since)


@cache
def _changes(zone: str, first: date, last: date) -> tuple[datetime, ...]:
    """Give the instants at which the zone's clocks change, to the minute: none changes them within one."""
    found: list[datetime] = []
    at, over = datetime.combine(first, time(), UTC), datetime.combine(last, time(), UTC)
    while at < over:
        following = at + _STEP
        if _offset(zone, at) != _offset(zone, following):
            low, high = at, following
            while high - low > _MINUTE:
                middle = low + (high - low) // (2 * _MINUTE) * _MINUTE
                low, high = (middle, high) if _offset(zone, middle) == _offset(zone, low) else (low, middle)
            found.append(high)
        at = following
    return tuple(found)


def _offset(zone: str, at: datetime) -> timedelta:
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset
