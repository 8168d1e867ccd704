"""Distances between areas, against sampling by code that shares nothing with it."""

from __future__ import annotations

import random

import numpy as np
import pytest

from opsplan.geography.areas import bounding_circle, distance_m, distances_m
from opsplan.vocabulary.area import Area, Circle, Polygon
from opsplan.vocabulary.place import GeoPoint
from tests.opsplan.geography.areas.oracle import along, geodesic_m, oracle_distance_m, reached, vincenty_m
from tests.opsplan.geography.areas.shapes import a_point, a_polygon, a_size_m, a_sliver, an_area, two_areas
from tests.seeds import many, with_fresh

_CASES = 40


def tolerance_m(one: Area, other: Area, distance: float) -> float:
    """Give what the docstring of `distance_m` allows."""
    between = distance + sum(area.radius_m for area in (one, other) if isinstance(area, Circle))
    return 0.01 if between <= 1_000_000 else max(0.01, 1e-7 * between)


def polygon(*places: tuple[float, float]) -> Polygon:
    return Polygon(tuple(GeoPoint(*place) for place in places))


def check_against_sampling(seed: int) -> None:
    one, other = two_areas(seed)
    found = distance_m(one, other)
    sampled = oracle_distance_m(one, other)
    assert abs(found - sampled) <= tolerance_m(one, other, sampled), (one, other)
    assert distance_m(other, one) == pytest.approx(found, rel=1e-12, abs=1e-6)


@pytest.mark.requirement("D1")
@pytest.mark.parametrize("seed", with_fresh(*range(_CASES)))
def test_distances_are_those_of_sampling(seed: int) -> None:
    """Between random areas of 10 m to 2,500 km, anywhere, the distance is that of dense sampling; either way round."""
    check_against_sampling(seed)


@pytest.mark.long
@pytest.mark.requirement("D1")
@pytest.mark.parametrize("seed", many(30))
def test_distances_are_those_of_sampling_thousands_of_times(seed: int) -> None:
    """The same for three thousand more."""
    for number in range(100):
        check_against_sampling(100 * seed + number)


def test_the_pairs_are_of_all_kinds() -> None:
    """Among the pairs of the fixed slice are ones that overlap, near ones and far ones, of each kind of area."""
    pairs = [two_areas(seed) for seed in range(_CASES)]
    apart = np.array([distance_m(one, other) for one, other in pairs])
    assert (apart == 0).sum() >= 10
    assert ((apart > 0) & (apart < 1_000)).sum() >= 3
    assert (apart > 1_000_000).sum() >= 5
    assert sum(isinstance(one, Polygon) and isinstance(other, Polygon) for one, other in pairs) >= 10


@pytest.mark.parametrize("seed", with_fresh(1, 2))
def test_the_oracle_measures_geodesics(seed: int) -> None:
    """Vincenty's formula, by which the oracle chooses, is within 0.2 mm of geographiclib; close points included."""
    draw = random.Random(seed)
    for _ in range(50):
        one = a_point(draw)
        other = reached(one, draw.uniform(0, 360), a_size_m(draw, 15e6))
        vectors = [np.array(_unit(point)) for point in (one, other)]
        assert float(vincenty_m(*vectors)) == pytest.approx(geodesic_m(one, other), abs=2e-4)


def _unit(point: GeoPoint) -> tuple[float, float, float]:
    longitude, latitude = np.radians((point.longitude, point.latitude))
    return (
        float(np.cos(latitude) * np.cos(longitude)),
        float(np.cos(latitude) * np.sin(longitude)),
        float(np.sin(latitude)),
    )


@pytest.mark.parametrize("seed", with_fresh(*range(3)))
def test_many_at_once_are_as_one_by_one(seed: int) -> None:
    """`distances_m` gives what `distance_m` gives, in the order of the others, of all kinds or circles alone."""
    draw = random.Random(seed)
    areas = [an_area(draw, a_point(draw), a_size_m(draw)) for _ in range(12)]
    circles = [area for area in areas if isinstance(area, Circle)]
    for one in areas[:4]:
        for others in (areas, circles, []):
            assert distances_m(one, others) == pytest.approx([distance_m(one, other) for other in others], abs=1e-6)


