"""A subscription over a WebSocket, by the protocol graphql-transport-ws."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.typing import Subprotocol

from opsplan.client.errors import ClientError, Fault, Unauthenticated, Unreachable, Unreadable, failure_of

PROTOCOL: Final = Subprotocol("graphql-transport-ws")
FORBIDDEN: Final = 4403
"""The code with which the service closes a socket whose token does not hold, or holds no more."""
_MOST_BYTES: Final = 16_000_000
_ACKNOWLEDGED_S: Final = 30.0
_ID: Final = "1"


async def events(url: str, token: str, payload: Mapping[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
    """Subscribe on a socket of its own, and give each event's data until the service says that there are no more.

    Raises
    ------
    Unauthenticated
        If the token does not hold, or has come to its end: subscribe again, with another one.
    Unreachable
        If the service is not there, or not any more.
    Unreadable
        If what answers does not speak the protocol.
    Failed
        If the service refuses the subscription or ends it with an error.
    """
    address = f"ws{url.removeprefix('http')}/graphql"
    try:
        async with connect(address, subprotocols=[PROTOCOL], max_size=_MOST_BYTES) as socket:
            await _begin(socket, token)
            await socket.send(json.dumps({"id": _ID, "type": "subscribe", "payload": payload}))
            async for message in socket:
                data = await _heard(socket, message)
                if data is None:
                    continue
                if not data:
                    return
                yield data
    except ConnectionClosed as closed:
        raise _ended(url, closed) from closed
    except (OSError, TimeoutError, InvalidHandshake) as failure:
        raise Unreachable(f"{url} does not open a socket: {str(failure) or type(failure).__name__}") from failure
    except InvalidURI as failure:
        raise Unreadable(f"{url} is no address; give one such as http://127.0.0.1:8000") from failure
    # The socket was closed without a word of what became of the subscription.
    raise Unreachable(f"{url} has closed the socket; subscribe again behind the last cursor.")


async def _begin(socket: ClientConnection, token: str) -> None:
    first = {"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}
    await socket.send(json.dumps(first))
    async with asyncio.timeout(_ACKNOWLEDGED_S):
        while _message(await socket.recv()).get("type") != "connection_ack":
            pass


async def _heard(socket: ClientConnection, text: str | bytes) -> dict[str, Any] | None:
    """Take a message: give an event's data, nothing (an empty one) at the end, None when it was neither."""
    message = _message(text)
    match message.get("type"):
        case "next":
            payload = message.get("payload")
            if not isinstance(payload, dict):
                raise Unreadable("The service sent an event without a payload.")
            if payload.get("errors"):
                raise failure_of(payload["errors"])
            return payload.get("data") or None
        case "error":
            errors = message.get("payload")
            raise failure_of(errors if isinstance(errors, list) else [])
        case "complete":
            return {}
        case "ping":
            await socket.send(json.dumps({"type": "pong"}))
    return None


def _message(text: str | bytes) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except ValueError as failure:
        raise Unreadable("The service sent something that is no message of graphql-transport-ws.") from failure
    return message if isinstance(message, dict) else {}


def _ended(url: str, closed: ConnectionClosed) -> ClientError:
    code = closed.rcvd.code if closed.rcvd is not None else None
    if code == FORBIDDEN:
        words = closed.rcvd.reason if closed.rcvd is not None else ""
        return Unauthenticated([Fault("UNAUTHENTICATED", words or "The token does not hold.")])
    return Unreachable(
        f"{url} has closed the socket ({code or 'without a word'}); subscribe again behind the last cursor."
    )
