"""A place among those who share a number of them: waited for, for a while, and held for a block."""

import asyncio
from collections.abc import Callable
from typing import Any

from neo4j import AsyncSession

from opsplan.vocabulary.errors import Unavailable
from opsplan.vocabulary.sentences import say


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
                say("No connection to Neo4j became free within {wait_s:g} s.", wait_s=self._wait_s),
                remedy=say("try again; if it stays so, allow more connections"),
            ) from None

    async def __aexit__(self, *_: object) -> None:
        self._places.release()


class SharedSession:
    """A session of those who share connections: it is made when one of their places is free."""

    __slots__ = ("_make", "_place", "_session")

    def __init__(self, make: Callable[[], AsyncSession], place: Place) -> None:
        self._make = make
        self._place = place

    async def __aenter__(self) -> AsyncSession:
        await self._place.__aenter__()
        try:
            self._session = self._make()
            return await self._session.__aenter__()
        except BaseException:
            await self._place.__aexit__()
            raise

    async def __aexit__(self, kind: Any, failure: Any, trace: Any) -> None:
        try:
            await self._session.__aexit__(kind, failure, trace)  # type: ignore[no-untyped-call]
        finally:
            await self._place.__aexit__()
