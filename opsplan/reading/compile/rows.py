"""The row of a record: columns for what is asked of it, subqueries for what is read through it, views on both."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from graphql import FieldNode, GraphQLObjectType

from opsplan.reading.compile.bindings import or_now
from opsplan.reading.compile.conditions import stored, where
from opsplan.reading.compile.cost import Cost
from opsplan.reading.complete.views import (
    Codec,
    Constant,
    FieldView,
    Inner,
    Late,
    Leaf,
    ObjectView,
    One,
    RecordView,
    Variants,
)
from opsplan.reading.names import camel
from opsplan.reading.shape.fields import (
    LIST_KINDS,
    ComputedField,
    Hop,
    LateField,
    ManyField,
    OneField,
    OwnerHop,
    PartField,
    TypeShape,
    ValueField,
)
from opsplan.records.declaration import Derived, Direction, Kind, Noun, Property, Relation
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say

if TYPE_CHECKING:
    from opsplan.reading.compile.statement import Statement

_INT_MIN, _INT_MAX = -(2**31), 2**31 - 1

_CODECS = {
    Kind.INTEGER: Codec.INT,
    Kind.MINUTES: Codec.DURATION,
    Kind.POINT: Codec.POINT,
    Kind.CHOICE: Codec.CHOICE,
    Kind.CHOICE_LIST: Codec.CHOICES,
    Kind.JSON: Codec.JSON,
}


@dataclass(slots=True)
class Row:
    """The row that a statement returns for one record: `node` is its variable, `columns` its expressions.

    `stream` is a whole statement whose rows are those of the only column, a list; None where there is more.
    """

    node: str
    edge: str | None = None
    columns: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    stream: str | None = None
    _last: str = ""

    def column(self, expression: str) -> int:
        """Give the number of the column with this expression, made when it is not there yet."""
        if expression in self.columns:
            return self.columns.index(expression)
        self.columns.append(expression)
        return len(self.columns) - 1

    def scope(self) -> str:
        """What a subquery of this row takes over: its record; at the root, where there is none, an earlier result.

        Two subqueries at the root that had nothing in common would be planned as a product of their rows.
        """
        return f"({self.node or self._last})"

    def call(self, text: str, result: str) -> int:
        """Put a subquery into the row and give the column of its result."""
        self.calls.append(text)
        self._last = result
        return self.column(result)

    @property
    def width(self) -> int:
        """How many columns it has; a row that nothing is asked of still has one."""
        return max(1, len(self.columns))

    def items(self) -> str:
        """The columns, parted by commas."""
        return ", ".join(self.columns) or "true"

    def text(self) -> str:
        """The row as a list."""
        return f"[{self.items()}]"


@dataclass(slots=True)
class Place:
    """Where in the answer a part of the selection stands."""

    path: str
    depth: int
    cost: Cost

    def below(self, key: str, size_slot: int | None = None) -> "Place":
        """Give the place of a field below this one."""
        path = f"{self.path}.{key}" if self.path else key
        cost = Cost(path, size_slot)
        self.cost.below.append(cost)
        return Place(path, self.depth + 1, cost)


@dataclass(slots=True)
class Rows:
    """Makes rows and their views for one statement."""

    statement: "Statement"

    def record(self, nouns: Sequence[Noun], row: Row, nodes: Iterable[FieldNode], place: Place) -> RecordView:
        """Give the view of a record that is of one of `nouns`, from the selections of `nodes`."""
        nodes = list(nodes)
        if len(nouns) == 1:
            return self.object(self.statement.shapes[nouns[0].name], row, nodes, place)
        cases = " ".join(f"WHEN {row.node}:{noun.label} THEN {number}" for number, noun in enumerate(nouns))
        column = row.column(f"CASE {cases} END")
        views = [self.object(self.statement.shapes[noun.name], row, nodes, place, guard=True) for noun in nouns]
        return Variants(column, tuple(views))

    def object(
        self, shape: TypeShape, row: Row, nodes: Sequence[FieldNode], place: Place, *, guard: bool = False
    ) -> ObjectView:
        """Give the view of an object; with `guard` the row may be of another noun, for which nothing is read."""
        if place.depth > self.statement.limits.largest_depth:
            raise Invalid(
                say(
                    "{path}: this is nested {depth} records deep; {largest_depth} are allowed.",
                    path=place.path,
                    depth=place.depth,
                    largest_depth=self.statement.limits.largest_depth,
                ),
                field=place.path,
                value=place.depth,
                remedy=say("ask in several steps, going on from the ids that the first one gives"),
            )
        of = self.graphql_type(shape.name)
        fields: list[FieldView] = []
        for key, mentions in self.statement.document.subfields(nodes, of).items():
            name = mentions[0].name.value
            if name == "__typename":
                fields.append(Constant(key, shape.name))
                continue
            declared = shape.fields[name]
            if isinstance(declared, ValueField):
                fields.append(self.leaf(key, shape, row, declared))
            elif isinstance(declared, OneField):
                fields.append(self._one(key, shape, row, declared, mentions, place, guard=guard))
            elif isinstance(declared, ManyField):
                from opsplan.reading.compile.connection import Lists

                fields.append(Lists(self).nested(key, shape, row, declared, mentions, place, guard=guard))
            elif isinstance(declared, LateField):
                fields.append(self._late(key, shape, row, declared, mentions))
            else:
                fields.append(self._computed(key, shape, row, declared, mentions))
        return ObjectView(tuple(fields))

    def graphql_type(self, name: str) -> GraphQLObjectType:
        """Give an object type of the schema."""
        return cast(GraphQLObjectType, self.statement.document.schema.type_map[name])

    def leaf(self, key: str, shape: TypeShape, row: Row, declared: ValueField) -> Leaf:
        """Give the view of a record's property."""
        expression = self.statement.value(shape.noun, row.node, declared)
        return self._leaf(key, f"{shape.name}.{declared.name}", row, declared, expression)

    def fact(self, key: str, at: str, row: Row, declared: ValueField) -> Leaf:
        """Give the view of an edge's fact."""
        return self._leaf(key, at, row, declared, f"{row.edge}.{declared.key}")

    def _leaf(self, key: str, at: str, row: Row, declared: ValueField, expression: str) -> Leaf:
        columns: tuple[int, ...]
        if declared.kind is Kind.POINT:
            columns = (row.column(f"{expression}.longitude"), row.column(f"{expression}.latitude"))
        elif declared.kind is Kind.FLOAT:
            columns = (row.column(f"toFloat({expression})"),)
        else:
            columns = (row.column(expression),)
        return leaf_view(key, columns, declared, at, nullable=declared.nullable)

    def _computed(
        self, key: str, shape: TypeShape, row: Row, declared: ComputedField, mentions: Sequence[FieldNode]
    ) -> Leaf:
        given = self._given(shape, declared.name, mentions)
        other, result = self.statement.name(), self.statement.name("c")
        way = self.statement.hop(shape.noun, row.node, declared.derived, (), other, given)
        collected = f"collect({other})" if declared.many else f"head(collect({other}))"
        text = f"{way.text}{where(way.conditions)}RETURN {collected} AS {result}"
        column = row.call(f"CALL ({row.node}) {{ {text} }} ", result)
        codec = Codec.LIST if declared.many else _CODECS.get(declared.kind, Codec.PLAIN)
        return Leaf(key, (column,), codec, not declared.many, f"{shape.name}.{declared.name}")

    def _late(self, key: str, shape: TypeShape, row: Row, declared: LateField, mentions: Sequence[FieldNode]) -> Late:
        """Give the view of what Python computes: the record's row holds what it needs."""
        statement = self.statement
        number, _ = self._given(shape, declared.name, mentions)
        computed = declared.computed
        slots = {
            name: statement.bindings.slot(number, (camel(name),), or_now if kind is Kind.INSTANT else stored)
            for name, kind in computed.parameters.items()
        }
        columns = tuple(row.column(statement.value(shape.noun, row.node, each)) for each in declared.needs)
        view: Leaf | ObjectView
        if declared.value is not None:
            view = leaf_view(key, (0,), declared.value, f"{shape.name}.{declared.name}", nullable=True)
        else:
            view = ObjectView(tuple(self._late_facts(declared.facts, declared.type_name, mentions)))
        return Late(key, statement.computation(computed, slots), columns, view)

    def _late_facts(
        self, facts: Sequence[ValueField | PartField], type_name: str, mentions: Sequence[FieldNode]
    ) -> Iterator[Leaf | Constant | Inner]:
        places = {fact.name: (place, fact) for place, fact in enumerate(facts)}
        for key, nodes in self.statement.document.subfields(mentions, self.graphql_type(type_name)).items():
            name = nodes[0].name.value
            if name == "__typename":
                yield Constant(key, type_name)
                continue
            place, fact = places[name]
            if isinstance(fact, PartField):
                inner = ObjectView(tuple(self._late_facts(fact.facts, fact.type_name, nodes)))
                yield Inner(key, place, inner, fact.many)
            elif fact.kind is Kind.POINT:
                # Its value is shown as it is: the graph's two columns are those of a stored one.
                yield Leaf(key, (place,), Codec.PLAIN, fact.nullable, f"{type_name}.{name}")
            else:
                yield leaf_view(key, (place,), fact, f"{type_name}.{name}", nullable=fact.nullable)

    def _given(self, shape: TypeShape, field: str, mentions: Sequence[FieldNode]) -> tuple[int, dict[str, Any]]:
        definition = self.graphql_type(shape.name).fields[field]
        return self.statement.bindings.arguments(definition, mentions[0], self.statement.document.variables)

    def _one(
        self,
        key: str,
        shape: TypeShape,
        row: Row,
        declared: OneField,
        mentions: Sequence[FieldNode],
        place: Place,
        *,
        guard: bool,
    ) -> One:
        statement = self.statement
        statement.count_part(f"{place.path}.{key}")
        nouns = statement.shapes.members(declared.type_name)
        other = statement.name()
        given = self._given(shape, declared.name, mentions) if isinstance(declared.hop, Derived) else None
        way = statement.hop(shape.noun, row.node, declared.hop, nouns, other, given)
        below = Row(other, way.edge)
        view = self.record(nouns, below, mentions, place.below(key))
        visible = statement.visible_over(shape.noun, row.node, declared.hop, nouns, other)
        conditions = [*way.conditions, *visible]
        if guard:
            conditions.insert(0, f"{row.node}:{shape.noun.label}")
        if _is_one_pattern(declared.hop) and not below.calls:
            # Not a pattern in an expression, for which the server reads every property of the row anew.
            row.calls.append(f"CALL ({row.node}) {{ OPTIONAL {way.text}{where(conditions)}RETURN {other} LIMIT 1 }} ")
            column = row.column(f"CASE WHEN {other} IS NOT NULL THEN {below.text()} END")
        else:
            result = statement.name("c")
            column = row.call(
                f"CALL ({row.node}) {{ {way.text}{where(conditions)}WITH {other} LIMIT 1 {''.join(below.calls)}"
                f"RETURN head(collect({below.text()})) AS {result} }} ",
                result,
            )
        return One(key, column, below.width, view, declared.nullable, f"{shape.name}.{declared.name}")


