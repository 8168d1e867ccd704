"""Telling one endpoint: what has happened is sent until it arrives, then what has happened since.

One message is under way at a time, so that they arrive in order. When the endpoint is in step, a message tells of one
commit; when it is behind, of up to a hundred changes of several, so that it catches up. While it fails nothing piles up
for it but its place in the feed.
"""

import asyncio
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

import structlog

from opsplan.calls.errors import log_fault
from opsplan.records.feed import Happened, last_number
from opsplan.vocabulary.clock import instant_from_text, instant_text
from opsplan.vocabulary.errors import OpsplanError
from opsplan.vocabulary.sentences import Sentence, say
from opsplan.webhooks.dispatch import Dispatch
from opsplan.webhooks.model import WebhookDeliveryState, WebhookOutcome
from opsplan.webhooks.rules.messages import MOST_CHANGES, changed
from opsplan.webhooks.rules.retrying import is_given_up, pause_after, wish_of
from opsplan.webhooks.sending import Attempt
from opsplan.webhooks.service.attempts import told_of
from opsplan.webhooks.service.telling import END_OF_COMMIT, Stretch, happened_in
from opsplan.webhooks.worker.desk import Desk, Head, Waiting
from opsplan.webhooks.worker.places import Places

_log = structlog.get_logger("opsplan.webhooks")

_MOST_COMMITS = 2_000
"""Looked at in one statement, so that an endpoint that was away for long is no long statement."""
_PASSES_OVER_S = 10.0
"""After how long a place that has nothing to tell before it is written down."""
_GRAPH_PAUSE_S = 2.0

Pause = Callable[[int, float, timedelta | None], timedelta | None]


class Counts(Protocol):
    """Where attempts are counted."""

    def __call__(self, outcome: WebhookOutcome, seconds: float, /) -> None:
        """Count an attempt: what came of it, and how long after the message was made it ended."""


@dataclass(frozen=True, slots=True)
class Ways:
    """What all tellers of a process share.

    Attributes
    ----------
    desk, dispatch
        What they write by, and what they send by.
    places
        For requests under way.
    disable_after
        How long an endpoint may fail.
    pause
        When a delivery is tried again.
    count
        Told of each attempt.
    """

    desk: Desk
    dispatch: Dispatch
    places: Places
    disable_after: timedelta
    pause: Pause = pause_after
    count: Counts = lambda _outcome, _seconds: None


