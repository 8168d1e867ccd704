"""Sites, their time zones, and the ways between them.

Up to `MOST_EXACT_POINTS` different points the solver gets every journey exactly as `opsplan.geography.travel` has it:
each point stands as a hub of its own. Beyond that a table of all pairs would fill the memory, so the solver gets roads
between near points, and for all else the nearest airport of each point with a table of airports. That is never less
than the exact journey (which obeys the triangle inequality), and more only where a farther airport would serve better.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from opsplan.geography.geodesy import Vectors, degrees_of, great_circle_m, unit_vectors
from opsplan.geography.places import time_zones_of
from opsplan.geography.travel import TravelModel, travel_model
from opsplan.scheduling.problem.grid import Grid
from opsplan.scheduling.problem.lookup import Lookup
from opsplan.scheduling.problem.snapshot import Point, ReadLock, ReadUnit, ReadUnitClaim, Snapshot
from opsplan.vocabulary.place import GeoPoint
from solver import Interval, Leg, Site, Travel

MOST_EXACT_POINTS = 1_000
"""Different points up to which all pairs are given: a million entries, 5 MB of text."""

_ROAD_REACH_M = 250_000.0
"""Beyond this distance, great circle, flying is quicker under the default rules wherever there are airports."""
_ROWS = 512
_SECONDS_PER_MINUTE = 60
_NOWHERE: Point = (0.0, 0.0)

Place = tuple[Point, str | None]
"""A point with the country that it lies in."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The solver's sites and travel, and which site each action and unit has.

    Parameters
    ----------
    sites, travel
        As the solver takes them.
    site_of_action, home_of_unit
        Index in `sites` by id.
    zones
        IANA time zone of each action's site, by action id.
    """

    sites: tuple[Site, ...]
    travel: Travel
    site_of_action: Mapping[str, int]
    home_of_unit: Mapping[str, int]
    zones: Mapping[str, str]


def make_ways(snapshot: Snapshot, lookup: Lookup) -> Ways:
    """Collect the places of a snapshot and the ways between them."""
    action_places = [(action.point or _NOWHERE, action.country) for action in snapshot.actions]
    homes = [(unit.home, unit.country) for unit in snapshot.units]
    places = sorted({*action_places, *homes}, key=lambda place: (place[0], place[1] or ""))
    numbers = {place: number for number, place in enumerate(places)}
    points = sorted({point for point, _ in places})
    sites, travel = _exact(places, points, lookup) if len(points) <= MOST_EXACT_POINTS else _by_air(places, lookup)
    return Ways(
        sites,
        travel,
        {action.id: numbers[place] for action, place in zip(snapshot.actions, action_places, strict=True)},
        {unit.id: numbers[place] for unit, place in zip(snapshot.units, homes, strict=True)},
        _zones(snapshot),
    )


class WaysAround:
    """For units that serve another operation too: how long they need to get there and home again."""

    def __init__(self, snapshot: Snapshot, grid: Grid) -> None:
        self._grid = grid
        places = snapshot.all_places
        if places is None:
            places = tuple((each.point, each.country) for each in snapshot.actions if each.point is not None)
        self._points = [GeoPoint(*point) for point, _ in places]
        self._hosts = np.array([country or "" for _, country in places])
        self._to: dict[Point, NDArray[np.int32]] = {}
        self._actions = {each.id: each for each in snapshot.actions}
        self._modes = snapshot.modes
        self._locks: dict[str, list[ReadLock]] = {}
        for lock in snapshot.locks:
            for unit_id in {each for _, units in lock.staffing for each in units}:
                self._locks.setdefault(unit_id, []).append(lock)

    def bound(self, unit: ReadUnit) -> list[Interval]:
        """Give the slots of the places that locks bind a unit to, each with its way there from home.

        The way is given an hour more than it takes, as the ways of large operations are reckoned by way of airports.
        """
        found: list[Interval] = []
        for lock in self._locks.get(unit.id, ()):
            action = self._actions.get(lock.action_id)
            if action is None or action.point is None:
                continue
            way = int(travel_model().minutes([GeoPoint(*unit.home)], [GeoPoint(*action.point)])[0, 0])
            minutes = max((mode.duration_minutes for mode in self._modes if mode.id == lock.mode_id), default=0)
            span = self._grid.outward(lock.start, lock.start + timedelta(minutes=minutes))
            if span is not None:
                found.append(Interval(span.start_slot - self._grid.up(way + 60), span.end_slot))
        return found

    def slots(self, unit: ReadUnit, permitted: frozenset[str], claim: ReadUnitClaim) -> tuple[int, int]:
        """Give the slots of the longest way from where the unit may act to the claim's site, and of the way home."""
        there = GeoPoint(*claim.point)
        if claim.point not in self._to:
            self._to[claim.point] = travel_model().minutes(self._points, [there])[:, 0]
        from_sites = self._to[claim.point][np.isin(self._hosts, sorted(permitted))]
        home = int(travel_model().minutes([there], [GeoPoint(*unit.home)])[0, 0])
        return self._grid.up(int(from_sites.max(initial=0))), self._grid.up(home)


