"""Random operations over the whole schema: every root field, fragments, directives, aliases, variables, filters, pages.

They are drawn from the schema itself, so a new type or argument takes part without a change here.
"""

import json
import math
import random
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    OverlappingFieldsCanBeMergedRule,
    get_named_type,
    is_composite_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    parse,
    validate,
)

from opsplan.reading.names import camel
from opsplan.records.declaration import Kind
from tests.make.world import WORDS, Thing, World
from tests.opsplan.reading.oracle.cursors import plain_cursor
from tests.opsplan.reading.oracle.filters import points

LEFT_OUT = frozenset({("CompoundNetworkEdge", "links"), ("TargetNetworkEdge", "links"), ("Unit", "orders")})
"""What is not the same each time (of several shortest ways any one is given), and what Python alone computes of
more than the record (a sheet of orders; `tests/opsplan/orders` and `test_computed.py` have that)."""

_DEEPEST = 4
_INSTANTS = ("2026-12-01T12:00:00Z", "2026-12-02T03:00:00+07:00", "2026-11-30T00:00:00.500Z")
_MOST_RECORDS = 3_000


class Bare(str):
    """Text that stands in an operation without quotes: the name of a choice."""


@dataclass(slots=True)
class Drawn:
    """An operation, and the values of its variables."""

    text: str
    variables: dict[str, Any]


@dataclass(slots=True)
class _Operation:
    declared: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    fragments: dict[str, str] = field(default_factory=dict)
    names: int = 0


