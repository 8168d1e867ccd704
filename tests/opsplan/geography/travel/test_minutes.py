"""Travel times: symmetric, consistent, obeying the triangle, equal to brute force over all airports."""

import time
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsplan.geography.geodesy import degrees_of, great_circle_m, unit_vectors
from opsplan.geography.places import cities
from opsplan.geography.travel import DEFAULT_RULES, TravelRules, route, travel_minutes, travel_model
from opsplan.vocabulary.place import GeoPoint

PHNOM_PENH = GeoPoint(104.92, 11.56)
SIHANOUKVILLE = GeoPoint(103.52, 10.63)
MANILA = GeoPoint(120.98, 14.60)
LONDON = GeoPoint(-0.13, 51.51)

anywhere = st.builds(
    GeoPoint, longitude=st.floats(-180, 180, allow_nan=False), latitude=st.floats(-90, 90, allow_nan=False)
)
in_a_city = st.integers(0, 30_000).map(lambda index: cities()[index].location)
near_each_other = st.builds(
    GeoPoint, longitude=st.floats(100.0, 106.0, allow_nan=False), latitude=st.floats(10.0, 16.0, allow_nan=False)
)
points = st.one_of(anywhere, in_a_city, near_each_other)


@cache
def all_flights(rules: TravelRules) -> np.ndarray:
    """Give the whole seconds between any two airports."""
    hubs = unit_vectors(degrees_of([hub.location for hub in travel_model(rules).hubs]))
    return np.ceil(great_circle_m(hubs, hubs) * 3.6 / rules.cruise_speed_km_h)


def by_brute_force(one: GeoPoint, other: GeoPoint, rules: TravelRules) -> int:
    """Try the road and every pair of airports."""
    here, there = unit_vectors(degrees_of([one])), unit_vectors(degrees_of([other]))
    hubs = unit_vectors(degrees_of([hub.location for hub in travel_model(rules).hubs]))
    seconds_m = rules.road_factor * 3.6 / rules.road_speed_km_h
    to, out = (np.ceil(great_circle_m(end, hubs)[0] * seconds_m) for end in (here, there))
    air = (to[:, None] + all_flights(rules) + out[None, :]).min() + rules.fixed_flight_minutes * 60
    road = np.ceil(great_circle_m(here, there)[0, 0] * seconds_m)
    return int(-(-min(air, road) // 60))


def test_a_way_by_road() -> None:
    """From Phnom Penh to Sihanoukville it is 185 km as the crow flies: 4 h 20 by the rules, and nobody flies."""
    found = route(PHNOM_PENH, SIHANOUKVILLE)
    assert found.departure is None
    assert 250 <= found.minutes <= 265


def test_a_way_by_air() -> None:
    """From Phnom Penh to Manila one flies from airport to airport, and the legs add up."""
    found = route(PHNOM_PENH, MANILA)
    assert (found.departure and found.departure.country, found.arrival and found.arrival.code) == ("KH", "MNL")
    legs = found.to_departure_minutes + found.flight_minutes + found.from_arrival_minutes
    ends = DEFAULT_RULES.check_in_minutes + DEFAULT_RULES.exit_minutes
    assert found.minutes <= legs + ends <= found.minutes + 3
    assert 360 <= found.minutes <= 480


def test_staying_takes_no_time() -> None:
    """From a point to itself it is nothing, anywhere."""
    for point in (PHNOM_PENH, GeoPoint(0.0, -90.0), GeoPoint(180.0, 0.0)):
        assert travel_minutes([point], [point]).tolist() == [[0]]


def test_both_names_of_the_antimeridian_are_one_place() -> None:
    """Longitude 180 and -180 are the same meridian, and a pole is one point."""
    assert travel_minutes([GeoPoint(180.0, -17.0)], [GeoPoint(-180.0, -17.0)])[0, 0] <= 1
    assert travel_minutes([GeoPoint(10.0, 90.0)], [GeoPoint(-130.0, 90.0)])[0, 0] <= 1


@settings(max_examples=25, deadline=None)
@given(points, points)
def test_times_equal_brute_force_over_all_airports(one: GeoPoint, other: GeoPoint) -> None:
    """Leaving out airports that are of no use changes nothing."""
    assert travel_minutes([one], [other])[0, 0] == by_brute_force(one, other, DEFAULT_RULES)


@settings(max_examples=60, deadline=None)
@given(st.lists(points, min_size=3, max_size=12))
def test_times_are_symmetric_and_obey_the_triangle(some: list[GeoPoint]) -> None:
    """There and back take the same time, and no stop-over makes a way shorter."""
    minutes = travel_minutes(some, some)
    assert (minutes == minutes.T).all()
    assert (minutes.diagonal() == 0).all()
    for by_way_of in range(len(some)):
        assert (minutes <= minutes[:, by_way_of, None] + minutes[None, by_way_of, :]).all()


@settings(max_examples=30, deadline=None)
@given(st.lists(points, min_size=1, max_size=8), st.lists(points, min_size=1, max_size=8))
def test_a_pair_equals_its_entry_in_the_matrix(some: list[GeoPoint], others: list[GeoPoint]) -> None:
    """Asked for alone or among others, a way takes the same time; its route too."""
    minutes = travel_minutes(some, others)
    assert minutes.shape == (len(some), len(others))
    for row, one in enumerate(some):
        for column, other in enumerate(others):
            assert travel_minutes([one], [other])[0, 0] == minutes[row, column]
    assert route(some[0], others[0]).minutes == minutes[0, 0]


def test_large_matrices_are_quick_and_small() -> None:
    """Ten million ways take seconds, as 32-bit whole minutes; rows agree with what they give alone."""
    rows = [city.location for city in cities()[:10_000]]
    columns = [city.location for city in cities()[10_000:11_000]]
    start = time.perf_counter()
    minutes = travel_minutes(rows, columns)
    assert time.perf_counter() - start < 15.0
    assert (minutes.shape, minutes.dtype) == ((10_000, 1_000), np.int32)
    assert (travel_minutes(rows[5_000:5_003], columns) == minutes[5_000:5_003]).all()
    assert minutes.max() < 5 * 1_440


def test_nobody_and_nowhere_make_empty_matrices() -> None:
    """No points give no rows or columns."""
    assert travel_minutes([], [LONDON]).shape == (0, 1)
    assert travel_minutes([LONDON], []).shape == (1, 0)


def test_rules_change_the_answer() -> None:
    """On slower roads the same way takes longer, and one flies where one drove."""
    slow = TravelRules(road_speed_km_h=30.0)
    assert travel_minutes([PHNOM_PENH], [SIHANOUKVILLE], slow) > travel_minutes([PHNOM_PENH], [SIHANOUKVILLE])
    assert route(PHNOM_PENH, SIHANOUKVILLE, slow).departure is not None


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"road_factor": 0.9}, "road_factor"),
        ({"road_speed_km_h": 0.0}, "road_speed_km_h"),
        ({"cruise_speed_km_h": 40.0}, "road_speed_km_h"),
        ({"check_in_minutes": -1}, "check_in_minutes"),
        ({"hub_radius_km": float("nan")}, "hub_radius_km"),
        ({"cruise_speed_km_h": float("inf")}, "cruise_speed_km_h"),
    ],
)
def test_absurd_rules_are_refused(wrong: dict[str, float], named: str) -> None:
    """Rules that would break the model's promises are named."""
    with pytest.raises(ValueError, match=named):
        TravelRules(**wrong)  # type: ignore[arg-type]
