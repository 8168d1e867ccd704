"""Publish a plan: only one that its hosts approve as it is, that still holds, with every changed fact accepted.

Judging takes seconds on large operations, so it is done outside the writing transaction, on the operation as it is at
hand (`frames`). Then the transaction takes the commit sequence first (so publications take turns, and nothing else
commits meanwhile) and looks whether anything that schedules read was committed since; if so, all is judged again. After
some rounds the judging is done while the sequence is held.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from opsplan.calls.exigent import exigent_reason
from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.operations.states import step
from opsplan.records.laws import Laws
from opsplan.records.values import canonical_json
from opsplan.records.writing import IdempotencyKey, Writing, write
from opsplan.records.writing.sequence import hold_sequence
from opsplan.scheduling.answer import PlacedAction
from opsplan.scheduling.model import PlanState
from opsplan.scheduling.plan.judge import Verdict, judge
from opsplan.scheduling.problem.facts import Change, ChangeKind
from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.problem.grid import SLOT_MINUTES
from opsplan.scheduling.rules import PLAN_STEPS
from opsplan.scheduling.service.allowed import allow_planning
from opsplan.scheduling.service.consent import missing_of, read_consent, refuse_unapproved
from opsplan.scheduling.service.frames import AtHand, Frames
from opsplan.scheduling.service.read_facts import ReadFacts
from opsplan.scheduling.service.refusals import expect_version, plan_without_facts, refuse_broken, refuse_changes
from opsplan.scheduling.store.breaches import clear, open_breaches
from opsplan.scheduling.store.changes import changed_since, last_commit, versions_of
from opsplan.scheduling.store.plans import StoredPlan, change_plan, lock_plan, published_of, read_placed, read_plan
from opsplan.scheduling.store.snapshot import read_as_of
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock
from opsplan.vocabulary.errors import OpsplanError, StateConflict
from opsplan.vocabulary.sentences import say

Found = TypeVar("Found")


class Reading(Protocol):
    """Does a piece of reading in some transaction."""

    async def __call__(self, work: Callable[[Tx], Awaitable[Found]], /) -> Found:
        """Give what `work` gives."""
        ...


_ROUNDS = 3
_HELD_TIMEOUT_S = 120.0
"""Judging while the commit sequence is held takes longer than an ordinary transaction may."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants published.

    Parameters
    ----------
    plan_id, expected_version
        The plan, and the version in which the publisher saw it; None for whichever it has.
    accepted
        By record id: the version of a changed record that the publisher has seen and accepts.
    seen
        Keys of the claims of others that the plan's actions conflict with.
    exigent
        Why it cannot wait for keys that are missing, in an emergency.
    """

    plan_id: str
    expected_version: int | None = None
    accepted: Mapping[str, int] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    exigent: str | None = None


async def publish_plan(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    frames: Frames,
    wish: Wish,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Publish a plan in place of the operation's earlier one, and give its id.

    Raises
    ------
    StalePlan
        When it breaks rules in the graph as it is now; they are in its facts.
    ApprovalsMissing
        When a host has not approved its part as it is; what is missing is in its facts.
    ChangesToAccept
        When facts that its problem read have changed and break nothing; those not accepted are in its facts.
    KeysMissing
        When its actions would conflict with claims of others whose keys are not shown; those are in its facts.
    Forbidden, NotFound, VersionConflict, StateConflict
        As their names say.
    """
    for _ in range(_ROUNDS):
        judged = await _judge(actor, wish, frames, graph.read, frames.at_hand)

        async def work(writing: Writing, judged: _Judged = judged) -> str:
            if await hold_sequence(writing.tx) != judged.commit and await changed_since(writing.tx, judged.commit):
                raise _Overtaken
            return await _publish(writing, judged, wish)

        try:
            return await write(
                graph,
                actor,
                clock,
                work,
                laws=laws,
                request_id=request_id,
                idempotency=idempotency,
                seen=wish.seen,
                exigent=exigent_reason(wish.exigent),
            )
        except _Overtaken:
            continue

    async def held(writing: Writing) -> str:
        number = await hold_sequence(writing.tx)

        async def within(work: Callable[[Tx], Awaitable[Found]], /) -> Found:
            return await work(writing.tx)

        async def now(operation_id: str) -> AtHand:
            last = frames.last_of(operation_id)
            earlier = None if last is None else last.snapshot
            snapshot = await read_as_of(operation_id, number, None, earlier, writing.tx)
            return AtHand(await asyncio.to_thread(Frame.over, snapshot), number)

        return await _publish(writing, await _judge(actor, wish, frames, within, now), wish)

    return await write(
        graph,
        actor,
        clock,
        held,
        laws=laws,
        request_id=request_id,
        idempotency=idempotency,
        seen=wish.seen,
        exigent=exigent_reason(wish.exigent),
        timeout_s=_HELD_TIMEOUT_S,
    )


