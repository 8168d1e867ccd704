"""Whom to call: posts with rotas, who is on duty by the local clock, and gaps that are told before they come."""

import asyncio
from typing import Any

import pytest

from opsplan.operations.service import move_operation
from opsplan.operations.states import OperationState, ParticipantState
from opsplan.vocabulary.errors import Conflict, Forbidden, Invalid, OpsplanError
from tests.opsplan.records.conftest import world as world  # the fixture
from tests.opsplan.records.world import ADMINISTRATOR, World


async def agency(world: World, name: str, **given: Any) -> str:
    """Make an agency with no contact point."""
    whole = {"code": f"{name}-{world.tag}", "name": name, "kind": "POLICE", "country": "KH"}
    made = await world.create("Agency", actor=ADMINISTRATOR, **{**whole, **given})
    world.agencies[name] = made
    return made


async def post(world: World, name: str = "C", **given: Any) -> str:
    """Make a contact point of an agency."""
    whole = {"post": "Desk", "phone": "+99912345678", "time_zone": "Asia/Phnom_Penh", "agency": world.agencies[name]}
    return await world.create("ContactPoint", actor=world.actor(name), **{**whole, **given})


async def shift(world: World, at_post: str, begins: str, ends: str, *, name: str = "C", **given: Any) -> str:
    """Put a shift on a rota."""
    hours = {"from_local": begins, "until_local": ends, "contact_point": at_post}
    return await world.create("DutyShift", actor=world.actor(name), **hours, **given)


async def taking_part(world: World, name: str = "C", operation: str = "") -> str:
    """Let an agency be invited by A, and accept."""
    participant = await world.invite(operation or await world.operation(), name)
    await world.reply(participant, ParticipantState.ACCEPTED, name)
    return participant


async def open_gaps(world: World, participant: str) -> list[tuple[str, str]]:
    """Read the gaps that are told of and stand."""
    rows = await world.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:GAP_OF]-(gap:RotaGap {state: 'OPEN'}) "
        "RETURN gap.start, gap.end ORDER BY gap.start",
        {"id": participant},
    )
    return [(start[:16], end[:16]) for start, end in rows]


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no such zone": ({"time_zone": "Asia/Pnom_Penh"}, "did you mean Asia/Phnom_Penh"),
    "an abbreviation": ({"time_zone": "EST"}, "names no place"),
    "no way to reach it": ({"phone": None}, "give a phone or a secure channel"),
}


@pytest.mark.parametrize("what", WRONG)
async def test_a_post_can_be_reached_somewhere(world: World, what: str) -> None:
    """A contact point without a real zone or any channel is refused with the field and a remedy."""
    given, words = WRONG[what]
    await agency(world, "C")
    with pytest.raises(Invalid, match=words):
        await post(world, **given)


async def test_a_deputy_is_another_post_of_the_agency(world: World) -> None:
    """A post is no deputy of itself, nor of a post elsewhere."""
    await agency(world, "C")
    desk = await post(world)
    with pytest.raises(Invalid, match="its own deputy"):
        await world.change("ContactPoint", desk, actor=world.actor("C"), deputy=desk)
    await agency(world, "D")
    foreign = await post(world, "D")
    with pytest.raises(OpsplanError, match="does not own"):
        await world.change("ContactPoint", desk, actor=world.actor("C"), deputy=foreign)
    second = await post(world, post="Second desk", deputy=desk)
    await world.change("ContactPoint", desk, actor=world.actor("C"), deputy=second)


@pytest.mark.requirement("P2")
async def test_nobody_takes_part_whom_nobody_can_call(world: World) -> None:
    """Without a contact point an invitation cannot be accepted; the last one of a participant cannot be retired."""
    await agency(world, "C")
    with pytest.raises(Conflict, match="would have no contact point"):
        await taking_part(world)
    desk = await post(world)
    participant = await taking_part(world)
    with pytest.raises(Conflict, match="would have no contact point"):
        await world.retire("ContactPoint", desk, actor=world.actor("C"))
    await post(world, post="Second desk")
    await world.retire("ContactPoint", desk, actor=world.actor("C"))
    await world.reply(participant, ParticipantState.WITHDRAWN, "C")


