"""Every form of a derived field, on a small catalogue of its own: values, lists of values, a record, several kinds."""

import pytest

from opsplan.graph.driver import Graph
from opsplan.records.declaration import Catalogue, Derived, Direction, Kind, Noun, Property, Relation
from opsplan.vocabulary.errors import Invalid
from tests.conftest import WIPE
from tests.opsplan.reading.desk import Desk, desk_over

_NAME = Property("name", Kind.TEXT, "Its name.", required=True, sorted_by=True)

AGENCY = Noun("Agency", "Agencies", "A body.", owner="test", system=True, key="name", properties=(_NAME,))
BOX = Noun(
    "Box",
    "Boxes",
    "A box.",
    owner="test",
    system=True,
    key="name",
    properties=(_NAME, Property("ratio", Kind.FLOAT, "A ratio."), Property("facts", Kind.JSON, "Facts.")),
    relations=(
        Relation("inside", "INSIDE", "Box", "The box that it stands in.", entered=False),
        Relation("held", "INSIDE", ("Box", "Ball"), "What stands in it.", Direction.IN, many=True, entered=False),
    ),
    derived=(
        Derived(
            "count",
            "MATCH ({node}) ((holder)<-[:INSIDE]-(held) WHERE {known}){1,{hops}} "
            "WITH {node}, count(last(held)) AS {other}",
            "How much is in it.",
            kind=Kind.INTEGER,
            many=False,
            bounds={"hops": (1, 2)},
        ),
        Derived(
            "names",
            "MATCH ({node})<-[:INSIDE]-(each:Box|Ball) WHERE {known} AND each.name STARTS WITH coalesce($prefix, '') "
            "WITH {node}, each.name AS {other} ORDER BY {other}",
            "Names of what is in it.",
            kind=Kind.TEXT,
            parameters={"prefix": Kind.TEXT},
        ),
        Derived(
            "outermost",
            "MATCH ({node}) ((held)-[:INSIDE]->(holder) WHERE {known}){0,3} ({other}:Box) "
            "WHERE NOT EXISTS { MATCH ({other})-[:INSIDE]->(further:Box) WHERE {known} }",
            "The box around all.",
            target="Box",
            many=False,
        ),
        Derived(
            "lasts",
            "MATCH ({node}) WITH {node}, $at AS {other}",
            "An instant, by itself now.",
            kind=Kind.INSTANT,
            many=False,
            parameters={"at": Kind.INSTANT},
        ),
        Derived(
            "things",
            "MATCH ({node})<-[:INSIDE]-({other}:Box|Ball) WHERE {known} "
            "WITH {node}, {other}, {first: left({other}.name, 1)} AS {edge}",
            "What is in it.",
            target=("Box", "Ball"),
            edge=(Property("first", Kind.TEXT, "First letter.", required=True),),
        ),
    ),
)
BALL = Noun("Ball", "Balls", "A ball.", owner="test", system=True, key="name", properties=(_NAME,))

_MAKE = """CREATE (a:Reference:Box {id: 'box_a', name: 'a', ratio: 3, facts: '{"x":[1]}'}),
 (b:Reference:Box {id: 'box_b', name: 'b'})-[:INSIDE]->(a), (c:Reference:Box {id: 'box_c', name: 'c'})-[:INSIDE]->(b),
 (:Reference:Ball {id: 'ball_r', name: 'red'})-[:INSIDE]->(a),
 (:Reference:Ball {id: 'ball_b', name: 'blue'})-[:INSIDE]->(b)"""


@pytest.fixture
async def desk(graph: Graph) -> Desk:
    """A desk over boxes and balls."""
    await graph.run_outside(WIPE)
    await graph.write(lambda tx: tx.run(_MAKE))
    return desk_over(graph, catalogue=Catalogue((AGENCY, BOX, BALL)))


async def test_a_computed_value(desk: Desk) -> None:
    """A value that Cypher computes, by default and with a bound from its set."""
    answer = await desk.ask('query ($h: Int!) { box(id: "box_a") { count two: count(hops: $h) } }', {"h": 2})
    assert answer == {"box": {"count": 2, "two": 4}}


async def test_a_computed_value_with_a_wrong_bound(desk: Desk) -> None:
    """A bound outside its set is refused."""
    result = await desk.result('{ box(id: "box_a") { count(hops: 3) } }')
    assert result.errors
    assert isinstance(result.errors[0].original_error, Invalid)


async def test_a_list_of_computed_values(desk: Desk) -> None:
    """A list of values, in the text's own order, with a parameter."""
    answer = await desk.ask('query ($p: String) { box(id: "box_a") { names some: names(prefix: $p) } }', {"p": "r"})
    assert answer == {"box": {"names": ["b", "red"], "some": ["red"]}}
    assert await desk.ask('{ box(id: "box_c") { names } }') == {"box": {"names": []}}


async def test_one_computed_record(desk: Desk) -> None:
    """A reference that Cypher finds, with its selection below."""
    answer = await desk.ask('{ box(id: "box_c") { outermost { name count outermost { id } } inside { name } } }')
    assert answer == {
        "box": {"outermost": {"name": "a", "count": 2, "outermost": {"id": "box_a"}}, "inside": {"name": "b"}}
    }


async def test_an_instant_that_is_left_out_is_now(desk: Desk) -> None:
    """A parameter that is an instant is the present one when it is not given."""
    answer = await desk.ask('{ box(id: "box_a") { lasts then: lasts(at: "2026-01-01T07:00:00+07:00") } }')
    assert answer == {"box": {"lasts": "2026-12-01T12:00:00.000Z", "then": "2026-01-01T00:00:00.000Z"}}


async def test_a_list_of_several_kinds(desk: Desk) -> None:
    """Lists of several kinds of records are paged by id, with facts on their edges."""
    text = """query ($after: String) { box(id: "box_a") {
      things(first: 1, after: $after) { totalCount pageInfo { hasNextPage endCursor }
        edges { first node { __typename ... on Box { inside { id } } ... on Ball { name } ... on Node { id } } } }
      held { totalCount nodes { ... on Box { name } ... on Ball { called: name } } } } }"""
    first = (await desk.ask(text))["box"]
    assert first["held"] == {"totalCount": 2, "nodes": [{"called": "red"}, {"name": "b"}]}
    assert first["things"]["totalCount"] == 2
    assert first["things"]["edges"] == [{"first": "r", "node": {"__typename": "Ball", "name": "red", "id": "ball_r"}}]
    second = (await desk.ask(text, {"after": first["things"]["pageInfo"]["endCursor"]}))["box"]["things"]
    assert second["edges"] == [{"first": "b", "node": {"__typename": "Box", "inside": {"id": "box_a"}, "id": "box_b"}}]
    assert second["pageInfo"]["hasNextPage"] is False


async def test_floats_and_json(desk: Desk) -> None:
    """A float that is kept as an integer is shown as a float; kept JSON is JSON again."""
    result = await desk.result('{ a: box(id: "box_a") { ratio facts } b: box(id: "box_b") { ratio facts } }')
    assert not result.errors
    import orjson

    assert orjson.dumps(result.data) == b'{"a":{"ratio":3.0,"facts":{"x":[1]}},"b":{"ratio":null,"facts":null}}'
