"""A circle that holds an area."""

import math
from typing import Final

from opsplan.geography.areas.ellipsoid import GREATEST_RADIUS_M, WGS84
from opsplan.geography.geodesy import degrees_from
from opsplan.vocabulary.area import Area, Circle
from opsplan.vocabulary.place import GeoPoint
from opsplan.vocabulary.rings import normals_of, smallest_cap

_WIDE: Final = math.radians(80.0)


def bounding_circle(area: Area) -> Circle:
    """Give a circle that holds an area, near the smallest: within a hundredth of its radius, and a millimetre.

    A polygon's has the centre of its smallest cap on the sphere. Up to eighty degrees from there, the distance along an
    edge has no maximum between its ends, on the ellipsoid too, so the farthest vertex gives the radius; for larger
    polygons the sphere's radius is taken with the greatest metres of a radian.
    """
    if isinstance(area, Circle):
        return area
    cap = smallest_cap(normals_of(area.ring))
    assert cap is not None, "a polygon lies within less than a hemisphere"
    reach = 2.0 * math.asin(0.5 * cap[1])
    longitude, latitude = (float(value) for value in degrees_from(cap[0][None, :])[0])
    center = GeoPoint(longitude, latitude)
    if reach > _WIDE:
        return Circle(center, math.ceil(reach * GREATEST_RADIUS_M + 1.0))
    count = len(area.ring)
    _, _, distances = WGS84.inv(
        [longitude] * count,
        [latitude] * count,
        [corner.longitude for corner in area.ring],
        [corner.latitude for corner in area.ring],
    )
    return Circle(center, math.ceil((max(distances) + 1e-6) * 1000.0) / 1000.0)
