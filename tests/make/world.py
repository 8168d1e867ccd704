"""A random graph over the whole catalogue, as plain Python objects, and its way into Neo4j.

The world is drawn from a seed and from the declarations alone, so a new noun, property or relation takes part without
a change here. It is put into the graph by plain statements, not by the product's writers: what reads is tested here.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.records.declaration import Catalogue, Direction, Kind, Noun, Property, Relation
from opsplan.records.search import search_texts
from opsplan.records.values import canonical_json
from opsplan.vocabulary.clock import instant_text
from opsplan.vocabulary.ids import prefix_of, reference_id

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
"""The present of every world; the instants of its records lie about it."""

WORDS = (
    "Heron",
    "Court",
    "Łódź",
    "O'Brien",
    "金边市",
    "ភ្នំពេញ",
    "مركز",
    "Δ-team",
    'say "now"',
    "back\\slash",
    "}) DETACH DELETE n //",
    "$p0",
    "🦅",
    "é",
    "İstanbul",
    "x",
)
"""Words of which names are made; some would be statements, queries or escapes if they were taken for them."""

_INSTANT_STEPS = 40


@dataclass(slots=True)
class Thing:
    """A record: its noun, its stored values by property (None where there is none)."""

    noun: Noun
    values: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.values["id"])


@dataclass(slots=True)
class World:
    """Records by id, and the relationships between them as (type, from, to)."""

    catalogue: Catalogue
    things: dict[str, Thing] = field(default_factory=dict)
    links: set[tuple[str, str, str]] = field(default_factory=set)
    _forth: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    _back: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def of(self, noun: str) -> list[Thing]:
        """The records of a noun, by id."""
        return sorted((each for each in self.things.values() if each.noun.name == noun), key=lambda each: each.id)

    def add(self, thing: Thing) -> Thing:
        """Put a record into the world."""
        self.things[thing.id] = thing
        return thing

    def link(self, kind: str, start: str, end: str) -> None:
        """Put a relationship into the world."""
        if (kind, start, end) not in self.links:
            self.links.add((kind, start, end))
            self._forth[kind, start].append(end)
            self._back[kind, end].append(start)

    def along(self, relation: Relation, thing: Thing) -> list[Thing]:
        """The records that a relation leads to from one record."""
        found: dict[str, None] = {}
        if relation.direction in (Direction.OUT, Direction.BOTH):
            found.update(dict.fromkeys(self._forth.get((relation.type, thing.id), ())))
        if relation.direction in (Direction.IN, Direction.BOTH):
            found.update(dict.fromkeys(self._back.get((relation.type, thing.id), ())))
        return [self.things[each] for each in found if self.things[each].noun.name in relation.targets]


def random_world(catalogue: Catalogue, seed: int, size: int = 12) -> World:
    """Draw a world with about `size` records of each noun."""
    chance = random.Random(seed)
    world = World(catalogue)
    for noun in catalogue:
        for number in range(chance.randrange(max(2, size // 2), size + size // 2)):
            world.add(_thing(chance, noun, number, world))
    for kind, sides in sorted(_relationships(catalogue).items()):
        _draw_links(chance, world, kind, sides)
    return world


async def put_into(graph: Graph, world: World) -> None:
    """Put a world into the graph."""
    for noun in world.catalogue:
        places = "".join(
            f" SET n.{name} = CASE WHEN row.{name} IS NOT NULL "
            f"THEN point({{longitude: row.{name}[0], latitude: row.{name}[1]}}) END"
            for name in _points(noun)
        )
        await _run(
            graph,
            f"UNWIND $rows AS row CREATE (n:{_base(noun)}:{noun.label}) SET n = row.values{places} "
            "FOREACH (_ IN CASE WHEN n.retired_at IS NOT NULL THEN [1] ELSE [] END | SET n:Retired)",
            [_stored(each) for each in world.of(noun.name)],
        )
    pairs: dict[tuple[str, str, str], list[list[str]]] = defaultdict(list)
    for kind, start, end in sorted(world.links):
        bases = (_base(world.things[start].noun), _base(world.things[end].noun))
        pairs[(kind, *bases)].append([start, end])
    for (kind, start, end), rows in pairs.items():
        await _run(
            graph,
            f"UNWIND $rows AS row MATCH (n:{start} {{id: row[0]}}) MATCH (m:{end} {{id: row[1]}}) "
            f"CREATE (n)-[:{kind}]->(m)",
            rows,
        )


async def _run(graph: Graph, text: str, rows: list[Any]) -> None:
    async def work(tx: Tx) -> None:
        await tx.run(text, rows=rows)

    await graph.write(work)


def _base(noun: Noun) -> str:
    return "Reference" if noun.system else "Record"


def _points(noun: Noun) -> list[str]:
    return [each.name for each in noun.all_properties if each.kind is Kind.POINT]


def _stored(thing: Thing) -> dict[str, Any]:
    points = _points(thing.noun)
    plain = {name: value for name, value in thing.values.items() if value is not None and name not in points}
    plain |= {name: text for name, text in search_texts(thing.noun, thing.values).items() if text}
    return {"values": plain, **{name: thing.values.get(name) for name in points}}


def _thing(chance: random.Random, noun: Noun, number: int, world: World) -> Thing:
    values: dict[str, Any] = {each.name: _value(chance, noun, each, number) for each in noun.all_properties}
    if noun.system:
        assert noun.key is not None
        values["id"] = reference_id(noun.name, values[noun.key])
        return Thing(noun, values)
    values["id"] = f"{prefix_of(noun.name)}_{''.join(chance.choices('0123456789abcdefghjkmnpqrstvwxyz', k=26))}"
    agencies = world.of("Agency")
    values["owner_id"] = values["id"] if noun.name == "Agency" else chance.choice(agencies).id
    values["external_id"] = f"X-{number}" if chance.random() < 0.5 else None
    values["version"] = chance.randrange(1, 9)
    values["exercise"] = chance.random() < 0.5
    for name in ("created_at", "changed_at"):
        values[name] = _instant(chance)
    for name in ("created_by", "changed_by"):
        values[name] = chance.choice(WORDS)
    values["marking"] = values["marking"] or "TLP_AMBER"
    values["retired_at"] = _instant(chance) if chance.random() < 0.15 else None
    readers: set[str] = set()
    for kept in noun.readership.kept:
        # Each list holds all of the one before: who reads what hangs on a record knows of the record.
        readers |= {each.id for each in agencies if chance.random() < 0.3}
        values[kept.name] = sorted(readers)
    return Thing(noun, values)


def _value(chance: random.Random, noun: Noun, declared: Property, number: int) -> Any:
    if declared.name == noun.key:
        return f"{'ABCDEFGHIJ'[number // 10]}{'ABCDEFGHIJ'[number % 10]}"
    always = declared.required or declared.name == noun.changed_by_state_machine
    if declared.name == "time_zone":
        return chance.choice(["Asia/Phnom_Penh", "America/New_York", "UTC", "Asia/Kathmandu"])
    if not always and chance.random() < 0.25:
        return None
    match declared.kind:
        case Kind.TEXT | Kind.LONG_TEXT:
            return " ".join(chance.choices(WORDS, k=chance.randrange(1, 3)))
        case Kind.TEXT_LIST:
            return chance.sample(WORDS, k=chance.randrange(4))
        case Kind.INTEGER | Kind.MINUTES:
            low = int(declared.minimum or 0)
            return chance.randrange(low, min(low + 6, int(declared.maximum or low + 100)) + 1)
        case Kind.FLOAT if declared.decimals is not None:
            return chance.choice([0.0, 0.1, 0.2, 0.3, 1e9 + 0.07, 12.34, 5.0])
        case Kind.FLOAT:
            return chance.choice([0.0, 0.1, 1.0, 2.5, -3.25, 1e-9])
        case Kind.BOOLEAN:
            return chance.random() < 0.5
        case Kind.INSTANT:
            return _instant(chance)
        case Kind.LOCAL_TIME:
            return f"{chance.randrange(24):02d}:{chance.choice(['00', '30'])}"
        case Kind.POINT:
            return _point(chance)
        case Kind.CHOICE:
            return chance.choice(list(declared.choices or ())).name
        case Kind.CHOICE_LIST:
            names = [each.name for each in declared.choices or ()]
            return chance.sample(names, k=chance.randrange(min(3, len(names)) + 1))
        case Kind.COUNTRY_CODES:
            return chance.sample(["KH", "TH", "VN", "LA"], k=chance.randrange(3))
        case Kind.LANGUAGES:
            return chance.sample(["km", "th", "vi", "en"], k=chance.randrange(3))
        case Kind.ZONES:
            return chance.sample(["Asia/Phnom_Penh", "Asia/Bangkok", "UTC"], k=chance.randrange(1, 3))
        case Kind.JSON:
            return canonical_json(chance.choice([{"a": [1, None, "é"]}, [], "text", 3, {"b": {"c": True}}]))


def _instant(chance: random.Random) -> str:
    return instant_text(NOW + timedelta(hours=chance.randrange(-_INSTANT_STEPS, _INSTANT_STEPS)))


def _point(chance: random.Random) -> tuple[float, float]:
    near = chance.choice([(104.9, 11.6), (179.9, -16.5), (-179.8, -16.5), (0.0, 51.5), (10.0, 89.9)])
    longitude = near[0] + chance.choice([-0.5, -0.05, 0.0, 0.05, 0.5])
    longitude = (longitude + 180.0) % 360.0 - 180.0
    return (round(longitude, 6), round(min(90.0, near[1] + chance.choice([-0.5, 0.0, 0.09])), 6))


@dataclass(slots=True)
class _Sides:
    """Which nouns a relationship type leads from and to; where a record has at most one, or must have one."""

    pairs: set[tuple[str, str]] = field(default_factory=set)
    one_from: set[str] = field(default_factory=set)
    one_to: set[str] = field(default_factory=set)
    must_from: set[str] = field(default_factory=set)


def _relationships(catalogue: Catalogue) -> Mapping[str, _Sides]:
    found: dict[str, _Sides] = defaultdict(_Sides)
    for noun in catalogue:
        for relation in noun.relations:
            sides = found[relation.type]
            for target in relation.targets:
                pair = (target, noun.name) if relation.direction is Direction.IN else (noun.name, target)
                sides.pairs.add(pair)
            if not relation.many:
                (sides.one_to if relation.direction is Direction.IN else sides.one_from).add(noun.name)
            if relation.required and relation.direction is Direction.OUT:
                sides.must_from.add(noun.name)
    return found


def _draw_links(chance: random.Random, world: World, kind: str, sides: _Sides) -> None:
    taken: set[str] = set()
    for start in sorted({start for start, _ in sides.pairs}):
        ends = [end for each, end in sorted(sides.pairs) if each == start]
        targets: list[Thing] = [thing for end in ends for thing in world.of(end)]
        for thing in world.of(start):
            for target in _drawn(chance, thing, targets, start in sides.one_from, start in sides.must_from):
                if target.noun.name in sides.one_to:
                    if target.id in taken:
                        continue
                    taken.add(target.id)
                world.link(kind, thing.id, target.id)


def _drawn(chance: random.Random, thing: Thing, targets: Sequence[Thing], one: bool, must: bool) -> Iterator[Thing]:
    others = [each for each in targets if each.id != thing.id]
    if not others:
        return
    if one:
        if must or chance.random() < 0.8:
            yield chance.choice(others)
        return
    yield from chance.sample(others, k=min(len(others), chance.randrange(5)))
