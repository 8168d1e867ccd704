"""Looking again and again for notices that nobody has acknowledged, and overrides that nobody has justified."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from opsplan.calls.errors import log_fault
from opsplan.deconfliction.service import AT_ONCE, escalate_late
from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.vocabulary.clock import Clock

LOOKS_S = 2.0
"""Seconds between two looks."""


@asynccontextmanager
async def open_duty_clock(graph: Graph, laws: Laws, clock: Clock, *, looks_s: float = LOOKS_S) -> AsyncIterator[None]:
    """Have what is late go on while the block runs. Every process of a service may do so."""
    looking = asyncio.create_task(_look(graph, laws, clock, looks_s))
    try:
        yield
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking


async def _look(graph: Graph, laws: Laws, clock: Clock, looks_s: float) -> None:
    while True:
        try:
            found = await escalate_late(graph, laws, clock)
        except Exception as fault:  # noqa: BLE001 - whatever it was, the next look tries again
            log_fault(fault, "DUTY_CLOCK")
            found = 0
        if found < AT_ONCE:
            await asyncio.sleep(looks_s)
