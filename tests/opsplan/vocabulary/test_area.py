"""Areas: what is none is refused with what is wrong; what is one keeps its points."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsplan.vocabulary.area import Circle, Polygon
from opsplan.vocabulary.place import GeoPoint
from opsplan.vocabulary.rings import normals_of, smallest_cap


def ring(*places: tuple[float, float]) -> tuple[GeoPoint, ...]:
    return tuple(GeoPoint(*place) for place in places)


@pytest.mark.parametrize("radius_m", [-1.0, math.nan, math.inf])
def test_a_radius_is_metres_from_0(radius_m: float) -> None:
    """A negative, endless or undefined radius is refused with its value."""
    with pytest.raises(ValueError, match=f"radius_m {radius_m} is no radius; give metres, 0 or more"):
        Circle(GeoPoint(0, 0), radius_m)


@pytest.mark.parametrize(
    ("places", "told"),
    [
        ([], "needs at least 3 different points, and has 0"),
        ([(0, 0), (0, 0)], "and has 1$"),
        ([(0, 0), (1, 0), (0, 0)], "and has 2$"),
        ([(180, 0), (-180, 0), (3, 3)], "and has 2$"),
        ([(0, 90), (70, 90), (3, 3), (-60, 90)], "and has 2$"),
        ([(0, 0), (180, 0), (90, 50)], "to the opposite side of the Earth, longitude 180, latitude 0"),
        ([(10, 90), (10, 20), (30, -90)], "to the opposite side of the Earth"),
        ([(0, 0), (120, 0), (-120, 0)], "half of the Earth or more"),
        ([(0, -1), (120, -1), (-120, -1), (0, 30)], "half of the Earth or more"),
        ([(0, 0), (1, 1), (1, 0), (0, 1)], "crosses or touches itself at longitude 0.5, latitude 0.500057"),
        ([(0, 0), (1, 0), (1, 1), (0, 0), (-1, -1), (0, -1)], "touches itself at longitude 0, latitude 0"),
        ([(0, 0), (1, 0), (2, 0)], "crosses or touches itself"),
        ([(179, 0), (-179, 1), (-179, 0), (179, 1)], "touches itself at longitude (-179.999|-?180|179.999)"),
    ],
)
def test_what_is_no_polygon_is_refused(places: list[tuple[float, float]], told: str) -> None:
    """Too few points, opposite neighbours, half of the Earth, and a ring that crosses or touches itself."""
    with pytest.raises(ValueError, match=f"^ring .*{told}"):
        Polygon(ring(*places))


def test_what_closes_or_repeats_is_dropped() -> None:
    """The closing point and points given twice in a row are left out; the others stay as they were given."""
    kept = Polygon(ring((0, 0), (1, 0), (1, 1)))
    assert Polygon(ring((0, 0), (1, 0), (1, 0), (1, 1), (0, 0))) == kept
    assert Polygon(ring((0, 0), (0, 0), (1, 0), (1, 1), (0, 0), (0, 0))) == kept
    assert kept.ring == ring((0, 0), (1, 0), (1, 1))
    assert hash(kept) == hash(Polygon(kept.ring))


@pytest.mark.parametrize(
    "places",
    [
        [(179, -5), (-179, -5), (-179, 5), (179, 5)],
        [(0, 80), (120, 80), (-120, 80)],
        [(0, 0.1), (90, 0.1), (180, 0.1), (-90, 0.1)],
        [(0, 90), (0, 89), (90, 89)],
        [(0, 0), (1e-7, 0), (0, 1e-7)],
        [(77, 33), (77.0000001, 33), (77, 33.0000001)],
        [(0, 0), (0.5, 0), (1, 0), (1, 1)],
    ],
)
def test_polygons_lie_anywhere(places: list[tuple[float, float]]) -> None:
    """Over the antimeridian, round a pole or with a corner on it, nearly a hemisphere, a centimetre, straight on."""
    assert len(Polygon(ring(*places)).ring) == len(places)
    assert len(Polygon(ring(*places[::-1])).ring) == len(places)


@given(st.integers(0, 10**6), st.integers(1, 40))
def test_the_smallest_cap_is_that_of_its_points(seed: int, count: int) -> None:
    """It holds all points, and no cap round any two or three of them that holds all is smaller."""
    draw = random.Random(seed)
    spread = 10 ** draw.uniform(-6, 1.9)
    center = draw.uniform(-180, 180), draw.uniform(-89, 89)
    points = [
        GeoPoint((center[0] + draw.uniform(-spread, spread) + 180) % 360 - 180, max(-90.0, min(90.0, latitude)))
        for latitude in (center[1] + draw.uniform(-spread, spread) for _ in range(count))
    ]
    vectors = normals_of(points)
    cap = smallest_cap(vectors)
    if cap is None:
        # No half of the Earth holds them all: none of many directions has all of them on one side.
        directions = normals_of([GeoPoint(draw.uniform(-180, 180), draw.uniform(-90, 90)) for _ in range(500)])
        assert (vectors @ directions.T).min(axis=0).max() <= 1e-6
        return
    middle, chord = cap
    chords = ((vectors - middle) ** 2).sum(axis=1) ** 0.5
    assert chords.max() <= chord * (1 + 1e-9) + 1e-15
    # Moved a little in any direction, a cap of that size no longer holds them all.
    for _ in range(20):
        step = normals_of([GeoPoint(draw.uniform(-180, 180), math.degrees(math.asin(draw.uniform(-1, 1))))])[0]
        moved = middle + step * chord * 10 ** draw.uniform(-4, 0)
        moved /= (moved @ moved) ** 0.5
        assert (((vectors - moved) ** 2).sum(axis=1) ** 0.5).max() >= chord * (1 - 1e-6)
