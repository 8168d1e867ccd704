"""How values stand in the cells of CSV and XLSX."""

from collections.abc import Mapping
from typing import Any

import orjson

from opsplan.records.values import joined


def as_text(value: Any) -> str:
    """Write a value as a cell: nothing for None, ``longitude, latitude`` for a point, lists parted by semicolons.

    >>> as_text(["ROMANCE", "TASK_JOB"]), as_text({"longitude": 104.9, "latitude": 11.6}), as_text(True), as_text(None)
    ('ROMANCE;TASK_JOB', '104.9, 11.6', 'true', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return joined([as_text(each) for each in value])
    if isinstance(value, Mapping):
        if set(value) == {"longitude", "latitude"}:
            return f"{value['longitude']!r}, {value['latitude']!r}"
        return orjson.dumps(value).decode()
    return str(value)
