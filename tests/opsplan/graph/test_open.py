"""The door to the graph."""

import asyncio
import time
from pathlib import Path

import psutil
import pytest

from opsplan.graph.address import GraphAddress
from opsplan.graph.local.folder import DataFolder
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.migrations import product_migrations
from opsplan.graph.open import open_graph
from opsplan.graph.query import registered_queries
from opsplan.graph.repeat import Bounds
from opsplan.graph.transaction import Tx
from opsplan.vocabulary.errors import Unavailable


async def test_a_local_server_lives_as_long_as_the_block(tmp_path: Path) -> None:
    """It is started, migrated, used, and gone at the end; cancelled while it starts, it leaves none behind."""
    options = LocalServerOptions(data_dir=tmp_path, heap_mb=384, short_lived=True)
    async with open_graph(options, migrations=product_migrations()[:1]) as graph:
        assert await graph.read_rows("MATCH (m:Migration {number: 1}) RETURN m.name") == [
            ["0001_migrations_are_unique"]
        ]
        running = DataFolder(tmp_path).running()
        assert running is not None
    assert not psutil.pid_exists(running.guard_pid)

    async def open_and_sleep() -> None:
        async with open_graph(options):
            await asyncio.sleep(600)

    opening = asyncio.create_task(open_and_sleep())
    while not DataFolder(tmp_path).is_held():  # noqa: ASYNC110 - another process's doing has no event
        await asyncio.sleep(0.01)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert not DataFolder(tmp_path).is_held()


async def test_a_server_that_does_not_answer(graph_server: GraphAddress) -> None:
    """The door gives up after the time allowed, with an error that may be tried again."""
    nowhere = GraphAddress("bolt://127.0.0.1:9", graph_server.user, graph_server.password)
    began = time.monotonic()
    with pytest.raises(Unavailable):
        async with open_graph(nowhere, Bounds(total_s=0.3)):
            pass
    assert time.monotonic() - began < 10


async def test_this_room_s_queries_are_planned_by_the_server(graph_server: GraphAddress) -> None:
    """Every named query of the graph room itself can be planned, and scans a label only where it says why."""
    async with open_graph(graph_server) as graph:
        ours = [query for query in registered_queries() if query.name.startswith("graph.")]
        assert len(ours) >= 4
        for query in ours:
            operators = await graph.operators(query)
            if query.why_scan is None:
                assert not operators & {"AllNodesScan", "NodeByLabelScan", "CartesianProduct"}, query.name


async def test_a_graph_opened_twice_is_one_graph(graph_server: GraphAddress) -> None:
    """What is written through one door is read through the other."""
    async with open_graph(graph_server) as one, open_graph(graph_server) as other:

        async def add(tx: Tx) -> None:
            await tx.run("MERGE (:Door {id: 1})")

        await one.write(add)
        assert await other.read_rows("MATCH (d:Door) RETURN count(d)") == [[1]]
        await one.write(lambda tx: tx.run("MATCH (d:Door) DELETE d"))
