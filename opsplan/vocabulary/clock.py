"""The clock, as a value: the one place where the time of day enters.

Instants are stored and exchanged as text of fixed width, ``2026-11-23T08:30:00.000Z``: compared as text they
compare as time, an index serves ranges, and a read passes them to the caller without work per value.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""A function without arguments that gives the present instant, in UTC."""


def system_clock() -> datetime:
    """Give the present instant of this machine, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the room that the ban points to


class FrozenClock:
    """A clock that stands still until it is moved: for tests and replays."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        return self.instant

    def advance(self, by: timedelta) -> None:
        """Move the clock by `by`."""
        self.instant += by


def instant_text(instant: datetime) -> str:
    """Write an aware datetime as stored text: UTC, milliseconds, fixed width.

    Raises
    ------
    ValueError
        If `instant` has no zone.

    >>> instant_text(datetime(2026, 11, 23, 9, 30, tzinfo=UTC))
    '2026-11-23T09:30:00.000Z'
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone; add Z or an offset")
    # Its zone is written as six characters, of which we want another form.
    return f"{instant.astimezone(UTC).isoformat(timespec='milliseconds')[:-6]}Z"


def instant_from_text(text: str) -> datetime:
    """Read stored text back.

    >>> instant_from_text("2026-11-23T09:30:00.000Z").minute
    30
    """
    return datetime.fromisoformat(text)


def minute_text(instant: datetime) -> str:
    """Write an aware datetime for people to read: UTC, to the minute.

    >>> minute_text(datetime(2026, 12, 1, 4, 5, tzinfo=UTC))
    '2026-12-01 04:05 UTC'
    """
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def h_text(minutes: int) -> str:
    """Write an offset from H-hour as people say it.

    >>> h_text(-90), h_text(0), h_text(26 * 60 + 5)
    ('H-01:30', 'H', 'H+26:05')
    """
    if minutes == 0:
        return "H"
    sign = "-" if minutes < 0 else "+"
    return f"H{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
