"""The one client of all sides: HTTP/1.1 over connections that stay open, as light as Python allows.

Each connection is a client that asks, waits for the answer, and asks again. Requests are made beforehand; of an answer
only its status, its length and its first bytes are looked at, so that the client is never what is measured.
"""

import gc
import selectors
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson

_CHUNK = 1 << 18
_LONGEST_WAIT_S = 60.0
_GOOD = b'{"data":'


class BadAnswer(Exception):
    """An answer that is no good one: another status, errors, or none at all."""


@dataclass(slots=True)
class Told:
    """What was seen: seconds that each answer took, bytes of answers, and seconds in which all that happened."""

    seconds: list[float] = field(default_factory=list)
    answer_bytes: int = 0
    spent_s: float = 0.0

    def add(self, other: "Told") -> None:
        """Add what was seen in another slice of time."""
        self.seconds += other.seconds
        self.answer_bytes += other.answer_bytes
        self.spent_s += other.spent_s


@dataclass(frozen=True, slots=True)
class Door:
    """Where a side listens, and the headers that it wants."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def request(self, content: Mapping[str, Any]) -> bytes:
        """Give the bytes of a request."""
        parts = urlsplit(self.url)
        body = orjson.dumps(content)
        lines = [
            f"POST {parts.path or '/'} HTTP/1.1",
            f"host: {parts.netloc}",
            "content-type: application/json",
            "accept: application/json",
            f"content-length: {len(body)}",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        return "\r\n".join([*lines, "", ""]).encode("ascii") + body

    def connect(self) -> socket.socket:
        """Open a connection."""
        parts = urlsplit(self.url)
        assert parts.hostname is not None
        assert parts.port is not None
        made = socket.create_connection((parts.hostname, parts.port), timeout=_LONGEST_WAIT_S)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made


def ask(door: Door, request: bytes) -> Any:
    """Ask once and give the `data` of the answer.

    Raises
    ------
    BadAnswer
        If it is no good one.
    """
    with door.connect() as connection:
        connection.sendall(request)
        asked = _Asked(connection)
        while not asked.take():
            pass
        return orjson.loads(asked.body)["data"]


def run(door: Door, requests: Iterator[bytes], clients: int, seconds: float) -> Told:
    """Let `clients` clients ask for so long; each gets its last answer still.

    Raises
    ------
    BadAnswer
        If any answer is no good one.
    """
    told = Told()
    waiting = selectors.DefaultSelector()
    connections = [door.connect() for _ in range(clients)]
    gc.disable()
    try:
        begun = time.perf_counter()
        until = begun + seconds
        for each in connections:
            asked = _Asked(each)
            waiting.register(each, selectors.EVENT_READ, asked)
            asked.send(next(requests))
        left = clients
        while left:
            ready = waiting.select(_LONGEST_WAIT_S)
            if not ready:
                raise BadAnswer(f"{door.url}: no answer within {_LONGEST_WAIT_S:g} s")
            for key, _ in ready:
                asked = key.data
                if asked.take():
                    now = time.perf_counter()
                    told.seconds.append(now - asked.sent_at)
                    told.answer_bytes += asked.size
                    if now < until:
                        asked.send(next(requests))
                    else:
                        left -= 1
        told.spent_s = time.perf_counter() - begun
    finally:
        gc.enable()
        waiting.close()
        for each in connections:
            each.close()
    return told


class _Asked:
    """One connection with the answer that it waits for."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._got = bytearray()
        self._whole = 0
        self._body_at = 0
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        self._got.clear()
        self._whole = 0
        self.sent_at = time.perf_counter()
        self._connection.sendall(request)

    def take(self) -> bool:
        """Take what has come; whether the answer is whole."""
        part = self._connection.recv(_CHUNK)
        if not part:
            raise BadAnswer("the connection was closed in the middle of an answer")
        got = self._got
        got += part
        if not self._whole:
            self._body_at = got.find(b"\r\n\r\n") + 4
            if self._body_at < 4:
                return False
            if not got.startswith(b"HTTP/1.1 200 "):
                raise BadAnswer(bytes(got[:2_000]).decode("utf-8", "replace"))
            self._whole = self._body_at + _length(bytes(got[: self._body_at]))
        if len(got) < self._whole:
            return False
        if not got.startswith(_GOOD, self._body_at):
            raise BadAnswer(bytes(got[:2_000]).decode("utf-8", "replace"))
        return True

    @property
    def size(self) -> int:
        """Bytes of the answer's body."""
        return self._whole - self._body_at

    @property
    def body(self) -> bytes:
        """The answer's body."""
        return bytes(self._got[self._body_at : self._whole])


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    raise BadAnswer(f"an answer without its length: {head.decode('latin-1')}")
