"""What the API of a running service has of scheduling: the feed of progress, and a way to nudge the worker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.scheduling.service.frames import Frames
from opsplan.scheduling.worker.inquiry import Inquiries
from opsplan.scheduling.worker.preparing import open_preparing
from opsplan.scheduling.worker.progress import ProgressFeed
from opsplan.scheduling.worker.worker import Worker, open_worker
from opsplan.vocabulary.clock import Clock


@dataclass(frozen=True, slots=True)
class SchedulingOffice:
    """The scheduling part of one process.

    Parameters
    ----------
    worker
        Executes runs here, unless it was told to take none.
    feed
        Tells how runs go, wherever they are executed.
    solver_workers
        Search threads of a run whose requester names no number.
    frames
        Operations as they stand, for who edits their drafts.
    simulations
        Whose turn it is to simulate: one at a time, so that the processors are left to who searches and serves.
    inquiries
        Takes questions about plans to the solver.
    """

    worker: Worker
    feed: ProgressFeed
    solver_workers: int
    frames: Frames
    simulations: asyncio.Semaphore
    inquiries: Inquiries


@asynccontextmanager
async def open_office(
    graph: Graph, clock: Clock, laws: Laws, *, solver_workers: int = 2, runs: int = 1
) -> AsyncIterator[SchedulingOffice]:
    """Open the scheduling part of a service: its worker takes runs until the block ends.

    Parameters
    ----------
    graph, clock, laws
        As `write` takes them.
    solver_workers
        Search threads of a run whose requester names no number.
    runs
        Runs executed at once by this process; 0 leaves them to others.
    """
    feed, frames = ProgressFeed(graph), Frames(graph)
    async with (
        open_preparing(graph, frames) as preparing,
        open_worker(Worker(graph, clock, laws, feed, runs=runs, seen=frames.keep, left=preparing.begin)) as worker,
    ):
        simulations = asyncio.Semaphore(1)
        inquiries = Inquiries(solver_workers)
        yield SchedulingOffice(worker, feed, solver_workers, frames, simulations, inquiries)
