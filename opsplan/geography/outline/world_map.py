"""The world map as path data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import shapely

from opsplan.geography.borders.load import load_borders
from opsplan.geography.borders.model import Borders, area_of
from opsplan.geography.outline.projection import Canvas
from opsplan.geography.outline.simplify import thinned
from opsplan.vocabulary.place import GeoPoint

DEFAULT_CANVAS: Final = Canvas()

_TOLERANCE: Final = 0.6
_SMALLEST_AREA: Final = 1.0  # canvas units squared: smaller islands go, unless they are a country's largest
_DOT: Final = "m-2 0l2 -2 2 2 -2 2z"


@dataclass(frozen=True, slots=True)
class ContestedOutline:
    """A contested area on the map: its name, the countries that hold or claim it, its path."""

    name: str
    claimants: tuple[str, ...]
    path: str


@dataclass(frozen=True, slots=True)
class WorldMap:
    """A world map for SVG with ``viewBox="0 0 {canvas.width} {canvas.height}"``.

    Attributes
    ----------
    canvas
        Places points on the map: `canvas.place`.
    frame
        Path of the map's edge; fill it for the sea.
    countries
        Path per alpha-2 code, all of ISO 3166-1. Fill with ``fill-rule="evenodd"``. Countries too small to show are a
        diamond four units wide.
    contested
        Paths of the contested areas, which belong to no country's path.
    """

    canvas: Canvas
    frame: str
    countries: Mapping[str, str]
    contested: tuple[ContestedOutline, ...]


@cache
def world_map(canvas: Canvas = DEFAULT_CANVAS, cache_folder: Path | None = None) -> WorldMap:
    """Draw the world on a canvas, once per process; see `load_borders` for the folder and the errors."""
    return draw(load_borders(cache_folder), canvas)


def draw(borders: Borders, canvas: Canvas = DEFAULT_CANVAS) -> WorldMap:
    """Draw borders on a canvas."""
    countries: dict[str, str] = {}
    contested = []
    for owner, polygons in thinned(borders, canvas, _TOLERANCE * canvas.width / DEFAULT_CANVAS.width).items():
        area = area_of(owner)
        path = _path(polygons)
        if area.contested is None:
            countries[owner] = path
        else:
            contested.append(ContestedOutline(area.contested.name, area.countries, path))
    for circle in borders.circles:
        if circle.code not in borders.drawn_countries:
            countries[circle.code] = countries.get(circle.code, "") + _dot(
                canvas.place(GeoPoint(circle.longitude, circle.latitude))
            )
    return WorldMap(canvas, _frame(canvas), MappingProxyType(dict(sorted(countries.items()))), tuple(contested))


def _path(polygons: Iterable[shapely.Polygon]) -> str:
    """Write polygons as one path, the largest in any case."""
    ordered = sorted(polygons, key=lambda polygon: -polygon.area)
    if not ordered:
        return ""
    rings = [
        ring for polygon in ordered if polygon.area >= _SMALLEST_AREA for ring in (polygon.exterior, *polygon.interiors)
    ]
    written = "".join(_ring(np.asarray(ring.coords)) for ring in rings)
    centre = ordered[0].representative_point()
    return written or _dot((centre.x, centre.y))


def _ring(points: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> str:
    """Write a ring with whole, relative coordinates; nothing when less than a triangle is left."""
    whole = np.rint(points[:-1]).astype(int)
    kept = whole[np.any(whole != np.roll(whole, 1, axis=0), axis=1)]
    if len(kept) < 3 or not shapely.Polygon(kept).area:
        return ""
    steps = " ".join(f"{x} {y}" for x, y in np.diff(kept, axis=0))
    return f"M{kept[0][0]} {kept[0][1]}l{steps}z".replace(" -", "-")


def _dot(centre: tuple[float, float]) -> str:
    return f"M{round(centre[0])} {round(centre[1])}{_DOT}".replace(" -", "-")


def _frame(canvas: Canvas) -> str:
    down = np.arange(90.0, -91.0, -5.0)
    edge = np.vstack(
        (np.column_stack((np.full_like(down, 180.0), down)), np.column_stack((np.full_like(down, -180.0), down[::-1])))
    )
    return _ring(np.vstack((canvas.project(edge), canvas.project(edge[:1]))))