def _zones(snapshot: Snapshot) -> dict[str, str]:
    by_country: dict[str | None, list[tuple[str, GeoPoint]]] = {}
    for action in snapshot.actions:
        by_country.setdefault(action.country, []).append((action.id, GeoPoint(*(action.point or _NOWHERE))))
    zones: dict[str, str] = {}
    for country, located in by_country.items():
        found = time_zones_of([point for _, point in located], country)
        zones.update(zip((action_id for action_id, _ in located), found, strict=True))
    return zones


def _exact(places: Sequence[Place], points: Sequence[Point], lookup: Lookup) -> tuple[tuple[Site, ...], Travel]:
    hub = {point: number for number, point in enumerate(points)}
    sites = tuple(Site(_name(point), lookup.country(country), hub[point]) for point, country in places)
    return sites, _all_pairs(tuple(points))


# Of an operation that is looked at again and again, the places hardly change.
@lru_cache(maxsize=4)
def _all_pairs(points: tuple[Point, ...]) -> Travel:
    located = [GeoPoint(*point) for point in points]
    minutes = travel_model().minutes(located, located)
    return Travel(tuple(tuple(row) for row in minutes.tolist()))


def _by_air(places: Sequence[Place], lookup: Lookup) -> tuple[tuple[Site, ...], Travel]:
    model = travel_model()
    vectors = unit_vectors(degrees_of([GeoPoint(*point) for point, _ in places]))
    nearest, access = _nearest_hubs(vectors, model)
    used = sorted(set(nearest))
    hub = {airport: number for number, airport in enumerate(used)}
    sites = tuple(
        Site(_name(point), lookup.country(country), hub[airport], minutes)
        for (point, country), airport, minutes in zip(places, nearest, access, strict=True)
    )
    airports = [model.hubs[airport].location for airport in used]
    between = model.minutes(airports, airports)
    return sites, Travel(tuple(tuple(row) for row in between.tolist()), _roads(vectors, model))


def _nearest_hubs(vectors: Vectors, model: TravelModel) -> tuple[list[int], list[int]]:
    hubs = unit_vectors(degrees_of([airport.location for airport in model.hubs]))
    nearest: list[int] = []
    access: list[int] = []
    for start in range(0, len(vectors), _ROWS):
        metres = great_circle_m(vectors[start : start + _ROWS], hubs)
        nearest += metres.argmin(axis=1).tolist()
        access += _road_minutes(metres.min(axis=1), model).tolist()
    return nearest, access


def _roads(vectors: Vectors, model: TravelModel) -> tuple[Leg, ...]:
    legs: list[Leg] = []
    for start in range(0, len(vectors), _ROWS):
        metres = great_circle_m(vectors[start : start + _ROWS], vectors)
        rows, columns = np.nonzero(metres <= _ROAD_REACH_M)
        minutes = _road_minutes(metres[rows, columns], model)
        legs += [
            Leg(origin, destination, road)
            for origin, destination, road in zip(
                (rows + start).tolist(), columns.tolist(), minutes.tolist(), strict=True
            )
            if origin != destination
        ]
    return tuple(legs)


def _road_minutes(metres: NDArray[np.float64], model: TravelModel) -> NDArray[np.int64]:
    seconds = np.ceil(metres * model.rules.road_seconds_per_metre).astype(np.int64)
    return -(-seconds // _SECONDS_PER_MINUTE)


def _name(point: Point) -> str:
    longitude, latitude = point
    return f"{latitude:.4f}, {longitude:.4f}"
