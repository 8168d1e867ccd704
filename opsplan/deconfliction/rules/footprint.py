"""The footprint of a claim: exactly, and as those see it from whom it is hidden.

What is hidden is compared by its cell and its six hours alone. So whoever asks again and again, with claims of any
place, hour and kind, learns of it what the cell says, and no more (probe resistance); and as the cell holds all of the
footprint, no true conflict is missed.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from opsplan.deconfliction.rules.holds import Hold, holds_of, spells_of, veiled_holds
from opsplan.deconfliction.rules.subjects import subjects_of
from opsplan.deconfliction.subjects import Subject
from opsplan.geography.areas import coarse_circle
from opsplan.operations.model import ActionKind
from opsplan.records.values import canonical_json
from opsplan.vocabulary.area import Area, Circle, Polygon
from opsplan.vocabulary.clock import instant_from_text, instant_text
from opsplan.vocabulary.interval import Interval
from opsplan.vocabulary.place import GeoPoint
from opsplan.vocabulary.sensitivity import Sensitivity

_INSTANT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Hiding:
    """What is told of hidden claims.

    Attributes
    ----------
    resolution
        Of the H3 cells.
    hours
        Length of the spells of time, counted from midnight UTC.
    """

    resolution: int = 5
    hours: int = 6


DEFAULT_HIDING: Final = Hiding()
"""What is in force as long as nobody has chosen another."""


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a claim takes.

    Attributes
    ----------
    claim_id, owner_id, exercise
        The claim, whose it is, and in which of the two worlds.
    kind, area, time
        What is done where and when.
    sensitivity, read_by
        What others learn of it, and the agencies that read it though it is not open.
    operation_id, h_hour
        The operation it belongs to, if it is known here, and its H-hour: within one, there is nothing to deconflict.
    subjects
        Whom and what it concerns.
    unit_ids, anchor_ids
        The units that it uses, and where it stands in the graph of links: its targets, and the site that it aims at.
    holds, held_since
        What it holds of pools, and the number of the commit since when: who came first holds first. None while it is
        being committed.
    key, cover_key
        What stands for it, and for what is told of it where it is hidden.
    is_over
        Whether its action is done: it then claims no more than what it holds of pools.
    external_id, action_id
        What its owner calls it and the action that it is for, where a write has touched it: for its owner alone.
    """

    claim_id: str
    owner_id: str
    exercise: bool
    kind: ActionKind
    area: Area
    time: Interval
    sensitivity: Sensitivity = Sensitivity.OPEN
    read_by: frozenset[str] = frozenset()
    operation_id: str | None = None
    h_hour: datetime | None = None
    subjects: tuple[Subject, ...] = ()
    unit_ids: frozenset[str] = frozenset()
    anchor_ids: frozenset[str] = frozenset()
    holds: tuple[Hold, ...] = ()
    held_since: int | None = None
    key: str = ""
    cover_key: str = ""
    is_over: bool = False
    external_id: str | None = None
    action_id: str | None = None

    def is_read_by(self, agency_id: str) -> bool:
        """Whether an agency may know of it."""
        return self.sensitivity is Sensitivity.OPEN or agency_id == self.owner_id or agency_id in self.read_by

    def may_conflict_with(self, other: "Footprint") -> bool:
        """Whether the two are of different owners and operations, of one world, and not over."""
        is_over = self.is_over or other.is_over
        return self.owner_id != other.owner_id and not is_over and self.may_want_the_same_as(other)

    def may_want_the_same_as(self, other: "Footprint") -> bool:
        """Whether the two are of one world, but not of one operation: means are lent to one of them only."""
        is_joint = self.operation_id is not None and self.operation_id == other.operation_id
        return self.claim_id != other.claim_id and self.exercise == other.exercise and not is_joint

    @property
    def strikes_at(self) -> datetime:
        """When it is known to whom it concerns: at its operation's H-hour, or when it starts."""
        return self.time.start if self.h_hour is None else self.h_hour


