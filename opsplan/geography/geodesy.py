"""Distances on the Earth: exact between two points, fast between many."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from geographiclib.geodesic import Geodesic
from numpy.typing import NDArray

from opsplan.vocabulary.place import GeoPoint

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius of the Earth (IUGG), for spherical distances: within 0.6 % of the ellipsoid's."""

Vectors = NDArray[np.float64]
"""Points as unit vectors from the Earth's centre, shape (n, 3): no seam at the antimeridian, no poles."""


def geodesic_distance_m(one: GeoPoint, other: GeoPoint) -> float:
    """Give the distance on the WGS 84 ellipsoid in metres, exact to nanometres (Karney 2013, by geographiclib)."""
    line = Geodesic.WGS84.Inverse(
        one.latitude, one.longitude, other.latitude, other.longitude, outmask=Geodesic.DISTANCE
    )
    return float(line["s12"])


def degrees_of(points: Sequence[GeoPoint]) -> NDArray[np.float64]:
    """Give points as an array of shape (n, 2): longitude, latitude in degrees."""
    return np.array([(point.longitude, point.latitude) for point in points], dtype=np.float64).reshape(-1, 2)


def unit_vectors(degrees: NDArray[np.float64]) -> Vectors:
    """Turn an array (n, 2) of longitude and latitude in degrees into unit vectors (n, 3)."""
    longitude, latitude = np.radians(degrees[:, 0]), np.radians(degrees[:, 1])
    ring = np.cos(latitude)
    return np.column_stack((ring * np.cos(longitude), ring * np.sin(longitude), np.sin(latitude)))


def degrees_from(vectors: Vectors) -> NDArray[np.float64]:
    """Turn vectors (n, 3) of any length back into longitude and latitude in degrees, shape (n, 2)."""
    longitude = np.degrees(np.arctan2(vectors[:, 1], vectors[:, 0]))
    latitude = np.degrees(np.arctan2(vectors[:, 2], np.hypot(vectors[:, 0], vectors[:, 1])))
    return np.column_stack((longitude, latitude))


def great_circle_m(one: Vectors, other: Vectors) -> NDArray[np.float64]:
    """Give all spherical distances in metres, shape (n, m), between vectors (n, 3) and (m, 3).

    The haversine formula in its chord form: exact for close points, where an arc cosine of the scalar product would
    lose all its digits, and symmetric to the last bit.
    """
    half_chord_squared = np.zeros((len(one), len(other)))
    for axis in range(3):
        difference = one[:, axis, None] - other[None, :, axis]
        difference *= difference
        half_chord_squared += difference
    half_chord_squared *= 0.25
    np.clip(half_chord_squared, 0.0, 1.0, out=half_chord_squared)
    np.sqrt(half_chord_squared, out=half_chord_squared)
    np.arcsin(half_chord_squared, out=half_chord_squared)
    half_chord_squared *= 2.0 * EARTH_RADIUS_M
    return half_chord_squared
