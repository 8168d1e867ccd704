"""Polygons of the globe made fit for a map: turned, cut at its edge, projected, thinned."""

from collections.abc import Iterable, Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from opsplan.geography.borders.model import Borders
from opsplan.geography.outline.projection import Canvas

_SEAM_DEGREES = 0.0001
_EDGE_DEGREES = 1.0


def thinned(borders: Borders, canvas: Canvas, tolerance: float) -> dict[str, list[shapely.Polygon]]:
    """Give the polygons on the canvas by owner's key, with fewer vertices.

    Borders that two countries share are thinned once for both, so that no gaps or overlaps open between them.

    Parameters
    ----------
    tolerance
        Details whose area is less than this, squared, go (canvas units).
    """
    turned = _turned(borders, canvas)
    owners = [owner for owner, polygons in turned.items() for _ in polygons]
    shapes = np.array([polygon for polygons in turned.values() for polygon in polygons], dtype=object)
    plane = shapely.transform(shapely.segmentize(shapes, _EDGE_DEGREES), canvas.project)
    thin = shapely.coverage_simplify(plane, tolerance)
    found: dict[str, list[shapely.Polygon]] = {owner: [] for owner in turned}
    for owner, shape in zip(owners, thin, strict=True):
        found[owner] += _polygons_in(shape)
    return found


def _turned(borders: Borders, canvas: Canvas) -> dict[str, list[shapely.Polygon]]:
    """Turn the globe so that the map's centre has longitude 0, cut at its edge, heal where it was cut before."""
    edge = canvas.central_longitude % 360.0 - 180.0
    by_owner: dict[str, list[shapely.Polygon]] = {}
    for owner, polygon in zip(borders.owners, borders.polygons, strict=True):
        by_owner.setdefault(owner, []).extend(_cut(polygon, edge))
    return {owner: _healed(polygons, seam=-edge) for owner, polygons in by_owner.items()}


def _cut(polygon: shapely.Polygon, edge: float) -> Iterator[shapely.Polygon]:
    """Cut at the longitude of the map's edge: what lies east of it begins the map at -180, the rest ends it at 180."""
    west, south, east, north = polygon.bounds
    if east <= edge:
        yield _moved(polygon, 180.0 - edge)
    elif west >= edge:
        yield _moved(polygon, -180.0 - edge)
    else:
        for part in _polygons_in(shapely.clip_by_rect(polygon, west, south, edge, north)):
            yield _moved(part, 180.0 - edge)
        for part in _polygons_in(shapely.clip_by_rect(polygon, edge, south, east, north)):
            yield _moved(part, -180.0 - edge)


def _moved(polygon: shapely.Polygon, by_degrees: float) -> shapely.Polygon:
    return shapely.transform(polygon, lambda degrees: np.add(degrees, (by_degrees, 0.0)))


def _healed(polygons: list[shapely.Polygon], seam: float) -> list[shapely.Polygon]:
    """Join polygons that met at the antimeridian, which is no longer an edge."""
    at_seam = [polygon for polygon in polygons if _touches(polygon, seam)]
    others = [polygon for polygon in polygons if not _touches(polygon, seam)]
    return [*others, *_polygons_in(shapely.union_all(at_seam))] if at_seam else others


def _touches(polygon: shapely.Polygon, longitude: float) -> bool:
    west, _, east, _ = polygon.bounds
    return min(abs(west - longitude), abs(east - longitude)) < _SEAM_DEGREES


def _polygons_in(shape: shapely.Geometry) -> list[shapely.Polygon]:
    parts: Iterable[shapely.Geometry] | NDArray[np.object_] = shapely.get_parts(shapely.get_parts(shape))
    return [part for part in parts if isinstance(part, shapely.Polygon) and not part.is_empty]
