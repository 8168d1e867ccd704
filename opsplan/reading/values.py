"""Stored values as an answer shows them, where the two differ."""

from functools import lru_cache

from opsplan.records import values


@lru_cache(maxsize=4096)
def duration_text(minutes: int) -> str:
    """Write whole minutes as an ISO 8601 duration in hours and minutes; few different ones occur, so they are kept.

    >>> duration_text(150), duration_text(-30)
    ('PT2H30M', '-PT30M')
    """
    return values.duration_text(minutes) if minutes >= 0 else f"-{values.duration_text(-minutes)}"
