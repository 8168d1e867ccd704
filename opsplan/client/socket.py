"""A subscription's socket: a WebSocket that speaks the protocol graphql-transport-ws."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from typing import Any, Final, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidProxy, InvalidStatus, InvalidURI
from websockets.typing import Subprotocol

from opsplan.client.asking import check_address, not_reached, words_of
from opsplan.client.errors import ClientError, Fault, Unauthenticated, Unreachable, Unreadable, failure_of

PROTOCOL: Final = Subprotocol("graphql-transport-ws")
FORBIDDEN: Final = 4403
"""The code with which the service closes a socket whose token does not hold, or holds no more."""
_MOST_BYTES: Final = 16_000_000
_ACKNOWLEDGED_S: Final = 30.0
_ID: Final = "1"
_PERHAPS_LATER: Final = frozenset({403, 408, 429})
"""Statuses of a handshake that say nothing against the address: a service that has too many sockets answers 403."""


class Socket:
    """A socket with one subscription on it."""

    def __init__(self, url: str, connection: ClientConnection) -> None:
        self._url = url
        self._connection = connection
        self._loop = asyncio.get_running_loop()

    @classmethod
    async def opened(
        cls,
        url: str,
        token: str,
        payload: Mapping[str, Any],
        *,
        ssl: ssl.SSLContext | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Open a socket and subscribe on it.

        Raises
        ------
        Unauthenticated
            If the token does not hold.
        Unreachable
            If the service is not there.
        Unreadable
            If what answers does not speak the protocol.
        """
        check_address(url)
        address = f"ws{url.removeprefix('http')}/graphql"
        trust: dict[str, Any] = {"ssl": ssl} if ssl is not None and address.startswith("wss:") else {}
        try:
            connection = await connect(
                address, subprotocols=[PROTOCOL], max_size=_MOST_BYTES, additional_headers=headers, **trust
            )
        except InvalidStatus as failure:
            status = failure.response.status_code
            is_other = status < 500 and status not in _PERHAPS_LATER
            raise (Unreadable if is_other else Unreachable)(f"{url} opens no socket: {words_of(failure)}") from failure
        except (InvalidURI, InvalidProxy) as failure:
            raise Unreadable(f"{url} is no address, or its proxy has none: {words_of(failure)}") from failure
        except (OSError, TimeoutError, InvalidHandshake) as failure:
            raise not_reached(url, failure) from failure
        except ValueError as failure:
            raise Unreadable(f"{url} cannot be asked: {words_of(failure)}") from failure
        made = cls(url, connection)
        try:
            await made._begin(token, payload)
        except BaseException:
            await connection.close()
            raise
        return made

    async def heard(self) -> dict[str, Any] | None:
        """Wait for the next event and give its data; None when the service says that there are no more.

        Raises
        ------
        Unauthenticated
            If the token has come to its end: subscribe again, with another one.
        Unreachable
            If the service is not there any more.
        Failed
            If the service refuses the subscription or ends it with an error.
        """
        while True:
            message = await self._received()
            match message.get("type"):
                case "next":
                    payload = message.get("payload")
                    if not isinstance(payload, dict):
                        raise Unreadable("The service sent an event without a payload.")
                    if payload.get("errors"):
                        raise failure_of(payload["errors"])
                    data = payload.get("data")
                    if not isinstance(data, dict):
                        raise Unreadable("The service sent an event with neither data nor errors.")
                    return data
                case "error":
                    raise failure_of(message.get("payload"))
                case "complete":
                    return None
                case "ping":
                    await self._send({"type": "pong"})

    async def aclose(self) -> None:
        """Close it, and say so to the service."""
        await self._connection.close()

    def let_go(self) -> None:
        """Close it at once, without a word, as nobody is left who would wait."""
        if not self._loop.is_closed():
            # What has forgotten it may do so in any thread.
            self._loop.call_soon_threadsafe(self._connection.transport.close)

    async def _begin(self, token: str, payload: Mapping[str, Any]) -> None:
        await self._send({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
        try:
            async with asyncio.timeout(_ACKNOWLEDGED_S):
                while (await self._received()).get("type") != "connection_ack":
                    pass
        except TimeoutError as failure:
            raise Unreachable(f"{self._url} does not acknowledge the socket.") from failure
        await self._send({"id": _ID, "type": "subscribe", "payload": payload})

    async def _send(self, message: Mapping[str, Any]) -> None:
        try:
            await self._connection.send(json.dumps(message))
        except ConnectionClosed as closed:
            raise self._ended(closed) from closed

    async def _received(self) -> dict[str, Any]:
        try:
            message = json.loads(await self._connection.recv())
        except ConnectionClosed as closed:
            raise self._ended(closed) from closed
        except ValueError as failure:
            raise Unreadable("The service sent something that is no message of graphql-transport-ws.") from failure
        return message if isinstance(message, dict) else {}

    def _ended(self, closed: ConnectionClosed) -> ClientError:
        code = closed.rcvd.code if closed.rcvd is not None else None
        if code == FORBIDDEN:
            words = closed.rcvd.reason if closed.rcvd is not None else ""
            return Unauthenticated([Fault("UNAUTHENTICATED", words or "The token does not hold.")])
        return Unreachable(
            f"{self._url} has closed the socket ({code or 'without a word'}); subscribe again behind the last cursor."
        )
