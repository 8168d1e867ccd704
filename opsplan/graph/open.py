"""The door to the graph: connect or start, migrate, hand over."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.graph.local.errors import Unsupported
from opsplan.graph.local.options import URI_SETTING, LocalServerOptions
from opsplan.graph.migrate import migrate
from opsplan.graph.migrations import Migration, product_migrations
from opsplan.graph.query import Mode, Query
from opsplan.graph.repeat import Bounds
from opsplan.vocabulary.clock import Clock, system_clock
from opsplan.vocabulary.errors import SetupError
from opsplan.vocabulary.sentences import say

if TYPE_CHECKING:
    from opsplan.graph.local.handle import LocalServer

_OLDEST = (5, 26)
SERVER_VERSION = Query(
    "graph.server_version",
    Mode.READ,
    "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0] AS version",
)


@asynccontextmanager
async def open_graph(
    where: GraphAddress | LocalServerOptions,
    bounds: Bounds | None = None,
    *,
    connections: int = 100,
    migrations: Sequence[Migration] | None = None,
    clock: Clock = system_clock,
) -> AsyncIterator[Graph]:
    """Give the graph, migrated and ready; close it, and end a local server that was started for it.

    Parameters
    ----------
    where
        A server by its address, or the options of the local one: that is used where it was started to stay
        (`opsplan neo4j start`), else started and ended with the block.
    bounds
        Time-outs and repetition of transactions.
    connections
        Most connections held to the server for transactions, and as many again for plain reads.
    migrations
        None: those of this opsplan.
    clock
        For the times that migrations are recorded with.

    Raises
    ------
    SetupError
        One of `opsplan.graph.local.errors`, a `MigrationError`, or a refused login.
    Unavailable
        If the server named does not answer.
    """
    async with AsyncExitStack() as stack:
        if isinstance(where, LocalServerOptions):
            server = await _opened(where)
            stack.push_async_callback(asyncio.to_thread, server.stop)
            where = server.address
        graph = await stack.enter_async_context(Graph(where, bounds, connections=connections))
        await _refuse_old(graph)
        await migrate(graph, product_migrations() if migrations is None else migrations, clock)
        yield graph


async def _opened(options: LocalServerOptions) -> "LocalServer":
    """Open the local server in a thread; when cancelled meanwhile, leave none behind."""
    if sys.platform == "win32":
        raise Unsupported(
            say("The local Neo4j needs Linux or macOS."),
            field=URI_SETTING,
            remedy=say("run a Neo4j 5.26 server and name it by {uri_setting}", uri_setting=URI_SETTING),
        )
    # Here, not above: these modules need a Unix.
    from opsplan.graph.local.server import open_server

    opening = asyncio.create_task(asyncio.to_thread(open_server, options))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        server = await opening
        await asyncio.to_thread(server.stop)
        raise


async def _refuse_old(graph: Graph) -> None:
    row = await graph.read(lambda tx: tx.single(SERVER_VERSION))
    version = str(row["version"]) if row else "unknown"
    found = re.match(r"(\d+)\.(\d+)", version)
    if not found or (int(found[1]), int(found[2])) < _OLDEST:
        raise SetupError(
            say("The server is Neo4j {version}; opsplan needs 5.26 or later.", version=version),
            field=URI_SETTING,
            value=version,
            remedy=say("name a Neo4j 5.26 server, or none: then opsplan runs one itself"),
        )
