"""The service, seen from outside: sends operations over HTTP, follows subscriptions over a socket.

The generated `Client` is a `Service` with a method for each document.
"""

import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Self, TypeVar

import httpx
import pydantic
from pydantic_core import to_jsonable_python

from opsplan.client.errors import Unauthenticated, Unreachable, Unreadable, failure_of
from opsplan.client.socket import events
from opsplan.client.tokens import GivenToken, Tokens
from opsplan.client.values import UNSET

Model = TypeVar("Model", bound=pydantic.BaseModel)

TIMEOUT_S = 60.0
"""For how long an answer is waited for, unless something else is said."""
_AT_THE_DOOR = frozenset({502, 503, 504})
"""Statuses by which what stands before a service says that it is not there."""


class Service:
    """A service of opsplan.

    Parameters
    ----------
    url
        Its address, such as ``http://127.0.0.1:8000``.
    tokens
        Where tokens come from: `KeyTokens`, or a token as text.
    http
        A client to ask with, such as one that knows a proxy or a certificate; it stays open. Else one of its own.
    """

    def __init__(self, url: str, tokens: Tokens | str, *, http: httpx.AsyncClient | None = None) -> None:
        self.url = url.rstrip("/")
        self.tokens: Tokens = GivenToken(tokens) if isinstance(tokens, str) else tokens
        self._http = http or httpx.AsyncClient(timeout=TIMEOUT_S)
        self._is_own = http is None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        if self._is_own:
            await self._http.aclose()

    async def execute(
        self,
        query: str,
        operation_name: str | None = None,
        variables: Mapping[str, object] | None = None,
    ) -> dict[str, Any]:
        """Send an operation and give its answer as it came, errors included.

        A token that is not taken is renewed once; nothing else is tried again here, as only the caller knows what a
        repetition means.

        Raises
        ------
        Unreachable
            If no answer came.
        Unreadable
            If what came is no answer of the service.
        """
        body = self._body(query, operation_name, variables)
        token = await self.tokens.token()
        answer = await self._post(body, token)
        if answer.status_code == httpx.codes.UNAUTHORIZED and self.tokens.refused(token):
            answer = await self._post(body, await self.tokens.token())
        try:
            told = answer.json()
        except ValueError:
            told = None
        if not isinstance(told, dict) or not ("data" in told or "errors" in told):
            kind = Unreachable if answer.status_code in _AT_THE_DOOR else Unreadable
            raise kind(f"{self.url} answers with status {answer.status_code}, and not as opsplan does.")
        told["retryAfter"] = answer.headers.get("retry-after")
        return told

    def get_data(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Give what was asked for.

        Raises
        ------
        Failed
            If the answer has errors; `Unauthenticated`, `RateLimited` and `ResyncRequired` are kinds of it.
        """
        if answer.get("errors"):
            raise failure_of(answer["errors"], answer.get("retryAfter"))
        data = answer.get("data")
        if not isinstance(data, dict):
            raise Unreadable(f"{self.url} answers with neither data nor errors.")
        return data

    async def execute_ws(
        self,
        query: str,
        operation_name: str | None = None,
        variables: Mapping[str, object] | None = None,
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Follow a subscription: give each event's data until the service ends it.

        A token that is not taken is renewed once, before the first event. When the connection is lost, or ends with its
        token, subscribe again behind the last event's cursor.

        Raises
        ------
        Unreachable
            If the service is not there, or not any more.
        Failed
            If the service refuses the subscription, or ends it with an error.
        """
        payload = self._payload(query, operation_name, variables)
        token = await self.tokens.token()
        has_begun = False
        try:
            async for data in events(self.url, token, payload):
                has_begun = True
                yield data
            return
        except Unauthenticated:
            may_renew = self.tokens.refused(token)
            if has_begun and may_renew:
                raise Unreachable(f"{self.url} has ended the socket with its token; subscribe again.") from None
            if not may_renew:
                raise
        async for data in events(self.url, await self.tokens.token(), payload):
            yield data

    def read(self, kind: type[Model], data: object) -> Model:
        """Make a value of what came.

        Raises
        ------
        Unreadable
            If it is not what this client knows, as of a service that is much newer or older.
        """
        try:
            return kind.model_validate(data)
        except pydantic.ValidationError as failure:
            first = failure.errors()[0]
            raise Unreadable(
                f"{self.url} answers what this client cannot read, such as {'.'.join(map(str, first['loc']))} "
                f"({first['msg']}): is opsplan[client] of the service's version?"
            ) from failure

    async def _post(self, body: bytes, token: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        try:
            return await self._http.post(f"{self.url}/graphql", content=body, headers=headers)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as failure:
            raise Unreadable(f"{self.url} is no address; give one such as http://127.0.0.1:8000") from failure
        except httpx.TransportError as failure:
            words = str(failure) or type(failure).__name__
            raise Unreachable(f"{self.url} does not answer: {words}") from failure

    def _body(self, query: str, name: str | None, variables: Mapping[str, object] | None) -> bytes:
        return json.dumps(self._payload(query, name, variables), ensure_ascii=False).encode()

    @staticmethod
    def _payload(query: str, name: str | None, variables: Mapping[str, object] | None) -> dict[str, Any]:
        given = {key: _plain(value) for key, value in (variables or {}).items() if value is not UNSET}
        return {"query": query, "variables": given, **({"operationName": name} if name else {})}


def _plain(value: object) -> Any:
    """Make JSON of a value; of models, only what was given, so that what is left out stays as it is there."""
    if isinstance(value, pydantic.BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return to_jsonable_python(value)
