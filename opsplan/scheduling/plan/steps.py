"""Changing a plan by hand: steps, one after the other, over the places that a draft has. Pure.

What a step leaves may break any rule: that is for the checker to say. Refused is only what says nothing: an action
that has no place, a mode of another action, units for needs that are not the mode's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import singledispatch
from typing import Any, NoReturn, TypeAlias
from zoneinfo import ZoneInfo

from opsplan.operations.rules.operation import YEARS
from opsplan.scheduling.answer import PlacedAction
from opsplan.scheduling.problem.index import Index
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import Sentence, say

Staffing: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""Ids of units by the id of the unit need that they fill."""


@dataclass(frozen=True, slots=True)
class Place:
    """Give an action a place, in this mode with these units, whether it has one or not."""

    action_id: str
    start: datetime
    mode_id: str
    staffing: Staffing


@dataclass(frozen=True, slots=True)
class Move:
    """Begin an action at another time, in the same mode with the same units."""

    action_id: str
    start: datetime


@dataclass(frozen=True, slots=True)
class SwapStarts:
    """Let two actions begin each when the other was to."""

    action_id: str
    other_action_id: str


@dataclass(frozen=True, slots=True)
class SwapUnits:
    """Send another unit; from `other_action_id`, when given, to which the unit goes in exchange."""

    action_id: str
    unit_id: str
    other_unit_id: str
    other_action_id: str | None = None


@dataclass(frozen=True, slots=True)
class Pin:
    """Have later schedules keep an action where it is; or, not `pinned`, let them move it again."""

    action_id: str
    pinned: bool = True


@dataclass(frozen=True, slots=True)
class Drop:
    """Take an action out of the plan."""

    action_id: str


Step: TypeAlias = Place | Move | SwapStarts | SwapUnits | Pin | Drop
Places: TypeAlias = Mapping[str, PlacedAction]
"""The places of a plan, by the action's id."""
Changed: TypeAlias = dict[str, PlacedAction | None]
"""New places by the action's id; None for one that has none any more."""


def take_steps(
    places: Places, steps: Sequence[Step], index: Index, names: Mapping[str, str], path: str = "input.steps"
) -> dict[str, PlacedAction]:
    """Give the places after all steps, in the order in which they are given.

    Parameters
    ----------
    places
        Those that the draft has.
    steps
        What is to be done.
    index
        The operation as it stands: modes, needs, time zones and H-hour of its actions.
    names
        Of units in force, by id: those that may be sent. Whether they are free and offered is the checker's business.
    path
        What the caller gave the steps as.

    Raises
    ------
    Invalid
        When a step says nothing; the field is its place, such as ``input.steps[2].move``.
    """
    table = _Table(index, names)
    now = dict(places)
    for number, step in enumerate(steps):
        for action_id, place in _taken(step, now, table, f"{path}[{number}]").items():
            now.pop(action_id, None)
            if place is not None:
                now[action_id] = place
    return now


class _Table:
    """What is known of the operation's actions, by id."""

    def __init__(self, index: Index, units: Mapping[str, str]) -> None:
        self._index = index
        self._number = {action: number for number, action in enumerate(index.action_ids)}
        self._units = units

    def number(self, action_id: str, path: str) -> int:
        """Give an action's number among those in play."""
        number = self._number.get(action_id)
        if number is None:
            _refuse(
                path,
                action_id,
                say("{action_id} is no action in play of the plan's operation", action_id=action_id),
                say("name an action of it that is neither cancelled, aborted nor retired"),
            )
        return number

    def mode(self, number: int, mode_id: str, path: str) -> int:
        """Give a mode's number among its action's."""
        modes = self._index.mode_ids[number]
        if mode_id not in modes:
            _refuse(
                path,
                mode_id,
                say("{mode_id} is no mode of the action", mode_id=mode_id),
                say("name one of {modes}", modes=list(modes) or say("none")),
            )
        return modes.index(mode_id)

    def needs(self, number: int, mode: int) -> tuple[str, ...]:
        """Give the unit needs of a mode."""
        return self._index.need_ids[number][mode]

    def require_units(self, unit_ids: Iterable[str], path: str) -> None:
        """Refuse units that are not there."""
        for unit_id in unit_ids:
            if unit_id not in self._units:
                _refuse(
                    path,
                    unit_id,
                    say("there is no unit {unit_id} in force", unit_id=unit_id),
                    say("name a unit that is not retired"),
                )

    def placed(self, action_id: str, mode_id: str, start: datetime, staffing: Staffing, path: str) -> PlacedAction:
        """Give an action a place; on the grid, since between two slots no plan has one."""
        grid = self._index.grid
        if not YEARS[0] <= start.year < YEARS[1]:
            first, last = YEARS[0], YEARS[1] - 1
            _refuse(
                f"{path}.start",
                start,
                say("{start:%Y} is no year for it", start=start),
                say("give a start in the years {first} to {last}", first=first, last=last),
            )
        if grid.slot_at(start) is None:
            before = start - (start - grid.epoch) % grid.slot
            near = [f"{each:%Y-%m-%dT%H:%MZ}" for each in (before, before + grid.slot)]
            minutes = grid.slot_minutes
            _refuse(
                f"{path}.start",
                start,
                say("starts are on whole multiples of {minutes} minutes", minutes=minutes),
                say("give {near:or}", near=near),
            )
        number = self.number(action_id, path)
        minutes = self._index.mode_minutes[number][self.mode(number, mode_id, path)]
        zone = self._index.zones[number]
        return PlacedAction(
            action_id,
            mode_id,
            start,
            start + timedelta(minutes=minutes),
            start.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes"),
            zone,
            (start - self._index.h_hour) // timedelta(minutes=1),
            staffing,
        )

    def moved(self, place: PlacedAction, start: datetime, path: str) -> PlacedAction:
        """Give an action another start; what is pinned stays pinned."""
        moved = self.placed(place.action_id, place.mode_id, start, place.staffing, path)
        return replace(moved, pinned=place.pinned)


