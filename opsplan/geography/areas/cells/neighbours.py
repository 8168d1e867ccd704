"""Circles that reach the neighbours of their centre's cell at most, in plain numbers."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from h3.api import basic_int as h3

from opsplan.geography.areas.cells.sizes import cell_radius
from opsplan.vocabulary.place import GeoPoint

_Vector: TypeAlias = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class _Home:
    """A cell's edges: start, end, the unit normal of its plane that points inward, and the cell behind it."""

    edges: tuple[tuple[_Vector, _Vector, _Vector, int], ...]
    radius: float


def cells_round(center: GeoPoint, reach: float, resolution: int) -> list[int] | None:
    """Give the cells that a circle touches, ascending; None if it may reach beyond the neighbours of its centre's cell.

    Parameters
    ----------
    center, reach
        The circle on the sphere, its radius in radians.
    resolution
        Of the cells.
    """
    if reach > cell_radius(resolution):
        return None
    cell = h3.latlng_to_cell(center.latitude, center.longitude, resolution)
    home = _home(cell)
    x, y, z = _vector(center.latitude, center.longitude)
    limit = math.sin(reach)
    chord_squared = (2.0 * math.sin(0.5 * reach)) ** 2
    nearest = math.inf
    touched = {cell}
    for start, end, inward, neighbour in home.edges:
        height = x * inward[0] + y * inward[1] + z * inward[2]
        nearest = min(nearest, height)
        if height > limit:
            continue
        # Past an end of the edge the end itself is nearest.
        for one, other in ((start, end), (end, start)):
            dx, dy, dz = x - one[0], y - one[1], z - one[2]
            if dx * (other[0] - one[0]) + dy * (other[1] - one[1]) + dz * (other[2] - one[2]) < 0.0:
                if dx * dx + dy * dy + dz * dz <= chord_squared:
                    touched.add(neighbour)
                break
        else:
            touched.add(neighbour)
    # A cell that is no neighbour is at least an edge away from this one, and no edge is shorter than half its radius.
    if reach > max(0.0, nearest) + 0.5 * home.radius:
        return None
    return sorted(touched)


@lru_cache(maxsize=4096)
def _home(cell: int) -> _Home:
    corners = [_vector(latitude, longitude) for latitude, longitude in h3.cell_to_boundary(cell)]
    center = _vector(*h3.cell_to_latlng(cell))
    resolution = h3.get_resolution(cell)
    edges = []
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        normal = _cross(start, _minus(end, start))
        length = math.sqrt(_dot(normal, normal))
        sign = math.copysign(1.0, _dot(normal, center))
        inward = _scaled(normal, sign / length)
        beyond = _minus(_scaled(_plus(start, end), 0.5), _scaled(inward, 0.2 * length))
        neighbour = h3.latlng_to_cell(
            math.degrees(math.atan2(beyond[2], math.hypot(beyond[0], beyond[1]))),
            math.degrees(math.atan2(beyond[1], beyond[0])),
            resolution,
        )
        edges.append((start, end, inward, neighbour))
    radius = max(math.dist(center, corner) for corner in corners)
    return _Home(tuple(edges), radius)


def _vector(latitude: float, longitude: float) -> _Vector:
    latitude, longitude = math.radians(latitude), math.radians(longitude)
    ring = math.cos(latitude)
    return ring * math.cos(longitude), ring * math.sin(longitude), math.sin(latitude)


def _dot(one: _Vector, other: _Vector) -> float:
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


def _cross(one: _Vector, other: _Vector) -> _Vector:
    return (
        one[1] * other[2] - one[2] * other[1],
        one[2] * other[0] - one[0] * other[2],
        one[0] * other[1] - one[1] * other[0],
    )


def _plus(one: _Vector, other: _Vector) -> _Vector:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _minus(one: _Vector, other: _Vector) -> _Vector:
    return one[0] - other[0], one[1] - other[1], one[2] - other[2]


def _scaled(one: _Vector, factor: float) -> _Vector:
    return one[0] * factor, one[1] * factor, one[2] * factor