@pytest.mark.parametrize("seed", with_fresh(*range(10)))
def test_circles_are_apart_by_what_their_radii_leave(seed: int) -> None:
    """Between circles it is the geodesic from centre to centre less both radii, 0 where that is less."""
    draw = random.Random(seed)
    one, other = (Circle(a_point(draw), a_size_m(draw, 20e6)) for _ in range(2))
    least = geodesic_m(one.center, other.center) - one.radius_m - other.radius_m
    assert distance_m(one, other) == pytest.approx(max(0.0, least), abs=1e-6)


def test_a_point_on_the_border_shares_it() -> None:
    """Circles that touch, corners on an edge, the edges between neighbours, and a corner in common are 0.0 apart."""
    west = polygon((10, 50), (11, 50), (11, 51), (10, 51))
    east = polygon((11, 50), (12, 50), (12, 51), (11, 51))
    corner = polygon((11, 51), (12, 51.5), (12, 52))
    center = GeoPoint(103, 10)
    assert distance_m(west, east) == 0.0
    assert distance_m(west, corner) == 0.0
    assert distance_m(west, Circle(along(GeoPoint(10, 50), GeoPoint(11, 50), 0.37), 0.0)) == 0.0
    assert distance_m(Circle(center, 400.0), Circle(reached(center, 77, 1_000.0), 600.0)) == 0.0
    assert distance_m(Circle(center, 400.0), Circle(reached(center, 77, 1_000.0), 599.99)) == pytest.approx(0.01)


def test_an_area_in_another_shares_all_its_points() -> None:
    """Nested areas are 0.0 apart: polygon in polygon, circle in polygon, polygon in circle, circle in circle."""
    outer = polygon((100, 0), (110, 0), (110, 10), (100, 10))
    inner = polygon((104, 4), (105, 4), (105, 5))
    point, wide = Circle(GeoPoint(104.5, 4.2), 0.0), Circle(GeoPoint(104.5, 4.2), 500_000.0)
    for one, other in ((outer, inner), (outer, point), (inner, wide), (point, wide)):
        assert distance_m(one, other) == distance_m(other, one) == 0.0


def test_edges_cross_without_a_corner_inside() -> None:
    """Two bars laid crosswise share points though neither has a corner in the other."""
    upright = polygon((9.9, 40), (10.1, 40), (10.1, 50), (9.9, 50))
    level = polygon((5, 44.9), (15, 44.9), (15, 45.1), (5, 45.1))
    assert distance_m(upright, level) == 0.0


def test_what_lies_on_the_other_side_of_the_earth_is_not_crossed() -> None:
    """Edges that meet only each other's antipodes are far apart."""
    here = polygon((-1, -1), (1, -1), (0, 2))
    there = polygon((179, -1), (-179, -1), (180, 2))
    assert distance_m(here, there) > 19_000_000
    assert distance_m(here, Circle(GeoPoint(180, 0), 0.0)) > 19_000_000


def test_a_polygon_round_a_pole_holds_it() -> None:
    """A ring round the pole holds the pole and what is near it, in either direction, and not what lies outside."""
    places = [(longitude, 80.0) for longitude in range(-180, 180, 30)]
    for ring in (places, places[::-1]):
        cap = polygon(*ring)
        assert distance_m(cap, Circle(GeoPoint(12, 90), 0.0)) == 0.0
        assert distance_m(cap, Circle(GeoPoint(77, 89), 0.0)) == 0.0
        assert distance_m(cap, Circle(GeoPoint(0, -90), 0.0)) > 18_000_000
        outside = Circle(GeoPoint(30, 78), 0.0)
        assert distance_m(cap, outside) == pytest.approx(geodesic_m(GeoPoint(30, 78), GeoPoint(30, 80)), abs=0.01)


