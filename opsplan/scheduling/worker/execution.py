"""One run, from the snapshot to the plan that is kept.

The heavy pure parts (translation, verification, text) run in a thread, the search in a process of its own; the event
loop only waits. Listeners and the record learn of each better plan; the record also carries the wish to cancel.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from functools import partial
from typing import Any

import structlog

from opsplan.graph.driver import Graph
from opsplan.scheduling.model import RunState
from opsplan.scheduling.problem import CyclicPrecedence, Snapshot, make_problem
from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.problem.means import sparing
from opsplan.scheduling.scenario import imagine
from opsplan.scheduling.store.plans import RecordsGone
from opsplan.scheduling.store.snapshot import take_snapshot
from opsplan.scheduling.worker.child import COMMAND, ChildEnded, SolverChild
from opsplan.scheduling.worker.conclusion import Work, conclude, failed, impossible
from opsplan.scheduling.worker.course import Course
from opsplan.scheduling.worker.desk import Claim, Desk, Ending, LeaseLost
from opsplan.scheduling.worker.progress import ProgressFeed, RunProgress
from opsplan.vocabulary.errors import Invalid, NotFound, OutOfMemory, TimedOut, Unavailable
from opsplan.vocabulary.sentences import say
from solver import InvalidProblem, problem_to_json

_log = structlog.get_logger("opsplan.scheduling")

STOP_GRACE_S = 0.45
"""How long a cancelled child may take to give its best plan; then it is killed and the last streamed one serves."""
OVERRUN_S = 60.0
"""How long past its budget a child may run (explaining what is left out) before it is taken for hung."""
MAKING_READY_S = 600.0
"""Until the solver has begun: after an upgrade it may first have to compile its search, see `python -m solver warm`."""
_SAVE_PAUSE_S = 1.0
_MOST_TIMES_TOO_MUCH = 3


class _NotFinished(Exception):
    """The run could not be finished here; it is given back with the reason."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Execution:
    """Executes one claimed run.

    Parameters
    ----------
    graph, desk, feed
        Where it reads, writes and tells.
    claim
        The run.
    seen
        Told what the operation is made into, when the run is of it as it stands.
    renew_s
        Seconds between two renewals of the lease, which is also how often the record shows the progress.
    command
        How the solver is started.
    """

    def __init__(
        self,
        graph: Graph,
        desk: Desk,
        feed: ProgressFeed,
        claim: Claim,
        *,
        seen: Callable[[str, Frame], None] = lambda *_: None,
        renew_s: float = 0.5,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self.claim = claim
        self._graph = graph
        self._desk = desk
        self._feed = feed
        self._seen = seen
        self._renew_s = renew_s
        self._command = command
        self._child: SolverChild | None = None
        self._look = asyncio.Event()
        self._telemetry: dict[str, Any] = {}
        self._incumbent: Mapping[str, Any] | None = None
        self._course = Course()
        self._cancelled = False
        self._leaving = False
        self._lost = False

    @property
    def child_pid(self) -> int | None:
        """Process id of the solver while there is one."""
        return None if self._child is None else self._child.pid

    def look(self) -> None:
        """Look at the record now: somebody may want the run cancelled."""
        self._look.set()

    def leave(self) -> None:
        """Stop without an ending, since the service stops; the run is queued again."""
        self._leaving = True
        if self._child is not None:
            self._child.kill()

    async def run(self) -> None:
        """Execute the run to its end, or give it back."""
        keeper = asyncio.create_task(self._keep_lease())
        try:
            try:
                ending = await self._ending()
            except _NotFinished as given_up:
                counts = not self._leaving
                await self._insist(partial(self._desk.give_back, self.claim, given_up.why, counts=counts))
            else:
                await self._end(ending)
        except LeaseLost:
            _log.warning("run_lease_lost", run_id=self.claim.run_id)
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
            if self._child is not None:
                await self._child.close()
            self._feed.look(self.claim.run_id)

    async def _ending(self) -> Ending:
        try:
            # First, because it takes a while to be ready, which it can while the graph is read.
            self._child = await SolverChild.start(self.claim.options, self._command)
            snapshot = await take_snapshot(self._graph, self.claim.operation_id, basis=self.claim.basis)
            work = await asyncio.to_thread(self._make_work, snapshot)
            if self.claim.scenario is None and self.claim.basis is None and self.claim.options.avoids_claims:
                self._seen(self.claim.operation_id, Frame(work.snapshot, work.judged_by, work.index))
        except CyclicPrecedence as circle:
            return impossible(circle.code, circle.message, {"path": circle.value})
        except (Invalid, NotFound) as refusal:
            return failed(refusal.message)
        except InvalidProblem as refusal:
            return failed(f"The operation cannot be made into a scheduling problem: {refusal}")
        except Unavailable as failure:
            raise _NotFinished(f"the graph could not be read ({failure.code})") from failure
        if self._cancelled:
            return Ending(RunState.CANCELLED, say("Cancelled before the search began."))
        return await self._searched(work)

    def _make_work(self, snapshot: Snapshot) -> Work:
        claim, read = self.claim, snapshot
        if not claim.options.avoids_claims:
            snapshot = snapshot.without_claims()
        if claim.scenario is None:
            problem, index = make_problem(snapshot)
        else:
            imagined = imagine(snapshot, claim.scenario.changes)
            snapshot, problem, index = imagined.snapshot, imagined.problem, imagined.index
        sought = sparing(problem, index, snapshot)
        text = problem_to_json(sought)
        return Work(claim.run_id, snapshot, sought, index, text, claim.options, problem, read, claim.scenario)

    async def _searched(self, work: Work) -> Ending:
        self._refuse_to_go_on()
        asked = await asyncio.to_thread(work.asked)
        self._refuse_to_go_on()
        assert self._child is not None
        self._child.give(asked)
        event: Mapping[str, Any] | None
        try:
            async with asyncio.timeout(MAKING_READY_S) as limit:
                event = await self._last_event(limit)
        except TimeoutError:
            event = self._incumbent
        except ChildEnded as ended:
            self._refuse_to_go_on()
            if not self._cancelled:
                complaint = f" ({ended.complaint})" if ended.complaint else ""
                raise _NotFinished(f"{ended.words}{complaint}") from ended
            event = self._incumbent
        if event is None and self._cancelled:
            return Ending(RunState.CANCELLED, say("Cancelled before any plan was found."))
        if event is None:
            return failed("The solver did not end in time, and had found no plan.", work, self._course)
        if event["event"] == "error":
            return failed(f"The solver refused the problem ({event['kind']}): {event['message']}", work, self._course)
        return await asyncio.to_thread(conclude, work, event, self._course)

    @property
    def _longest_s(self) -> float:
        options = self.claim.options
        return options.budget_seconds * (2 if options.additions else 1) + OVERRUN_S

    def _refuse_to_go_on(self) -> None:
        if self._lost:
            raise LeaseLost
        if self._leaving:
            raise _NotFinished("the service that executed it stopped")

    async def _last_event(self, limit: asyncio.Timeout) -> Mapping[str, Any]:
        assert self._child is not None
        async with aclosing(self._child.events()) as events:
            async for event in events:
                if event["event"] in ("result", "error"):
                    return event
                if event["event"] == "started":
                    limit.reschedule(asyncio.get_running_loop().time() + self._longest_s)
                if event["event"] == "progress":
                    self._incumbent = event
                if "score" in event:
                    self._tell(event)
        raise AssertionError("unreachable: events end with a result, an error, or ChildEnded")

    def _tell(self, event: Mapping[str, Any]) -> None:
        bound = event["bounds"]["placed_weight"]
        self._course.add(event)
        self._telemetry = {
            "stage": event["stage"],
            "elapsed_seconds": event["elapsed_seconds"],
            "placed": event["placed"],
            "unplaced": event["unplaced"],
            "incumbent": float(event["score"]["placed_weight"]),
            "bound": None if bound is None else float(bound),
            "gap": event["gap"],
        }
        self._feed.tell(RunProgress(self.claim.run_id, RunState.RUNNING, self.claim.attempts, **self._telemetry))

    async def _keep_lease(self) -> None:
        while True:
            try:
                cancel = await self._desk.renew(self.claim, self._telemetry)
            except LeaseLost:
                self._lost = True
                if self._child is not None:
                    self._child.kill()
                return
            except Unavailable as failure:
                # The lease may run out meanwhile; then the next renewal says so.
                _log.warning("run_lease_not_renewed", run_id=self.claim.run_id, code=failure.code)
                cancel = False
            if cancel and not self._cancelled:
                self._cancelled = True
                self._stop_child()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), self._renew_s)
            self._look.clear()

    def _stop_child(self) -> None:
        if self._child is not None:
            self._child.stop()
            asyncio.get_running_loop().call_later(STOP_GRACE_S, self._child.kill)

    async def _end(self, ending: Ending) -> None:
        try:
            await self._insist(partial(self._desk.end, self.claim, ending))
        except (RecordsGone, TimedOut, OutOfMemory) as refusal:
            words = f"The plan could not be kept: {refusal.message}"
            await self._insist(partial(self._desk.end, self.claim, failed(words)))

    async def _insist(self, step: Callable[[], Awaitable[None]]) -> None:
        """Do a step, again and again while the graph is away, unless the service stops: what was found is not lost."""
        too_much = 0
        while True:
            try:
                return await step()
            except Unavailable as failure:
                # Silence of the server and a step that is too large look the same from here: that is tried some times.
                too_much += isinstance(failure, TimedOut | OutOfMemory)
                if self._leaving or too_much == _MOST_TIMES_TOO_MUCH:
                    raise
                _log.warning("run_not_kept_yet", run_id=self.claim.run_id, code=failure.code)
                await asyncio.sleep(_SAVE_PAUSE_S)
