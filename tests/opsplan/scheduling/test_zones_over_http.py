"""Zones over the API: entered, crossed, asked about and released, and what others' answers tell of hidden ones."""

from typing import Any

import pytest

from opsplan.nouns import CATALOGUE
from opsplan.reading.names import plural_field
from opsplan.vocabulary.actor import Role
from tests.opsplan.scheduling.running import Running, asked
from tests.opsplan.scheduling.theatre import Theatre

REFUSAL = "__typename ... on Refusal { code message remedy }"


def mutation(field: str, made_of: str, gives: str) -> str:
    """Give the document of a mutation with one input."""
    return f"mutation ($input: {made_of}!) {{ {field}(input: $input) {{ {gives} {REFUSAL} }} }}"


CREATE_ZONE = mutation("createZone", "CreateZoneInput", "... on Zone { id version }")
RETIRE_ZONE = mutation("retireZone", "RetireZoneInput", "... on Zone { id }")
CREATE_CLAIM = mutation(
    "createClaim",
    "CreateClaimInput",
    "... on Claim { id version } ... on KeysMissingError { missing { key } }",
)
MOVE = mutation(
    "transitionAction",
    "TransitionActionInput",
    "... on Action { id state version } ... on KeysMissingError { missing { key } } ... on ActivationRefusedError "
    "{ hindrances { rule message actionId contactId zoneId crossingId unitId facts { name } } }",
)
ASK = mutation("requestZoneRelease", "RequestZoneReleaseInput", "... on Claim { id }")
RELEASE = mutation("releaseZoneCrossing", "DecideZoneCrossingInput", "... on ZoneCrossing { id state decided version }")
REFUSE = mutation("refuseZoneCrossing", "DecideZoneCrossingInput", "... on ZoneCrossing { id state decided }")
CROSSINGS = """query ($zone: ID!) { zoneCrossings(where: {zone: {id: {eq: $zone}}}) {
  nodes { id version state asked overlapStart overlapEnd claim { id } zone { name owner { id } } } } }"""


async def move(client: Any, action: str, version: int, to: str) -> dict[str, Any]:
    """Move an action, with the keys of whatever other tests claim there."""
    given = {"id": action, "expectedVersion": version, "to": to, "reason": "EXERCISE"}
    answer = await asked(client, MOVE, input=given)
    if answer["__typename"] == "KeysMissingError":
        seen = [each["key"] for each in answer["missing"]]
        answer = await asked(client, MOVE, input={**given, "seen": seen})
    return answer


@pytest.mark.requirement("D11")
async def test_a_zone_is_entered_crossed_asked_about_and_released(theatre: Theatre, service: Running) -> None:
    """Step by step as two agencies' systems do it; each refusal is typed and says whom to call about what."""
    place = {"longitude": 105.3, "latitude": 12.4}
    action = await theatre.raid("Raid 1", location=(place["longitude"], place["latitude"]))
    async with service.client(theatre) as planner, service.client(theatre, "B") as keeper:
        zone = await asked(
            keeper,
            CREATE_ZONE,
            input={
                "name": "EXERCISE hospital",
                "kind": "NO_STRIKE",
                "location": place,
                "radiusM": 250.0,
                "start": "2026-11-01T00:00:00Z",
                "purpose": "EXERCISE patients",
            },
        )
        version = 1
        for state in ("COORDINATED", "NOTIFIED"):
            moved = await move(planner, action, version, state)
            assert moved["state"] == state
            version = moved["version"]
        (crossing,) = (await asked(planner, CROSSINGS, zone=zone["id"]))["nodes"]
        assert (crossing["state"], crossing["zone"]["name"]) == ("OPEN", "EXERCISE hospital")
        assert (crossing["overlapStart"], crossing["overlapEnd"]) == (
            "2026-12-01T00:00:00.000Z",
            "2026-12-03T00:00:00.000Z",
        )
        refused = await move(planner, action, version, "ACTIVATED")
        assert (refused["__typename"], refused["code"]) == ("ActivationRefusedError", "ACTIVATION_REFUSED")
        (hindrance,) = refused["hindrances"]
        agency = theatre.world.agencies["B"]
        assert hindrance["message"] in refused["message"]
        assert "EXERCISE hospital" in hindrance["message"]
        named = (hindrance["rule"], hindrance["zoneId"], hindrance["contactId"], hindrance["crossingId"])
        assert named == ("NO_STRIKE", zone["id"], agency, crossing["id"])
        claim = crossing["claim"]["id"]
        why = {"claimId": claim, "contactId": agency, "expectedVersion": 1, "reason": "EXERCISE the only door"}
        assert (await asked(planner, ASK, input=why))["id"] == claim
        (known,) = (await asked(keeper, CROSSINGS, zone=zone["id"]))["nodes"]
        assert (known["state"], known["asked"]) == ("REQUESTED", "EXERCISE the only door")
        decision = {"id": known["id"], "expectedVersion": known["version"], "reason": "EXERCISE by the back door"}
        assert (await asked(planner, RELEASE, input=decision))["code"] == "FORBIDDEN"
        stale = {**decision, "expectedVersion": crossing["version"]}
        assert (await asked(keeper, RELEASE, input=stale))["code"] == "VERSION_CONFLICT"
        released = await asked(keeper, RELEASE, input=decision)
        assert (released["state"], released["decided"]) == ("RELEASED", "EXERCISE by the back door")
        assert (await move(planner, action, version, "ACTIVATED"))["state"] == "ACTIVATED"
        taken_back = {**decision, "expectedVersion": released["version"]}
        assert (await asked(keeper, REFUSE, input=taken_back))["code"] == "STATE_CONFLICT"


