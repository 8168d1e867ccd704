"""Areas on the Earth (WGS 84): circles and polygons. Altitude is left out."""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from opsplan.vocabulary.place import GeoPoint
from opsplan.vocabulary.rings import crossing_of, following, normals_of, some_cap


@dataclass(frozen=True, slots=True)
class Circle:
    """All points within `radius_m` metres of a centre, along geodesics of the ellipsoid; radius 0 is a point."""

    center: GeoPoint
    radius_m: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.radius_m < math.inf:
            raise ValueError(f"radius_m {self.radius_m} is no radius; give metres, 0 or more")


@dataclass(frozen=True, slots=True)
class Polygon:
    """What a ring of points encloses: its edges and the smaller side, whichever way round the points are given.

    Edges are great circles between geodetic coordinates taken as those of a sphere (docs/decisions/0044). The ring may
    cross the antimeridian and go round a pole; it lies within less than a hemisphere and neither crosses nor touches
    itself. A point that repeats the one before it, and one that closes the ring, are dropped.
    """

    ring: tuple[GeoPoint, ...]

    def __post_init__(self) -> None:
        ring = tuple(
            point
            for before, point in zip((None, *self.ring), self.ring, strict=False)
            if before is None or _place_of(point) != _place_of(before)
        )
        if len(ring) > 1 and _place_of(ring[0]) == _place_of(ring[-1]):
            ring = ring[:-1]
        object.__setattr__(self, "ring", ring)
        different = len({_place_of(point) for point in ring})
        if different < 3:
            raise ValueError(f"ring needs at least 3 different points, and has {different}")
        vectors = normals_of(ring)
        opposite = np.abs(vectors + following(vectors)).sum(axis=1) < 1e-9
        if opposite.any():
            start = int(np.argmax(opposite))
            raise ValueError(
                f"ring goes from {_shown(ring[start])} to the opposite side of the Earth, "
                f"{_shown(ring[(start + 1) % len(ring)])}, where no shortest line leads; put a point between them"
            )
        cap = some_cap(vectors)
        if cap is None:
            raise ValueError("ring spans half of the Earth or more; divide the area into smaller polygons")
        crossing = crossing_of(vectors, cap[0])
        if crossing is not None:
            raise ValueError(
                f"ring crosses or touches itself at {_shown(GeoPoint(*crossing))}; "
                "give its points in order, each once, one polygon for each part"
            )


Area: TypeAlias = Circle | Polygon
"""Where something happens, or whom it would disturb."""


def _place_of(point: GeoPoint) -> tuple[float, float]:
    # One place has many longitudes at a pole, and two at the antimeridian.
    if abs(point.latitude) == 90.0:
        return 0.0, point.latitude
    return (-180.0 if point.longitude == 180.0 else point.longitude), point.latitude


def _shown(point: GeoPoint) -> str:
    # To a decimetre; adding 0 makes -0 plain.
    return f"longitude {round(point.longitude, 6) + 0.0:.9g}, latitude {round(point.latitude, 6) + 0.0:.9g}"
