"""How long a journey takes, from the description of the travel rule in words.

By road: great circle x 1.4 at 60 km/h. By air: by road to an airport, 120 minutes to board, 45 on the ground, the great
circle at 700 km/h, 45 to get out, by road to the site; the best pair of airports. The quicker of both. Each leg is
whole seconds, the sum whole minutes, rounded up.

Airports that count have an ICAO code and are neither heliports nor seaplane bases nor, unless their name says
international, military. Of these count the international ones; the one nearest to a town of 100,000 that has one within
60 km but no international one; and where a country has none by these, the one nearest to its largest town (the first
by its code, where it has no town).
"""

from collections import defaultdict
from math import ceil

from tests.oracle.earth import Near, great_circle_m
from tests.oracle.facts import Airport, Network, Point, Town

ROAD_FACTOR = 1.4
ROAD_KM_H = 60.0
CRUISE_KM_H = 700.0
FIXED_FLIGHT_MINUTES = 120 + 45 + 45
TOWN_INHABITANTS = 100_000
TOWN_REACH_M = 60_000.0

_ROAD_S_PER_M = ROAD_FACTOR * 3.6 / ROAD_KM_H
_AIR_S_PER_M = 3.6 / CRUISE_KM_H
_ROUNDING_S = 3.0
_NO_AIRLINE = ("heliport", "seaplane")
_MILITARY = ("air base", "air force", "airbase", "raf ", "usaf", "afb", "army", "naval", "military")


class Journeys:
    """Answers for one network; remembers what it has been asked."""

    def __init__(self, network: Network) -> None:
        self.hubs = airports_that_count(network)
        self._near = Near((hub.point, hub) for hub in self.hubs)
        self._gates: dict[Point, list[tuple[int, Point]]] = {}
        self._known: dict[tuple[Point, Point], int] = {}

    def minutes(self, one: Point, other: Point) -> int:
        """Give the whole minutes from one point to another; the same both ways."""
        key = (one, other) if (one.longitude, one.latitude) <= (other.longitude, other.latitude) else (other, one)
        if key not in self._known:
            seconds = min([_road_s(great_circle_m(*key)), *self._by_air(*key)])
            self._known[key] = ceil(seconds / 60)
        return self._known[key]

    def _by_air(self, one: Point, other: Point) -> list[int]:
        return [
            to_gate + FIXED_FLIGHT_MINUTES * 60 + ceil(great_circle_m(gate, exit_) * _AIR_S_PER_M) + from_exit
            for to_gate, gate in self._gates_of(one)
            for from_exit, exit_ in self._gates_of(other)
        ]

    def _gates_of(self, point: Point) -> list[tuple[int, Point]]:
        """Give the airports that a quickest journey may begin with, and the seconds by road to each.

        One that is far beyond the nearest cannot pay: to drive to the nearest and to fly from there to the other one
        is quicker than to drive there.
        """
        if point not in self._gates:
            nearest = self._near.nearest(point)
            reach_m = 0.0
            if nearest is not None:
                slower, quicker = _ROAD_S_PER_M - _AIR_S_PER_M, _ROAD_S_PER_M + _AIR_S_PER_M
                reach_m = (nearest[0] * quicker + _ROUNDING_S) / slower
            near = self._near.within(point, reach_m)
            self._gates[point] = [(_road_s(metres), hub.point) for metres, hub in near]
        return self._gates[point]


def airports_that_count(network: Network) -> tuple[Airport, ...]:
    """Choose the airports that a plan may count on."""
    airports, towns = network.airports, network.towns
    civil = [each for each in airports if each.icao and not _named(each, _NO_AIRLINE)]
    civil = [each for each in civil if _international(each) or not _named(each, _MILITARY)]
    chosen = {each.code for each in civil if _international(each)}
    everywhere = Near((each.point, each) for each in civil)
    for town in towns:
        near = everywhere.within(town.point, TOWN_REACH_M) if town.population >= TOWN_INHABITANTS else []
        if near and not any(_international(each) for _, each in near):
            chosen.add(min(near, key=lambda pair: pair[0])[1].code)
    chosen |= _one_for_each_country(civil, towns, {each.country for each in civil if each.code in chosen})
    return tuple(each for each in airports if each.code in chosen)


def _one_for_each_country(civil: list[Airport], towns: tuple[Town, ...], served: set[str]) -> set[str]:
    unserved: defaultdict[str, list[Airport]] = defaultdict(list)
    for airport in civil:
        if airport.country not in served:
            unserved[airport.country].append(airport)
    chosen: set[str] = set()
    for country, own in unserved.items():
        largest = max((town for town in towns if town.country == country), key=lambda t: t.population, default=None)
        if largest is None:
            chosen.add(min(each.code for each in own))
        else:
            centre = largest.point
            chosen.add(min(own, key=lambda each: great_circle_m(centre, each.point)).code)
    return chosen


def _road_s(metres: float) -> int:
    return ceil(metres * _ROAD_S_PER_M)


def _international(airport: Airport) -> bool:
    return "international" in airport.name.lower()


def _named(airport: Airport, words: tuple[str, ...]) -> bool:
    return any(word in airport.name.lower() for word in words)
