"""The statements themselves: how many there are, and how the server carries them out on a graph of real size."""

import random

import pytest
from graphql import parse

from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE
from opsplan.reading.names import plural_field, singular_field
from opsplan.reading.shape.fields import ManyField
from opsplan.vocabulary.ids import prefix_of
from tests.conftest import WIPE
from tests.make.world import World
from tests.opsplan.reading.desk import Desk, desk_over
from tests.opsplan.reading.recording import recording

REVIEWED = {
    "sorted by a value that may be absent, without a filter": "an index leaves out records without the value",
}
"""Statements that may read a whole label, and why."""

_SCANS = frozenset(
    {"AllNodesScan", "CartesianProduct", "NodeByLabelScan", "UnionNodeByLabelsScan", "IntersectionNodeByLabelsScan"}
)
_NODES_PER_NOUN = 1_500


def _pairs(desk: Desk) -> list[tuple[str, ManyField, ManyField]]:
    """Every list below every list: the root list, the list of its records, the list of theirs."""
    shapes = desk.reads.ground.shapes
    return [
        (plural_field(shape.noun), outer, inner)
        for shape in shapes
        for outer in shape.fields.values()
        if isinstance(outer, ManyField)
        for inner in shapes[outer.type_name].fields.values()
        if isinstance(inner, ManyField)
    ]


async def _calls(desk: Desk, root: str, outer: ManyField, inner: ManyField, size: int) -> int:
    graph = desk.graph = recording(desk.graph)
    await desk.ask(
        f"query ($n: Int) {{ {root}(first: $n) {{ nodes {{ {outer.name}(first: $n) {{ nodes {{ "
        f"{inner.name}(first: $n) {{ totalCount nodes {{ id }} }} }} }} }} }} }}",
        {"n": size},
    )
    return len(graph.texts)


@pytest.mark.requirement("G2")
async def test_calls_do_not_grow_with_rows(desk: Desk, world: World) -> None:
    """For nested pairs of lists, one statement is sent whether one record or twenty are asked for on each level."""
    pairs = _pairs(desk)
    assert len(pairs) > 150
    for root, outer, inner in random.Random(7).sample(pairs, k=15):
        assert await _calls(desk, root, outer, inner, 1) == 1
        assert await _calls(desk, root, outer, inner, 20) == 1


@pytest.mark.long
@pytest.mark.requirement("G2")
async def test_calls_do_not_grow_with_rows_for_every_pair(desk: Desk, world: World) -> None:
    """The same for every nested pair of list fields of the schema."""
    for root, outer, inner in _pairs(desk):
        assert await _calls(desk, root, outer, inner, 1) == 1
        assert await _calls(desk, root, outer, inner, 20) == 1


@pytest.fixture(scope="module")
async def loaded(graph: Graph) -> Graph:
    """A graph large enough that the server's planner prefers an index to reading a label."""
    await graph.run_outside(WIPE)
    for noun in CATALOGUE:
        base = "Reference" if noun.system else "Record"
        await graph.write(
            lambda tx, noun=noun, base=base: tx.run(  # type: ignore[misc]
                f"UNWIND range(1, {_NODES_PER_NOUN}) AS i CREATE (n:{base}:{noun.label}) "
                f"SET n.id = '{prefix_of(noun.name)}_' + i, n.name = 'n' + i, n.code = 'c' + i, n.status = 'OPEN', "
                "n.kind = 'k' + (i % 9), n.owner_id = 'agency_1', "
                "n.location = point({longitude: i % 180, latitude: i % 90})"
            )
        )
    for noun in CATALOGUE:
        for relation in noun.entered_relations:
            target = relation.targets[0]
            if relation.direction == "OUT":
                await graph.write(
                    lambda tx, noun=noun, relation=relation, target=target: tx.run(  # type: ignore[misc]
                        f"UNWIND range(1, {_NODES_PER_NOUN}) AS i "
                        f"MATCH (n:{'Reference' if noun.system else 'Record'} {{id: '{prefix_of(noun.name)}_' + i}}) "
                        f"MATCH (m:{'Reference' if CATALOGUE[target].system else 'Record'} "
                        f"{{id: '{prefix_of(target)}_' + (i % 300 + 1)}}) CREATE (n)-[:{relation.type}]->(m)"
                    )
                )
    return graph


