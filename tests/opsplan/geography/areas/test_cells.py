"""Cells over areas: none missing by dense sampling, none idle by distance, over poles, pentagons and antimeridian."""

from __future__ import annotations

import random

import h3
import pytest

from opsplan.geography.areas import cells_over, distance_m, resolution_for
from opsplan.vocabulary.area import Area, Circle, Polygon
from opsplan.vocabulary.place import GeoPoint
from tests.opsplan.geography.areas.oracle import along, holds, reached
from tests.opsplan.geography.areas.shapes import a_point, a_polygon, an_area
from tests.seeds import many, with_fresh

_CASES = 24


def cell_at(point: GeoPoint, resolution: int) -> int:
    return h3.str_to_int(h3.latlng_to_cell(point.latitude, point.longitude, resolution))


def shape_of(cell: int) -> Polygon:
    return Polygon(
        tuple(GeoPoint(longitude, latitude) for latitude, longitude in h3.cell_to_boundary(h3.int_to_str(cell)))
    )


def edge_m(resolution: int) -> float:
    return h3.average_hexagon_edge_length(resolution, "m")


def pentagon_center(draw: random.Random, resolution: int) -> GeoPoint:
    latitude, longitude = h3.cell_to_latlng(draw.choice(sorted(h3.get_pentagons(resolution))))
    return GeoPoint(longitude, latitude)


def samples(draw: random.Random, area: Area, margin_m: float, count: int) -> list[GeoPoint]:
    """Give points of an area and its margin: on its border, inside, and up to the margin away."""
    points = []
    for _ in range(count):
        if isinstance(area, Circle):
            away = (area.radius_m + margin_m) * draw.choice((1.0, draw.random() ** 0.5))
            points.append(reached(area.center, draw.uniform(0, 360), away * (1 - 1e-9)))
            continue
        start = draw.randrange(len(area.ring))
        corner = area.ring[start]
        border = along(corner, area.ring[(start + 1) % len(area.ring)], draw.choice((0.0, draw.random())))
        points.append(reached(border, draw.uniform(0, 360), margin_m * draw.choice((0.0, draw.random(), 1 - 1e-9))))
        inner = along(border, draw.choice(area.ring), draw.random())
        if holds(area.ring, inner):
            points.append(inner)
    return points


def an_area_for(draw: random.Random, resolution: int) -> tuple[Area, float]:
    """Draw an area of the size of some cells, often at a pentagon, and a margin."""
    center = draw.choice((a_point(draw), pentagon_center(draw, resolution)))
    center = reached(center, draw.uniform(0, 360), edge_m(resolution) * draw.choice((0.0, draw.uniform(0, 2))))
    size = edge_m(resolution) * 10 ** draw.uniform(-3, 0.7)
    margin = draw.choice((0.0, edge_m(resolution) * 10 ** draw.uniform(-3, 0.3)))
    return an_area(draw, center, min(size, 3e6)), min(margin, 1e6)


def check(seed: int) -> None:
    draw = random.Random(seed)
    resolution = draw.choice((0, 1, 2, 3, 4, 5, 6, 7, 9))
    area, margin_m = an_area_for(draw, resolution)
    cells = cells_over(area, margin_m, resolution)
    assert cells == sorted(set(cells))
    for point in samples(draw, area, margin_m, 60):
        assert cell_at(point, resolution) in cells, (area, margin_m, resolution, point)
    # A cell given comes as near as is said; one beside those given does not touch.
    wide = margin_m + 0.01 * (margin_m + (area.radius_m if isinstance(area, Circle) else 0.0))
    wide += edge_m(resolution) / 20
    for cell in draw.sample(cells, min(12, len(cells))):
        assert distance_m(shape_of(cell), area) <= wide, (area, margin_m, resolution, cell)
    beside = {h3.str_to_int(name) for cell in cells for name in h3.grid_disk(h3.int_to_str(cell), 1)} - {*cells}
    for cell in draw.sample(sorted(beside), min(8, len(beside))):
        assert distance_m(shape_of(cell), area) > margin_m, (area, margin_m, resolution, cell)


