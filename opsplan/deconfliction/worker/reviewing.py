"""Judging claims anew while the service runs, a batch at a time, until no change of a rule is left to carry through."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from opsplan.calls.errors import log_fault
from opsplan.deconfliction.service import review_next
from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.vocabulary.clock import Clock
from opsplan.vocabulary.errors import OpsplanError

_log = structlog.get_logger("opsplan.deconfliction")

PAUSE_S = 1.0
"""Between two looks whether there is something to do."""


@asynccontextmanager
async def reviewing(graph: Graph, clock: Clock, laws: Laws, *, pause_s: float = PAUSE_S) -> AsyncIterator[None]:
    """Carry changes of rules through while the block runs; what is left goes on in another process, or the next time.

    Between two batches others commit for as long as the batch has taken.
    """
    stopping = asyncio.Event()
    working = asyncio.create_task(_work(graph, clock, laws, pause_s, stopping))
    try:
        yield
    finally:
        # The batch under way is finished: a transaction that is cut off costs its connection.
        stopping.set()
        await working


async def _work(graph: Graph, clock: Clock, laws: Laws, pause_s: float, stopping: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    while not stopping.is_set():
        begun_s = loop.time()
        has_worked = False
        try:
            has_worked = await review_next(graph, clock, laws)
        except OpsplanError as failure:
            # The graph is away or overloaded: the batch stands to be done.
            _log.warning("review_waits_for_graph", code=failure.code)
        except Exception as failure:  # noqa: BLE001 - a worker that dies quietly would leave a rule half in force
            log_fault(failure, "REVIEW")
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), loop.time() - begun_s if has_worked else pause_s)
