"""A line to the server that can be cut or go silent: a real TCP proxy on loopback."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

_COMMIT = b"\xb0\x12"  # Bolt: a structure without fields, signature COMMIT


class UnreliableLine:
    """Passes bytes both ways until it is told otherwise."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._writers: set[asyncio.StreamWriter] = set()
        self.connections = 0
        self.commits = 0
        self.cut_at_commit: str | None = None
        """``before`` loses the commit itself, ``after`` passes it on and loses the answer."""
        self.silent = asyncio.Event()
        self.dribbles = False
        """Whether what the server says comes byte by byte."""
        self.cut_after_bytes: list[int] = []
        """For each connection in turn, after how many bytes from the server it is cut; those beyond the list hold."""
        self._said = bytearray()

    @property
    def open(self) -> int:
        """How many connections are open."""
        return len(self._writers) // 2

    def times_said(self, text: str) -> int:
        """Give how often a statement with this text was sent to the server."""
        return self._said.count(text.encode())

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        left = self.cut_after_bytes.pop(0) if self.cut_after_bytes else None
        far_reader, far_writer = await asyncio.open_connection(*self._target)
        self._writers |= {writer, far_writer}
        try:
            await asyncio.gather(self._up(reader, far_writer), self._down(far_reader, writer, left))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            for end in (writer, far_writer):
                end.close()
                self._writers.discard(end)

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65536):
            self._said += chunk
            if _COMMIT in chunk:
                self.commits += 1
                if self.cut_at_commit == "before":
                    raise ConnectionResetError
            writer.write(chunk)
            await writer.drain()
            if _COMMIT in chunk and self.cut_at_commit == "after":
                await asyncio.sleep(0.3)  # the server commits
                raise ConnectionResetError
        raise ConnectionResetError

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: int | None) -> None:
        while chunk := await reader.read(65536):
            if left is not None:
                chunk, left = chunk[:left], left - len(chunk)
            if self.silent.is_set() or (self.commits and self.cut_at_commit):
                continue
            for piece in [chunk[at : at + 1] for at in range(len(chunk))] if self.dribbles else [chunk]:
                writer.write(piece)
                await writer.drain()
            if left is not None and left <= 0:
                raise ConnectionResetError
        raise ConnectionResetError

    def cut(self) -> None:
        """Cut every connection there is; new ones pass."""
        for writer in list(self._writers):
            writer.transport.abort()


@asynccontextmanager
async def unreliable_line(uri: str) -> AsyncIterator[tuple[str, UnreliableLine]]:
    """Give the address of a line to the server at `uri`, and the line."""
    target = urlsplit(uri)
    assert target.hostname is not None
    assert target.port is not None
    line = UnreliableLine(target.hostname, target.port)
    server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"bolt://127.0.0.1:{port}", line
    finally:
        server.close()
        line.cut()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                await server.wait_closed()