@pytest.mark.requirement("P2")
async def test_gaps_are_told_before_they_come(world: World) -> None:
    """All that no shift covers until the operation ends is told when the agency accepts, and closed once covered."""
    await agency(world, "C")
    desk = await post(world)
    await shift(world, desk, "08:00", "20:00")
    operation = await world.operation(end="2026-12-02T00:00:00Z")
    participant = await taking_part(world, operation=operation)
    found = await open_gaps(world, participant)
    # The clock of the tests shows 8:30 on 23 November in UTC; Phnom Penh is seven hours ahead.
    assert found[0] == ("2026-11-23T13:00", "2026-11-24T01:00")
    assert found[-1] == ("2026-12-01T13:00", "2026-12-02T00:00")
    assert len(found) == 9
    night = await shift(world, desk, "20:00", "08:00")
    assert await open_gaps(world, participant) == []
    await world.change("DutyShift", night, actor=world.actor("C"), days=["MONDAY"])
    assert len(await open_gaps(world, participant)) == 7
    await world.change("Operation", operation, end="2026-12-04T00:00:00.000Z")
    assert (await open_gaps(world, participant))[-1] == ("2026-12-03T13:00", "2026-12-04T00:00")
    await world.reply(participant, ParticipantState.WITHDRAWN, "C")
    assert await open_gaps(world, participant) == []


@pytest.mark.requirement("P2")
async def test_a_rota_over_a_change_of_clocks(world: World) -> None:
    """A day shift and a night shift by the clock leave no gap in the nights when clocks change."""
    await agency(world, "C")
    desk = await post(world, time_zone="America/New_York")
    await shift(world, desk, "06:00", "18:00")
    await shift(world, desk, "18:00", "06:00")
    frame = {"h_hour": "2027-03-14T04:00:00Z", "start": "2027-03-13T00:00:00Z", "end": "2027-03-16T00:00:00Z"}
    participant = await taking_part(world, operation=await world.operation(**frame))
    assert await open_gaps(world, participant) == []
    early = await post(world, post="Early desk", time_zone="America/New_York")
    await shift(world, early, "02:00", "03:00")
    assert await open_gaps(world, participant) == []


async def test_an_operation_that_is_over_needs_no_rota(world: World) -> None:
    """When an operation is cancelled its gaps are closed."""
    await agency(world, "C")
    await post(world)
    operation = await world.operation()
    participant = await taking_part(world, operation=operation)
    assert len(await open_gaps(world, participant)) == 1
    await world.write(
        lambda writing: move_operation(
            writing, operation, OperationState.CANCELLED, reason="EXERCISE", expected_version=1
        )
    )
    assert await open_gaps(world, participant) == []


async def test_two_writers_of_one_rota_leave_no_gap_untold(world: World) -> None:
    """Two shifts that each cover what the other does not, taken off at once: what then is uncovered is told."""
    await agency(world, "C")
    desk = await post(world)
    shifts = [await shift(world, desk, begins, ends) for begins, ends in (("00:00", "12:00"), ("12:00", "00:00"))]
    participant = await taking_part(world, operation=await world.operation(end="2026-12-02T00:00:00Z"))
    assert await open_gaps(world, participant) == []
    await asyncio.gather(*(world.retire("DutyShift", each, actor=world.actor("C")) for each in shifts))
    assert await open_gaps(world, participant) == [("2026-11-23T08:30", "2026-12-02T00:00")]


@pytest.mark.requirement("P2")
async def test_a_gap_begins_where_nobody_is_on_duty(world: World) -> None:
    """A shift that covers the first part of a gap ahead closes it, and what is left is told as a gap of its own."""
    await agency(world, "C")
    desk = await post(world, time_zone="UTC")
    await shift(world, desk, "20:00", "08:00")
    frame = {"h_hour": "2026-12-01T12:00:00Z", "start": "2026-12-01T00:00:00Z", "end": "2026-12-01T20:00:00Z"}
    participant = await taking_part(world, operation=await world.operation(**frame))
    assert (await open_gaps(world, participant))[-1] == ("2026-12-01T08:00", "2026-12-01T20:00")
    await shift(world, desk, "08:00", "14:00")
    assert (await open_gaps(world, participant))[-1] == ("2026-12-01T14:00", "2026-12-01T20:00")


async def test_what_an_agency_is_entitled_to_is_not_its_own_to_change(world: World) -> None:
    """An agency can neither move to another country nor make itself territorial there; an administrator can."""
    for given in ({"country": None}, {"territorial": False}):
        with pytest.raises(Forbidden, match="only an administrator changes it"):
            await world.change("Agency", world.agencies["A"], **given)
        await world.change("Agency", world.agencies["A"], actor=ADMINISTRATOR, **given)


async def test_hours_are_forbidden_by_who_has_jurisdiction_there(world: World) -> None:
    """Quiet hours of a country are entered by an agency with territorial jurisdiction there, and by no other."""
    hours = {"from_local": "21:00", "until_local": "06:00"}
    await world.create("QuietHours", country="KH", **hours)
    await agency(world, "C")
    with pytest.raises(Invalid, match="no territorial jurisdiction there"):
        await world.create("QuietHours", actor=world.actor("C"), country="KH", **hours)
    await world.graph.run_outside("MATCH (quiet:QuietHours) DETACH DELETE quiet")