class _Overtaken(Exception):
    """Something that matters was committed after the snapshot that was judged."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """What judging came to: the changes accepted, or a refusal.

    It stands unless something that matters was committed after `commit`. A refusal is kept until the idempotency key
    has been looked up: a replay gets its first answer, whatever holds now.
    """

    commit: int
    changes: tuple[Change, ...] = ()
    refusal: OpsplanError | None = None


async def _judge(
    actor: Actor, wish: Wish, frames: Frames, reading: Reading, at_hand: Callable[[str], Awaitable[AtHand]]
) -> _Judged:
    before = await reading(last_commit)
    try:
        plan = await reading(lambda tx: _allowed(tx, actor, wish))
        rows = await reading(lambda tx: read_placed(tx, plan.id))
        read = await frames.facts_of_run(plan.run_id)
        if read is None:
            raise plan_without_facts(plan.id)
        now = await at_hand(plan.operation_id)
        verdict = await asyncio.to_thread(_verdict, rows, read, now.frame)
        refuse_broken(plan.id, verdict.broken)
        changes = await reading(lambda tx: _with_present_versions(tx, verdict.changes))
        refuse_changes(plan.id, changes, wish.accepted)
    except OpsplanError as refusal:
        # What was read one after the other may not fit together: where anything came in between, all is judged again.
        return _Judged(before, refusal=refusal)
    return _Judged(now.commit, changes)


def _verdict(rows: Sequence[PlacedAction], read: ReadFacts, now: Frame) -> Verdict:
    if read.slot_minutes != SLOT_MINUTES:
        now = Frame.over(now.snapshot, read.slot_minutes)
    return judge(rows, read.facts, now)


async def _allowed(tx: Tx, actor: Actor, wish: Wish) -> StoredPlan:
    plan = await read_plan(tx, wish.plan_id)
    await allow_planning(tx, actor, plan.operation_id)
    expect_version(plan, wish.expected_version)
    _step_to_published(plan)
    return plan


def _step_to_published(plan: StoredPlan) -> None:
    if plan.state is PlanState.DRAFT:
        raise StateConflict(
            say(
                "planId: plan {plan_number} is a DRAFT that no host has been asked to approve.", plan_number=plan.number
            ),
            field="planId",
            value=plan.id,
            remedy=say("have its hosts approve it first (proposePlan)"),
        )
    # A proposed plan goes on to be told which approvals it lacks.
    if plan.state is not PlanState.PROPOSED:
        step(PLAN_STEPS, plan.state, PlanState.PUBLISHED)


async def _with_present_versions(tx: Tx, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """What was removed from view (retired, withdrawn) has a newer version than the one that was read."""
    gone = [change.id for change in changes if change.kind is ChangeKind.REMOVED]
    versions = await versions_of(tx, gone) if gone else {}
    return tuple(replace(change, version=versions.get(change.id, change.version)) for change in changes)


async def _publish(writing: Writing, judged: _Judged, wish: Wish) -> str:
    if judged.refusal is not None:
        raise judged.refusal
    # Approvals and the plan's own state are read under its lock: they are no facts that judging has read.
    plan = await lock_plan(writing.tx, wish.plan_id)
    expect_version(plan, wish.expected_version)
    _step_to_published(plan)
    refuse_unapproved(plan.id, await missing_of(writing.tx, await read_consent(writing.tx, plan), writing.now))
    for earlier in await published_of(writing.tx, plan.operation_id):
        await change_plan(writing, earlier, {"state": PlanState.SUPERSEDED.name})
        await clear(writing, await open_breaches(writing.tx, earlier.id))
    accepted = [
        {"id": change.id, "noun": change.noun, "name": change.name, "version": change.version, "kind": change.kind}
        for change in judged.changes
    ]
    published = {
        "state": PlanState.PUBLISHED.name,
        "published_at": writing.now,
        "published_by": writing.actor.subject,
        "accepted_changes": canonical_json(accepted),
    }
    await change_plan(writing, plan, published)
    return wish.plan_id