@singledispatch
def _taken(step: Any, places: Places, table: _Table, path: str) -> Changed:
    """Give the places that a step changes."""
    raise NotImplementedError(type(step))


@_taken.register
def _(step: Place, places: Places, table: _Table, path: str) -> Changed:
    path = f"{path}.place"
    number = table.number(step.action_id, f"{path}.actionId")
    needs = table.needs(number, table.mode(number, step.mode_id, f"{path}.modeId"))
    given = dict(step.staffing)
    if len(given) != len(step.staffing) or set(given) != set(needs):
        _refuse(
            f"{path}.staffing",
            sorted(need for need, _ in step.staffing),
            say("the units are not given for each unit need of the mode, once"),
            say("give units for {needs}", needs=list(needs)) if needs else say("give none: the mode needs no units"),
        )
    table.require_units((unit for units in given.values() for unit in units), f"{path}.staffing")
    twice = [unit for units in given.values() for unit in set(units) if units.count(unit) > 1]
    if twice:
        _refuse(f"{path}.staffing", sorted(twice), say("units are named twice in one need"), say("name each unit once"))
    staffing = tuple((need, tuple(sorted(given[need]))) for need in needs)
    placed = table.placed(step.action_id, step.mode_id, step.start, staffing, path)
    before = places.get(step.action_id)
    return {step.action_id: replace(placed, pinned=before is not None and before.pinned)}


@_taken.register
def _(step: Move, places: Places, table: _Table, path: str) -> Changed:
    place = _place_of(step.action_id, places, f"{path}.move.actionId")
    return {step.action_id: table.moved(place, step.start, f"{path}.move")}


@_taken.register
def _(step: SwapStarts, places: Places, table: _Table, path: str) -> Changed:
    path = f"{path}.swapStarts"
    first = _place_of(step.action_id, places, f"{path}.actionId")
    second = _place_of(step.other_action_id, places, f"{path}.otherActionId")
    return {
        first.action_id: table.moved(first, second.start, path),
        second.action_id: table.moved(second, first.start, path),
    }


@_taken.register
def _(step: SwapUnits, places: Places, table: _Table, path: str) -> Changed:
    path = f"{path}.swapUnits"
    place = _place_of(step.action_id, places, f"{path}.actionId")
    table.require_units([step.other_unit_id], f"{path}.otherUnitId")
    changed: Changed = {step.action_id: _with_unit(place, step.unit_id, step.other_unit_id, path)}
    if step.other_action_id is not None:
        if step.other_action_id == step.action_id:
            _refuse(
                f"{path}.otherActionId",
                step.action_id,
                say("both are one action"),
                say("name two, or leave this one out"),
            )
        other = _place_of(step.other_action_id, places, f"{path}.otherActionId")
        changed[other.action_id] = _with_unit(other, step.other_unit_id, step.unit_id, path, swapped=True)
    return changed


@_taken.register
def _(step: Pin, places: Places, table: _Table, path: str) -> Changed:
    del table
    place = _place_of(step.action_id, places, f"{path}.{'pin' if step.pinned else 'unpin'}")
    return {step.action_id: replace(place, pinned=step.pinned)}


@_taken.register
def _(step: Drop, places: Places, table: _Table, path: str) -> Changed:
    del table
    _place_of(step.action_id, places, f"{path}.drop")
    return {step.action_id: None}


def _with_unit(place: PlacedAction, unit_id: str, other_id: str, path: str, *, swapped: bool = False) -> PlacedAction:
    """Put one unit in another's place; `swapped` when the caller names them the other way round."""
    leaves, comes = ("otherUnitId", "unitId") if swapped else ("unitId", "otherUnitId")
    if unit_id not in place.unit_ids:
        units = ", ".join(place.unit_ids)
        _refuse(
            f"{path}.{leaves}",
            unit_id,
            say("the plan does not send {unit_id} there", unit_id=unit_id),
            say("name one of {units}", units=units),
        )
    if other_id in place.unit_ids:
        _refuse(
            f"{path}.{comes}",
            other_id,
            say("the plan sends {other_id} there already", other_id=other_id),
            say("name another unit"),
        )
    staffing = tuple(
        (need, tuple(sorted(other_id if each == unit_id else each for each in units))) for need, units in place.staffing
    )
    return replace(place, staffing=staffing)


def _place_of(action_id: str, places: Places, path: str) -> PlacedAction:
    place = places.get(action_id)
    if place is None:
        _refuse(
            path,
            action_id,
            say("the plan has no place for {action_id}", action_id=action_id),
            say("name an action that it places, or give this one a place by `place`"),
        )
    return place


def _refuse(path: str, value: object, wrong: Sentence, remedy: Sentence) -> NoReturn:
    raise Invalid(
        say("{path}: {wrong}; {remedy}.", path=path, wrong=wrong, remedy=remedy), field=path, value=value, remedy=remedy
    )
