"""What an approving authority does with its part of a plan: approve it, refuse actions of it, withdraw an approval.

An approval is bound to the part by a signature over its document. Every step is taken under the plan's lock, so that
two who answer at once take turns; whoever gives the last approval that was missing makes the plan APPROVED.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opsplan.access.rules import Verb, require
from opsplan.graph.driver import Graph
from opsplan.jurisdiction.signing import key_that_signed
from opsplan.operations.states import step
from opsplan.records.laws import Laws
from opsplan.records.values import canonical_json
from opsplan.records.writing import IdempotencyKey, Writing, write
from opsplan.scheduling.answer import BrokenRule
from opsplan.scheduling.consent.parts import action_ids
from opsplan.scheduling.model import ApprovalState, PlanState
from opsplan.scheduling.plan.judge import APPROVAL
from opsplan.scheduling.rules import APPROVAL_STEPS, check_reason
from opsplan.scheduling.service.consent import missing_of, read_consent
from opsplan.scheduling.store.approvals import (
    StoredApproval,
    approvals_in_force,
    change_approval,
    read_approval,
)
from opsplan.scheduling.store.breaches import mark_broken
from opsplan.scheduling.store.plans import StoredPlan, change_plan, lock_plan
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock
from opsplan.vocabulary.errors import Conflict, Forbidden, Invalid, StateConflict
from opsplan.vocabulary.sentences import say

MOST_REFUSED = 1_000
"""Actions that one answer may refuse."""
_OPEN = frozenset({PlanState.PROPOSED, PlanState.APPROVED})


class StalePart(Conflict):
    """The part is another one than the answer is about. Facts: `fingerprint`, of the part that is asked for."""

    code = "STALE_PART"


class DeadlinePassed(StateConflict):
    """The time to answer is over."""

    code = "DEADLINE_PASSED"


@dataclass(frozen=True, slots=True)
class Refused:
    """An action that an authority refuses, and why."""

    action_id: str
    reason: str


async def approve_part(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    approval_id: str,
    signature: str,
    comment: str | None = None,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Approve a part by a detached signature over its document, and give the approval's id.

    Raises
    ------
    Forbidden
        When the actor is no approver of the authority that is asked.
    SignatureRefused
        When the signature was not made over the document with a key of the authority that is in force.
    StalePart
        When the part has changed since it was asked for, so that it has to be asked for anew.
    DeadlinePassed, StateConflict, NotFound, Invalid
        As their names say.
    """
    said = _check_comment(comment)

    async def work(writing: Writing) -> str:
        plan, approval = await _to_be_answered(writing, actor, approval_id, ApprovalState.APPROVED)
        key_id = await key_that_signed(
            writing.tx,
            approval.authority_id,
            approval.document,
            signature,
            writing.now,
            remedy=say("sign `Approval.document`, byte for byte, with a key that is registered for your agency"),
        )
        values = {
            **_answer(writing, ApprovalState.APPROVED, said),
            "refusals": None,
            "signature": signature,
            "key_id": key_id,
        }
        await change_approval(writing, approval, values)
        # Read once it is said, so that one reading tells both whether it is of the part as it is and what is missing.
        consent = await read_consent(writing.tx, plan)
        if consent.fingerprints.get((approval.country, approval.authority_id)) != approval.fingerprint:
            raise _stale(approval, "input.approvalId", approval.id)
        if plan.state is not PlanState.APPROVED and not await missing_of(writing.tx, consent, writing.now):
            await change_plan(writing, plan, {"state": PlanState.APPROVED.name})
        return approval.id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)


async def refuse_part(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    approval_id: str,
    seen_fingerprint: str,
    refused: Sequence[Refused],
    comment: str | None = None,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Refuse actions of a part, each with a reason, and give the approval's id.

    Parameters
    ----------
    seen_fingerprint
        Of the part that the answer is about.

    Raises
    ------
    Forbidden, StalePart, DeadlinePassed, StateConflict, NotFound
        As `approve_part`.
    Invalid
        When no action is named, one is named twice or is not in the part, or a reason is missing.
    """
    said = _check_comment(comment)
    reasons = _check_refused(refused)

    async def work(writing: Writing) -> str:
        _, approval = await _to_be_answered(writing, actor, approval_id, ApprovalState.REFUSED)
        if approval.fingerprint != seen_fingerprint:
            raise _stale(approval, "input.fingerprint", seen_fingerprint)
        _refuse_strangers(approval, reasons)
        values = {
            **_answer(writing, ApprovalState.REFUSED, said),
            "refusals": canonical_json([{"actionId": each, "reason": why} for each, why in reasons.items()]),
            "signature": None,
            "key_id": None,
        }
        await change_approval(writing, approval, values, refused=reasons)
        return approval.id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)


async def withdraw_approval(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    approval_id: str,
    reason: str,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Withdraw an approval, and with it all that rest on the same part; give its id.

    A plan that was APPROVED is PROPOSED again. A published one keeps its force, and is marked as broken.

    Raises
    ------
    Forbidden, StateConflict, NotFound, Invalid
        As `approve_part`.
    """
    why = check_reason(reason, remedy=say("say why the approval is withdrawn"))

    async def work(writing: Writing) -> str:
        asked = await read_approval(writing.tx, approval_id)
        _may_answer(actor, asked)
        in_force = await approvals_in_force(writing.tx, asked.operation_id, [asked.fingerprint])
        same = {each.id: each for each in (*in_force, asked)}
        # Locked in one order, so that nobody waits in a circle; what stood before is read again then.
        plans = {each: await lock_plan(writing.tx, each) for each in sorted({one.plan_id for one in same.values()})}
        for each in sorted(same):
            approval = await read_approval(writing.tx, each)
            if each == asked.id:
                step(APPROVAL_STEPS, approval.state, ApprovalState.WITHDRAWN)
            if approval.state is ApprovalState.REPLACED:
                await change_approval(writing, approval, {"state": ApprovalState.VOID.name}, reason=why)
            elif approval.state is ApprovalState.APPROVED:
                values = {**_answer(writing, ApprovalState.WITHDRAWN, why), "signature": None, "key_id": None}
                await change_approval(writing, approval, values, reason=why)
                await _unsettle(writing, plans[approval.plan_id], approval, why)
        return asked.id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency, reason=why)


