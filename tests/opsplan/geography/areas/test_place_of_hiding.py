"""The coarse circle tells no more than cell and size class, and holds what it hides."""

from __future__ import annotations

import random

import h3
import pytest

from opsplan.geography.areas import bounding_circle, coarse_circle, distance_m
from opsplan.vocabulary.area import Area, Circle
from opsplan.vocabulary.place import GeoPoint
from tests.opsplan.geography.areas.oracle import along, geodesic_m, reached
from tests.opsplan.geography.areas.shapes import a_point, an_area
from tests.seeds import with_fresh


def class_m(radius_m: float) -> float:
    """Give the power of two of kilometres that a radius is rounded up to, by doubling."""
    size = 1_000.0
    while size < radius_m:
        size *= 2
    return size


def told(area: Area, resolution: int) -> tuple[str, float]:
    bounds = bounding_circle(area)
    return (
        h3.latlng_to_cell(bounds.center.latitude, bounds.center.longitude, resolution),
        class_m(bounds.radius_m),
    )


@pytest.mark.requirement("D6")
@pytest.mark.parametrize("seed", with_fresh(*range(25)))
def test_equal_cell_and_class_have_the_equal_circle(seed: int) -> None:
    """Areas anywhere in a cell, of whatever shape, have equal circles when their size class is the same."""
    draw = random.Random(seed)
    resolution = draw.choice((3, 5, 7))
    spot = draw.choice((a_point(draw), GeoPoint(*h3.cell_to_latlng(sorted(h3.get_pentagons(resolution))[3])[::-1])))
    edge = h3.average_hexagon_edge_length(resolution, "m")
    size = 10 ** draw.uniform(1, 4.5)
    circles: dict[tuple[str, float], Circle] = {}
    shared = 0
    for _ in range(40):
        center = reached(spot, draw.uniform(0, 360), edge * draw.uniform(0, 0.8))
        area = an_area(draw, center, size * draw.uniform(0.8, 1))
        circle = coarse_circle(area, resolution)
        shared += told(area, resolution) in circles
        assert circles.setdefault(told(area, resolution), circle) == circle
        assert_inside(area, circle)
    assert shared > 5


def assert_inside(area: Area, circle: Circle) -> None:
    if isinstance(area, Circle):
        assert geodesic_m(area.center, circle.center) + area.radius_m <= circle.radius_m
        return
    for start, end in zip(area.ring, (*area.ring[1:], area.ring[0]), strict=True):
        for number in range(4):
            assert geodesic_m(along(start, end, number / 4), circle.center) <= circle.radius_m


@pytest.mark.requirement("D6")
def test_the_circle_differs_only_by_cell_and_class() -> None:
    """Another cell has another centre, another class another radius by just the difference of the classes."""
    here, there = GeoPoint(104.9, 11.5), GeoPoint(105.9, 11.5)
    small, wide = coarse_circle(Circle(here, 700.0), 5), coarse_circle(Circle(here, 1_001.0), 5)
    assert small.center == wide.center != coarse_circle(Circle(there, 700.0), 5).center
    assert abs(wide.radius_m - small.radius_m - 1_000.0) <= 1.0
    for exact in (1_000.0, 2_000.0, 4_096_000.0):
        grown = coarse_circle(Circle(here, exact * 1.0001), 5).radius_m - coarse_circle(Circle(here, exact), 5).radius_m
        assert abs(grown - exact) <= 1.0


@pytest.mark.requirement("D6")
@pytest.mark.parametrize("seed", with_fresh(*range(10)))
def test_no_true_conflict_is_missed(seed: int) -> None:
    """Whatever is near the area is as near or nearer to its coarse circle."""
    draw = random.Random(seed)
    area = an_area(draw, a_point(draw), 10 ** draw.uniform(1, 5))
    other = an_area(draw, reached(bounding_circle(area).center, draw.uniform(0, 360), 50_000), 10_000)
    assert distance_m(coarse_circle(area, 5), other) <= distance_m(area, other)
