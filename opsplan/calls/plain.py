"""Values and names as callers see them: plain JSON, camel case."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

from opsplan.languages import told
from opsplan.records.problem import Problem

_PATH = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


def plain(value: Any) -> Any:
    """Give a fact as plain JSON."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Problem):
        return {
            "field": value.field,
            "value": plain(value.value),
            "message": told(value.message),
            "remedy": told(value.remedy),
        }
    if isinstance(value, Mapping):
        return {str(name): plain(member) for name, member in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(member) for member in value]
    return str(value)


def camel(name: str) -> str:
    """Write a name of ours as GraphQL has it.

    >>> camel("expected_version"), camel("id")
    ('expectedVersion', 'id')
    """
    first, *others = name.split("_")
    return first + "".join(other[:1].upper() + other[1:] for other in others)


def camel_path(field: str | None) -> str | None:
    """Write the place of something as GraphQL has it; a place that is no path of names stays as it is.

    >>> camel_path("input.merged_id"), camel_path("row 14, column as_of"), camel_path(None)
    ('input.mergedId', 'row 14, column as_of', None)
    """
    if field is None or not _PATH.fullmatch(field):
        return field
    return ".".join(camel(name) for name in field.split("."))
