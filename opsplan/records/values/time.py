"""Instants with their zone, local times of day, lengths of time."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from opsplan.records.values.number import whole
from opsplan.records.values.wrong import ToStored, Wrong
from opsplan.vocabulary.clock import instant_text
from opsplan.vocabulary.sentences import say

_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?", re.IGNORECASE
)
_LOCAL_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::00)?")
_DURATION = re.compile(
    r"P(?:(?P<weeks>\d{1,6})W)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,9})S)?)?"
)


def to_instant(raw: Any) -> str:
    """Read an instant with its zone: text of ISO 8601 or an aware datetime."""
    instant = raw
    if isinstance(raw, str):
        text = raw.strip()
        if len(text) == 24 and text[-1] == "Z":
            # Stored form already, mostly; datetime checks the rest.
            instant = _parsed(text, raw)
        elif not _INSTANT.fullmatch(text):
            raise _no_instant(raw)
        else:
            instant = _parsed(text.upper(), raw)
    if not isinstance(instant, datetime):
        raise _no_instant(raw)
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise Wrong(
            say("{value!r} has no time zone, so nobody can tell when it is", value=instant.isoformat()),
            say("add Z for UTC or an offset such as +07:00 (in a spreadsheet, as text)"),
        )
    try:
        return instant_text(instant)
    except OverflowError:
        raise Wrong(
            say("{value!r} lies outside the years 1 to 9999", value=raw), say("give a year from 1 to 9999")
        ) from None


def _no_instant(raw: Any) -> Wrong:
    return Wrong(
        say("{value!r} is no instant", value=raw), say("give ISO 8601 with a zone, such as 2026-12-01T04:00:00Z")
    )


def _parsed(text: str, raw: Any) -> datetime:
    try:
        return datetime.fromisoformat(text.replace(" Z", "Z").replace(" +", "+"))
    except ValueError as failure:
        raise Wrong(
            say("{value!r} is no instant of the calendar ({failure})", value=raw, failure=failure),
            say("give an existing date and time with a zone, such as 2026-12-01T04:00:00Z"),
        ) from None


def to_local_time(raw: Any) -> str:
    """Read a local time of day, ``HH:MM``."""
    if isinstance(raw, time) and raw.tzinfo is None and not (raw.second or raw.microsecond):
        return f"{raw:%H:%M}"
    found = _LOCAL_TIME.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if not found:
        raise Wrong(
            say("{value!r} is no local time", value=raw), say("give hours and minutes, such as 21:30, without a zone")
        )
    return f"{found[1]}:{found[2]}"


def to_minutes(minimum: float | None, maximum: float | None) -> ToStored:
    """Make the function for durations: ISO 8601 in weeks, days, hours, minutes; a bare number is minutes."""

    def stored(raw: Any) -> int:
        minutes = _minutes(raw)
        if (minimum is not None and minutes < minimum) or (maximum is not None and minutes > maximum):
            low, high = duration_text(int(minimum or 0)), duration_text(int(maximum)) if maximum is not None else None
            raise Wrong(
                say(
                    "{duration} is too {how}",
                    duration=duration_text(minutes),
                    how=say("short") if minimum is not None and minutes < minimum else say("long"),
                ),
                say("give {low} to {high}", low=low, high=high) if high else say("give {low} or more", low=low),
            )
        return minutes

    return stored


def _minutes(raw: Any) -> int:
    remedy = say("give whole minutes in ISO 8601, such as PT2H or P1DT30M")
    if isinstance(raw, timedelta):
        seconds = raw.total_seconds()
        if seconds < 0 or seconds % 60:
            raise Wrong(say("{value} is no number of whole minutes", value=raw), remedy)
        return int(seconds // 60)
    if isinstance(raw, str) and raw.strip()[:1] in ("P", "p"):
        text = raw.strip().upper()
        found = _DURATION.fullmatch(text)
        if not found or text[-1] in "PT":
            raise Wrong(
                say(
                    "{value!r} is no duration in weeks, days, hours and minutes (a month has no fixed length)",
                    value=raw,
                ),
                remedy,
            )
        part = {name: int(amount or 0) for name, amount in found.groupdict().items()}
        if part["seconds"] % 60:
            raise Wrong(say("{value!r} is no number of whole minutes", value=raw), remedy)
        days = part["weeks"] * 7 + part["days"]
        return (days * 24 + part["hours"]) * 60 + part["minutes"] + part["seconds"] // 60
    try:
        minutes = whole(raw)
    except Wrong:
        minutes = -1
    if minutes < 0:
        raise Wrong(say("{value!r} is no duration", value=raw), remedy)
    return minutes


def duration_text(minutes: int) -> str:
    """Write minutes as an ISO 8601 duration; the way back of `to_minutes`.

    >>> duration_text(0), duration_text(90), duration_text(2880)
    ('PT0M', 'PT1H30M', 'PT48H')
    """
    hours, rest = divmod(minutes, 60)
    return f"PT{hours}H{rest}M".replace("H0M", "H") if hours else f"PT{rest}M"
