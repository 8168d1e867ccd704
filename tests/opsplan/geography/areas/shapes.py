"""Random areas: of all sizes, anywhere, near to each other or not."""

from __future__ import annotations

import math
import random

from opsplan.vocabulary.area import Area, Circle, Polygon
from opsplan.vocabulary.place import GeoPoint
from tests.opsplan.geography.areas.oracle import reached

LARGEST_M = 2_500_000.0


def a_point(draw: random.Random) -> GeoPoint:
    """Draw a point: anywhere, near a pole or on it, near the antimeridian or on it, or on the equator."""
    longitude = draw.choice(
        (draw.uniform(-180, 180), 180.0, -180.0, 180 - 10 ** draw.uniform(-7, 0), -180 + 10 ** draw.uniform(-7, 0), 0.0)
    )
    latitude = math.degrees(math.asin(draw.uniform(-1, 1)))
    near_pole = math.copysign(90 - 10 ** draw.uniform(-7, 1), latitude)
    return GeoPoint(longitude, draw.choice((latitude, latitude, near_pole, math.copysign(90, latitude), 0.0)))


def a_size_m(draw: random.Random, largest: float = LARGEST_M) -> float:
    return float(10 ** draw.uniform(1, math.log10(largest)))


def a_polygon(draw: random.Random, center: GeoPoint, size_m: float, corners: int | None = None) -> Polygon:
    """Draw a polygon round a centre, with corners in all directions up to a size away."""
    count = corners or draw.randint(3, 7)
    ring = [
        reached(center, 360 * (number + draw.uniform(0, 0.35)) / count, size_m * draw.uniform(0.25, 1))
        for number in range(count)
    ]
    if draw.random() < 0.5:
        ring.reverse()
    return Polygon(tuple(ring))


def a_sliver(draw: random.Random, center: GeoPoint, size_m: float) -> Polygon:
    """Draw a triangle as thin as a hair to a road."""
    azimuth = draw.uniform(0, 360)
    far = reached(center, azimuth, size_m)
    middle = reached(center, azimuth + draw.choice((-1, 1)) * 1e-9, size_m * draw.uniform(0.2, 0.8))
    return Polygon((center, far, reached(middle, azimuth + 90, 10 ** draw.uniform(-2, 1) * max(1.0, size_m / 1e5))))


def an_area(draw: random.Random, center: GeoPoint, size_m: float) -> Area:
    kind = draw.choice(("circle", "point", "polygon", "polygon", "polygon", "sliver"))
    if kind == "circle":
        return Circle(center, size_m)
    if kind == "point":
        return Circle(center, 0.0)
    return a_sliver(draw, center, size_m) if kind == "sliver" else a_polygon(draw, center, size_m)


def two_areas(seed: int) -> tuple[Area, Area]:
    """Draw two areas: some far apart, some near, touching, crossing, or one in the other."""
    draw = random.Random(seed)
    center = a_point(draw)
    sizes = a_size_m(draw), a_size_m(draw)
    near = sum(sizes) * draw.choice((0.0, 0.1, 0.5, 1.0, 1.0 + 10 ** draw.uniform(-4, 1)))
    away = draw.choice((near, near, near, sum(sizes) + 10 ** draw.uniform(4, 7)))
    other = reached(center, draw.uniform(0, 360), away)
    return an_area(draw, center, sizes[0]), an_area(draw, other, sizes[1])
