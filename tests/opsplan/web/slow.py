"""Slow things for tests of capacity: a query that waits in the graph until it is let go, and one that computes long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import strawberry
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from strawberry.types import Info

from opsplan.calls.context import Context
from opsplan.calls.door import Door
from opsplan.graph.driver import Graph
from opsplan.main import Capability
from opsplan.web.schema import Api

_WAIT = "MATCH (gate:TestGate) SET gate.passed = true"


async def _held(info: Info[Context, None]) -> bool:
    """Hold a connection and a transaction, without any work for the server, as long as the gate is shut."""
    await info.context.graph.write(lambda tx: tx.run(_WAIT), attempts=1)
    return True


@strawberry.type
class SlowQueries:
    """Part of `Query`."""

    held: bool = strawberry.field(resolver=_held, description="Waits at the gate.")


def _download(graph: Graph, door: Door) -> list[Route]:
    async def answer(request: Request) -> Response:
        async with door.enter(request.headers.get("authorization"), 1_000):
            return PlainTextResponse(str((await graph.read_rows("RETURN 1"))[0][0]))

    return [Route("/download", answer)]


SLOW = Capability(api=lambda _: Api(queries=(SlowQueries,)), routes=_download)
"""What gives a service the query `held`, and a download that costs 1,000."""


@asynccontextmanager
async def shut_gate(graph: Graph) -> AsyncIterator[asyncio.Event]:
    """Shut the gate; it opens with the event given, or with the block's end."""
    shut, opens = asyncio.Event(), asyncio.Event()

    await graph.run_outside("CREATE (:TestGate)")

    async def hold(tx: Any) -> None:
        await tx.run("MATCH (gate:TestGate) SET gate.passed = false")
        shut.set()
        await opens.wait()

    holding = asyncio.create_task(graph.write(hold, attempts=1, timeout_s=60))
    await shut.wait()
    try:
        yield opens
    finally:
        opens.set()
        await holding
        await graph.run_outside("MATCH (gate:TestGate) DETACH DELETE gate")


async def waiting_at_gate(graph: Graph) -> int:
    """Give how many transactions wait at the gate."""
    rows = await graph.read_rows(
        "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery = $text RETURN count(*)", {"text": _WAIT}
    )
    return int(rows[0][0])


async def until_waiting(graph: Graph, number: int) -> None:
    """Wait, for ten seconds at most, until so many transactions wait at the gate."""
    for _ in range(200):
        if await waiting_at_gate(graph) == number:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{await waiting_at_gate(graph)} wait at the gate, and not {number}")