async def all_read(service: Running, theatre: Theatre) -> dict[str, Any]:
    """Ask for records and count of every noun, as agency B."""
    nouns = [each for each in CATALOGUE if not each.system]
    async with service.client(theatre, "B", Role.COORDINATOR) as client:
        return {
            noun.name: await client.ask(f"{{ {plural_field(noun)}(first: 100) {{ totalCount nodes {{ id }} }} }}")
            for noun in nouns
        }


@pytest.mark.requirement("D5")
@pytest.mark.requirement("D11")
async def test_a_silent_zone_and_a_silent_claim_leave_the_other_sides_answers_equal(
    theatre: Theatre, service: Running
) -> None:
    """All lists and counts of the other side, and its activation, are as they were before the hidden were entered."""
    place = {"longitude": 101.7, "latitude": 13.9}
    time = {"start": "2026-12-01T00:00:00Z", "end": "2026-12-03T00:00:00Z"}
    async with service.client(theatre) as owner, service.client(theatre, "B") as other:
        claim = {"kind": "RAID", "location": place, **time}
        mine = await asked(other, CREATE_CLAIM, input={**claim, "seen": []})
        assert mine["__typename"] == "Claim", mine
        open_zone = {"name": "EXERCISE strip", "kind": "RESERVED", "location": place, "radiusM": 500.0, **time}
        assert (await asked(other, CREATE_ZONE, input=open_zone))["__typename"] == "Zone"
        before = await all_read(service, theatre)
        hidden = {"name": "EXERCISE shelter", "kind": "NO_STRIKE", "location": place, **time, "sensitivity": "SILENT"}
        zone = await asked(owner, CREATE_ZONE, input=hidden)
        given = {**claim, "sensitivity": "SILENT", "kind": "SURVEILLANCE"}
        silent = await asked(owner, CREATE_CLAIM, input=given)
        seen = [each["key"] for each in silent["missing"]]
        silent = await asked(owner, CREATE_CLAIM, input={**given, "seen": seen})
        assert silent["__typename"] == "Claim"
        assert await all_read(service, theatre) == before
        # Its own hidden claim crosses it, too: what is protected binds its owner.
        crossings = {each["claim"]["id"]: each for each in (await asked(owner, CROSSINGS, zone=zone["id"]))["nodes"]}
        assert set(crossings) == {mine["id"], silent["id"]}
        crossing = crossings[mine["id"]]
        nothing = {
            "claimId": mine["id"],
            "contactId": theatre.world.agencies["A"],
            "expectedVersion": mine["version"],
            "reason": "EXERCISE is there something?",
        }
        with_zone = await asked(other, ASK, input=nothing)
        assert with_zone["code"] == "STATE_CONFLICT"
        decision = {"id": crossing["id"], "expectedVersion": 1, "reason": "EXERCISE"}
        unread = await asked(other, RELEASE, input=decision)
        assert unread["code"] == "NOT_FOUND"
        version = {"id": zone["id"], "expectedVersion": zone["version"], "reason": "EXERCISE over"}
        assert (await asked(owner, RETIRE_ZONE, input=version))["__typename"] == "Zone"
        assert await asked(other, ASK, input=nothing) == with_zone
        assert await all_read(service, theatre) == before
