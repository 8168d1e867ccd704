"""Tests of writers at once: no update is lost, one of two who expect a version wins, and nobody waits for ever."""

import asyncio
import random

from opsplan.records.feed import history
from opsplan.records.writing import Writing
from opsplan.vocabulary.errors import VersionConflict
from tests.opsplan.records.world import World, noun


async def test_of_two_who_expect_a_version_one_wins(world: World) -> None:
    """Eight writers expect version 1 of one record: one changes it, seven are told of version 2."""
    record_id = await world.compound()

    async def change(capacity: int) -> int | VersionConflict:
        try:
            await world.change("Compound", record_id, capacity=capacity, expected_version=1)
        except VersionConflict as conflict:
            return conflict
        return capacity

    outcomes = await asyncio.gather(*(change(place) for place in range(8)))
    winners = [each for each in outcomes if isinstance(each, int)]
    assert len(winners) == 1
    told = [each.facts["current_version"] for each in outcomes if isinstance(each, VersionConflict)]
    assert told == [2] * 7
    kept = await world.properties(record_id)
    assert (kept["capacity"], kept["version"]) == (winners[0], 2)


async def test_no_update_is_lost(world: World) -> None:
    """Sixteen writers change the same six records in any order, with references to each other's: all is kept."""
    compounds = [await world.compound() for _ in range(3)]
    targets = [await world.target() for _ in range(3)]
    operation = await world.operation()
    actions = [await world.action(operation) for _ in range(4)]
    draw = random.Random(7)
    rounds = 3

    async def writer(number: int) -> None:
        for turn in range(rounds):
            order = draw.sample(range(3), 3)
            aimed = draw.choice(compounds)
            concerned = draw.sample(targets, 2)
            action = draw.choice(actions)

            async def work(
                writing: Writing,
                order: list[int] = order,
                aimed: str = aimed,
                concerned: list[str] = concerned,
                action: str = action,
                note: str = f"{number}-{turn}",
            ) -> None:
                await writing.change(noun("Compound"), [{"id": compounds[each], "notes": note} for each in order])
                await writing.change(noun("Target"), [{"id": targets[each], "notes": note} for each in order])
                await writing.change(
                    noun("Action"), [{"id": action, "compound": aimed, "targets": concerned, "due": None}]
                )

            await world.write(work)

    await asyncio.gather(*(writer(number) for number in range(16)))
    for record_id in (*compounds, *targets):
        kept = await world.properties(record_id)
        told = await history(world.graph, record_id)
        assert kept["version"] == len(told) == 1 + 16 * rounds
        # Each change begins where the one before it ended: nobody wrote over what they had not read.
        notes = [(commit.changes[0].before or {}).get("notes") for commit in told[1:]]
        assert notes == [None, *(commit.changes[0].after["notes"] for commit in told[1:-1])]
        assert told[-1].changes[0].after["notes"] == kept["notes"]


async def test_changers_and_those_who_refer_do_not_starve_each_other(world: World) -> None:
    """Half of 16 writers change one compound, half hang estimates on it: all are done, in one piece."""
    compound = await world.compound()
    estimate = {"nationality": "VN", "low": 1, "likely": 2, "high": 3, "as_of": "2026-11-01T00:00:00Z"}

    async def change(number: int) -> None:
        for turn in range(4):
            await world.change("Compound", compound, notes=f"{number}-{turn}")

    async def refer() -> None:
        for _ in range(4):
            await world.create("VictimEstimate", compound=compound, **estimate)

    await asyncio.gather(*(change(number) for number in range(8)), *(refer() for _ in range(8)))
    rows = await world.graph.read_rows(
        "MATCH (n:Record {id: $id}) RETURN n.version, COUNT { (n)<-[:ESTIMATED_AT]-() }", {"id": compound}
    )
    assert rows == [[1 + 32, 32]]