_BY_FILTER = {
    "id": 'compounds(where: {id: {in: ["compound_1"]}}) { nodes { name } }',
    "status": "compounds(where: {status: {eq: RAIDED}}) { nodes { name } }",
    "country": 'compounds(where: {country: {code: {eq: "KH"}}}) { nodes { name } totalCount }',
    "owner": 'compounds(where: {owner: {code: {eq: "KH-NCB"}}}) { nodes { name } }',
    "text": 'compounds(where: {text: "heron"}) { nodes { name } totalCount }',
    "radius": "compounds(where: {location: {withinRadius: {center: {longitude: 1, latitude: 1}, radiusM: 1000}}})"
    " { nodes { name } }",
    "box": "compounds(where: {location: {withinBox: {southWest: {longitude: 1, latitude: 1},"
    " northEast: {longitude: 2, latitude: 2}}}}) { nodes { name } }",
    "polygon": "compounds(where: {location: {withinPolygon: {vertices: [{longitude: 1, latitude: 1},"
    " {longitude: 2, latitude: 1}, {longitude: 2, latitude: 2}]}}}) { nodes { name } }",
    "jurisdiction": 'compounds(first: 5, where: {jurisdictionOf: "agency_1"}) { nodes { name } }',
    "linked": 'compounds(first: 5, where: {linkedWithin: {id: "target_1"}}) { nodes { name } }',
    "identifier": 'targets(where: {identifier: "+855"}) { nodes { name } }',
    "sorted": "compounds(orderBy: NAME_ASC) { nodes { name } }",
    "sorted by a value that may be absent, without a filter": "compounds(orderBy: CAPACITY_DESC) { nodes { name } }",
    "nested": "operations(first: 5) { nodes { actions(first: 5, orderBy: WINDOW_START_ASC) { totalCount nodes {"
    " compound { country { code } jurisdictions { nodes { name } } } targets { nodes { name } } } } } }",
    "network": 'compound(id: "compound_1") { network(depth: 3) { edges { hops node { name } } } }',
    "owner of each": "compounds(first: 5) { nodes { owner { name } } }",
    "nodes": 'nodes(ids: ["compound_1", "target_1", "country_1"]) { id ... on Record { owner { name } } }',
}


async def _operators(desk: Desk, text: str) -> frozenset[str]:
    graph = desk.graph = recording(desk.graph)
    await desk.ask(f"{{ {text} }}")
    (statement,) = graph.texts
    return await graph.operators(statement)


@pytest.mark.parametrize("what", sorted(_BY_FILTER))
async def test_planners_questions_use_an_index(loaded: Graph, what: str) -> None:
    """No statement of the suite reads all nodes or a whole label, or multiplies unrelated rows, but those reviewed."""
    desk = desk_over(loaded)
    found = await _operators(desk, _BY_FILTER[what])
    assert not found & _SCANS or what in REVIEWED, f"{sorted(found & _SCANS)} in {sorted(found)}"


async def test_every_noun_is_looked_up_and_listed_by_an_index(loaded: Graph) -> None:
    """For each noun, a look-up by id, a page, and the page behind a cursor need no scan."""
    desk = desk_over(loaded)
    for noun in CATALOGUE:
        one, many = singular_field(noun), plural_field(noun)
        page = await desk.ask(f"{{ {many}(first: 2) {{ pageInfo {{ endCursor }} }} }}")
        cursor = page[many]["pageInfo"]["endCursor"]
        for text in (
            f'{one}(id: "{prefix_of(noun.name)}_1") {{ id }}',
            f'{many}(first: 2, after: "{cursor}") {{ nodes {{ id }} }}',
        ):
            parse(f"{{ {text} }}")
            assert not await _operators(desk, text) & _SCANS, text
