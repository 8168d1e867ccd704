"""A light GraphQL client: one HTTP/1.1 connection that stays open, one question at a time."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson


class BadAnswer(Exception):
    """An answer that is no good one: another status, errors, or none at all."""


class Asker:
    """One caller's connection to one process of the service."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._head = (
            "POST /graphql HTTP/1.1\r\n"
            f"host: 127.0.0.1:{port}\r\n"
            "content-type: application/json\r\n"
            "accept: application/json\r\n"
            f"authorization: Bearer {token}\r\n"
        ).encode("ascii")
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, query: str, variables: Mapping[str, Any]) -> Any:
        """Ask once and give the `data` of the answer.

        Raises
        ------
        BadAnswer
            If it is no good one.
        """
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        body = orjson.dumps({"query": query, "variables": variables})
        self._writer.write(self._head + f"content-length: {len(body)}\r\n\r\n".encode("ascii") + body)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.partition(b":")[2]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
        )
        content = orjson.loads(await self._reader.readexactly(length))
        if content.get("errors") or "data" not in content:
            raise BadAnswer(str(content)[:500])
        return content["data"]

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
            self._reader = self._writer = None
