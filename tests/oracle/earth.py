"""Distances on a sphere of the Earth's mean radius, and which places lie near a point. Plain mathematics."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from math import asin, cos, degrees, pi, radians, sin, sqrt
from typing import Generic, TypeVar

from tests.oracle.facts import Point

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the Earth (IUGG)."""

Thing = TypeVar("Thing")


def great_circle_m(one: Point, other: Point) -> float:
    """Give the length of the great circle between two points in metres (haversine formula)."""
    up = sin(radians(other.latitude - one.latitude) / 2.0)
    along = sin(radians(other.longitude - one.longitude) / 2.0)
    chord = up * up + cos(radians(one.latitude)) * cos(radians(other.latitude)) * along * along
    return 2.0 * EARTH_RADIUS_M * asin(sqrt(min(1.0, chord)))


class Near(Generic[Thing]):
    """Things with places, found by their distance: sorted by latitude, of which the distance is never less.

    Places are compared by the chord between them, which takes no trigonometry; distances are told in metres.
    """

    def __init__(self, things: Iterable[tuple[Point, Thing]]) -> None:
        found = sorted(things, key=lambda pair: pair[0].latitude)
        self._things = [(*_vector(point), point, thing) for point, thing in found]
        self._latitudes = [point.latitude for point, _ in found]

    def nearest(self, point: Point) -> tuple[float, Thing] | None:
        """Give the nearest thing with its distance in metres; None when there are no things."""
        x, y, z = _vector(point)
        best: tuple[float, int] | None = None
        for step in (-1, 1):
            place = bisect_left(self._latitudes, point.latitude) - (step == -1)
            while 0 <= place < len(self._things):
                north = 2.0 * sin(radians(abs(self._latitudes[place] - point.latitude)) / 2.0)
                if best is not None and north * north > best[0]:
                    break
                east, far, up, _, _ = self._things[place]
                chord = (x - east) ** 2 + (y - far) ** 2 + (z - up) ** 2
                if best is None or chord < best[0]:
                    best = (chord, place)
                place += step
        if best is None:
            return None
        _, _, _, there, thing = self._things[best[1]]
        return great_circle_m(point, there), thing

    def within(self, point: Point, metres: float) -> list[tuple[float, Thing]]:
        """Give all things no farther off than `metres`, with their distances."""
        x, y, z = _vector(point)
        # A hair more than asked for: nothing may be lost to rounding before it is measured.
        angle = min(metres / EARTH_RADIUS_M + 1e-9, pi)
        limit = (2.0 * sin(angle / 2.0)) ** 2
        first = bisect_left(self._latitudes, point.latitude - degrees(angle))
        last = bisect_right(self._latitudes, point.latitude + degrees(angle))
        near = [
            (great_circle_m(point, there), thing)
            for east, far, up, there, thing in self._things[first:last]
            if (x - east) ** 2 + (y - far) ** 2 + (z - up) ** 2 <= limit
        ]
        return [(away, thing) for away, thing in near if away <= metres]


def _vector(point: Point) -> tuple[float, float, float]:
    """Give a point on the sphere of radius 1, from its centre."""
    ring = cos(radians(point.latitude))
    along = radians(point.longitude)
    return ring * cos(along), ring * sin(along), sin(radians(point.latitude))
