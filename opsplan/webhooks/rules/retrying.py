"""When a delivery is tried again, and when its endpoint is given up."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

PAUSES: Final = tuple(
    timedelta(seconds=each) for each in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""How long is waited after each failed attempt: the example schedule of the Standard Webhooks specification."""
MOST_ATTEMPTS: Final = len(PAUSES) + 1
JITTER: Final = 0.1
"""By how much of itself a pause may be longer, so that what failed together does not come back together."""
LONGEST_WISH: Final = timedelta(hours=24)
"""What an endpoint asks for by ``Retry-After`` beyond this is not waited for."""


def pause_after(attempts: int, chance: float, wish: timedelta | None = None) -> timedelta | None:
    """Give how long to wait after so many attempts, all of them failed; None when there shall be no other one.

    Parameters
    ----------
    attempts
        How many there were, from 1.
    chance
        A random number from 0 to 1.
    wish
        What the endpoint asked for. It is never tried earlier than that, up to `LONGEST_WISH`.

    >>> pause_after(1, 0.0), pause_after(2, 1.0), pause_after(10, 0.5)
    (datetime.timedelta(seconds=5), datetime.timedelta(seconds=330), None)
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    pause = PAUSES[attempts - 1] * (1 + JITTER * chance)
    return pause if wish is None else max(pause, min(wish, LONGEST_WISH))


def wish_of(retry_after: str | None, now: datetime) -> timedelta | None:
    """Read the header ``Retry-After`` (RFC 9110), seconds or an HTTP date; None where it says nothing that can be read.

    >>> wish_of("120", datetime(2026, 12, 1, tzinfo=UTC)), wish_of("soon", datetime(2026, 12, 1, tzinfo=UTC))
    (datetime.timedelta(seconds=120), None)
    """
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), LONGEST_WISH.total_seconds()))
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(until - now, timedelta(0))


def is_given_up(failing_since: datetime, now: datetime, disable_after: timedelta) -> bool:
    """Whether an endpoint that has not taken anything since then is disabled."""
    return now - failing_since >= disable_after
