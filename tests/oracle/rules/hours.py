"""When an action may run at all: windows, quiet local hours, warrants."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from tests.oracle.breach import Breach
from tests.oracle.case import Case
from tests.oracle.facts import QuietHours, Span

BOUND_BY_DEFAULT = frozenset({"RAID", "SEARCH"})
"""Kinds that quiet hours bind when their record names none."""

_MINUTE = timedelta(minutes=1)


def windows(case: Case) -> Iterator[Breach]:
    """An action lies in the operation's time and in its own window."""
    for placed in case.placed:
        for what, span in (("the operation's time", case.facts.span), ("its window", placed.action.window)):
            if not span.holds(placed.span):
                sentence = f"{placed.action.name} at {placed.span} leaves {what}, {span}."
                yield Breach("windows", (placed.action.id,), sentence)


def forbidden_hours(case: Case) -> Iterator[Breach]:
    """No minute of an action falls into quiet hours of its host country, as clocks at its point show them.

    Every minute is looked up on the clock, which is slow, and leaves nothing to be reasoned about zones and summer
    time.
    """
    for placed in case.placed:
        action = placed.action
        if action.point is None or action.country is None:
            continue
        binding = [
            quiet
            for quiet in case.facts.quiet_hours
            if quiet.country == action.country and action.kind in (quiet.kinds or BOUND_BY_DEFAULT)
        ]
        zone = case.zones.of(action.point, action.country) if binding else ""
        for minute in _minutes_of(placed.span) if binding else ():
            clock = case.zones.clock(zone, minute)
            if any(_quiet_at(quiet, clock) for quiet in binding):
                sentence = (
                    f"{action.name} runs at {clock:%Y-%m-%d %H:%M} in {zone}, in quiet hours of {action.country}."
                )
                yield Breach("forbidden_hours", (action.id,), sentence)
                break


def warrants(case: Case) -> Iterator[Breach]:
    """An action that has warrants lies wholly inside one of them; adjoining ones are as one."""
    for placed in case.placed:
        given = placed.action.warrants
        if given and not any(span.holds(placed.span) for span in joined(given)):
            sentence = f"{placed.action.name} at {placed.span} is covered by no warrant."
            yield Breach("warrants", (placed.action.id,), sentence)


def joined(spans: Iterable[Span]) -> list[Span]:
    """Give the same time in as few spans as possible."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def _minutes_of(span: Span) -> Iterator[datetime]:
    minute = span.start.replace(second=0, microsecond=0)
    while minute < span.end:
        yield minute
        minute += _MINUTE


def _quiet_at(quiet: QuietHours, clock: datetime) -> bool:
    now = clock.hour * 60 + clock.minute
    if quiet.from_minute < quiet.until_minute:
        return quiet.from_minute <= now < quiet.until_minute
    return now >= quiet.from_minute or now < quiet.until_minute
