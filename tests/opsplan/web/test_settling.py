# Fixture strategy: a service of its own with what settles conflicts, for all tests of the file.
"""Conflicts settled over the API, by two agencies' tokens and signatures, with the duty clock of a running service."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from opsplan.access.signer import Signer
from opsplan.graph.address import GraphAddress
from opsplan.main.capabilities import SETTLING
from opsplan.vocabulary.actor import Role
from tests.opsplan.web.conftest import ABROAD, OTHER, OWN, Api, agency_id, enter, serving, settings_for
from tests.opsplan.web.test_claims import CLAIM, CREATE

REFUSAL = " ... on Refusal { code message field remedy }"
ACKNOWLEDGE = (
    "mutation ($input: AcknowledgeNoticeInput!) { acknowledgeNotice(input: $input) "
    "{ __typename ... on Notice { state acknowledgedBy } " + REFUSAL + " } }"
)
WRITE = (
    "mutation ($input: SendConflictMessageInput!) { sendConflictMessage(input: $input) "
    "{ __typename ... on ConflictMessage { body } " + REFUSAL + " } }"
)
PROPOSE = (
    "mutation ($input: ProposeResolutionInput!) { proposeResolution(input: $input) { __typename ... on Resolution "
    "{ id state outcome document signers { nodes { code } } yields { code } } " + REFUSAL + " } }"
)
SIGN = (
    "mutation ($input: SignResolutionInput!) { signResolution(input: $input) { __typename ... on Resolution "
    "{ id state signatures } " + REFUSAL + " } }"
)
JUSTIFY = (
    "mutation ($input: JustifyOverrideInput!) { justifyOverride(input: $input) "
    "{ __typename ... on Override { state justification } " + REFUSAL + " } }"
)
NOTICES = (
    "{ notices { nodes { id state acknowledgeBy settleBy told { nodes { post } } conflict { state sentence } "
    "messages { nodes { body owner { code } } } resolutions { nodes { id state outcome } } } } }"
)
ROLES = (Role.PLANNER, Role.COORDINATOR, Role.APPROVER)


@pytest.fixture(scope="module")
async def api(
    graph_server: GraphAddress, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Callable[..., Api]]:
    """Give a maker of callers of a service that settles conflicts."""
    with serving(settings_for(graph_server, tmp_path_factory.mktemp("settling")), [SETTLING]) as running:
        async with httpx.AsyncClient(base_url=running.url, timeout=30) as client:
            yield lambda code, *roles: Api(client, running.token(code, *roles))


async def notice_of(caller: Any) -> dict[str, Any]:
    (found,) = (await caller.data(NOTICES))["notices"]["nodes"]
    return dict(found)


async def told_notice_of(caller: Any) -> dict[str, Any]:
    """Give an agency's notice when it has gone to a post."""
    for _ in range(100):
        found = await notice_of(caller)
        if found["told"]["nodes"]:
            return found
        await asyncio.sleep(0.3)
    raise AssertionError("nobody was told")


