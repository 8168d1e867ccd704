"""What may be told of an area that is hidden: a circle that many other areas have as well."""

import math
from functools import lru_cache
from typing import Final

from h3.api import basic_int as h3

from opsplan.geography.areas.bounding import bounding_circle
from opsplan.geography.areas.ellipsoid import WGS84
from opsplan.vocabulary.area import Area, Circle
from opsplan.vocabulary.place import GeoPoint

_KILOMETRE_M: Final = 1000.0


def coarse_circle(area: Area, resolution: int) -> Circle:
    """Give a circle that holds an area and tells no more of it than its H3 cell and the class of its size.

    It depends only on the cell (of this resolution) in which the centre of the area's bounding circle lies, and on the
    radius of that circle rounded up to a power of two of kilometres, at least one. All areas with this cell and class
    have the equal circle, and it holds each of them. So answers that are made from it, however many and by whomever
    they are asked for, are the same wherever in the cell the area lies: no number of questions narrows it below the
    cell. And no conflict is missed, since the area lies inside.

    Parameters
    ----------
    area
        What is hidden.
    resolution
        Of the H3 cell that may be known, 0 to 15.
    """
    bounds = bounding_circle(area)
    cell = h3.latlng_to_cell(bounds.center.latitude, bounds.center.longitude, resolution)
    return _circle_of(cell, _radius_class(bounds.radius_m))


def _radius_class(radius_m: float) -> float:
    """Give the least power of two of kilometres, from one, that is no smaller."""
    if radius_m <= _KILOMETRE_M:
        return _KILOMETRE_M
    mantissa, exponent = math.frexp(radius_m / _KILOMETRE_M)
    return _KILOMETRE_M * 2.0 ** (exponent - 1 if mantissa == 0.5 else exponent)


@lru_cache(maxsize=4096)
def _circle_of(cell: int, radius_m: float) -> Circle:
    latitude, longitude = h3.cell_to_latlng(cell)
    corners = h3.cell_to_boundary(cell)
    count = len(corners)
    _, _, distances = WGS84.inv(
        [longitude] * count,
        [latitude] * count,
        [corner[1] for corner in corners],
        [corner[0] for corner in corners],
    )
    # No point of a cell is farther from its centre than the farthest corner: see `bounding_circle`.
    return Circle(GeoPoint(longitude, latitude), math.ceil(max(distances) + radius_m + 1.0))
