"""The webhooks of one process: it tells the endpoints that no other process tells, and sends for who asks for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from opsplan.calls.errors import log_fault
from opsplan.events.broadcast import Broadcast, ResyncRequired, TooSlow
from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.vocabulary.clock import Clock
from opsplan.vocabulary.errors import OpsplanError
from opsplan.webhooks.dispatch import Dispatch
from opsplan.webhooks.rules.retrying import pause_after
from opsplan.webhooks.sealing import Sealing
from opsplan.webhooks.sending import Limits, Post, Resolve, SystemResolver
from opsplan.webhooks.worker.desk import Desk
from opsplan.webhooks.worker.places import QUICK_S, Places
from opsplan.webhooks.worker.teller import Counts, Pause, Teller, Ways

_log = structlog.get_logger("opsplan.webhooks")

_CLEANS_S = 600.0
_LEAVES_S = 3.0


@dataclass(frozen=True, slots=True)
class Options:
    """How endpoints are told.

    Attributes
    ----------
    key
        What secrets are sealed with.
    limits
        What may be called.
    sends
        Requests under way at once, and as many again that are slow; 0 leaves telling to other processes.
    quick_s
        Seconds after which a request is slow.
    disable_after
        How long an endpoint may fail before it is disabled.
    kept
        How long deliveries are kept.
    lease_s
        Seconds after which an endpoint whose worker is gone is told by another one.
    pause_s
        Seconds between two looks for endpoints that nobody tells.
    pause
        When a delivery is tried again.
    """

    key: bytes = field(repr=False)
    limits: Limits = field(default_factory=Limits)
    sends: int = 32
    quick_s: float = QUICK_S
    disable_after: timedelta = timedelta(hours=72)
    kept: timedelta = timedelta(days=30)
    lease_s: float = 6.0
    pause_s: float = 1.0
    pause: Pause = pause_after


class WebhookOffice:
    """What the API of a running service has of webhooks.

    Parameters
    ----------
    dispatch, sealing
        For who sends at once, and who makes secrets.
    limits
        What may be called.
    ways, options, broadcast
        How endpoints are told, and who says that there is something to tell.
    """

    def __init__(
        self, dispatch: Dispatch, sealing: Sealing, limits: Limits, ways: Ways, options: Options, broadcast: Broadcast
    ) -> None:
        self.dispatch = dispatch
        self.sealing = sealing
        self.limits = limits
        self._ways = ways
        self._options = options
        self._broadcast = broadcast
        self._tellers: dict[str, tuple[Teller, asyncio.Task[None]]] = {}
        self._look = asyncio.Event()
        self._stopping = False

    def nudge(self, endpoint_id: str) -> None:
        """Say that an endpoint was changed, so that nobody waits for the next look."""
        if endpoint_id in self._tellers:
            self._tellers[endpoint_id][0].nudge()
        self._look.set()

    @asynccontextmanager
    async def working(self) -> AsyncIterator["WebhookOffice"]:
        """Tell endpoints while the block runs; then finish what is under way and leave them to others."""
        if not self._options.sends:
            yield self
            return
        working = asyncio.create_task(self._work())
        listening = asyncio.create_task(self._listen())
        try:
            yield self
        finally:
            self._stopping = True
            self._look.set()
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
            await working

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        next_renewal_s = next_cleaning_s = loop.time()
        while not self._stopping:
            self._look.clear()
            try:
                if loop.time() >= next_renewal_s:
                    next_renewal_s = loop.time() + self._options.lease_s / 3
                    await self._renew()
                for endpoint_id in await self._ways.desk.claim():
                    self._begin(endpoint_id)
                if loop.time() >= next_cleaning_s and not await self._clean():
                    next_cleaning_s = loop.time() + _CLEANS_S
            except OpsplanError as failure:
                # The graph is away or overloaded: look again after a pause, for as long as it takes.
                _log.warning("webhooks_wait_for_graph", code=failure.code)
            except Exception as failure:  # noqa: BLE001 - were this task to end, no endpoint would be told any more
                log_fault(failure, "WEBHOOKS")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), self._options.pause_s)
        await self._leave()

    async def _renew(self) -> None:
        if not self._tellers:
            return
        mine = await self._ways.desk.renew(self._tellers)
        for endpoint_id, (teller, _) in self._tellers.items():
            if endpoint_id not in mine:
                teller.stop()

    def _begin(self, endpoint_id: str) -> None:
        if endpoint_id in self._tellers:
            # It is still finishing from a lease that was lost; another look will find it.
            return
        teller = Teller(endpoint_id, self._ways)
        task = asyncio.create_task(self._tell(teller))
        self._tellers[endpoint_id] = teller, task

    async def _tell(self, teller: Teller) -> None:
        try:
            await teller.tell()
        finally:
            # First: whoever claims it from then on, this office too, shall find it free.
            self._tellers.pop(teller.endpoint_id, None)
        with suppress(OpsplanError):
            await self._ways.desk.leave(teller.endpoint_id)

    async def _leave(self) -> None:
        for teller, _ in self._tellers.values():
            teller.stop()
        tasks = [task for _, task in self._tellers.values()]
        if tasks:
            _, hanging = await asyncio.wait(tasks, timeout=_LEAVES_S)
            # Whoever does not answer shall not keep the service from stopping: the attempt is made again elsewhere.
            for task in hanging:
                task.cancel()
            await asyncio.gather(*hanging, return_exceptions=True)

    async def _clean(self) -> int:
        """Remove some of what is old; give how many there were."""
        return await self._ways.desk.remove_old(self._ways.desk.clock() - self._options.kept)

    async def _listen(self) -> None:
        """Wake those whom a commit may concern."""
        while True:
            try:
                async for happened in self._broadcast.listen():
                    nouns = frozenset(each.noun for each in happened)
                    for teller, _ in self._tellers.values():
                        if teller.concerns(nouns):
                            teller.wake()
                return
            except (TooSlow, ResyncRequired):
                # Their places are in the graph, not here: they look for themselves.
                for teller, _ in self._tellers.values():
                    teller.wake()
            except OpsplanError as failure:
                _log.warning("webhooks_wait_for_graph", code=failure.code)
                await asyncio.sleep(self._options.pause_s)


@asynccontextmanager
async def open_office(
    graph: Graph,
    clock: Clock,
    laws: Laws,
    broadcast: Broadcast,
    options: Options,
    *,
    resolve: Resolve | None = None,
    count: Counts = lambda _outcome, _seconds: None,
) -> AsyncIterator[WebhookOffice]:
    """Open the webhooks of a service: its endpoints are told until the block ends.

    Parameters
    ----------
    graph, clock, laws
        As `write` takes them.
    broadcast
        Says when something has happened.
    options
        How endpoints are told.
    resolve
        Gives a name's addresses; the machine's own resolver, when None.
    count
        Told of each attempt.

    Raises
    ------
    SetupError
        When the certificate authorities cannot be read.
    """
    own = SystemResolver() if resolve is None else None
    try:
        post = Post(options.limits, resolve or own)  # type: ignore[arg-type] # one of the two is there
        sealing = Sealing(options.key)
        dispatch = Dispatch(post, sealing, clock)
        ways = Ways(
            Desk(graph, clock, laws, lease_s=options.lease_s),
            dispatch,
            Places(max(1, options.sends), options.quick_s),
            options.disable_after,
            options.pause,
            count,
        )
        async with WebhookOffice(dispatch, sealing, options.limits, ways, options, broadcast).working() as office:
            yield office
    finally:
        if own is not None:
            own.close()
