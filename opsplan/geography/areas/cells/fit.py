"""The resolution at which few cells cover an area."""

import math
from collections.abc import Sequence
from functools import cache
from typing import Final

from h3.api import basic_int as h3

from opsplan.geography.areas.ellipsoid import WGS84
from opsplan.vocabulary.area import Area, Circle

_COVER: Final = 7
"""So many cells are a fit cover: one and its neighbours."""


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
