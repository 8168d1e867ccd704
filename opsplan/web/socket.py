"""``/graphql`` over WebSockets: subscriptions by the protocol graphql-transport-ws.

Strawberry's handler speaks the protocol; here stand who may connect, for how long, and how many. The token comes in
the first message (``{"authorization": "Bearer ..."}``) or in the handshake's header. A socket ends with its token.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import structlog
from graphql import OperationType
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.types.execution import ExecutionResult, PreExecutionError

from opsplan.access.identity import Identity
from opsplan.calls.budget import Bill, Budgets
from opsplan.calls.context import Context, Surroundings
from opsplan.calls.errors import MASKED, PublicError, describe, log_fault
from opsplan.vocabulary.errors import OpsplanError
from opsplan.web.charging import over, share_of, tell_cost
from opsplan.web.execution import Operations, Outcome
from opsplan.web.metrics import Metrics
from opsplan.web.requests import RefusedRequest, of_members, request_id_of

_log = structlog.get_logger("opsplan.web")

FIRST_MESSAGE_S = 10.0
"""Seconds within which a socket must show its token."""
SUBSCRIPTIONS_PER_SOCKET = 50
"""How many subscriptions one socket may hold."""
FORBIDDEN = 4403
"""The code with which a socket is closed when its token does not hold, or holds no more."""
_CLOSE_BYTES = 123
"""How long the reason in a close frame may be, by RFC 6455."""
TOO_MANY = 1013
"""The code with which a socket beyond the limit is closed: try again later."""


class _Subscriptions:
    """What the handler needs of a schema: a stream of results for an operation, whose payload comes as its query."""

    def __init__(self, operations: Operations, budgets: Budgets, metrics: Metrics) -> None:
        self._operations = operations
        self._budgets = budgets
        self._metrics = metrics

    async def stream(
        self,
        query: dict[str, Any],
        variable_values: None = None,  # noqa: ARG002 - the handler passes it by name
        context_value: Context | None = None,
        root_value: None = None,  # noqa: ARG002 - the handler passes it by name
        operation_name: None = None,  # noqa: ARG002 - the handler passes it by name
    ) -> AsyncGenerator[ExecutionResult, None]:
        assert context_value is not None
        return self._results(query, context_value)

    async def _results(self, payload: dict[str, Any], context: Context) -> AsyncGenerator[ExecutionResult, None]:
        try:
            request = of_members(payload)
        except RefusedRequest as refused:
            message, extensions = describe(refused)
            yield PreExecutionError(None, [PublicError(message, extensions=extensions)])
            return
        bill = Bill(self._budgets.of(context.actor))
        with self._metrics.subscriptions.track_inprogress():
            # The socket's other subscriptions have bills of their own.
            async with aclosing(self._operations.stream(request, replace(context, bill=bill))) as outcomes:
                told = 0
                async for outcome in outcomes:
                    self._tell(outcome, bill, bill.charged - told)
                    told = bill.charged
                    kind = ExecutionResult if outcome.executed else PreExecutionError
                    yield kind(outcome.data, outcome.errors or None, outcome.extensions or None)

    def _tell(self, outcome: Outcome, bill: Bill, cost: int) -> None:
        self._metrics.cost(OperationType.SUBSCRIPTION.value, share_of(urgent=False)).inc(cost)
        refusal = over(outcome)
        if refusal is not None:
            self._metrics.rate_limited(refusal["over"], share_of(urgent=False)).inc()
        if outcome.kind is not None:
            tell_cost(outcome, bill, cost)


class _NotLetIn(Exception):
    """A connection that shows no token that holds; `words` say why, as short as a close frame must be."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words.encode()[:_CLOSE_BYTES].decode(errors="ignore")


