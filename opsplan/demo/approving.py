"""How the demonstration has its plan approved: each host's authority registers a key, reads its part, and signs it."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from opsplan.access.signer import Signer
from opsplan.demo import documents
from opsplan.demo.client import Client
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import instant_text, system_clock

TokenFor = Callable[[str, Role], str]
"""Gives a token of somebody of an agency, by its code."""

_DAYS_TO_ANSWER = 1


async def have_approved(client: Client, address: str, token_for: TokenFor, plan_id: str) -> list[dict[str, Any]]:
    """Propose a plan, let every authority that is asked approve its part, and give what they were asked and said."""
    by = instant_text(system_clock() + timedelta(days=_DAYS_TO_ANSWER))
    await client.change(documents.PROPOSE_PLAN, input={"planId": plan_id, "approveBy": by})
    asked = await _approvals(client, plan_id)
    await _answer(address, token_for, (each for each in asked if each["state"] == "ASKED"))
    return await _approvals(client, plan_id)


async def _approvals(client: Client, plan_id: str) -> list[dict[str, Any]]:
    return [each async for each in client.pages(documents.APPROVALS, planId=plan_id)]


async def _answer(address: str, token_for: TokenFor, asked: Iterable[dict[str, Any]]) -> None:
    for each in asked:
        code, signer = each["authority"]["code"], Signer()
        key = {"agencyId": code, "ownerId": code, "name": "EXERCISE approver on duty", "jwk": signer.jwk}
        async with Client(address, token_for(code, Role.ADMINISTRATOR)) as administrator:
            await administrator.change(documents.REGISTER_KEY, input=key)
        answer = {"approvalId": each["id"], "signature": signer.sign(each["document"])}
        async with Client(address, token_for(code, Role.APPROVER)) as approver:
            await approver.change(documents.APPROVE_PART, input=answer)
