"""Fixtures: a small operation in the session's graph, which other tests share."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future

import pytest
import uvicorn

from opsplan.gazetteer.service import keep_countries
from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.main import open_service
from opsplan.settings import Settings
from tests.opsplan.records.world import World
from tests.opsplan.scheduling.running import SCHEDULING, Running
from tests.opsplan.scheduling.theatre import Theatre


@pytest.fixture
async def theatre(graph: Graph) -> Theatre:
    """Give an empty operation with agencies of its own.

    No run of an earlier test waits for a worker, and what earlier tests claim is found nowhere.
    """
    if not await graph.read_rows("MATCH (n:Reference {id: 'country_kh'}) RETURN n.id"):
        await keep_countries(graph)
    await graph.run_outside("MATCH (run:ScheduleRun) WHERE run.state IN ['QUEUED', 'RUNNING'] SET run.state = 'FAILED'")
    await graph.run_outside("MATCH (entry:ClaimEntry|ClaimHold) DETACH DELETE entry")
    return await Theatre(await World(graph).open()).open()


@pytest.fixture(scope="module")
def service(graph_server: GraphAddress, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run a service with its worker while this module's tests run."""
    settings = Settings.from_env(
        {
            "OPSPLAN_NEO4J_URI": graph_server.uri,
            "OPSPLAN_NEO4J_USER": graph_server.user,
            "OPSPLAN_NEO4J_PASSWORD": graph_server.password,
            "OPSPLAN_DATA_DIR": str(tmp_path_factory.mktemp("service")),
            "OPSPLAN_PORT": "0",
            "OPSPLAN_SOLVER_WORKERS": "1",
        }
    )
    listening = socket.create_server(("127.0.0.1", 0))
    ready: Future[uvicorn.Server] = Future()

    async def run() -> None:
        async with open_service(settings, capabilities=SCHEDULING) as opened:
            server = uvicorn.Server(uvicorn.Config(opened.app, log_config=None, access_log=False, lifespan="off"))
            ready.set_result(server)
            await server.serve(sockets=[listening])

    thread = threading.Thread(target=lambda: asyncio.run(run()), name="scheduling-service")
    thread.start()
    server = ready.result(120)
    try:
        yield Running(f"http://127.0.0.1:{listening.getsockname()[1]}", settings)
    finally:
        server.should_exit = True
        thread.join(30)
