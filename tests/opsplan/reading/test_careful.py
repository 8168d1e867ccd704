"""Values that their types do not allow: nulls and errors as the specification says, the rest of the answer whole."""

from typing import Any

import pytest

from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE
from tests.conftest import WIPE
from tests.make.world import World, put_into, random_world
from tests.opsplan.reading.desk import desk_over


@pytest.fixture
async def spoilt(graph: Graph) -> World:
    """A world of its own that a test may spoil."""
    world = random_world(CATALOGUE, seed=77, size=6)
    await graph.run_outside(WIPE)
    await put_into(graph, world)
    return world


async def _spoil(graph: Graph, record_id: str, name: str, value: Any) -> None:
    await graph.write(
        lambda tx: tx.run(f"MATCH (n:Record {{id: $id}}) SET n.{name} = $value", id=record_id, value=value)
    )


def _live(world: World, noun: str) -> list[str]:
    return [each.id for each in world.of(noun) if each.values["retired_at"] is None]


async def test_a_missing_required_value_makes_its_record_null(graph: Graph, spoilt: World) -> None:
    """A look-up whose record lacks a required value is null, with the field's path."""
    compound = _live(spoilt, "Compound")[0]
    await _spoil(graph, compound, "name", None)
    result = await desk_over(graph).result(
        "query ($id: ID!) { c: compound(id: $id) { id called: name } }", {"id": compound}
    )
    assert _data(result) == {"c": None}
    assert [(each.message, each.path) for each in result.errors or ()] == [
        ("Cannot return null for non-nullable field Compound.name.", ["c", "called"])
    ]


async def test_in_a_list_the_null_goes_up_to_what_may_be_null(graph: Graph, spoilt: World) -> None:
    """Entries of a list may not be null, nor may the list: the null reaches the answer itself; the path tells where."""
    compounds = _live(spoilt, "Compound")
    await _spoil(graph, compounds[1], "name", None)
    result = await desk_over(graph).result("{ compounds { totalCount nodes { id name } } }")
    assert result.data is None
    assert [each.path for each in result.errors or ()] == [["compounds", "nodes", 1, "name"]]


async def test_below_a_reference_the_null_stops_there(graph: Graph, spoilt: World) -> None:
    """A reference may be null; so a spoilt record behind it is null and the rest of the answer stands."""
    estimate = next(
        each
        for each in spoilt.of("VictimEstimate")
        if each.values["retired_at"] is None and spoilt.along(each.noun.relation_named("compound"), each)
    )
    (compound,) = spoilt.along(estimate.noun.relation_named("compound"), estimate)
    await _spoil(graph, compound.id, "marking", None)
    text = "query ($id: ID!) { victimEstimate(id: $id) { low compound { marking } likely } }"
    result = await desk_over(graph).result(text, {"id": estimate.id})
    assert _data(result) == {
        "victimEstimate": {"low": estimate.values["low"], "compound": None, "likely": estimate.values["likely"]}
    }
    assert [each.path for each in result.errors or ()] == [["victimEstimate", "compound", "marking"]]


async def test_an_unknown_choice_is_an_error_at_its_field(graph: Graph, spoilt: World) -> None:
    """A choice that the enum does not have is null with an error, and the other values stand."""
    compound = _live(spoilt, "Compound")[0]
    await _spoil(graph, compound, "status", "MELTED")
    result = await desk_over(graph).result("query ($id: ID!) { compound(id: $id) { status id } }", {"id": compound})
    assert _data(result) == {"compound": {"status": None, "id": compound}}
    assert [(each.message, each.path) for each in result.errors or ()] == [
        ("Enum 'CompoundStatus' cannot represent value: 'MELTED'", ["compound", "status"])
    ]


async def test_an_unknown_choice_in_a_list_is_an_error_at_its_place(graph: Graph, spoilt: World) -> None:
    """A list of choices without nulls makes its record null, with the entry's place in the path."""
    compound = _live(spoilt, "Compound")[0]
    await _spoil(graph, compound, "scheme_types", ["ROMANCE", "TEA"])
    result = await desk_over(graph).result("query ($id: ID!) { compound(id: $id) { schemeTypes } }", {"id": compound})
    assert _data(result) == {"compound": None}
    assert [each.path for each in result.errors or ()] == [["compound", "schemeTypes", 1]]


async def test_a_number_too_large_for_int_is_an_error(graph: Graph, spoilt: World) -> None:
    """A number beyond 32 bits is null with an error, in the words of the specification's reference."""
    plan = _live(spoilt, "Plan")[0]
    await _spoil(graph, plan, "placed", 2**31)
    result = await desk_over(graph).result("query ($id: ID!) { plan(id: $id) { placed } }", {"id": plan})
    assert _data(result) == {"plan": {"placed": None}}
    assert [each.message for each in result.errors or ()] == [
        "Int cannot represent non 32-bit signed integer value: 2147483648"
    ]


async def test_one_failing_look_up_leaves_the_others(graph: Graph, spoilt: World) -> None:
    """In `nodes`, a spoilt record is null in its place and the others stand."""
    good, bad = _live(spoilt, "Compound")[:2]
    await _spoil(graph, bad, "name", None)
    text = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Compound { name } } }"
    result = await desk_over(graph).result(text, {"ids": [bad, good]})
    assert _data(result) == {"nodes": [None, {"id": good, "name": spoilt.things[good].values["name"]}]}
    assert [each.path for each in result.errors or ()] == [["nodes", 0, "name"]]


async def test_both_completers_agree_on_everything_else(graph: Graph, spoilt: World) -> None:
    """With one spoilt value, all lists, edges, pages and facts around it are as they are without it."""
    desk = desk_over(graph)
    text = """{ compounds(first: 3, orderBy: NAME_ASC) {
      totalCount pageInfo { hasNextPage endCursor startCursor hasPreviousPage __typename }
      edges { cursor __typename node { __typename id location schemeTypes status
        country { code timeZones } jurisdictions(first: 2) { edges { bases certain instruments node { id } } }
        linksFrom(last: 2) { nodes { to { __typename ... on Target { name } ... on Compound { name } } } } } } }
      units(first: 2) { nodes { maxDuty languages home } }
      runs: scheduleRuns(first: 2) { nodes { course gap seed } } }"""
    before = await desk.ask(text)
    first = before["compounds"]["edges"][0]["node"]["id"]
    await _spoil(graph, first, "status", "MELTED")
    result = await desk.result(text)
    before["compounds"]["edges"][0]["node"]["status"] = None
    assert _data(result) == before
    assert len(result.errors or ()) == 1


def _data(result: Any) -> Any:
    import orjson

    return orjson.loads(orjson.dumps(result.data))
