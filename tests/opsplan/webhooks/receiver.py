"""A receiver of webhooks under test: a TLS server on loopback that keeps what it gets and answers as it is told."""

import asyncio
import ipaddress
import json
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAMES = ("localhost", "hook.example", "rebinding.example")
ADDRESSES = ("127.0.0.1", "127.0.0.2")


@dataclass
class Got:
    """A request that arrived: where, what, when."""

    path: str
    headers: dict[str, str]
    body: bytes
    address: str
    at_s: float

    @cached_property
    def message(self) -> dict[str, Any]:
        """Its body, read."""
        told: dict[str, Any] = json.loads(self.body)
        return told

    @cached_property
    def record_ids(self) -> list[str]:
        """Which records it tells of."""
        return [each["recordId"] for each in self.message["data"].get("changes", [])]


@dataclass
class Answer:
    """What is answered."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


Behaviour = Callable[[Got, asyncio.StreamWriter], Awaitable[Answer | None]]


async def honest(got: Got, _: asyncio.StreamWriter) -> Answer | None:
    """Give challenges back, and take all else."""
    data = got.message["data"]
    return Answer(body=json.dumps({"challenge": data["challenge"]}).encode() if "challenge" in data else b"thanks")


def answering(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    """Answer everything alike."""

    async def answer(_got: Got, _writer: asyncio.StreamWriter) -> Answer:
        return Answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()})

    return answer


async def hanging(_got: Got, _writer: asyncio.StreamWriter) -> Answer | None:
    """Never answer."""
    await asyncio.sleep(600)
    return None


async def _listens(writer: asyncio.StreamWriter) -> bool:
    """Whether the other side is still there; lets others have their turn."""
    await asyncio.sleep(0)
    return not writer.is_closing()


async def dripping(_got: Got, writer: asyncio.StreamWriter) -> Answer | None:
    """Answer a byte at a time, without end."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    while await _listens(writer):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def huge(_got: Got, writer: asyncio.StreamWriter) -> Answer | None:
    """Answer with far more than anybody wants."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n")
    while await _listens(writer):
        writer.write(b"x" * 65_536)
        await writer.drain()


async def endless_headers(_got: Got, writer: asyncio.StreamWriter) -> Answer | None:
    """Never come to the end of the headers."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while await _listens(writer):
        writer.write(b"x-more: " + b"y" * 4_000 + b"\r\n")
        await writer.drain()


async def until(is_so: Callable[[], bool | Awaitable[bool]], within_s: float = 10.0) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(within_s):
        while True:
            answer = is_so()
            if answer is True or (isinstance(answer, Awaitable) and await answer):
                return
            await asyncio.sleep(0.01)


class Receiver:
    """The server: one port, on every address of loopback; a path for each endpoint."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls
        self.port = 0
        self.got: list[Got] = []
        self.connections = 0
        self.behaviours: dict[str, Behaviour] = {}
        self._loop = asyncio.new_event_loop()

    def url(self, path: str, host: str = "localhost") -> str:
        """Give the address of an endpoint."""
        return f"https://{host}:{self.port}{path}"

    def at(self, path: str, *, but_challenges: bool = True) -> list[Got]:
        """Give what arrived there, in order."""
        return [
            each
            for each in list(self.got)
            if each.path == path and not (but_challenges and each.message["type"] == "webhook.challenge")
        ]

    async def hears(self, path: str, count: int, within_s: float = 10.0) -> list[Got]:
        """Wait until so many messages have arrived there."""
        await until(lambda: len(self.at(path)) >= count, within_s)
        return self.at(path)

    async def hears_of(self, path: str, record_ids: Iterable[str], within_s: float = 15.0) -> None:
        """Wait until it was told there of all these records."""
        wanted = set(record_ids)
        await until(lambda: wanted <= {each for got in self.at(path) for each in got.record_ids}, within_s)

    @contextmanager
    def serving(self) -> Iterator["Receiver"]:
        """Serve, in a thread of its own, while the block runs."""
        ready = threading.Event()

        async def run() -> None:
            server = await asyncio.start_server(self._serve, "0.0.0.0", 0, ssl=self._tls)
            self.port = server.sockets[0].getsockname()[1]
            self._stop = asyncio.Event()
            ready.set()
            await self._stop.wait()
            server.close()

        def body() -> None:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(run())

        thread = threading.Thread(target=body, name="receiver")
        thread.start()
        ready.wait(10)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._stop.set)
            thread.join(10)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            got = Got(head[0].split()[1], headers, body, writer.get_extra_info("sockname")[0], time.time())
            self.got.append(got)
            answer = await self.behaviours.get(got.path, honest)(got, writer)
            if answer is not None:
                lines = {"content-length": str(len(answer.body)), **answer.headers}
                told = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
                writer.write(f"HTTP/1.1 {answer.status} X\r\n{told}\r\n".encode() + answer.body)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError):
            pass
        finally:
            writer.close()


def make_authority(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """Make a certificate authority and a server's certificate by it; give the authority's file and the server's TLS."""
    authority_key, authority = _certificate("EXERCISE authority", None, None)
    key, certificate = _certificate("EXERCISE receiver", authority, authority_key)
    ca_file, chain, key_file = folder / "ca.pem", folder / "chain.pem", folder / "key.pem"
    ca_file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(chain, key_file)
    return ca_file, tls


def _certificate(
    name: str, issuer: x509.Certificate | None, issuer_key: ec.EllipticCurvePrivateKey | None
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signed_by = issuer_key or key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signed_by.public_key()), critical=False)
    )
    if issuer is None:
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=True)
    else:
        names: list[x509.GeneralName] = [x509.DNSName(each) for each in NAMES]
        names += [x509.IPAddress(ipaddress.ip_address(each)) for each in ADDRESSES]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return key, builder.sign(signed_by, hashes.SHA256())
