"""What an order says, what has changed since the one before it, and who may see and acknowledge it: pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

import rfc8785

from opsplan.orders.model import OrderState
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import instant_from_text, minute_text
from opsplan.vocabulary.errors import Forbidden, Invalid
from opsplan.vocabulary.sentences import say

MOST_SHEETS = 200
"""Sheets that one answer may have: each is read with contacts and ways."""

ORDER_STEPS: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.ISSUED: frozenset({OrderState.ACKNOWLEDGED, OrderState.REPLACED}),
    OrderState.ACKNOWLEDGED: frozenset({OrderState.REPLACED}),
    OrderState.REPLACED: frozenset(),
}
"""From each state of an order, the states it may go to."""


class OrderChange(StrEnum):
    """How a task differs from what was ordered before."""

    ADDED = "ADDED"
    DROPPED = "DROPPED"
    MOVED = "MOVED"
    MODE = "MODE"
    UNITS = "UNITS"


@dataclass(frozen=True, slots=True)
class OrderedTask:
    """One thing that a plan asks of a unit.

    Attributes
    ----------
    action_id, action, mode_id, mode
        What is done and how, with the names that they had when it was ordered.
    start, end
        UTC, as stored text; half-open.
    units
        All units that the plan sends there, id and name, by id.
    """

    action_id: str
    action: str
    mode_id: str
    mode: str
    start: str
    end: str
    units: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        return {
            "actionId": self.action_id,
            "action": self.action,
            "modeId": self.mode_id,
            "mode": self.mode,
            "start": self.start,
            "end": self.end,
            "units": [{"id": unit_id, "name": name} for unit_id, name in self.units],
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "OrderedTask":
        """Read what `as_json` gave."""
        units = tuple((each["id"], each["name"]) for each in given["units"])
        return cls(
            given["actionId"],
            given["action"],
            given["modeId"],
            given["mode"],
            given["start"],
            given["end"],
            units,
        )


def in_order(tasks: Collection[OrderedTask]) -> tuple[OrderedTask, ...]:
    """Give tasks by their start."""
    return tuple(sorted(tasks, key=lambda each: (each.start, each.action_id)))


def fingerprint_of(tasks: Sequence[OrderedTask]) -> str:
    """Give what is the same for two orders when a unit has to know nothing new.

    Names count for nothing: a site that is renamed changes no order.

    >>> task = OrderedTask("action_1", "Raid", "mode_1", "By day", "06:00", "08:00", (("unit_1", "One"),))
    >>> renamed = OrderedTask("action_1", "Search", "mode_1", "By day", "06:00", "08:00", (("unit_1", "Two"),))
    >>> fingerprint_of([task]) == fingerprint_of([renamed])
    True
    """
    what = [[each.action_id, each.mode_id, each.start, each.end, [unit for unit, _ in each.units]] for each in tasks]
    return sha256(rfc8785.dumps(what)).hexdigest()


def changes_between(before: Sequence[OrderedTask], after: Sequence[OrderedTask]) -> list[dict[str, Any]]:
    """Say how one order of a unit differs from another: kind, action, its start and a sentence, in order of time.

    >>> one = OrderedTask("action_1", "Raid", "m", "By day", "2026-12-01T06:00:00.000Z", "2026-12-01T08:00:00.000Z", ())
    >>> [each["sentence"] for each in changes_between([one], [])]
    ['No longer sent to Raid, which was to begin at 2026-12-01 06:00 UTC.']
    """
    old, new = {each.action_id: each for each in before}, {each.action_id: each for each in after}
    found: list[tuple[str, OrderChange, OrderedTask, str]] = []
    for task in before:
        if task.action_id not in new:
            sentence = say(
                "No longer sent to {action}, which was to begin at {start}.",
                action=task.action,
                start=_shown(task.start),
            )
            found.append((task.start, OrderChange.DROPPED, task, sentence))
    for task in after:
        was = old.get(task.action_id)
        if was is None:
            sentence = say("Sent to {action} as well, from {start} on.", action=task.action, start=_shown(task.start))
            found.append((task.start, OrderChange.ADDED, task, sentence))
        else:
            found += [(task.start, kind, task, sentence) for kind, sentence in _differences(was, task)]
    found.sort(key=lambda each: (each[0], each[2].action_id))
    return [
        {
            "kind": kind.name,
            "actionId": task.action_id,
            "action": task.action,
            "start": task.start,
            "sentence": sentence,
        }
        for _, kind, task, sentence in found
    ]


def _differences(was: OrderedTask, now: OrderedTask) -> list[tuple[OrderChange, str]]:
    found: list[tuple[OrderChange, str]] = []
    if (was.start, was.end) != (now.start, now.end):
        moved = say(
            "{action} is from {start} to {end}, not {start_before} to {end_before}.",
            action=now.action,
            start=_shown(now.start),
            end=_shown(now.end),
            start_before=_shown(was.start),
            end_before=_shown(was.end),
        )
        found.append((OrderChange.MOVED, moved))
    if was.mode_id != now.mode_id:
        found.append(
            (
                OrderChange.MODE,
                say("{action} is done as {mode}, not as {before}.", action=now.action, mode=now.mode, before=was.mode),
            )
        )
    gone = [name for unit, name in was.units if unit not in dict(now.units)]
    come = [name for unit, name in now.units if unit not in dict(was.units)]
    if gone or come:
        if not gone:
            units = say("{action}: {come} comes to it.", action=now.action, come=come)
        elif not come:
            units = say("{action}: {gone} does not.", action=now.action, gone=gone)
        else:
            units = say("{action}: {come} comes to it, and {gone} does not.", action=now.action, come=come, gone=gone)
        found.append((OrderChange.UNITS, units))
    return found


def _shown(instant: str) -> str:
    return minute_text(instant_from_text(instant))


def refuse_other_agencies(actor: Actor, owner_id: str, field: str, value: str) -> None:
    """Let an actor pass whose agency owns the unit that is ordered.

    Raises
    ------
    Forbidden
        When it is another agency's.
    """
    if actor.is_administrator or actor.agency_id == owner_id:
        return
    raise Forbidden(
        say("Only the unit's own agency acknowledges its orders."),
        field=field,
        value=value,
        remedy=say("ask that agency"),
    )


def refuse_many(count: int) -> None:
    """Refuse more sheets than one answer may have.

    Raises
    ------
    Invalid
        With the number and the limit.
    """
    if count > MOST_SHEETS:
        raise Invalid(
            say(
                "orders: {count:,} sheets are asked for; one answer has {most_sheets}.",
                count=count,
                most_sheets=MOST_SHEETS,
            ),
            field="orders",
            value=count,
            remedy=say("ask for fewer units at once, or for one operation"),
        )


def may_see(actor: Actor, owner_id: str | None, coordinator_ids: Collection[str]) -> bool:
    """Whether somebody may read the sheet of a unit for an operation: its own agency, or who coordinates that."""
    if actor.is_administrator:
        return True
    return actor.agency_id is not None and (actor.agency_id == owner_id or actor.agency_id in coordinator_ids)
