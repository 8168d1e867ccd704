"""Least distances between areas."""

from array import array
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from opsplan.geography.areas.ellipsoid import WGS84
from opsplan.geography.areas.nearest import least_distance_m, least_distances_m
from opsplan.geography.areas.outline import Outline
from opsplan.geography.geodesy import degrees_of
from opsplan.vocabulary.area import Area, Circle
from opsplan.vocabulary.rings import normals_of

_TOUCHING_M: Final = 1e-6


def distance_m(one: Area, other: Area) -> float:
    """Give the least distance between two areas in metres; 0.0 where they share a point.

    Points and circles are of the WGS 84 ellipsoid: a circle is all points within its radius along geodesics. Edges of
    polygons are great circles between geodetic coordinates taken as those of a sphere (n-vectors); on that sphere it is
    decided whether a polygon holds a point. The distance from a point to a polygon is the least geodesic distance to
    the polygon's points, and that between polygons the least between any two of their points.

    Exact to 0.01 m up to 1,000 km, and beyond that to 1e-7 of the distance between the points that bound it (for
    circles: of the distance from centre to centre). What is nearer than a micrometre shares a point.

    Two polygons that share no point come nearest at a vertex of one of them. On the sphere two edges have no minimum
    between their inner points: moved along together, they come nearer at the rate of the sphere's curvature. On the
    ellipsoid this rate changes by the bending of such great circles against geodesics, which is of the order of the
    flattening (1/298) and takes the sign from no curvature. So vertices against edges give the exact minimum there too.
    """
    return distances_m(one, (other,))[0]


def distances_m(one: Area, others: Sequence[Area]) -> list[float]:
    """Give the least distances from one area to others in metres, as `distance_m` has them.

    From circles to circles it is one call into C; a polygon among them is prepared once.
    """
    circles = [other for other in others if isinstance(other, Circle)]
    if isinstance(one, Circle):
        to_circles = _between_circles(one, circles)
        if len(circles) == len(others):
            return to_circles
        return _in_order(others, to_circles, lambda outline: _to_circles(outline, (one,))[0])
    prepared = Outline.of(one)
    return _in_order(
        others,
        _to_circles(prepared, circles) if circles else [],
        lambda outline: _between_outlines(prepared, outline),
    )


def _in_order(
    others: Sequence[Area], to_circles: Sequence[float], to_outline: Callable[[Outline], float]
) -> list[float]:
    next_circle = iter(to_circles)
    return [next(next_circle) if isinstance(other, Circle) else to_outline(Outline.of(other)) for other in others]


def _between_circles(one: Circle, others: Sequence[Circle]) -> list[float]:
    count = len(others)
    if not count:
        return []
    center, radius_m = one.center, one.radius_m
    # Arrays of doubles are what the call takes as they are; it leaves the distances in the last.
    from_longitude, from_latitude = array("d", (center.longitude,)) * count, array("d", (center.latitude,)) * count
    longitudes = array("d", [other.center.longitude for other in others])
    latitudes = array("d", [other.center.latitude for other in others])
    _, _, apart = WGS84.inv(from_longitude, from_latitude, longitudes, latitudes, inplace=True)
    return [
        gap if (gap := between - radius_m - other.radius_m) >= _TOUCHING_M else 0.0
        for between, other in zip(apart, others, strict=True)
    ]


def _to_circles(outline: Outline, circles: Sequence[Circle]) -> list[float]:
    centers = [circle.center for circle in circles]
    points = normals_of(centers)
    gaps = least_distances_m(points, degrees_of(centers), outline) - [circle.radius_m for circle in circles]
    gaps[outline.holds(points) | (gaps < _TOUCHING_M)] = 0.0
    return [float(gap) for gap in gaps]


def _between_outlines(one: Outline, other: Outline) -> float:
    apart = one.center - other.center
    if 2.0 * np.arcsin(min(1.0, 0.5 * float(np.sqrt(apart @ apart)))) <= one.reach + other.reach and (
        one.crosses(other) or one.holds(other.starts[:1])[0] or other.holds(one.starts[:1])[0]
    ):
        return 0.0
    gap = min(
        least_distance_m(one.starts, one.degrees, other),
        least_distance_m(other.starts, other.degrees, one),
    )
    return gap if gap >= _TOUCHING_M else 0.0
