"""What spreads make of an operation's problem."""

from collections.abc import Iterable
from itertools import pairwise

from opsplan.geography.geodesy import degrees_of, great_circle_m, unit_vectors
from opsplan.geography.travel import travel_model
from opsplan.scheduling.problem import Snapshot
from opsplan.scheduling.risk.spreads import Spreads
from opsplan.vocabulary.place import GeoPoint
from solver import Placement, Problem
from solver.risk import CERTAIN, Uncertainty, WaySpread
from solver.score import served_by_unit

_SECONDS_PER_MINUTE = 60


def uncertainty_of(
    snapshot: Snapshot, problem: Problem, spreads: Spreads, placements: Iterable[Placement] = ()
) -> Uncertainty:
    """Give the distributions for a problem made of the snapshot.

    Each way between two places that the `placements` ask for has the spread of its means; all others have that of the
    road, the wider one: before there is a plan, nobody knows which ways are made.
    """
    kinds = [index for index, kind in enumerate(problem.resource_kinds) if kind in spreads.victim_resource_kinds]
    return Uncertainty(
        durations=tuple(spreads.actions.get(action.kind, CERTAIN) for action in snapshot.actions),
        way=spreads.road,
        ways=tuple(_by_air(snapshot, problem, spreads, tuple(placements))),
        victims=spreads.victims,
        victim_resource_kinds=tuple(kinds),
    )


def _by_air(
    snapshot: Snapshot, problem: Problem, spreads: Spreads, placements: tuple[Placement, ...]
) -> Iterable[WaySpread]:
    """Name the ways that are made by way of airports, as these make them quicker than the road."""
    points: dict[int, GeoPoint] = {}
    for action, row in zip(problem.actions, snapshot.actions, strict=True):
        if row.point is not None:
            points[action.site] = GeoPoint(*row.point)
    for unit, home in zip(problem.units, snapshot.units, strict=True):
        points[unit.home] = GeoPoint(*home.home)
    per_metre = travel_model().rules.road_seconds_per_metre
    for origin, destination in sorted(_ways(problem, placements)):
        minutes = problem.travel.minutes(problem.sites, origin, destination)
        if minutes is None or origin not in points or destination not in points:
            continue
        here, there = (unit_vectors(degrees_of([points[site]])) for site in (origin, destination))
        road_minutes = float(great_circle_m(here, there)[0, 0]) * per_metre / _SECONDS_PER_MINUTE
        if road_minutes > minutes:
            yield WaySpread(origin, destination, spreads.air)


def _ways(problem: Problem, placements: tuple[Placement, ...]) -> set[tuple[int, int]]:
    """Give the ways of all units from home and from action to action."""
    found: set[tuple[int, int]] = set()
    for unit, served in served_by_unit(placements).items():
        sites = [problem.actions[each.action].site for each in served]
        found.update((problem.units[unit].home, site) for site in sites)
        found.update(pairwise(sites))
    return found
