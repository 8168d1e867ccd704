"""The pool of lines: reads and transactions by one server's shortest way, as many at once as there may be lines."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from neo4j.exceptions import DriverError, ServiceUnavailable

from opsplan.graph.bolt import messages
from opsplan.graph.bolt.line import Line
from opsplan.graph.bolt.transaction import LineTransaction
from opsplan.graph.place import Place

_LONGEST_LIFE_S = 3_600.0
"""What stands between us and a server may forget older lines; the driver keeps them no longer either."""


class Reader:
    """Lines to one Neo4j server. Safe to share among the tasks of one event loop.

    Parameters
    ----------
    uri, user, password, database
        The server (``bolt://``, or ``bolt+s://`` and ``bolt+ssc://`` with TLS), the login, the database.
    lines
        Most lines held at once.
    wait_s
        Seconds that a read beyond them waits for one.
    connect_s
        Seconds that connecting and logging in may take.
    """

    def __init__(
        self,
        uri: str,
        user: str,
        password: str,
        database: str,
        *,
        agent: str,
        lines: int,
        wait_s: float,
        connect_s: float = 5.0,
    ) -> None:
        self._uri, self._user, self._password, self._database = uri, user, password, database
        self._agent = agent
        self._wait_s = wait_s
        self._connect_s = connect_s
        self._places = asyncio.Semaphore(lines)
        self._idle: list[Line] = []
        self._busy: set[Line] = set()
        self._is_closed = False

    async def rows(self, text: str, parameters: Mapping[str, Any], timeout_s: float) -> list[list[Any]]:
        """Run one statement, which may only read and gives plain values, and give its rows.

        Raises
        ------
        opsplan.vocabulary.errors.Unavailable
            If no line becomes free in time.
        neo4j.exceptions.Neo4jError, neo4j.exceptions.ServiceUnavailable
            As `Line.rows` and `Line.open`.
        neo4j.exceptions.DriverError
            After `close`.
        opsplan.graph.bolt.line.SpeaksOtherwise
            If the server does not speak this version of Bolt.
        """
        sent = messages.reading(text, parameters, self._database, timeout_s)
        async with Place(self._places, self._wait_s):
            line = self._free() or await self._new()
            if self._is_closed:
                line.leave()
                raise DriverError("the reader is closed")
            self._busy.add(line)
            try:
                rows = await line.rows(sent)
            finally:
                self._busy.discard(line)
            self._idle.append(line)
            return rows

    @asynccontextmanager
    async def transaction(self, timeout_s: float) -> AsyncIterator[LineTransaction]:
        """Give a transaction; what the block has not committed is undone at its end.

        Raises
        ------
        Exception
            As `rows`.
        """
        async with Place(self._places, self._wait_s):
            line = self._free() or await self._new()
            if self._is_closed:
                line.leave()
                raise DriverError("the reader is closed")
            self._busy.add(line)
            transaction = LineTransaction(line, self._database, timeout_s)
            try:
                try:
                    yield transaction
                except Exception:
                    await transaction.roll_back()
                    raise
                await transaction.roll_back()
            except BaseException as failure:
                if not isinstance(failure, Exception):
                    # Whoever is cancelled waits for nothing: the server undoes it when the line is gone.
                    line.cut()
                raise
            finally:
                self._busy.discard(line)
                if line.is_open:
                    self._idle.append(line)

    def close(self) -> None:
        """Hang up every line, and open no more; what still runs on one is ended."""
        self._is_closed = True
        for line in self._busy:
            line.cut()
        while self._idle:
            self._idle.pop().leave()

    def _free(self) -> Line | None:
        while self._idle:
            line = self._idle.pop()
            if line.is_open and line.age_s < _LONGEST_LIFE_S:
                return line
            line.leave()
        return None

    async def _new(self) -> Line:
        try:
            async with asyncio.timeout(self._connect_s):
                return await Line.open(self._uri, self._user, self._password, self._agent)
        except TimeoutError as failure:
            raise ServiceUnavailable(f"no login within {self._connect_s:g} s") from failure
