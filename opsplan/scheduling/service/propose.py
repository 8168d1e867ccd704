"""Ask the hosts to approve a draft, each its own part; ask again after a change; take the question back.

A host is asked once for the same part: what it approved for this plan or an earlier one of the operation, signed with a
key that is still in force, counts for every plan in which its part is the same, byte for byte.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opsplan.graph.driver import Graph
from opsplan.jurisdiction.signing import signing_keys_of
from opsplan.operations.states import step
from opsplan.records.laws import Laws
from opsplan.records.writing import IdempotencyKey, Writing, write
from opsplan.scheduling.model import ApprovalState, PlanState
from opsplan.scheduling.plan.judge import broken_now
from opsplan.scheduling.rules import LONGEST_TO_ANSWER, PLAN_STEPS, check_reason
from opsplan.scheduling.service.allowed import allow_planning
from opsplan.scheduling.service.consent import Consent, read_consent, refuse_unhosted, signature_holds
from opsplan.scheduling.service.frames import Frames
from opsplan.scheduling.service.refusals import expect_version, refuse_broken
from opsplan.scheduling.store.approvals import (
    NewApproval,
    StoredApproval,
    change_approval,
    create_approvals,
    standing_approvals,
)
from opsplan.scheduling.store.plans import StoredPlan, change_plan, lock_plan, read_placed, read_plan
from opsplan.scheduling.store.standing import Standing
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock, instant_text
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say

_ANOTHER = say("request a new schedule from it (requestSchedule with fromPlanId), and propose that one's plan")
_ANSWER = ("answered_at", "answered_by", "comment", "signature", "key_id")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is asked: which plan, in the version that was seen (None: whichever it has), and until when to answer."""

    plan_id: str
    approve_by: datetime
    expected_version: int | None = None


async def propose_plan(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    frames: Frames,
    proposal: Proposal,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Ask each host's authority for its part, and give the plan's id; it is APPROVED at once when none is left to ask.

    A plan that was proposed before may be proposed again: with a new deadline, and for parts that have changed since.

    Raises
    ------
    Forbidden
        When the actor may not schedule the operation.
    StalePlan
        When the plan breaks rules as the operation stands: nobody is asked to approve what cannot be published.
    NoHost
        When it has actions in a country of which no host has accepted.
    Invalid
        When the deadline has passed, or lies more than a year ahead.
    NotFound, VersionConflict, StateConflict, CyclicPrecedence
        As their names say.
    """
    plan = await graph.read(lambda tx: read_plan(tx, proposal.plan_id))
    frame, read = await frames.of(plan.operation_id), await frames.facts_of_run(plan.run_id)
    # What was offered when the plan was made, and is not any more, has its name there.
    known = (frame.facts, {} if read is None else read.facts)
    names = {fact.id: fact.name for facts in known for fact in facts.values()}

    async def work(writing: Writing) -> str:
        plan = await lock_plan(writing.tx, proposal.plan_id)
        standing = await allow_planning(writing.tx, actor, plan.operation_id)
        expect_version(plan, proposal.expected_version)
        step(PLAN_STEPS, plan.state, PlanState.PROPOSED, _ANOTHER)
        approve_by = _check_deadline(proposal.approve_by, clock())
        rows = await read_placed(writing.tx, plan.id)
        refuse_broken(plan.id, (await asyncio.to_thread(broken_now, rows, frame, names)).rules)
        await _ask(writing, plan, standing, approve_by)
        return plan.id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)


async def withdraw_proposal(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    plan_id: str,
    reason: str,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Make a proposed or approved plan a draft again, so that it can be edited, and give its id.

    What hosts have approved stays approved for as long as their parts are the same.

    Raises
    ------
    Forbidden, NotFound, StateConflict, Invalid
        As their names say.
    """
    why = check_reason(reason, remedy=say("say why the proposal is withdrawn"))

    async def work(writing: Writing) -> str:
        plan = await lock_plan(writing.tx, plan_id)
        await allow_planning(writing.tx, actor, plan.operation_id)
        step(PLAN_STEPS, plan.state, PlanState.DRAFT, _ANOTHER)
        await change_plan(writing, plan, {"state": PlanState.DRAFT.name})
        return plan.id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency, reason=why)


def _check_deadline(given: datetime, now: datetime) -> str:
    if now < given <= now + LONGEST_TO_ANSWER:
        return instant_text(given)
    what = say("has passed") if given <= now else say("is more than {days} days ahead", days=LONGEST_TO_ANSWER.days)
    raise Invalid(
        say("input.approveBy: {given} {what}.", given=instant_text(given), what=what),
        field="input.approveBy",
        value=instant_text(given),
        remedy=say("give an instant that leaves the authorities time to answer"),
    )


async def _ask(writing: Writing, plan: StoredPlan, standing: Standing, approve_by: str) -> None:
    tx = writing.tx
    consent = await read_consent(tx, plan)
    refuse_unhosted(plan.id, consent.unhosted)
    standing_by_part = await standing_approvals(tx, plan.operation_id, consent.fingerprints.values())
    keys = await signing_keys_of(tx, {authority for _, authority in consent.documents}, writing.now)
    carried = {
        pair: standing_by_part[consent.fingerprints[pair]]
        for pair, document in consent.documents.items()
        if consent.fingerprints[pair] in standing_by_part
        and signature_holds(standing_by_part[consent.fingerprints[pair]], document, keys.get(pair[1], {}))
    }
    kept = await _keep(writing, consent, carried, approve_by)
    new = [
        NewApproval(*pair, document, _values(writing, approve_by, carried.get(pair)), _id_of(carried.get(pair)))
        for pair, document in consent.documents.items()
        if pair not in kept
    ]
    await create_approvals(writing, plan.id, standing.owner_id, new, exercise=standing.exercise)
    state = PlanState.APPROVED if carried.keys() == consent.documents.keys() else PlanState.PROPOSED
    await change_plan(writing, plan, {"state": state.name, "proposed_at": writing.now, "approve_by": approve_by})


async def _keep(
    writing: Writing,
    consent: Consent,
    carried: Mapping[tuple[str, str], StoredApproval],
    approve_by: str,
) -> set[tuple[str, str]]:
    """Tell which questions of this plan stay as they are asked; the others are closed. What was signed is kept."""
    kept: set[tuple[str, str]] = set()
    for pair, approval in consent.approvals.items():
        is_approved = approval.state is ApprovalState.APPROVED
        is_same = approval.fingerprint == consent.fingerprints.get(pair)
        if is_same and is_approved and pair in carried:
            kept.add(pair)
        elif is_same and not is_approved and pair not in carried:
            # What it said of this very part stays; the deadline is new.
            await change_approval(writing, approval, {"answer_by": approve_by}, refused=None)
            kept.add(pair)
        else:
            closed = ApprovalState.REPLACED if is_approved and not is_same else ApprovalState.VOID
            await change_approval(writing, approval, {"state": closed.name})
    return kept


def _values(writing: Writing, approve_by: str, carried: StoredApproval | None) -> dict[str, Any]:
    """What is kept of a question: with the answer, where it was given before."""
    asked = {"asked_at": writing.now, "answer_by": approve_by}
    if carried is None:
        return {"state": ApprovalState.ASKED.name, **asked}
    return {"state": ApprovalState.APPROVED.name, **asked, **{name: carried.properties.get(name) for name in _ANSWER}}


def _id_of(approval: StoredApproval | None) -> str | None:
    return None if approval is None else approval.id
