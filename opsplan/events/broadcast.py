"""Fan-out of commits within one process: one task reads the feed, every listener takes what is new to it.

A listener is a place in the order of commits, nothing more: what happened of late is kept once for all, older things
are read from the feed again. So a slow listener costs no memory and misses nothing; one that falls behind too far is
told so, with its place, and may go on from there.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import ClassVar

import structlog

from opsplan.graph.driver import Graph
from opsplan.records import feed
from opsplan.records.feed import Commit, changes_after, last_number
from opsplan.vocabulary.errors import OpsplanError
from opsplan.vocabulary.faults import kinds, places
from opsplan.vocabulary.sentences import say

_log = structlog.get_logger("opsplan.events")

_BATCH_COMMITS = 50
_KEPT_CHANGES = 20_000
_KEPT_COMMITS = 2_000
_LONGEST_PAUSE_S = 10.0
_SPACING_S = 0.1
"""Seconds between two looks that bring something: under load each brings several commits, and who listens asks once
for them all."""


@dataclass(frozen=True, slots=True)
class Happened(feed.Happened):
    """As the feed has it; `is_last` says that it ends its commit: only then a listener's place moves on to it."""

    is_last: bool


class TooSlow(OpsplanError):
    """A listener took so long that what it missed is no longer worth sending."""

    code: ClassVar[str] = "TOO_SLOW"
    retryable: ClassVar[bool] = True


class ResyncRequired(OpsplanError):
    """The feed cannot go on from this place: it is too long ago, or the graph was replaced by an older one."""

    code: ClassVar[str] = "RESYNC_REQUIRED"


class Broadcast:
    """The commits of a graph, for listeners in this process. Run it with `running`.

    Parameters
    ----------
    graph
        Whose commits.
    pause_s
        Seconds between two looks at the feed when nobody says that there is something new.
    most_behind
        Commits that a listener may be behind before it is given up.
    """

    def __init__(self, graph: Graph, *, pause_s: float = 0.5, most_behind: int = 50_000) -> None:
        self._graph = graph
        self._pause_s = pause_s
        self._most_behind = most_behind
        self._kept: deque[tuple[int, tuple[Happened, ...]]] = deque()
        self._kept_changes = 0
        self._number = 0
        self._look = asyncio.Event()
        self._news = asyncio.Condition()
        self._closed = False
        self._replaced = 0

    @property
    def number(self) -> int:
        """The number of the newest commit known here."""
        return self._number

    def wake(self) -> None:
        """Say that there is probably something new; for writers in this process."""
        self._look.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Broadcast"]:
        """Follow the feed until the block ends; listeners then come to their end."""
        self._number = await last_number(self._graph)
        task = asyncio.create_task(self._follow())
        try:
            yield self
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            self._closed = True
            async with self._news:
                self._news.notify_all()

    async def listen(self, after: int | None = None) -> AsyncIterator[tuple[Happened, ...]]:
        """Give the changes of each commit after number `after` (of those from now on, when None), in order.

        Raises
        ------
        TooSlow, ResyncRequired
            As `listen_together`.
        """
        async for commits in self.listen_together(after):
            for happened in commits:
                yield happened

    async def listen_together(self, after: int | None = None) -> AsyncIterator[list[tuple[Happened, ...]]]:
        """Give the changes of the commits after number `after`, in order, of several at once where there are several.

        Raises
        ------
        TooSlow
            When the listener is too far behind.
        ResyncRequired
            When the graph was replaced by an older one, or never had a commit of that number.
        """
        replaced = self._replaced
        # Asked of the graph: this process may not have seen yet what another one has committed and told.
        newest = await last_number(self._graph)
        place = newest if after is None else after
        while not self._closed:
            if replaced != self._replaced or place > max(newest, self._number):
                raise ResyncRequired(
                    say("The changes cannot be followed from there: the graph has been replaced since."),
                    remedy=say("read everything anew, then subscribe without a cursor"),
                )
            if place < self._number:
                if self._number - place > self._most_behind:
                    raise TooSlow(
                        say(
                            "The subscription is {number:,} commits behind and was ended.", number=self._number - place
                        ),
                        remedy=say("take answers faster, narrow it down, or read everything anew"),
                    )
                if news := (await self._after(place))[:_BATCH_COMMITS]:
                    place = news[-1][0]
                    yield [happened for _, happened in news]
                continue
            async with self._news:
                if place >= self._number and replaced == self._replaced and not self._closed:
                    await self._news.wait()

    async def _after(self, place: int) -> list[tuple[int, tuple[Happened, ...]]]:
        if self._kept and self._kept[0][0] <= place + 1:
            return [each for each in self._kept if each[0] > place]
        return [(commit.number, _of(commit)) for commit in await changes_after(self._graph, place, _BATCH_COMMITS)]

    async def _follow(self) -> None:
        pause_s, is_idle = self._pause_s, False
        while True:
            self._look.clear()
            try:
                if commits := await changes_after(self._graph, self._number, _BATCH_COMMITS):
                    await self._tell(commits)
                    if len(commits) < _BATCH_COMMITS:
                        await asyncio.sleep(_SPACING_S)
                    continue
                if is_idle:
                    await self._notice_an_older_graph()
                pause_s = self._pause_s
            except OpsplanError as failure:
                # The graph is away: listeners wait, nothing is lost, the place stays.
                _log.warning("feed_not_read", code=failure.code)
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
            except Exception as failure:  # noqa: BLE001 - were this task to end, every listener would wait for ever
                _log.error("feed_failed", kind=kinds(failure), places=places(failure))
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
            is_idle = not await self._is_woken(pause_s)

    async def _is_woken(self, within_s: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                return await self._look.wait()
        return False

    async def _notice_an_older_graph(self) -> None:
        """When a backup was restored under a running service, numbers begin again below ours."""
        number = await last_number(self._graph)
        if number < self._number:
            _log.warning("graph_replaced", number=number, was=self._number)
            self._kept.clear()
            self._kept_changes = 0
            async with self._news:
                self._number = number
                self._replaced += 1
                self._news.notify_all()

    async def _tell(self, commits: list[Commit]) -> None:
        for commit in commits:
            happened = _of(commit)
            self._kept.append((commit.number, happened))
            self._kept_changes += len(happened)
        while len(self._kept) > 1 and (self._kept_changes > _KEPT_CHANGES or len(self._kept) > _KEPT_COMMITS):
            self._kept_changes -= len(self._kept.popleft()[1])
        async with self._news:
            self._number = commits[-1].number
            self._news.notify_all()


def _of(commit: Commit) -> tuple[Happened, ...]:
    last = len(commit.changes) - 1
    return tuple(
        Happened(
            number=commit.number,
            ordinal=change.ordinal,
            at=commit.at,
            actor=commit.actor,
            agency_id=commit.agency_id,
            reason=change.reason or commit.reason,
            record_id=change.record_id,
            noun=change.noun,
            kind=change.kind,
            names=tuple(sorted({*(change.before or ()), *(change.after or ())})),
            is_last=place == last,
        )
        for place, change in enumerate(commit.changes)
    )
