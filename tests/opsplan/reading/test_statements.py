"""The statements themselves: how many there are, and how the server carries them out on a graph of real size."""

import re
from typing import Any

import pytest

from opsplan.graph.driver import Graph
from opsplan.graph.query import Query
from opsplan.nouns import CATALOGUE
from opsplan.reading.names import plural_field, singular_field
from opsplan.reading.shape.fields import ManyField
from opsplan.vocabulary.ids import prefix_of
from tests.conftest import WIPE
from tests.make.world import World, random_world
from tests.opsplan.reading.comparing import LIMITS
from tests.opsplan.reading.desk import Desk, desk_over
from tests.opsplan.reading.oracle.cursors import PLAIN_CURSORS, plain_cursor
from tests.opsplan.reading.oracle.operations import Draws
from tests.opsplan.reading.recording import recording
from tests.seeds import many

REVIEWED = {
    "a list that no index can begin": "a filter, count, aggregate or order by properties without an index looks at all "
    "records of the list's noun: reading its label is as good a way as the range of its ids",
}
"""Where a statement may read a whole label, and why: the label of its own root list, or of a record that the list's
filter asks of each (whichever is the smaller), never one below a record."""

_NEVER = frozenset({"AllNodesScan", "CartesianProduct", "UnionNodeByLabelsScan", "IntersectionNodeByLabelsScan"})
_ROOT = re.compile(
    r"MATCH \((?P<root>n\d+):(?:(?:Record|Reference)&)?\w+\) (?P<joined>(?:MATCH \(n\d+\)<?-\[:\w+\]->?\(n\d+:\w+\) )*)"
)
_NODES_PER_NOUN = 1_500
_DRAWN, _MANY_DRAWN = 12, 75


def _outer_lists(desk: Desk) -> list[tuple[str, ManyField, list[ManyField]]]:
    """Every list below a root list, with every list below it: the records' lists, and the lists of theirs."""
    shapes = desk.reads.ground.shapes
    return [
        (
            plural_field(shape.noun),
            outer,
            [
                inner
                for name in sorted({noun.name for noun in shapes.members(outer.type_name)})
                for inner in shapes[name].fields.values()
                if isinstance(inner, ManyField)
            ],
        )
        for shape in shapes
        for outer in shape.fields.values()
        if isinstance(outer, ManyField) and outer.noun is not None
    ]


async def _calls(desk: Desk, root: str, outer: ManyField, inner: list[ManyField], size: int) -> int:
    graph = desk.graph = recording(desk.graph)
    below = " ".join(f"{each.name}(first: $n) {{ totalCount nodes {{ id }} }}" for each in inner)
    await desk.ask(
        f"query ($n: Int) {{ {root}(first: $n) {{ nodes {{ {outer.name}(first: $n) "
        f"{{ nodes {{ id {below} }} }} }} }} }}",
        {"n": size},
    )
    return len(graph.texts)


@pytest.mark.requirement("G2")
@pytest.mark.timeout(900)
async def test_calls_do_not_grow_with_rows(desk: Desk, world: World) -> None:
    """For every nested pair of lists of the schema, one statement is sent, for one record a level and for twenty."""
    pairs = 0
    for root, outer, inner in _outer_lists(desk):
        assert await _calls(desk, root, outer, inner, 1) == 1, f"{root} {outer.name}"
        assert await _calls(desk, root, outer, inner, 20) == 1, f"{root} {outer.name}"
        pairs += len(inner)
    assert pairs > 150


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
    # What was planned for the small graphs of other tests is kept for a while.
    await graph.run_outside("CALL db.clearQueryCaches()")
    return graph


_BY_FILTER = {
    "id": 'compounds(where: {id: {in: ["compound_1"]}}) { nodes { name } }',
    "status": "compounds(where: {status: {eq: RAIDED}}) { nodes { name } }",
    "country": 'compounds(where: {country: {code: {eq: "KH"}}}) { nodes { name } totalCount }',
    "none of nothing": 'compound(id: "compound_1") { targets(where: {or: [], createdAt: {in: []}}) '
    "{ totalCount nodes { id } } }",
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
    "sorted by a value that may be absent": "compounds(orderBy: CAPACITY_DESC) { nodes { name } }",
    "nested": "operations(first: 5) { nodes { actions(first: 5, orderBy: WINDOW_START_ASC) { totalCount nodes {"
    " compound { country { code } jurisdictions { nodes { name } } } targets { nodes { name } } } } } }",
    "network": 'compound(id: "compound_1") { network(depth: 3) { edges { hops node { name } } } }',
    "owner of each": "compounds(first: 5) { nodes { owner { name } } }",
    "nodes": 'nodes(ids: ["compound_1", "target_1", "country_1"]) { id ... on Record { owner { name } } }',
}


