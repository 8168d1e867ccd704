"""Distances on a sphere of the Earth's mean radius, and which places lie near a point. Plain mathematics."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from math import asin, cos, degrees, radians, sin, sqrt
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
    """Things with places, found by their distance: sorted by latitude, of which the distance is never less."""

    def __init__(self, things: Iterable[tuple[Point, Thing]]) -> None:
        self._things = sorted(things, key=lambda pair: pair[0].latitude)
        self._latitudes = [point.latitude for point, _ in self._things]

    def nearest(self, point: Point) -> tuple[float, Thing] | None:
        """Give the nearest thing with its distance in metres; None when there are no things."""
        best: tuple[float, Thing] | None = None
        for step in (-1, 1):
            place = bisect_left(self._latitudes, point.latitude) - (step == -1)
            while 0 <= place < len(self._things):
                there, thing = self._things[place]
                if best is not None and _metres_north(point, there) > best[0]:
                    break
                metres = great_circle_m(point, there)
                if best is None or metres < best[0]:
                    best = (metres, thing)
                place += step
        return best

    def within(self, point: Point, metres: float) -> list[tuple[float, Thing]]:
        """Give all things no farther off than `metres`, with their distances."""
        # A hair more than asked for: a thing due north must not be lost to rounding.
        reach = degrees(metres / EARTH_RADIUS_M) + 1e-9
        first = bisect_left(self._latitudes, point.latitude - reach)
        last = bisect_right(self._latitudes, point.latitude + reach)
        measured = ((great_circle_m(point, there), thing) for there, thing in self._things[first:last])
        return [(away, thing) for away, thing in measured if away <= metres]


def _metres_north(one: Point, other: Point) -> float:
    return radians(abs(one.latitude - other.latitude)) * EARTH_RADIUS_M
