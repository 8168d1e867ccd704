"""A light GraphQL client: one HTTP/1.1 connection that stays open, one question at a time."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import orjson

_CREATE = """
mutation ($input: CreateClaimInput!) { createClaim(input: $input) { __typename
  ... on Claim { id } ... on KeysMissingError { missing { key } } ... on Refusal { code message } } }
"""

_IDLE_S = 2.0
"""A connection that has carried nothing for so long may be about to be closed by the service."""


class BadAnswer(Exception):
    """An answer that is no good one: another status, errors, or none at all."""


class Asker:
    """One connection to one process of the service, for whoever has a token.

    Parameters
    ----------
    port
        Where the process listens on loopback.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._head = (
            "POST /graphql HTTP/1.1\r\n"
            f"host: 127.0.0.1:{port}\r\n"
            "content-type: application/json\r\n"
            "accept: application/json\r\n"
        )
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._used_s = 0.0

    async def ask(self, token: str, query: str, variables: Mapping[str, Any]) -> Any:
        """Ask once and give the `data` of the answer.

        Raises
        ------
        BadAnswer
            If it is no good one.
        """
        if time.monotonic() - self._used_s > _IDLE_S:
            self.close()
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        body = orjson.dumps({"query": query, "variables": variables})
        head = f"{self._head}authorization: Bearer {token}\r\ncontent-length: {len(body)}\r\n\r\n"
        self._writer.write(head.encode("ascii") + body)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
        length = next(int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:"))
        content = orjson.loads(await self._reader.readexactly(length))
        self._used_s = time.monotonic()
        if content.get("errors") or "data" not in content:
            raise BadAnswer(str(content)[:500])
        return content["data"]

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
            self._reader = self._writer = None


async def create(asker: Asker, token: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Commit a claim: the answer of `createClaim`, which is the claim or a refusal."""
    told: dict[str, Any] = (await asker.ask(token, _CREATE, {"input": given}))["createClaim"]
    return told
