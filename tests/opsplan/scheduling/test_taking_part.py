"""Taking part over the API alone: invited, accepted, offering, called, withdrawn; and the page that tells of it."""

from pathlib import Path
from typing import Any

import pytest

from opsplan.demo.client import Refused
from opsplan.vocabulary.actor import Role
from tests.opsplan.scheduling.test_api import PROGRESS, PUBLISH, REFUSAL, REQUEST, Running, asked
from tests.opsplan.scheduling.theatre import Theatre

PAGE = Path(__file__).parents[3] / "docs" / "taking-part.md"
INVITE = (
    "mutation ($input: InviteParticipantInput!) { inviteParticipant(input: $input) { __typename ... on Participant "
    "{ id version state role owner { id } agency { id } } ...R } }" + REFUSAL
)
REPLY = (
    "mutation ($input: TransitionParticipantInput!) { transitionParticipant(input: $input) { __typename "
    "... on Participant { id version state } ...R } }" + REFUSAL
)
UNIT = (
    "mutation ($input: CreateUnitInput!) { createUnit(input: $input) { __typename ... on Unit { id } ...R } }" + REFUSAL
)
OFFER = (
    "mutation ($input: CreateOfferInput!) { createOffer(input: $input) { __typename ... on Offer { id version "
    "units { nodes { offeredTo { nodes { id } } } } } ...R } }" + REFUSAL
)
TAKING_PART = (
    "query ($id: ID!) { operation(id: $id) { participants(orderBy: [STATE_ASC, ROLE_ASC]) { nodes { role state "
    "offers { totalCount } rotaGaps(where: {state: {eq: OPEN}}) { totalCount } agency { onDuty { edges { standing node "
    "{ post phone } } } } } } units { totalCount } } }"
)
BREACHES = (
    "query ($id: ID!) { plan(id: $id) { state breaches(where: {state: {eq: OPEN}}) { nodes { rule sentence causeNoun "
    "actions { nodes { name } } } } } }"
)


async def test_from_invitation_to_withdrawal(theatre: Theatre, service: Running) -> None:
    """The agency that is invited accepts and offers, its unit is scheduled; when it withdraws, the plan says so."""
    await theatre.staffed_raid("Raid 1")
    guest = theatre.world.agencies["B"]
    async with service.client(theatre) as lead, service.client(theatre, "B") as other:
        given: dict[str, Any] = {"operationId": theatre.operation, "agencyId": guest, "role": "CONTRIBUTOR"}
        refused = await asked(other, INVITE, input=given)
        assert (refused["__typename"], refused["code"]) == ("ForbiddenError", "FORBIDDEN")
        with pytest.raises(Refused, match="agencyId"):
            await lead.ask(INVITE, input={name: value for name, value in given.items() if name != "agencyId"})
        part = await asked(lead, INVITE, input=given)
        assert (part["state"], part["owner"]["id"], part["agency"]["id"]) == ("INVITED", guest, guest)
        again = await asked(lead, INVITE, input=given)
        assert again["field"] == "input.agencyId"
        assert "takes part already" in again["message"]
        reply = {"id": part["id"], "expectedVersion": 1, "to": "ACCEPTED", "reason": "EXERCISE gladly"}
        assert (await asked(lead, REPLY, input=reply))["code"] == "FORBIDDEN"
        accepted = await asked(other, REPLY, input=reply)
        assert (accepted["state"], accepted["version"]) == ("ACCEPTED", 2)
        home = {"longitude": 104.92, "latitude": 11.56}
        unit = {"name": "Guest 1", "kind": "TACTICAL", "type": 1, "home": home, "agencyId": guest}
        unit_id = (await asked(other, UNIT, input=unit))["id"]
        offer = await asked(other, OFFER, input={"participantId": part["id"], "unitIds": [unit_id]})
        assert offer["units"]["nodes"][0]["offeredTo"]["nodes"] == [{"id": theatre.operation}]
        twice = await asked(other, OFFER, input={"participantId": part["id"], "unitIds": [unit_id]})
        assert (twice["code"], twice["field"]) == ("INVALID", "input.unitIds"), twice
        shown = await asked(lead, TAKING_PART, id=theatre.operation)
        contributor, host, leader = shown["participants"]["nodes"]
        assert (contributor["role"], contributor["offers"]["totalCount"]) == ("CONTRIBUTOR", 1)
        assert contributor["agency"]["onDuty"]["edges"] == [
            {"standing": "ON_DUTY", "node": {"post": "Desk", "phone": "+99900000001"}}
        ]
        assert host["role"] == "HOST"
        assert (leader["role"], contributor["rotaGaps"]["totalCount"], shown["units"]["totalCount"]) == ("LEAD", 0, 1)
        plan = await theatre.approved(await theatre.planned_by(lead, REQUEST, PROGRESS))
        assert (await asked(lead, PUBLISH, input={"planId": plan}))["state"] == "PUBLISHED"
        left = {"id": part["id"], "expectedVersion": 2, "to": "WITHDRAWN", "reason": "EXERCISE needed at home"}
        assert (await asked(other, REPLY, input=left))["state"] == "WITHDRAWN"
        broken = await asked(lead, BREACHES, id=plan)
        assert broken["state"] == "PUBLISHED"
        (breach,) = broken["breaches"]["nodes"]
        assert (breach["rule"], breach["causeNoun"]) == ("well_formed", "Participant")
        assert breach["sentence"] == "Raid 1 is planned with Guest 1, which was retired or is no longer offered."
        assert breach["actions"]["nodes"] == [{"name": "Raid 1"}]


@pytest.mark.parametrize("role", [Role.READER, Role.PLANNER])
async def test_only_a_coordinator_replies(theatre: Theatre, service: Running, role: Role) -> None:
    """Within the agency that is invited it takes a coordinator to accept."""
    guest = await theatre.guest()
    async with service.client(theatre, "B", role) as client:
        reply = {"id": guest, "expectedVersion": 1, "to": "ACCEPTED", "reason": "EXERCISE"}
        assert (await asked(client, REPLY, input=reply))["__typename"] == "ForbiddenError"
