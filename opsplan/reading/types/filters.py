"""Filters: for each noun one input that compares its values, follows its relations, and combines conditions."""

from typing import Any

import strawberry

from opsplan.reading.names import camel, pascal, singular_field
from opsplan.reading.shape.fields import ManyField, OneField, TypeShape, ValueField
from opsplan.reading.shape.shapes import Shapes
from opsplan.reading.types import scalars
from opsplan.reading.types.comparisons import Comparisons
from opsplan.reading.types.making import input_field, many, new_input, put_fields
from opsplan.records.declaration import Filter, Kind, Relation
from opsplan.records.search import has_search_text


class Filters:
    """The filter inputs of all nouns.

    `bounded` collects ``(input type, field)`` of values that become part of a statement's text.
    """

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._comparisons = Comparisons()
        self._lists: dict[str, Any] = {}
        self._unions: dict[str, Any] = {}
        self.bounded: set[tuple[str, str]] = set()
        self.made: dict[str, Any] = {
            shape.name: new_input(
                f"{shape.name}Filter",
                f"Which {shape.noun.plural} to give. All that is given must hold; what is null is left out.",
            )
            for shape in shapes
        }
        for shape in shapes:
            put_fields(self.made[shape.name], self._fields(shape))

    def _fields(self, shape: TypeShape) -> list[Any]:
        own = self.made[shape.name]
        fields = [
            input_field("and", many(own), "All of these hold."),
            input_field("or", many(own), "At least one of these holds."),
            input_field("not", own, "This does not hold."),
        ]
        if has_search_text(shape.noun):
            text = "Found by this text in names and aliases, in any script: all its words, each from its beginning."
            fields.append(input_field("text", str, text))
        for field in shape.fields.values():
            if isinstance(field, ValueField):
                fields.append(input_field(field.name, self._comparisons.of(field), field.description))
            elif isinstance(field, OneField):
                fields.append(
                    input_field(field.name, self._target(field), f"{field.description} It must be one of these.")
                )
            elif isinstance(field, ManyField) and isinstance(field.hop, Relation) and field.noun is not None:
                fields.append(input_field(field.name, self._list(field.noun), field.description))
        fields.extend(self._named(shape, each) for each in shape.noun.filters)
        return fields

    def _target(self, field: OneField) -> Any:
        nouns = self._shapes.members(field.type_name)
        if len(nouns) == 1:
            return self.made[nouns[0].name]
        made = self._unions.get(field.type_name)
        if made is None:
            made = new_input(f"{field.type_name}Filter", "Of which kind it must be, and what must hold.", one_of=True)
            self._unions[field.type_name] = made
            put_fields(
                made,
                [input_field(singular_field(noun), self.made[noun.name], noun.description) for noun in nouns],
            )
        return made

    def _list(self, noun: str) -> Any:
        made = self._lists.get(noun)
        if made is None:
            made = self._lists[noun] = new_input(f"{noun}ListFilter", f"What must hold for a list of {noun}.")
            put_fields(
                made,
                [
                    input_field("some", self.made[noun], "At least one, not retired, is like this."),
                    input_field("none", self.made[noun], "None that is not retired is like this."),
                ],
            )
        return made

    def _named(self, shape: TypeShape, declared: Filter) -> Any:
        if not declared.members and not declared.bounds:
            assert declared.kind is not None
            return input_field(camel(declared.name), _python(declared.kind), declared.description)
        name = f"{shape.name}{pascal(declared.name)}Filter"
        made = new_input(name, declared.description)
        fields = [
            input_field(camel(member), _python(kind, member), f"{pascal(member)} of the filter.", required=True)
            for member, kind in declared.members.items()
        ]
        for bound, allowed in declared.bounds.items():
            choices = ", ".join(map(str, sorted(allowed)))
            fields.append(input_field(camel(bound), int, f"One of {choices}; {allowed[0]} when left out."))
            self.bounded.add((name, camel(bound)))
        put_fields(made, fields)
        return input_field(camel(declared.name), made, declared.description)


def _python(kind: Kind, name: str = "") -> Any:
    return strawberry.ID if name == "id" else scalars.PYTHON_TYPES[kind]
