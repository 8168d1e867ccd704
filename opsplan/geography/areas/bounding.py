"""A circle that holds an area."""

import math
from typing import Final

from opsplan.geography.areas.ellipsoid import GREATEST_RADIUS_M, WGS84
from opsplan.geography.areas.outline import Outline
from opsplan.geography.geodesy import degrees_from
from opsplan.vocabulary.area import Area, Circle
from opsplan.vocabulary.place import GeoPoint

_WIDE: Final = math.radians(80.0)


def bounding_circle(area: Area) -> Circle:
    """Give a circle that holds an area, near the smallest: within a hundredth of its radius, and a millimetre.

    A polygon's has the centre of its smallest cap on the sphere. Up to eighty degrees from there, the distance along an
    edge has no maximum between its ends, on the ellipsoid too, so the farthest vertex gives the radius; for larger
    polygons the sphere's radius is taken with the greatest metres of a radian.
    """
    if isinstance(area, Circle):
        return area
    outline = Outline.of(area)
    longitude, latitude = (float(value) for value in degrees_from(outline.center[None, :])[0])
    center = GeoPoint(longitude, latitude)
    if outline.reach > _WIDE:
        return Circle(center, math.ceil(outline.reach * GREATEST_RADIUS_M + 1.0))
    count = len(outline.starts)
    _, _, distances = WGS84.inv(
        [longitude] * count, [latitude] * count, outline.degrees[:, 0].tolist(), outline.degrees[:, 1].tolist()
    )
    return Circle(center, math.ceil((max(distances) + 1e-6) * 1000.0) / 1000.0)
