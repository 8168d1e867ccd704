"""One request to an endpoint: its limits, and what came of it. It never raises for what the other side does.

No redirect is followed, no proxy asked, nothing unpacked, no connection used twice; a request ends within its time
whatever comes back.
"""

import asyncio
import re
import ssl
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import httpcore

from opsplan.vocabulary.errors import Invalid, SetupError
from opsplan.vocabulary.sentences import say
from opsplan.webhooks.model import LONGEST_EXCERPT, WebhookOutcome
from opsplan.webhooks.rules.addresses import Network
from opsplan.webhooks.rules.urls import USUAL_PORT, Location, location_of
from opsplan.webhooks.sending.line import AddressRefused, GuardedNetwork, NotResolved, TooMuch
from opsplan.webhooks.sending.resolver import Resolve

CONNECT_S = 5.0
"""Longest time until a connection stands, and again until TLS does."""
MOST_BODY_BYTES = 16_384
"""Read of an answer's body; what stands behind is not looked at."""
MOST_BYTES = 65_536
"""Read over one connection, headers included."""

_UNPRINTABLE = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd]+")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one request.

    Attributes
    ----------
    outcome
        As its name says.
    status_code
        Of the answer, where there was one.
    took_ms
        How long it took, in milliseconds.
    answer
        The beginning of the answer's body; never kept.
    retry_after
        The header of that name.
    """

    outcome: WebhookOutcome
    status_code: int | None = None
    took_ms: int = 0
    answer: bytes = b""
    retry_after: str | None = None

    @property
    def is_ok(self) -> bool:
        """Whether the endpoint has taken it."""
        return self.outcome is WebhookOutcome.OK

    @property
    def excerpt(self) -> str | None:
        """The first characters of the answer, as they may be kept; None where there are none."""
        text = _UNPRINTABLE.sub(" ", self.answer[: 4 * LONGEST_EXCERPT].decode("utf-8", "replace")).strip()
        return text[:LONGEST_EXCERPT].strip() or None


@dataclass(frozen=True, slots=True)
class Limits:
    """What requests may reach, and for how long.

    Attributes
    ----------
    total_s
        Seconds that one request may take, from the look-up of the name to the last byte.
    ports
        Those that may be called.
    networks
        Those that may be called beside the public ones.
    ca_file
        Further certificate authorities that are trusted, in PEM; None for the machine's alone.
    """

    total_s: float = 15.0
    ports: Collection[int] = (USUAL_PORT,)
    networks: Sequence[Network] = ()
    ca_file: Path | None = None


class Post:
    """Sends requests.

    Parameters
    ----------
    limits
        What they may reach.
    resolve
        Gives a name's addresses.

    Raises
    ------
    SetupError
        When the certificate authorities cannot be read.
    """

    def __init__(self, limits: Limits, resolve: Resolve) -> None:
        self._limits = limits
        self._network = GuardedNetwork(resolve, limits.networks, MOST_BYTES)
        self._tls = _tls(limits.ca_file)

    @property
    def ports(self) -> Collection[int]:
        """Those that may be called."""
        return self._limits.ports

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Attempt:
        """POST a body, and say what came of it."""
        begun_s = time.monotonic()
        try:
            # Asked again: what may be called is set anew with each start.
            location = location_of(url, self._limits.ports)
        except Invalid:
            return Attempt(WebhookOutcome.ADDRESS_REFUSED)
        attempt = await _judged(lambda: self._send(location, headers, body), self._limits.total_s)
        took_ms = round((time.monotonic() - begun_s) * 1_000)
        return Attempt(attempt.outcome, attempt.status_code, took_ms, attempt.answer, attempt.retry_after)

    async def _send(self, location: Location, headers: Mapping[str, str], body: bytes) -> Attempt:
        host = location.host.encode("ascii")
        own = {
            "host": location.authority,
            "user-agent": "opsplan-webhooks",
            "accept-encoding": "identity",
            "connection": "close",
            "content-length": str(len(body)),
        }
        request = httpcore.Request(
            "POST",
            httpcore.URL(scheme=b"https", host=host, port=location.port, target=location.target.encode("ascii")),
            headers=[(name.encode("ascii"), value.encode("ascii")) for name, value in {**own, **headers}.items()],
            content=body,
            extensions={"timeout": dict.fromkeys(("read", "write"), self._limits.total_s) | {"connect": CONNECT_S}},
        )
        connection = httpcore.AsyncHTTPConnection(
            httpcore.Origin(b"https", host, location.port), ssl_context=self._tls, network_backend=self._network
        )
        async with aclosing(connection):
            response = await connection.handle_async_request(request)
            async with aclosing(response):
                return await _read(response)


async def _read(response: httpcore.Response) -> Attempt:
    parts: list[bytes] = []
    length = 0
    async for part in response.aiter_stream():
        parts.append(part)
        length += len(part)
        if length >= MOST_BODY_BYTES:
            break
    asked = next((value for name, value in response.headers if name.lower() == b"retry-after"), None)
    return Attempt(
        _outcome_of(response.status),
        response.status,
        answer=b"".join(parts)[:MOST_BODY_BYTES],
        retry_after=None if asked is None else asked.decode("latin-1")[:100],
    )


def _outcome_of(status: int) -> WebhookOutcome:
    if 200 <= status < 300:
        return WebhookOutcome.OK
    if status == 410:
        return WebhookOutcome.GONE
    return WebhookOutcome.REDIRECTED if 300 <= status < 400 else WebhookOutcome.REFUSED_STATUS


async def _judged(send: Callable[[], Awaitable[Attempt]], total_s: float) -> Attempt:
    try:
        async with asyncio.timeout(total_s):
            return await send()
    except (TimeoutError, httpcore.TimeoutException):
        return Attempt(WebhookOutcome.TIMED_OUT)
    except NotResolved:
        return Attempt(WebhookOutcome.NOT_RESOLVED)
    except AddressRefused:
        return Attempt(WebhookOutcome.ADDRESS_REFUSED)
    except TooMuch:
        return Attempt(WebhookOutcome.TOO_LARGE)
    except httpcore.ConnectError as failure:
        is_tls = isinstance(failure.__cause__, ssl.SSLError)
        return Attempt(WebhookOutcome.NOT_TRUSTED if is_tls else WebhookOutcome.NOT_CONNECTED)
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
        return Attempt(WebhookOutcome.BROKEN_OFF)


def _tls(ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError as failure:
            raise SetupError(
                say("{ca_file} holds no certificate authorities that can be read.", ca_file=ca_file),
                field="OPSPLAN_WEBHOOK_CA_FILE",
                value=str(ca_file),
                remedy=say("name a file with certificates in PEM, or leave it unset"),
            ) from failure
    return context
