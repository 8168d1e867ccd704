"""Queries of planners, answered from one statement for each root field."""

from tests.make.world import World
from tests.opsplan.reading.desk import Desk


async def test_a_compound_by_id_with_its_country_and_targets(desk: Desk, world: World) -> None:
    """A look-up by id gives the record's values, its country and its linked targets."""
    compound = next(each for each in world.of("Compound") if each.values["retired_at"] is None)
    answer = await desk.ask(
        "query ($id: ID!) { compound(id: $id) { id name location } }",
        {"id": compound.id},
    )
    longitude, latitude = compound.values["location"]
    assert answer == {
        "compound": {
            "id": compound.id,
            "name": compound.values["name"],
            "location": {"longitude": longitude, "latitude": latitude},
        }
    }


async def test_a_page_of_compounds_in_order(desk: Desk, world: World) -> None:
    """A list gives the first records by id, how many there are, and whether more come."""
    live = [each for each in world.of("Compound") if each.values["retired_at"] is None]
    answer = await desk.ask("{ compounds(first: 3) { nodes { id } totalCount pageInfo { hasNextPage } } }")
    assert answer == {
        "compounds": {
            "nodes": [{"id": each.id} for each in live[:3]],
            "totalCount": len(live),
            "pageInfo": {"hasNextPage": len(live) > 3},
        }
    }
