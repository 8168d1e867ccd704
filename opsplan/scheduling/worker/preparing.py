"""Operations whose plans people are about to look at, brought to hand before they ask.

Reading a large operation and making its problem takes seconds the first time. Whoever opens the plan that a run has
just made, or the newest one after a start, should not wait for that.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from opsplan.calls.errors import log_fault
from opsplan.graph.driver import Graph
from opsplan.scheduling.service.frames import Frames
from opsplan.scheduling.store.plan_statements import NEWEST_PLAN, PLAN_OF_OPERATION
from opsplan.vocabulary.errors import OpsplanError

_log = structlog.get_logger("opsplan.scheduling")


class Preparing:
    """Prepares one operation at a time, in the background; what fails is read when it is asked for."""

    def __init__(self, graph: Graph, frames: Frames) -> None:
        self._graph = graph
        self._frames = frames
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()

    def begin(self, operation_id: str | None = None) -> None:
        """Prepare the newest plan of an operation, or the newest of all; once, however often it is asked for."""
        name = operation_id or ""
        if name not in self._waiting:
            task = self._waiting[name] = asyncio.create_task(self._prepare(operation_id))
            task.add_done_callback(lambda _: self._waiting.pop(name, None))

    async def close(self) -> None:
        """Leave what is not done."""
        tasks = list(self._waiting.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _prepare(self, operation_id: str | None) -> None:
        try:
            async with self._turn:
                await self._bring(operation_id)
        except OpsplanError as failure:
            _log.info("operation_not_prepared", operation_id=operation_id, code=failure.code)
        except Exception as failure:  # noqa: BLE001 - nobody waits for this, and nobody is to miss anything by it
            log_fault(failure, "PREPARING")

    async def _bring(self, operation_id: str | None) -> None:
        query = NEWEST_PLAN if operation_id is None else PLAN_OF_OPERATION
        asked = {} if operation_id is None else {"operation": operation_id}
        for found_id, run_id in await self._graph.read_rows(query, asked):
            await self._frames.of(found_id)
            await self._frames.facts_of_run(run_id)


@asynccontextmanager
async def open_preparing(graph: Graph, frames: Frames) -> AsyncIterator[Preparing]:
    """Prepare the newest plan, and what is asked for while the block runs."""
    preparing = Preparing(graph, frames)
    preparing.begin()
    try:
        yield preparing
    finally:
        await preparing.close()
