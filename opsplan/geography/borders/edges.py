"""Which borders are near a point, and how near."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from opsplan.geography.borders.model import Borders
from opsplan.geography.geodesy import EARTH_RADIUS_M, degrees_from, geodesic_distance_m, unit_vectors
from opsplan.vocabulary.place import GeoPoint

_EDGES_PER_CHUNK = 24
_MARGIN = 1.01  # spherical windows are drawn this much wider than the ellipsoid needs

Window = tuple[float, float, float, float]


class EdgeIndex:
    """The edges of all polygons, in chunks that a tree of boxes finds."""

    def __init__(self, borders: Borders) -> None:
        self._vertices = borders.vertices
        first, last, ring = _chunks(borders.ring_starts)
        self._first, self._last = first, last
        polygon_of_ring = np.repeat(np.arange(len(borders.owners)), np.diff(borders.polygon_starts))
        self._polygon = polygon_of_ring[ring]
        spans = np.column_stack((first, last + 1)).ravel()[:-1]  # the last span runs to the end by itself
        low = np.minimum.reduceat(borders.vertices, spans, axis=0)[::2]
        high = np.maximum.reduceat(borders.vertices, spans, axis=0)[::2]
        self._tree = shapely.STRtree(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))

    def any_near(self, points: Sequence[GeoPoint], within_m: float) -> NDArray[np.bool_]:
        """Say for each point whether any border may be within `within_m`: never False when one is."""
        windows = [
            (number, window) for number, point in enumerate(points) for window in windows_around(point, within_m)
        ]
        boxes = np.array([window for _, window in windows]).reshape(-1, 4)
        numbers = np.array([number for number, _ in windows], dtype=np.int64)
        hit = self._tree.query(shapely.box(*boxes.T))[0]
        near = np.zeros(len(points), dtype=np.bool_)
        near[numbers[hit]] = True
        return near

    def distances_m(self, point: GeoPoint, within_m: float) -> dict[int, float]:
        """Give per polygon the distance in metres from the point to its border, where that is at most `within_m`.

        The nearest spot on each border is chosen on the sphere, then measured on the ellipsoid: what is given is never
        less than the true distance, and at most half a percent more.
        """
        windows = [shapely.box(*window) for window in windows_around(point, within_m)]
        chunks = np.unique(self._tree.query(windows)[1])
        if not len(chunks):
            return {}
        counts = self._last[chunks] - self._first[chunks]
        starts = np.repeat(self._first[chunks] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
        edges = starts + np.arange(counts.sum())
        polygon = np.repeat(self._polygon[chunks], counts)
        spots, squared = self._nearest_spots(point, edges)
        order = np.lexsort((squared, polygon))
        best = order[np.unique(polygon[order], return_index=True)[1]]
        reach = 2.0 * np.sin(min(np.pi / 2, within_m * _MARGIN / EARTH_RADIUS_M / 2.0))
        best = best[squared[best] <= reach * reach]
        found = {}
        for index, (longitude, latitude) in zip(polygon[best], degrees_from(spots[best]), strict=True):
            distance = geodesic_distance_m(point, GeoPoint(float(longitude), float(latitude)))
            if distance <= within_m:
                found[int(index)] = distance
        return found

    def _nearest_spots(
        self, point: GeoPoint, edges: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give the spot of each edge that is nearest the point, as vectors, and its squared chord.

        An edge is taken for the straight chord of its ends; at a tenth of a degree the two differ by a few metres at
        most.
        """
        here = unit_vectors(np.array([[point.longitude, point.latitude]]))[0]
        start = unit_vectors(self._vertices[edges])
        along = unit_vectors(self._vertices[edges + 1]) - start
        length_squared = np.einsum("ij,ij->i", along, along)
        share = np.einsum("ij,ij->i", here - start, along) / np.where(length_squared > 0.0, length_squared, 1.0)
        spots = start + np.clip(share, 0.0, 1.0)[:, None] * along
        away = spots - here
        return spots, np.einsum("ij,ij->i", away, away)


def windows_around(point: GeoPoint, radius_m: float) -> tuple[Window, ...]:
    """Give boxes (west, south, east, north) in degrees that hold every point within `radius_m`.

    Two boxes when the circle crosses the antimeridian; all longitudes when it holds a pole.
    """
    angle = radius_m * _MARGIN / EARTH_RADIUS_M
    reach = float(np.degrees(angle))
    south, north = point.latitude - reach, point.latitude + reach
    if south <= -90.0 or north >= 90.0:
        return ((-180.0, max(south, -90.0), 180.0, min(north, 90.0)),)
    wide = float(np.degrees(np.arcsin(min(1.0, np.sin(angle) / np.cos(np.radians(point.latitude))))))
    west, east = point.longitude - wide, point.longitude + wide
    if west < -180.0:
        return ((-180.0, south, east, north), (west + 360.0, south, 180.0, north))
    if east > 180.0:
        return ((west, south, 180.0, north), (-180.0, south, east - 360.0, north))
    return ((west, south, east, north),)


def _chunks(ring_starts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Cut rings into runs of edges: first and last vertex of each run (both included), and its ring."""
    edges = np.diff(ring_starts) - 1
    runs = -(-edges // _EDGES_PER_CHUNK)
    ring = np.repeat(np.arange(len(runs)), runs)
    number = np.arange(len(ring)) - np.repeat(np.cumsum(runs) - runs, runs)
    first = ring_starts[:-1][ring] + number * _EDGES_PER_CHUNK
    last = np.minimum(first + _EDGES_PER_CHUNK, ring_starts[1:][ring] - 1)
    return first, last, ring
