"""The raw driver, twice: behind a bare route over HTTP, and by itself in the process that asks.

``python -m benchmarks.read_path.raw PORT`` serves the first, for the same client as the other sides: the same server as
opsplan's (uvicorn, one process), a Starlette route, the driver's own rows, orjson; no GraphQL, no tokens, no limits.
The graph is named by OPSPLAN_NEO4J_URI and what belongs to it, as for opsplan.
"""

import os
import sys
from collections.abc import Mapping
from typing import Any

import neo4j
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.read_path.questions import QUESTIONS
from opsplan.graph.address import GraphAddress


class RawDriver:
    """Asks the questions' statements as map projections, by the driver's own `data()`."""

    def __init__(self, address: GraphAddress) -> None:
        # As opsplan's own driver is set up: nothing that would slow the raw one down.
        self._driver = neo4j.AsyncGraphDatabase.driver(
            address.uri,
            auth=(address.user, address.password),
            notifications_min_severity="OFF",
            telemetry_disabled=True,
        )
        self._statements = {each.name: each.driver for each in QUESTIONS}

    async def ask(self, question: str, values: Mapping[str, Any]) -> bytes:
        """Give the answer to a question as JSON."""
        async with self._driver.session(
            database="neo4j", default_access_mode=neo4j.READ_ACCESS, fetch_size=10_000
        ) as session:
            result = await session.run(self._statements[question], dict(values))
            return orjson.dumps({"data": [row["c"] for row in await result.data()]})

    async def close(self) -> None:
        """Close its connections."""
        await self._driver.close()


def _serve(port: int) -> None:
    address = GraphAddress(
        os.environ["OPSPLAN_NEO4J_URI"], os.environ["OPSPLAN_NEO4J_USER"], os.environ["OPSPLAN_NEO4J_PASSWORD"]
    )
    driver: RawDriver | None = None

    async def answer(request: Request) -> Response:
        nonlocal driver
        driver = driver or RawDriver(address)
        asked = orjson.loads(await request.body())
        return Response(await driver.ask(asked["question"], asked["values"]), media_type="application/json")

    async def nothing(request: Request) -> Response:
        await request.body()
        return Response(b'{"data":null}', media_type="application/json")

    routes = [Route("/", answer, methods=["POST"]), Route("/nothing", nothing, methods=["POST"])]
    uvicorn.run(Starlette(routes=routes), host="127.0.0.1", port=port, access_log=False, log_level="warning")


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
