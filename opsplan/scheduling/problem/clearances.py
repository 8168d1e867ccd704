"""Where claims of others keep actions away: the slots that an action may not touch, by which claim and which rule.

The figures are those by which claims are held against each other when they are committed
(`opsplan.deconfliction.rules.separation`), so a plan that keeps away from what it may know of conflicts with none of
it. Only what is SERIOUS or CRITICAL keeps away: an ADVISORY conflict is for both sides to know of, and stops nobody.

A blind notice says that something hidden is near the claim that it is on, and no more. So what it keeps away from is
made from that claim alone: the cell in which it lies, all spells of hours in which what is hidden may be, and the time
that a commit keeps before and after those.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

import numpy as np

from opsplan.deconfliction.model import Severity
from opsplan.deconfliction.rules.footprint import stored_area
from opsplan.deconfliction.rules.holds import spells_of
from opsplan.deconfliction.rules.separation import DEFAULT_TABLE, Separation, SeparationTable
from opsplan.geography.areas import bounding_circle, coarse_circle, distances_m
from opsplan.geography.geodesy import degrees_of, great_circle_m, unit_vectors
from opsplan.operations.model import ActionKind
from opsplan.scheduling.problem.grid import Grid
from opsplan.scheduling.problem.snapshot import (
    Point,
    ReadAction,
    ReadBlindNotice,
    ReadClaim,
    ReadSeparation,
    Snapshot,
)
from opsplan.vocabulary.area import Area, Circle
from opsplan.vocabulary.place import GeoPoint
from solver import Interval, merged

_KEEPS_AWAY = frozenset({Severity.SERIOUS, Severity.CRITICAL})
# Distances on the sphere differ from those on the ellipsoid by less than one part in a hundred.
_SPHERE = 1.01
_INSIDE_M = 0.001


@dataclass(frozen=True, slots=True)
class Clearance:
    """Why an action may not touch some slots.

    Attributes
    ----------
    slots
        Which, the time to keep before and after included; rounded outward.
    claim
        The claim of somebody else, or the notice, if it is one that is blind.
    distance_m
        How near the action's place comes to the claim's area; None for a notice.
    separation
        By which rule; None for a notice.
    """

    slots: Interval
    claim: ReadClaim | ReadBlindNotice
    distance_m: float | None = None
    separation: Separation | None = None


Clearances: TypeAlias = Mapping[str, tuple[Clearance, ...]]
"""By the id of the action, sorted by slots and claim; actions that nothing keeps away are left out."""


def table_of(rows: Iterable[ReadSeparation]) -> SeparationTable:
    """Give the table in force: the service's own, with the rules that were read in place of its figures."""
    return DEFAULT_TABLE.replaced_by([asdict(row) for row in rows])


def clearances_of(snapshot: Snapshot, grid: Grid) -> Clearances:
    """Give what keeps the actions of a snapshot away.

    An action is not kept away from claims of its own owner, nor from those whose conflict with it is settled.
    """
    if not snapshot.claims and not snapshot.blind_notices:
        return {}
    places = _Places(snapshot.actions)
    table = table_of(snapshot.separations)
    found: dict[str, list[Clearance]] = {}
    for claim in snapshot.claims:
        for action, distance_m in places.near(area_claimed(claim), table.widest_of(ActionKind(claim.kind)).distance_m):
            each = _kept_away(action, claim, distance_m, table, grid)
            if each is not None:
                found.setdefault(action.id, []).append(each)
    for notice in snapshot.blind_notices:
        for action, _ in places.near(coarse_circle(area_claimed(notice), notice.resolution), _INSIDE_M):
            slots = grid.outward(*time_to_keep_clear_of(notice, ActionKind(action.kind), table))
            if slots is not None:
                found.setdefault(action.id, []).append(Clearance(slots, notice))
    return {action: tuple(sorted(those, key=_order)) for action, those in found.items()}


def claimed_slots(clearances: Iterable[Clearance], window: Interval) -> tuple[Interval, ...]:
    """Give the slots that clearances take of a window, merged."""
    return merged(each.slots for each in clearances if each.slots.meets(window.start_slot, window.end_slot))


def binding(claims: Iterable[ReadClaim], snapshot: Snapshot) -> tuple[ReadClaim, ...]:
    """Give those of the claims that keep any action of a snapshot away, in their order; its own are not looked at."""
    places, table = _Places(snapshot.actions), table_of(snapshot.separations)
    grid = Grid.over(snapshot.operation.start, snapshot.operation.end)
    return tuple(
        claim
        for claim in claims
        if any(
            _kept_away(action, claim, distance_m, table, grid) is not None
            for action, distance_m in places.near(
                area_claimed(claim), table.widest_of(ActionKind(claim.kind)).distance_m
            )
        )
    )


