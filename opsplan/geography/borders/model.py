"""What borders are, once loaded: areas, the polygons that draw them, the circles that stand in."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from opsplan.geography.borders.tables import CONTESTED_AREAS, ContestedArea


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle round a place that the map gives to no country, or to another than GeoNames does.

    Attributes
    ----------
    code
        The country that the place belongs to by GeoNames or airportsdata.
    longitude, latitude, radius_m
        Degrees and metres.
    place
        Name of the place.
    disputed
        False for an islet that the map does not draw; True for a place that lies on another country's soil by the map.
    """

    code: str
    longitude: float
    latitude: float
    radius_m: float
    place: str
    disputed: bool


@dataclass(frozen=True, slots=True)
class Area:
    """What a polygon belongs to: a country, or a contested area with its claimants.

    `countries` holds one code for a country's own soil, every claimant's for a contested area.
    """

    countries: tuple[str, ...]
    contested: ContestedArea | None = None


@dataclass(frozen=True)
class Borders:
    """The land of the world in polygons (longitude, latitude in degrees), each belonging to one area.

    Edges are at most a tenth of a degree long, straight in longitude and latitude. Polygons never cross the
    antimeridian: land that does is cut there, and both halves belong to the same area.

    Attributes
    ----------
    owners
        Per polygon its area's key: an alpha-2 code, or the key of a `ContestedArea`.
    vertices
        Longitude and latitude of all vertices of all rings in turn, shape (v, 2).
    ring_starts
        Index into `vertices` of each ring's first vertex, and the end; shape (r + 1,).
    polygon_starts
        Index into rings of each polygon's first (outer) ring, and the end; shape (p + 1,).
    circles
        What stands in for land that is not drawn.
    """

    owners: tuple[str, ...]
    vertices: NDArray[np.float64]
    ring_starts: NDArray[np.int64]
    polygon_starts: NDArray[np.int64]
    circles: tuple[Circle, ...]

    @cached_property
    def polygons(self) -> NDArray[np.object_]:
        """The polygons as shapely geometries, in the order of `owners`."""
        made: NDArray[np.object_] = shapely.from_ragged_array(
            shapely.GeometryType.POLYGON, self.vertices, (self.ring_starts, self.polygon_starts)
        )
        return made

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """Per polygon its area."""
        return tuple(area_of(owner) for owner in self.owners)

    @property
    def drawn_countries(self) -> frozenset[str]:
        """The countries that have at least one polygon of their own."""
        return frozenset(owner for owner in self.owners if owner not in _CONTESTED)


def area_of(owner: str) -> Area:
    """Give the area that a polygon's owner key names."""
    contested = _CONTESTED.get(owner)
    return Area((owner,)) if contested is None else Area(contested.claimants, contested)


_CONTESTED = {area.key: area for area in CONTESTED_AREAS}
