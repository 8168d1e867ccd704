"""Between a row of stored values and what the driver takes and gives: points apart, enum members by name."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from opsplan.records.declaration import Noun
from opsplan.vocabulary.place import GeoPoint

KEPT_OUT_OF_HISTORY = frozenset({"id", "version", "created_at", "created_by", "changed_at", "changed_by"})
"""Properties that a change record leaves out: the commit says who and when, the id stands beside."""


def plain(value: Any) -> Any:
    """Give a value as JSON has it: points as mappings, enum members by name."""
    if isinstance(value, GeoPoint):
        return {"longitude": value.longitude, "latitude": value.latitude}
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def from_graph(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Give the properties that the driver read, as stored values: its points are made ours."""
    return {
        # The driver's points are the only tuples it gives.
        name: GeoPoint(value[0], value[1]) if isinstance(value, tuple) else value
        for name, value in properties.items()
    }


def parted(noun: Noun, row: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part a row into its plain properties and its points, relations left aside; None stays."""
    relations = {relation.name for relation in noun.relations}
    properties: dict[str, Any] = {}
    points: dict[str, Any] = {}
    for name, value in row.items():
        if name in relations:
            continue
        if isinstance(value, GeoPoint):
            points[name] = plain(value)
        else:
            properties[name] = plain(value)
    return properties, points


def for_history(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the part of a record that its history keeps."""
    return {
        name: plain(value)
        for name, value in sorted(values.items())
        # What records are found by follows from their names.
        if name not in KEPT_OUT_OF_HISTORY and not name.startswith("search_")
    }
