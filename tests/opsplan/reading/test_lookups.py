"""Root fields that look records up, and what a record shows."""

import pytest

from tests.make.world import World
from tests.opsplan.reading.desk import Desk


def _live(world: World, noun: str) -> list[str]:
    return [each.id for each in world.of(noun) if each.values["retired_at"] is None]


def _retired(world: World, noun: str) -> str:
    return next(each.id for each in world.of(noun) if each.values["retired_at"] is not None)


async def test_a_compound_by_its_id(desk: Desk, world: World) -> None:
    """A look-up by id gives the record's values."""
    compound = world.things[_live(world, "Compound")[0]]
    answer = await desk.ask("query ($id: ID!) { compound(id: $id) { id name location } }", {"id": compound.id})
    longitude, latitude = compound.values["location"]
    assert answer["compound"] == {
        "id": compound.id,
        "name": compound.values["name"],
        "location": {"longitude": longitude, "latitude": latitude},
    }


@pytest.mark.parametrize("record_id", ["compound_00000000000000000000000000", "", "no id at all", "compound_"])
async def test_an_id_that_is_nobodys_gives_null(desk: Desk, record_id: str) -> None:
    """An unknown or malformed id is null, not an error: it tells nothing about what exists."""
    text = "query ($id: ID!) { compound(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id } }"
    assert await desk.ask(text, {"id": record_id}) == {"compound": None, "node": None, "nodes": [None]}


async def test_an_id_of_another_noun_gives_null(desk: Desk, world: World) -> None:
    """A target's id under `compound` is null."""
    target = _live(world, "Target")[0]
    assert await desk.ask("query ($id: ID!) { compound(id: $id) { id } }", {"id": target}) == {"compound": None}


async def test_retired_records_are_left_out_unless_asked_for(desk: Desk, world: World) -> None:
    """A retired record is null in every look-up and absent from lists; `includeRetired` brings it back."""
    retired = _retired(world, "Target")
    text = """query ($id: ID!, $too: Boolean!) {
      target(id: $id, includeRetired: $too) { id }
      node(id: $id, includeRetired: $too) { id }
      nodes(ids: [$id], includeRetired: $too) { id }
      targets(where: {id: {eq: $id}}, includeRetired: $too) { nodes { id } totalCount }
    }"""
    found = {"id": retired}
    assert await desk.ask(text, {"id": retired, "too": False}) == {
        "target": None,
        "node": None,
        "nodes": [None],
        "targets": {"nodes": [], "totalCount": 0},
    }
    assert await desk.ask(text, {"id": retired, "too": True}) == {
        "target": found,
        "node": found,
        "nodes": [found],
        "targets": {"nodes": [found], "totalCount": 1},
    }


async def test_nodes_come_in_the_order_of_their_ids(desk: Desk, world: World) -> None:
    """`nodes` keeps order and repetition, mixes nouns, and puts null where there is none."""
    compound, target, country = _live(world, "Compound")[0], _live(world, "Target")[0], world.of("Country")[0].id
    ids = [target, "compound_unknown", compound, country, target]
    answer = await desk.ask(
        "query ($i: [ID!]!) { nodes(ids: $i) { __typename id ... on Record { exercise } ... on Country { code } } }",
        {"i": ids},
    )
    assert [each and each["id"] for each in answer["nodes"]] == [target, None, compound, country, target]
    assert [each and each["__typename"] for each in answer["nodes"]] == [
        "Target",
        None,
        "Compound",
        "Country",
        "Target",
    ]
    assert "exercise" in answer["nodes"][0]
    assert "code" in answer["nodes"][3]


async def test_several_root_fields_and_the_root_type(desk: Desk, world: World) -> None:
    """Root fields stand under their aliases in the order asked for."""
    answer = await desk.ask(
        "{ b: compounds(first: 0) { totalCount } t: __typename a: agencies(first: 0) { totalCount } }"
    )
    assert list(answer) == ["b", "t", "a"]
    assert answer["t"] == "Query"


async def test_nothing_asked_for_is_an_empty_answer(desk: Desk) -> None:
    """A query whose every field is skipped answers an empty object."""
    assert await desk.ask("{ compounds @skip(if: true) { totalCount } }") == {}