def _is_one_pattern(hop: Hop) -> bool:
    """Whether the way is one MATCH, so that OPTIONAL can be written before it."""
    return isinstance(hop, OwnerHop) or (isinstance(hop, Relation) and hop.direction is not Direction.BOTH)


def leaf_view(key: str, columns: tuple[int, ...], declared: ValueField, at: str, *, nullable: bool) -> Leaf:
    """Give the view of a value of a declared kind, which stands in `columns`."""
    codec = _CODECS.get(declared.kind, Codec.LIST if declared.kind in LIST_KINDS else Codec.PLAIN)
    if codec is Codec.INT and _fits(declared.declared):
        codec = Codec.PLAIN
    return Leaf(key, columns, codec, nullable, at, _names(declared.choices), _type_name(declared.choices))


def _fits(declared: Property | None) -> bool:
    """Whether a number's declared bounds keep it within GraphQL's Int, so that no value needs a look."""
    return (
        declared is not None
        and declared.minimum is not None
        and declared.maximum is not None
        and declared.minimum >= _INT_MIN
        and declared.maximum <= _INT_MAX
    )


def _names(choices: type[StrEnum] | None) -> frozenset[str]:
    return frozenset(choices.__members__) if choices else frozenset()


def _type_name(choices: type[StrEnum] | None) -> str:
    return choices.__name__ if choices else ""
