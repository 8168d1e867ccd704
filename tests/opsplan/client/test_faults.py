"""What fails between the client and a service is told by the guide's table, and nothing else comes through.

The services are stand-ins that answer what ours does not: proxies, other servers, broken ones.
"""

import asyncio
import datetime
import ipaddress
import json
import ssl
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.asyncio.server import ServerConnection, serve

from opsplan.client import (
    Client,
    ClientError,
    Failed,
    KeyTokens,
    NoToken,
    RateLimited,
    Unreachable,
    Unreadable,
    new_key,
)
from opsplan.client.socket import PROTOCOL

VIEWER = {
    "subject": "s",
    "agencyId": "a",
    "agencyCode": "KH-NCB",
    "roles": [],
    "expiresAt": "2026-12-01T04:00:00Z",
    "limits": {"costPerMinute": 1, "remaining": 1, "resetSeconds": 1, "atOnce": 1},
}
EVENT = {
    "cursor": "c",
    "at": "2026-12-01T04:00:00Z",
    "kind": "CREATED",
    "noun": "Compound",
    "recordId": "compound_1",
    "fields": [],
    "by": "anna",
    "agencyId": None,
    "reason": None,
}


def answering(status: int = 200, told: object = None, **more: Any) -> httpx.AsyncClient:
    """Give a client whose every request is answered so."""
    given = {"json": told} if told is not None else {}
    return httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(status, **given, **more)))


async def failure_of(client: Client) -> ClientError:
    """Give what a question fails with."""
    async with client:
        with pytest.raises(ClientError) as told:
            await client.viewer()
    return told.value


@pytest.mark.parametrize(
    "address",
    ["http://[bad", "http://127.0.0.1:99999", "http://127.0.0.1:x", "http://", "ftp://127.0.0.1", "nowhere", ""],
)
async def test_what_is_no_address_is_told_to_be_none(address: str, tmp_path: Path) -> None:
    """By questions, subscriptions and tokens alike."""
    key = new_key(tmp_path / "key.jwk")
    async with Client(address, "token") as client:
        for asked in (client.viewer(), anext(client.record_changed()), KeyTokens(key, address, "KH-NCB").token()):
            with pytest.raises(Unreadable, match="is no address"):
                await asked


@pytest.mark.parametrize("token", ["", "eyJ.eyJ.x\n", "é", "two words"])
async def test_what_is_no_token_is_not_sent(token: str) -> None:
    """An empty variable of a shell, a file's end of line."""
    async with Client("http://127.0.0.1:9", token) as client:
        for asked in (client.viewer(), anext(client.record_changed())):
            with pytest.raises(NoToken):
                await asked


async def test_answers_that_are_none_are_unreadable() -> None:
    """Errors that are no list, a body that is not as its header says, a page of somebody else."""
    for http in (
        answering(told={"errors": "all"}),
        answering(told={"errors": {"message": "m"}}),
        answering(told={"data": None}),
        answering(content=b"nonsense", headers={"content-encoding": "gzip"}),
        answering(404, content=b"<html>"),
    ):
        assert isinstance(await failure_of(Client("http://service", "token", http=http)), Unreadable)
    assert isinstance(await failure_of(Client("http://service", "token", http=answering(503))), Unreachable)


async def test_a_failure_says_what_helps() -> None:
    """In its words, as a system logs nothing else."""
    error = {"message": "No such cursor.", "extensions": {"code": "INVALID", "remedy": "give one that came"}}
    failure = await failure_of(Client("http://service", "token", http=answering(told={"errors": [error, "odd"]})))
    assert isinstance(failure, Failed)
    assert str(failure) == "INVALID: No such cursor. What helps: give one that came. UNKNOWN: odd"


@pytest.mark.parametrize(("header", "least", "most"), [("7", 7, 7), (None, 1, 1), ("soon", 1, 1), ("date", 20, 31)])
async def test_how_long_to_wait_may_be_a_date(header: str | None, least: float, most: float) -> None:
    """As HTTP allows, and proxies do."""
    header = formatdate(time.time() + 30, usegmt=True) if header == "date" else header
    http = answering(
        told={"errors": [{"message": "m", "extensions": {"code": "RATE_LIMITED", "retryable": True}}]},
        headers={"retry-after": header} if header else {},
    )
    failure = await failure_of(Client("http://service", "token", http=http))
    assert isinstance(failure, RateLimited)
    assert least <= failure.retry_after_s <= most


@pytest.mark.parametrize(
    ("status", "told", "kind"),
    [
        (503, {}, Unreachable),
        (404, {}, Unreadable),
        (200, {"issuer": 1, "token_endpoint": []}, Unreadable),
        (200, {"token_endpoint_auth_signing_alg_values_supported": 7}, Unreadable),
        (200, {"token_endpoint": "http://[bad"}, Unreadable),
        (200, [], Unreadable),
    ],
)
async def test_an_issuer_that_says_nonsense_or_is_in_trouble(
    tmp_path: Path, status: int, told: Any, kind: type[ClientError]
) -> None:
    """The one is for a person to look at, the other for later."""
    if isinstance(told, dict):
        told = {"issuer": "http://issuer", "token_endpoint": "http://issuer/token", **told} if status == 200 else told
    tokens = KeyTokens(new_key(tmp_path / "key.jwk"), "http://issuer", "KH-NCB", http=answering(status, told))
    with pytest.raises(kind):
        await tokens.token()


