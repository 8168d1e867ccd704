"""On whose soil a point lies: one country for certain, or every country that it may be.

Borders on a map are wrong by some distance, and so are positions from sources. So a country is certain only for a point
inside its polygon with no other country within the tolerance; any other point is answered with all candidates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from opsplan.geography.borders.edges import EdgeIndex
from opsplan.geography.borders.land import LandIndex
from opsplan.geography.borders.load import load_borders
from opsplan.geography.borders.model import Area, Borders, Circle
from opsplan.geography.geodesy import degrees_of, geodesic_distance_m, great_circle_m, unit_vectors
from opsplan.vocabulary.place import GeoPoint

DEFAULT_TOLERANCE_M: Final = 5_000.0
"""How far the map may be wrong. Half a millimetre at 1:10,000,000; and measured: of 33,985 cities of GeoNames some 600
lie off their own country on the map, half of them by less than 450 m, 98 % by less than 4 km, and six by more than
5 km: three on islets that the map lacks, three in disputed places."""

NAUTICAL_MILE_M: Final = 1_852.0
TERRITORIAL_SEA_M: Final = 12 * NAUTICAL_MILE_M
"""Breadth of the territorial sea (UN Convention on the Law of the Sea, article 3)."""
EXCLUSIVE_ZONE_M: Final = 200 * NAUTICAL_MILE_M
"""Breadth of the exclusive economic zone (article 57): a state may act there on some matters only."""


class TerritoryKind(StrEnum):
    """How a point lies to the borders."""

    WITHIN = "WITHIN"
    """In one country, no other within the tolerance: that country is certain."""
    NEAR_BORDER = "NEAR_BORDER"
    """In one country, with another (or a contested area) within the tolerance."""
    CONTESTED = "CONTESTED"
    """In an area without an ISO code, or which several states claim, or about which the sources disagree."""
    OFF_COAST = "OFF_COAST"
    """In no polygon, but within tolerance and territorial sea (or islet) of the candidates."""
    EXCLUSIVE_ZONE = "EXCLUSIVE_ZONE"
    """Farther off, within 200 nautical miles of the candidates."""
    HIGH_SEAS = "HIGH_SEAS"
    """Farther off than that from every country: there is no candidate."""


class Basis(StrEnum):
    """What made a country a candidate; the strongest when there are several."""

    POLYGON = "POLYGON"
    """Its own land on the map."""
    ISLET = "ISLET"
    """A circle of 10 km round a place on an islet that the map does not draw."""
    CLAIM = "CLAIM"
    """A contested area that it holds or claims, or a circle of 10 km round a place that GeoNames gives to it, and the
    map to another."""


@dataclass(frozen=True, slots=True)
class TerritoryCandidate:
    """A country that a point may belong to.

    `distance_m` is the geodesic distance in metres from the point to its soil, rounded up; 0 within it.
    """

    country: str
    distance_m: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class TerritoryAnswer:
    """On whose soil a point lies.

    Attributes
    ----------
    kind
        How the point lies to the borders.
    certain
        The country's code when there is no doubt, else None.
    candidates
        All countries that it may be, the nearest first, at one distance by code; `certain` is among them. Empty on the
        high seas alone.
    contested
        What is contested at the point or within the tolerance, in words.
    tolerance_m
        The tolerance that was asked for, in metres.
    """

    kind: TerritoryKind
    certain: str | None
    candidates: tuple[TerritoryCandidate, ...]
    contested: tuple[str, ...]
    tolerance_m: float


class Territories:
    """Borders made ready for questions; keep one and ask it often."""

    def __init__(self, borders: Borders) -> None:
        self._areas = borders.areas
        self._circles = borders.circles
        self._centres = unit_vectors(degrees_of([GeoPoint(c.longitude, c.latitude) for c in borders.circles]))
        self._widest_m = max((circle.radius_m for circle in borders.circles), default=0.0)
        self._land = LandIndex(borders)
        self._edges = EdgeIndex(borders)

    def at(self, points: Sequence[GeoPoint], tolerance_m: float = DEFAULT_TOLERANCE_M) -> list[TerritoryAnswer]:
        """Answer for many points, in their order; see `countries_at`."""
        _check(tolerance_m)
        answers: list[TerritoryAnswer] = []
        for start in range(0, len(points), _CHUNK):
            answers += self._answers(points[start : start + _CHUNK], tolerance_m)
        return answers

    def _answers(self, points: Sequence[GeoPoint], tolerance_m: float) -> list[TerritoryAnswer]:
        degrees = degrees_of(points)
        held: list[set[int]] = [set() for _ in points]
        for number, polygon in zip(*self._land.polygons_at(degrees), strict=True):
            held[number].add(int(polygon))
        doubtful = self._edges.any_near(points, tolerance_m)
        to_circles_m = great_circle_m(unit_vectors(degrees), self._centres).min(axis=1, initial=np.inf)
        doubtful |= to_circles_m <= _CIRCLE_REACH * (tolerance_m + self._widest_m)
        return [
            self._answer(point, inside, tolerance_m, bool(doubt))
            for point, inside, doubt in zip(points, held, doubtful, strict=True)
        ]

    def _answer(self, point: GeoPoint, inside: set[int], tolerance_m: float, doubtful: bool) -> TerritoryAnswer:
        if not inside:
            return self._off_land(point, tolerance_m)
        near = self._edges.distances_m(point, tolerance_m) if doubtful else {}
        return self._on_land(point, inside, near | dict.fromkeys(inside, 0.0), tolerance_m, doubtful)

    def _on_land(
        self, point: GeoPoint, inside: set[int], near: dict[int, float], tolerance_m: float, doubtful: bool
    ) -> TerritoryAnswer:
        circles = self._circles_near(point, tolerance_m) if doubtful else []
        candidates = _candidates((*self._drawn(near), *(found for _, found in circles)))
        contested = self._contested(near, circles)
        if any(self._areas[polygon].contested for polygon in inside) or any(
            circle.disputed and found.distance_m == 0 for circle, found in circles
        ):
            kind = TerritoryKind.CONTESTED
        elif contested or len(candidates) > 1:
            kind = TerritoryKind.NEAR_BORDER
        else:
            kind = TerritoryKind.WITHIN
        certain = candidates[0].country if kind is TerritoryKind.WITHIN else None
        return TerritoryAnswer(kind, certain, candidates, contested, tolerance_m)

    def _off_land(self, point: GeoPoint, tolerance_m: float) -> TerritoryAnswer:
        for kind, reach_m in (
            (TerritoryKind.OFF_COAST, TERRITORIAL_SEA_M + tolerance_m),
            (TerritoryKind.EXCLUSIVE_ZONE, EXCLUSIVE_ZONE_M + tolerance_m),
        ):
            near = self._edges.distances_m(point, reach_m)
            circles = self._circles_near(point, reach_m)
            candidates = _candidates((*self._drawn(near), *(found for _, found in circles)))
            if candidates:
                contested = self._contested(
                    [polygon for polygon, distance in near.items() if distance <= tolerance_m],
                    [(circle, found) for circle, found in circles if found.distance_m <= tolerance_m],
                )
                return TerritoryAnswer(kind, None, candidates, contested, tolerance_m)
        return TerritoryAnswer(TerritoryKind.HIGH_SEAS, None, (), (), tolerance_m)

    def _drawn(self, near: dict[int, float]) -> Iterable[TerritoryCandidate]:
        for polygon, distance in near.items():
            area = self._areas[polygon]
            for code in area.countries:
                yield TerritoryCandidate(code, _whole(distance), _basis(area))

    def _circles_near(self, point: GeoPoint, within_m: float) -> list[tuple[Circle, TerritoryCandidate]]:
        found = []
        for circle in self._circles:
            if abs(circle.latitude - point.latitude) * _LEAST_METRES_PER_DEGREE > within_m + circle.radius_m:
                continue
            centre = GeoPoint(circle.longitude, circle.latitude)
            distance = max(0.0, geodesic_distance_m(point, centre) - circle.radius_m)
            if distance <= within_m:
                basis = Basis.CLAIM if circle.disputed else Basis.ISLET
                found.append((circle, TerritoryCandidate(circle.code, _whole(distance), basis)))
        return found

    def _contested(self, near: Iterable[int], circles: Iterable[tuple[Circle, TerritoryCandidate]]) -> tuple[str, ...]:
        areas = (self._areas[polygon].contested for polygon in near)
        names = {area.name for area in areas if area is not None}
        names |= {f"{circle.place} ({circle.code} by GeoNames)" for circle, _ in circles if circle.disputed}
        return tuple(sorted(names))


def countries_at(
    point: GeoPoint, tolerance_m: float = DEFAULT_TOLERANCE_M, *, territories: Territories | None = None
) -> TerritoryAnswer:
    """Say on whose soil a point lies.

    Parameters
    ----------
    point
        WGS 84.
    tolerance_m
        How far map and position may be wrong together, in metres: another country nearer than this is a candidate.
    territories
        Borders made ready; by default those of the user's cache folder.

    Raises
    ------
    ValueError
        If the tolerance is negative or no number.

    >>> countries_at(GeoPoint(104.92, 11.56)).certain  # Phnom Penh
    'KH'
    """
    return (territories or default_territories()).at((point,), tolerance_m)[0]


@cache
def default_territories(cache_folder: Path | None = None) -> Territories:
    """Make the borders ready, once per process; see `load_borders` for the folder and the errors."""
    return Territories(load_borders(cache_folder))


_CHUNK = 4_096
_CIRCLE_REACH = 1.01  # spherical distances may be 0.6 % short
_LEAST_METRES_PER_DEGREE = 110_500.0  # of latitude, at the equator: more at every other latitude


def _candidates(found: Iterable[TerritoryCandidate]) -> tuple[TerritoryCandidate, ...]:
    """Keep the best reason per country, nearest first."""
    best: dict[str, TerritoryCandidate] = {}
    for candidate in found:
        known = best.get(candidate.country)
        if known is None or _rank(candidate) < _rank(known):
            best[candidate.country] = candidate
    return tuple(sorted(best.values(), key=lambda candidate: (candidate.distance_m, candidate.country)))


def _check(tolerance_m: float) -> None:
    if not 0.0 <= tolerance_m <= EXCLUSIVE_ZONE_M:
        raise ValueError(f"tolerance_m {tolerance_m} is outside 0 to {EXCLUSIVE_ZONE_M:.0f}")


def _whole(distance: float) -> int:
    return -int(-distance // 1.0)


def _basis(area: Area) -> Basis:
    return Basis.POLYGON if area.contested is None else Basis.CLAIM


def _rank(candidate: TerritoryCandidate) -> tuple[int, int]:
    """Nearer is better; at one distance land on the map beats an islet, and that a claim."""
    return candidate.distance_m, list(Basis).index(candidate.basis)
