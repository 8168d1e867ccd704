"""Distances: exact, fast, and without a seam."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from opsplan.geography.geodesy import (
    EARTH_RADIUS_M,
    degrees_from,
    degrees_of,
    geodesic_distance_m,
    great_circle_m,
    unit_vectors,
)
from opsplan.vocabulary.place import GeoPoint

points = st.builds(
    GeoPoint,
    longitude=st.floats(-180, 180, allow_nan=False),
    latitude=st.floats(-90, 90, allow_nan=False),
)


def test_a_known_geodesic() -> None:
    """From Wellington to Salamanca it is 19,959.679 km (the worked example of geographiclib's documentation)."""
    distance = geodesic_distance_m(GeoPoint(174.81, -41.32), GeoPoint(-5.50, 40.96))
    assert abs(distance - 19_959_679.267) < 0.01


@given(points, points)
def test_the_sphere_is_near_the_ellipsoid(one: GeoPoint, other: GeoPoint) -> None:
    """Great circles differ from geodesics by less than 0.6 %."""
    geodesic = geodesic_distance_m(one, other)
    sphere = great_circle_m(unit_vectors(degrees_of([one])), unit_vectors(degrees_of([other])))[0, 0]
    assert abs(sphere - geodesic) <= 0.006 * geodesic + 1e-3


@given(points)
def test_vectors_lead_back_to_their_degrees(point: GeoPoint) -> None:
    """A point comes back within a millimetre, at the poles and the antimeridian too."""
    back = degrees_from(unit_vectors(degrees_of([point])) * 3.0)[0]
    assert geodesic_distance_m(point, GeoPoint(float(back[0]), float(back[1]))) < 1e-3


def test_no_points_make_empty_matrices() -> None:
    """Nothing to measure is no error."""
    none = unit_vectors(degrees_of([]))
    assert great_circle_m(none, unit_vectors(degrees_of([GeoPoint(0, 0)]))).shape == (0, 1)


def test_close_points_keep_their_digits() -> None:
    """Ten centimetres are ten centimetres: the chord form loses nothing where an arc cosine would."""
    step = float(np.degrees(0.1 / EARTH_RADIUS_M))
    pair = unit_vectors(np.array([[103.5, 10.6], [103.5, 10.6 + step]]))
    assert abs(great_circle_m(pair[:1], pair[1:])[0, 0] - 0.1) < 1e-6
    assert great_circle_m(pair[:1], pair[:1])[0, 0] == 0.0
