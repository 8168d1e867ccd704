"""Access tokens: got from an issuer by a key (RFC 7523, private_key_jwt), and kept until shortly before they end."""

import asyncio
import secrets
import ssl as tls
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import httpx

from opsplan.client.asking import ask, check_address
from opsplan.client.errors import NoToken, Unreachable, Unreadable
from opsplan.client.keys import ClientKey

LOCAL_ISSUER: Final = "opsplan-local"
"""What opsplan's own issuer calls itself; the others are called by their address."""
_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_S: Final = 60
_SPARE_S: Final = 60.0


class Tokens(Protocol):
    """Where a client has its tokens from."""

    async def token(self) -> str:
        """Give a token that holds."""
        ...

    def refused(self, token: str) -> bool:
        """Take notice that the service does not take this token; say whether another may be had."""
        ...


class GivenToken:
    """A token that somebody else got."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self) -> str:
        """Give it."""
        return self._token

    def refused(self, token: str) -> bool:  # noqa: ARG002 - there is but one
        """There is no other."""
        return False


@dataclass(frozen=True, slots=True)
class Issuer:
    """What an issuer says of itself: its name, which is the audience of assertions, and where it gives tokens."""

    name: str
    token_endpoint: str
    algorithms: tuple[str, ...]


@dataclass
class KeyTokens:
    """Tokens by a key that is registered at an issuer.

    Parameters
    ----------
    key
        The key.
    issuer
        The issuer's address; of the local issuer, the address of the service.
    client_id
        How the issuer knows this client: for the local issuer the agency's code.
    scope
        Roles to ask for, parted by blanks; all that the key has, when None.
    more
        What an issuer wants to be told beyond that, such as ``resource`` (RFC 8707) or ``audience``.
    ssl
        What to trust, such as ``ssl.create_default_context(cafile=…)`` for an authority of your own.
    http
        A client to ask with, which knows what `ssl` would say; else one of its own for each request.
    """

    key: ClientKey
    issuer: str
    client_id: str
    scope: str | None = None
    more: Mapping[str, str] = field(default_factory=dict)
    http: httpx.AsyncClient | None = None
    clock: Callable[[], float] = time.monotonic
    ssl: tls.SSLContext | None = None

    def __post_init__(self) -> None:
        self._lock = asyncio.Lock()
        self._found: Issuer | None = None
        self._token: str | None = None
        self._renew_at = 0.0

    async def token(self) -> str:
        """Give a token that holds for a while; many who ask at once get the same.

        Raises
        ------
        NoToken
            If the issuer gives none; its words are in the message.
        Unreachable
            If it does not answer.
        Unreadable
            If what answers is no issuer.
        """
        async with self._lock:
            if self._token is None or self.clock() >= self._renew_at:
                self._token, seconds = await self._get()
                # A token that holds for seconds only is not renewed all the time.
                self._renew_at = self.clock() + seconds - min(_SPARE_S, seconds / 4)
            return self._token

    def refused(self, token: str) -> bool:
        """Forget a token that the service does not take, so that the next one is new."""
        if self._token == token:
            self._token = None
        return True

    async def _get(self) -> tuple[str, float]:
        async with _lent(self.http, self.ssl) as http:
            if self._found is None:
                self._found = await find_issuer(http, self.issuer)
            issuer = self._found
            if issuer.algorithms and self.key.algorithm not in issuer.algorithms:
                raise NoToken(
                    f"{issuer.name} takes {', '.join(issuer.algorithms)}, and the key signs by {self.key.algorithm}: "
                    "make one of the other kind (opsplan client new-key --kind)."
                )
            form = {
                "grant_type": "client_credentials",
                "client_assertion_type": _ASSERTION_TYPE,
                "client_assertion": self._assertion(issuer.name),
                "client_id": self.client_id,
                **({"scope": self.scope} if self.scope else {}),
                **self.more,
            }
            answer = await ask(http, "POST", issuer.token_endpoint, data=form)
        told = _object(answer)
        if answer.status_code != httpx.codes.OK:
            if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                raise Unreachable(f"{issuer.token_endpoint} answers with status {answer.status_code}.")
            raise _no_token(issuer, answer, told)
        token, seconds = told.get("access_token"), told.get("expires_in", 300)
        if not isinstance(token, str) or not isinstance(seconds, int | float):
            raise Unreadable(f"{issuer.token_endpoint} gives no access token; is it an issuer's?")
        return token, float(seconds)

    def _assertion(self, audience: str) -> str:
        # The issuer's clock judges it, so this is one of the world's time.
        now = int(time.time())
        return self.key.sign(
            {
                "iss": self.client_id,
                "sub": self.client_id,
                "aud": audience,
                "iat": now,
                "exp": now + _ASSERTION_S,
                "jti": secrets.token_urlsafe(16),
            }
        )


async def find_issuer(http: httpx.AsyncClient, address: str) -> Issuer:
    """Look an issuer up: by RFC 8414, then by OpenID Connect Discovery.

    Raises
    ------
    Unreachable
        If nothing answers there, or it says that it is in trouble.
    Unreadable
        If what answers says nothing of tokens, or speaks for another issuer.
    """
    check_address(address)
    parts = urlsplit(address)
    base, path = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
    places = [f"{base}/.well-known/oauth-authorization-server{path}", f"{base}{path}/.well-known/openid-configuration"]
    in_trouble: int | None = None
    for place in places:
        answer = await ask(http, "GET", place)
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            in_trouble = answer.status_code
        told = _object(answer) if answer.status_code == httpx.codes.OK else {}
        name, endpoint = told.get("issuer"), told.get("token_endpoint")
        if isinstance(name, str) and isinstance(endpoint, str):
            # Who speaks for another could have assertions made that are good there (RFC 8414, section 3.3).
            if name not in (LOCAL_ISSUER, address, address.rstrip("/")):
                raise Unreadable(f"{place} speaks for another issuer, {name}: ask that one.")
            if parts.scheme == "https" and urlsplit(endpoint).scheme != "https":
                raise Unreadable(f"{place} names an endpoint that is not protected: {endpoint}")
            known = told.get("token_endpoint_auth_signing_alg_values_supported") or []
            if not isinstance(known, list):
                raise Unreadable(f"{place} names algorithms, and not in a list: is it an issuer's?")
            return Issuer(name, endpoint, tuple(str(each) for each in known))
    if in_trouble is not None:
        raise Unreachable(f"{address} answers with status {in_trouble}.")
    raise Unreadable(f"{address} is no issuer of tokens that says so at {' or '.join(places)}")


def _no_token(issuer: Issuer, answer: httpx.Response, told: Mapping[str, Any]) -> NoToken:
    error = str(told.get("error", ""))
    words = str(told.get("error_description") or error or f"status {answer.status_code}")
    return NoToken(f"{issuer.name} gives no token: {words}", error)


def _object(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, Mapping) else {}


@asynccontextmanager
async def _lent(given: httpx.AsyncClient | None, ssl: tls.SSLContext | None) -> AsyncIterator[httpx.AsyncClient]:
    """Lend the client that was given, or one that is closed again."""
    if given is not None:
        yield given
        return
    async with httpx.AsyncClient(timeout=30, verify=True if ssl is None else ssl) as own:
        yield own
