"""Places for requests under way: what hangs takes none from what answers."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from opsplan.webhooks.model import WebhookOutcome
from opsplan.webhooks.sending import Attempt

QUICK_S = 1.0
"""How long a request may keep a place among the quick ones."""


class Places:
    """At most so many requests at once, and as many again that are slow.

    A request to an endpoint that failed last is taken for a slow one from the beginning. Any other begins among the
    quick ones; when it takes longer than they may, it goes on among the slow ones if there is room, or is broken off.
    So endpoints that hang, however many, keep the others waiting for moments only.

    Parameters
    ----------
    most
        Requests of each kind at once.
    quick_s
        Seconds after which a request is slow.
    """

    def __init__(self, most: int, quick_s: float = QUICK_S) -> None:
        self._quick = asyncio.Semaphore(most)
        self._slow = asyncio.Semaphore(most)
        self._quick_s = quick_s

    async def send(self, request: Callable[[], Coroutine[Any, Any, Attempt]], *, has_failed: bool) -> Attempt:
        """Make a request once there is a place for it, and give what came of it."""
        if has_failed:
            async with self._slow:
                return await request()
        await self._quick.acquire()
        task = asyncio.create_task(request())
        try:
            try:
                await asyncio.wait({task}, timeout=self._quick_s)
            finally:
                self._quick.release()
            if not task.done():
                if self._slow.locked():
                    return Attempt(WebhookOutcome.TIMED_OUT, took_ms=round(self._quick_s * 1_000))
                async with self._slow:
                    return await task
            return task.result()
        finally:
            task.cancel()
