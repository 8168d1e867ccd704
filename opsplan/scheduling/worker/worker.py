"""The worker's loop: takes waiting runs, executes them, and looks after runs whose worker was lost.

Any number of workers in any number of processes may stand on one graph.
"""

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress

import structlog

from opsplan.calls.errors import log_fault
from opsplan.geography.travel import travel_model
from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.worker.child import COMMAND
from opsplan.scheduling.worker.desk import Claim, Desk, LeaseLost
from opsplan.scheduling.worker.execution import Execution
from opsplan.scheduling.worker.progress import ProgressFeed
from opsplan.vocabulary.clock import Clock
from opsplan.vocabulary.errors import OpsplanError

_log = structlog.get_logger("opsplan.scheduling")


class Worker:
    """Executes runs while `work` runs.

    Parameters
    ----------
    graph, clock, laws
        As `write` takes them.
    feed
        Told how runs go.
    runs
        Runs executed at once; 0 takes none.
    lease_s
        Seconds after which a run whose worker is gone is taken for lost.
    pause_s
        Seconds between two looks for waiting runs when nobody says that there is one.
    command
        How the solver is started.
    seen
        Told the id of an operation, and what it is made into, when it was read for a run.
    left
        Told the id of an operation after a run of it has ended here.
    """

    def __init__(
        self,
        graph: Graph,
        clock: Clock,
        laws: Laws,
        feed: ProgressFeed,
        *,
        runs: int = 1,
        lease_s: float = 10.0,
        pause_s: float = 1.0,
        command: Sequence[str] = COMMAND,
        seen: Callable[[str, Frame], None] = lambda *_: None,
        left: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._graph = graph
        self._feed = feed
        self._runs = runs
        self._lease_s = lease_s
        self._pause_s = pause_s
        self._command = command
        self._seen = seen
        self._left = left
        name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
        self._desk = Desk(graph, clock, laws, name=name, lease_s=lease_s)
        self._wake = asyncio.Event()
        self._stopping = False
        self._executions: dict[str, Execution] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def executions(self) -> tuple[Execution, ...]:
        """The runs executed at this moment."""
        return tuple(self._executions.values())

    def nudge(self, run_id: str) -> None:
        """Say that a run was queued or is to be cancelled, so that nobody waits for the next look."""
        execution = self._executions.get(run_id)
        if execution is not None:
            execution.look()
        self._wake.set()
        self._feed.look(run_id)

    async def work(self) -> None:
        """Take and execute runs until `stop`."""
        # The world's airports take some seconds to be made ready; a first run should not wait for them.
        ready = asyncio.create_task(asyncio.to_thread(travel_model)) if self._runs else None
        try:
            await self._work()
        finally:
            if ready is not None:
                await ready

    async def _work(self) -> None:
        next_recovery_s = 0.0
        loop = asyncio.get_running_loop()
        while not self._stopping:
            self._wake.clear()
            try:
                if loop.time() >= next_recovery_s:
                    next_recovery_s = loop.time() + self._lease_s / 2
                    await self._recover()
                if await self._begin_one():
                    continue
            except OpsplanError as failure:
                # The graph is away or overloaded: look again after a pause, for as long as it takes.
                _log.warning("worker_waits_for_graph", code=failure.code)
            except Exception as failure:  # noqa: BLE001 - a worker that dies quietly would leave every run waiting
                log_fault(failure, "WORKER")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._pause_s)

    async def stop(self) -> None:
        """Take no more runs, and queue those under way again."""
        self._stopping = True
        self._wake.set()
        for execution in self.executions:
            execution.leave()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _begin_one(self) -> bool:
        """Begin to execute a waiting run, if there is one and a hand is free."""
        if len(self._executions) >= self._runs:
            return False
        claim = await self._desk.claim()
        if claim is None:
            return False
        execution = Execution(self._graph, self._desk, self._feed, claim, seen=self._seen, command=self._command)
        self._executions[claim.run_id] = execution
        self._feed.look(claim.run_id)
        _log.info("run_begun", run_id=claim.run_id, attempt=claim.attempts)
        task = asyncio.create_task(self._execute(execution, claim))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _execute(self, execution: Execution, claim: Claim) -> None:
        try:
            await execution.run()
            _log.info("run_left", run_id=claim.run_id)
            if not self._stopping:
                self._left(claim.operation_id)
        except Exception as failure:  # noqa: BLE001 - whatever it is, the run must not be lost with it
            error_id = log_fault(failure, "RUN")
            with suppress(LeaseLost, OpsplanError):
                await self._desk.give_back(claim, f"an internal error occurred ({error_id})", counts=True)
        finally:
            self._executions.pop(claim.run_id, None)
            self._feed.look(claim.run_id)
            self._wake.set()

    async def _recover(self) -> None:
        recovered = await self._desk.recover(self._executions)
        if recovered:
            _log.warning("runs_recovered", runs=recovered)


@asynccontextmanager
async def open_worker(worker: Worker) -> AsyncIterator[Worker]:
    """Let the worker work while the block runs; then stop it, which queues its runs again."""
    task = asyncio.create_task(worker.work())
    try:
        yield worker
    finally:
        await worker.stop()
        await task
