"""One connection to a Neo4j server, logged in: a statement goes out, its rows come back."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable
from functools import cache
from typing import Any, cast
from urllib.parse import urlsplit

from neo4j.exceptions import Neo4jError, ServiceUnavailable

from opsplan.graph.bolt import messages

_PORT = 7687
_UNDONE_S = 30.0
"""How long a server that has refused a statement is waited for until it has undone the transaction."""


Answer = tuple[list[str], list[list[Any]]]
"""Columns and rows of one statement."""


class SpeaksOtherwise(Exception):
    """What is at the address does not speak this version of Bolt; the official driver may know how to talk to it."""


class Line(asyncio.Protocol):
    """The protocol of one connection. It carries one exchange at a time, and is not used again after any failure."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._received = bytearray()
        self._message = bytearray()
        self._rows: list[list[Any]] = []
        self._answers: list[Answer] = []
        self._in_transaction = False
        self._successes_due = 0
        self._version: asyncio.Future[bytes] = self._loop.create_future()
        self._answer: asyncio.Future[None] | None = None
        self._undone: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport | None = None
        self._opened_at_s = self._loop.time()

    @classmethod
    async def open(cls, uri: str, user: str, password: str, agent: str) -> "Line":
        """Connect and log in.

        Raises
        ------
        neo4j.exceptions.Neo4jError
            If the server refuses the login.
        neo4j.exceptions.ServiceUnavailable
            If there is no server, or it hangs up.
        SpeaksOtherwise
            If it does not speak Bolt 5.4.
        """
        parts = urlsplit(uri)
        host, port = parts.hostname or "", parts.port or _PORT
        line = cls()
        try:
            await line._loop.create_connection(lambda: line, host, port, ssl=_tls(parts.scheme))
        except OSError as failure:
            raise ServiceUnavailable(f"no connection to {host}: {failure}") from failure
        try:
            line._send(messages.HANDSHAKE)
            if await line._version != messages.VERSION:
                raise SpeaksOtherwise
            await line._exchange(messages.login(user, password, agent), successes=2)
        except BaseException:
            line.cut()
            raise
        return line

    @property
    def age_s(self) -> float:
        """Seconds since it was opened."""
        return self._loop.time() - self._opened_at_s

    @property
    def is_open(self) -> bool:
        """Whether the server has not hung up, as far as is known."""
        return self._transport is not None and not self._transport.is_closing()

    async def rows(self, sent: bytes) -> list[list[Any]]:
        """Send what `messages.reading` made, and give its rows.

        Whatever it raises, and when its task is cancelled, the line is cut: the server then ends the statement.

        Raises
        ------
        neo4j.exceptions.Neo4jError
            If the server fails at the statement.
        neo4j.exceptions.ServiceUnavailable
            If the line is lost.
        messages.NotPlain
            If the statement gives anything but plain values.
        """
        try:
            return await self._exchange(sent, successes=2)
        except BaseException:
            self.cut()
            raise

    async def say(self, sent: bytes, *, successes: int) -> list[Answer]:
        """Send messages of a transaction that the server answers with so many SUCCESSes; give each statement's answer.

        Of rows, points are given as the driver gives them. It raises, and is cut, as `rows`. What a transaction has
        written is undone by the server first, so that whoever hears of the failure finds what it held free again.
        """
        self._in_transaction, self._answers = True, []
        try:
            await self._exchange(sent, successes=successes)
        except Neo4jError:
            if self._undone is not None:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._undone, _UNDONE_S)
            self.cut()
            raise
        except BaseException:
            self.cut()
            raise
        finally:
            self._in_transaction = False
        answers, self._answers = self._answers, []
        return answers

    def cut(self) -> None:
        """Hang up at once, whatever is under way."""
        if self._transport is not None:
            self._transport.abort()

    def leave(self) -> None:
        """Say goodbye and hang up."""
        if self._transport is not None and self.is_open:
            self._transport.write(messages.goodbye())
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        # So that a line that something on the way has forgotten is noticed while it is idle.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def connection_lost(self, failure: Exception | None) -> None:
        self._fail(ServiceUnavailable(f"the line to Neo4j was lost: {failure or 'it hung up'}"))

    def data_received(self, data: bytes) -> None:
        received = self._received
        received += data
        if not self._version.done():
            if len(received) < 4:
                return
            self._version.set_result(bytes(received[:4]))
            del received[:4]
        # Chunks of a two-byte length and so many bytes; one of no bytes ends a message, or means nothing.
        at, end = 0, len(received)
        while end - at >= 2:
            length = received[at] << 8 | received[at + 1]
            behind = at + 2 + length
            if behind > end:
                break
            if length:
                self._message += received[at + 2 : behind]
            elif self._message:
                message, self._message = self._message, bytearray()
                self._hear(message)
            at = behind
        if at:
            del received[:at]

    def _send(self, data: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            raise ServiceUnavailable("the line to Neo4j was lost")
        self._transport.write(data)

    async def _exchange(self, sent: bytes, *, successes: int) -> list[list[Any]]:
        self._rows, self._successes_due = [], successes
        self._answer = self._loop.create_future()
        self._send(sent)
        await self._answer
        # An idle line holds no answer.
        rows, self._rows = self._rows, []
        return rows

    def _hear(self, message: bytearray) -> None:
        signature = message[1] if len(message) > 1 else None
        if self._undone is not None:
            # Behind a failure nothing else is waited for; what was passed over is IGNORED before.
            if signature == messages.SUCCESS and not self._undone.done():
                self._undone.set_result(None)
            return
        if signature == messages.RECORD:
            try:
                if self._in_transaction:
                    self._answers[-1][1].append(messages.row_with_points_of(message))
                else:
                    self._rows.append(messages.row_of(message))
            except Exception as failure:  # noqa: BLE001 - whatever cannot be read is for the one who asked
                self._fail(failure)
        elif signature == messages.SUCCESS:
            self._successes_due -= 1
            if self._in_transaction and (columns := messages.columns_of(message)) is not None:
                self._answers.append((columns, []))
            if self._successes_due == 0 and self._answer is not None and not self._answer.done():
                self._answer.set_result(None)
        elif signature == messages.FAILURE:
            self._refuse(_read(messages.failure_of, message))
        elif signature == messages.IGNORED:
            # Behind a failure it says nothing new; by itself it means that the statement was not carried out.
            self._fail(ServiceUnavailable("Neo4j passed a statement over"))
        else:
            self._fail(ServiceUnavailable("what came over the line to Neo4j is no Bolt"))

    def _refuse(self, failure: Exception) -> None:
        """Hand on what the server refuses; in a transaction, have it undone before the line is cut."""
        if not self._in_transaction or self._answer is None or self._answer.done():
            self._fail(failure)
            return
        self._undone = self._loop.create_future()
        self._answer.set_exception(failure)
        self._answer.exception()
        with contextlib.suppress(ServiceUnavailable):
            self._send(messages.resetting())

    def _fail(self, failure: Exception) -> None:
        for awaited in (self._version, self._answer):
            if awaited is not None and not awaited.done():
                awaited.set_exception(failure)
                # Nobody may be left to look: the one who asked was cancelled.
                awaited.exception()
        if self._undone is not None and not self._undone.done():
            self._undone.set_result(None)
        self.cut()


def _read(read: Callable[[bytearray], Exception], message: bytearray) -> Exception:
    try:
        return read(message)
    except Exception as failure:  # noqa: BLE001 - a failure that cannot be read is one all the same
        return failure


@cache
def _tls(scheme: str) -> ssl.SSLContext | None:
    """Give how the server proves who it is: not at all, by a certificate that is known, or by any (``+ssc``)."""
    if "+" not in scheme:
        return None
    context = ssl.create_default_context()
    if scheme.endswith("+ssc"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
