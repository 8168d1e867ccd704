"""How a run goes, for whoever listens: pushed by the worker in this process, else looked up in the record.

Listeners of one run share one place that holds the latest state. A slow listener skips states, never the last one.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import structlog

from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.scheduling.model import RunState
from opsplan.scheduling.store.runs import PLAN_OF_RUN, Run, read_run
from opsplan.vocabulary.errors import Unavailable

_log = structlog.get_logger("opsplan.scheduling")

FINAL = frozenset({RunState.SUCCEEDED, RunState.INFEASIBLE, RunState.FAILED, RunState.CANCELLED})
"""States in which a run stays."""


@dataclass(frozen=True, slots=True)
class RunProgress:
    """A run at one moment.

    Parameters
    ----------
    run_id, state
        Which run, and how it stands.
    attempts
        How often it was begun.
    stage
        What the search is doing; None before and after it.
    elapsed_seconds
        Of search.
    placed, unplaced
        Actions of the best plan so far.
    incumbent, bound, gap
        Priority weight placed, the proven upper bound of it, and the relative gap between the two.
    reason
        Why it failed, was cancelled or waits again.
    plan_id
        The plan that it made, once it has ended.
    """

    run_id: str
    state: RunState
    attempts: int = 0
    stage: str | None = None
    elapsed_seconds: float | None = None
    placed: int | None = None
    unplaced: int | None = None
    incumbent: float | None = None
    bound: float | None = None
    gap: float | None = None
    reason: str | None = None
    plan_id: str | None = None

    @property
    def is_final(self) -> bool:
        """Whether nothing more will come."""
        return self.state in FINAL


def progress_of(run: Run, plan_id: str | None = None) -> RunProgress:
    """Give the progress that a record shows."""
    told: dict[str, Any] = {
        name: run.properties.get(name)
        for name in ("stage", "elapsed_seconds", "placed", "unplaced", "incumbent", "bound", "gap", "reason")
    }
    return RunProgress(run.id, run.state, run.attempts, plan_id=plan_id, **told)


class ProgressFeed:
    """The progress of runs, for listeners in this process.

    Parameters
    ----------
    graph
        Where runs of other processes are looked up.
    pause_s
        Seconds between two looks at a record while somebody listens.
    """

    def __init__(self, graph: Graph, *, pause_s: float = 0.5) -> None:
        self._graph = graph
        self._pause_s = pause_s
        self._places: dict[str, _Place] = {}

    def tell(self, progress: RunProgress) -> None:
        """Push a state to listeners; a final one is looked up in the record instead, so that the two agree."""
        place = self._places.get(progress.run_id)
        if place is not None and not progress.is_final:
            place.put(progress)

    def look(self, run_id: str) -> None:
        """Have the record looked up at once: it has changed."""
        place = self._places.get(run_id)
        if place is not None:
            place.changed.set()

    async def listen(self, run_id: str) -> AsyncGenerator[RunProgress, None]:
        """Give the state as it is, then each newer one, and end with the final one.

        Raises
        ------
        NotFound
            When there is no such run.
        """
        place = self._places.setdefault(run_id, _Place())
        place.listeners += 1
        try:
            latest = await self._look_up(run_id)
            if place.task is None and not latest.is_final:
                place.task = asyncio.create_task(self._follow(run_id, place))
            yield latest
            while not latest.is_final:
                latest = await place.newer_than(latest)
                yield latest
        finally:
            place.listeners -= 1
            if not place.listeners:
                self._places.pop(run_id, None)
                await place.close()

    async def _follow(self, run_id: str, place: "_Place") -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(place.changed.wait(), self._pause_s)
            place.changed.clear()
            try:
                found = await self._look_up(run_id)
            except Unavailable as failure:
                # The graph comes back or the listener leaves; there is nothing to tell meanwhile.
                _log.warning("run_not_looked_up", code=failure.code)
                continue
            place.put(found)
            if found.is_final:
                return

    async def _look_up(self, run_id: str) -> RunProgress:
        async def work(tx: Tx) -> RunProgress:
            run = await read_run(tx, run_id)
            plan = await tx.single(PLAN_OF_RUN, run=run_id) if run.state in FINAL else None
            return progress_of(run, plan["id"] if plan else None)

        return await self._graph.read(work)


class _Place:
    """The latest state of one run, and who waits for a newer one."""

    def __init__(self) -> None:
        self.listeners = 0
        self.changed = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self._latest: RunProgress | None = None
        self._news = asyncio.Event()

    def put(self, progress: RunProgress) -> None:
        latest = self._latest
        if latest is not None and latest.is_final:
            return
        if latest is not None and _is_behind(progress, latest):
            # The record lags a little behind what the worker in this process has pushed.
            progress = replace(progress, **_search_state(latest))
        if progress != latest:
            self._latest = progress
            self._news.set()
            self._news = asyncio.Event()

    async def newer_than(self, seen: RunProgress) -> RunProgress:
        while self._latest is None or self._latest == seen:
            await self._news.wait()
        return self._latest

    async def close(self) -> None:
        if self.task is not None:
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task


def _is_behind(progress: RunProgress, latest: RunProgress) -> bool:
    same = progress.state is latest.state is RunState.RUNNING and progress.attempts == latest.attempts
    return same and (progress.elapsed_seconds or 0.0) < (latest.elapsed_seconds or 0.0)


def _search_state(progress: RunProgress) -> dict[str, Any]:
    names = ("stage", "elapsed_seconds", "placed", "unplaced", "incumbent", "bound", "gap")
    return {name: getattr(progress, name) for name in names}
