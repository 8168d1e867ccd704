"""What can be said of the values of a whole list at once: how many, least and greatest, how many of each choice.

The fields are derived from a noun's properties, so that a new property takes part by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from opsplan.reading.shape.fields import TypeShape, ValueField
from opsplan.records.declaration import Kind


class Measure(StrEnum):
    """What is said of a number or an instant over a list, by GraphQL name."""

    KNOWN = "known"
    MIN = "min"
    MAX = "max"
    SUM = "sum"
    AVERAGE = "average"


MEASURES: Mapping[Kind, tuple[Measure, ...]] = {
    Kind.INTEGER: tuple(Measure),
    # A sum of floats depends on the order in which they are added, so the same list could give two answers; amounts,
    # whose decimals are counted, are added up as whole numbers.
    Kind.FLOAT: (Measure.KNOWN, Measure.MIN, Measure.MAX),
    Kind.MINUTES: (Measure.KNOWN, Measure.MIN, Measure.MAX, Measure.SUM),
    Kind.INSTANT: (Measure.KNOWN, Measure.MIN, Measure.MAX),
}
"""By kind of property, what is said of it. `SUM` and `AVERAGE` of integers and amounts are floats; all but `KNOWN` and
`SUM` are null where there is no value."""

AGGREGATE = "aggregate"
"""The field of a connection."""
TOTAL = "totalCount"
"""The field of an aggregate that says how many records there are, as a connection's does."""

_COUNTED = frozenset({Kind.CHOICE, Kind.CHOICE_LIST, Kind.BOOLEAN})
_LEFT_OUT = frozenset({"version"})


@dataclass(frozen=True, slots=True)
class MeasuredField:
    """Measures of a property's values; `type_name` is the object type that holds them."""

    name: str
    value: ValueField
    measures: tuple[Measure, ...]
    type_name: str


@dataclass(frozen=True, slots=True)
class CountedField:
    """How many records have each of a property's values, the most frequent first, equal ones by name.

    `is_list` says that a record may have several; `type_name` is the object type of an entry.
    """

    name: str
    value: ValueField
    is_list: bool
    type_name: str


AggregateField = MeasuredField | CountedField

_TYPE_NAMES = {
    Kind.INTEGER: "IntAggregate",
    Kind.FLOAT: "FloatAggregate",
    Kind.MINUTES: "DurationAggregate",
    Kind.INSTANT: "DateTimeAggregate",
}


def aggregates_of(shape: TypeShape) -> dict[str, AggregateField]:
    """Give the aggregates over a list of records of a noun, by GraphQL name.

    Raises
    ------
    ValueError
        If a property has the name of the total.
    """
    found: dict[str, AggregateField] = {}
    for value in shape.values:
        if value.declared is None or value.declared.name in _LEFT_OUT:
            continue
        if value.declared.decimals is not None:
            found[value.name] = MeasuredField(value.name, value, tuple(Measure), "AmountAggregate")
        elif value.kind in MEASURES:
            found[value.name] = MeasuredField(value.name, value, MEASURES[value.kind], _TYPE_NAMES[value.kind])
        elif value.kind in _COUNTED:
            kind = value.choices.__name__ if value.choices is not None else "Boolean"
            found[value.name] = CountedField(value.name, value, value.kind is Kind.CHOICE_LIST, f"{kind}Count")
    if TOTAL in found:
        raise ValueError(f"{shape.name}: a property may not be called {TOTAL}, as aggregates have that")
    return found
