"""Where, when and with whom each placed action runs: the rows of a plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from opsplan.scheduling.answer import PlacedAction
from opsplan.scheduling.problem.index import Index
from solver import Placement


def placed_actions(placements: Iterable[Placement], index: Index) -> tuple[PlacedAction, ...]:
    """Give the rows of a plan in the order of its placements."""
    return tuple(_placed(placement, index) for placement in placements)


class Missing(StrEnum):
    """What of an old place can no longer be expressed."""

    ACTION = "ACTION"
    """The action was cancelled, aborted or retired."""
    MODE = "MODE"
    """Its mode was retired."""
    NEEDS = "NEEDS"
    """Its mode has other unit needs now."""
    UNIT = "UNIT"
    """A unit was retired, or is no longer offered."""
    START = "START"
    """The start is not on the grid."""


@dataclass(frozen=True, slots=True)
class Lost:
    """An action whose old place cannot be expressed in a new problem; `record_id` is what is missing."""

    action_id: str
    missing: Missing
    record_id: str


def placements_of(rows: Iterable[PlacedAction], index: Index) -> tuple[tuple[Placement, ...], tuple[Lost, ...]]:
    """Find an old plan's rows again in a new problem: what can be expressed, sorted by action, and what is lost."""
    finder = _Finder(index)
    found: list[Placement] = []
    lost: list[Lost] = []
    for row in rows:
        place = finder.find(row)
        if isinstance(place, Lost):
            lost.append(place)
        else:
            found.append(place)
    return tuple(sorted(found, key=lambda placement: placement.action)), tuple(lost)


def _placed(placement: Placement, index: Index) -> PlacedAction:
    number, mode = placement.action, placement.mode
    start = index.grid.instant(placement.start_slot)
    return PlacedAction(
        action_id=index.action_ids[number],
        mode_id=index.mode_ids[number][mode],
        start=start,
        end=start + timedelta(minutes=index.mode_minutes[number][mode]),
        local_start=start.astimezone(ZoneInfo(index.zones[number])).isoformat(timespec="minutes"),
        time_zone=index.zones[number],
        h_offset_minutes=(start - index.h_hour) // timedelta(minutes=1),
        staffing=tuple(
            (need, tuple(sorted(index.unit_ids[unit] for unit in units)))
            for need, units in zip(index.need_ids[number][mode], placement.units, strict=True)
        ),
    )


class _Finder:
    def __init__(self, index: Index) -> None:
        self._index = index
        self._action = {action: number for number, action in enumerate(index.action_ids)}
        self._unit = {unit: number for number, unit in enumerate(index.unit_ids)}

    def find(self, row: PlacedAction) -> Placement | Lost:
        index = self._index
        action = self._action.get(row.action_id)
        if action is None:
            return Lost(row.action_id, Missing.ACTION, row.action_id)
        if row.mode_id not in index.mode_ids[action]:
            return Lost(row.action_id, Missing.MODE, row.mode_id)
        mode = index.mode_ids[action].index(row.mode_id)
        needs, staffing = index.need_ids[action][mode], dict(row.staffing)
        if set(needs) != set(staffing):
            return Lost(row.action_id, Missing.NEEDS, row.mode_id)
        gone = next((unit for unit in row.unit_ids if unit not in self._unit), None)
        if gone is not None:
            return Lost(row.action_id, Missing.UNIT, gone)
        start_slot = index.grid.slot_at(row.start)
        if start_slot is None:
            return Lost(row.action_id, Missing.START, row.action_id)
        units = tuple(tuple(sorted(self._unit[unit] for unit in staffing[need])) for need in needs)
        return Placement(action, mode, start_slot, units)
