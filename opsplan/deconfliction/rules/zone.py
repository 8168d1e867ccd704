"""Whether a claim crosses a zone, as whom it is told sees it.

Whoever knows a zone finds out himself whether his plan touches it: so the two are compared exactly. Of a zone that is
hidden from the claim's owner he learns no more than its cell and its six hours say, however often he asks; and where
the zone's owner is to be told of a claim that is hidden from it, both are compared so. What would have to be told to
nobody is not looked for.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any, Final

from opsplan.deconfliction.model import ZoneKind
from opsplan.deconfliction.rules.footprint import Footprint, Hiding, as_indexed, shape_of, stored_area, veil
from opsplan.geography.areas import distances_m
from opsplan.vocabulary.area import Area
from opsplan.vocabulary.clock import instant_from_text
from opsplan.vocabulary.interval import Interval
from opsplan.vocabulary.sensitivity import Sensitivity

FURTHER_NOTICE: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""Stands for the end of a zone that has none; a midnight, so that a spell of time ends there."""

BINDS_ITS_OWNER: Final = frozenset({ZoneKind.NO_GO, ZoneKind.NO_STRIKE})
"""What holds for whoever keeps the zone, too: one of its desks may plan where another one protects."""


@dataclass(frozen=True, slots=True)
class ZoneFootprint:
    """Where and when a zone holds.

    Attributes
    ----------
    zone_id, owner_id, exercise
        The zone, whose it is, and in which of the two worlds.
    kind, area, time
        What holds where and when; a zone without an end ends at `FURTHER_NOTICE`.
    sensitivity
        What others learn of it.
    """

    zone_id: str
    owner_id: str
    exercise: bool
    kind: ZoneKind
    area: Area
    time: Interval
    sensitivity: Sensitivity = Sensitivity.OPEN

    def is_read_by(self, agency_id: str) -> bool:
        """Whether an agency may know of it."""
        return self.sensitivity is Sensitivity.OPEN or agency_id == self.owner_id

    def binds(self, claim: Footprint) -> bool:
        """Whether it holds for a claim at all: one not over, in its own world; its own owner's, where it binds that."""
        is_own = claim.owner_id == self.owner_id
        return not claim.is_over and claim.exercise == self.exercise and (not is_own or self.kind in BINDS_ITS_OWNER)


class Look(Enum):
    """How a claim and a zone are compared."""

    EXACT = auto()
    """Both as they are: whoever is told knows both."""
    ZONE_VEILED = auto()
    """The zone by its cell: the claim's owner is told, and may not know of it."""
    BOTH_VEILED = auto()
    """Both by their cells: the zone's owner is told, and may not know of the claim."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A claim that touches a zone while it is in force.

    Attributes
    ----------
    claim, zone
        The two.
    overlap
        The time that they share; None where cells were compared.
    stands_for
        Changes with either of the two, as far as it may be told.
    """

    claim: Footprint
    zone: ZoneFootprint
    overlap: Interval | None
    stands_for: str

    @property
    def ids(self) -> tuple[str, str]:
        """Claim and zone."""
        return self.claim.claim_id, self.zone.zone_id


def zone_footprint_of(row: Mapping[str, Any]) -> ZoneFootprint:
    """Read a zone from what the store gives of it."""
    end = FURTHER_NOTICE if row["end"] is None else instant_from_text(row["end"])
    return ZoneFootprint(
        zone_id=row["id"],
        owner_id=row["owner_id"],
        exercise=bool(row["exercise"]),
        kind=ZoneKind(row["kind"]),
        area=stored_area(row["location"], row["radius_m"], row["outline"]),
        time=Interval(instant_from_text(row["start"]), end),
        sensitivity=Sensitivity(row["sensitivity"]),
    )


def zone_as_indexed(zone: ZoneFootprint, hiding: Hiding) -> tuple[Area, Interval]:
    """Give area and time under which a zone is entered: of one that is not open what may be told, which holds it."""
    return (zone.area, zone.time) if zone.sensitivity is Sensitivity.OPEN else veil(zone.area, zone.time, hiding)


def look_at(claim: Footprint, zone: ZoneFootprint) -> Look | None:
    """Say how the two are compared; None where nobody could be told."""
    if zone.is_read_by(claim.owner_id):
        return Look.EXACT
    if zone.sensitivity is Sensitivity.POINTER:
        return Look.ZONE_VEILED
    if claim.is_read_by(zone.owner_id):
        # The zone's owner alone is told, and knows both.
        return Look.EXACT
    return Look.BOTH_VEILED if claim.sensitivity is Sensitivity.POINTER else None


def crossings_of(zone: ZoneFootprint, claims: Sequence[Footprint], hiding: Hiding) -> list[Crossing]:
    """Give the crossings of a zone by claims, in their order."""
    looks = [look_at(each, zone) if zone.binds(each) else None for each in claims]
    found: dict[int, Crossing] = {}
    for look in Look:
        places = [place for place, each in enumerate(looks) if each is look]
        if not places:
            continue
        area, time = (zone.area, zone.time) if look is Look.EXACT else veil(zone.area, zone.time, hiding)
        seen = {
            place: as_indexed(claims[place], hiding) if look is Look.BOTH_VEILED else claims[place] for place in places
        }
        at_once = [place for place in places if seen[place].time.overlaps(time)]
        away = distances_m(area, [seen[place].area for place in at_once]) if at_once else []
        for place, distance_m in zip(at_once, away, strict=True):
            if distance_m == 0.0:
                overlap = claims[place].time.common(time) if look is Look.EXACT else None
                found[place] = Crossing(claims[place], zone, overlap, _stands_for(claims[place], zone, look, hiding))
    return [found[place] for place in sorted(found)]


def once(crossings: Iterable[Crossing]) -> dict[tuple[str, str], Crossing]:
    """Give each crossing once, by claim and zone."""
    return {each.ids: each for each in crossings}


def claim_shape(claim: Footprint) -> str:
    """Give in one text all that a release of a claim stands for."""
    return shape_of(claim.area, claim.time, claim.kind.name, claim.sensitivity)


def _stands_for(claim: Footprint, zone: ZoneFootprint, look: Look, hiding: Hiding) -> str:
    # Where a hidden zone is moved within its cell, that a release falls would tell of it.
    is_told_all = look is Look.EXACT
    area, time = (zone.area, zone.time) if is_told_all else veil(zone.area, zone.time, hiding)
    seen = as_indexed(claim, hiding) if look is Look.BOTH_VEILED else claim
    mine = shape_of(seen.area, seen.time, "" if look is Look.BOTH_VEILED else claim.kind.name, claim.sensitivity)
    its = shape_of(area, time, zone.kind.name if is_told_all else "", zone.sensitivity)
    return hashlib.sha256(f"{mine}\n{its}".encode()).hexdigest()[:32]
