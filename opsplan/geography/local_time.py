"""Local hours in which something may not happen, as intervals of UTC.

An instant is forbidden when a clock on the wall there shows a forbidden time. Where clocks go forward, hours that they
skip forbid nothing; where they go back, hours that they show twice are forbidden twice.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from opsplan.geography.zones import known_zone
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.interval import Interval
from opsplan.vocabulary.sentences import say

_MINUTES_PER_DAY: Final = 1_440
_PROBE: Final = timedelta(hours=6)
"""Clocks are looked at this often; no zone has changed its offset twice within it."""
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LocalHours:
    """The same hours of every local day, from `from_minute` up to but not including `until_minute`.

    Both are minutes after local midnight, 0 to 1439; when the end is the earlier of the two, the hours run over
    midnight. They may not be equal.

    >>> LocalHours.parse("21:00", "06:00")
    LocalHours(from_minute=1260, until_minute=360)
    """

    from_minute: int
    until_minute: int

    def __post_init__(self) -> None:
        for name in ("from_minute", "until_minute"):
            value = getattr(self, name)
            if not 0 <= value < _MINUTES_PER_DAY:
                raise Invalid(
                    say("{name}: {value} is no minute of a day.", name=name, value=value),
                    field=name,
                    value=value,
                    remedy=say("give minutes after midnight, 0 to 1439"),
                )
        if self.from_minute == self.until_minute:
            raise Invalid(
                say("The local hours begin and end at the same time."),
                field="until_minute",
                value=self.until_minute,
                remedy=say("give an end other than the beginning; an end before the beginning means the next day"),
            )

    @classmethod
    def parse(cls, from_local: str, until_local: str) -> "LocalHours":
        """Read local times written ``HH:MM``.

        Raises
        ------
        Invalid
            When one is not written so, or both are equal.
        """
        return cls(_minute("from_local", from_local), _minute("until_local", until_local))

    def hold(self, wall_clock: datetime) -> bool:
        """Whether a clock on the wall that shows this time of day shows one of the hours."""
        minute = wall_clock.hour * 60 + wall_clock.minute
        if self.from_minute < self.until_minute:
            return self.from_minute <= minute < self.until_minute
        return minute >= self.from_minute or minute < self.until_minute


def forbidden_intervals(zone: str, hours: LocalHours, within: Interval) -> tuple[Interval, ...]:
    """Give the instants at which the local clock shows one of the hours.

    Parameters
    ----------
    zone
        IANA time zone of the place.
    hours
        The forbidden hours of each local day.
    within
        The span to look at, UTC.

    Returns
    -------
    Intervals in UTC within `within`, in order, disjoint and with gaps between them.

    Raises
    ------
    UnknownTimeZone
        When no zone has that name.

    >>> span = Interval(datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC))
    >>> night, = forbidden_intervals("Europe/Berlin", LocalHours.parse("21:00", "06:00"), span)
    >>> night.start.hour, night.end.hour, night.length  # clocks go forward at 02:00: the night is an hour shorter
    (20, 4, datetime.timedelta(seconds=28800))
    """
    merged: list[Interval] = []
    for start, end, offset in _spans_of_one_offset(known_zone(zone), within):
        for interval in _within_one_offset(hours, start, end, offset):
            if merged and merged[-1].end == interval.start:
                merged[-1] = Interval(merged[-1].start, interval.end)
            else:
                merged.append(interval)
    return tuple(merged)


def local_clock(zone: str, instant: datetime) -> datetime:
    """Give what the local clock shows at an instant, as a datetime of that zone.

    Raises
    ------
    UnknownTimeZone
        When no zone has that name.
    """
    return instant.astimezone(known_zone(zone))


def _within_one_offset(hours: LocalHours, start: datetime, end: datetime, offset: timedelta) -> Iterator[Interval]:
    length = timedelta(minutes=(hours.until_minute - hours.from_minute) % _MINUTES_PER_DAY)
    day = timedelta(days=1)
    days_before = (start + offset - _EPOCH) // day - 1
    begin = _EPOCH + days_before * day + timedelta(minutes=hours.from_minute) - offset
    while begin < end:
        first, last = max(begin, start), min(begin + length, end)
        if first < last:
            yield Interval(first, last)
        begin += day


def _spans_of_one_offset(zone: ZoneInfo, within: Interval) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Cut a span where the local offset from UTC changes."""
    start = within.start.astimezone(UTC)
    last = within.end.astimezone(UTC)
    probe = start
    while probe < last:
        ahead = min(probe + _PROBE, last)
        if _offset(zone, probe) != _offset(zone, ahead):
            change = _change_between(zone, probe, ahead)
            if change < last:
                yield start, change, _offset(zone, start)
                start = probe = change
                continue
        probe = ahead
    yield start, last, _offset(zone, start)


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Find the first instant with the later offset, by halving down to the microsecond that datetimes hold."""
    old = _offset(zone, before)
    while after - before > timedelta.resolution:
        middle = before + (after - before) // 2
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None, "a ZoneInfo always has an offset"
    return offset


def _minute(field: str, text: str) -> int:
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise Invalid(
            say("{field}: {text!r} is no local time.", field=field, text=text),
            field=field,
            value=text,
            remedy=say("write hours and minutes, e.g. 21:00"),
        )
    return int(found.group(1)) * 60 + int(found.group(2))
