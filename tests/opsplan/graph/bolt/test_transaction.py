"""Transactions over lines of our own: what they write stands or does not; what they read is as the driver gives it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from neo4j.exceptions import ClientError, IncompleteCommit, ServiceUnavailable

from opsplan.graph.address import GraphAddress
from opsplan.graph.bolt.messages import NotPlain
from opsplan.graph.bolt.reader import Reader
from opsplan.graph.driver import Graph
from opsplan.graph.query import Mode
from opsplan.graph.repeat import Bounds
from opsplan.graph.transaction import ByLine, Tx
from opsplan.vocabulary.errors import Unavailable
from tests.opsplan.graph.unreliable_line import UnreliableLine, unreliable_line

_COUNT = "MATCH (n:Probe) RETURN count(n)"


@pytest.fixture
async def lines(graph_server: GraphAddress) -> AsyncIterator[Reader]:
    made = _reader(graph_server)
    yield made
    made.close()


def _reader(address: GraphAddress, lines: int = 4) -> Reader:
    return Reader(address.uri, address.user, address.password, address.database, agent="test", lines=lines, wait_s=5.0)


async def _written(lines: Reader, then: Exception | str | UnreliableLine | None = None) -> None:
    """Write, do or bear what comes next, and commit."""
    async with lines.transaction(10.0) as transaction:
        await transaction.run(("CREATE (:Probe)", {}))
        match then:
            case Exception():
                raise then
            case str():
                await transaction.run((then, {}))
            case UnreliableLine():
                then.cut()
                await asyncio.sleep(0.2)
        await transaction.commit()


async def test_what_is_committed_stands_and_nothing_else(empty_graph: Graph, lines: Reader):
    """Committed, left uncommitted, raised out of, refused by the server: the first alone is there afterwards."""
    async with lines.transaction(10.0) as transaction:
        assert await transaction.run(("CREATE (n:Probe {a: $a}) RETURN n.a AS a", {"a": 1})) == [(["a"], [[1]])]
        assert await empty_graph.read_rows(_COUNT) == [[0]]
        await transaction.commit()
    async with lines.transaction(10.0) as transaction:
        await transaction.run(("CREATE (:Probe)", {}))
    with pytest.raises(LookupError):
        await _written(lines, LookupError())
    with pytest.raises(ClientError, match="/ by zero"):
        await _written(lines, "RETURN 1 / 0")
    async with lines.transaction(10.0) as transaction:
        await transaction.commit()
    assert await empty_graph.read_rows(_COUNT) == [[1]]


async def test_a_cancelled_transaction_is_undone(empty_graph: Graph, lines: Reader):
    """Its line is hung up, and the server gives back its locks and what it wrote."""
    began = asyncio.Event()

    async def write() -> None:
        async with lines.transaction(30.0) as transaction:
            await transaction.run(("MERGE (n:Probe {a: 1}) SET n.b = 1", {}))
            began.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(write())
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for _ in range(100):
        if await empty_graph.read_rows(_COUNT) == [[0]]:
            break
        await asyncio.sleep(0.1)
    assert await empty_graph.read_rows(_COUNT) == [[0]]


async def test_rows_are_as_the_driver_gives_them(empty_graph: Graph, lines: Reader):
    """Columns, values, points; a node is a fault of the statement."""
    text = (
        "UNWIND [1, 2] AS n RETURN n, 'é' AS text, 1.5 AS float, null AS nothing, [n, [true]] AS list, "
        "{a: n} AS map, point({longitude: 104.9, latitude: 11.5}) AS place"
    )

    async def by_driver(tx: Tx) -> list[dict[str, object]]:
        return await tx.run(text)

    async with lines.transaction(10.0) as transaction:
        rows = await Tx(ByLine(transaction), Mode.WRITE).run(text)
        assert rows == await empty_graph.read(by_driver)
        assert [type(each) for each in rows[0].values()] == [
            type(each) for each in (await empty_graph.read(by_driver))[0].values()
        ]
    with pytest.raises(NotPlain):
        async with lines.transaction(10.0) as transaction:
            await transaction.run(("CREATE (n:Probe) RETURN n", {}))
    assert await empty_graph.read_rows(_COUNT) == [[0]]


async def test_a_parameter_of_no_type_of_bolt_leaves_the_transaction_as_it_is(empty_graph: Graph, lines: Reader):
    """It is refused before anything is sent; what was written before may still be committed."""
    async with lines.transaction(10.0) as transaction:
        await transaction.run(("CREATE (:Probe)", {}))
        with pytest.raises((TypeError, ValueError)):
            await transaction.run(("RETURN $x", {"x": object()}))
        await transaction.commit()
    assert await empty_graph.read_rows(_COUNT) == [[1]]


@pytest.mark.parametrize(("cut", "stands"), [("before", 0), ("after", 1)])
async def test_a_commit_that_is_not_answered_may_stand_or_not(
    empty_graph: Graph, graph_server: GraphAddress, cut: str, stands: int
):
    """It is told as such, whichever it is, and never done again."""
    async with unreliable_line(graph_server.uri) as (uri, line):
        lines = _reader(replace(graph_server, uri=uri))
        line.cut_at_commit = cut
        with pytest.raises(IncompleteCommit):
            await _written(lines)
        lines.close()
    assert await empty_graph.read_rows(_COUNT) == [[stands]]


async def test_a_line_that_is_lost_before_the_commit_has_written_nothing(
    empty_graph: Graph, graph_server: GraphAddress
):
    """So the whole may be tried again, as a graph does."""
    async with unreliable_line(graph_server.uri) as (uri, line):
        lines = _reader(replace(graph_server, uri=uri))
        with pytest.raises(ServiceUnavailable):
            await _written(lines, line)
        lines.close()
    assert await empty_graph.read_rows(_COUNT) == [[0]]


async def test_lines_are_used_again_and_no_more_than_allowed(empty_graph: Graph, graph_server: GraphAddress):
    """Refused or not, a transaction leaves its line for the next; who finds none free waits, for a while."""
    async with unreliable_line(graph_server.uri) as (uri, line):
        address = replace(graph_server, uri=uri)
        async with Graph(address, Bounds(total_s=0.0), connections=2, connection_wait_s=0.2) as graph:

            async def write(tx: Tx) -> None:
                await tx.run("CREATE (:Probe)")

            async def refused(tx: Tx) -> None:
                await tx.run("CREATE (:Probe)")
                raise LookupError

            for number in range(6):
                if number % 2:
                    with pytest.raises(LookupError):
                        await graph.write(refused)
                else:
                    await graph.write(write)
            assert line.connections == 1

            async def long(tx: Tx) -> None:
                await tx.run("RETURN 1")
                await asyncio.sleep(1.0)

            holders = [asyncio.create_task(graph.write(long)) for _ in range(2)]
            await asyncio.sleep(0.3)
            with pytest.raises(Unavailable):
                await graph.write(write)
            await asyncio.gather(*holders)
            assert line.connections == 2
    assert await empty_graph.read_rows(_COUNT) == [[3]]
