"""Lists: their rows, pages, cursors and counts, at the root and below a record."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from graphql import FieldNode

from opsplan.reading.compile.aggregates import Aggregates
from opsplan.reading.compile.conditions import Conditions, where
from opsplan.reading.compile.listing import Listing, Start, start_of
from opsplan.reading.compile.looks import put_looks, put_way, relations_in
from opsplan.reading.compile.order import ASCENDING, DESCENDING, Key, beyond, order_by, order_name
from opsplan.reading.compile.paging import parent_turn, place_turn, seal_turn, size_turn
from opsplan.reading.compile.rows import Place, Row, Rows
from opsplan.reading.complete.views import (
    Connection,
    Constant,
    Cursor,
    EdgeNode,
    Edges,
    Leaf,
    Nodes,
    PageInfo,
    PagePart,
    Paging,
    Total,
)
from opsplan.reading.names import property_field
from opsplan.reading.shape.aggregates import AGGREGATE
from opsplan.reading.shape.fields import ManyField, TypeShape, ValueField
from opsplan.records.declaration import Noun
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say

_PAGE_PARTS = {
    "hasNextPage": PagePart.HAS_NEXT,
    "hasPreviousPage": PagePart.HAS_PREVIOUS,
    "startCursor": PagePart.START,
    "endCursor": PagePart.END,
}


@dataclass(slots=True)
class Ask:
    """One list that is asked for: its type names, its arguments and what is selected of it."""

    key: str
    at: str
    connection: str
    edge_type: str
    nouns: tuple[Noun, ...]
    edge: tuple[ValueField, ...]
    number: int
    given: dict[str, Any]
    mentions: Sequence[FieldNode]

    @property
    def backwards(self) -> bool:
        """Whether the page is the last one of what is before a place."""
        return self.given.get("last") is not None


@dataclass(slots=True)
class Lists:
    """Makes the subqueries and views of lists."""

    rows: Rows

    def nested(
        self,
        key: str,
        shape: TypeShape,
        row: Row,
        declared: ManyField,
        mentions: Sequence[FieldNode],
        place: Place,
        *,
        guard: bool,
    ) -> Connection:
        """Give the view of a list below a record, and put its subqueries into the record's row."""
        statement = self.rows.statement
        definition = self.rows.graphql_type(shape.name).fields[declared.name]
        number, given = statement.bindings.arguments(definition, mentions[0], statement.document.variables)
        nouns = statement.shapes.members(declared.type_name)
        at = f"{shape.name}.{declared.name}"
        ask = Ask(key, at, declared.connection, declared.edge_type, nouns, declared.edge, number, given, mentions)
        put_way(place.cost, f"{place.path}.{key}", declared.hop, given, statement.limits)
        other = statement.name()
        way = statement.hop(shape.noun, row.node, declared.hop, nouns, other, (number, given))
        conditions = [*way.conditions]
        if guard:
            conditions.insert(0, f"{row.node}:{shape.noun.label}")
        if not ask.given.get("includeRetired") and not all(noun.system for noun in nouns):
            conditions.append(f"NOT {other}:Retired")
        conditions += statement.visible_over(shape.noun, row.node, declared.hop, nouns, other)
        if ask.given.get("where"):
            target = statement.shapes[nouns[0].name]
            conditions += Conditions(statement, number, ("where",)).of(target, other, given["where"])
        return self.build(ask, row, Row(other, way.edge), start_of(way.text, conditions), place, parent=row.node)

    def build(self, ask: Ask, row: Row, below: Row, start: Start, place: Place, *, parent: str | None) -> Connection:
        """Give the view of a list whose records are found from `start`."""
        statement = self.rows.statement
        statement.count_part(f"{place.path}.{ask.key}")
        size_slot = statement.bindings.slot(ask.number, (), size_turn(statement.limits, ask.at))
        fields, wants = self._fields(ask, below, place.below(ask.key, size_slot))
        found = Listing(start, self._keys(ask, below))
        for at, name in wants.totals:
            fields[at] = Total(name, self._count(row, below, found, each_once=parent is None))
        counts = len(wants.totals)
        for at, name, mentions in wants.aggregates:
            aggregates = Aggregates(self.rows, row, ask.nouns[0], below.node, found)
            fields[at] = aggregates.view(name, mentions)
            counts += aggregates.looks
        self._price(ask, place, counts, is_root=parent is None)
        near = self._near_side(ask, row, below, found) if wants.near_side else None
        paging, behind = self._paging(ask, below, found, cursors=wants.cursors)
        column = None
        if wants.rows:
            size = statement.bindings.parameter(
                ask.number, (), size_turn(statement.limits, ask.at, extra=1 if wants.page_info else 0)
            )
            carried = below.node if below.edge is None else f"{below.node}, {below.edge}"
            result = statement.name("c")
            listed = (
                f"{start.text}{where([*start.conditions, *behind])}"
                f"WITH {carried} ORDER BY {order_by(found.keys, backwards=ask.backwards)} LIMIT {size} "
                f"{''.join(below.calls)}RETURN "
            )
            if parent is None and not row.calls:
                # The first are read while the server still looks for the last.
                row.stream = f"{listed}{below.items()}"
            column = row.call(f"CALL {row.scope()} {{ {listed}collect({below.text()}) AS {result} }} ", result)
        parent_column = row.column(f"{parent}.id") if parent and paging is not None else None
        return Connection(
            ask.key,
            column,
            below.width,
            parent_column,
            near,
            size_slot,
            ask.backwards,
            paging,
            tuple(fields),
            ask.at,
        )

    def _price(self, ask: Ask, place: Place, counts: int, *, is_root: bool) -> None:
        statement = self.rows.statement
        path = f"{place.path}.{ask.key}" if place.path else ask.key
        of = statement.shapes[ask.nouns[0].name]
        relations = relations_in(statement.shapes, of, ask.given.get("where"))
        put_looks(place.cost, path, ask.given, counts, statement.limits, relations=relations, is_root=is_root)

    def _count(self, row: Row, below: Row, found: Listing, *, each_once: bool) -> int:
        """Count the records of a list. Where each is found once anyway, the server need not remember which it had."""
        result = self.rows.statement.name("c")
        counted = "*" if each_once else f"DISTINCT {below.node}"
        return row.call(f"CALL {row.scope()} {{ {found.start.counted}RETURN count({counted}) AS {result} }} ", result)

    def _fields(self, ask: Ask, below: Row, place: Place) -> tuple[list[Any], "_Wants"]:
        statement = self.rows.statement
        wants = _Wants([], [])
        fields: list[Any] = []
        connection = self.rows.graphql_type(ask.connection)
        for key, mentions in statement.document.subfields(ask.mentions, connection).items():
            name = mentions[0].name.value
            if name == "__typename":
                fields.append(Constant(key, ask.connection))
            elif name == "totalCount":
                wants.totals.append((len(fields), key))
                fields.append(None)
            elif name == AGGREGATE:
                wants.aggregates.append((len(fields), key, mentions))
                fields.append(None)
            elif name == "nodes":
                wants.rows = True
                fields.append(Nodes(key, self.rows.record(ask.nouns, below, mentions, place)))
            elif name == "edges":
                wants.rows = True
                fields.append(self._edges(key, ask, below, mentions, place, wants))
            else:
                fields.append(self._page_info(key, ask, mentions, wants))
        return fields, wants

    def _edges(
        self, key: str, ask: Ask, below: Row, mentions: Sequence[FieldNode], place: Place, wants: "_Wants"
    ) -> Edges:
        edge_type = self.rows.graphql_type(ask.edge_type)
        facts = {each.name: each for each in ask.edge}
        fields: list[Cursor | EdgeNode | Leaf | Constant] = []
        for inner, nodes in self.rows.statement.document.subfields(mentions, edge_type).items():
            name = nodes[0].name.value
            if name == "__typename":
                fields.append(Constant(inner, ask.edge_type))
            elif name == "cursor":
                wants.cursors = True
                fields.append(Cursor(inner))
            elif name == "node":
                fields.append(EdgeNode(inner, self.rows.record(ask.nouns, below, nodes, place)))
            else:
                fields.append(self.rows.fact(inner, f"{ask.edge_type}.{name}", below, facts[name]))
        return Edges(key, tuple(fields))

    def _page_info(self, key: str, ask: Ask, mentions: Sequence[FieldNode], wants: "_Wants") -> PageInfo:
        parts: list[tuple[str, PagePart | str]] = []
        for inner, nodes in self.rows.statement.document.subfields(
            mentions, self.rows.graphql_type("PageInfo")
        ).items():
            name = nodes[0].name.value
            if name == "__typename":
                parts.append((inner, "PageInfo"))
                continue
            part = _PAGE_PARTS[name]
            parts.append((inner, part))
            wants.rows = wants.page_info = True
            wants.cursors |= part in (PagePart.START, PagePart.END)
            wants.near_side |= part is (PagePart.HAS_NEXT if ask.backwards else PagePart.HAS_PREVIOUS)
        return PageInfo(key, tuple(parts))

    def _keys(self, ask: Ask, below: Row) -> list[Key]:
        keys: list[Key] = []
        chosen = ask.given.get("orderBy") or ()
        most = self.rows.statement.limits.most_order_keys
        if len(chosen) > most:
            raise Invalid(
                say(
                    "{path}: orderBy has {sort_keys} sort keys; {most} are allowed.",
                    path=ask.at,
                    sort_keys=len(chosen),
                    most=most,
                ),
                field="orderBy",
                value=len(chosen),
                remedy=say("give at most {most}", most=most),
            )
        if chosen:
            noun = ask.nouns[0]
            shape = self.rows.statement.shapes[noun.name]
            by_name = {order_name(each.name): each for each in noun.all_properties if each.sorted_by}
            for order in chosen:
                name = order.name if isinstance(order, Enum) else str(order)
                declared = by_name[name.removesuffix(ASCENDING).removesuffix(DESCENDING)]
                value = shape.fields[property_field(declared)]
                assert isinstance(value, ValueField)
                expression = self.rows.statement.value(noun, below.node, value)
                nullable = value.nullable or expression != f"{below.node}.{value.key}"
                keys.append(Key(declared.name, expression, name.endswith(DESCENDING), nullable))
        elif (ask.given.get("where") or {}).get("text") is not None:
            points = self.rows.statement.text_points(ask.nouns[0], below.node, ask.number, ("where", "text"))
            keys.append(Key("points", points, descending=True, nullable=False, computed=True))
        return [*keys, Key("id", f"{below.node}.id", descending=False, nullable=False)]

    def _paging(self, ask: Ask, below: Row, found: Listing, *, cursors: bool) -> tuple[Paging | None, list[str]]:
        """Give what makes and checks cursors, and the conditions that the given ones put on the page."""
        bindings = self.rows.statement.bindings
        label = found.label(ask.at)
        behind: list[str] = []
        cursors_given: list[tuple[str, int]] = []
        for name, backwards in (("after", False), ("before", True)):
            if ask.given.get(name) is not None:
                place = bindings.parameter(ask.number, (), place_turn(name, label))
                behind.append(beyond(found.keys, found.places(place), backwards=backwards))
                self._refuse_where_it_is_made(name, ask)
                cursors_given.append((name, bindings.slot(ask.number, (), parent_turn(name, label))))
        if not cursors and not cursors_given:
            return None, behind
        columns = tuple(below.column(key.expression) for key in found.keys) if cursors else ()
        seal_slot = bindings.slot(ask.number, (), seal_turn(label))
        return Paging(columns, seal_slot, tuple(cursors_given)), behind

    def _refuse_where_it_is_made(self, name: str, ask: Ask) -> None:
        """Refuse a cursor in the answer of a change, before the change is made: that it fits is known only then."""
        if self.rows.statement.takes_cursors:
            return
        raise Invalid(
            say("{path}: a cursor cannot be given in the answer of a change.", path=ask.at),
            field=name,
            value=ask.given[name],
            remedy=say("ask for the first page there, and for further ones by a query"),
        )

    def _near_side(self, ask: Ask, row: Row, below: Row, found: Listing) -> int | None:
        """Ask whether anything lies on the near side of the page: before `after`, or behind `before` when backwards."""
        name = "before" if ask.backwards else "after"
        if ask.given.get(name) is None:
            return None
        statement = self.rows.statement
        place = statement.bindings.parameter(ask.number, (), place_turn(name, found.label(ask.at)))
        near = beyond(found.keys, found.places(place), backwards=not ask.backwards, inclusive=True)
        result = statement.name("c")
        return row.call(
            f"CALL {row.scope()} {{ {found.start.text}{where([*found.start.conditions, near])}"
            f"WITH {below.node} LIMIT 1 RETURN count({below.node}) > 0 AS {result} }} ",
            result,
        )


@dataclass(slots=True)
class _Wants:
    """What a list's selection needs to be read: its rows, its cursors, what lies around the page, what is counted."""

    totals: list[tuple[int, str]]
    aggregates: list[tuple[int, str, Sequence[FieldNode]]]
    rows: bool = False
    cursors: bool = False
    page_info: bool = False
    near_side: bool = False
