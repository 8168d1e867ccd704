"""What is said of a whole list, in Python."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from opsplan.reading.shape.fields import ValueField
from opsplan.reading.shape.shapes import Shapes
from opsplan.records.declaration import Kind
from tests.make.world import Thing

_MEASURED = frozenset({Kind.INTEGER, Kind.FLOAT, Kind.MINUTES, Kind.INSTANT})
_COUNTED = frozenset({Kind.CHOICE, Kind.CHOICE_LIST, Kind.BOOLEAN})


def aggregate(
    shapes: Shapes, noun: str, things: Sequence[Thing], shown: Callable[[ValueField, Any], Any]
) -> dict[str, Any]:
    """Give the object of the field `aggregate` over a list; `shown` writes a stored value as answers do."""
    said: dict[str, Any] = {"__typename": f"{noun}Aggregate", "totalCount": len(things)}
    for field in shapes[noun].values:
        stored = [value for each in things if (value := each.values.get(field.key)) is not None]
        if field.kind in _MEASURED:
            said[field.name] = _measures(field, stored, shown)
        elif field.kind in _COUNTED:
            said[field.name] = _counts(stored, several=field.kind is Kind.CHOICE_LIST)
    return said


def _measures(field: ValueField, stored: list[Any], shown: Callable[[ValueField, Any], Any]) -> dict[str, Any]:
    said: dict[str, Any] = {"known": len(stored)}
    for name, take in (("min", min), ("max", max)):
        said[name] = shown(field, take(stored)) if stored else None
    if field.kind is Kind.MINUTES:
        said["sum"] = shown(field, sum(stored))
    if field.kind is Kind.INTEGER:
        said["sum"] = float(sum(stored))
        said["average"] = sum(stored) / len(stored) if stored else None
    decimals = field.declared.decimals if field.declared is not None else None
    if decimals is not None:
        # In the least parts of the unit, as the order of adding must make no difference.
        parts = sum(round(value * 10**decimals) for value in stored)
        said["sum"] = float(parts) / 10**decimals
        said["average"] = parts / len(stored) / 10**decimals if stored else None
    return said


def _counts(stored: list[Any], *, several: bool) -> list[dict[str, Any]]:
    counted = Counter(value for each in stored for value in (set(each) if several else [each]))
    return [
        {"value": value, "count": many} for value, many in sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    ]
