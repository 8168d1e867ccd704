"""Tests of upserts: the same rows twice leave the graph as it is, and two writers of one row make one record."""

import asyncio
from typing import Any

import pytest

from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE
from opsplan.records.feed import last_number
from opsplan.records.writing import Outcome
from opsplan.records.writing.keys import match_external_id
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.errors import Forbidden, Invalid
from tests.opsplan.records.world import ADMINISTRATOR, World, checked, noun


async def upsert(
    world: World, *rows: dict[str, Any], actor: Actor | None = None, name: str = "Target"
) -> list[Outcome]:
    """Upsert rows and give their outcomes."""
    done = await world.write(lambda writing: writing.upsert(noun(name), rows), actor=actor)
    return [each.outcome for each in done]


def person(external_id: str, **given: Any) -> dict[str, Any]:
    """Give a checked row of a person."""
    return checked("Target", **{"name": "Quill", "kind": "PERSON", "external_id": external_id, **given})


async def test_rows_are_created_changed_or_left(world: World) -> None:
    """The first time a row is created, the second time left, and changed when it says something else."""
    assert await upsert(world, person("1"), person("2")) == [Outcome.CREATED] * 2
    number = await last_number(world.graph)
    assert await upsert(world, person("1"), person("2")) == [Outcome.UNCHANGED] * 2
    assert await last_number(world.graph) == number
    rows = person("1"), person("2", status="WANTED"), person("3")
    assert await upsert(world, *rows) == [Outcome.UNCHANGED, Outcome.CHANGED, Outcome.CREATED]


@pytest.mark.parametrize("name", [each.name for each in CATALOGUE if each.entered])
async def test_a_row_finds_its_record_by_one_index(empty_graph: Graph, name: str) -> None:
    """Owner and external id are looked up together even where the planner knows of no records: in a first load.

    By the owner alone, each row would look at all that its agency owns.
    """
    match = match_external_id(noun(name), "pair.owner_id", "pair.external_id")
    operators = await empty_graph.operators(f"UNWIND [] AS pair {match} RETURN n.id")
    assert {each for each in operators if "Index" in each} == {"NodeUniqueIndexSeek"}
    assert "Filter" not in operators


async def test_what_a_row_does_not_give_stays(world: World) -> None:
    """A value with a default, set before, is not set back by a row that leaves it out; None removes."""
    await upsert(world, person("1", status="WANTED", notes="x"))
    await upsert(world, person("1", name="Ash"))
    rows = await world.graph.read_rows(
        "MATCH (n:Target {owner_id: $owner, external_id: '1'}) RETURN n.id", {"owner": world.agencies["A"]}
    )
    kept = await world.properties(rows[0][0])
    assert (kept["name"], kept["status"], kept["notes"]) == ("Ash", "WANTED", "x")
    await upsert(world, {**person("1"), "notes": None})
    assert "notes" not in await world.properties(rows[0][0])


async def test_a_row_with_empty_cells_says_the_same_twice(world: World) -> None:
    """Of a property with a default an empty cell says nothing: it has its default, or what was set since."""
    row = person("1", status="", marking=None, notes="  ")
    assert await upsert(world, row) == [Outcome.CREATED]
    assert await upsert(world, row) == [Outcome.UNCHANGED]
    found = await world.graph.read_rows(
        "MATCH (n:Target {owner_id: $owner, external_id: '1'}) RETURN n.status, n.marking, n.notes",
        {"owner": world.agencies["A"]},
    )
    assert found == [["OPEN", "TLP_AMBER", None]]
    assert await upsert(world, {**row, **person("1", marking="TLP_RED")}) == [Outcome.CHANGED]
    assert await upsert(world, row) == [Outcome.UNCHANGED]


async def test_a_record_may_be_named_by_its_id_or_key(world: World) -> None:
    """By id without an external id, and an agency by its code."""
    record_id = await world.target()
    assert await upsert(world, {"id": record_id, "name": "Ash"}) == [Outcome.CHANGED]
    assert (await world.properties(record_id))["name"] == "Ash"
    row = checked("Agency", code=f"A-{world.tag}", name="New name", kind="POLICE")
    assert await upsert(world, row, name="Agency") == [Outcome.CHANGED]


async def test_nobodys_id_is_for_administrators_who_restore(world: World) -> None:
    """A row with an id that no record has is refused, but from an administrator it makes that record again."""
    row = {**person("1"), "id": f"target_{world.tag.lower()}"}
    with pytest.raises(Forbidden):
        await upsert(world, row)
    assert await upsert(world, {**row, "owner": f"A-{world.tag}"}, actor=ADMINISTRATOR) == [Outcome.CREATED]


async def test_another_agencys_external_id_is_another_record(world: World) -> None:
    """The same external id from two agencies is two records."""
    assert await upsert(world, person("1")) == [Outcome.CREATED]
    assert await upsert(world, person("1"), actor=world.actor("B")) == [Outcome.CREATED]


async def test_one_record_named_twice_is_refused(world: World) -> None:
    """Two rows for one record have no order."""
    with pytest.raises(Invalid) as met:
        await upsert(world, person("1"), person("1", name="Ash"))
    assert "row 1 names the same record" in met.value.message


async def test_clients_that_race_make_one_record(world: World) -> None:
    """Eight clients upsert the same new rows at once: one creates them, the others find them, none fails."""
    rows = [person(str(place)) for place in range(10)]
    outcomes = await asyncio.gather(*(upsert(world, *(rows if odd % 2 else reversed(rows))) for odd in range(8)))
    assert sorted(each.count(Outcome.CREATED) for each in outcomes) == [0] * 7 + [10]
    found = await world.graph.read_rows(
        "MATCH (n:Target {owner_id: $owner}) RETURN count(n)", {"owner": world.agencies["A"]}
    )
    assert found == [[10]]