class Draws:
    """Draws operations over a schema and a world.

    `without` names fields and filters that are not drawn, as (noun, declared name).
    """

    def __init__(
        self, schema: GraphQLSchema, world: World, seed: int, *, without: frozenset[tuple[str, str]] = frozenset()
    ) -> None:
        self._schema = schema
        self._without = frozenset((noun, camel(name)) for noun, name in without)
        self._world = world
        self._chance = random.Random(seed)
        self._now = _Operation()

    def draw(self) -> Drawn:
        """Draw one valid operation: one that asks for one key in two ways is drawn again."""
        while True:
            drawn = self._draw()
            # Only this rule can be broken by what is drawn; who reads the operation checks all of them.
            if not validate(self._schema, parse(drawn.text), [OverlappingFieldsCanBeMergedRule]):
                return drawn

    def _draw(self) -> Drawn:
        chance = self._chance
        now = self._now = _Operation()
        query = self._schema.query_type
        assert query is not None
        names = chance.sample(sorted(query.fields), k=chance.choice([1, 1, 1, 2, 3]))
        fields = [self._field(query.fields[name], name, 0, _MOST_RECORDS // len(names)) for name in names]
        if chance.random() < 0.1:
            fields.append("__typename")
        declared = f"({', '.join(now.declared)})" if now.declared else ""
        parts = [f"query Drawn{declared} {{ {' '.join(fields)} }}", *now.fragments.values()]
        return Drawn("\n".join(parts), now.values)

    def _field(self, declared: GraphQLField, name: str, depth: int, left: int) -> str:
        chance = self._chance
        named = get_named_type(declared.type)
        arguments, size = self._arguments(declared, name, left)
        alias = f"a{self._number()}: " if chance.random() < 0.15 else ""
        directive = self._directive() if chance.random() < 0.1 else ""
        if is_leaf_type(named):
            return f"{alias}{name}{arguments}{directive}"
        assert isinstance(named, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType)
        selection = self._selection(named, depth, max(1, left // max(1, size)))
        return f"{alias}{name}{arguments}{directive} {selection}"

    def _selection(self, of: Any, depth: int, left: int) -> str:
        chance = self._chance
        parts = ["__typename"] if isinstance(of, GraphQLUnionType) or chance.random() < 0.15 else []
        if isinstance(of, GraphQLUnionType | GraphQLInterfaceType):
            members = self._schema.get_possible_types(of)
            chosen = chance.sample(sorted(members, key=lambda each: each.name), k=min(2, len(members)))
            parts += [self._fragment(member, depth, left) for member in chosen]
            parts.append("... on Node { id }")
        if not isinstance(of, GraphQLUnionType):
            parts += self._fields_of(of, depth, left)
            if isinstance(of, GraphQLObjectType) and of.interfaces and chance.random() < 0.15:
                parts.append(self._fragment(chance.choice(of.interfaces), depth, left))
        chance.shuffle(parts)
        return f"{{ {' '.join(parts or ['__typename'])} }}"

    def _fields_of(self, of: Any, depth: int, left: int) -> list[str]:
        chance = self._chance
        wrapper = of.name.endswith(("Connection", "Edge"))
        leaves = [name for name, each in of.fields.items() if is_leaf_type(get_named_type(each.type))]
        deeper = [name for name, each in of.fields.items() if is_composite_type(get_named_type(each.type))]
        deeper = [name for name in deeper if (of.name, name) not in self._without and (of.name, name) not in LEFT_OUT]
        leaves = [name for name in leaves if (of.name, name) not in LEFT_OUT]
        chosen = chance.sample(leaves, k=min(len(leaves), chance.randrange(1, 5)))
        if wrapper:
            if of.name.endswith("Connection"):
                chosen = [*chosen, *chance.sample(deeper, k=chance.randrange(1, len(deeper) + 1))]
                chosen = [name for name in chosen if name != "totalCount" or chance.random() < 0.5]
            elif depth <= _DEEPEST:
                chosen.append("node")
        elif depth < _DEEPEST and left > 1:
            chosen += chance.sample(deeper, k=min(len(deeper), chance.choice([0, 1, 1, 2])))
        return [self._field(of.fields[name], name, depth if wrapper else depth + 1, left) for name in chosen]

    def _fragment(self, of: Any, depth: int, left: int) -> str:
        selection = self._selection(of, depth + 1, left)
        if self._chance.random() < 0.5:
            return f"... on {of.name} {selection}"
        name = f"F{self._number()}"
        self._now.fragments[name] = f"fragment {name} on {of.name} {selection}"
        return f"...{name}"

    def _directive(self) -> str:
        name = self._chance.choice(["skip", "include"])
        value = self._chance.random() < 0.5
        if self._chance.random() < 0.5:
            return f" @{name}(if: {self._variable('Boolean!', value)})"
        return f" @{name}(if: {str(value).lower()})"

    def _arguments(self, declared: GraphQLField, name: str, left: int) -> tuple[str, int]:
        """Draw the arguments of a field; give their text and how many records it may give."""
        chance = self._chance
        given: dict[str, Any] = {}
        size = 20 if "first" in declared.args else 1
        target = get_named_type(declared.type).name.removesuffix("Connection")
        for argument, each in declared.args.items():
            needed = is_non_null_type(each.type) and each.default_value is None and argument in ("id", "ids")
            if argument in ("after", "before", "last") or not (needed or chance.random() < 0.35):
                continue
            if argument == "id":
                given[argument] = self._id(target)
            elif argument == "ids":
                given[argument] = [self._id(None) for _ in range(chance.randrange(5))]
            elif argument == "first":
                given[argument] = chance.randrange(min(8, left) + 1)
            elif argument == "where":
                given[argument] = self._filter(get_named_type(each.type), 0)
            else:
                given[argument] = self._value(each.type, argument, 0)
        for argument in ("id", "ids"):
            if argument in declared.args and argument not in given:
                given[argument] = self._id(target) if argument == "id" else [self._id(None)]
        if "first" in declared.args:
            size = self._page(given, declared, target, left)
        if not given:
            return "", size
        written = ", ".join(f"{key}: {self._written(value, declared.args[key].type)}" for key, value in given.items())
        return f"({written})", size

    def _page(self, given: dict[str, Any], declared: GraphQLField, target: str, left: int) -> int:
        chance = self._chance
        if chance.random() < 0.15:
            given.pop("first", None)
            given["last"] = chance.randrange(6)
        elif "first" not in given and left < 20:
            given["first"] = left
        orders = given.get("orderBy") or []
        keys = [each.rpartition("_")[0].lower() for each in orders]
        searched = (given.get("where") or {}).get("text")
        for name in ("after", "before"):
            things = self._world.of(target) if target in self._world.catalogue else []
            # A cursor is good for the list of one record; only a list at the root has its parent known here.
            if things and chance.random() < 0.15 and declared is self._root(declared):
                thing = chance.choice(things)
                place = [thing.values.get(key) for key in keys]
                if searched is not None and not orders:
                    place = [points(thing, searched)]
                given[name] = plain_cursor([*place, thing.id, None])
        return int(given.get("first", given.get("last", 20)))

    def _root(self, declared: GraphQLField) -> GraphQLField | None:
        query = self._schema.query_type
        assert query is not None
        return next((each for each in query.fields.values() if each is declared), None)

    def _id(self, noun: str | None) -> str:
        chance = self._chance
        if noun in (None, "Node") or chance.random() < 0.1:
            everything = sorted(self._world.things)
            return chance.choice([*everything, "compound_unknown", "no id"]) if chance.random() < 0.95 else "x_1"
        assert noun is not None
        there = self._world.of(noun)
        return chance.choice(there).id if there else "compound_unknown"

    def _filter(self, of: Any, depth: int) -> dict[str, Any]:
        chance = self._chance
        assert isinstance(of, GraphQLInputObjectType)
        noun = of.name.removesuffix("Filter").removesuffix("List")
        names = [name for name in of.fields if (noun, name) not in self._without]
        simple = [name for name in names if not _is_filter(get_named_type(of.fields[name].type))]
        deeper = [name for name in names if name not in simple]
        names = chance.sample(simple, k=min(len(simple), chance.choice([0, 1, 1, 2])))
        if depth < 2:
            names += chance.sample(deeper, k=min(len(deeper), chance.choice([0, 1, 1])))
        given: dict[str, Any] = {}
        for name in names:
            declared = of.fields[name]
            named = get_named_type(declared.type)
            if is_list_type(declared.type):
                given[name] = [self._filter(named, depth + 1) for _ in range(chance.randrange(3))]
            elif _is_filter(named):
                given[name] = self._filter(named, depth + 1)
            elif is_input_object_type(named):
                given[name] = self._comparison(named, noun, name)
            else:
                given[name] = self._value(declared.type, name, 0)
        if of.is_one_of and len(given) != 1:
            member = chance.choice(sorted(of.fields))
            given = {member: self._filter(get_named_type(of.fields[member].type), depth + 1)}
        return given

    def _comparison(self, of: GraphQLInputObjectType, noun: str, name: str) -> dict[str, Any]:
        chance = self._chance
        given: dict[str, Any] = {}
        needed = [each for each, declared in of.fields.items() if is_non_null_type(declared.type)]
        for comparison in needed or chance.sample(sorted(of.fields), k=min(len(of.fields), chance.choice([1, 1, 2]))):
            declared = of.fields[comparison]
            given[comparison] = self._value(declared.type, comparison, 0)
        if "hops" in of.fields and chance.random() < 0.5:
            given["hops"] = chance.choice([1, 2])
        return given

    def _value(self, declared: Any, name: str, depth: int) -> Any:
        chance = self._chance
        if is_non_null_type(declared):
            declared = declared.of_type
        if is_list_type(declared):
            return [self._value(declared.of_type, name, depth) for _ in range(chance.randrange(1, 3))]
        if is_enum_type(declared):
            assert isinstance(declared, GraphQLEnumType)
            return Bare(chance.choice(sorted(declared.values)))
        if is_input_object_type(declared):
            if declared.name in ("BoxInput", "PolygonInput"):
                return self._box() if declared.name == "BoxInput" else {"vertices": self._ring()}
            return {
                each: self._value(inner.type, each, depth + 1)
                for each, inner in declared.fields.items()
                if is_non_null_type(inner.type) or chance.random() < 0.5
            }
        match declared.name:
            case "ID":
                return self._id(None)
            case "Int":
                if name in ("depth", "hops"):
                    return chance.choice([1, 2])
                return chance.choice([0, 1, 2, 3, 5])
            case "Float":
                return (
                    chance.choice([0.5, 30_000.0, 900_000.0]) if name == "radiusM" else chance.choice([0.0, 1.0, 2.5])
                )
            case "Boolean":
                return chance.random() < 0.5
            case "DateTime":
                return chance.choice(_INSTANTS)
            case "LocalTime":
                return chance.choice(["06:00", "21:30"])
            case "Duration":
                return chance.choice(["PT0M", "PT2M", "PT1H", "PT2H30M", "PT10H"])
            case "CountryCode":
                return chance.choice(["KH", "TH"])
            case "LanguageCode":
                return chance.choice(["km", "en"])
            case "TimeZone":
                return "UTC"
            case "GeoPoint":
                return self._point()
        return self._text()

    def _point(self) -> dict[str, float]:
        chance = self._chance
        place = chance.choice([(104.9, 11.6), (179.9, -16.5), (-179.7, -16.6), (0.0, 51.5), (12.0, 89.0)])
        longitude = place[0] + chance.uniform(-0.4, 0.4)
        return {
            "longitude": round((longitude + 180) % 360 - 180, 3),
            "latitude": round(max(-90.0, min(90.0, place[1] + chance.uniform(-0.4, 0.4))), 3),
        }

    def _box(self) -> dict[str, Any]:
        south_west, north_east = sorted((self._point(), self._point()), key=lambda each: each["latitude"])
        return {"southWest": south_west, "northEast": north_east}

    def _ring(self) -> list[dict[str, float]]:
        """A polygon whose edges do not cross, about a place."""
        chance = self._chance
        middle = self._point()
        turns = sorted(chance.uniform(0, 2 * math.pi) for _ in range(chance.randrange(3, 8)))
        reach = chance.choice([0.1, 0.6])
        return [
            {
                "longitude": round((middle["longitude"] + reach * math.cos(turn) + 180) % 360 - 180, 4),
                "latitude": round(max(-90.0, min(90.0, middle["latitude"] + reach * math.sin(turn))), 4),
            }
            for turn in turns
        ]

    def _text(self) -> str:
        chance = self._chance
        thing: Thing = chance.choice(sorted(self._world.things.values(), key=lambda each: each.id))
        texts = [
            thing.values[each.name]
            for each in thing.noun.all_properties
            if each.kind is Kind.TEXT and thing.values.get(each.name)
        ]
        return str(chance.choice([*texts, *WORDS]))[: chance.choice([2, 5, 40])]

    def _written(self, value: Any, declared: Any) -> str:
        """Write a value into the operation: as it is, or through a variable."""
        if self._chance.random() < 0.3:
            return self._variable(str(declared), value)
        return _literal(value)

    def _variable(self, declared: str, value: Any) -> str:
        name = f"v{self._number()}"
        self._now.declared.append(f"${name}: {declared}")
        self._now.values[name] = json.loads(json.dumps(value))
        return f"${name}"

    def _number(self) -> int:
        self._now.names += 1
        return self._now.names


def _is_filter(named: Any) -> bool:
    """Whether an input filters records (and may hold others like it), rather than compares a value."""
    return isinstance(named, GraphQLInputObjectType) and (
        "and" in named.fields or named.is_one_of or "some" in named.fields
    )


def _literal(value: Any) -> str:
    if isinstance(value, Bare):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_literal(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
