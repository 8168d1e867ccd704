"""The world map: every country, small, cut cleanly, in the right place."""

import re

import numpy as np
import pytest
import shapely

from opsplan.geography.countries import countries
from opsplan.geography.outline import Canvas, WorldMap, world_map
from opsplan.vocabulary.place import GeoPoint


@pytest.fixture(scope="module")
def drawn() -> WorldMap:
    """Give the map on the usual canvas."""
    return world_map()


def rings(path: str) -> list[np.ndarray]:
    """Read a path of ours back: absolute start, relative steps."""
    return [
        np.cumsum(np.array([int(number) for number in re.findall(r"-?\d+", ring)]).reshape(-1, 2), axis=0)
        for ring in re.findall(r"M[^M]*", path)
    ]


def test_every_country_is_on_the_map(drawn: WorldMap) -> None:
    """All 249, and all contested areas, have a path of the simplest grammar."""
    assert set(drawn.countries) == {row.code for row in countries()}
    assert len(drawn.contested) == 12
    for path in (*drawn.countries.values(), *(area.path for area in drawn.contested), drawn.frame):
        assert re.fullmatch(r"(M\d+ \d+([lm]-?\d+([ -]-?\d+)*)+z)+", path), path[:80]


def test_the_map_is_small(drawn: WorldMap) -> None:
    """All paths together stay below 200 kB."""
    size = len(drawn.frame) + sum(map(len, drawn.countries.values())) + sum(len(area.path) for area in drawn.contested)
    assert 50_000 < size < 200_000


@pytest.mark.parametrize("canvas", [Canvas(), Canvas(1_000, -170.0), Canvas(1_000, 0.0)], ids=str)
def test_paths_stay_on_the_canvas(canvas: Canvas) -> None:
    """Nothing is drawn beyond the edges, wherever the map is cut."""
    for code, path in world_map(canvas).countries.items():
        for ring in rings(path):
            assert ring.min() >= -2, code
            assert ring[:, 0].max() <= canvas.width + 2, code
            assert ring[:, 1].max() <= canvas.height + 2, code


def test_the_antimeridian_is_no_edge_and_the_cut_is_clean(drawn: WorldMap) -> None:
    """Russia is whole, on the map's east; no ring of any country runs across the map from side to side."""
    assert min(ring[:, 0].min() for ring in rings(drawn.countries["RU"])) > drawn.canvas.width / 2
    largest = max(rings(drawn.countries["RU"]), key=lambda ring: shapely.Polygon(ring).area)
    east_cape = drawn.canvas.place(GeoPoint(-172.0, 66.2))
    assert shapely.Polygon(largest).buffer(3).covers(shapely.Point(east_cape))
    for code, path in drawn.countries.items():
        if code != "AQ":
            widest = max(np.ptp(ring[:, 0]) for ring in rings(path))
            assert widest < drawn.canvas.width * 0.45, code


@pytest.mark.parametrize(
    ("longitude", "latitude", "code"),
    [(104.9, 12.5, "KH"), (-55.0, -10.0, "BR"), (25.0, 0.0, "CD"), (135.0, -25.0, "AU"), (-100.0, 40.0, "US")],
)
def test_points_fall_into_their_country(drawn: WorldMap, longitude: float, latitude: float, code: str) -> None:
    """What `place` gives for a point inland lies in that country's path, and in no other's."""
    spot = shapely.Point(drawn.canvas.place(GeoPoint(longitude, latitude)))
    hits = [
        other
        for other, path in drawn.countries.items()
        if any(len(ring) > 2 and shapely.Polygon(ring).covers(spot) for ring in rings(path))
    ]
    assert hits == [code]


def test_the_projection_has_equal_areas() -> None:
    """A cell at 60 degrees north takes the room of one at the equator with the same area on the sphere."""
    canvas = Canvas()

    def area(west: float, south: float, east: float, north: float) -> float:
        box = shapely.segmentize(shapely.box(west, south, east, north), 0.1)
        return float(shapely.transform(box, canvas.project).area)

    def on_sphere(west: float, south: float, east: float, north: float) -> float:
        return float(np.radians(east - west) * (np.sin(np.radians(north)) - np.sin(np.radians(south))))

    cells = [(0, 0, 10, 10), (100, 60, 130, 70), (-170, -80, -100, -70)]
    ratios = [area(*cell) / on_sphere(*cell) for cell in cells]
    assert max(ratios) / min(ratios) < 1.0001


def test_the_canvas_holds_the_globe_exactly() -> None:
    """The centre of the map is its middle, the corners of the globe its edges, for any width and cut."""
    for canvas in (Canvas(), Canvas(800, -90.0), Canvas(1_200, 0.0)):
        x, y = canvas.place(GeoPoint(canvas.central_longitude, 0.0))
        assert (x, y) == (canvas.width / 2, canvas.height / 2)
        assert canvas.place(GeoPoint(canvas.central_longitude, 90.0))[1] <= 1.0
        left = canvas.place(GeoPoint((canvas.central_longitude + 360.0) % 360.0 - 180.0, 0.0))[0]
        assert left == 0.0


def test_another_cut_is_clean_too() -> None:
    """With the Pacific in the middle, lands of the Pacific are whole, those on 10 degrees east lie on both sides."""
    pacific = world_map(Canvas(1_000, -170.0))
    assert set(pacific.countries) == {row.code for row in countries()}
    for code in ("US", "NZ", "FJ", "JP"):
        assert max(np.ptp(ring[:, 0]) for ring in rings(pacific.countries[code])) < 450, code
    for code in ("DE", "DZ", "NG"):
        assert {bool(ring[:, 0].mean() > 500) for ring in rings(pacific.countries[code])} == {True, False}, code
