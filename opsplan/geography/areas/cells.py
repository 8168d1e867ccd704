"""The H3 cells that cover an area and its margin, and the resolution fit for it.

H3 takes geodetic coordinates as those of a sphere, and the edges of its cells are great circles there; so cells and
polygons (`outline`) live on one sphere.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, TypeAlias

import numpy as np
from h3.api import basic_int as h3
from numpy.typing import NDArray

from opsplan.geography.areas.ellipsoid import (
    ECCENTRICITY_SQUARED,
    LEAST_RADIUS_M,
    WGS84,
)
from opsplan.geography.areas.outline import Outline
from opsplan.geography.geodesy import Vectors, unit_vectors
from opsplan.vocabulary.area import Area, Circle
from opsplan.vocabulary.place import GeoPoint

_Vector: TypeAlias = tuple[float, float, float]
_Gap: TypeAlias = Callable[[Vectors], NDArray[np.float64]]

_ROUNDING_M: Final = 0.001
"""Widens every area, since borders of cells are exact to a micrometre or so."""

_CELL_RADIUS: Final = 0.2206
"""The greatest radius of a cell of resolution 0 in radians; that of resolution n is at most this by sqrt(7) ** n.

Measured over all cells of resolutions 0 to 4; it grows to 0.22053 there.
"""

_DESCENDANTS: Final = 1.1
"""How far the descendants of a cell reach beyond its radius, at most: children lie not quite within their parents. By
geometry 1.053 times for regular hexagons."""

_COVER: Final = 7
"""So many cells are a fit cover: one and its neighbours."""


def cells_over(area: Area, margin_m: float, resolution: int) -> list[int]:
    """Give the H3 cells of a resolution that cover every point within a margin of an area.

    Each cell given touches the area with its margin, or misses it by less than a hundredth of the margin and radius
    plus a thirtieth of the cell's edge. A small circle inside a cell has that cell alone.

    How many there are is not limited: about the area with its margin over that of a cell (252,903,858 m² at
    resolution 5, 36,129,062 m² at 6). `resolution_for` gives a resolution with few; the whole Earth takes 2,016,842
    cells at resolution 5 and 14,117,882 at 6, which is some seconds and a gigabyte of memory.

    Parameters
    ----------
    area
        Of any size, over poles and antimeridian.
    margin_m
        Metres, 0 or more.
    resolution
        Of H3, 0 to 15.

    Returns
    -------
    The cells' indices as integers, ascending.
    """
    if isinstance(area, Circle):
        few = _round_circle(area.center, area.radius_m + margin_m + _ROUNDING_M, resolution)
        if few is not None:
            return few
        center = unit_vectors(np.array([[area.center.longitude, area.center.latitude]]))[0]
        widened = _radians(area.radius_m + margin_m + _ROUNDING_M, area.center.latitude)
        return _by_descent(lambda points: _angles(points, center), widened, area.center, resolution)
    outline = Outline.of(area)
    lowest = math.degrees(max(0.0, abs(math.asin(outline.center[2])) - outline.reach))
    return _by_descent(_gap_to(outline), _radians(margin_m + _ROUNDING_M, lowest), area.ring[0], resolution)


def resolution_for(area: Area, margin_m: float, resolutions: Sequence[int]) -> int:
    """Give the finest of some resolutions at which about seven cells or fewer cover an area and its margin.

    Counted is what a convex area of this size and perimeter touches on average, wherever it lies on a grid of hexagons
    (Santaló, *Integral Geometry*, 1976); an area's own count may be some more or fewer. Where all are too fine, it is
    the coarsest.
    """
    if isinstance(area, Circle):
        size, around = 0.0, 0.0
        margin = area.radius_m + margin_m
    else:
        size, around = WGS84.polygon_area_perimeter(
            [point.longitude for point in area.ring], [point.latitude for point in area.ring]
        )
        size, margin = abs(size), margin_m
    size += around * margin + math.pi * margin**2
    around += 2.0 * math.pi * margin
    return max(
        (resolution for resolution in resolutions if _touched(size, around, resolution) <= _COVER),
        default=min(resolutions),
    )


def _touched(size_m2: float, around_m: float, resolution: int) -> float:
    cell_m2, cell_around_m = _hexagon(resolution)
    return 1.0 + size_m2 / cell_m2 + around_m * cell_around_m / (2.0 * math.pi * cell_m2)


@cache
def _hexagon(resolution: int) -> tuple[float, float]:
    size = float(h3.average_hexagon_area(resolution, "m^2"))
    return size, 6.0 * math.sqrt(2.0 * size / (3.0 * math.sqrt(3.0)))


def _radians(length_m: float, latitude: float) -> float:
    """Give the most radians of the sphere that a length takes whose start is at a latitude (degrees)."""
    lowest = max(0.0, math.radians(abs(latitude)) - length_m / LEAST_RADIUS_M)
    sine = math.sin(min(lowest, math.pi / 2.0))
    # The radius of curvature along the meridian: nowhere on the way is a radian shorter.
    shortest_m = LEAST_RADIUS_M / (1.0 - ECCENTRICITY_SQUARED * sine * sine) ** 1.5
    return float(length_m / shortest_m)


# Circles that reach the neighbours of their cell at most: the path that is often taken, in plain numbers.


@dataclass(frozen=True, slots=True)
class _Home:
    """A cell's edges: start, end, the unit normal of its plane that points inward, and the cell behind it."""

    edges: tuple[tuple[_Vector, _Vector, _Vector, int], ...]
    radius: float


