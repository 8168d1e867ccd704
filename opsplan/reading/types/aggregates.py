"""The types of aggregates: one for each noun, and those of numbers, instants and choices that they share."""

from typing import Any

from opsplan.reading.shape.aggregates import TOTAL, CountedField, Measure, MeasuredField
from opsplan.reading.shape.fields import ValueField
from opsplan.reading.shape.shapes import Shapes
from opsplan.reading.types import scalars
from opsplan.reading.types.enums import enum_of
from opsplan.reading.types.making import many, new_type, output, put_fields
from opsplan.records.declaration import Kind

_WORDS = {
    Measure.KNOWN: "How many of them have a value.",
    Measure.MIN: "The least value, or the earliest; null where none has one.",
    Measure.MAX: "The greatest value, or the latest; null where none has one.",
    Measure.SUM: "All values together.",
    Measure.AVERAGE: "Their mean; null where none has a value.",
}


def make_aggregates(shapes: Shapes, objects: dict[str, Any]) -> None:
    """Make the aggregate type of each noun, as `objects[f"{noun}Aggregate"]`, and those that it names."""
    for shape in shapes:
        fields = [output(TOTAL, int, "How many there are.")]
        for each in shapes.aggregates[shape.name].values():
            if isinstance(each, MeasuredField):
                annotation = _measured(each, objects)
                fields.append(output(each.name, annotation, f"Over all: {each.value.description}"))
            else:
                annotation = many(_counted(each, objects))
                fields.append(
                    output(each.name, annotation, f"How many there are of each, most first: {each.value.description}")
                )
        name = f"{shape.name}Aggregate"
        objects[name] = new_type(name, f"What can be said of a whole list of {shape.noun.plural}, whatever its page.")
        put_fields(objects[name], fields)


def _measured(field: MeasuredField, objects: dict[str, Any]) -> Any:
    made = objects.get(field.type_name)
    if made is None:
        made = objects[field.type_name] = new_type(field.type_name, "Values of a list taken together.")
        put_fields(made, [_measure(each, field.value.kind) for each in field.measures])
    return made


def _measure(measure: Measure, kind: Kind) -> Any:
    if measure is Measure.KNOWN:
        return output(measure, int, _WORDS[measure])
    if kind is Kind.INTEGER and measure in (Measure.SUM, Measure.AVERAGE):
        return output(measure, float, _WORDS[measure], nullable=measure is Measure.AVERAGE)
    return output(measure, scalars.PYTHON_TYPES[kind], _WORDS[measure], nullable=measure is not Measure.SUM)


def _counted(field: CountedField, objects: dict[str, Any]) -> Any:
    made = objects.get(field.type_name)
    if made is None:
        made = objects[field.type_name] = new_type(field.type_name, "How many records have a value.")
        fields = [output("value", _value(field.value), "The value."), output("count", int, "How many have it.")]
        put_fields(made, fields)
    return made


def _value(field: ValueField) -> Any:
    return bool if field.choices is None else enum_of(field.choices)
