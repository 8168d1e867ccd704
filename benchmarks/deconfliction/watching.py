"""How late notices are told under load: to subscribers over WebSockets, and to one who reads the feed.

The delay counts from the instant that a commit bears, which is that of its transaction's begin: so it holds the time
that the commit itself has waited, too.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from benchmarks.deconfliction.http import Asker
from benchmarks.deconfliction.service import Apis
from opsplan.demo.client import Client
from opsplan.vocabulary.clock import instant_from_text

_SUBSCRIBE = "subscription { recordChanged(nouns: [Notice]) { at kind recordId } }"
_FEED = """
query ($after: String) { changes(after: $after, first: 1000, nouns: [Notice]) {
  changes { at kind recordId } endCursor hasMore } }
"""
_EVERY_S = 0.25
_TAIL_S = 10.0


@dataclass(slots=True)
class Watched:
    """What was told: seconds that each notice was late, and the notices by id, each with how often it was told."""

    seconds: list[float] = field(default_factory=list)
    by_reader: dict[str, dict[str, int]] = field(default_factory=dict)

    def forget_delays(self) -> None:
        """Begin to note anew how late what is told is; what was told stays noted."""
        self.seconds.clear()

    def hear(self, reader: str, changes: Sequence[dict[str, str]]) -> None:
        """Take what one reader was told just now."""
        now = time.time()
        told = self.by_reader.setdefault(reader, {})
        for each in changes:
            self.seconds.append(now - instant_from_text(each["at"]).timestamp())
            if each["kind"] == "CREATED":
                told[each["recordId"]] = told.get(each["recordId"], 0) + 1


@asynccontextmanager
async def watching(apis: Apis, subscribers: Sequence[str], feed_reader: str) -> AsyncIterator[Watched]:
    """Listen for agencies while the block runs, and until all has been told that came of it.

    Parameters
    ----------
    subscribers
        Agencies that subscribe, by turns with each process.
    feed_reader
        The agency that reads the feed, four times a second.
    """
    watched = Watched()
    stopping = asyncio.Event()
    ready: list[asyncio.Event] = []

    async def subscribe(number: int, agency: str) -> None:
        api = apis.each[number % len(apis.each)]
        ready[number].set()
        async with Client(api.address, apis.token(agency)) as client:
            async for event in client.follow(_SUBSCRIBE, {}):
                watched.hear(agency, [event["recordChanged"]])

    async def read_feed() -> None:
        asker, token = Asker(apis.each[0].port), apis.token(feed_reader)
        after: str | None = None
        while True:
            # What is committed while a page is on its way may not be on it.
            is_last = stopping.is_set()
            page = (await asker.ask(token, _FEED, {"after": after}))["changes"]
            after = page["endCursor"]
            watched.hear(feed_reader, page["changes"])
            if page["hasMore"]:
                continue
            if is_last:
                return
            await asyncio.sleep(_EVERY_S)

    ready += [asyncio.Event() for _ in subscribers]
    listening = [asyncio.create_task(subscribe(number, agency)) for number, agency in enumerate(subscribers)]
    reading = asyncio.create_task(read_feed())
    await asyncio.gather(*(each.wait() for each in ready))
    # The sockets say nothing when they listen; a second is long for it.
    await asyncio.sleep(1.0)
    try:
        yield watched
        stopping.set()
        await reading
        await _silence(watched)
    finally:
        for task in (reading, *listening):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _silence(watched: Watched) -> None:
    """Wait until nothing more is told for a second."""
    until = time.monotonic() + _TAIL_S
    heard = -1
    while heard != len(watched.seconds) and time.monotonic() < until:
        heard = len(watched.seconds)
        await asyncio.sleep(1.0)
