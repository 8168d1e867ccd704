"""Polygons on the globe."""

import pytest

from opsplan.reading.compile.geometry import unwrapped
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.place import GeoPoint


def _ring(*corners: tuple[float, float]) -> list[GeoPoint]:
    return [GeoPoint(*corner) for corner in corners]


def test_a_polygon_over_the_antimeridian_runs_on() -> None:
    """Longitudes go on beyond 180 where an edge crosses, and a repeated last corner is dropped."""
    ring = unwrapped(_ring((179, -1), (-179, -1), (-179, 1), (179, 1), (179, -1)))
    assert ring == [(179, -1), (181, -1), (181, 1), (179, 1)]


@pytest.mark.parametrize(
    "corners", [[(0, 0)], [(0, 0), (1, 1)], [(0, 80), (90, 80), (180, 80), (-90, 80)], [(0, 0)] * 2_000]
)
def test_what_is_no_polygon_is_refused(corners: list[tuple[float, float]]) -> None:
    """Too few or too many corners, and a way round a pole."""
    with pytest.raises(Invalid, match="vertices"):
        unwrapped(_ring(*corners))