def test_the_antimeridian_is_no_seam() -> None:
    """Moved round the Earth, two areas keep their distance, wherever the antimeridian then cuts them."""
    shapes = [(0.0, 10.0), (2.0, 10.0), (1.0, 12.0)], [(2.5, 11.0), (3.5, 11.0), (3.0, 12.0)]

    def turned(by: float) -> list[Polygon]:
        return [polygon(*(((x + by + 180) % 360 - 180, y) for x, y in shape)) for shape in shapes]

    usual = distance_m(*turned(0))
    assert usual > 10_000
    for by in (177.0, 178.0, 179.0, 179.75, 180.0, -180.0, 178.5):
        assert distance_m(*turned(by)) == pytest.approx(usual, abs=1e-5)
        first = turned(by)[0]
        assert distance_m(first, Circle(along(first.ring[0], first.ring[1], 0.5), 0.0)) == 0.0


@pytest.mark.parametrize("seed", with_fresh(*range(3)))
def test_areas_of_the_size_of_countries(seed: int) -> None:
    """Rings of 150 points and a thousand kilometres are measured as finely as small ones."""
    draw = random.Random(seed)
    center = a_point(draw)
    land = a_polygon(draw, center, 1_000_000, corners=150)
    for away in (700_000, 1_500_000):
        other = an_area(draw, reached(center, draw.uniform(0, 360), away), 20_000)
        sampled = oracle_distance_m(land, other)
        assert abs(distance_m(land, other) - sampled) <= tolerance_m(land, other, sampled)


@pytest.mark.parametrize("seed", with_fresh(*range(8)))
def test_long_slivers_side_by_side(seed: int) -> None:
    """Long thin triangles near to each other: where least rounding would show."""
    draw = random.Random(seed)
    center, size = a_point(draw), a_size_m(draw, 1e6)
    one = a_sliver(draw, center, size)
    other = a_sliver(draw, reached(center, draw.uniform(0, 360), draw.uniform(0, 50)), size)
    assert abs(distance_m(one, other) - oracle_distance_m(one, other)) <= 0.01


@pytest.mark.parametrize("seed", with_fresh(*range(8)))
def test_a_quarter_of_the_earth_away(seed: int) -> None:
    """Where an edge is everywhere nearly as far, and the ellipsoid alone decides, the minimum is found."""
    draw = random.Random(seed)
    point = a_point(draw)
    first = draw.uniform(0, 360)
    corners = [reached(point, first + turn, 10_001_965 + draw.uniform(-20_000, 20_000)) for turn in (0, 80, 160)]
    far = Polygon((*corners, reached(point, first + 80, 14_000_000)))
    spot = Circle(point, 0.0)
    sampled = oracle_distance_m(far, spot)
    assert abs(distance_m(far, spot) - sampled) <= tolerance_m(far, spot, sampled)


@pytest.mark.parametrize("seed", with_fresh(*range(30)))
def test_the_bounding_circle_holds_the_area(seed: int) -> None:
    """Every point of the edges lies within the circle, and the circle is hardly wider than its farthest corner."""
    draw = random.Random(seed)
    area = an_area(draw, a_point(draw), a_size_m(draw, 8e6))
    bounds = bounding_circle(area)
    if isinstance(area, Circle):
        assert bounds == area
        return
    corners = list(zip(area.ring, (*area.ring[1:], area.ring[0]), strict=True))
    points = [along(*corner, number / 10) for corner in corners for number in range(10)]
    away = [geodesic_m(bounds.center, point) for point in points]
    assert max(away) <= bounds.radius_m <= max(away) * 1.012 + 0.01
    # No circle is smaller than half the widest distance between two corners.
    widest = max(geodesic_m(one, other) for one in area.ring for other in area.ring)
    assert bounds.radius_m <= widest / 3**0.5 * 1.02 + 0.01 or bounds.radius_m > 3e6
