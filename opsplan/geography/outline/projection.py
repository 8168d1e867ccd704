"""The Equal Earth projection (Savric, Patterson and Jenny 2018): equal areas, in shapes that people know."""

from dataclasses import dataclass
from math import ceil, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from opsplan.vocabulary.place import GeoPoint

_A1: Final = 1.340264
_A2: Final = -0.081106
_A3: Final = 0.000893
_A4: Final = 0.003796
_HALF_ROOT_3: Final = sqrt(3.0) / 2.0

Plane = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Canvas:
    """A map's canvas: x from 0 at its left to `width`, y from 0 at its top to `height`, as SVG counts.

    The map is cut opposite `central_longitude`. At 11 degrees east the cut runs through the Bering Strait at 169
    degrees west, where it meets the least land.
    """

    width: int = 2_000
    central_longitude: float = 11.0

    @property
    def height(self) -> int:
        """What the projection needs for that width, rounded up."""
        return ceil(2.0 * float(_equal_earth(np.array([[0.0, 90.0]]))[0, 1]) * self.scale)

    @property
    def scale(self) -> float:
        """Canvas units per unit of the projection."""
        return float(self.width / (2.0 * _equal_earth(np.array([[180.0, 0.0]]))[0, 0]))

    def place(self, point: GeoPoint) -> tuple[float, float]:
        """Give x and y of a point, to a tenth of a unit."""
        degrees = np.array([[self.turned(np.array([point.longitude]))[0], point.latitude]])
        x, y = self.project(degrees)[0]
        return round(float(x), 1), round(float(y), 1)

    def turned(self, longitudes: Plane) -> Plane:
        """Give longitudes east of the central one, in [-180, 180)."""
        return (longitudes - self.central_longitude + 180.0) % 360.0 - 180.0

    def project(self, turned_degrees: Plane) -> Plane:
        """Project turned longitudes and latitudes (n, 2) onto the canvas (n, 2)."""
        plane = _equal_earth(turned_degrees) * self.scale
        return np.column_stack((plane[:, 0] + self.width / 2.0, self.height / 2.0 - plane[:, 1]))


def _equal_earth(degrees: Plane) -> Plane:
    longitude, latitude = np.radians(degrees[:, 0]), np.radians(degrees[:, 1])
    theta = np.arcsin(_HALF_ROOT_3 * np.sin(latitude))
    square = theta * theta
    sixth = square * square * square
    x = (
        longitude
        * np.cos(theta)
        / (_HALF_ROOT_3 * (_A1 + 3.0 * _A2 * square + sixth * (7.0 * _A3 + 9.0 * _A4 * square)))
    )
    y = theta * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))
    return np.column_stack((x, y))
