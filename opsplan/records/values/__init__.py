"""From a value as given (JSON, CSV text, XLSX cell, GraphQL) to the value as stored: one file per sort of value.

Each function takes the raw value, never None, and gives the stored one or raises `Wrong`. Numbers may come as
text, lists as text parted by semicolons, points as ``{"longitude": …, "latitude": …}``, as two numbers in that
order, or as text ``longitude, latitude``. A stored point is a `GeoPoint`. Which function a property takes is told by
`opsplan.records.check.to_stored`.
"""

from opsplan.records.values.code import to_choice, to_country, to_language, to_zone
from opsplan.records.values.json_value import canonical_json, to_json
from opsplan.records.values.listed import joined, parted, to_list, to_text_list
from opsplan.records.values.number import to_boolean, to_float, to_integer
from opsplan.records.values.point import to_point
from opsplan.records.values.text import DEFAULT_MAX_LENGTH, to_text
from opsplan.records.values.time import duration_text, to_instant, to_local_time, to_minutes
from opsplan.records.values.wrong import ToStored, Wrong

__all__ = [
    "DEFAULT_MAX_LENGTH",
    "ToStored",
    "Wrong",
    "canonical_json",
    "duration_text",
    "joined",
    "parted",
    "to_boolean",
    "to_choice",
    "to_country",
    "to_float",
    "to_instant",
    "to_integer",
    "to_json",
    "to_language",
    "to_list",
    "to_local_time",
    "to_minutes",
    "to_point",
    "to_text",
    "to_text_list",
    "to_zone",
]
