"""Whether the service lives and whether it is ready: yes or no to everybody, the reasons to the log.

``/readyz`` answers JSON: ``ready``, and when it is, ``warnings`` and facts by name. A warning does not make it unready.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from opsplan.vocabulary.faults import kinds

_log = structlog.get_logger("opsplan.health")

Check = Callable[[], Awaitable[str | None]]
"""Gives why a part is not ready, or None when it is."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a part: facts that everybody may read, and a warning, if any."""

    facts: Mapping[str, Any]
    warning: str | None = None


Fact = Callable[[], Awaitable[Told]]
"""Tells of a part that is ready whatever it tells."""


class Readiness:
    """Asks every part whether it is ready; the answer holds for a moment, as anybody may ask.

    Parameters
    ----------
    checks
        The parts by name. A check that raises, or takes longer than `timeout_s` seconds, counts as not ready.
    facts
        What else is told of a service that is ready, by name.
    hold_s, hold_facts_s
        Seconds for which an answer is given again without asking.
    """

    def __init__(
        self,
        checks: Mapping[str, Check],
        facts: Mapping[str, Fact] | None = None,
        *,
        timeout_s: float = 2.0,
        hold_s: float = 1.0,
        hold_facts_s: float = 60.0,
    ) -> None:
        self._checks = dict(checks)
        self._facts = dict(facts or {})
        self._timeout_s = timeout_s
        self._hold_s = hold_s
        self._hold_facts_s = hold_facts_s
        self._reasons: dict[str, str] = {}
        self._asked_at = float("-inf")
        self._told: dict[str, Told] = {}
        self._told_at = float("-inf")
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

    async def told(self) -> dict[str, Told]:
        """Give what is known of the service's surroundings; a warning is logged when it is new."""
        async with self._lock:
            if time.monotonic() - self._told_at >= self._hold_facts_s:
                told = {name: each for name, fact in self._facts.items() if (each := await self._tell(fact))}
                for name, each in told.items():
                    before = self._told.get(name)
                    if each.warning is not None and (before is None or before.warning != each.warning):
                        _log.warning("ready_with_warning", part=name, warning=each.warning)
                # What could not be asked now is asked again next time, and no news until then.
                self._told |= told
                self._told_at = time.monotonic() if len(told) == len(self._facts) else self._told_at
            return self._told

    async def _ask(self, check: Check) -> str | None:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await check()
        except Exception as failure:  # noqa: BLE001 - a part that cannot even be asked is not ready, whatever it raised
            return " < ".join(kinds(failure))

    async def _tell(self, fact: Fact) -> Told | None:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await fact()
        except Exception as failure:  # noqa: BLE001 - a fact that cannot be had is no reason to be unready
            _log.info("fact_unknown", kind=kinds(failure))
            return None

    async def answer(self, _: Request) -> Response:
        """Answer ``/readyz``."""
        headers = {"cache-control": "no-store"}
        if await self.reasons():
            return JSONResponse({"ready": False}, status_code=503, headers={"retry-after": "5", **headers})
        told = await self.told()
        warnings = [each.warning for each in told.values() if each.warning is not None]
        facts = {name: dict(each.facts) for name, each in told.items()}
        return JSONResponse({"ready": True, "warnings": warnings, **facts}, headers=headers)


async def alive(_: Request) -> Response:
    """Answer ``/healthz``: the process answers, so it lives."""
    return PlainTextResponse("yes\n", headers={"cache-control": "no-store"})
