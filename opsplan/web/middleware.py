"""What every request passes: its id, the headers that browsers heed, and its entry in log and counters."""

import asyncio
import contextlib
import time
from collections.abc import Iterable

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from opsplan.calls.errors import log_fault
from opsplan.web.metrics import Metrics
from opsplan.web.requests import request_id_of

_log = structlog.get_logger("opsplan.web")

NOTED = "noted"
"""Where in a request's state an endpoint puts facts for the request's entry in the log."""

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    # Nothing may load.
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
)
"""What each answer has, unless it says otherwise itself."""
_PASSES_BYTES = 64_000_000
_PASSES_S = 10.0
"""Of a body that nobody wants, how much is taken and for how long before its sender is given up."""


class Envelope:
    """Gives each request an id (`scope["state"]["request_id"]`) and each answer its headers.

    No CORS header is ever sent, so pages of other origins cannot read answers.

    Parameters
    ----------
    app
        What is inside.
    metrics
        Where answers are counted.
    routes
        Paths that are counted by their own name; all others count as ``other``.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, routes: Iterable[str]) -> None:
        self._app = app
        self._metrics = metrics
        self._routes = frozenset(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request, or one WebSocket connection."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(_header(scope, b"x-request-id"))
        scope.setdefault("state", {})["request_id"] = request_id
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            if scope["type"] == "http":
                await self._http(scope, receive, send, request_id)
            else:
                await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        begun = time.perf_counter()
        status = 0
        body = _Body(receive)
        closes = scope["http_version"] == "1.0" or "close" in (_header(scope, b"connection") or "").lower()

        async def with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                if closes:
                    await body.let_pass()
                status = message["status"]
                own = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id.encode()),
                    *(each for each in _HEADERS if each[0] not in own),
                ]
            await send(message)

        try:
            await self._app(scope, body.receive, with_headers)
        except Exception as failure:
            # What comes up to here is nobody's to expect. Once an answer has begun it can only be broken off.
            log_fault(failure, "INTERNAL")
            if status:
                raise
            status = 500
            await _plain_500(with_headers)
        route = scope["path"] if scope["path"] in self._routes else "other"
        self._metrics.requests(route, str(status)).inc()
        if route not in ("/healthz", "/readyz"):
            _log.info(
                "request",
                route=route,
                method=scope["method"] if scope["method"] in ("GET", "POST", "HEAD", "OPTIONS") else "other",
                status=status,
                ms=round((time.perf_counter() - begun) * 1000, 1),
                # What an endpoint noted of its own: one entry for each request, whatever it was about.
                **scope["state"].get(NOTED, {}),
            )


class _Body:
    """A request's body on its way in: how much of it has come.

    A connection that is closed with bytes unread is reset, and the sender loses the answer. Where one stays open the
    server lets the rest pass by itself; where the client wants it closed, the rest is let pass before the answer.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._is_whole = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._is_whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def let_pass(self) -> None:
        passed_bytes = 0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PASSES_S):
                while not self._is_whole and passed_bytes < _PASSES_BYTES:
                    passed_bytes += len((await self.receive()).get("body", b""))


async def _plain_500(send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": b"Something went wrong in the service.\n"})


def _header(scope: Scope, name: bytes) -> str | None:
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value).decode("latin-1")
    return None
