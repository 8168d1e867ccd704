"""Root fields: one whole statement for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, GraphQLField

from opsplan.reading.compile.bindings import Bindings, Request
from opsplan.reading.compile.conditions import Conditions, where
from opsplan.reading.compile.connection import Ask, Lists
from opsplan.reading.compile.cost import Cost
from opsplan.reading.compile.listing import Start, start_of
from opsplan.reading.compile.rows import Place, Row, Rows
from opsplan.reading.compile.statement import Statement
from opsplan.reading.complete.late import Computation
from opsplan.reading.complete.views import Lookup, ObjectView, RootList, RootObject, RootView
from opsplan.reading.shape.fields import OneField
from opsplan.reading.shape.shapes import Shapes
from opsplan.records.declaration import Direction, Noun, Relation
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.ids import prefix_in, prefix_of
from opsplan.vocabulary.sentences import say


@dataclass(frozen=True, slots=True)
class Compiled:
    """One root field, compiled: its statement, what fills it, how its rows are read, what it may cost.

    `text` is None where nothing needs to be read, because no id is one of ours. Where it `streams`, its rows are those
    of one list, and the view's one row holds them as its only column. `computations` are done in Python once the rows
    are there.
    """

    text: str | None
    bindings: Bindings
    view: RootView
    cost: Cost
    computations: Sequence[Computation] = ()
    streams: bool = False


@dataclass(slots=True)
class Roots:
    """Compiles root fields."""

    statement: Statement
    key: str
    mentions: Sequence[FieldNode]

    def many(self, noun: Noun, definition: GraphQLField) -> Compiled:
        """Compile a root field that lists the records of a noun."""
        statement = self.statement
        rows = Rows(statement)
        number, given = statement.bindings.arguments(definition, self.mentions[0], statement.document.variables)
        ask = Ask(
            self.key,
            f"Query.{self.mentions[0].name.value}",
            f"{noun.name}Connection",
            f"{noun.name}Edge",
            (noun,),
            (),
            number,
            given,
            self.mentions,
        )
        node = statement.name()
        start = self._start(noun, node, ask)
        cost = Cost("")
        top = Row("")
        view = Lists(rows).build(ask, top, Row(node), start, Place("", 0, cost), parent=None)
        if top.stream is not None and len(top.columns) == 1:
            return self._compiled(top.stream, RootList(1, view), cost, streams=True)
        return self._compiled(_whole(top), RootList(top.width, view), cost)

    def _start(self, noun: Noun, node: str, ask: Ask) -> Start:
        """Give how the records of a root list are found: by text, by a record that they refer to, or all by id."""
        statement = self.statement
        shape = statement.shapes[noun.name]
        given = dict(ask.given.get("where") or {})
        conditions = [*statement.visible(noun, node)]
        if not ask.given.get("includeRetired"):
            conditions += statement.in_force(noun, node)
        filters = Conditions(statement, ask.number, ("where",))
        if given.get("text") is not None:
            del given["text"]
            text, visible = statement.text_search(noun, node, ask.number, ("where", "text"))
            return start_of(text, [f"{node}:{noun.label}", *conditions, *visible, *filters.of(shape, node, given)])
        joined, distinct = "", ""
        for name in sorted(given):
            field = shape.fields.get(name)
            # A reference that must lead somewhere may be where the server begins: it is matched, not asked per record.
            if (
                given[name]
                and isinstance(field, OneField)
                and isinstance(field.hop, Relation)
                and field.hop.direction is not Direction.BOTH
                and len(field.hop.targets) == 1
            ):
                (target,) = statement.shapes.members(field.type_name)
                other = statement.name()
                way = statement.hop(noun, node, field.hop, target, other)
                joined += way.text
                if field.hop.direction is not Direction.OUT:
                    # Its own reference a record has once; others may refer to it several times.
                    distinct = "DISTINCT "
                conditions += [
                    *way.conditions,
                    *statement.visible(target, other),
                    *filters.below(statement.shapes[target.name], other, given.pop(name), (name,)),
                ]
        if joined:
            conditions += filters.of(shape, node, given)
            text = f"MATCH ({node}:{noun.label}) {joined}{where(conditions)}WITH {distinct}{node} "
            return start_of(text, [])
        # All ids of a noun begin alike, so the unique index of ids lists them in order; others that begin so too (those
        # of ActionMode beside Action's) are left out by the label.
        prefix = prefix_of(noun.name)
        span = [f"{node}.id >= '{prefix}_'", f"{node}.id < '{prefix}`'"]
        conditions += filters.of(shape, node, given)
        text = f"MATCH ({node}:{statement.base_label(noun)}&{noun.label}) "
        return Start(text, [*span, *conditions], f"MATCH ({node}:{noun.label}) {where(conditions)}")

    def one(self, noun: Noun, definition: GraphQLField) -> Compiled:
        """Compile a root field that looks one record of a noun up by its id."""
        number, given = self.statement.bindings.arguments(
            definition, self.mentions[0], self.statement.document.variables
        )
        return self._by_id(noun, number, include_retired=bool(given.get("includeRetired")))

    def node(self, definition: GraphQLField) -> Compiled:
        """Compile the root field `node`."""
        number, given = self.statement.bindings.arguments(
            definition, self.mentions[0], self.statement.document.variables
        )
        noun = noun_of(self.statement.shapes, given["id"])
        if noun is None:
            return self._nothing()
        return self._by_id(noun, number, include_retired=bool(given.get("includeRetired")))

    def nodes(self, definition: GraphQLField) -> Compiled:
        """Compile the root field `nodes`."""
        statement = self.statement
        number, given = statement.bindings.arguments(definition, self.mentions[0], statement.document.variables)
        nouns = {noun.name: noun for each in given["ids"] if (noun := noun_of(statement.shapes, each)) is not None}
        return self._several(list(nouns.values()), number, include_retired=bool(given.get("includeRetired")))

    def stored(self, noun: Noun, *, several: bool) -> Compiled:
        """Compile the reading of records that a mutation or a subscription gives; retired ones too."""
        number = self.statement.bindings.marked()
        if several:
            return self._several([noun], number, include_retired=True)
        return self._by_id(noun, number, include_retired=True)

    def _nothing(self) -> Compiled:
        return self._compiled(None, RootObject(1, ObjectView(())), Cost(self.key))

    def _compiled(self, text: str | None, view: RootView, cost: Cost, *, streams: bool = False) -> Compiled:
        bindings = self.statement.bindings
        bindings.settle(text or "")
        return Compiled(text, bindings, view, cost, self.statement.computations, streams)

    def _by_id(self, noun: Noun, number: int, *, include_retired: bool) -> Compiled:
        statement = self.statement
        cost = Cost("")
        node = statement.name()
        row = Row(node)
        view = Rows(statement).record((noun,), row, self.mentions, Place("", 0, cost).below(self.key))
        text = self._found(noun, node, statement.bindings.parameter(number, ("id",)), include_retired)
        return self._compiled(f"{text}{''.join(row.calls)}RETURN {row.items()}", RootObject(row.width, view), cost)

    def _found(self, noun: Noun, node: str, wanted: str, include_retired: bool) -> str:
        statement = self.statement
        conditions = [f"{node}:{noun.label}", *statement.visible(noun, node)]
        if not include_retired:
            conditions += statement.in_force(noun, node)
        return f"MATCH ({node}:{statement.base_label(noun)} {{id: {wanted}}}) {where(conditions)}WITH {node} "

    def _several(self, nouns: list[Noun], number: int, *, include_retired: bool) -> Compiled:
        statement = self.statement
        rows = Rows(statement)
        cost = Cost("")
        ids_slot = statement.bindings.slot(number, ("ids",), _few_enough(statement.limits.most_ids))
        size_slot = statement.bindings.slot(number, ("ids",), lambda ids, _: len(ids))
        place = Place("", 0, cost).below(self.key, size_slot)
        top = Row("")
        found = []
        for noun in nouns:
            node, each, result = statement.name(), statement.name("i"), statement.name("c")
            row = Row(node, None, [f"{node}.id"])
            view = rows.object(statement.shapes[noun.name], row, self.mentions, place)
            wanted = statement.bindings.parameter(number, ("ids",), _of_noun(noun))
            text = (
                f"CALL {top.scope()} {{ UNWIND {wanted} AS {each} {self._found(noun, node, each, include_retired)}"
                f"{''.join(row.calls)}RETURN collect({row.text()}) AS {result} }} "
            )
            found.append((top.call(text, result), row.width, view))
        text_or_none = _whole(top) if found else None
        return self._compiled(text_or_none, Lookup(ids_slot, tuple(found)), cost)


def noun_of(shapes: Shapes, record_id: str) -> Noun | None:
    """Give the noun that an id names, or None when it is no id of ours."""
    prefix = prefix_in(record_id)
    return shapes.by_prefix.get(prefix) if prefix is not None else None


def _whole(top: Row) -> str:
    return f"{''.join(top.calls)}RETURN {top.items()}"


def _of_noun(noun: Noun) -> Any:
    prefix = prefix_of(noun.name)

    def turned(ids: list[str], _: Request) -> list[str]:
        return list(dict.fromkeys(each for each in ids if prefix_in(each) == prefix))

    return turned


def _few_enough(most: int) -> Any:
    def turned(ids: list[str], _: Request) -> list[str]:
        if len(ids) > most:
            raise Invalid(
                say("ids: {count} ids are more than the {most} allowed at once.", count=len(ids), most=most),
                field="ids",
                value=len(ids),
                remedy=say("give at most {most} ids", most=most),
            )
        return ids

    return turned
