"""Whether the service lives and whether it is ready: yes or no to everybody, the reasons to the log."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from opsplan.vocabulary.faults import kinds

_log = structlog.get_logger("opsplan.health")

Check = Callable[[], Awaitable[str | None]]
"""Gives why a part is not ready, or None when it is."""


class Readiness:
    """Asks every part whether it is ready; the answer holds for a moment, as anybody may ask.

    Parameters
    ----------
    checks
        The parts by name. A check that raises, or takes longer than `timeout_s` seconds, counts as not ready.
    hold_s
        Seconds for which an answer is given again without asking.
    """

    def __init__(self, checks: Mapping[str, Check], *, timeout_s: float = 2.0, hold_s: float = 1.0) -> None:
        self._checks = dict(checks)
        self._timeout_s = timeout_s
        self._hold_s = hold_s
        self._reasons: dict[str, str] = {}
        self._asked_at = float("-inf")
        self._lock = asyncio.Lock()

    async def reasons(self) -> dict[str, str]:
        """Give why the service is not ready, by part; empty when it is."""
        async with self._lock:
            if time.monotonic() - self._asked_at >= self._hold_s:
                answers = await asyncio.gather(*(self._ask(check) for check in self._checks.values()))
                now = {name: reason for name, reason in zip(self._checks, answers, strict=True) if reason is not None}
                if now != self._reasons:
                    _log.warning("not_ready" if now else "ready_again", reasons=now)
                self._reasons, self._asked_at = now, time.monotonic()
            return self._reasons

    async def _ask(self, check: Check) -> str | None:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await check()
        except Exception as failure:  # noqa: BLE001 - a part that cannot even be asked is not ready, whatever it raised
            return " < ".join(kinds(failure))

    async def answer(self, _: Request) -> Response:
        """Answer ``/readyz``."""
        if await self.reasons():
            return PlainTextResponse("no\n", status_code=503, headers={"retry-after": "5", "cache-control": "no-store"})
        return PlainTextResponse("yes\n", headers={"cache-control": "no-store"})


async def alive(_: Request) -> Response:
    """Answer ``/healthz``: the process answers, so it lives."""
    return PlainTextResponse("yes\n", headers={"cache-control": "no-store"})