@pytest.mark.requirement("D8")
async def test_a_conflict_is_settled_over_the_api(api: Any, world: Any) -> None:
    """Acknowledged, written about, proposed, signed by both; each reads its own notices, a third agency none."""
    signers = {code: Signer() for code in (OWN, OTHER)}
    for code, signer in signers.items():
        row = {"name": f"Approver of {code}", "agency": code, "jwk": signer.jwk, "owner": code}
        await enter(world, "AgencyKey", [row])
        post = {"agency": code, "post": f"Desk of {code}", "phone": "+99912345678", "time_zone": "UTC", "owner": code}
        await enter(world, "ContactPoint", [post])
    mine, other, third = api(OWN, *ROLES), api(OTHER, *ROLES), api(ABROAD, *ROLES)
    there = (await mine.data(CREATE, {"input": CLAIM}))["createClaim"]
    assert (await other.data(CREATE, {"input": {**CLAIM, "seen": [there["key"]]}}))["createClaim"]["id"]
    told = await told_notice_of(other)
    assert told["told"]["nodes"] == [{"post": f"Desk of {OTHER}"}]
    assert told["acknowledgeBy"] < told["settleBy"]
    assert "RAID+RAID asks for 1000 m" in told["conflict"]["sentence"]
    done = await other.data(ACKNOWLEDGE, {"input": {"noticeId": told["id"]}})
    assert done["acknowledgeNotice"] == {"__typename": "Notice", "state": "ACKNOWLEDGED", "acknowledgedBy": "anna"}
    foreign = await third.data(ACKNOWLEDGE, {"input": {"noticeId": told["id"]}})
    assert foreign["acknowledgeNotice"]["code"] == "NOT_FOUND"
    assert foreign["acknowledgeNotice"]["field"] == "input.noticeId"
    await other.data(WRITE, {"input": {"noticeId": told["id"], "body": "We come from the south."}})
    read = await notice_of(mine)
    assert read["messages"]["nodes"] == [{"body": "We come from the south.", "owner": {"code": OTHER}}]
    assert read["conflict"]["state"] == "IN_DISCUSSION"
    wish = {"noticeId": read["id"], "outcome": "DELAY", "words": "L waits an hour.", "yieldsId": agency_id(OTHER)}
    proposed = (await mine.data(PROPOSE, {"input": wish}))["proposeResolution"]
    assert {each["code"] for each in proposed["signers"]["nodes"]} == {OWN, OTHER}
    assert proposed["yields"]["code"] == OTHER
    for caller, code, state in ((mine, OWN, "PROPOSED"), (other, OTHER, "SIGNED")):
        signature = signers[code].sign(proposed["document"])
        signed = await caller.data(SIGN, {"input": {"resolutionId": proposed["id"], "signature": signature}})
        assert signed["signResolution"]["state"] == state
    assert [(await notice_of(each))["state"] for each in (mine, other)] == ["RESOLVED", "RESOLVED"]
    nothing = await third.data("{ notices { totalCount } resolutions { totalCount } conflictMessages { totalCount } }")
    assert {each["totalCount"] for each in nothing.values()} == {0}


@pytest.mark.requirement("D10")
async def test_an_emergency_is_committed_in_one_call(api: Any, world: Any) -> None:
    """With a reason a claim is committed without keys; who is concerned reads the override, and its justification."""
    mine, other = api(OWN, *ROLES), api(OTHER, *ROLES)
    await mine.data(CREATE, {"input": CLAIM})
    empty = (await other.data(CREATE, {"input": {**CLAIM, "exigentReason": " "}}))["createClaim"]
    assert empty["__typename"] == "InvalidInput"
    made = (await other.data(CREATE, {"input": {**CLAIM, "exigentReason": "Shots are heard."}}))["createClaim"]
    assert made["__typename"] == "Claim"
    asked = (
        "{ overrides { nodes { id state reason conflicts claims { nodes { id } } announcedTo { nodes { code } } } } }"
    )
    for caller in (mine, other):
        (override,) = (await caller.data(asked))["overrides"]["nodes"]
        assert override["reason"] == "Shots are heard."
        assert (override["state"], override["conflicts"]) == ("UNJUSTIFIED", 1)
        assert override["claims"]["nodes"] == [{"id": made["id"]}]
        assert override["announcedTo"]["nodes"] == [{"code": OWN}]
    assert (await api(ABROAD, *ROLES).data(asked))["overrides"]["nodes"] == []
    given = {"overrideId": override["id"], "justification": "Two officers were inside."}
    assert (await mine.data(JUSTIFY, {"input": given}))["justifyOverride"]["code"] == "NOT_FOUND"
    done = (await other.data(JUSTIFY, {"input": given}))["justifyOverride"]
    assert done == {"__typename": "Override", "state": "JUSTIFIED", "justification": "Two officers were inside."}
