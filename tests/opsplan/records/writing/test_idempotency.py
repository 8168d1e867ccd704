"""Tests of idempotency keys: one effect and one answer, however often and from however many sides a request comes."""

import asyncio

import pytest

from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.graph.open import open_graph
from opsplan.records.feed import last_number
from opsplan.records.writing import IdempotencyKey, Writing, request_hash
from opsplan.vocabulary.errors import IdempotencyConflict, Invalid
from tests.opsplan.records.world import World, checked, noun

ROW = checked("Target", name="Quill", kind="PERSON")
KEY = IdempotencyKey("k-1", request_hash("createTarget", {"name": "Quill"}))


async def make(writing: Writing) -> list[str]:
    """Create one target."""
    return await writing.create(noun("Target"), [ROW])


async def count(graph: Graph, world: World) -> int:
    """Count the world's targets."""
    rows = await graph.read_rows(
        "MATCH (n:Target) WHERE n.owner_id IN $owners RETURN count(n)", {"owners": list(world.agencies.values())}
    )
    return int(rows[0][0])


@pytest.mark.requirement("G3")
async def test_a_replay_gets_the_first_answer_and_writes_nothing(world: World) -> None:
    """The second request with a key gives what the first gave; no record, change or commit is added."""
    first = await world.write(make, idempotency=KEY)
    number = await last_number(world.graph)
    assert await world.write(make, idempotency=KEY) == first
    assert await count(world.graph, world) == 1
    assert await last_number(world.graph) == number


async def test_two_at_once_have_one_effect(world: World) -> None:
    """Eight requests with one key at the same time make one record, and all get its id."""
    answers = await asyncio.gather(*(world.write(make, idempotency=KEY) for _ in range(8)))
    assert len({answer[0] for answer in answers}) == 1
    assert await count(world.graph, world) == 1


async def test_other_arguments_are_refused(world: World) -> None:
    """A key that was used with other arguments is refused, and nothing is written."""
    await world.write(make, idempotency=KEY)
    other = IdempotencyKey(KEY.key, request_hash("createTarget", {"name": "Ash"}))
    with pytest.raises(IdempotencyConflict):
        await world.write(make, idempotency=other)
    assert await count(world.graph, world) == 1


async def test_keys_are_scoped_to_the_caller(world: World) -> None:
    """Another agency may use the same key for its own request."""
    first = await world.write(make, idempotency=KEY)
    second = await world.write(make, idempotency=KEY, actor=world.actor("B"))
    assert first != second


async def test_a_refused_request_frees_its_key(world: World) -> None:
    """After a refusal nothing is kept, so the mended request may use the key."""

    async def wrong(writing: Writing) -> list[str]:
        return await writing.create(noun("Target"), [{"kind": "PERSON"}])

    with pytest.raises(Invalid):
        await world.write(wrong, idempotency=KEY)
    assert len(await world.write(make, idempotency=IdempotencyKey(KEY.key, "other"))) == 1


@pytest.mark.requirement("G3")
async def test_the_answer_outlives_the_process_that_gave_it(world: World, graph_server: GraphAddress) -> None:
    """A new connection from scratch, as after a restart, replays the stored answer."""
    first = await world.write(make, idempotency=KEY)
    async with open_graph(graph_server) as reopened:
        world.graph = reopened
        assert await world.write(make, idempotency=KEY) == first


def test_the_hash_is_of_what_is_asked() -> None:
    """Arguments in another order are the same request; another operation or value is not."""
    assert request_hash("a", {"x": 1, "y": 2}) == request_hash("a", {"y": 2, "x": 1})
    assert request_hash("a", {"x": 1}) != request_hash("b", {"x": 1})
    assert request_hash("a", {"x": 1}) != request_hash("a", {"x": "1"})