@dataclass(slots=True)
class Teller:
    """Tells one endpoint while `tell` runs."""

    endpoint_id: str
    ways: Ways
    nouns: frozenset[str] | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _nudged: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: bool = False
    _passed_at_s: float = field(default_factory=time.monotonic)

    def concerns(self, nouns: frozenset[str]) -> bool:
        """Whether the endpoint may be told of records of one of these nouns."""
        return not self.nouns or bool(self.nouns & nouns)

    def wake(self) -> None:
        """Say that there may be something new to tell."""
        self._news.set()

    def nudge(self) -> None:
        """Say that the endpoint itself was changed, so that it is looked at anew."""
        self._nudged.set()
        self._news.set()

    def stop(self) -> None:
        """Begin nothing any more."""
        self._stopping = True
        self.nudge()

    async def tell(self) -> None:
        """Tell the endpoint until `stop`, or until another worker or none shall tell it."""
        while not self._stopping:
            # Before it is looked: what is said from here on is not lost.
            self._nudged.clear()
            try:
                head = await self.ways.desk.head(self.endpoint_id)
                if head is None:
                    return
                self.nouns = frozenset(head.nouns)
                await self._go_on(head)
            except OpsplanError as failure:
                # The graph is away: look again after a pause, for as long as it takes.
                _log.warning("webhooks_wait_for_graph", code=failure.code)
                await self._rest(_GRAPH_PAUSE_S)
            except Exception as failure:  # noqa: BLE001 - a teller that dies quietly would leave its endpoint untold
                log_fault(failure, "WEBHOOKS")
                await self._rest(_GRAPH_PAUSE_S)

    async def _go_on(self, head: Head) -> None:
        """Tell an endpoint from where it stands, as long as nobody else changes anything about it."""
        known = place = head.place
        while not self._stopping:
            if head.waiting is not None:
                await self._send(head, head.waiting, None)
                return
            self._news.clear()
            last = await last_number(self.ways.desk.graph)
            if place[0] > last:
                # The graph was replaced by an older one.
                place = (last, END_OF_COMMIT)
                await self.ways.desk.pass_over(head, known, place)
                return
            end = min(last, place[0] + _MOST_COMMITS)
            stretch = Stretch(*place, end, END_OF_COMMIT, head.nouns)
            happened = await self._happened(head, stretch) if (end, END_OF_COMMIT) > place else []
            if happened:
                opened = await self._open(head, known, stretch, happened)
                if opened is None or opened.waiting is None:
                    return
                if not await self._send(opened, opened.waiting, happened):
                    return
                # Nobody else sends here, so that all is as it was, but for a place further on.
                head = Head(opened.place, head.owner_id, head.nouns, head.exercise, None, opened.receiver, waiting=None)
                known = place = opened.place
                continue
            place = (end, END_OF_COMMIT)
            if time.monotonic() - self._passed_at_s > _PASSES_OVER_S and place != known:
                self._passed_at_s = time.monotonic()
                if not await self.ways.desk.pass_over(head, known, place):
                    return
                known = place
            if self._nudged.is_set():
                return
            if end == last and not await _is_set(self._news, _PASSES_OVER_S):
                # Once in a while it is looked whether the endpoint is still to be told.
                if place != known and not await self.ways.desk.pass_over(head, known, place):
                    return
                return

    async def _open(
        self, head: Head, known: tuple[int, int], stretch: Stretch, happened: list[Happened]
    ) -> Head | None:
        full = len(happened) == MOST_CHANGES
        end = (happened[-1].number, happened[-1].ordinal) if full else (stretch.to_number, stretch.to_ordinal)
        part = Stretch(stretch.number, stretch.ordinal, *end, stretch.nouns)
        return await self.ways.desk.open(head, known, part, len(happened))

    async def _happened(self, head: Head, stretch: Stretch) -> list[Happened]:
        desk = self.ways.desk
        return [*await happened_in(desk.graph, desk.laws, desk.clock, head.owner_id, stretch, MOST_CHANGES)]

    async def _send(self, head: Head, waiting: Waiting, happened: list[Happened] | None) -> bool:
        """Make the next attempt of a delivery when its time has come; say whether it arrived here and now."""
        clock = self.ways.desk.clock
        wait_s = (waiting.next_attempt_at - clock()).total_seconds()
        if wait_s > 0:
            # It is looked again how things stand once in a while. What happens meanwhile is no reason to: it waits too.
            await _is_set(self._nudged, min(wait_s, _PASSES_OVER_S))
            return False
        # What may be told is asked again at each attempt, never taken from an earlier one.
        happened = await self._happened(head, waiting.stretch) if happened is None else happened
        if not happened:
            return await self._close(
                waiting, {"state": WebhookDeliveryState.WITHDRAWN.name, "next_attempt_at": None}, {}
            )
        body = changed(self.endpoint_id, waiting.sequence, waiting.made_at, happened)
        begun = clock()
        attempt = await self.ways.places.send(
            lambda: self.ways.dispatch.send(head.receiver, waiting.id, body), has_failed=head.failing_since is not None
        )
        ended = clock()
        self.ways.count(attempt.outcome, (ended - instant_from_text(waiting.made_at)).total_seconds())
        kept = {**told_of(attempt, begun), "attempts": waiting.attempts + 1}
        if attempt.is_ok:
            text = instant_text(ended)
            arrived = {"state": WebhookDeliveryState.DELIVERED.name, "delivered_at": text, "next_attempt_at": None}
            return await self._close(waiting, {**kept, **arrived}, {"last_delivered_at": text, "failing_since": None})
        await self._failed(head, waiting, attempt, kept)
        return False

    async def _failed(self, head: Head, waiting: Waiting, attempt: Attempt, kept: dict[str, Any]) -> None:
        now = self.ways.desk.clock()
        since = head.failing_since or instant_text(now)
        pause = self.ways.pause(waiting.attempts + 1, random.random(), wish_of(attempt.retry_after, now))
        then = (
            {"state": WebhookDeliveryState.FAILED.name, "next_attempt_at": None}
            if pause is None
            else {"next_attempt_at": instant_text(now + pause)}
        )
        _log.info("webhook_failed", endpoint_id=self.endpoint_id, outcome=attempt.outcome, attempts=kept["attempts"])
        if not await self._close(waiting, {**kept, **then}, {"failing_since": since}):
            return
        why = _why_disabled(attempt, is_given_up(instant_from_text(since), now, self.ways.disable_after), since)
        if why is not None:
            _log.warning("webhook_disabled", endpoint_id=self.endpoint_id, outcome=attempt.outcome)
            await self.ways.desk.disable(self.endpoint_id, why)

    async def _close(self, waiting: Waiting, properties: dict[str, Any], told: dict[str, Any]) -> bool:
        stamp = {"changed_at": instant_text(self.ways.desk.clock())}
        return await self.ways.desk.close(self.endpoint_id, waiting.id, {**properties, **stamp}, told)

    async def _rest(self, seconds: float) -> None:
        """Pause, unless it shall stop."""
        await _is_set(self._nudged, seconds)


async def _is_set(event: asyncio.Event, within_s: float) -> bool:
    """Wait until an event is set, so long at most, and say whether it is."""
    with suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            return await event.wait()
    return False


def _why_disabled(attempt: Attempt, is_over: bool, since: str) -> Sentence | None:
    if attempt.outcome is WebhookOutcome.GONE:
        return say("it answered 410 (Gone)")
    return say("no attempt has succeeded since {since}", since=since) if is_over else None
