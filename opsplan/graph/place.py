"""A place among those who share a number of them: waited for, for a while, and held for a block."""

import asyncio

from opsplan.vocabulary.errors import Unavailable


class Place:
    """A place among those who share connections, held for a block."""

    __slots__ = ("_places", "_wait_s")

    def __init__(self, places: asyncio.Semaphore, wait_s: float) -> None:
        self._places = places
        self._wait_s = wait_s

    async def __aenter__(self) -> None:
        if not self._places.locked():
            await self._places.acquire()
            return
        try:
            async with asyncio.timeout(self._wait_s):
                await self._places.acquire()
        except TimeoutError:
            raise Unavailable(
                f"No connection to Neo4j became free within {self._wait_s:g} s.",
                remedy="try again; if it stays so, allow more connections",
            ) from None

    async def __aexit__(self, *_: object) -> None:
        self._places.release()
