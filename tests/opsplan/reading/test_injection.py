"""No value of a request becomes part of a statement: through every argument, what looks like Cypher is only text."""

import pytest
from graphql import GraphQLInputObjectType, get_named_type

from opsplan.reading.names import plural_field
from opsplan.vocabulary.clock import instant_text
from tests.make.world import NOW, World
from tests.opsplan.reading.desk import Desk
from tests.opsplan.reading.oracle.filters import PythonFilters
from tests.opsplan.reading.recording import recording

STRINGS = (
    "' OR 1=1 //",
    '" OR 1=1 //',
    "}) DETACH DELETE n //",
    "$p0",
    "`Compound`",
    "\\' RETURN 1 //",
    "\\u0027}) RETURN n //",
    '+name:* AND NOT x~2 "a" [1 TO 2] /re/ (',
    "\x00",
    "🦅 \u202e\x00",
    "%s{}{node}$value$now$reader",
    "",
)
_COUNT = "MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n), count(r)"


def _texts_of(filter_type: GraphQLInputObjectType) -> list[tuple[str, str]]:
    """The texts of a filter: field and comparison."""
    found = []
    for name, declared in filter_type.fields.items():
        named = get_named_type(declared.type)
        if isinstance(named, GraphQLInputObjectType) and "and" not in named.fields:
            found += [
                (name, comparison) for comparison, inner in named.fields.items() if str(inner.type) in ("String", "ID")
            ]
    return found


@pytest.mark.parametrize("number", range(len(STRINGS)))
async def test_texts_in_filters_are_only_texts(desk: Desk, world: World, number: int) -> None:
    """Every comparison of every text of every noun finds what Python finds, and no statement holds the text."""
    text = STRINGS[number]
    schema = desk.reads.ground.schema
    graph = desk.graph = recording(desk.graph)
    filters = PythonFilters(world, desk.reads.ground.shapes, instant_text(NOW))
    # Each text goes through a third of the nouns, all of them through all: plans are what costs here.
    for shape in [each for at, each in enumerate(desk.reads.ground.shapes) if at % 3 == number % 3]:
        filter_type = schema.type_map[f"{shape.name}Filter"]
        assert isinstance(filter_type, GraphQLInputObjectType)
        where = {"or": [{name: {comparison: text}} for name, comparison in _texts_of(filter_type)]}
        field = plural_field(shape.noun)
        query = f"query ($where: {filter_type.name}) {{ {field}(where: $where) {{ totalCount }} }}"
        wanted = [
            each
            for each in world.of(shape.name)
            if each.values.get("retired_at") is None and filters.keeps(each, where)
        ]
        assert (await desk.ask(query, {"where": where}))[field]["totalCount"] == len(wanted)
    # Two of the texts are, on purpose, what stands in every statement.
    if text not in ("", "$p0"):
        assert not any(text in each for each in graph.texts)


@pytest.mark.parametrize("text", STRINGS)
async def test_ids_and_searches_are_only_texts(desk: Desk, text: str) -> None:
    """Ids, searched texts and named filters take any text, find nothing or what is so called, and change nothing."""
    before = await desk.graph.read_rows(_COUNT)
    query = """query ($id: ID!, $text: String!) {
      compound(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id }
      compounds(where: {text: $text}) { totalCount }
      nested: countries(first: 1, where: {compounds: {some: {text: $text}}}) { totalCount }
      linked: compounds(where: {linkedWithin: {id: $id, hops: 1}}) { totalCount }
      governed: compounds(where: {jurisdictionOf: $text}) { totalCount }
      marked: targets(where: {identifier: $text}) { totalCount }
    }"""
    answer = await desk.ask(query, {"id": text, "text": text})
    assert answer["compound"] is None
    assert answer["linked"]["totalCount"] == 0
    assert await desk.graph.read_rows(_COUNT) == before
