"""Applying migrations to the real graph."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.local.server import start_server
from opsplan.graph.migrate import migrate
from opsplan.graph.migrations import Migration, MigrationError, product_migrations
from opsplan.graph.open import open_graph
from opsplan.vocabulary.clock import FrozenClock

ROOT = Path(__file__).parents[3]
NOON = FrozenClock(datetime(2026, 11, 23, 12, tzinfo=UTC))
FIRST = product_migrations()[0]
TRACE = "MATCH (t:Trace) RETURN t.of ORDER BY t.of"


def tracing(number: int, *more: str) -> Migration:
    """Make a migration that leaves a trace each time it is run."""
    name = f"{number:04d}_tracing"
    return Migration(number, name, f"checksum of {name}", (*more, f"CREATE (:Trace {{of: {number}}})"))


@pytest.fixture(scope="module")
def bare_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphAddress]:
    """Give a server of these tests' own: without its schema, the session's would forget every plan that it has made."""
    options = LocalServerOptions(data_dir=tmp_path_factory.mktemp("bare"), heap_mb=384, short_lived=True)
    with start_server(options) as server:
        yield server.address


@pytest.fixture
async def bare_graph(bare_server: GraphAddress) -> AsyncIterator[Graph]:
    """Give its graph without any migration."""
    async with Graph(bare_server) as graph:
        await strip(graph)
        yield graph


async def strip(graph: Graph) -> None:
    """Take everything out of a graph, rules and indexes too."""
    await graph.run_outside("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS")
    for (name,) in await graph.read_rows("SHOW CONSTRAINTS YIELD name RETURN name"):
        await graph.run_outside(f"DROP CONSTRAINT `{name}`")
    for (name,) in await graph.read_rows("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name"):
        await graph.run_outside(f"DROP INDEX `{name}`")


async def test_each_is_applied_once_and_in_order(bare_graph: Graph) -> None:
    """The first call applies all and keeps what it applied; the second finds nothing to do; a new one is added."""
    migrations = [FIRST, tracing(2), tracing(3, "CREATE INDEX trace IF NOT EXISTS FOR (t:Trace) ON (t.of)")]
    assert await migrate(bare_graph, migrations, NOON) == (FIRST.name, "0002_tracing", "0003_tracing")
    assert await migrate(bare_graph, migrations, NOON) == ()
    assert await migrate(bare_graph, [*migrations, tracing(4)], NOON) == ("0004_tracing",)
    assert await bare_graph.read_rows(TRACE) == [[2], [3], [4]]
    kept = await bare_graph.read_rows(
        "MATCH (m:Migration {number: 3}) RETURN m.name, m.checksum, m.appliedAt, count { MATCH (:Migration) }"
    )
    assert kept == [["0003_tracing", "checksum of 0003_tracing", "2026-11-23T12:00:00.000Z", 4]]
    assert await bare_graph.read_rows("SHOW INDEXES YIELD name, state WHERE name = 'trace' RETURN state") == [
        ["ONLINE"]
    ]


async def test_a_changed_one_stops_the_start(bare_graph: Graph) -> None:
    """Its name and what to do are told, and nothing further is applied."""
    await migrate(bare_graph, [FIRST, tracing(2)], NOON)
    changed = replace(tracing(2), checksum="of another text")
    with pytest.raises(MigrationError, match="0002_tracing was changed after it was applied") as refused:
        await migrate(bare_graph, [FIRST, changed, tracing(3)], NOON)
    assert "put its file back" in str(refused.value.remedy)
    assert await bare_graph.read_rows(TRACE) == [[2]]


async def test_an_unknown_one_stops_the_start(bare_graph: Graph) -> None:
    """A graph that a newer opsplan has migrated is refused by the name of the first that is not known."""
    await migrate(bare_graph, [FIRST, tracing(2), tracing(3)], NOON)
    with pytest.raises(MigrationError, match="has migration 0003_tracing, which this opsplan does not know"):
        await migrate(bare_graph, [FIRST, tracing(2)], NOON)


async def test_one_missing_from_the_graph_stops_the_start(bare_graph: Graph) -> None:
    """Where later ones were applied, an earlier one that was not is never slipped in behind them."""
    await migrate(bare_graph, [FIRST, tracing(2), tracing(3)], NOON)
    await bare_graph.run_outside("MATCH (m:Migration {number: 2}) DELETE m")
    with pytest.raises(MigrationError, match="0002_tracing was never applied, but later ones were"):
        await migrate(bare_graph, [FIRST, tracing(2), tracing(3)], NOON)


async def test_one_that_fails_is_named_and_run_anew(bare_graph: Graph) -> None:
    """A failing statement stops the start with the migration's name; once mended, it is run from its start."""
    failing = tracing(2, "MERGE (:Half)", "RETURN 1 / 0")
    with pytest.raises(MigrationError, match=r"0002_tracing failed: .*ArithmeticError"):
        await migrate(bare_graph, [FIRST, failing, tracing(3)], NOON)
    assert await bare_graph.read_rows("MATCH (m:Migration) RETURN m.number") == [[1]]
    mended = replace(failing, statements=tuple(s for s in failing.statements if "/" not in s))
    assert await migrate(bare_graph, [FIRST, mended, tracing(3)], NOON) == ("0002_tracing", "0003_tracing")
    assert await bare_graph.read_rows("MATCH (h:Half) RETURN count(h)") == [[1]]


