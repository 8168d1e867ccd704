"""The broadcast: every commit to every listener, in order, once; slow ones are told, none costs memory."""

import asyncio
from contextlib import aclosing

import pytest

from opsplan.events.broadcast import Broadcast, ResyncRequired, TooSlow
from opsplan.nouns import CATALOGUE, LAWS
from opsplan.records.writing import write
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import system_clock

ADMINISTRATOR = Actor("machine:test", roles=frozenset({Role.ADMINISTRATOR}))
_numbers = iter(range(1, 1_000_000))


async def _commit(graph, records=1):
    """Make one commit that enters agencies, and give their ids."""
    rows = [{"code": f"EX-{next(_numbers)}", "name": "EXERCISE", "kind": "NGO"} for _ in range(records)]
    return await write(
        graph,
        ADMINISTRATOR,
        system_clock,
        lambda writing: writing.create(CATALOGUE["Agency"], rows),
        laws=LAWS,
        request_id="test",
    )


async def _take(listening, commits):
    taken = []
    async with asyncio.timeout(20):
        async for happened in listening:
            taken.append(happened)
            if len(taken) == commits:
                return taken
    raise AssertionError("the listening ended early")


@pytest.fixture
async def broadcast(empty_graph):
    async with Broadcast(empty_graph, pause_s=0.05).running() as running:
        yield running


async def test_each_listener_hears_each_commit_once_and_in_order(broadcast, empty_graph):
    """Ten listeners hear of concurrent writers' commits: all, in the order of commits, none twice."""
    listeners = [asyncio.create_task(_take(broadcast.listen(0), 20)) for _ in range(10)]
    await asyncio.gather(*(_commit(empty_graph) for _ in range(20)))
    heard = await asyncio.gather(*listeners)
    numbers = [[commit[0].number for commit in each] for each in heard]
    assert all(each == list(range(1, 21)) for each in numbers)


async def test_a_commit_comes_whole_with_names_and_without_values(broadcast, empty_graph):
    """The changes of one commit come together, the last one marked; they name what changed and hold no values."""
    ids = await _commit(empty_graph, records=3)
    (commit,) = await _take(broadcast.listen(0), 1)
    assert [each.record_id for each in commit] == ids
    assert [each.is_last for each in commit] == [False, False, True]
    assert {each.kind for each in commit} == {"CREATED"}
    assert "name" in commit[0].names
    assert "EXERCISE" not in repr(commit)


async def test_a_listener_that_comes_late_goes_on_from_its_place(empty_graph):
    """What happened before the broadcast began, or left its memory, is read from the feed; nothing is missing."""
    for _ in range(7):
        await _commit(empty_graph)
    async with Broadcast(empty_graph, pause_s=0.05).running() as running:
        await _commit(empty_graph)
        heard = await _take(running.listen(2), 6)
    assert [commit[0].number for commit in heard] == [3, 4, 5, 6, 7, 8]


async def test_a_writer_in_this_process_is_heard_at_once(empty_graph):
    """With a wake-up nobody waits for the next look at the feed."""
    async with Broadcast(empty_graph, pause_s=30).running() as running:
        listener = asyncio.create_task(_take(running.listen(), 1))
        await asyncio.sleep(0.1)
        await _commit(empty_graph)
        running.wake()
        await asyncio.wait_for(listener, 5)


async def test_a_listener_too_far_behind_is_told(empty_graph):
    """Who is further behind than allowed is ended with a reason, not fed for ever."""
    for _ in range(5):
        await _commit(empty_graph)
    async with Broadcast(empty_graph, pause_s=0.05, most_behind=3).running() as running:
        with pytest.raises(TooSlow):
            await _take(running.listen(1), 1)
        assert len(await _take(running.listen(2), 3)) == 3


async def test_after_an_older_graph_was_restored_listeners_are_told_to_read_anew(broadcast, empty_graph):
    """When the numbers begin again, a listener's place means nothing any more, and it is told so."""
    await _commit(empty_graph)
    await _take(broadcast.listen(0), 1)
    listener = asyncio.create_task(_take(broadcast.listen(1), 1))
    await asyncio.sleep(0)
    await empty_graph.run_outside("MATCH (n:Commit|Change|CommitSequence) DETACH DELETE n")
    with pytest.raises(ResyncRequired):
        await listener
    with pytest.raises(ResyncRequired):
        await _take(broadcast.listen(17), 1)
    await _commit(empty_graph)
    assert len(await _take(broadcast.listen(0), 1)) == 1


async def test_a_feed_that_cannot_be_understood_is_read_again(empty_graph):
    """A change record that holds no JSON stops nobody for good: once it is mended, listeners hear of it."""
    async with Broadcast(empty_graph, pause_s=0.05).running() as running:
        await _commit(empty_graph)
        await _take(running.listen(0), 1)
        listener = asyncio.create_task(_take(running.listen(1), 1))
        await empty_graph.run_outside("MATCH (s:CommitSequence) SET s.number = 2")
        await empty_graph.run_outside(
            "MATCH (c:Commit {number: 1}) MATCH (x:Change {commit_id: c.id}) "
            "CREATE (d:Commit) SET d = c {.*, number: 2, id: 'commit_broken'} "
            "CREATE (y:Change) SET y = x {.*, commit_id: 'commit_broken', after: '{'}"
        )
        await asyncio.sleep(0.3)
        assert not listener.done()
        await empty_graph.run_outside("MATCH (y:Change {commit_id: 'commit_broken'}) SET y.after = '{}'")
        assert [each[0].number for each in await listener] == [2]


async def test_listeners_end_with_the_broadcast(empty_graph):
    """When the service stops, every listener comes to its end."""
    async with Broadcast(empty_graph, pause_s=0.05).running() as running:
        listening = running.listen()
        waiting = asyncio.create_task(anext(listening, None))
        await asyncio.sleep(0.05)
    assert await asyncio.wait_for(waiting, 5) is None
    async with aclosing(listening):
        pass
