"""What is tried again, and what never is: on the real server, by a line that can fail."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.graph.failures import OutcomeUnknown
from opsplan.graph.repeat import Bounds
from opsplan.graph.transaction import Tx
from opsplan.vocabulary.errors import OutOfMemory, TimedOut, Unavailable
from tests.opsplan.graph.running import LONG, runs, until
from tests.opsplan.graph.unreliable_line import UnreliableLine, unreliable_line

HUNGRY = "UNWIND range(1, 100000000) AS i WITH collect('text ' + i) AS texts RETURN size(texts)"
ADD = "CREATE (:Thing)"
COUNT = "MATCH (t:Thing) RETURN count(t)"


@pytest.fixture
async def line(graph_server: GraphAddress, empty_graph: Graph) -> AsyncIterator[tuple[Graph, UnreliableLine]]:
    """Give a graph behind a line that can fail, and the line."""
    async with unreliable_line(graph_server.uri) as (uri, line):
        address = GraphAddress(uri, graph_server.user, graph_server.password)
        async with Graph(address, Bounds(silence_s=0.5)) as graph:
            yield graph, line


async def test_a_deadlock_is_tried_again(empty_graph: Graph) -> None:
    """Two writers that wait for each other both get done, each once."""
    await empty_graph.write(lambda tx: tx.run("CREATE (:Thing {id: 1, n: 0}), (:Thing {id: 2, n: 0})"))
    both_hold_one = asyncio.Barrier(2)
    attempts = [0, 0]

    async def bump(tx: Tx, which: int) -> None:
        attempts[which] += 1
        for step, thing in enumerate((1, 2) if which == 0 else (2, 1)):
            if step == 1 and attempts[which] == 1:
                await both_hold_one.wait()
            await tx.run("MATCH (t:Thing {id: $id}) SET t.n = t.n + 1", id=thing)

    await asyncio.gather(*(empty_graph.write(lambda tx, w=which: bump(tx, w)) for which in (0, 1)))
    assert sorted(attempts) == [1, 2]
    assert await empty_graph.read_rows("MATCH (t:Thing) RETURN t.n") == [[2], [2]]


async def test_many_writers_of_one_node_all_get_done(empty_graph: Graph) -> None:
    """Writers that lock one node in two steps deadlock each other often; none is lost or doubled."""
    await empty_graph.run_outside("CREATE CONSTRAINT hot IF NOT EXISTS FOR (h:Hot) REQUIRE h.id IS UNIQUE")
    await empty_graph.write(lambda tx: tx.run("CREATE (:Hot {id: 1, n: 0})"))
    bump = "MATCH (h:Hot {id: 1}) SET h.n = h.n + 1"
    began = time.monotonic()
    await asyncio.gather(*(empty_graph.write(lambda tx: tx.run(bump)) for _ in range(48)))
    assert await empty_graph.read_rows("MATCH (h:Hot) RETURN h.n") == [[48]]
    assert time.monotonic() - began < 15
    await empty_graph.run_outside("DROP CONSTRAINT hot")


async def test_a_time_out_is_never_tried_again(graph: Graph) -> None:
    """The server ends a statement that is too long; it was begun once, and our error is not retryable."""
    attempts = 0

    async def long(tx: Tx) -> object:
        nonlocal attempts
        attempts += 1
        return await tx.run(LONG)

    for work in (graph.read(long, timeout_s=0.5), graph.write(long, timeout_s=0.5)):
        attempts = 0
        with pytest.raises(TimedOut) as refused:
            await work
        assert attempts == 1
        assert not refused.value.retryable
    for way in (graph.read_rows, graph.read_plain):
        with pytest.raises(TimedOut):
            await way(LONG, timeout_s=0.5)
    assert not await runs(graph, LONG)


async def test_exhausted_memory_is_never_tried_again(graph: Graph) -> None:
    """The server calls it transient; it was begun once all the same, the server lives, and our error says so."""
    attempts = 0

    async def hungry(tx: Tx) -> object:
        nonlocal attempts
        attempts += 1
        return await tx.run(HUNGRY)

    with pytest.raises(OutOfMemory) as refused:
        await graph.read(hungry)
    assert attempts == 1
    assert not refused.value.retryable
    for way in (graph.read_rows, graph.read_plain):
        with pytest.raises(OutOfMemory):
            await way(HUNGRY)
    # It may have to collect what it had no room for.
    assert await graph.answers(timeout_s=10.0)


@pytest.mark.parametrize(("text", "error"), [(LONG, TimedOut), (HUNGRY, OutOfMemory)])
@pytest.mark.parametrize("way", ["alone", "plainly", "in a read", "in a write"])
async def test_what_is_too_long_or_too_large_goes_to_the_server_once(
    line: tuple[Graph, UnreliableLine], text: str, error: type[Exception], way: str
) -> None:
    """The statement itself is counted on the line: neither we nor the driver send it again, whichever way it goes."""
    graph, wire = line
    # Too little for the one that is too long, plenty for the one that is too large.
    timeout_s = 0.5 if error is TimedOut else 60.0
    ways = {
        "alone": lambda: graph.read_rows(text, timeout_s=timeout_s),
        "plainly": lambda: graph.read_plain(text, timeout_s=timeout_s),
        "in a read": lambda: graph.read(lambda tx: tx.run(text), timeout_s=timeout_s),
        "in a write": lambda: graph.write(lambda tx: tx.run(text), timeout_s=timeout_s),
    }
    with pytest.raises(error):
        await ways[way]()
    assert wire.times_said(text) == 1
    assert not await runs(graph, text)


@pytest.mark.parametrize("way", [Graph.read_rows, Graph.read_plain])
async def test_those_who_share_leave_the_others_connections(graph_server: GraphAddress, way: Any) -> None:
    """Callers of a share hold no more connections than theirs; they wait, then are told; the others are not held up."""
    address = GraphAddress(graph_server.uri, graph_server.user, graph_server.password)
    async with Graph(address, connections=3, connection_wait_s=0.5) as graph:
        shared = graph.share(2)
        slow = [asyncio.create_task(way(shared, LONG)) for _ in range(2)]
        await until(graph, LONG, running=True)
        with pytest.raises(Unavailable) as refused:
            await way(shared, "RETURN 1")
        assert refused.value.retryable
        assert not await shared.answers()
        assert await way(graph, "RETURN 1") == [[1]]
        waiting = [asyncio.create_task(way(shared, "RETURN 1")) for _ in range(3)]
        await asyncio.sleep(0.1)
        waiting[0].cancel()
        for each in slow:
            each.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        assert await asyncio.gather(*waiting[1:]) == [[[1]], [[1]]]
        assert await asyncio.gather(*(way(shared, "RETURN 1") for _ in range(20))) == [[[1]]] * 20


async def test_a_slow_writer_holds_up_only_who_writes_the_same(empty_graph: Graph) -> None:
    """Beside an open write, readers see the old value at once; a writer of the same node waits, or times out."""
    await empty_graph.write(lambda tx: tx.run("CREATE (:Thing {n: 0})"))
    has_written, may_commit = asyncio.Event(), asyncio.Event()
    bump = "MATCH (t:Thing) SET t.n = t.n + 1"

    async def slow(tx: Tx) -> None:
        await tx.run(bump)
        has_written.set()
        await may_commit.wait()

    slow_write = asyncio.create_task(empty_graph.write(slow))
    await has_written.wait()
    assert await empty_graph.read_rows("MATCH (t:Thing) RETURN t.n") == [[0]]
    with pytest.raises(TimedOut):
        await empty_graph.write(lambda tx: tx.run(bump), timeout_s=0.5)
    patient_write = asyncio.create_task(empty_graph.write(lambda tx: tx.run(bump)))
    await asyncio.sleep(0.2)
    assert not patient_write.done()
    may_commit.set()
    await asyncio.gather(slow_write, patient_write)
    assert await empty_graph.read_rows("MATCH (t:Thing) RETURN t.n") == [[2]]


async def test_a_cancelled_task_ends_its_transaction_on_the_server(empty_graph: Graph) -> None:
    """Cancelling a read, a write or a statement by itself ends it there, and nothing of a write stays."""

    async def add_then_long(tx: Tx) -> None:
        await tx.run(ADD)
        await tx.run(LONG)

    for work in (
        empty_graph.read_rows(LONG),
        empty_graph.read_plain(LONG),
        empty_graph.read(lambda tx: tx.run(LONG)),
        empty_graph.write(add_then_long),
    ):
        task = asyncio.ensure_future(work)
        await until(empty_graph, LONG, running=True)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(empty_graph, LONG, running=False)
    assert await empty_graph.read_rows(COUNT) == [[0]]


async def test_a_line_cut_before_the_commit_is_tried_again(line: tuple[Graph, UnreliableLine]) -> None:
    """The work is done anew over a new connection, and stands once."""
    graph, wire = line
    attempts = 0

    async def add(tx: Tx) -> None:
        nonlocal attempts
        attempts += 1
        await tx.run(ADD)
        if attempts == 1:
            wire.cut()
        await tx.run("RETURN 1")

    await graph.write(add)
    assert attempts == 2
    assert await graph.read_rows(COUNT) == [[1]]


@pytest.mark.parametrize(("cut", "stands"), [("before", 0), ("after", 1)])
async def test_a_line_cut_at_the_commit_is_not_tried_again(
    line: tuple[Graph, UnreliableLine], empty_graph: Graph, cut: str, stands: int
) -> None:
    """Whether the server got the commit cannot be known, so the error says so and nothing is doubled."""
    graph, wire = line
    wire.cut_at_commit = cut
    with pytest.raises(OutcomeUnknown, match="may stand or not") as refused:
        await graph.write(lambda tx: tx.run(ADD))
    assert not refused.value.retryable
    assert wire.commits == 1
    assert await empty_graph.read_rows(COUNT) == [[stands]]


@pytest.mark.parametrize("way", [Graph.read_rows, Graph.read_plain])
async def test_a_silent_server_is_hung_up_on(line: tuple[Graph, UnreliableLine], way: Any) -> None:
    """When nothing comes back, a call ends soon after its time-out instead of never, and is not tried again."""
    graph, wire = line
    await way(graph, "RETURN 1")
    wire.silent.set()
    connections = wire.connections
    began = time.monotonic()
    with pytest.raises(TimedOut, match="kept silent"):
        await way(graph, "RETURN 1", timeout_s=0.3)
    assert time.monotonic() - began < 3
    assert wire.connections == connections


async def test_a_server_silent_at_the_commit_leaves_the_outcome_unknown(
    line: tuple[Graph, UnreliableLine], empty_graph: Graph
) -> None:
    """Silence while committing is no plain time-out: the change may stand, and here it does."""
    graph, wire = line

    async def add(tx: Tx) -> None:
        await tx.run(ADD)
        wire.silent.set()

    with pytest.raises(OutcomeUnknown):
        await graph.write(add, timeout_s=0.3)
    assert await empty_graph.read_rows(COUNT) == [[1]]
