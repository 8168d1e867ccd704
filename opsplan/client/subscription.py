"""A subscription, as its caller sees it: events, one after the other, until somebody ends it.

It is no generator: one that is left by `break` is closed by the loop's end, when its socket is gone already, with an
error that nobody can do anything about. This one closes its socket when it is forgotten.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Generic, Self, TypeVar

from opsplan.client.asking import checked_token
from opsplan.client.errors import Unauthenticated, Unreachable
from opsplan.client.socket import Socket
from opsplan.client.tokens import Tokens

Event = TypeVar("Event")


class Subscription(Generic[Event]):
    """The events of a subscription, for `async for`.

    Its socket is opened for the first event, and closed by the end, a failure, `aclose` (`contextlib.aclosing`), the
    client's end, or a `break` that leaves nobody who knows it. A token that is not taken is renewed once, before the
    first event. When the connection is lost, or ends with its token, subscribe again behind the last event's cursor.

    Raises
    ------
    Unreachable
        If the service is not there, or not any more.
    Failed
        If the service refuses the subscription, or ends it with an error.
    """

    def __init__(
        self, tokens: Tokens, opened: Callable[[str], Awaitable[Socket]], take: Callable[[dict[str, Any]], Event]
    ) -> None:
        self._socket: Socket | None = None
        self._is_over = False
        self._token = ""
        self._has_begun = False
        self._tokens = tokens
        self._opened = opened
        self._take = take

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        if self._is_over:
            raise StopAsyncIteration
        try:
            data = await self._next()
            if data is not None:
                return self._take(data)
        except Exception:
            await self.aclose()
            raise
        await self.aclose()
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """End it, and close its socket."""
        self._is_over = True
        socket, self._socket = self._socket, None
        if socket is not None:
            await socket.aclose()

    def __del__(self) -> None:
        if self._socket is not None:
            self._socket.let_go()

    async def _next(self) -> dict[str, Any] | None:
        try:
            return await self._heard()
        except Unauthenticated:
            may_renew = self._tokens.refused(self._token)
            if self._has_begun and may_renew:
                raise Unreachable("The socket has ended with its token; subscribe again.") from None
            if not may_renew:
                raise
        socket, self._socket = self._socket, None
        if socket is not None:
            await socket.aclose()
        return await self._heard()

    async def _heard(self) -> dict[str, Any] | None:
        if self._socket is None:
            self._token = checked_token(await self._tokens.token())
            self._socket = await self._opened(self._token)
        data = await self._socket.heard()
        self._has_begun = True
        return data
