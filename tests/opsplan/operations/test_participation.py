"""Tests of participants and offers, through the writer: who invites, replies and withdraws; what may be offered."""

import asyncio
from typing import Any

import pytest

from opsplan.operations.states import ParticipantState
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.errors import Forbidden, Invalid, OpsplanError, StateConflict, VersionConflict
from tests.opsplan.records.conftest import world as world  # the fixture
from tests.opsplan.records.world import ADMINISTRATOR, World

ACCEPTED, DECLINED, WITHDRAWN = ParticipantState.ACCEPTED, ParticipantState.DECLINED, ParticipantState.WITHDRAWN


@pytest.fixture(autouse=True)
async def desks(world: World) -> None:
    """Let every agency be called, so that it can take part."""
    await world.with_desks()


async def invited(world: World, operation: str, *, by: Actor | None = None, **given: Any) -> str:
    """Let A, who owns the operation, invite B as a host."""
    return await world.invite(operation, by=by, **{"role": "HOST", **given})


async def accepted(world: World, operation: str, **given: Any) -> str:
    """Let B be invited and accept."""
    participant = await invited(world, operation, **given)
    await world.reply(participant, ACCEPTED)
    return participant


async def unit(world: World, name: str = "B", **given: Any) -> str:
    """Make a unit of an agency."""
    home = {"longitude": 104.9, "latitude": 11.6}
    whole = {"name": "Unit", "kind": "TACTICAL", "type": 1, "home": home, "agency": world.agencies[name]}
    return await world.create("Unit", actor=world.actor(name), **{**whole, **given})


async def beds(world: World, name: str = "B") -> str:
    """Make a resource of an agency."""
    return await world.create("Resource", actor=world.actor(name), name="beds", kind="BED", country="KH")


async def offer(world: World, participant: str, *, by: Actor | None = None, **given: Any) -> str:
    """Let B make an offer."""
    return await world.create("Offer", actor=by or world.actor("B"), participant=participant, **given)


async def test_an_invitation_waits_for_the_reply(world: World) -> None:
    """Who is invited is INVITED and owns its record; the coordinator cannot accept for it, it itself can, once."""
    participant = await invited(world, await world.operation(), reply_by="2026-11-25T12:00:00Z")
    stands = await world.properties(participant)
    assert (stands["state"], stands["owner_id"]) == ("INVITED", world.agencies["B"])
    assert await world.referred(participant, "APPROVES_THROUGH") == [world.agencies["B"]]
    with pytest.raises(Forbidden, match="Only the agency that is invited may reply"):
        await world.reply(participant, ACCEPTED, by=world.actor("A"))
    with pytest.raises(VersionConflict):
        await world.reply(participant, ACCEPTED, version=7)
    await world.reply(participant, ACCEPTED)
    assert (await world.properties(participant))["state"] == "ACCEPTED"
    with pytest.raises(StateConflict):
        await world.reply(participant, DECLINED)


@pytest.mark.parametrize("last", [DECLINED, WITHDRAWN])
async def test_who_has_gone_is_invited_anew(world: World, last: ParticipantState) -> None:
    """Declining and withdrawing are final; the agency can be invited again, as a new participant."""
    operation = await world.operation()
    participant = await invited(world, operation)
    await world.reply(participant, last)
    with pytest.raises(StateConflict):
        await world.reply(participant, ACCEPTED)
    assert await accepted(world, operation) != participant


async def test_a_coordinator_may_take_an_invitation_back(world: World) -> None:
    """Coordinators may withdraw a participant, and nobody else but the agency itself may."""
    participant = await accepted(world, await world.operation())
    stranger = await world.create(
        "Agency", actor=ADMINISTRATOR, code=f"C-{world.tag}", name="Agency C", kind="POLICE", country="TH"
    )
    with pytest.raises(Forbidden, match="one that coordinates the operation"):
        await world.reply(participant, WITHDRAWN, by=Actor("carl", stranger, None, frozenset({Role.COORDINATOR})))
    await world.reply(participant, WITHDRAWN, by=world.actor("A"))
    assert (await world.properties(participant))["state"] == "WITHDRAWN"


async def test_only_coordinators_invite(world: World) -> None:
    """Another agency can neither invite to the operation nor enter itself."""
    operation = await world.operation()
    with pytest.raises(Forbidden):
        await invited(world, operation, by=world.actor("B"))
    with pytest.raises(Forbidden):
        await world.create(
            "Participant", actor=world.actor("B"), operation=operation, agency=world.agencies["B"], role="HOST"
        )