def veiled(footprint: Footprint, hiding: Hiding) -> Footprint:
    """Give the footprint as those see it from whom it is hidden: its cell, and the spells of time that it touches.

    Its H-hour is the end of the spell that it falls into; what it holds is rounded (`veiled_holds`).
    """
    strikes = _spells(Interval(footprint.strikes_at, footprint.strikes_at + _INSTANT), hiding.hours).end
    area, time = veil(footprint.area, footprint.time, hiding)
    holds = veiled_holds(footprint.holds, hiding.hours)
    return replace(footprint, area=area, time=time, h_hour=strikes, holds=holds)


def as_indexed(footprint: Footprint, hiding: Hiding) -> Footprint:
    """Give the footprint as it is looked for: that of a claim that is not open as some see it, which holds it."""
    return footprint if footprint.sensitivity is Sensitivity.OPEN else veiled(footprint, hiding)


def holds_as_seen(footprint: Footprint, hiding: Hiding) -> tuple[Hold, ...]:
    """Give what a claim holds as it is looked for: of one that is not open, as those see it from whom it is hidden."""
    is_open = footprint.sensitivity is Sensitivity.OPEN
    return footprint.holds if is_open else veiled_holds(footprint.holds, hiding.hours)


def veil(area: Area, time: Interval, hiding: Hiding) -> tuple[Area, Interval]:
    """Give what may be told of something hidden: the circle round its cell, and the spells of time that it touches."""
    return coarse_circle(area, hiding.resolution), _spells(time, hiding.hours)


def shape_of(area: Area, time: Interval, what: str, sensitivity: Sensitivity) -> str:
    """Give in one text all that a key, or a release, stands for; `what` is the kind, nothing where it is not told."""
    return canonical_json([*where_and_when(area, time), what, sensitivity.name])


def where_and_when(area: Area, time: Interval) -> list[Any]:
    """Give area and time as plain values that differ where they do."""
    if isinstance(area, Circle):
        where: list[Any] = [[area.center.longitude, area.center.latitude], area.radius_m]
    else:
        where = [[each.longitude, each.latitude] for each in area.ring]
    return [where, [instant_text(time.start), instant_text(time.end)]]


def _spells(time: Interval, hours: int) -> Interval:
    return Interval(*spells_of(time.start, time.end, hours))


def area_of(location: GeoPoint, radius_m: float, outline: Iterable[Iterable[float]] | None) -> Area:
    """Give the area of stored values: the polygon where there is one.

    Raises
    ------
    ValueError
        If the corners make no polygon; it says what is wrong.
    """
    if outline is None:
        return Circle(location, radius_m)
    corners = [GeoPoint(float(longitude), float(latitude)) for longitude, latitude in outline]
    for one, other in pairwise(corners):
        if one == other:
            raise ValueError("two corners in a row are the same")
    return Polygon(tuple(corners))


def stored_area(location: Sequence[float], radius_m: float, outline: str | None) -> Area:
    """Give the area of stored values, with the outline as JSON."""
    return area_of(GeoPoint(*location), radius_m, None if outline is None else json.loads(outline))


def footprint_of(row: Mapping[str, Any]) -> Footprint:
    """Read a footprint from what the store gives of a claim."""
    time = Interval(instant_from_text(row["start"]), instant_from_text(row["end"]))
    return Footprint(
        claim_id=row["id"],
        owner_id=row["owner_id"],
        exercise=bool(row["exercise"]),
        kind=ActionKind(row["kind"]),
        area=stored_area(row["location"], row["radius_m"], row["outline"]),
        time=time,
        sensitivity=Sensitivity(row["sensitivity"]),
        read_by=frozenset(row["read_by"] or ()),
        operation_id=row["operation_id"],
        h_hour=None if row["h_hour"] is None else instant_from_text(row["h_hour"]),
        subjects=subjects_of(row.get("subjects"), row.get("targets") or ()),
        unit_ids=frozenset(row.get("units") or ()),
        anchor_ids=frozenset(row.get("anchors") or ()),
        holds=holds_of(row.get("capacities"), time, exercise=bool(row["exercise"])),
        held_since=row.get("held_since"),
        key=row["key"] or "",
        cover_key=row["cover_key"] or "",
        is_over=bool(row.get("is_over")),
        external_id=row.get("external_id"),
        action_id=row.get("action_id"),
    )