def _round_circle(center: GeoPoint, radius_m: float, resolution: int) -> list[int] | None:
    """Give the cells that a circle touches; None if it may reach beyond the neighbours of its centre's cell."""
    reach = _radians(radius_m, center.latitude)
    if reach > _cell_radius(resolution):
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


# Everything else: down from the coarsest cells, by how far their centres are.


def _by_descent(gap: _Gap, widened: float, inside: GeoPoint, resolution: int) -> list[int]:
    """Give the cells that come within a distance of a core.

    Parameters
    ----------
    gap
        Gives for unit vectors the distance to the core in radians, below 0 inside of it.
    widened
        The distance in radians.
    inside
        A point of the core: where no border comes near, its cell holds the whole.
    """
    found = {h3.latlng_to_cell(inside.latitude, inside.longitude, resolution)}
    cells = h3.get_res0_cells()
    for level in range(resolution):
        reach = _DESCENDANTS * _cell_radius(level)
        gaps = gap(_centers(cells))
        whole = gaps <= widened - reach
        for cell in _chosen(cells, whole):
            found.update(h3.cell_to_children(cell, resolution))
        cells = [
            child
            for cell in _chosen(cells, (gaps <= widened + reach) & ~whole)
            for child in h3.cell_to_children(cell, level + 1)
        ]
    if cells:
        gaps = gap(_centers(cells))
        found.update(_chosen(cells, gaps <= widened))
        found.update(
            _touched_by_border(
                _chosen(cells, (gaps > widened) & (gaps <= widened + _cell_radius(resolution))), gap, widened
            )
        )
    return sorted(found)


def _touched_by_border(cells: list[int], gap: _Gap, widened: float) -> list[int]:
    """Give those of some cells whose border comes within a distance, or misses it by a thirtieth of an edge."""
    touched: list[int] = []
    for parts in (1, 4, 16):
        if not cells:
            break
        owners, points, step = _border(cells, parts)
        least = np.full(len(cells), np.inf)
        np.minimum.at(least, owners, gap(points))
        touched += _chosen(cells, least <= widened)
        # No point of the border is farther than half a step from one of those that were asked.
        cells = _chosen(cells, (least > widened) & (least <= widened + 0.5 * step))
    return touched + cells


def _border(cells: list[int], parts: int) -> tuple[NDArray[np.intp], Vectors, float]:
    borders = [h3.cell_to_boundary(cell) for cell in cells]
    counts = [len(border) for border in borders]
    starts = _vectors([corner for border in borders for corner in border])
    ends = _vectors([corner for border in borders for corner in (*border[1:], border[0])])
    fractions = np.arange(parts) / parts
    points = starts[:, None, :] * (1.0 - fractions)[None, :, None] + ends[:, None, :] * fractions[None, :, None]
    points = points.reshape(-1, 3)
    points /= np.sqrt(np.einsum("ij,ij->i", points, points))[:, None]
    # Parts of a chord in equal lengths are arcs in nearly equal lengths; the middle ones are longest.
    edges = starts - ends
    step = 2.0 * math.asin(min(1.0, 0.5 * math.sqrt(np.einsum("ij,ij->i", edges, edges).max()))) / parts
    return np.repeat(np.arange(len(cells)), np.array(counts) * parts), points, step * 1.02


def _gap_to(outline: Outline) -> _Gap:
    def gap(points: Vectors) -> NDArray[np.float64]:
        distances = outline.least_distances(points)
        return np.where(outline.holds(points), -distances, distances)

    return gap


def _angles(points: Vectors, center: Vectors) -> NDArray[np.float64]:
    apart = points - center
    return np.asarray(2.0 * np.arcsin(np.minimum(1.0, 0.5 * np.sqrt(np.einsum("ij,ij->i", apart, apart)))))


def _cell_radius(resolution: int) -> float:
    return float(_CELL_RADIUS / 7.0 ** (0.5 * resolution))


def _centers(cells: list[int]) -> Vectors:
    return _vectors([h3.cell_to_latlng(cell) for cell in cells])


def _vectors(places: list[tuple[float, float]]) -> Vectors:
    return unit_vectors(np.array(places, dtype=np.float64).reshape(-1, 2)[:, ::-1])


def _chosen(cells: Sequence[int], flags: NDArray[np.bool_]) -> list[int]:
    return [cells[place] for place in np.nonzero(flags)[0].tolist()]
