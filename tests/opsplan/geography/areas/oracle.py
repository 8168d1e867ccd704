"""Distances between areas by dense sampling: shares no code with what it judges, nor the library of geodesics.

Edges are sampled as great circles between n-vectors, all pairs of edges on a grid, then on ever finer grids round the
best. Grids are valued by Vincenty's formula (1975), what comes out by geographiclib.
"""

from __future__ import annotations

import math

import numpy as np
from geographiclib.geodesic import Geodesic
from numpy.typing import NDArray

from opsplan.vocabulary.area import Area, Circle
from opsplan.vocabulary.place import GeoPoint

Numbers = NDArray[np.float64]

_A, _F = 6_378_137.0, 1 / 298.257223563
_B = _A * (1 - _F)


def oracle_distance_m(one: Area, other: Area) -> float:
    """Give the least distance between two areas, by sampling."""
    radii = sum(area.radius_m for area in (one, other) if isinstance(area, Circle))
    points, others = _corners(one), _corners(other)
    if _surrounds(others, points[0]) or _surrounds(points, others[0]):
        return 0.0
    return max(0.0, _between_borders(points, others) - radii)


def geodesic_m(one: GeoPoint, other: GeoPoint) -> float:
    return float(Geodesic.WGS84.Inverse(one.latitude, one.longitude, other.latitude, other.longitude)["s12"])


def reached(start: GeoPoint, azimuth: float, distance_m: float) -> GeoPoint:
    """Give the point that lies so far from another along a geodesic."""
    line = Geodesic.WGS84.Direct(start.latitude, start.longitude, azimuth, distance_m)
    return GeoPoint(line["lon2"], line["lat2"])


def along(one: GeoPoint, other: GeoPoint, fraction: float) -> GeoPoint:
    """Give a point of the great circle between two points, by its part of the angle."""
    return _point(_arc(_vector(one), _vector(other), np.array([fraction]))[0])


def vincenty_m(points: Numbers, others: Numbers) -> Numbers:
    """Give geodesic distances between unit vectors, shapes (..., 3); not a number where nearly antipodal."""
    latitudes = [np.arctan2(v[..., 2], np.hypot(v[..., 0], v[..., 1])) for v in (points, others)]
    u1, u2 = (np.arctan((1 - _F) * np.tan(latitude)) for latitude in latitudes)
    span = np.arctan2(
        points[..., 0] * others[..., 1] - points[..., 1] * others[..., 0],
        points[..., 0] * others[..., 0] + points[..., 1] * others[..., 1],
    )
    su1, cu1, su2, cu2 = np.sin(u1), np.cos(u1), np.sin(u2), np.cos(u2)
    lam = span
    with np.errstate(invalid="ignore", divide="ignore"):
        for _ in range(60):
            sl, cl = np.sin(lam), np.cos(lam)
            # sin(u2 - u1) instead of a difference of products: close points keep their digits.
            ss = np.hypot(cu2 * sl, np.sin(u2 - u1) + su1 * cu2 * 2 * np.sin(lam / 2) ** 2)
            cs = su1 * su2 + cu1 * cu2 * cl
            sigma = np.arctan2(ss, cs)
            sa = np.where(ss == 0, 0.0, cu1 * cu2 * sl / ss)
            c2a = 1 - sa**2
            c2m = np.where(c2a == 0, 0.0, cs - 2 * su1 * su2 / c2a)
            c = _F / 16 * c2a * (4 + _F * (4 - 3 * c2a))
            after = span + (1 - c) * _F * sa * (sigma + c * ss * (c2m + c * cs * (2 * c2m**2 - 1)))
            moved = np.abs(after - lam)
            lam = after
            if np.all(moved < 1e-13):
                break
        us = c2a * (_A**2 / _B**2 - 1)
        big_a = 1 + us / 16384 * (4096 + us * (-768 + us * (320 - 175 * us)))
        big_b = us / 1024 * (256 + us * (-128 + us * (74 - 47 * us)))
        turn = c2m + big_b / 4 * (cs * (2 * c2m**2 - 1) - big_b / 6 * c2m * (4 * ss**2 - 3) * (4 * c2m**2 - 3))
        distance = _B * big_a * (sigma - big_b * ss * turn)
    return np.where((moved < 1e-9) & (np.abs(lam) <= math.pi), distance, np.nan)


