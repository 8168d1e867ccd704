"""The graph: managed transactions with bounded retry, time-outs, and our own errors.

`Graph` is handed to every store. A transaction is repeated only when that is safe and may help (a deadlock, a
connection lost before the commit); time-outs, exhausted memory and commits of unknown outcome never are.
A cancelled task ends its transaction on the server, because the connection that carries it is dropped.
"""

import asyncio
import copy
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial
from typing import Any, TypeVar

import neo4j
from neo4j import READ_ACCESS, WRITE_ACCESS, AsyncDriver, AsyncGraphDatabase, AsyncSession

from opsplan.graph.address import GraphAddress, refuse_malformed
from opsplan.graph.bolt.line import SpeaksOtherwise
from opsplan.graph.bolt.messages import HAS_CODEC
from opsplan.graph.bolt.reader import Reader
from opsplan.graph.failures import DRIVER_FAILURES, ours, outcome_unknown
from opsplan.graph.place import Place, SharedSession
from opsplan.graph.plans import Step
from opsplan.graph.query import Mode, Query
from opsplan.graph.repeat import Bounds, repeat
from opsplan.graph.transaction import ByDriver, ByLine, Tx, Way, mappings, name_of
from opsplan.graph.turns import Turns
from opsplan.vocabulary.errors import TimedOut, Unavailable

Result = TypeVar("Result")
Work = Callable[[Tx], Awaitable[Result]]
Commit = Callable[[], Awaitable[None]]
Opening = Callable[[], AbstractAsyncContextManager[tuple[Way, Commit]]]
"""Begins a transaction: gives its way to the server, and what commits it. It is undone at the end unless committed."""

_AGENT = "opsplan"
_AT_WORK = 2
"""How many short writes of one process may be at work on what all of them want: one before the lock, one under it."""
_READER_RESTS_S = 60.0