async def test_who_enters_itself_has_accepted(world: World) -> None:
    """The agency that leads enters itself; it cannot enter another without asking it."""
    operation = await world.operation()
    own = await world.create("Participant", operation=operation, agency=world.agencies["A"], role="LEAD")
    assert (await world.properties(own))["state"] == "ACCEPTED"
    with pytest.raises(Invalid, match="use inviteParticipant"):
        await world.create("Participant", operation=operation, agency=world.agencies["B"], role="HOST")


async def test_an_agency_takes_part_once_and_one_leads(world: World) -> None:
    """A second part of the same agency is refused, and a second LEAD; invited at once by two, one is."""
    operation = await world.operation()
    participant = await invited(world, operation)
    with pytest.raises(Invalid, match=f"takes part already, as {participant}"):
        await invited(world, operation, role="OBSERVER")
    await world.create("Participant", operation=operation, agency=world.agencies["A"], role="LEAD")
    await world.reply(participant, DECLINED)
    with pytest.raises(Invalid, match="leads the operation already"):
        await invited(world, operation, role="LEAD")
    ended = await asyncio.gather(*(invited(world, operation) for _ in range(4)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in ended) == ["Invalid", "Invalid", "Invalid", "str"]


async def test_a_host_has_soil_and_names_who_approves(world: World) -> None:
    """An agency without a country hosts nothing; the approving authority is of the host's country, and of a host."""
    operation = await world.operation()
    code = f"I-{world.tag}"
    unbound = await world.create("Agency", actor=ADMINISTRATOR, code=code, name="Body", kind="INTERNATIONAL")
    with pytest.raises(Invalid, match="no soil"):
        await invited(world, operation, agency=unbound)
    thai = await world.create(
        "Agency", actor=ADMINISTRATOR, code=f"T-{world.tag}", name="Thai", kind="PROSECUTOR", country="TH"
    )
    participant = await invited(world, operation)
    with pytest.raises(Invalid, match="not of the host's country"):
        await world.change("Participant", participant, actor=world.actor("B"), approving_authority=thai)
    await world.change("Participant", participant, actor=world.actor("B"), approving_authority=world.agencies["A"])
    assert await world.referred(participant, "APPROVES_THROUGH") == [world.agencies["A"]]
    await world.change("Participant", participant, actor=world.actor("B"), approving_authority=None)
    assert await world.referred(participant, "APPROVES_THROUGH") == [world.agencies["B"]]
    own = await world.create("Participant", operation=operation, agency=world.agencies["A"], role="LEAD")
    with pytest.raises(Invalid, match="only a HOST has"):
        await world.change("Participant", own, approving_authority=world.agencies["B"])


async def test_a_role_is_not_the_agency_s_to_change(world: World) -> None:
    """The role is given with the invitation; the participant cannot promote itself."""
    participant = await invited(world, await world.operation(), role="OBSERVER")
    with pytest.raises(Invalid, match="at creation only"):
        await world.change("Participant", participant, actor=world.actor("B"), role="LEAD")


async def test_nobody_is_invited_to_what_is_over(world: World) -> None:
    """An operation that is closed or cancelled takes nobody in."""
    operation = await world.operation()
    await world.graph.run_outside("MATCH (n:Record {id: $id}) SET n.state = 'CANCELLED'", {"id": operation})
    with pytest.raises(Invalid, match="the operation is CANCELLED"):
        await invited(world, operation)


async def test_nobody_accepts_what_is_over(world: World) -> None:
    """An invitation to an operation that has been cancelled since can be declined, and not accepted."""
    operation = await world.operation()
    participant = await invited(world, operation)
    await world.graph.run_outside("MATCH (n:Record {id: $id}) SET n.state = 'CANCELLED'", {"id": operation})
    with pytest.raises(StateConflict, match="nobody takes part in it any more"):
        await world.reply(participant, ACCEPTED)
    await world.reply(participant, DECLINED)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        ({"end": "2028-12-01T00:00:00Z"}, "would last 731 days"),
        ({"start": "1926-12-01T00:00:00Z", "end": "1926-12-03T00:00:00Z", "h_hour": "1926-12-02T00:00:00Z"}, "1926"),
        ({"start": "9999-12-01T00:00:00Z", "end": "9999-12-31T00:00:00Z", "h_hour": "9999-12-02T00:00:00Z"}, "9999"),
    ],
)
async def test_an_operation_lasts_a_year_at_most(world: World, frame: dict[str, Any], words: str) -> None:
    """Operations of years, or in far centuries, are refused with the field: nothing could be reckoned over them."""
    with pytest.raises(Invalid, match=words):
        await world.operation(**frame)