# Sockets and TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate of this machine that no authority knows; its key is in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "opsplan test")])
    now = datetime.datetime.now(datetime.UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM))
    return path


@asynccontextmanager
async def http_server(tls: ssl.SSLContext | None, heads: list[str]) -> AsyncIterator[str]:
    """Answer every question with a viewer, and note what it was asked with."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.read(1) != b"P":
            # What is no POST is a handshake of TLS.
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            writer.close()
            return
        heads.append((await reader.readuntil(b"\r\n\r\n")).decode().lower())
        await reader.readuntil(b"}")
        body = json.dumps({"data": {"viewer": VIEWER}}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls) as server:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def socket_server(
    tls: ssl.SSLContext | None, note: Callable[[ServerConnection], None]
) -> AsyncIterator[tuple[str, list[asyncio.Event]]]:
    """Give events without end to who subscribes; an event of ours for each socket says that it was closed."""
    closed: list[asyncio.Event] = []

    async def speak(socket: ServerConnection) -> None:
        note(socket)
        closed.append(asyncio.Event())
        await socket.recv()
        await socket.send(json.dumps({"type": "connection_ack"}))
        await socket.recv()
        message = {"id": "1", "type": "next", "payload": {"data": {"recordChanged": EVENT}}}
        for _ in range(3):
            await socket.send(json.dumps(message))
        own = closed[-1]
        await socket.wait_closed()
        own.set()

    async with serve(speak, "127.0.0.1", 0, ssl=tls, subprotocols=[PROTOCOL]) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        yield f"http{'s' if tls else ''}://127.0.0.1:{port}", closed


async def test_an_authority_of_one_s_own_is_trusted_by_both(certificate: Path) -> None:
    """Given as `ssl`; without it both say that asking again does not help. So for TLS where there is none."""
    there = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    there.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=str(certificate))
    async with http_server(there, []) as address:
        async with Client(address, "token", ssl=trusting) as client:
            assert (await client.viewer()).agency_code == "KH-NCB"
        with pytest.raises(Unreadable, match="not to be trusted"):
            await Client(address, "token").viewer()
    async with socket_server(there, lambda _: None) as (address, _):
        async with Client(address, "token", ssl=trusting) as client:
            assert (await anext(client.record_changed())).cursor == "c"
        with pytest.raises(Unreadable, match="not to be trusted"):
            await anext(Client(address, "token").record_changed())
    async with http_server(None, []) as address:
        confused = Client(address.replace("http:", "https:"), "token", ssl=trusting)
        for asked in (confused.viewer(), anext(confused.record_changed())):
            with pytest.raises(Unreadable, match="does not speak TLS"):
                await asked


async def test_a_language_is_asked_for_by_both() -> None:
    """By the same header, which is not sent when nothing is said."""
    heads: list[str] = []
    async with http_server(None, heads) as address:
        for language in ("fr", None):
            async with Client(address, "token", language=language) as client:
                await client.viewer()
    assert "accept-language: fr" in heads[0]
    assert "accept-language" not in heads[1]
    asked: list[str | None] = []
    async with (
        socket_server(None, lambda each: asked.append(each.request and each.request.headers["accept-language"])) as (
            address,
            _,
        ),
        Client(address, "token", language="fr") as client,
    ):
        await anext(client.record_changed())
    assert asked == ["fr"]


LEFT = """import asyncio, sys
from opsplan.client import Client

async def main() -> None:
    client = Client(sys.argv[1], "token")
    async for event in client.record_changed():
        print(event.noun)
        break
    held = client.record_changed()
    print((await anext(held)).noun)

asyncio.run(main())
"""


async def test_a_program_that_leaves_all_open_ends_without_a_word() -> None:
    """Neither subscriptions nor the client are closed: asyncio and Python have nothing to complain of."""
    async with socket_server(None, lambda _: None) as (address, _):
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-X", "dev", "-W", "ignore::ResourceWarning", "-c", LEFT, address, stdout=PIPE, stderr=PIPE
        )
        said, complained = await asyncio.wait_for(program.communicate(), 30)
    assert (program.returncode, said, complained) == (0, b"Compound\nCompound\n", b"")


async def test_a_subscription_may_be_left_by_break() -> None:
    """Its socket goes at once when nobody holds it, with the client when somebody does, and by `aclose`."""
    async with socket_server(None, lambda _: None) as (address, closed):
        async with Client(address, "token") as client:
            async for event in client.record_changed():
                assert event.noun == "Compound"
                break
            await asyncio.wait_for(closed[0].wait(), 5)
            held = client.record_changed()
            async for _ in held:
                break
            # What is held goes on where it was left.
            assert (await anext(held)).cursor == "c"
            assert not closed[1].is_set()
        await asyncio.wait_for(closed[1].wait(), 5)
        assert [each async for each in held] == []