class _Handler(BaseGraphQLTransportWSHandler[Context, None]):
    """Strawberry's handler, and an end to the socket when its token ends."""

    _ending: asyncio.TimerHandle | None = None
    _farewell: asyncio.Task[None] | None = None

    async def handle_message(self, message: Any) -> None:
        if not _is_message(message):
            await self.handle_invalid_message("A message is an object with a type, a text id and an object payload")
            return
        await super().handle_message(message)

    async def handle_connection_init(self, message: Any) -> None:
        try:
            await super().handle_connection_init(message)
        except _NotLetIn as refused:
            await self.websocket.close(FORBIDDEN, refused.words)
            return
        caller = self.context.caller
        if self.connection_acknowledged and caller is not None and self._ending is None:
            assert isinstance(self.view, SocketEndpoint)
            left_s = max(0.0, (caller.expires_at - self.view.surroundings.clock()).total_seconds())
            self._ending = asyncio.get_running_loop().call_later(left_s, self._end)

    async def handle_subscribe(self, message: Any) -> None:
        payload = message["payload"]
        if payload is None:
            await self.handle_invalid_message("A subscription has a payload")
            return
        # The handler takes a text, variables and a name out of the payload, and knows of no ids of documents: the whole
        # payload goes in the text's place, and `_Subscriptions` takes it apart.
        whole: Any = {**message, "payload": {"query": payload}}
        await super().handle_subscribe(whole)

    def _end(self) -> None:
        self._farewell = asyncio.create_task(self.websocket.close(FORBIDDEN, "The token has expired"))
        self._farewell.add_done_callback(self._task_done)

    async def shutdown(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
        await super().shutdown()

    async def handle_task_exception(self, error: Exception) -> None:
        # The handler's own words would carry the exception's text.
        log_fault(error, MASKED)


def _is_message(message: object) -> bool:
    """Whether the handler can take the message apart; what it means is the handler's to judge."""
    return (
        isinstance(message, dict)
        and isinstance(message.get("type"), str)
        and isinstance(message.get("id", ""), str)
        and (message.get("payload") is None or isinstance(message["payload"], dict))
    )


class SocketEndpoint(GraphQL[Context, None]):
    """Answers WebSocket connections. It is an ASGI app for the scope ``websocket`` alone."""

    graphql_transport_ws_handler_class = _Handler

    def __init__(
        self,
        operations: Operations,
        identity: Identity,
        surroundings: Surroundings,
        budgets: Budgets,
        metrics: Metrics,
        *,
        most_sockets: int,
    ) -> None:
        super().__init__(
            _Subscriptions(operations, budgets, metrics),  # type: ignore[arg-type]
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=timedelta(seconds=FIRST_MESSAGE_S),
            max_subscriptions_per_connection=SUBSCRIPTIONS_PER_SOCKET,
        )
        self.identity = identity
        self.surroundings = surroundings
        self._metrics = metrics
        self._most_sockets = most_sockets
        self._open: set[WebSocket] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection to its end."""
        socket = WebSocket(scope, receive, send)
        if len(self._open) >= self._most_sockets:
            await socket.close(TOO_MANY)
            return
        self._open.add(socket)
        try:
            with self._metrics.sockets.track_inprogress():
                await self.run(socket)
        finally:
            self._open.discard(socket)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:  # noqa: ARG002
        """Begin a connection's context; its caller comes with the first message."""
        return Context(
            surroundings=self.surroundings,
            request_id=request_id_of(request.headers.get("x-request-id")),
            now=self.surroundings.clock(),
            authorization=request.headers.get("authorization"),
        )

    async def on_ws_connect(self, context: Context) -> dict[str, object] | None:
        """Let a connection in when its first message, or its handshake, carries a token that holds."""
        params = context.connection_params or {}
        # Some clients write it as the header is written.
        given = next((each for name, each in params.items() if name.lower() == "authorization"), context.authorization)
        context.connection_params = None
        context.authorization = None
        try:
            context.caller = await self.identity.of_header(given if isinstance(given, str) else None)
        except OpsplanError as refused:
            _log.info("socket_refused", code=refused.code, request_id=context.request_id)
            raise _NotLetIn(f"Forbidden: {describe(refused)[0]}") from refused
        return None

    def encode_json(self, data: object) -> str:
        """Write a message; as text, since clients take binary frames for something else."""
        return orjson.dumps(data).decode()

    def decode_json(self, data: str | bytes) -> object:
        """Read a message."""
        return orjson.loads(data)