async def test_offers_of_one_unit_do_not_overlap(world: World) -> None:
    """Two offers of one unit to one operation may touch, not overlap; to two operations they may."""
    participant = await accepted(world, await world.operation())
    mine = await unit(world)
    first = await offer(world, participant, units=[mine], start="2026-12-01T00:00:00Z", end="2026-12-02T00:00:00Z")
    await offer(world, participant, units=[mine], start="2026-12-02T00:00:00Z")
    for start, end in (("2026-12-01T23:59:00Z", None), (None, "2026-12-01T01:00:00Z"), (None, None)):
        with pytest.raises(Invalid, match=f"{mine} is offered already"):
            await offer(world, participant, units=[mine], start=start, end=end)
    with pytest.raises(Invalid, match="is offered already"):
        await world.change("Offer", first, actor=world.actor("B"), end="2026-12-02T00:01:00.000Z")
    await world.retire("Offer", first, actor=world.actor("B"))
    await offer(world, participant, units=[mine], end="2026-12-01T12:00:00Z")
    elsewhere = await accepted(world, await world.operation(code_name="Anchor"))
    await offer(world, elsewhere, units=[mine])


async def test_of_two_offers_at_once_that_overlap_one_is_made(world: World) -> None:
    """Racing writers cannot offer one unit twice for the same time."""
    participant = await accepted(world, await world.operation())
    mine = await unit(world)
    ended = await asyncio.gather(*(offer(world, participant, units=[mine]) for _ in range(5)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in ended) == ["Invalid"] * 4 + ["str"]


async def test_an_offer_ends_after_it_begins_and_offers_something(world: World) -> None:
    """Times the wrong way round, an offer of nothing, and an amount without resources are refused by their field."""
    participant = await accepted(world, await world.operation())
    mine, pool = await unit(world), await beds(world)
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({}, "units: it offers nothing"),
        ({"units": [mine], "amount": 3}, "amount: only resources have an amount"),
    )
    for given, words in wrong:
        with pytest.raises(Invalid, match=words):
            await offer(world, participant, **given)
    made = await offer(world, participant, resources=[pool], amount=3, start="2026-12-02T00:00:00Z")
    with pytest.raises(Invalid, match="is not after start"):
        await world.change("Offer", made, actor=world.actor("B"), end="2026-12-01T00:00:00.000Z")


async def test_nobody_offers_what_is_another_s(world: World) -> None:
    """Units and resources of another agency, and another's participant, are refused; for an administrator too."""
    operation = await world.operation()
    own = await world.create("Participant", operation=operation, agency=world.agencies["A"], role="LEAD")
    participant = await accepted(world, operation)
    foreign, pool = await unit(world, "A"), await beds(world, "A")
    for given in ({"units": [foreign]}, {"resources": [pool]}):
        with pytest.raises(OpsplanError, match="does not own"):
            await offer(world, participant, **given)
        with pytest.raises(Invalid, match="belongs to another agency"):
            await offer(world, participant, by=ADMINISTRATOR, owner=world.agencies["B"], **given)
    with pytest.raises(OpsplanError, match="does not own"):
        await offer(world, own, units=[await unit(world)])


@pytest.mark.parametrize(
    ("role", "reply_first", "words"), [("OBSERVER", None, "observers"), ("HOST", DECLINED, "DECLINED")]
)
async def test_who_looks_on_or_has_gone_offers_nothing(
    world: World, role: str, reply_first: ParticipantState | None, words: str
) -> None:
    """Observers, and agencies that declined, cannot offer; who is invited may, before it accepts."""
    operation = await world.operation()
    participant = await invited(world, operation, role=role)
    if reply_first is not None:
        await offer(world, participant, units=[await unit(world)])
        await world.reply(participant, reply_first)
    with pytest.raises(Invalid, match=words):
        await offer(world, participant, units=[await unit(world)])