@pytest.mark.requirement("D1")
@pytest.mark.parametrize("seed", with_fresh(*range(_CASES)))
def test_no_cell_is_missing_and_none_is_idle(seed: int) -> None:
    """Every sampled point of an area and its margin lies in a cell given; all of these come near; others do not."""
    check(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", many(30))
def test_no_cell_is_missing_and_none_is_idle_thousands_of_times(seed: int) -> None:
    """The same for three thousand more."""
    for number in range(100):
        check(100 * seed + number)


@pytest.mark.parametrize("seed", with_fresh(*range(6)))
def test_small_circles_have_exactly_the_cells_they_touch(seed: int) -> None:
    """For circles up to the size of a cell, the cells are those of all around that are no farther than the radius."""
    draw = random.Random(seed)
    for _ in range(6):
        resolution = draw.randint(1, 8)
        near = draw.choice((a_point(draw), pentagon_center(draw, resolution)))
        center = reached(near, draw.uniform(0, 360), edge_m(resolution) * draw.uniform(0, 2))
        circle = Circle(center, edge_m(resolution) * draw.uniform(0, 1.2))
        home = h3.latlng_to_cell(center.latitude, center.longitude, resolution)
        around = [h3.str_to_int(name) for name in h3.grid_disk(home, 3)]
        apart = {cell: distance_m(shape_of(cell), Circle(center, 0.0)) - circle.radius_m for cell in around}
        given = {*cells_over(circle, 0.0, resolution)}
        assert given >= {cell for cell in around if apart[cell] <= 0}
        assert given <= {cell for cell in around if apart[cell] <= 0.012 * circle.radius_m + edge_m(resolution) / 20}


@pytest.mark.parametrize("resolution", [5, 6])
def test_a_small_circle_inside_a_cell_has_that_cell(resolution: int) -> None:
    """Near the middle of a cell, a circle much smaller than it has one cell; on a corner three, on an edge two."""
    home = h3.latlng_to_cell(11.5, 104.9, resolution)
    latitude, longitude = h3.cell_to_latlng(home)
    corners = shape_of(h3.str_to_int(home)).ring
    small = edge_m(resolution) / 10
    assert cells_over(Circle(GeoPoint(longitude, latitude), small), 0.0, resolution) == [h3.str_to_int(home)]
    assert len(cells_over(Circle(corners[0], small), 0.0, resolution)) == 3
    assert len(cells_over(Circle(along(*corners[:2], 0.5), 0.0), small, resolution)) == 2
    triangle = a_polygon(random.Random(1), GeoPoint(longitude, latitude), small)
    assert cells_over(triangle, 0.0, resolution) == [h3.str_to_int(home)]


def test_the_antimeridian_and_the_poles_have_no_seam() -> None:
    """Circles over the antimeridian and round the poles have as many cells as their size asks for."""
    for center in (GeoPoint(180, 0), GeoPoint(-180, 17), GeoPoint(0, 90), GeoPoint(100, -90)):
        cells = cells_over(Circle(center, 200_000.0), 0.0, 4)
        area = sum(h3.cell_area(h3.int_to_str(cell), "m^2") for cell in cells)
        assert 3.14159 * 200_000**2 < area < 3.14159 * 260_000**2


def test_a_country_is_covered_without_holes() -> None:
    """Over 1,800 km every sampled point is in a cell given, and most of these have their centre inside."""
    draw = random.Random(4)
    country = a_polygon(draw, GeoPoint(178, 65), 900_000, corners=40)
    cells = cells_over(country, 0.0, 5)
    assert {cell_at(point, 5) for point in samples(draw, country, 0.0, 400)} <= {*cells}
    centers = [h3.cell_to_latlng(h3.int_to_str(cell)) for cell in cells[:: len(cells) // 300]]
    inside = sum(holds(country.ring, GeoPoint(longitude, latitude)) for latitude, longitude in centers)
    assert inside > 0.8 * len(centers)


def test_the_whole_earth_is_all_cells() -> None:
    """A circle, or a margin, as wide as the Earth has every cell."""
    assert len(cells_over(Circle(GeoPoint(5, 5), 20_100_000.0), 0.0, 2)) == h3.get_num_cells(2)
    assert len(cells_over(Circle(GeoPoint(5, 5), 0.0), 20_100_000.0, 1)) == h3.get_num_cells(1)
    triangle = a_polygon(random.Random(1), GeoPoint(5, 5), 10_000, corners=3)
    for resolution in (0, 1, 3):
        assert len(cells_over(triangle, 25_000_000.0, resolution)) == h3.get_num_cells(resolution)


@pytest.mark.parametrize("seed", with_fresh(*range(15)))
def test_the_fit_resolution_has_few_cells(seed: int) -> None:
    """The resolution chosen has at most about seven cells, and the next finer one offered has more than three."""
    draw = random.Random(seed)
    offered = (3, 4, 5, 6)
    area = an_area(draw, a_point(draw), 10 ** draw.uniform(2, 5.5))
    margin_m = draw.choice((0.0, 1_000.0, 20_000.0))
    chosen = resolution_for(area, margin_m, offered)
    assert chosen in offered
    if chosen > 3:
        assert len(cells_over(area, margin_m, chosen)) <= 14
    if chosen < 6:
        assert len(cells_over(area, margin_m, chosen + 1)) > 3


def test_the_fit_resolution_of_the_very_small_and_the_very_large() -> None:
    """A point takes the finest resolution, half the Earth the coarsest, in whatever order they are offered."""
    assert resolution_for(Circle(GeoPoint(0, 0), 0.0), 0.0, [6, 3, 5]) == 6
    assert resolution_for(Circle(GeoPoint(0, 0), 1e7), 0.0, [6, 3, 5]) == 3
