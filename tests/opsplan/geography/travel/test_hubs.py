"""The airports that count: those of the large towns and one per country, no strips, no heliports."""

from opsplan.geography.places import AirportRow, CityRow, airports, cities
from opsplan.geography.travel import DEFAULT_RULES, travel_model
from opsplan.geography.travel.hubs import hub_airports
from opsplan.vocabulary.place import GeoPoint


def an_airport(code: str, name: str, longitude: float, *, country: str = "KI", icao: str = "XXXX") -> AirportRow:
    return AirportRow(code, icao, name, "", country, GeoPoint(longitude, 0.0), "Pacific/Tarawa")


def a_town(name: str, longitude: float, population: int, *, country: str = "KI") -> CityRow:
    return CityRow(name, name, country, GeoPoint(longitude, 0.0), population, "Pacific/Tarawa")


def chosen(rows: list[AirportRow], towns: list[CityRow]) -> list[str]:
    return [row.code for row in hub_airports(rows, towns, DEFAULT_RULES)]


def test_an_international_airport_counts_wherever_it_lies() -> None:
    """Its name is enough; a strip beside it is left out, and so is one without an ICAO code."""
    rows = [
        an_airport("AAA", "Big International Airport", 0.0),
        an_airport("BBB", "Bush Strip", 3.0),
        an_airport("CCC", "Other International Airport", 5.0, icao=""),
    ]
    assert chosen(rows, []) == ["AAA"]


def test_a_large_town_has_the_nearest_airport() -> None:
    """Without an international airport near, the nearest counts, not a heliport, not an air base, not one too far."""
    rows = [
        an_airport("AAA", "Harbour Heliport", 10.0),
        an_airport("BBB", "Old Air Base", 10.1),
        an_airport("CCC", "Town Airport", 10.2),
        an_airport("DDD", "Village Strip", 10.4),
        an_airport("EEE", "Far Airport", 12.0),
    ]
    assert chosen(rows, [a_town("Large", 10.0, 250_000), a_town("Small", 12.0, 20_000)]) == ["CCC"]


def test_every_country_with_an_airport_has_one_that_counts() -> None:
    """Where nothing else serves, it is the one nearest to the largest town."""
    rows = [an_airport("AAA", "North Strip", 20.0), an_airport("BBB", "South Strip", 22.0)]
    assert chosen(rows, [a_town("Small", 20.1, 900), a_town("Larger", 21.9, 4_000)]) == ["BBB"]
    assert chosen(rows, []) == ["AAA"]


def test_the_world_has_its_hubs() -> None:
    """Those that everybody knows count, and each country with a usable airport has one."""
    hubs = travel_model().hubs
    assert {"BKK", "DMK", "KTI", "KOS", "RGN", "SIN", "HKG", "MNL", "LHR", "CDG", "JFK", "MAD", "GVA"} <= {
        hub.code for hub in hubs
    }
    assert {hub.country for hub in hubs} == {row.country for row in airports() if row.icao}
    assert 2_000 < len(hubs) < 3_500
    assert len(cities()) > len(hubs)
