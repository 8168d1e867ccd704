"""An operation with the changes of a scenario: the snapshot first, then what the solver is asked."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import singledispatch
from typing import Any, TypeVar

from opsplan.scheduling.problem import Index, Snapshot, make_problem
from opsplan.scheduling.problem.pools import PoolKey
from opsplan.scheduling.problem.snapshot import ReadAbsence, ReadAction, ReadUnit, ReadWarrant
from opsplan.scheduling.scenario import changes as to
from opsplan.scheduling.scenario.changes import Change
from opsplan.scheduling.scenario.text import kind_of
from opsplan.vocabulary.clock import instant_text, minute_text
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import Sentence, say
from solver import CapacityStep, Interval, Problem, Resource

MOST_ADDED = 100
"""Units that one change may add."""
HIGHEST_PRIORITY = 1_000
LARGEST_AMOUNT = 1_000_000
FARTHEST_MINUTES = 366 * 24 * 60


@dataclass(frozen=True, slots=True)
class Imagined:
    """An operation as it might be."""

    snapshot: Snapshot
    problem: Problem
    index: Index


def imagine(snapshot: Snapshot, changes: Iterable[Change], field: str = "changes") -> Imagined:
    """Give the operation with the changes, one after the other.

    Raises
    ------
    Invalid
        When a change names what is not in play, or a value is out of range; with the field under `field`.
    CyclicPrecedence
        As `make_problem`.
    """
    known = tuple(changes)
    for number, change in enumerate(known):
        snapshot = _changed(change, snapshot, _Refusals(f"{field}[{number}].{kind_of(change)}"))
    problem, index = make_problem(snapshot)
    for number, change in enumerate(known):
        if isinstance(change, to.ResourceChanged):
            refuse = _Refusals(f"{field}[{number}].{kind_of(change)}")
            problem = _with_capacity(change, problem, index, refuse)
    return Imagined(snapshot, problem, index)


class _Refusals:
    """Makes the refusals of one change."""

    def __init__(self, field: str) -> None:
        self._field = field

    def __call__(self, name: str, value: Any, remedy: Sentence) -> Invalid:
        field = f"{self._field}.{name}"
        if isinstance(value, datetime):
            value = instant_text(value)
        return Invalid(
            say("{field}: {value} is refused; {remedy}.", field=field, value=value, remedy=remedy),
            field=field,
            value=value,
            remedy=remedy,
        )

    def span(self, start: datetime | None, end: datetime | None) -> None:
        """Refuse an end that is not after the start."""
        if start is not None and end is not None and end <= start:
            raise self("end", end, say("give an instant after the start"))

    def whole(self, name: str, value: int, low: int, high: int) -> None:
        """Refuse a number that is out of range."""
        if not low <= value <= high:
            raise self(name, value, say("give {low:,} to {high:,}", low=low, high=high))

    def zero(self, name: str, value: int) -> None:
        """Refuse a change by nothing: it would be searched for naught."""
        if value == 0:
            raise self(name, value, say("give a number other than 0"))

    def nothing(self, **given: Any) -> None:
        """Refuse a change of which none of the names is given."""
        if all(value is None for value in given.values()):
            raise self(next(iter(given)), None, say("say what is otherwise ({names})", names=", ".join(given)))

    def unit(self, snapshot: Snapshot, name: str, unit_id: str) -> ReadUnit:
        """Find a unit that is offered."""
        found = next((unit for unit in snapshot.units if unit.id == unit_id), None)
        if found is None:
            raise self(name, unit_id, say("give a unit that is offered to the operation"))
        return found

    def action(self, snapshot: Snapshot, action_id: str, *, open_only: bool = True) -> ReadAction:
        """Find an action that is in play, and as yet open to change."""
        found = next((action for action in snapshot.actions if action.id == action_id), None)
        if found is None:
            raise self("actionId", action_id, say("give an action of the operation that is in play"))
        if open_only and any(lock.action_id == action_id for lock in snapshot.locks):
            remedy = say("give one that is not {state} yet", state=found.state)
            raise self("actionId", action_id, remedy)
        return found


Row = TypeVar("Row")


def _with(rows: tuple[Row, ...], old: Row, new: Row) -> tuple[Row, ...]:
    return tuple(new if row is old else row for row in rows)


@singledispatch
def _changed(change: Change, snapshot: Snapshot, refuse: _Refusals) -> Snapshot:
    raise NotImplementedError(type(change))


@_changed.register
def _(change: to.UnitAway, snapshot: Snapshot, refuse: _Refusals) -> Snapshot:
    refuse.span(change.start, change.end)
    unit = refuse.unit(snapshot, "unitId", change.unit_id)
    operation = snapshot.operation
    start, end = change.start or operation.start, change.end or operation.end
    if end <= start:
        raise refuse(
            "start" if change.start else "end", change.start or change.end, say("give a time in the operation")
        )
    away = ReadAbsence(f"scenario_absence_{len(snapshot.absences)}", 1, unit.id, start, end)
    return replace(snapshot, absences=(*snapshot.absences, away))


@_changed.register
def _(change: to.UnitAdded, snapshot: Snapshot, refuse: _Refusals) -> Snapshot:
    refuse.whole("count", change.count, 1, MOST_ADDED)
    like = refuse.unit(snapshot, "likeUnitId", change.like_unit_id)
    offers = [offer for offer in snapshot.unit_offers if offer.unit_id == like.id]
    before = sum(unit.id.startswith(_ADDED) for unit in snapshot.units)
    ids = [f"{_ADDED}{before + number + 1}" for number in range(change.count)]
    # Not its absences, nor what other operations do with it: those are its own.
    added = tuple(replace(like, id=each, name=f"{like.name[:150]} (added {each.removeprefix(_ADDED)})") for each in ids)
    more = tuple(replace(offer, id=f"{offer.id}_{each}", unit_id=each) for each in ids for offer in offers)
    return replace(snapshot, units=(*snapshot.units, *added), unit_offers=(*snapshot.unit_offers, *more))


@_changed.register
def _(change: to.ResourceChanged, snapshot: Snapshot, refuse: _Refusals) -> Snapshot:
    # What the solver is asked is changed, once it is made: capacities are sums over resources and their offers.
    refuse.span(change.start, change.end)
    refuse.whole("by", change.by, -LARGEST_AMOUNT, LARGEST_AMOUNT)
    refuse.zero("by", change.by)
    return snapshot


@_changed.register
def _(change: to.ActionLeftOut, snapshot: Snapshot, refuse: _Refusals) -> Snapshot:
    gone = refuse.action(snapshot, change.action_id)
    return replace(
        snapshot,
        actions=tuple(action for action in snapshot.actions if action is not gone),
        precedences=tuple(row for row in snapshot.precedences if row.after_id != gone.id),
        pins=tuple(row for row in snapshot.pins if row.action_id != gone.id),
        earlier=tuple(row for row in snapshot.earlier if row.action_id != gone.id),
    )


@_changed.register
def _(change: to.ActionWeighed, snapshot: Snapshot, refuse: _Refusals) -> Snapshot:
    action = refuse.action(snapshot, change.action_id, open_only=False)
    refuse.nothing(mandatory=change.mandatory, priority=change.priority)
    if change.priority is not None:
        refuse.whole("priority", change.priority, 1, HIGHEST_PRIORITY)
    weighed = replace(
        action,
        mandatory=action.mandatory if change.mandatory is None else change.mandatory,
        priority=action.priority if change.priority is None else change.priority,
    )
    return replace(snapshot, actions=_with(snapshot.actions, action, weighed))


@_changed.register
def _(change: to.WindowChanged, snapshot: Snapshot, refuse: _Refusals) -> Snapshot:
    action = refuse.action(snapshot, change.action_id)
    refuse.nothing(start=change.start, end=change.end, due=change.due)
    start, end = change.start or action.window_start, change.end or action.window_end
    if end <= start:
        name, value = ("end", change.end) if change.end is not None else ("start", change.start)
        raise refuse(
            name,
            value,
            say(
                "give a window that ends after it starts; it is from {start} to {end}",
                start=minute_text(start),
                end=minute_text(end),
            ),
        )
    moved = replace(action, window_start=start, window_end=end, due=change.due or action.due)
    return replace(snapshot, actions=_with(snapshot.actions, action, moved))


@_changed.register
def _(change: to.WarrantGranted, snapshot: Snapshot, refuse: _Refusals) -> Snapshot:
    refuse.span(change.start, change.end)
    action = refuse.action(snapshot, change.action_id)
    if not any(warrant.action_id == action.id for warrant in snapshot.warrants):
        raise refuse("actionId", action.id, say("give an action that waits for a warrant; this one needs none"))
    granted = ReadWarrant(f"scenario_warrant_{len(snapshot.warrants)}", 1, action.id, change.start, change.end)
    return replace(snapshot, warrants=(*snapshot.warrants, granted))


@_changed.register
def _(change: to.UnitPermitted, snapshot: Snapshot, refuse: _Refusals) -> Snapshot:
    unit = refuse.unit(snapshot, "unitId", change.unit_id)
    hosts = sorted({action.country for action in snapshot.actions if action.country is not None})
    if change.country not in hosts:
        raise refuse(
            "country", change.country, say("give a country that hosts an action: {hosts}", hosts=", ".join(hosts))
        )
    # Where none is named, it may act in its own country; that stays so.
    before = unit.permitted or ((unit.country,) if unit.country is not None else ())
    permitted = replace(unit, permitted=tuple(sorted({*before, change.country})))
    return replace(snapshot, units=_with(snapshot.units, unit, permitted))


@_changed.register
def _(change: to.HHourMoved, snapshot: Snapshot, refuse: _Refusals) -> Snapshot:
    refuse.whole("byMinutes", change.by_minutes, -FARTHEST_MINUTES, FARTHEST_MINUTES)
    refuse.zero("byMinutes", change.by_minutes)
    if change.country is not None and all(action.country != change.country for action in snapshot.actions):
        raise refuse("country", change.country, say("give a country that hosts an action of the operation"))
    by = timedelta(minutes=change.by_minutes)
    locked = {lock.action_id for lock in snapshot.locks}
    moved = {
        action.id for action in snapshot.actions if action.id not in locked and change.country in (None, action.country)
    }
    operation = snapshot.operation
    return replace(
        snapshot,
        operation=operation if change.country else replace(operation, h_hour=operation.h_hour + by),
        actions=tuple(_moved(action, by) if action.id in moved else action for action in snapshot.actions),
        warrants=tuple(
            replace(row, start=row.start + by, end=row.end + by) if row.action_id in moved else row
            for row in snapshot.warrants
        ),
    )


def _moved(action: ReadAction, by: timedelta) -> ReadAction:
    return replace(
        action,
        window_start=action.window_start + by,
        window_end=action.window_end + by,
        due=None if action.due is None else action.due + by,
    )


_ADDED = "scenario_unit_"


def _with_capacity(change: to.ResourceChanged, problem: Problem, index: Index, refuse: _Refusals) -> Problem:
    """Give the problem with more or less of a pool."""
    key = PoolKey(change.country, change.kind, change.language or "")
    if key not in index.pools:
        remedy = say("give what actions need or participants offer: {pools}", pools=", ".join(_pools_told(index)))
        raise refuse("kind", key.title, remedy)
    span = index.grid.inward_open(change.start, change.end)
    if span is None:
        return problem
    number = index.pools.index(key)
    resources = list(problem.resources)
    resources[number] = _raised(resources[number], span, change.by)
    return replace(problem, resources=tuple(resources))


_MOST_POOLS_TOLD = 10


def _pools_told(index: Index) -> list[str]:
    some = [pool.title for pool in index.pools[:_MOST_POOLS_TOLD]]
    return some if len(index.pools) <= _MOST_POOLS_TOLD else [*some, "..."]


def _raised(resource: Resource, span: Interval, by: int) -> Resource:
    """Give a resource of which there is so much more in a span, never less than none."""
    edges = sorted({span.start_slot, span.end_slot, *(step.from_slot for step in resource.steps)})
    steps: list[CapacityStep] = []
    for slot in edges:
        there = resource.capacity_at(slot)
        there = max(0, there + by) if span.start_slot <= slot < span.end_slot else there
        if (steps[-1].capacity if steps else 0) != there:
            steps.append(CapacityStep(slot, there))
    return replace(resource, steps=tuple(steps))
