"""Whether a statement runs on the server."""

import asyncio

from opsplan.graph.driver import Graph

LONG = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a WHERE a < 0 RETURN count(*)"
"""A statement that takes longer than any test."""


async def runs(graph: Graph, text: str) -> bool:
    """Whether a statement with this text runs on the server."""
    running = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery = $text RETURN count(*)"
    return bool((await graph.read_rows(running, {"text": text}))[0][0])


async def until(graph: Graph, text: str, *, running: bool) -> None:
    """Wait, for three seconds at most, until a statement runs on the server or no longer does."""
    for _ in range(150):
        if await runs(graph, text) is running:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"running is still {not running}")
