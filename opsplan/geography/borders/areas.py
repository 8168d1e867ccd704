"""From Natural Earth's features to polygons that each belong to one country or one contested area."""

from collections.abc import Iterable, Iterator

import shapely

from opsplan.geography.borders.source import Feature
from opsplan.geography.borders.tables import (
    CONTESTED_AREAS,
    SEPARATED_TERRITORIES,
    ContestedArea,
    SeparatedTerritory,
)

_WINDOW_DEGREES = 3.0
_CONTESTED_FEATURES = {area.feature: area.key for area in CONTESTED_AREAS if area.feature is not None}


def owned_polygons(features: Iterable[Feature]) -> list[tuple[str, shapely.Polygon]]:
    """Give every polygon of the map with its owner's key: an alpha-2 code or the key of a contested area."""
    owned = [(_owner(feature, polygon), polygon) for feature in features for polygon in feature.polygons]
    land = [polygon for _, polygon in owned]
    owned += [(area.key, white) for area, white in _white_spots(land)]
    return owned


def _owner(feature: Feature, polygon: shapely.Polygon) -> str:
    if feature.adm0 in _CONTESTED_FEATURES:
        return _CONTESTED_FEATURES[feature.adm0]
    for territory in SEPARATED_TERRITORIES:
        if territory.feature == feature.adm0 and _lies_within(polygon, territory):
            return territory.code
    return feature.iso


def _lies_within(polygon: shapely.Polygon, territory: SeparatedTerritory) -> bool:
    west, south, east, north = polygon.bounds
    box_west, box_south, box_east, box_north = territory.box
    return box_west <= west and east <= box_east and box_south <= south and north <= box_north


def _white_spots(land: list[shapely.Polygon]) -> Iterator[tuple[ContestedArea, shapely.Polygon]]:
    """Find the polygon of each white spot: what no land covers round a point that lies in it."""
    tree = shapely.STRtree(land)
    for area in CONTESTED_AREAS:
        if area.inside is None:
            continue
        longitude, latitude = area.inside
        window = shapely.box(
            longitude - _WINDOW_DEGREES,
            latitude - _WINDOW_DEGREES,
            longitude + _WINDOW_DEGREES,
            latitude + _WINDOW_DEGREES,
        )
        near = [shapely.clip_by_rect(land[index], *window.bounds) for index in tree.query(window)]
        white = window.difference(shapely.union_all(near))
        inside = shapely.Point(longitude, latitude)
        yield from ((area, part) for part in shapely.get_parts(white) if part.covers(inside))