def times_to_keep_clear_of(
    claim: ReadClaim, others: Iterable[ReadClaim], separations: Iterable[ReadSeparation]
) -> list[tuple[datetime, datetime]]:
    """Give the times that a claim may not touch where it is, as others claim what is near, by the same rules."""
    table, area = table_of(separations), area_claimed(claim)
    taken = []
    for other in others:
        separation = table.of(ActionKind(claim.kind), ActionKind(other.kind))
        if other.owner_id == claim.owner_id or separation.severity not in _KEEPS_AWAY:
            continue
        if distances_m(area, [area_claimed(other)])[0] <= separation.distance_m:
            taken.append((other.start - separation.buffer, other.end + separation.buffer))
    return taken


def time_to_keep_clear_of(
    notice: ReadBlindNotice, kind: ActionKind, table: SeparationTable
) -> tuple[datetime, datetime]:
    """Give the time that an action of a kind may not touch, so that the same commit is not refused once more.

    What is hidden may be in any spell that is near enough for the notice; from all of these a commit asks for the
    widest buffer of the kind, as it must not tell that of the other. Whoever is hidden himself is compared by his own
    spells. What is hidden and lasts longer than those spells may be met all the same: of that, the notice says nothing.
    """
    start, end = _as_compared(notice, notice.start, notice.end)
    buffer = _buffer_of(notice, ActionKind(notice.kind), table)
    start, end = spells_of(start - buffer, end + buffer, notice.hours)
    buffer = _buffer_of(notice, kind, table)
    return _as_compared(notice, start - buffer, end + buffer)


def _as_compared(notice: ReadBlindNotice, start: datetime, end: datetime) -> tuple[datetime, datetime]:
    return (start, end) if notice.is_open else spells_of(start, end, notice.hours)


def _buffer_of(notice: ReadBlindNotice, kind: ActionKind, table: SeparationTable) -> timedelta:
    return (table.widest_of(kind) if notice.is_open else table.widest).buffer


def _kept_away(
    action: ReadAction, claim: ReadClaim, distance_m: float, table: SeparationTable, grid: Grid
) -> Clearance | None:
    separation = table.of(ActionKind(action.kind), ActionKind(claim.kind))
    is_bound = claim.owner_id != action.owner_id and action.id not in claim.settled_with
    if not is_bound or separation.severity not in _KEEPS_AWAY or distance_m > separation.distance_m:
        return None
    slots = grid.outward(claim.start - separation.buffer, claim.end + separation.buffer)
    is_in_window = claim.start - separation.buffer < action.window_end and (
        claim.end + separation.buffer > action.window_start
    )
    return Clearance(slots, claim, distance_m, separation) if slots is not None and is_in_window else None


def _order(each: Clearance) -> tuple[int, int, str]:
    return each.slots.start_slot, each.slots.end_slot, each.claim.id


def area_claimed(claim: ReadClaim | ReadBlindNotice) -> Area:
    """Give the area of a claim, or of that which a notice is on."""
    return stored_area(claim.location, claim.radius_m, claim.outline)


class _Places:
    """The places of actions, asked for those near an area: most of them lie far away, and are left out at once."""

    def __init__(self, actions: Sequence[ReadAction]) -> None:
        self._at: dict[Point, list[ReadAction]] = {}
        for action in actions:
            if action.point is not None:
                self._at.setdefault(action.point, []).append(action)
        self._points = list(self._at)
        self._located = [GeoPoint(*point) for point in self._points]
        self._vectors = unit_vectors(degrees_of(self._located)) if self._located else None

    def near(self, area: Area, within_m: float) -> Iterable[tuple[ReadAction, float]]:
        """Give the actions whose place is as near to an area, with the distance, in their order."""
        if self._vectors is None:
            return
        circle = bounding_circle(area)
        away = great_circle_m(unit_vectors(degrees_of([circle.center])), self._vectors)[0]
        (close,) = np.nonzero(away <= _SPHERE * (circle.radius_m + within_m) + 1.0)
        exact = distances_m(area, [Circle(self._located[place], 0.0) for place in close])
        for place, distance_m in zip(close.tolist(), exact, strict=True):
            if distance_m <= within_m:
                for action in self._at[self._points[place]]:
                    yield action, distance_m
