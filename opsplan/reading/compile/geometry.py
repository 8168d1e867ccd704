"""Filters on points: within a radius, a box, or a polygon.

A radius and a box are answered by the point index. A polygon is first cut to its boxes by the index, then tested
exactly, in degrees: its edges are straight lines between longitudes and latitudes, as in GeoJSON (RFC 7946), and a
point on the left or lower edge lies inside. A polygon may cross the antimeridian; each edge takes the shorter way.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from opsplan.reading.compile.bindings import Request, Turn
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.place import GeoPoint
from opsplan.vocabulary.sentences import say

_MOST_VERTICES = 1_000
_FARTHEST_M = 20_100_000
"""More than half the Earth's circumference: everything."""

_HIT = (
    "CASE WHEN (edge[1] > {y}) <> (edge[3] > {y})"
    " AND {x} + shift < (edge[2] - edge[0]) * ({y} - edge[1]) / (edge[3] - edge[1]) + edge[0] THEN 1 ELSE 0 END"
)


def point_predicate(comparison: str, value: str, parameter: Callable[[Turn], str]) -> str:
    """Give the predicate of a point filter; `parameter` makes a parameter of the filter's argument."""
    match comparison:
        case "withinRadius":
            area = parameter(_radius)
            center = f"point({{longitude: {area}.longitude, latitude: {area}.latitude}})"
            return f"point.distance({value}, {center}) <= {area}.radius_m"
        case "withinBox":
            area = parameter(_box)
            return _in_box(value, area, "")
        case _:
            area = parameter(_polygon)
            hits = _HIT.format(x=f"{value}.longitude", y=f"{value}.latitude")
            inside = f"reduce(hits = 0, edge IN {area}.edges | hits + {hits}) % 2 = 1"
            # Two boxes, as one that is cut by the antimeridian is two to the index; else both are the same.
            boxes = f"{_in_box(value, area, '_a')} OR {_in_box(value, area, '_b')}"
            return f"(({boxes}) AND any(shift IN [-360.0, 0.0, 360.0] WHERE {inside}))"


def _in_box(value: str, area: str, side: str) -> str:
    corners = (
        f"point({{longitude: {area}.west{side}, latitude: {area}.south}})",
        f"point({{longitude: {area}.east{side}, latitude: {area}.north}})",
    )
    return f"point.withinBBox({value}, {', '.join(corners)})"


def _radius(area: Mapping[str, Any], _: Request) -> dict[str, Any]:
    radius_m = area["radiusM"]
    if not 0 <= radius_m <= _FARTHEST_M:
        raise Invalid(
            say("withinRadius.radiusM: {radius_m:g} metres is not a radius on the Earth.", radius_m=radius_m),
            field="withinRadius.radiusM",
            value=radius_m,
            remedy=say("give 0 to {farthest_m} metres", farthest_m=_FARTHEST_M),
        )
    center = area["center"]
    return {"longitude": center.longitude, "latitude": center.latitude, "radius_m": float(radius_m)}


def _box(area: Mapping[str, Any], _: Request) -> dict[str, Any]:
    south_west, north_east = area["southWest"], area["northEast"]
    if south_west.latitude > north_east.latitude:
        raise Invalid(
            say(
                "withinBox: southWest lies north ({south:g}) of northEast ({north:g}).",
                south=south_west.latitude,
                north=north_east.latitude,
            ),
            field="withinBox.southWest",
            value=south_west.latitude,
            remedy=say("give the south-western corner first; a box may cross the antimeridian, not a pole"),
        )
    return {
        "west": south_west.longitude,
        "south": south_west.latitude,
        "east": north_east.longitude,
        "north": north_east.latitude,
    }


def _polygon(area: Mapping[str, Any], _: Request) -> dict[str, Any]:
    ring = unwrapped(area["vertices"])
    edges = [[x, y, next_x, next_y] for (x, y), (next_x, next_y) in zip(ring, [*ring[1:], ring[0]], strict=True)]
    west, east = min(x for x, _ in ring), max(x for x, _ in ring)
    south, north = min(y for _, y in ring), max(y for _, y in ring)
    spans = _spans(west, east)
    (west_a, east_a), (west_b, east_b) = spans[0], spans[-1]
    return {
        "edges": edges,
        "south": south,
        "north": north,
        "west_a": west_a,
        "east_a": east_a,
        "west_b": west_b,
        "east_b": east_b,
    }


def unwrapped(vertices: Sequence[GeoPoint]) -> list[tuple[float, float]]:
    """Give a polygon's corners with longitudes that run on over the antimeridian, without a repeated last corner.

    Raises
    ------
    Invalid
        If it has too few or too many corners, or goes round a pole.
    """
    corners = [(each.longitude, each.latitude) for each in vertices]
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    if not 3 <= len(corners) <= _MOST_VERTICES:
        raise Invalid(
            say(
                "withinPolygon.vertices: {corners} corners make no polygon that can be tested.",
                corners=len(corners),
            ),
            field="withinPolygon.vertices",
            value=len(corners),
            remedy=say("give 3 to {most_vertices} corners in order", most_vertices=_MOST_VERTICES),
        )
    ring = [corners[0]]
    for longitude, latitude in [*corners[1:], corners[0]]:
        step = (longitude - ring[-1][0] + 180.0) % 360.0 - 180.0
        ring.append((ring[-1][0] + step, latitude))
    last, _ = ring.pop()
    if abs(last - ring[0][0]) > 1.0:
        raise Invalid(
            say("withinPolygon.vertices: the polygon goes round a pole."),
            field="withinPolygon.vertices",
            remedy=say("use withinRadius about the pole, or a box up to latitude 90"),
        )
    return ring


def _spans(west: float, east: float) -> list[tuple[float, float]]:
    """Cut a span of running longitudes at the antimeridian into one or two spans of real ones."""
    if east - west >= 360.0:
        return [(-180.0, 180.0)]
    if west < -180.0:
        return [(west + 360.0, 180.0), (-180.0, east)]
    if east > 180.0:
        return [(west, 180.0), (-180.0, east - 360.0)]
    return [(west, east)]
