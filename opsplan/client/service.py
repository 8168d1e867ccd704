"""The service, seen from outside: sends operations over HTTP, follows subscriptions over sockets.

The generated `Client` is a `Service` with a method for each document.
"""

import json
import ssl as tls
from collections.abc import Callable, Mapping
from typing import Any, Self, TypeVar
from weakref import WeakSet

import httpx
import pydantic
from pydantic_core import to_jsonable_python

from opsplan.client.asking import ask, checked_token
from opsplan.client.errors import Unreachable, Unreadable, failure_of
from opsplan.client.socket import Socket
from opsplan.client.subscription import Subscription
from opsplan.client.tokens import GivenToken, Tokens
from opsplan.client.values import UNSET

Model = TypeVar("Model", bound=pydantic.BaseModel)
Event = TypeVar("Event")

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
    ssl
        What to trust, such as ``ssl.create_default_context(cafile=…)`` for an authority of your own, over HTTP and over
        sockets; `KeyTokens` has its own. A proxy is taken from the environment (``HTTPS_PROXY``), by both.
    language
        In which language refusals and errors are told, where the service has it: a value of ``Accept-Language``.
    http
        A client to ask with over HTTP alone, which knows what `ssl` would say; it stays open. Else one of its own.
    """

    def __init__(
        self,
        url: str,
        tokens: Tokens | str,
        *,
        ssl: tls.SSLContext | None = None,
        language: str | None = None,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.tokens: Tokens = GivenToken(tokens) if isinstance(tokens, str) else tokens
        self._ssl = ssl
        self._headers = {"accept-language": language} if language else {}
        self._http = http or httpx.AsyncClient(timeout=TIMEOUT_S, verify=True if ssl is None else ssl)
        self._is_own = http is None
        self._subscriptions: WeakSet[Subscription[Any]] = WeakSet()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections, those of subscriptions too."""
        for each in [*self._subscriptions]:
            await each.aclose()
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
        NoToken
            If there is no token.
        """
        body = self._body(query, operation_name, variables)
        token = checked_token(await self.tokens.token())
        answer = await self._post(body, token)
        if answer.status_code == httpx.codes.UNAUTHORIZED and self.tokens.refused(token):
            answer = await self._post(body, checked_token(await self.tokens.token()))
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

    def subscribe(
        self,
        query: str,
        operation_name: str | None = None,
        variables: Mapping[str, object] | None = None,
        *,
        take: Callable[[dict[str, Any]], Event],
    ) -> Subscription[Event]:
        """Follow a subscription; `take` makes an event of its data."""
        payload = self._payload(query, operation_name, variables)

        async def opened(token: str) -> Socket:
            return await Socket.opened(self.url, token, payload, ssl=self._ssl, headers=self._headers)

        made = Subscription(self.tokens, opened, take)
        self._subscriptions.add(made)
        return made

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
        headers = {**self._headers, "authorization": f"Bearer {token}", "content-type": "application/json"}
        return await ask(self._http, "POST", f"{self.url}/graphql", content=body, headers=headers)

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
