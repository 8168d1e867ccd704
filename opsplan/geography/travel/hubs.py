"""Which airports a plan may count on: those that airlines serve, as far as open data tell.

airportsdata says nothing of size or service, and most of its airports are strips. So an airport counts when

1. its name calls it international, or
2. a town of a certain size has no such airport near, and this is the nearest airport to it, or
3. its country has none by these, and it is the nearest to the country's largest town.

Heliports, seaplane bases and, unless international, military airfields do not count, nor those without an ICAO code.
Where the guess is wrong it takes an airfield beside a town for the town's airport: off by the way between the two.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from opsplan.geography.geodesy import EARTH_RADIUS_M, degrees_of, unit_vectors
from opsplan.geography.places import AirportRow, CityRow
from opsplan.geography.travel.rules import TravelRules

_ROWS = 1_000
_NO_AIRLINE = ("heliport", "seaplane")
_MILITARY = ("air base", "air force", "airbase", "raf ", "usaf", "afb", "army", "naval", "military")


def hub_airports(
    airports: Sequence[AirportRow], cities: Sequence[CityRow], rules: TravelRules
) -> tuple[AirportRow, ...]:
    """Choose the airports that count, in the order given."""
    usable = [airport for airport in airports if airport.icao and not _named(airport, _NO_AIRLINE)]
    chosen = {airport.code for airport in usable if _international(airport)}
    civil = [airport for airport in usable if _international(airport) or not _named(airport, _MILITARY)]
    chosen |= _nearest_to_towns(civil, cities, rules)
    chosen |= _one_per_country(usable, cities, {airport.country for airport in usable if airport.code in chosen})
    return tuple(airport for airport in airports if airport.code in chosen)


def _nearest_to_towns(airports: Sequence[AirportRow], cities: Sequence[CityRow], rules: TravelRules) -> set[str]:
    towns = [city for city in cities if city.population >= rules.hub_city_inhabitants]
    if not towns or not airports:
        return set()
    international = np.array([_international(airport) for airport in airports])
    near_enough = np.cos(rules.hub_radius_km * 1_000.0 / EARTH_RADIUS_M)
    chosen = set()
    for start in range(0, len(towns), _ROWS):
        closeness = _closeness(towns[start : start + _ROWS], airports)
        near = closeness >= near_enough
        unserved = near.any(axis=1) & ~(near & international).any(axis=1)
        chosen |= {airports[nearest].code for nearest in closeness[unserved].argmax(axis=1)}
    return chosen


def _one_per_country(airports: Sequence[AirportRow], cities: Sequence[CityRow], served: set[str]) -> set[str]:
    largest: dict[str, CityRow] = {}
    for city in cities:
        if city.country not in largest or city.population > largest[city.country].population:
            largest[city.country] = city
    chosen = set()
    for code in sorted({airport.country for airport in airports} - served):
        own = [airport for airport in airports if airport.country == code]
        nearest = int(_closeness([largest[code]], own)[0].argmax()) if code in largest else 0
        chosen.add(own[nearest].code)
    return chosen


def _closeness(one: Sequence[AirportRow | CityRow], other: Sequence[AirportRow | CityRow]) -> NDArray[np.float64]:
    """Give the cosine of the angle between each two: the larger, the nearer."""
    here, there = (unit_vectors(degrees_of([row.location for row in rows])) for rows in (one, other))
    return here @ there.T


def _international(airport: AirportRow) -> bool:
    return "international" in airport.name.lower()


def _named(airport: AirportRow, words: Sequence[str]) -> bool:
    return any(word in airport.name.lower() for word in words)