async def test_services_that_start_together_apply_once(bare_graph: Graph, bare_server: GraphAddress) -> None:
    """Four start on a bare graph at the same moment: all come up, and each migration was run once."""
    migrations = [FIRST, tracing(2, "CALL { CREATE (:Slow) } IN TRANSACTIONS"), tracing(3)]

    async def start() -> tuple[str, ...]:
        async with Graph(bare_server) as graph:
            return await migrate(graph, migrations, NOON)

    done = await asyncio.gather(*(start() for _ in range(4)))
    assert sorted(done, key=len)[:3] == [(), (), ()]
    assert max(done, key=len)[-2:] == ("0002_tracing", "0003_tracing")
    assert await bare_graph.read_rows(TRACE) == [[2], [3]]


SERVICE = """
import asyncio, json, sys
from opsplan.graph.address import GraphAddress
from opsplan.graph.open import open_graph

async def main():
    async with open_graph(GraphAddress(*json.loads(sys.argv[1]))) as graph:
        print((await graph.read_rows("MATCH (m:Migration) RETURN count(m)"))[0][0], flush=True)

asyncio.run(main())
"""


async def test_two_processes_on_one_server_both_come_up(bare_graph: Graph, bare_server: GraphAddress) -> None:
    """Two services started together on one server named by its address, with the product's own migrations."""

    where = json.dumps([bare_server.uri, bare_server.user, bare_server.password])
    starting = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", SERVICE, where, stdout=subprocess.PIPE, cwd=ROOT)
        for _ in range(2)
    ]
    said = [(await process.communicate())[0].decode().strip() for process in starting]
    assert said == [str(len(product_migrations()))] * 2
    assert [process.returncode for process in starting] == [0, 0]


async def test_the_lock_of_a_killed_service_is_free_at_once(bare_graph: Graph, bare_server: GraphAddress) -> None:
    """kill -9 in the middle of a migration: the next start does not wait for anything to expire."""
    code = (
        "import asyncio, json, sys\n"
        "from opsplan.graph.driver import Graph, GraphAddress\n"
        "from opsplan.graph.migrate import TAKE_LOCK\n"
        "async def main():\n"
        "    async def hold(tx):\n"
        "        await tx.run(TAKE_LOCK, taken_at='now')\n"
        "        print('held', flush=True)\n"
        "        await asyncio.sleep(600)\n"
        "    async with Graph(GraphAddress(*json.loads(sys.argv[1]))) as graph:\n"
        "        await graph.write(hold, timeout_s=600)\n"
        "asyncio.run(main())\n"
    )

    await migrate(bare_graph, [FIRST], NOON)
    where = json.dumps([bare_server.uri, bare_server.user, bare_server.password])
    holder = await asyncio.create_subprocess_exec(sys.executable, "-c", code, where, stdout=subprocess.PIPE, cwd=ROOT)
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"held\n"
    waiting = asyncio.create_task(migrate(bare_graph, [FIRST, tracing(2)], NOON))
    await asyncio.sleep(0.5)
    assert not waiting.done()
    os.kill(holder.pid, signal.SIGKILL)
    async with asyncio.timeout(10):
        assert await waiting == ("0002_tracing",)
    await holder.wait()


async def test_the_door_migrates(bare_graph: Graph, bare_server: GraphAddress) -> None:
    """Whoever opens the graph gets it migrated."""
    async with open_graph(bare_server, migrations=[FIRST, tracing(2)], clock=NOON) as graph:
        assert await graph.read_rows(TRACE) == [[2]]
