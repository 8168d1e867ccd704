"""Travel minutes between points: the quicker of road and air.

    road(a, b)   great circle x road factor / road speed
    air(a, b)    least of road(a, A) + check-in + ground + cruise(A, B) + exit + road(B, b) over all airports A and B
    travel(a, b) = min(road(a, b), air(a, b))

With the default rules the road wins up to about 160 km, the air mostly beyond 220 km, depending on how far the airports
are.

Legs are whole seconds and the sum is whole minutes, each rounded up, so that a matrix and a single pair agree, both
directions agree, and the triangle inequality holds without exception: travel(a, c) <= travel(a, b) + travel(b, c).
It holds because each leg obeys it, every airport may be used by everybody, and flying is quicker than driving the same
way (Dijkstra's argument in three cases); rounding up keeps it. A plan therefore never gains by a stop-over that does
nothing.

What the model does not know: water, mountains, borders closed to traffic, timetables, visas. A strait of 50 km is
crossed at the pace of a road.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from opsplan.geography.geodesy import Vectors, degrees_of, great_circle_m, unit_vectors
from opsplan.geography.places import AirportRow, airports, cities
from opsplan.geography.travel.hubs import hub_airports
from opsplan.geography.travel.rules import DEFAULT_RULES, TravelRules
from opsplan.vocabulary.place import GeoPoint

Seconds = NDArray[np.int32]
Minutes = NDArray[np.int32]

_SECONDS_PER_MINUTE: Final = 60
_NEVER: Final = np.int32(10**8)  # three years; three of them still fit into 32 bits
_ROWS: Final = 512
_SLACK_M: Final = 500.0


@dataclass(frozen=True, slots=True)
class Route:
    """One journey: by road all the way when `departure` is None, else through two airports.

    Minutes are rounded up leg by leg, so the legs may add up to a few more than `minutes`.
    """

    minutes: int
    departure: AirportRow | None = None
    arrival: AirportRow | None = None
    to_departure_minutes: int = 0
    flight_minutes: int = 0
    from_arrival_minutes: int = 0


class TravelModel:
    """Rules and airports made ready; keep one and ask it often."""

    def __init__(self, hubs: Sequence[AirportRow], rules: TravelRules = DEFAULT_RULES) -> None:
        self.hubs = tuple(hubs)
        self.rules = rules
        self._hub_vectors = unit_vectors(degrees_of([hub.location for hub in hubs]))
        self._flight_s = _seconds(great_circle_m(self._hub_vectors, self._hub_vectors), rules.flight_seconds_per_metre)
        self._fixed_s = np.int32(rules.fixed_flight_minutes * _SECONDS_PER_MINUTE)

    def minutes(self, points_a: Sequence[GeoPoint], points_b: Sequence[GeoPoint]) -> Minutes:
        """Give all travel times in minutes, shape (len(points_a), len(points_b))."""
        here, there = unit_vectors(degrees_of(points_a)), unit_vectors(degrees_of(points_b))
        best = np.empty((len(here), len(there)), dtype=np.int32)
        hub_b, access_b = self._gateways(there)
        used, slot_b = np.unique(hub_b, return_inverse=True)
        slot_b = slot_b.reshape(hub_b.shape)
        for start in range(0, len(here), _ROWS):
            rows = slice(start, start + _ROWS)
            best[rows] = self._block(here[rows], there, used, slot_b, access_b)
        return -(-best // np.int32(_SECONDS_PER_MINUTE))

    def route(self, start: GeoPoint, end: GeoPoint) -> Route:
        """Give one journey with its legs; its minutes equal the matrix entry."""
        minutes = int(self.minutes((start,), (end,))[0, 0])
        here, there = unit_vectors(degrees_of((start,))), unit_vectors(degrees_of((end,)))
        road_s = int(_seconds(great_circle_m(here, there), self.rules.road_seconds_per_metre)[0, 0])
        if -(-road_s // _SECONDS_PER_MINUTE) <= minutes:
            return Route(minutes)
        hub_a, access_a = (found[0] for found in self._gateways(here))
        hub_b, access_b = (found[0] for found in self._gateways(there))
        total = access_a[:, None] + self._flight_s[np.ix_(hub_a, hub_b)] + access_b[None, :]
        first, last = np.unravel_index(int(total.argmin()), total.shape)
        flight_s = int(self._flight_s[hub_a[first], hub_b[last]])
        return Route(
            minutes,
            departure=self.hubs[hub_a[first]],
            arrival=self.hubs[hub_b[last]],
            to_departure_minutes=-(-int(access_a[first]) // _SECONDS_PER_MINUTE),
            flight_minutes=-(-flight_s // _SECONDS_PER_MINUTE) + self.rules.ground_minutes,
            from_arrival_minutes=-(-int(access_b[last]) // _SECONDS_PER_MINUTE),
        )

    def _block(
        self, here: Vectors, there: Vectors, used: NDArray[np.intp], slot_b: NDArray[np.intp], access_b: Seconds
    ) -> Seconds:
        best = _seconds(great_circle_m(here, there), self.rules.road_seconds_per_metre)
        hub_a, access_a = self._gateways(here)
        reached = np.full((len(here), len(used)), _NEVER, dtype=np.int32)
        for slot in range(hub_a.shape[1]):
            through = self._flight_s[np.ix_(hub_a[:, slot], used)] + access_a[:, slot, None]
            np.minimum(reached, through, out=reached)
        reached += self._fixed_s
        for slot in range(slot_b.shape[1]):
            through = reached[:, slot_b[:, slot]] + access_b[None, :, slot]
            np.minimum(best, through, out=best)
        return best

    def _gateways(self, points: Vectors) -> tuple[NDArray[np.intp], Seconds]:
        """Give for each point the airports that a quickest journey may use, and the seconds by road to them.

        An airport is of no use when one can be there sooner by flying on from a nearer one. As flying is so much
        quicker, few remain: those hardly farther off than the nearest. Both arrays have shape (n, k); where a point
        has fewer than k, the rest is airport 0 after `_NEVER` seconds.
        """
        kept: list[list[tuple[int, int]]] = []
        for start in range(0, len(points), _ROWS):
            distances = great_circle_m(points[start : start + _ROWS], self._hub_vectors)
            kept += [self._useful(row) for row in distances]
        width = max((len(row) for row in kept), default=1)
        hub = np.zeros((len(points), width), dtype=np.intp)
        access = np.full((len(points), width), _NEVER, dtype=np.int32)
        for number, row in enumerate(kept):
            for slot, (index, seconds) in enumerate(row):
                hub[number, slot], access[number, slot] = index, seconds
        return hub, access

    def _useful(self, distances_m: NDArray[np.float64]) -> list[tuple[int, int]]:
        road, flight = self.rules.road_seconds_per_metre, self.rules.flight_seconds_per_metre
        reach_m = distances_m.min(initial=np.inf) * (road + flight) / (road - flight) + _SLACK_M
        near = np.flatnonzero(distances_m <= reach_m)
        near = near[np.argsort(distances_m[near], kind="stable")]
        useful: list[tuple[int, int]] = []
        for index, seconds in zip(near.tolist(), _seconds(distances_m[near], road).tolist(), strict=True):
            if all(seconds < sooner + int(self._flight_s[other, index]) for other, sooner in useful):
                useful.append((index, seconds))
        return useful


@cache
def travel_model(rules: TravelRules = DEFAULT_RULES) -> TravelModel:
    """Make rules and the world's airports ready, once per process and rules."""
    return TravelModel(hub_airports(airports(), cities(), rules), rules)


def travel_minutes(
    points_a: Sequence[GeoPoint], points_b: Sequence[GeoPoint], rules: TravelRules = DEFAULT_RULES
) -> Minutes:
    """Give all travel times in minutes, rounded up, shape (len(points_a), len(points_b)).

    >>> phnom_penh, sihanoukville, manila = GeoPoint(104.92, 11.56), GeoPoint(103.52, 10.63), GeoPoint(120.98, 14.6)
    >>> travel_minutes([phnom_penh], [phnom_penh, sihanoukville, manila]).shape
    (1, 3)
    """
    return travel_model(rules).minutes(points_a, points_b)


def route(start: GeoPoint, end: GeoPoint, rules: TravelRules = DEFAULT_RULES) -> Route:
    """Give one journey with its legs."""
    return travel_model(rules).route(start, end)


def _seconds(distances_m: NDArray[np.float64], seconds_per_metre: float) -> Seconds:
    rounded: Seconds = np.ceil(distances_m * seconds_per_metre).astype(np.int32)
    return rounded
