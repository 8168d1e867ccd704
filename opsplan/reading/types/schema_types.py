"""All types of a catalogue, made at once, and the root fields that read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Union

import strawberry
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from opsplan.reading.limits import Limits
from opsplan.reading.names import camel, plural_field, singular_field
from opsplan.reading.shape.aggregates import AGGREGATE
from opsplan.reading.shape.fields import (
    LIST_KINDS,
    ComputedField,
    Field,
    LateField,
    ManyField,
    OneField,
    PartField,
    ValueField,
)
from opsplan.reading.shape.shapes import Shapes
from opsplan.reading.types import scalars
from opsplan.reading.types.aggregates import make_aggregates
from opsplan.reading.types.enums import enum_of
from opsplan.reading.types.filters import Filters
from opsplan.reading.types.making import argument, many, maybe, new_type, output, put_fields
from opsplan.reading.types.orders import make_orders
from opsplan.records.declaration import Derived, Kind, Noun

_RETIRED = argument("includeRetired", bool, "Whether retired ones are given too.", default=False)


@dataclass(frozen=True, slots=True)
class SchemaTypes:
    """The types of all nouns.

    Attributes
    ----------
    nouns
        The object type of each noun, by name: what other rooms name in their payloads.
    objects
        All object types and interfaces, by name.
    query_fields
        The root fields that read, for the type Query.
    extra
        Types that no field names by itself: to be given to the schema as `types`.
    orders
        Names of the order enums.
    bounded
        ``(input type, field)`` of values that become part of a statement's text.
    """

    nouns: Mapping[str, Any]
    objects: Mapping[str, Any]
    query_fields: tuple[StrawberryField, ...]
    extra: tuple[Any, ...]
    orders: frozenset[str]
    bounded: frozenset[tuple[str, str]]


def make_types(shapes: Shapes, limits: Limits) -> SchemaTypes:
    """Make the types of all nouns of a catalogue."""
    return _Maker(shapes, limits).made()


class _Maker:
    def __init__(self, shapes: Shapes, limits: Limits) -> None:
        self._shapes = shapes
        self._limits = limits
        self._filters = Filters(shapes)
        self._orders = make_orders(shapes)
        self._objects: dict[str, Any] = {}

    def made(self) -> SchemaTypes:
        objects = self._objects
        node = objects["Node"] = new_type("Node", "Anything that has a global id.", interface=True)
        record = objects["Record"] = new_type(
            "Record", "What an agency enters and owns; it has a history.", bases=(node,), interface=True
        )
        objects["PageInfo"] = new_type("PageInfo", "Where a page of a list stands.")
        for shape in self._shapes:
            bases = (node,) if shape.noun.system else (record,)
            objects[shape.name] = new_type(shape.name, shape.noun.description, bases=bases)
        for name, members in self._shapes.unions.items():
            union: Any = Union[tuple(objects[member] for member in members)]  # noqa: UP007
            described = strawberry.union(name, description=f"One of: {', '.join(members)}.")
            objects[name] = Annotated[union, described]
        make_aggregates(self._shapes, objects)
        self._connections()
        standard = [self._output(field) for field in self._shapes.standard]
        put_fields(node, standard[:1])
        put_fields(record, standard)
        put_fields(objects["PageInfo"], _page_info())
        for shape in self._shapes:
            put_fields(objects[shape.name], [self._output(field) for field in shape.fields.values()])
        nouns = {shape.name: objects[shape.name] for shape in self._shapes}
        return SchemaTypes(
            nouns,
            objects,
            tuple(self._query_fields()),
            (node, record, *nouns.values()),
            frozenset(f"{name}Order" for name in self._orders),
            frozenset(self._filters.bounded),
        )

    def _connections(self) -> None:
        lists = [field for shape in self._shapes for field in shape.fields.values() if isinstance(field, ManyField)]
        whole = [
            ManyField("", "", _NO_HOP, shape.name, f"{shape.name}Connection", f"{shape.name}Edge", shape.name)
            for shape in self._shapes
        ]
        for each in (*whole, *lists):
            if each.connection in self._objects:
                continue
            of = self._objects[each.type_name]
            edge = new_type(each.edge_type, f"One entry of a list of {each.type_name}, with its place.")
            connection = new_type(each.connection, f"A page of a list of {each.type_name}.")
            self._objects[each.edge_type], self._objects[each.connection] = edge, connection
            put_fields(
                edge,
                [
                    output("cursor", str, "Place of the entry, to go on from."),
                    output("node", of, "The entry itself."),
                    *(self._output(fact) for fact in each.edge),
                ],
            )
            put_fields(
                connection,
                [
                    output("edges", many(edge), "The entries of the page with their places."),
                    output("nodes", many(of), "The entries of the page."),
                    output("pageInfo", self._objects["PageInfo"], "Where the page stands."),
                    output("totalCount", int, "How many there are on all pages together."),
                    *self._aggregate(each.noun),
                ],
            )

    def _aggregate(self, noun: str | None) -> list[StrawberryField]:
        if noun is None:
            return []
        of = self._objects[f"{noun}Aggregate"]
        return [output(AGGREGATE, of, "What can be said of all pages together, by the same filter.")]

    def _output(self, field: Field) -> StrawberryField:
        if isinstance(field, ValueField):
            return output(
                field.name, _python(field), field.description, nullable=field.nullable and field.kind not in LIST_KINDS
            )
        if isinstance(field, OneField):
            arguments = self._derived_arguments(field.hop) if isinstance(field.hop, Derived) else []
            of = self._objects[field.type_name]
            return output(field.name, of, field.description, arguments, nullable=field.nullable)
        if isinstance(field, ComputedField):
            python = scalars.PYTHON_TYPES[field.kind]
            annotation = many(python) if field.many else python
            arguments = self._derived_arguments(field.derived)
            return output(field.name, annotation, field.description, arguments, nullable=not field.many)
        if isinstance(field, LateField):
            return self._late(field)
        return output(field.name, self._objects[field.connection], field.description, self._list_arguments(field))

    def _late(self, field: LateField) -> StrawberryField:
        of = self._late_object(field) if field.value is None else _python(field.value)
        arguments = self._parameters(field.computed.parameters)
        annotation = many(of) if field.computed.many else of
        return output(field.name, annotation, field.description, arguments, nullable=True)

    def _late_object(self, field: LateField | PartField) -> Any:
        of = self._objects.get(field.type_name)
        if of is None:
            of = self._objects[field.type_name] = new_type(field.type_name, field.description)
            put_fields(of, [self._late_output(fact) for fact in field.facts])
        return of

    def _late_output(self, fact: ValueField | PartField) -> StrawberryField:
        if isinstance(fact, ValueField):
            return self._output(fact)
        of = self._late_object(fact)
        return output(fact.name, many(of) if fact.many else of, fact.description, nullable=not fact.many)

    def _list_arguments(self, field: ManyField) -> list[StrawberryArgument]:
        given = self._derived_arguments(field.hop) if isinstance(field.hop, Derived) else []
        retired = any(not noun.system for noun in self._shapes.members(field.type_name))
        return [*given, *self._page_arguments(field.noun), *([_RETIRED] if retired else [])]

    def _derived_arguments(self, derived: Derived) -> list[StrawberryArgument]:
        found = self._parameters(derived.parameters)
        for name, allowed in derived.bounds.items():
            choices = ", ".join(map(str, sorted(allowed)))
            found.append(argument(camel(name), int, f"One of {choices}.", default=allowed[0]))
        return found

    @staticmethod
    def _parameters(parameters: Mapping[str, Kind]) -> list[StrawberryArgument]:
        found = []
        for name, kind in parameters.items():
            late = " Now, when left out." if kind is Kind.INSTANT else ""
            python = strawberry.ID if name.endswith("_id") else scalars.PYTHON_TYPES[kind]
            found.append(argument(camel(name), maybe(python), f"{camel(name)}: {kind.value.lower()}.{late}"))
        return found

    def _page_arguments(self, noun: str | None) -> list[StrawberryArgument]:
        most, usual = self._limits.largest_page, self._limits.default_page
        found = []
        if noun is not None:
            found.append(argument("where", maybe(self._filters.made[noun]), "Which to give; all, when left out."))
            if noun in self._orders:
                orders = maybe(many(self._orders[noun]))
                found.append(argument("orderBy", orders, "Sort keys, the first counts most; by id, when left out."))
        return [
            *found,
            argument(
                "first",
                maybe(int),
                f"So many from the beginning, or behind `after`: at most {most}; {usual} when left out.",
            ),
            argument("after", maybe(str), "Only what comes behind this cursor."),
            argument("last", maybe(int), f"So many from the end, or before `before`: at most {most}."),
            argument("before", maybe(str), "Only what comes before this cursor."),
        ]

    def _query_fields(self) -> list[StrawberryField]:
        fields = [
            output(
                "node",
                self._objects["Node"],
                "Looks anything up by its global id.",
                [argument("id", strawberry.ID, "Its id."), _RETIRED],
                nullable=True,
            ),
            output(
                "nodes",
                many(maybe(self._objects["Node"])),
                "Looks several up, in the order of the ids; null where there is none.",
                [argument("ids", many(strawberry.ID), f"At most {self._limits.most_ids} ids."), _RETIRED],
            ),
        ]
        for shape in self._shapes:
            noun: Noun = shape.noun
            retired = [] if noun.system else [_RETIRED]
            of = self._objects[noun.name]
            fields.append(
                output(
                    singular_field(noun),
                    of,
                    f"Looks one up: {noun.description}",
                    [argument("id", strawberry.ID, "Its id."), *retired],
                    nullable=True,
                )
            )
            fields.append(
                output(
                    plural_field(noun),
                    self._objects[f"{noun.name}Connection"],
                    f"Lists {noun.plural}. {noun.description}",
                    [*self._page_arguments(noun.name), *retired],
                )
            )
        return fields


_NO_HOP: Any = None


def _page_info() -> list[StrawberryField]:
    return [
        output("hasNextPage", bool, "Whether more comes behind the page."),
        output("hasPreviousPage", bool, "Whether something comes before the page."),
        output("startCursor", str, "Place of the first entry; null on an empty page.", nullable=True),
        output("endCursor", str, "Place of the last entry; null on an empty page.", nullable=True),
    ]


def _python(field: ValueField) -> Any:
    if field.identifier:
        return strawberry.ID
    if field.choices is not None:
        chosen = enum_of(field.choices)
        return many(chosen) if field.kind is Kind.CHOICE_LIST else chosen
    return scalars.PYTHON_TYPES[field.kind]