async def _to_be_answered(
    writing: Writing, actor: Actor, approval_id: str, to: ApprovalState
) -> tuple[StoredPlan, StoredApproval]:
    """Lock the plan, and give it with the approval, if the actor may bring that there now."""
    found = await read_approval(writing.tx, approval_id)
    _may_answer(actor, found)
    plan = await lock_plan(writing.tx, found.plan_id)
    approval = await read_approval(writing.tx, approval_id)
    if plan.state not in _OPEN:
        raise StateConflict(
            say(
                "input.approvalId: its plan is {plan_state}: nobody is asked to approve it any more.",
                plan_state=plan.state,
            ),
            field="input.approvalId",
            value=approval_id,
            remedy=say("look for the operation's plan that is PROPOSED"),
        )
    step(APPROVAL_STEPS, approval.state, to)
    if writing.now >= approval.properties["answer_by"]:
        raise DeadlinePassed(
            say(
                "input.approvalId: the time to answer was over at {answer_by}.",
                answer_by=approval.properties["answer_by"],
            ),
            field="input.approvalId",
            value=approval_id,
            remedy=say("ask a coordinator of the operation to propose the plan again with a later deadline"),
        )
    return plan, approval


def _may_answer(actor: Actor, approval: StoredApproval) -> None:
    require(actor, Verb.APPROVE)
    if actor.agency_id != approval.authority_id:
        raise Forbidden(
            say("Only {authority} answers for this part of the plan.", authority=approval.authority),
            field="input.approvalId",
            value=approval.id,
            remedy=say("ask that agency"),
        )


def _stale(approval: StoredApproval, field: str, value: str) -> StalePart:
    return StalePart(
        say("{field}: the part of {country} is another one by now.", field=field, country=approval.country),
        field=field,
        value=value,
        remedy=say("read the approval again; where its document is still the old one, have the plan proposed again"),
        fingerprint=approval.fingerprint,
    )


async def _unsettle(writing: Writing, plan: StoredPlan, approval: StoredApproval, why: str) -> None:
    if plan.state is PlanState.APPROVED:
        await change_plan(writing, plan, {"state": PlanState.PROPOSED.name})
    elif plan.state is PlanState.PUBLISHED:
        sentence = say(
            "{authority} has withdrawn its approval for {country}: {why}",
            authority=approval.authority,
            country=approval.country,
            why=why,
        )
        facts = {"country": approval.country, "authority": approval.authority, "record_id": approval.id, "reason": why}
        actions = tuple(sorted(action_ids(json.loads(approval.document))))
        broken = BrokenRule(APPROVAL, sentence, facts, actions)
        await mark_broken(writing, plan.id, [broken], (approval.id, "Approval"))


def _answer(writing: Writing, state: ApprovalState, said: str | None) -> dict[str, Any]:
    return {
        "state": state.name,
        "answered_at": writing.now,
        "answered_by": writing.actor.subject,
        "comment": said,
    }


def _check_comment(comment: str | None) -> str | None:
    return None if comment is None else check_reason(comment, "input.comment", say("leave it out, or say something"))


def _check_refused(refused: Sequence[Refused]) -> dict[str, str]:
    field = "input.refusals"
    if not 0 < len(refused) <= MOST_REFUSED:
        remedy = say(
            "name 1 to {most_refused:,} actions; what is not refused is not approved by that", most_refused=MOST_REFUSED
        )
        raise Invalid(
            say("{field}: {count:,} are given.", field=field, count=len(refused)),
            field=field,
            value=len(refused),
            remedy=remedy,
        )
    reasons: dict[str, str] = {}
    for place, each in enumerate(refused):
        if each.action_id in reasons:
            raise Invalid(
                say(
                    "{field}[{place}].actionId: {action_id} is named twice.",
                    field=field,
                    place=place,
                    action_id=each.action_id,
                ),
                field=f"{field}[{place}].actionId",
                value=each.action_id,
                remedy=say("name each action once"),
            )
        reasons[each.action_id] = check_reason(each.reason, f"{field}[{place}].reason", say("say why it is refused"))
    return reasons


def _refuse_strangers(approval: StoredApproval, reasons: Mapping[str, str]) -> None:
    own = action_ids(json.loads(approval.document))
    for place, action_id in enumerate(reasons):
        if action_id not in own:
            field = f"input.refusals[{place}].actionId"
            raise Invalid(
                say("{field}: {action_id} is not in your part of the plan.", field=field, action_id=action_id),
                field=field,
                value=action_id,
                remedy=say("name actions of `Approval.document`"),
            )