class Graph:
    """A Neo4j database, open. Safe to share among the tasks of one event loop.

    Parameters
    ----------
    address
        The server, the login, the database.
    bounds
        Time-outs and repetition, unless a call says otherwise.
    connections
        Most connections held at once by what writes, and as many again by plain reads and by all else; a call beyond
        waits up to `connection_wait_s`.
    """

    def __init__(
        self,
        address: GraphAddress,
        bounds: Bounds | None = None,
        *,
        connections: int = 100,
        connection_wait_s: float = 10.0,
    ) -> None:
        self.address = address
        self.bounds = bounds or Bounds()
        # Only a cluster needs bookmarks to read what was just written.
        clustered = address.uri.startswith("neo4j")
        self._bookmarks = AsyncGraphDatabase.bookmark_manager() if clustered else None
        self._connection_wait_s = connection_wait_s
        self._turns = Turns()
        self._entrance = Turns(width=_AT_WORK)
        self._places: asyncio.Semaphore | None = None
        self._idle: list[AsyncSession] = []
        refuse_malformed(address.uri)
        self._driver: AsyncDriver = AsyncGraphDatabase.driver(
            address.uri,
            auth=(address.user, address.password),
            max_connection_pool_size=connections,
            connection_acquisition_timeout=connection_wait_s,
            connection_timeout=5.0,
            keep_alive=True,
            # Notifications cost the server work and repeat values of the statement; nobody reads them.
            notifications_min_severity="OFF",
            telemetry_disabled=True,
            user_agent=_AGENT,
        )
        # Which server of a cluster may be read is for the driver to know.
        self._reader: Reader | None = None
        self._writer: Reader | None = None
        self._reader_rests_until_s = 0.0
        if HAS_CODEC and not clustered:
            # Those who write may read beside their transaction, so each of the two has lines of its own.
            self._reader, self._writer = (
                Reader(
                    address.uri,
                    address.user,
                    address.password,
                    address.database,
                    agent=_AGENT,
                    lines=connections,
                    wait_s=connection_wait_s,
                )
                for _ in range(2)
            )

    async def __aenter__(self) -> "Graph":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def share(self, connections: int) -> "Graph":
        """Give the same graph to those who together may hold no more than so many of its connections.

        So the others always find some free. It is open as long as this one is.
        """
        shared = copy.copy(self)
        shared._places = asyncio.Semaphore(connections)
        return shared

    async def close(self) -> None:
        """Close every connection; what still runs on one is ended."""
        while self._idle:
            await self._idle.pop().close()
        for lines in (self._reader, self._writer):
            if lines is not None:
                lines.close()
        await self._driver.close()

    async def read(self, work: Work[Result], *, timeout_s: float | None = None, attempts: int | None = None) -> Result:
        """Do `work` in a transaction that may only read, and give what it gives.

        `work` may be done more than once, so it must have no effect outside the transaction.

        Raises
        ------
        OpsplanError
            As `opsplan.graph.failures` says; what `work` itself raises passes through.
        """
        return await self._managed(Mode.READ, work, timeout_s, attempts)

    async def write(self, work: Work[Result], *, timeout_s: float | None = None, attempts: int | None = None) -> Result:
        """Do `work` in a transaction and commit it; roll back when it raises. Else as `read`."""
        return await self._managed(Mode.WRITE, work, timeout_s, attempts)

    async def read_rows(
        self, query: Query | str, parameters: dict[str, Any] | None = None, *, timeout_s: float | None = None
    ) -> list[list[Any]]:
        """Run one reading statement by itself and give its rows as lists: the shortest way to the server.

        One round trip instead of the three of a transaction, and no object per row but its list.
        """
        timeout_s = self.bounds.timeout_s if timeout_s is None else timeout_s
        text = query.text if isinstance(query, Query) else query
        statement = neo4j.Query(text, timeout=timeout_s)

        async def attempt() -> list[list[Any]]:
            if self._places is None:
                return await self._read_once(statement, parameters)
            async with Place(self._places, self._connection_wait_s):
                return await self._read_once(statement, parameters)

        return await repeat(attempt, name_of(query), self.bounds, timeout_s, self.bounds.attempts)

    async def read_settled(self, query: Query | str, parameters: dict[str, Any] | None = None) -> list[list[Any]]:
        """As `read_rows`, and only when all that was seen of any transaction is stored whole: later reads see it all.

        Whoever follows what is committed needs that: a reader may see a part of a transaction that is being stored.
        """
        timeout_s = self.bounds.timeout_s
        text = query.text if isinstance(query, Query) else query

        async def attempt() -> list[list[Any]]:
            async with self._session(READ_ACCESS) as session:
                rows = await (await session.run(neo4j.Query(text, timeout=timeout_s), parameters)).values()
                # The session's second statement bears a bookmark of all that the first may have seen, and the server
                # begins it when these transactions are closed.
                await (await session.run(neo4j.Query("RETURN 1", timeout=timeout_s))).consume()
                return rows

        return await repeat(attempt, name_of(query), self.bounds, timeout_s, self.bounds.attempts)

    async def read_plain(
        self, query: Query | str, parameters: dict[str, Any] | None = None, *, timeout_s: float | None = None
    ) -> list[list[Any]]:
        """As `read_rows`, for statements that give plain values alone (text, numbers, lists, maps), and much shorter.

        The driver takes several times as long for a short answer as everything else together; see decision 0016. Where
        the short way cannot go (a cluster, a server that speaks another Bolt), the driver reads.
        """
        timeout_s = self.bounds.timeout_s if timeout_s is None else timeout_s
        text = query.text if isinstance(query, Query) else query

        async def attempt(reader: Reader) -> list[list[Any]]:
            if self._places is None:
                return await reader.rows(text, parameters or {}, timeout_s)
            async with Place(self._places, self._connection_wait_s):
                return await reader.rows(text, parameters or {}, timeout_s)

        reader = self._reader
        if reader is not None and time.monotonic() >= self._reader_rests_until_s:
            try:
                return await repeat(
                    lambda: attempt(reader), name_of(query), self.bounds, timeout_s, self.bounds.attempts
                )
            except SpeaksOtherwise:
                # Whatever answered so (a proxy, while the server starts) may be gone in a while.
                self._reader_rests_until_s = time.monotonic() + _READER_RESTS_S
        return await self.read_rows(query, parameters, timeout_s=timeout_s)

    async def _read_once(self, statement: neo4j.Query, parameters: dict[str, Any] | None) -> list[list[Any]]:
        # A session that is through with a result holds no connection; making one costs as much as a short statement.
        session = self._idle.pop() if self._idle else self._own_session(READ_ACCESS)
        try:
            rows = await (await session.run(statement, parameters)).values()
        except BaseException as failure:
            await session.__aexit__(type(failure), failure, failure.__traceback__)  # type: ignore[no-untyped-call]
            raise
        self._idle.append(session)
        return rows

    async def run_outside(
        self, query: Query | str, parameters: dict[str, Any] | None = None, *, timeout_s: float | None = None
    ) -> list[dict[str, Any]]:
        """Run one statement that brings its own transactions (``CALL {} IN TRANSACTIONS``), once.

        It is never repeated: parts of it may stand when it fails.
        """
        text = query.text if isinstance(query, Query) else query
        statement = neo4j.Query(text, timeout=timeout_s)
        try:
            async with self._session(WRITE_ACCESS) as session:
                result = await session.run(statement, parameters)
                return await mappings(result)
        except DRIVER_FAILURES as failure:
            raise ours(failure, doing=name_of(query)) from failure

    async def answers(self, *, timeout_s: float = 2.0) -> bool:
        """Whether the server answers a statement now."""
        try:
            async with asyncio.timeout(timeout_s), self._session(READ_ACCESS) as session:
                await (await session.run(neo4j.Query("RETURN 1", timeout=timeout_s))).consume()
                return True
        except (TimeoutError, Unavailable, *DRIVER_FAILURES):
            return False

    async def explain(self, query: Query | str) -> Step:
        """EXPLAIN a statement: give its plan without carrying it out."""
        text = query.text if isinstance(query, Query) else query
        try:
            async with self._session(WRITE_ACCESS) as session:
                result = await session.run(f"EXPLAIN {text}")
                summary = await result.consume()
        except DRIVER_FAILURES as failure:
            raise ours(failure, doing=f"EXPLAIN of {name_of(query)}") from failure
        assert summary.plan is not None, "EXPLAIN gives a plan"
        return Step.of_driver(summary.plan)

    async def profile_rows(
        self, query: Query | str, parameters: dict[str, Any] | None = None, *, timeout_s: float | None = None
    ) -> tuple[list[list[Any]], Step]:
        """PROFILE a reading statement: as `read_rows`, with the plan and what each of its steps cost. Slower."""
        timeout_s = self.bounds.timeout_s if timeout_s is None else timeout_s
        text = query.text if isinstance(query, Query) else query
        statement = neo4j.Query(f"PROFILE {text}", timeout=timeout_s)

        async def attempt() -> tuple[list[list[Any]], Step]:
            async with self._session(READ_ACCESS) as session:
                result = await session.run(statement, parameters)
                rows = await result.values()
                summary = await result.consume()
                assert summary.profile is not None, "PROFILE gives a profile"
                return rows, Step.of_driver(summary.profile)

        return await repeat(attempt, name_of(query), self.bounds, timeout_s, self.bounds.attempts)

    async def operators(self, query: Query | str) -> frozenset[str]:
        """EXPLAIN a statement and give the names of its plan's operators, e.g. ``NodeUniqueIndexSeek``."""
        return frozenset(each.operator for each in await self.explain(query))

    async def _managed(self, mode: Mode, work: Work[Result], timeout_s: float | None, attempts: int | None) -> Result:
        timeout_s = self.bounds.timeout_s if timeout_s is None else timeout_s
        access = READ_ACCESS if mode is Mode.READ else WRITE_ACCESS
        by_driver = partial(self._open_by_driver, access, timeout_s)
        writer = self._writer
        if mode is Mode.WRITE and writer is not None and time.monotonic() >= self._reader_rests_until_s:
            try:
                return await self._repeated(
                    partial(self._open_line, writer, timeout_s), mode, work, timeout_s, attempts
                )
            except SpeaksOtherwise:
                self._reader_rests_until_s = time.monotonic() + _READER_RESTS_S
        return await self._repeated(by_driver, mode, work, timeout_s, attempts)

    async def _repeated(
        self, begin: Opening, mode: Mode, work: Work[Result], timeout_s: float, attempts: int | None
    ) -> Result:
        doing = f"a {mode.lower()} transaction"
        committing = False

        async def attempt() -> Result:
            nonlocal committing
            committing = False
            tx: Tx | None = None
            try:
                async with begin() as (way, commit):
                    tx = Tx(way, mode, self._turns, self._entrance)
                    done = await work(tx)
                    await tx.run_asked()
                    committing = mode is Mode.WRITE
                    await commit()
                    return done
            finally:
                if tx is not None:
                    tx.end_turns()

        try:
            return await repeat(attempt, doing, self.bounds, timeout_s, attempts or self.bounds.attempts)
        except TimedOut as failure:
            # Hung up on a silent server in the middle of a commit: it may have stored it.
            if committing and isinstance(failure.__cause__, TimeoutError):
                raise outcome_unknown(doing) from failure
            raise

    @asynccontextmanager
    async def _open_by_driver(self, access: str, timeout_s: float) -> AsyncIterator[tuple[Way, Commit]]:
        async with self._session(access) as session:
            transaction = await session.begin_transaction(timeout=timeout_s)
            async with transaction:
                yield ByDriver(transaction), transaction.commit

    @asynccontextmanager
    async def _open_line(self, writer: Reader, timeout_s: float) -> AsyncIterator[tuple[Way, Commit]]:
        place = nullcontext() if self._places is None else Place(self._places, self._connection_wait_s)
        async with place, writer.transaction(timeout_s) as transaction:
            yield ByLine(transaction), transaction.commit

    def _session(self, access: str) -> "AsyncSession | SharedSession":
        if self._places is None:
            return self._own_session(access)
        return SharedSession(lambda: self._own_session(access), Place(self._places, self._connection_wait_s))

    def _own_session(self, access: str) -> AsyncSession:
        return self._driver.session(
            database=self.address.database,
            default_access_mode=access,
            bookmark_manager=self._bookmarks,
            # One transfer per result: ours are bounded by page limits, and a second round trip costs more.
            fetch_size=10_000,
            disable_auto_commit_retries=True,
        )
