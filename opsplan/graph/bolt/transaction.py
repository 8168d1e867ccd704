"""A transaction over one line."""

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from neo4j.exceptions import DriverError, IncompleteCommit, Neo4jError, ServiceUnavailable

from opsplan.graph.bolt import messages
from opsplan.graph.bolt.line import Answer, Line


class LineTransaction:
    """A transaction that may write. It begins with its first statement, in the same round trip.

    Whatever goes wrong at the server, or on the way to it, cuts the line, which undoes the transaction.

    Parameters
    ----------
    line
        The line, which carries nothing else meanwhile.
    database, timeout_s
        Where, and how many seconds the server gives it.
    """

    __slots__ = ("_begin", "_is_begun", "_line")

    def __init__(self, line: Line, database: str, timeout_s: float) -> None:
        self._line = line
        self._begin = messages.beginning(database, timeout_s)
        self._is_begun = False

    async def run(self, *statements: tuple[str, Mapping[str, Any]]) -> Sequence[Answer]:
        """Run statements, texts with parameters, in their order and one round trip; give each one's columns and rows.

        Those behind one that fails are not run.

        Raises
        ------
        ValueError, TypeError, OverflowError
            If a parameter is of no type that Bolt has; nothing is sent then.
        neo4j.exceptions.Neo4jError, neo4j.exceptions.ServiceUnavailable
            As `Line.say`.
        """
        sent = b"".join([messages.statement(text, parameters) for text, parameters in statements])
        due = 2 * len(statements)
        if self._is_begun:
            return await self._line.say(sent, successes=due)
        self._is_begun = True
        return await self._line.say(self._begin + sent, successes=1 + due)

    async def commit(self) -> None:
        """Have the server store what was written.

        Raises
        ------
        neo4j.exceptions.IncompleteCommit
            If the line is lost meanwhile: it may be stored or not.
        neo4j.exceptions.Neo4jError
            If the server refuses.
        """
        if not self._is_begun:
            return
        self._is_begun = False
        if not self._line.is_open:
            raise ServiceUnavailable("the line to Neo4j was lost before the commit")
        try:
            await self._line.say(messages.committing(), successes=1)
        except ServiceUnavailable as failure:
            raise IncompleteCommit("the line to Neo4j was lost during the commit") from failure

    async def roll_back(self) -> None:
        """Undo what was written, if anything was and the line still stands."""
        if self._is_begun and self._line.is_open:
            self._is_begun = False
            with contextlib.suppress(Neo4jError, DriverError):
                await self._line.say(messages.rolling_back(), successes=1)