class _NotAsked(Exception):
    """The statement was only to be seen."""


class _Collecting(Graph):
    """Takes statements and carries none out."""

    def __init__(self, texts: dict[str, None]) -> None:
        self.texts = texts

    async def read_plain(
        self, query: Query | str, parameters: dict[str, Any] | None = None, *, timeout_s: float | None = None
    ) -> list[list[Any]]:
        self.texts[str(query)] = None
        raise _NotAsked


async def _refused_steps(graph: Graph, text: str) -> list[str]:
    """Give the steps of a statement's plan that are outside of the reviewed list."""
    roots = {
        name for each in _ROOT.finditer(text) for name in (each["root"], *re.findall(r"\((n\d+):", each["joined"]))
    }
    return [
        f"{step.operator} {step.details}"
        for step in await graph.explain(text)
        if step.operator in _NEVER
        or (step.operator == "NodeByLabelScan" and step.details.partition(":")[0] not in roots)
    ]


async def _statements(text: str, variables: dict[str, Any] | None = None) -> list[str]:
    texts: dict[str, None] = {}
    desk = desk_over(_Collecting(texts), cursors=PLAIN_CURSORS, limits=LIMITS)
    result = await desk.result(text, variables)
    assert all(isinstance(each.original_error, _NotAsked) for each in result.errors or ())
    return list(texts)


@pytest.mark.parametrize("what", sorted(_BY_FILTER))
async def test_planners_questions_use_an_index(loaded: Graph, what: str) -> None:
    """No statement of the suite reads all nodes or a whole label, or multiplies unrelated rows, but those reviewed."""
    (text,) = await _statements(f"{{ {_BY_FILTER[what]} }}")
    assert not await _refused_steps(loaded, text), f"reviewed are only: {REVIEWED}"
    scanned = [step.details for step in await loaded.explain(text) if step.operator == "NodeByLabelScan"]
    assert not scanned or what == "sorted by a value that may be absent"


async def test_every_noun_is_looked_up_and_listed_by_an_index(loaded: Graph) -> None:
    """For each noun, a look-up by id, a page, and the page behind a cursor need no scan."""
    for noun in CATALOGUE:
        one, many = singular_field(noun), plural_field(noun)
        cursor = plain_cursor([f"{prefix_of(noun.name)}_1", None])
        for text in (
            f'{one}(id: "{prefix_of(noun.name)}_1") {{ id }}',
            f"{many}(first: 2) {{ nodes {{ id }} }}",
            f'{many}(first: 2, after: "{cursor}") {{ nodes {{ id }} }}',
        ):
            (statement,) = await _statements(f"{{ {text} }}")
            operators = {step.operator for step in await loaded.explain(statement)}
            assert not operators & (_NEVER | {"NodeByLabelScan"}), text


async def _explain_drawn(loaded: Graph, seed: int, operations: int) -> None:
    schema = desk_over(loaded, cursors=PLAIN_CURSORS, limits=LIMITS).reads.ground.schema
    draws = Draws(schema, random_world(CATALOGUE, seed, size=10), seed)
    for _ in range(operations):
        drawn = draws.draw()
        for text in await _statements(drawn.text, drawn.variables):
            refused = await _refused_steps(loaded, text)
            assert not refused, f"seed {seed}: {refused} in\n{text}"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [1])
async def test_drawn_operations_use_an_index(loaded: Graph, seed: int) -> None:
    """The statements of drawn operations, as the differential test carries them out, neither."""
    await _explain_drawn(loaded, seed, _DRAWN)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [1, 2, 3, *many(10)])
async def test_many_drawn_operations_use_an_index(loaded: Graph, seed: int) -> None:
    """The same for all that the differential test draws, and for more."""
    await _explain_drawn(loaded, seed, _MANY_DRAWN)
