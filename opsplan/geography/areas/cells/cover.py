"""The cells that cover an area and its margin."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from opsplan.geography.areas.cells.descent import Gap, cells_within
from opsplan.geography.areas.cells.neighbours import cells_round
from opsplan.geography.areas.ellipsoid import ECCENTRICITY_SQUARED, LEAST_RADIUS_M
from opsplan.geography.areas.outline import Outline
from opsplan.geography.geodesy import Vectors
from opsplan.vocabulary.area import Area, Circle
from opsplan.vocabulary.place import GeoPoint
from opsplan.vocabulary.rings import normals_of

_ROUNDING_M: Final = 0.001
"""Widens every area, since borders of cells are exact to a micrometre or so."""


def cells_over(area: Area, margin_m: float, resolution: int) -> list[int]:
    """Give the H3 cells of a resolution that cover every point within a margin of an area.

    Each cell given touches the area with its margin, or misses it by less than a hundredth of the margin and radius
    plus a thirtieth of the cell's edge. A small circle inside a cell has that cell alone.

    How many there are is not limited: about the area with its margin over that of a cell (252,903,858 m² at
    resolution 5, 36,129,062 m² at 6). `resolution_for` gives a resolution with few; the whole Earth takes 2,016,842
    cells at resolution 5 and 14,117,882 at 6, which is some seconds and more than a gigabyte.

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
        reach = _radians(area.radius_m + margin_m + _ROUNDING_M, area.center.latitude)
        few = cells_round(area.center, reach, resolution)
        if few is not None:
            return few
        return cells_within(reach, _gap_to_point(area.center), area.center, resolution)
    outline = Outline.of(area)
    lowest = math.degrees(max(0.0, abs(math.asin(outline.center[2])) - outline.reach))
    reach = _radians(margin_m + _ROUNDING_M, lowest)
    return cells_within(reach, _gap_to(outline), area.ring[0], resolution)


def _radians(length_m: float, latitude: float) -> float:
    """Give the most radians of the sphere that a length takes whose start is at a latitude (degrees)."""
    lowest = max(0.0, math.radians(abs(latitude)) - length_m / LEAST_RADIUS_M)
    sine = math.sin(min(lowest, math.pi / 2.0))
    # The radius of curvature along the meridian: nowhere on the way is a radian shorter.
    shortest_m = LEAST_RADIUS_M / (1.0 - ECCENTRICITY_SQUARED * sine * sine) ** 1.5
    return float(length_m / shortest_m)


def _gap_to(outline: Outline) -> Gap:
    def gap(points: Vectors) -> NDArray[np.float64]:
        distances = outline.least_distances(points)
        return np.where(outline.holds(points), -distances, distances)

    return gap


def _gap_to_point(point: GeoPoint) -> Gap:
    center = normals_of([point])[0]

    def gap(points: Vectors) -> NDArray[np.float64]:
        apart = points - center
        return np.asarray(2.0 * np.arcsin(np.minimum(1.0, 0.5 * np.sqrt(np.einsum("ij,ij->i", apart, apart)))))

    return gap