def holds(ring: tuple[GeoPoint, ...], point: GeoPoint) -> bool:
    """Tell whether a ring goes round a point: the angles under which it sees the edges add up to a whole turn."""
    return _surrounds(np.array([_vector(corner) for corner in ring]), _vector(point))


def _between_borders(points: Numbers, others: Numbers) -> float:
    pairs = [(edge, their_edge) for edge in _edges(points) for their_edge in _edges(others)]
    starts = [np.array([pair[side][end] for pair in pairs]) for side in (0, 1) for end in (0, 1)]
    lengths = np.array([[_angle(*edge) for edge in pair] for pair in pairs])
    low, high = np.zeros((len(pairs), 2)), np.ones((len(pairs), 2))
    count = 25
    for level in range(60):
        ours = _grid(starts[0], starts[1], low[:, 0], high[:, 0], count)
        theirs = _grid(starts[2], starts[3], low[:, 1], high[:, 1], count)
        values = vincenty_m(ours[:, :, None, :], theirs[:, None, :, :])
        flat = np.where(np.isnan(values), math.inf, values).reshape(len(low), -1)
        best = flat.argmin(axis=1)
        least = flat[np.arange(len(low)), best]
        place = np.column_stack(np.unravel_index(best, (count, count))) / (count - 1)
        middle, step = low + place * (high - low), (high - low) / (count - 1)
        # Only the longer side is narrowed: on the shorter one the best place moves until the longer one fits it.
        widths = (high - low) * lengths
        narrowed = widths >= 0.5 * widths.max(axis=1)[:, None]
        low = np.where(narrowed, np.maximum(0.0, middle - 1.5 * step), low)
        high = np.where(narrowed, np.minimum(1.0, middle + 1.5 * step), high)
        if level == 0:
            # What the best of the samples beats by more than a step of both grids is out.
            kept = least - 6_400_000 * (lengths * step).sum(axis=1) <= least.min()
            starts = [start[kept] for start in starts]
            low, high, least, middle, lengths = low[kept], high[kept], least[kept], middle[kept], lengths[kept]
        elif widths.max() < 1e-11:
            break
        count = 9
    chosen = int(least.argmin())
    ends = [
        _point(_arc(starts[2 * side][chosen], starts[2 * side + 1][chosen], middle[chosen, side : side + 1])[0])
        for side in (0, 1)
    ]
    return geodesic_m(*ends)


def _grid(starts: Numbers, ends: Numbers, low: Numbers, high: Numbers, count: int) -> Numbers:
    fractions = low[:, None] + (high - low)[:, None] * np.linspace(0, 1, count)
    return np.stack([_arc(start, end, row) for start, end, row in zip(starts, ends, fractions, strict=True)])


def _arc(start: Numbers, end: Numbers, fractions: Numbers) -> Numbers:
    angle = _angle(start, end)
    if angle == 0.0:
        return np.repeat(start[None, :], len(fractions), axis=0)
    weights = np.column_stack((np.sin((1 - fractions) * angle), np.sin(fractions * angle))) / math.sin(angle)
    return weights @ np.stack((start, end))


def _angle(one: Numbers, other: Numbers) -> float:
    return 2 * math.asin(min(1.0, float(np.linalg.norm(one - other)) / 2))


def _edges(corners: Numbers) -> list[tuple[Numbers, Numbers]]:
    return list(zip(corners, np.roll(corners, -1, axis=0), strict=True))


def _corners(area: Area) -> Numbers:
    ring = (area.center,) if isinstance(area, Circle) else area.ring
    return np.array([_vector(point) for point in ring])


def _surrounds(corners: Numbers, point: Numbers) -> bool:
    if len(corners) < 3 or point @ corners.mean(axis=0) <= 0:
        return False
    total = 0.0
    for start, end in _edges(corners):
        one, other = np.cross(point, start), np.cross(point, end)
        total += math.atan2(point @ np.cross(one, other), one @ other)
    return abs(total) > math.pi


def _vector(point: GeoPoint) -> Numbers:
    longitude, latitude = math.radians(point.longitude), math.radians(point.latitude)
    return np.array(
        (math.cos(latitude) * math.cos(longitude), math.cos(latitude) * math.sin(longitude), math.sin(latitude))
    )


def _point(vector: Numbers) -> GeoPoint:
    x, y, z = (float(value) for value in vector)
    return GeoPoint(math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y))))
