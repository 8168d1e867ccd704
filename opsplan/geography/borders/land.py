"""Which polygons a point lies in."""

import numpy as np
import shapely
from numpy.typing import NDArray

from opsplan.geography.borders.model import Borders


class LandIndex:
    """The polygons of the map, found by their boxes and prepared for many points."""

    def __init__(self, borders: Borders) -> None:
        self._polygons = borders.polygons
        shapely.prepare(self._polygons)
        self._tree = shapely.STRtree(self._polygons)

    def polygons_at(self, degrees: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Find the polygons that hold points, their borders included.

        Parameters
        ----------
        degrees
            Longitude and latitude, shape (n, 2).

        Returns
        -------
        Indices of points and of the polygons that hold them, pair by pair. A point on the antimeridian is looked for
        on both its sides, under the index that it has.
        """
        seam = np.flatnonzero(np.abs(degrees[:, 0]) == 180.0)
        looked_for = np.vstack((degrees, degrees[seam] * (-1.0, 1.0)))
        number = np.concatenate((np.arange(len(degrees)), seam))
        points = np.atleast_1d(np.asarray(shapely.points(looked_for), dtype=object))
        near, polygon = self._tree.query(points)
        holds = shapely.intersects(self._polygons[polygon], points[near])
        return number[near[holds]], polygon[holds]
