"""Points in Python: great circles on a sphere, boxes, and polygons by shapely."""

import math
from collections.abc import Mapping
from typing import Any

from shapely.geometry import Point, Polygon

_RADIUS_M = 6_378_140.0
"""The sphere that Neo4j takes the Earth for."""


def within(place: tuple[float, float] | None, comparison: str, area: Mapping[str, Any]) -> bool:
    """Whether a point lies in an area; no point lies nowhere."""
    if place is None:
        return False
    if comparison == "withinRadius":
        return _distance_m(place, _pair(area["center"])) <= area["radiusM"]
    if comparison == "withinBox":
        return _in_box(place, _pair(area["southWest"]), _pair(area["northEast"]))
    return _in_polygon(place, [_pair(each) for each in area["vertices"]])


def _pair(point: Mapping[str, float]) -> tuple[float, float]:
    return point["longitude"], point["latitude"]


def _distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    (lon1, lat1), (lon2, lat2) = [[math.radians(each) for each in place] for place in (one, other)]
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def _in_box(place: tuple[float, float], south_west: tuple[float, float], north_east: tuple[float, float]) -> bool:
    longitude, latitude = place
    if not south_west[1] <= latitude <= north_east[1]:
        return False
    if south_west[0] <= north_east[0]:
        return south_west[0] <= longitude <= north_east[0]
    return longitude >= south_west[0] or longitude <= north_east[0]


def _in_polygon(place: tuple[float, float], corners: list[tuple[float, float]]) -> bool:
    """Each edge takes the shorter way round; the point is tried on each turn of the globe."""
    running = [corners[0]]
    for longitude, latitude in corners[1:]:
        while longitude - running[-1][0] > 180:
            longitude -= 360
        while longitude - running[-1][0] < -180:
            longitude += 360
        running.append((longitude, latitude))
    polygon = Polygon(running)
    return any(polygon.contains(Point(place[0] + turn, place[1])) for turn in (-360, 0, 360))
