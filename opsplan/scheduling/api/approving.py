"""`proposePlan`, `withdrawProposal`, `approvePart`, `refusePart`, `withdrawApproval`."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from opsplan.calls.context import Context
from opsplan.calls.refusals import payload
from opsplan.reading.types.scalars import DateTimeText
from opsplan.scheduling.api.carrying import Key, carry_out, record
from opsplan.scheduling.api.refusals import StalePlan
from opsplan.scheduling.model import APPROVAL, PLAN
from opsplan.scheduling.service import (
    Proposal,
    Refused,
    approve_part,
    propose_plan,
    refuse_part,
    withdraw_approval,
    withdraw_proposal,
)
from opsplan.scheduling.worker import SchedulingOffice
from opsplan.vocabulary.clock import instant_from_text


@strawberry.input(description="Which plan is to be approved, and until when.")
class ProposePlanInput:
    """Input of `proposePlan`."""

    plan_id: strawberry.ID = strawberry.field(description="The plan.")
    approve_by: DateTimeText = strawberry.field(description="Until when its hosts may answer.")
    expected_version: int | None = strawberry.field(
        default=None, description="Its version as you read it; when it has changed since, it is refused."
    )


@strawberry.input(description="Which proposal is taken back, and why.")
class WithdrawProposalInput:
    """Input of `withdrawProposal`."""

    plan_id: strawberry.ID = strawberry.field(description="The plan; it becomes a draft again.")
    reason: str = strawberry.field(description="Why; kept in its history.")


@strawberry.input(description="Which part is approved, and the signature that says so.")
class ApprovePartInput:
    """Input of `approvePart`."""

    approval_id: strawberry.ID = strawberry.field(description="What your agency was asked.")
    signature: str = strawberry.field(
        description="A detached JSON Web Signature (RFC 7515, appendix F) over the bytes of `Approval.document`, with "
        "`alg` EdDSA or ES256 and the key's `keyId` as `kid`."
    )
    comment: str | None = strawberry.field(default=None, description="What is to be said beside it.")


@strawberry.input(description="An action that is refused, and why.")
class ActionRefusal:
    """One refused action."""

    action_id: strawberry.ID = strawberry.field(description="An action of the part.")
    reason: str = strawberry.field(description="Why it is refused.")


@strawberry.input(description="What of a part is refused, and why.")
class RefusePartInput:
    """Input of `refusePart`."""

    approval_id: strawberry.ID = strawberry.field(description="What your agency was asked.")
    fingerprint: str = strawberry.field(description="`Approval.fingerprint` of the part that you have read.")
    refusals: list[ActionRefusal] = strawberry.field(description="The actions that are refused; at least one.")
    comment: str | None = strawberry.field(default=None, description="What is to be said beside it.")


@strawberry.input(description="Which approval is withdrawn, and why.")
class WithdrawApprovalInput:
    """Input of `withdrawApproval`."""

    approval_id: strawberry.ID = strawberry.field(description="The approval.")
    reason: str = strawberry.field(description="Why; the coordinators read it.")


def approval_mutations(nouns: Mapping[str, Any]) -> type:
    """Make the Strawberry type that has the mutations as its fields; `nouns` are the types of records by name."""
    plan, approval = nouns[PLAN.name], nouns[APPROVAL.name]
    proposed = payload("ProposePlanResult", plan, "The plan, proposed or approved; or why it is not.", (StalePlan,))
    taken_back = payload("WithdrawProposalResult", plan, "The plan, a draft again; or why it is not.")
    approved = payload("ApprovePartResult", approval, "The approval; or why it was not taken.")
    refused = payload("RefusePartResult", approval, "The refusal; or why it was not taken.")
    withdrawn = payload("WithdrawApprovalResult", approval, "The approval, withdrawn; or why it is not.")

    @strawberry.type
    class ApprovalMutations:
        """Part of `Mutation`."""

        propose_plan: proposed = strawberry.field(  # type: ignore[valid-type]
            resolver=_propose,
            description="Ask the approving authority of each host for its part of a plan (`Plan.approvals`). It must "
            "break no rule. Who has approved the same part before is not asked again; silence is no consent.",
        )
        withdraw_proposal: taken_back = strawberry.field(  # type: ignore[valid-type]
            resolver=_take_back,
            description="Make a plan that was proposed a draft again, to change it. Approvals stay for the parts that "
            "stay the same.",
        )
        approve_part: approved = strawberry.field(  # type: ignore[valid-type]
            resolver=_approve,
            description="Approve your country's part of a plan, by a signature over its document. The last approval "
            "that was missing makes the plan APPROVED.",
        )
        refuse_part: refused = strawberry.field(  # type: ignore[valid-type]
            resolver=_refuse,
            description="Refuse actions of your country's part of a plan, each with a reason. The part is not approved "
            "until the coordinators have dropped or changed them and ask again.",
        )
        withdraw_approval: withdrawn = strawberry.field(  # type: ignore[valid-type]
            resolver=_withdraw,
            description="Withdraw an approval. A published plan keeps its force, and is marked as broken.",
        )

    return ApprovalMutations


async def _propose(
    info: Info[Context, None],
    given: Annotated[ProposePlanInput, strawberry.argument(name="input", description="Which plan, until when.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        wish = Proposal(given.plan_id, instant_from_text(given.approve_by), given.expected_version)
        return await propose_plan(**common, frames=info.context.part(SchedulingOffice).frames, proposal=wish)

    return await carry_out(info, ask, given, idempotency_key, record(PLAN.name))


async def _take_back(
    info: Info[Context, None],
    given: Annotated[WithdrawProposalInput, strawberry.argument(name="input", description="Which plan, and why.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        return await withdraw_proposal(**common, plan_id=given.plan_id, reason=given.reason)

    return await carry_out(info, ask, given, idempotency_key, record(PLAN.name))


async def _approve(
    info: Info[Context, None],
    given: Annotated[ApprovePartInput, strawberry.argument(name="input", description="Which part, and the signature.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        return await approve_part(
            **common, approval_id=given.approval_id, signature=given.signature, comment=given.comment
        )

    return await carry_out(info, ask, given, idempotency_key, record(APPROVAL.name))


async def _refuse(
    info: Info[Context, None],
    given: Annotated[RefusePartInput, strawberry.argument(name="input", description="What is refused, and why.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        return await refuse_part(
            **common,
            approval_id=given.approval_id,
            seen_fingerprint=given.fingerprint,
            refused=[Refused(each.action_id, each.reason) for each in given.refusals],
            comment=given.comment,
        )

    return await carry_out(info, ask, given, idempotency_key, record(APPROVAL.name))


async def _withdraw(
    info: Info[Context, None],
    given: Annotated[WithdrawApprovalInput, strawberry.argument(name="input", description="Which one, and why.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        return await withdraw_approval(**common, approval_id=given.approval_id, reason=given.reason)

    return await carry_out(info, ask, given, idempotency_key, record(APPROVAL.name))
