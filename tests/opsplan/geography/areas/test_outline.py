"""Polygons on the unit sphere: what passes over most edges of long borders loses none that counts."""

from __future__ import annotations

import random

import pytest

from opsplan.geography.areas import distance_m, outline
from opsplan.geography.areas.outline import Outline
from opsplan.vocabulary.place import GeoPoint
from opsplan.vocabulary.rings import normals_of
from tests.opsplan.geography.areas.oracle import holds, reached
from tests.opsplan.geography.areas.shapes import a_point, a_polygon, a_size_m
from tests.seeds import with_fresh


@pytest.mark.parametrize("seed", with_fresh(*range(20)))
def test_runs_of_edges_change_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Distances between borders of hundreds of edges are the same, whether their edges are held in runs or not."""
    draw = random.Random(seed)
    center, size = a_point(draw), a_size_m(draw, 3e6)
    one = a_polygon(draw, center, size, corners=draw.randint(100, 300))
    away = reached(center, draw.uniform(0, 360), size * draw.choice((0.0, 1.0, 1.6, 2.5, 4.0)))
    other = a_polygon(draw, away, size * draw.choice((0.01, 0.7)), corners=draw.randint(3, 300))
    found = set()
    for run in (7, 50, 1_000):
        monkeypatch.setattr(outline, "_RUN", run)
        found.add(round(distance_m(one, other), 4))
    assert max(found) - min(found) <= 2e-4


@pytest.mark.parametrize("seed", with_fresh(*range(20)))
def test_what_a_polygon_holds(seed: int) -> None:
    """A polygon holds the points that its edges go round, whichever way, and none on the other half of the Earth."""
    draw = random.Random(seed)
    center, size = a_point(draw), a_size_m(draw, 6e6)
    polygon = a_polygon(draw, center, size)
    points = [reached(center, draw.uniform(0, 360), size * draw.uniform(0, 1.2)) for _ in range(60)]
    points += [a_point(draw) for _ in range(20)]
    held = Outline.of(polygon).holds(normals_of(points))
    assert held.tolist() == [holds(polygon.ring, point) for point in points]


def test_a_point_on_the_other_side_of_the_earth_is_outside() -> None:
    """The antipode of a point inside is seen under the same angles, and is outside."""
    polygon = a_polygon(random.Random(1), GeoPoint(30, 20), 1e6)
    inside, opposite = Outline.of(polygon).holds(normals_of([GeoPoint(30, 20), GeoPoint(-150, -20)])).tolist()
    assert inside
    assert not opposite
