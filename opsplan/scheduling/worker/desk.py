"""What a worker writes about runs: each step is one transaction that holds only while the lease is the worker's own."""

import json
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.records.laws import Laws
from opsplan.records.values import canonical_json
from opsplan.records.writing import Writing, write
from opsplan.scheduling.answer import Reason
from opsplan.scheduling.model import RunState
from opsplan.scheduling.rules import MOST_ATTEMPTS, Basis, Options
from opsplan.scheduling.scenario import Scenario, changes_from_plain
from opsplan.scheduling.store import runs
from opsplan.scheduling.store.artifacts import save_artifacts
from opsplan.scheduling.store.plans import NewPlan, save_plan
from opsplan.scheduling.store.runs import Run, change_run, lock_run
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import Clock, instant_from_text

SCHEDULER = Actor("service:scheduler", roles=frozenset({Role.ADMINISTRATOR}), reads_all=True)
"""Who a worker is in the history."""

Done = TypeVar("Done")

_ENDING_TIMEOUT_S = 180.0
"""The plans of the largest operations take longer to be kept than an ordinary transaction may."""

_SEARCH_STATE = ("stage", "elapsed_seconds", "placed", "unplaced", "incumbent", "bound", "gap")


class LeaseLost(Exception):
    """The run is no longer this worker's: its lease ran out and somebody else has decided about it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A run that this worker executes. `attempt` is the fence: a random word of this very beginning."""

    run_id: str
    operation_id: str
    attempt: str
    attempts: int
    options: Options
    basis: Basis | None = None
    scenario: Scenario | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ends.

    Parameters
    ----------
    state
        One of the final states.
    reason
        Why, for people; None when there is nothing to say.
    plan
        What it found, if anything.
    reasons
        Why what must be placed cannot be.
    properties
        Further properties of the run.
    files
        Its artefacts.
    """

    state: RunState
    reason: str | None = None
    plan: NewPlan | None = None
    reasons: tuple[Reason, ...] = ()
    properties: Mapping[str, Any] | None = None
    files: Mapping[str, bytes] | None = None


class Desk:
    """A worker's hand on runs.

    Parameters
    ----------
    graph, clock, laws
        As `write` takes them.
    name
        Of the worker, for people who look into the graph.
    lease_s
        Seconds that a lease holds without being renewed.
    """

    def __init__(self, graph: Graph, clock: Clock, laws: Laws, *, name: str, lease_s: float) -> None:
        self._graph = graph
        self._clock = clock
        self._laws = laws
        self._name = name
        self._lease_ms = int(lease_s * 1000)

    async def claim(self) -> Claim | None:
        """Take the run that has waited longest; None when none waits. No other worker gets the same one."""
        for (run_id,) in await self._graph.read_rows(runs.WAITING_RUNS):
            claim = await self._write(lambda writing, run_id=run_id: self._claim(writing, run_id))  # type: ignore[misc]
            if claim is not None:
                return claim
        return None

    async def renew(self, claim: Claim, telemetry: Mapping[str, Any]) -> bool:
        """Hold the lease for another while, and say whether somebody wants the run cancelled.

        Raises
        ------
        LeaseLost
            When the lease is not this worker's any more.
        """

        async def work(tx: Tx) -> dict[str, Any] | None:
            return await tx.single(
                runs.RENEW_LEASE,
                run=claim.run_id,
                attempt=claim.attempt,
                lease_ms=self._lease_ms,
                telemetry=dict(telemetry),
            )

        row = await self._graph.write(work)
        if row is None:
            raise LeaseLost
        return bool(row["cancel"])

    async def end(self, claim: Claim, ending: Ending) -> None:
        """End the run: its state, its plan and its files, all or nothing.

        Raises
        ------
        LeaseLost
            When the lease is not this worker's any more: nothing is written then.
        RecordsGone
            When records that the plan refers to are in the graph no more.
        """

        async def work(writing: Writing) -> None:
            await writing.tx.run(runs.LOCK_OPERATION, operation=claim.operation_id)
            run = await self._own(writing, claim)
            if ending.plan is not None:
                await save_plan(writing, ending.plan)
            if ending.files is not None:
                await save_artifacts(writing.tx, run.id, ending.files)
            changes: dict[str, Any] = {
                "state": ending.state,
                "reason": ending.reason,
                "finished_at": writing.now,
                **(ending.properties or {}),
            }
            if ending.reasons:
                changes["reasons"] = canonical_json([reason.as_json() for reason in ending.reasons])
            await writing.tx.run(runs.END_LEASE, run=run.id)
            await change_run(writing, run, changes)

        await self._write(work, timeout_s=_ENDING_TIMEOUT_S)

    async def give_back(self, claim: Claim, why: str, *, counts: bool) -> None:
        """Queue the run again because it could not be finished; where that counts, at most `MOST_ATTEMPTS` times.

        Raises
        ------
        LeaseLost
            When the lease is not this worker's any more.
        """

        async def work(writing: Writing) -> None:
            await self._begin_again(writing, await self._own(writing, claim), why, counts=counts)

        await self._write(work)

    async def recover(self, but: Collection[str] = ()) -> int:
        """Queue again, or give up, every run whose lease is over; give how many there were.

        Left alone are the runs `but`, which this worker executes: if their leases are over, it was kept waiting itself.
        """
        recovered = 0
        for (run_id,) in await self._graph.read_rows(runs.LOST_RUNS, {"but": list(but)}):
            recovered += await self._write(lambda writing, run_id=run_id: self._recover(writing, run_id))  # type: ignore[misc]
        return recovered

    async def _claim(self, writing: Writing, run_id: str) -> Claim | None:
        run = await lock_run(writing.tx, run_id)
        if run.state is not RunState.QUEUED:
            return None
        attempt = secrets.token_hex(8)
        await writing.tx.run(runs.END_LEASE, run=run_id)
        await writing.tx.run(runs.GIVE_LEASE, run=run_id, worker=self._name, attempt=attempt, lease_ms=self._lease_ms)
        begun = {
            "state": RunState.RUNNING,
            "attempts": run.attempts + 1,
            "started_at": writing.now,
            "reason": None,
            **dict.fromkeys(_SEARCH_STATE),
        }
        await change_run(writing, run, begun)
        known = run.properties
        options = Options(
            known["budget_seconds"],
            known["workers"],
            known["seed"],
            known.get("slack_permille"),
            known.get("additions") or 0,
            known.get("avoids_claims") is not False,
        )
        return Claim(run_id, run.operation_id, attempt, run.attempts + 1, options, _basis(run), _scenario(run))

    async def _recover(self, writing: Writing, run_id: str) -> int:
        run = await lock_run(writing.tx, run_id)
        if run.state is not RunState.RUNNING or not run.lease_over:
            return 0
        await self._begin_again(writing, run, "the worker that executed it was lost", counts=True)
        return 1

    async def _begin_again(self, writing: Writing, run: Run, why: str, *, counts: bool) -> None:
        await writing.tx.run(runs.END_LEASE, run=run.id)
        attempts = run.attempts if counts else run.attempts - 1
        changes: dict[str, Any]
        if run.properties.get("cancel_requested_at") is not None:
            changes = {"state": RunState.CANCELLED, "finished_at": writing.now, "reason": f"Cancelled, and {why}."}
        elif attempts >= MOST_ATTEMPTS:
            reason = f"Given up after {attempts} attempts: {why}."
            changes = {"state": RunState.FAILED, "finished_at": writing.now, "reason": reason}
        else:
            changes = {"state": RunState.QUEUED, "attempts": attempts, "reason": f"Queued again: {why}."}
        await change_run(writing, run, changes)

    async def _own(self, writing: Writing, claim: Claim) -> Run:
        run = await lock_run(writing.tx, claim.run_id)
        if run.state is not RunState.RUNNING or run.attempt != claim.attempt:
            raise LeaseLost
        return run

    async def _write(self, work: Callable[[Writing], Awaitable[Done]], *, timeout_s: float | None = None) -> Done:
        request_id = f"{self._name}-{secrets.token_hex(4)}"
        return await write(
            self._graph, SCHEDULER, self._clock, work, laws=self._laws, request_id=request_id, timeout_s=timeout_s
        )


def _basis(run: Run) -> Basis | None:
    if run.from_plan_id is None:
        return None
    known = run.properties
    frozen_until = known.get("frozen_until")
    return Basis(
        run.from_plan_id,
        bool(known.get("fewest_changes")),
        bool(known.get("leaves_out_refused")),
        None if frozen_until is None else instant_from_text(frozen_until),
    )


def _scenario(run: Run) -> Scenario | None:
    name = run.properties.get("scenario")
    return None if name is None else Scenario(name, changes_from_plain(json.loads(run.properties["changes"])))
