"""The IANA time zone of a point, from the gazetteer as the API serves it."""

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.oracle.earth import Near
from tests.oracle.facts import Gazetteer, Point


class Zones:
    """Knows the zone of every point on land.

    A country's only zone, where it has one; else that of the country's nearest town or airport. Where a country has no
    zone, the zone that ships keep at that longitude.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._by_country = gazetteer.zones
        places: defaultdict[str, list[tuple[Point, str]]] = defaultdict(list)
        for town in gazetteer.settled:
            places[town.country].append((town.point, town.time_zone))
        for airport in gazetteer.network.airports:
            places[airport.country].append((airport.point, airport.time_zone))
        self._places = places
        self._near: dict[str, Near[str]] = {}

    def of(self, point: Point, country: str) -> str:
        """Give the zone of a point in a country."""
        zones = self._by_country.get(country, ())
        if len(zones) == 1:
            return zones[0]
        if country not in self._near:
            self._near[country] = Near(self._places[country])
        nearest = self._near[country].nearest(point) if zones else None
        return nearest[1] if nearest is not None else _at_sea(point)

    def clock(self, zone: str, instant: datetime) -> datetime:
        """Give what a clock on the wall shows in a zone at an instant."""
        return instant.astimezone(ZoneInfo(zone))


def _at_sea(point: Point) -> str:
    # POSIX turns the sign round: Etc/GMT-10 is ten hours ahead of Greenwich.
    hours = round(point.longitude / 15.0)
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"
