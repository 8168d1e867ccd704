"""graphql-core over a world of Python objects: one resolver for every field of the schema."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cmp_to_key
from typing import Any

from graphql import ExecutionResult, GraphQLResolveInfo, GraphQLSchema, build_schema, execute_sync, parse

from opsplan.reading.names import plural_field, singular_field
from opsplan.reading.shape.fields import (
    LIST_KINDS,
    ComputedField,
    LateField,
    ManyField,
    OneField,
    ValueField,
)
from opsplan.reading.shape.shapes import Shapes
from opsplan.records.declaration import Derived, Kind
from opsplan.vocabulary.clock import instant_text
from tests.make.world import NOW, Thing, World
from tests.opsplan.reading.oracle.aggregates import aggregate
from tests.opsplan.reading.oracle.computed import computed
from tests.opsplan.reading.oracle.cursors import plain_cursor, plain_place
from tests.opsplan.reading.oracle.derived import Pairs, derived
from tests.opsplan.reading.oracle.filters import PythonFilters, owners, points

_USUAL_PAGE = 20


@dataclass(frozen=True, slots=True)
class Facts:
    """An edge's facts, with the declarations of their kinds."""

    values: Mapping[str, Any]
    fields: Mapping[str, ValueField]


class Oracle:
    """Answers operations over a world."""

    def __init__(self, sdl: str, shapes: Shapes, world: World) -> None:
        self._schema: GraphQLSchema = build_schema(sdl)
        self._shapes = shapes
        self._world = world
        self._now = instant_text(NOW)
        self._filters = PythonFilters(world, shapes, self._now)
        self._one = {singular_field(shape.noun): shape.name for shape in shapes}
        self._many = {plural_field(shape.noun): shape.name for shape in shapes}

    def result(self, text: str, variables: dict[str, Any] | None = None) -> ExecutionResult:
        """Execute an operation."""
        return execute_sync(
            self._schema,
            parse(text),
            root_value=None,
            variable_values=variables,
            field_resolver=self._resolve,
            type_resolver=lambda value, _info, _type: value.noun.name,
        )

    def _resolve(self, source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        name = info.field_name
        if source is None:
            return self._root(name, arguments)
        if isinstance(source, Thing):
            return self._field(source, name, arguments)
        if isinstance(source, dict):
            found = source[name]
            return found() if callable(found) else found
        assert isinstance(source, Edge)
        if name == "cursor":
            return source.cursor
        if name == "node":
            return source.node
        field = source.facts.fields[name]
        return _shown(field, source.facts.values[field.key])

    def _root(self, name: str, arguments: dict[str, Any]) -> Any:
        retired = arguments.get("includeRetired", False)
        if name == "node":
            return self._found(arguments["id"], retired)
        if name == "nodes":
            return [self._found(each, retired) for each in arguments["ids"]]
        if name in self._one:
            found = self._found(arguments["id"], retired)
            return found if found is not None and found.noun.name == self._one[name] else None
        everything: Pairs = [(each, {}) for each in self._world.of(self._many[name])]
        return self._connection(everything, arguments, None, {}, self._many[name])

    def _found(self, record_id: str, retired: bool) -> Thing | None:
        found = self._world.things.get(record_id)
        return found if found is not None and (retired or found.values.get("retired_at") is None) else None

    def _field(self, thing: Thing, name: str, arguments: dict[str, Any]) -> Any:
        field = self._shapes[thing.noun.name].fields[name]
        if isinstance(field, ValueField):
            return _shown(field, thing.values.get(field.key))
        if isinstance(field, OneField):
            if name == "owner":
                return next(iter(owners(self._world, thing)), None)
            return next(iter(self._world.along(field.hop, thing)), None)  # type: ignore[arg-type]
        if isinstance(field, LateField):
            return computed(thing, field.computed.name, _stored_instant(arguments.get("at")) or self._now)
        if isinstance(field, ComputedField):
            raise NotImplementedError(f"write the computed field {thing.noun.name}.{name} here")
        assert isinstance(field, ManyField)
        if isinstance(field.hop, Derived):
            given = {**arguments, "at": _stored_instant(arguments.get("at"))}
            pairs = derived(self._world, thing, field.hop.name, given, self._now)
        else:
            pairs = [(each, {}) for each in self._world.along(field.hop, thing)]  # type: ignore[arg-type]
        return self._connection(pairs, arguments, thing.id, {each.name: each for each in field.edge}, field.noun)

    def _connection(
        self,
        pairs: Pairs,
        arguments: dict[str, Any],
        parent: str | None,
        facts: Mapping[str, ValueField],
        noun: str | None,
    ) -> dict[str, Any]:
        kept = [
            (thing, values)
            for thing, values in pairs
            if (arguments.get("includeRetired") or thing.values.get("retired_at") is None)
            and self._filters.keeps(thing, arguments.get("where"))
        ]
        order = [(each.rpartition("_")[0].lower(), each.endswith("_DESC")) for each in arguments.get("orderBy") or ()]
        searched = (arguments.get("where") or {}).get("text")
        if searched is not None and not order:
            order = [("points", True)]

        def place_of(thing: Thing) -> list[Any]:
            if order == [("points", True)]:
                return [points(thing, searched), thing.id]
            return [*(thing.values.get(key) for key, _ in order), thing.id]

        directions = [*(falling for _, falling in order), False]

        def compared(one: list[Any], other: list[Any]) -> int:
            for left, right, falling in zip(one, other, directions, strict=True):
                if left == right:
                    continue
                if left is None or right is None:
                    return 1 if left is None else -1
                return -1 if (left < right) != falling else 1
            return 0

        kept.sort(key=cmp_to_key(lambda one, other: compared(place_of(one[0]), place_of(other[0]))))
        after, before = (arguments.get(name) and plain_place(arguments[name])[:-1] for name in ("after", "before"))
        between = [
            each
            for each in kept
            if (after is None or compared(place_of(each[0]), after) > 0)
            and (before is None or compared(place_of(each[0]), before) < 0)
        ]
        first, last = arguments.get("first"), arguments.get("last")
        if last is not None:
            page = between[max(0, len(between) - last) :]
            has_previous = len(between) > last
            has_next = before is not None and any(compared(place_of(each[0]), before) >= 0 for each in kept)
        else:
            size = _USUAL_PAGE if first is None else first
            page = between[:size]
            has_next = len(between) > size
            has_previous = after is not None and any(compared(place_of(each[0]), after) <= 0 for each in kept)
        edges = [Edge(plain_cursor([*place_of(thing), parent]), thing, Facts(values, facts)) for thing, values in page]
        return {
            "edges": edges,
            "nodes": [each.node for each in edges],
            "totalCount": len(kept),
            "aggregate": lambda: aggregate(self._shapes, noun or "", [each for each, _ in kept], _shown),
            "pageInfo": {
                "hasNextPage": has_next,
                "hasPreviousPage": has_previous,
                "startCursor": edges[0].cursor if edges else None,
                "endCursor": edges[-1].cursor if edges else None,
            },
        }


@dataclass(frozen=True, slots=True)
class Edge:
    """An entry of a list."""

    cursor: str
    node: Thing
    facts: Facts


def _stored_instant(given: str | None) -> str | None:
    return instant_text(datetime.fromisoformat(given)) if given is not None else None


def _shown(field: ValueField, value: Any) -> Any:
    if field.kind in LIST_KINDS:
        return value or []
    if value is None:
        return None
    match field.kind:
        case Kind.POINT:
            return {"longitude": value[0], "latitude": value[1]}
        case Kind.MINUTES:
            hours, minutes = divmod(value, 60)
            return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes or not hours else "")
        case Kind.JSON:
            return json.loads(value)
        case Kind.FLOAT:
            return float(value)
    return value
