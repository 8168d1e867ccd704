"""Whether the plan speaks of things that exist, and says the same thing in each of its columns."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfoNotFoundError

from tests.oracle.breach import Breach
from tests.oracle.case import Case, Placed
from tests.oracle.facts import Facts
from tests.oracle.plan import Placement

GRID = timedelta(minutes=5)
"""Starts are whole multiples of it, UTC."""


def well_formed(case: Case) -> Iterator[Breach]:
    """Actions in play, modes, needs and offered units exist; no action is placed twice; starts are on the grid."""
    counts = Counter(placement.action_id for placement in case.plan.placements)
    for action_id, count in counts.items():
        if count > 1:
            yield _breach(action_id, f"{_name(case.facts, action_id)} is placed {count} times.")
    for placement in case.plan.placements:
        for what in _missing(case.facts, placement):
            yield _breach(placement.action_id, f"{_name(case.facts, placement.action_id)} {what}.")


def duration(case: Case) -> Iterator[Breach]:
    """An action ends when its mode's duration is over."""
    for placed in case.placed:
        lasts = placed.placement.end - placed.placement.start
        if lasts != placed.mode.duration:
            sentence = f"{placed.action.name} lasts {lasts}; in this mode it takes {placed.mode.duration}."
            yield Breach("duration", (placed.action.id,), sentence)


def place(case: Case) -> Iterator[Breach]:
    """An action has a point, and a host country that is certain."""
    for placed in case.placed:
        if placed.action.point is None:
            yield Breach("place", (placed.action.id,), f"{placed.action.name} has no location.")
        elif placed.action.country is None:
            yield Breach("place", (placed.action.id,), f"{placed.action.name} has no certain host country.")


def local_time(case: Case) -> Iterator[Breach]:
    """The zone, the local start and the distance from H-hour that the plan tells people are true."""
    for placed in case.placed:
        for what in _untrue(case, placed):
            yield Breach("local_time", (placed.action.id,), f"{placed.action.name} {what}.")


def mandatory(case: Case) -> Iterator[Breach]:
    """Every mandatory action in play is placed."""
    for action in case.facts.actions.values():
        if action.mandatory and action.in_play and action.id not in case.by_action:
            yield Breach("mandatory", (action.id,), f"{action.name} is mandatory and not placed.")


def _missing(facts: Facts, placement: Placement) -> Iterator[str]:
    action = facts.actions.get(placement.action_id)
    if action is None:
        yield "is no action of the operation in force"
        return
    if not action.in_play:
        yield f"is {action.state}"
    mode = action.mode(placement.mode_id)
    if mode is None:
        yield f"has no mode {placement.mode_id}"
    elif {need.id for need in mode.unit_needs} != set(placement.staffing):
        yield f"is not staffed need by need in mode {mode.name}"
    if Counter(placement.staff) != Counter(placement.unit_ids):
        yield "lists other units than those that fill its needs"
    for unit_id in placement.staff:
        unit = facts.units.get(unit_id)
        if unit is None or not (unit.offered or _bound(facts, placement.action_id, unit_id)):
            yield f"is staffed with {unit_id}, which is not offered to the operation"
    if (placement.start.timestamp() % GRID.total_seconds()) != 0:
        yield f"starts at {placement.start.isoformat()}, no multiple of {GRID}"


def _bound(facts: Facts, action_id: str, unit_id: str) -> bool:
    lock = facts.locks.get(action_id)
    return lock is not None and lock.holds_units and any(unit_id in units for units in lock.staffing.values())


def _untrue(case: Case, placed: Placed) -> Iterator[str]:
    placement = placed.placement
    if placed.action.point is not None and placed.action.country is not None:
        zone = case.zones.of(placed.action.point, placed.action.country)
        if placement.time_zone != zone:
            yield f"is said to lie in {placement.time_zone}, and lies in {zone}"
    try:
        shown = case.zones.clock(placement.time_zone, placement.start)
    except ZoneInfoNotFoundError:
        yield f"is said to lie in {placement.time_zone}, which is no time zone"
        return
    if placement.local_start != placement.start or placement.local_start.utcoffset() != shown.utcoffset():
        yield f"is said to start at {placement.local_start.isoformat()}; clocks there show {shown.isoformat()}"
    if timedelta(minutes=placement.h_offset_minutes) != placement.start - case.facts.h_hour:
        yield f"is said to start {placement.h_offset_minutes} min from H-hour; it is {placement.start}"


def _breach(action_id: str, sentence: str) -> Breach:
    return Breach("well_formed", (action_id,), sentence)


def _name(facts: Facts, action_id: str) -> str:
    return facts.actions[action_id].name if action_id in facts.actions else action_id
