"""Each unit's agency gets its own sheet alone, acknowledges it, and after a replan learns what has changed."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import vobject

from opsplan.demo.client import Refused
from opsplan.geography.travel import travel_minutes
from opsplan.graph.address import GraphAddress
from opsplan.nouns import LAWS
from opsplan.operations.states import ParticipantState
from opsplan.orders.service import acknowledge_order, read_unit_sheet, sheets_of_units
from opsplan.scheduling.plan.steps import Move
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import instant_from_text, system_clock
from opsplan.vocabulary.errors import Forbidden, NotFound, StateConflict
from opsplan.vocabulary.place import GeoPoint
from tests.opsplan.orders.printing import printed
from tests.opsplan.scheduling.conftest import service
from tests.opsplan.scheduling.test_api import REFUSAL, Running
from tests.opsplan.scheduling.test_availability import report
from tests.opsplan.scheduling.theatre import Theatre

__all__ = ["service"]
pytestmark = pytest.mark.requirement("P6")

ORDERS = """query ($id: ID!, $operation: ID) { unit(id: $id) { name orders(operationId: $operation) {
  orderId state issuedAt acknowledgedAt acknowledgedBy operation operationState hHour planNumber
  changes { kind actionId action sentence }
  tasks { action kind state mode part start end localStart localEnd timeZone h hOffsetMinutes location compound country
    countryName group tolerance expectedVictims
    units { unitId unit kind agency country }
    contacts { role agency post phone secureChannel languages standing }
    route { from minutes leaveBy by departureAirport arrivalAirport toDeparture flight fromArrival } } } } }"""
ACKNOWLEDGE = (
    "mutation ($input: AcknowledgeOrderInput!) { acknowledgeOrder(input: $input) { __typename ... on Tasking "
    "{ id state acknowledgedBy note unit { name } } ...R } }" + REFUSAL
)
WAITING = """query ($plan: ID!) { plan(id: $plan) { orders(where: {state: {eq: ISSUED}}) { totalCount
  nodes { unit { name } } } } }"""


async def two_raids(theatre: Theatre) -> tuple[list[str], str, Actor]:
    """Publish a plan with two raids, one of a guest's unit; give the units (own, guest's), the plan, the guest."""
    participant = await theatre.guest()
    await theatre.reply(participant, ParticipantState.ACCEPTED)
    own = await theatre.unit("Own unit", home={"longitude": 104.9, "latitude": 11.5})
    guest = await theatre.unit_of_guest("Guest's unit", home={"longitude": 121.0, "latitude": 14.5})
    await theatre.offer(guest, participant=participant, by=theatre.world.actor("B"))
    both = await theatre.raid("Both")
    await theatre.unit_need(both, count=2)
    plan = await theatre.planned()
    await theatre.publish(plan)
    return [own, guest], plan, theatre.world.actor("B", Role.PLANNER)


async def sheet(theatre: Theatre, unit: str, actor: Actor | None = None) -> dict[str, Any]:
    """Give the only sheet of a unit, as somebody reads it."""
    (found,) = await sheets_of_units(theatre.graph, actor or theatre.coordinator, [unit], theatre.operation)
    if isinstance(found, Forbidden):
        raise found
    (only,) = found
    return only


async def acknowledge(theatre: Theatre, order: str, actor: Actor, note: str | None = None) -> str:
    """Acknowledge an order."""
    return await acknowledge_order(
        theatre.graph, actor, system_clock, laws=LAWS, order_id=order, note=note, request_id="test"
    )


async def orders_in_graph(theatre: Theatre) -> list[list[Any]]:
    """Give unit, state and number of tasks of all orders of the operation, by age."""
    return await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:PLAN_FOR]-()<-[:ORDER_UNDER]-(order)-[:ORDER_TO]->(unit) "
        "RETURN unit.name, order.state, order.tasks ORDER BY order.created_at, unit.name",
        {"id": theatre.operation},
    )


async def test_a_plan_s_publication_orders_its_units(theatre: Theatre) -> None:
    """The sheet says the same as the plan's rows; the way ends in time, and takes what the travel rules say."""
    (own, guest), plan, actor = await two_raids(theatre)
    row = (await theatre.rows(plan))["Both"]
    mine = await sheet(theatre, guest, actor)
    (task,) = mine["tasks"]
    assert (task["start"], task["end"], task["h_offset_minutes"]) == (row["start"], row["end"], row["h_offset_minutes"])
    assert [each["unit_id"] for each in task["units"]] == [own], "with whom, without itself"
    assert task["part"] == "TACTICAL type 2"
    start = instant_from_text(task["start"])
    assert instant_from_text(task["local_start"]) == start
    assert task["local_start"].endswith("+07:00")
    place = GeoPoint(**task["location"])
    minutes = int(travel_minutes([GeoPoint(121.0, 14.5)], [place])[0, 0])
    assert (task["route"]["minutes"], task["route"]["by"]) == (minutes, "AIR")
    assert start - instant_from_text(task["route"]["leave_by"]) == timedelta(minutes=minutes)
    theirs = await sheet(theatre, own)
    assert (theirs["tasks"][0]["route"]["by"], theirs["tasks"][0]["route"]["from"]) == ("ROAD", "home")
    codes = {(each["role"], each["agency"]) for each in task["contacts"]}
    tag = theatre.world.tag
    assert codes == {("LEAD", f"A-{tag}"), ("HOST", f"HKH-{tag}"), ("UNIT", f"B-{tag}")}


async def test_only_the_unit_s_agency_and_coordinators_read_its_orders(theatre: Theatre) -> None:
    """Others are refused alike, whether there are orders or not; one that is refused hides no other."""
    (own, guest), _, actor = await two_raids(theatre)
    idle = await theatre.unit("Idle unit")
    found = await sheets_of_units(theatre.graph, actor, [own, guest, idle], None)
    assert [isinstance(each, Forbidden) for each in found] == [True, False, True]
    assert str(found[0]) == str(found[2]), "nothing is learned of whether there are any"
    assert (await sheet(theatre, guest))["unit_id"] == guest, "a coordinator reads it"
    assert await sheets_of_units(theatre.graph, theatre.coordinator, [idle], None) == [[]]
    host = theatre.hosts["KH"]
    police = Actor("police", host.agency, host.code, frozenset({Role.PLANNER}))
    assert isinstance((await sheets_of_units(theatre.graph, police, [guest], None))[0], Forbidden)


async def test_an_order_is_acknowledged_by_its_agency_once(theatre: Theatre) -> None:
    """Five at once: one is taken. Nobody else acknowledges it, not even who coordinates."""
    (own, guest), plan, actor = await two_raids(theatre)
    order = (await sheet(theatre, guest, actor))["order_id"]
    with pytest.raises(Forbidden):
        await acknowledge(theatre, order, theatre.coordinator)
    with pytest.raises(Forbidden):
        await acknowledge(theatre, order, Actor("r", actor.agency_id, "B", frozenset({Role.READER})))
    with pytest.raises(NotFound):
        await acknowledge(theatre, "tasking_0000000000000000000000000a", actor)
    said = await asyncio.gather(
        *(acknowledge(theatre, order, actor, "passed on") for _ in range(5)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in said) == ["StateConflict"] * 4 + ["str"]
    now = await sheet(theatre, guest, actor)
    assert (now["state"], now["acknowledged_by"]) == ("ACKNOWLEDGED", actor.subject)
    assert (await sheet(theatre, own))["state"] == "ISSUED"
    assert plan == now["plan_id"]


async def test_after_a_replan_who_has_nothing_new_keeps_the_order(theatre: Theatre) -> None:
    """The unit that drops out is released, who takes its place is ordered, and the rest stay acknowledged."""
    units = [await theatre.unit(f"Unit {number}") for number in range(4)]
    for number in range(2):
        await theatre.staffed_raid(f"Raid {number}")
    plan = await theatre.planned()
    await theatre.publish(plan)
    agency = theatre.world.actor("A", Role.PLANNER)
    sent = {unit for unit in units if await sheets_of_units(theatre.graph, agency, [unit], None) != [[]]}
    before = {unit: await sheet(theatre, unit) for unit in sorted(sent)}
    for each in before.values():
        await acknowledge(theatre, each["order_id"], agency)
    lost = sorted(sent)[0]
    await report(theatre, lost, -2, 96)
    again = await theatre.planned(from_plan=plan, fewest_changes=True)
    await theatre.publish(again)
    released = await sheet(theatre, lost)
    assert (released["tasks"], released["state"]) == ([], "ISSUED")
    assert [each["kind"] for each in released["changes"]] == ["DROPPED"]
    for unit in sorted(sent - {lost}):
        kept = await sheet(theatre, unit)
        assert (kept["order_id"], kept["state"]) == (before[unit]["order_id"], "ACKNOWLEDGED")
        assert (kept["plan_id"], kept["plan_number"]) == (again, before[unit]["plan_number"] + 1)
    come = {unit for unit in units if await sheets_of_units(theatre.graph, agency, [unit], None) != [[]]} - sent
    (new,) = come
    assert [each["state"] for each in [await sheet(theatre, new)]] == ["ISSUED"]
    with pytest.raises(StateConflict) as replaced:
        await acknowledge(theatre, before[lost]["order_id"], agency)
    assert released["order_id"] in str(replaced.value)
    rows = await orders_in_graph(theatre)
    assert [(name, state) for name, state, _ in rows].count(("Unit 0", "REPLACED")) <= 1
    assert sum(state == "REPLACED" for _, state, _ in rows) == 1


async def test_orders_tell_what_was_moved_by_hand(theatre: Theatre) -> None:
    """A draft that was edited is published: the order says from when to when, as the plan's rows do."""
    unit = await theatre.unit()
    action = await theatre.staffed_raid()
    plan = await theatre.planned()
    await theatre.publish(plan)
    start = instant_from_text((await theatre.rows(plan))["Raid 1"]["start"])
    again = await theatre.planned(from_plan=plan, fewest_changes=True)
    await theatre.edit(again, Move(action, start + timedelta(hours=2)))
    await theatre.publish(again)
    now = await sheet(theatre, unit)
    assert [each["kind"] for each in now["changes"]] == ["MOVED"]
    assert instant_from_text(now["tasks"][0]["start"]) == start + timedelta(hours=2)
    rows = await orders_in_graph(theatre)
    assert [state for _, state, _ in rows] == ["REPLACED", "ISSUED"]
    assert json.loads(rows[1][2])[0]["start"] == now["tasks"][0]["start"]
    shown = await read_unit_sheet(theatre.graph, again, unit)
    assert (shown["changes"], shown["order_id"]) == (now["changes"], now["order_id"]), "what is printed says it too"
    assert (await read_unit_sheet(theatre.graph, plan, unit))["order_id"] is None, (
        "an earlier plan orders nothing any more"
    )


async def test_over_the_api_orders_are_read_and_acknowledged(theatre: Theatre, service: Running) -> None:
    """The guest's system reads its unit's sheet and acknowledges it; another's is refused at its path."""
    (own, guest), plan, _ = await two_raids(theatre)
    async with service.client(theatre, "B", Role.PLANNER) as client:
        unit = (await client.ask(ORDERS, id=guest, operation=theatre.operation))["unit"]
        (order,) = unit["orders"]
        assert (order["state"], order["changes"], order["operationState"]) == ("ISSUED", [], "PLANNING")
        (task,) = order["tasks"]
        assert (task["kind"], task["timeZone"], task["state"]) == ("RAID", "Asia/Phnom_Penh", "DRAFT")
        assert task["route"]["by"] == "AIR"
        assert task["route"]["flight"].startswith("PT")
        assert {each["role"] for each in task["contacts"]} == {"LEAD", "HOST", "UNIT"}
        assert [each["unit"] for each in task["units"]] == ["Own unit"]
        said = await client.ask(ACKNOWLEDGE, input={"orderId": order["orderId"], "note": "on the way"})
        assert said["acknowledgeOrder"]["unit"]["name"] == "Guest's unit"
        assert (await client.ask(ORDERS, id=guest))["unit"]["orders"][0]["state"] == "ACKNOWLEDGED"
        with pytest.raises(Refused, match="own agency"):
            await client.ask(ORDERS, id=own)
        refused = (await client.ask(ACKNOWLEDGE, input={"orderId": order["orderId"]}))["acknowledgeOrder"]
        assert (refused["__typename"], refused["code"]) == ("StateConflictError", "STATE_CONFLICT")
    async with service.client(theatre) as client:
        waiting = (await client.ask(WAITING, plan=plan))["plan"]["orders"]
        assert waiting == {"totalCount": 1, "nodes": [{"unit": {"name": "Own unit"}}]}


async def test_sheets_are_printed_and_put_into_calendars(
    theatre: Theatre, graph_server: GraphAddress, tmp_path: Path
) -> None:
    """A page and a calendar for each that is named; the calendar, read by another library, has the plan's times."""
    (_, guest), plan, _ = await two_raids(theatre)
    done = await printed(graph_server, tmp_path, plan, "--unit", guest, "--country", "kh")
    assert done.exit_code == 0, done.output
    names = sorted(each.name for each in (tmp_path / "out").iterdir())
    assert names == [
        "actions-KH.html",
        "actions-KH.ics",
        *(f"orders-guest-s-unit-{guest[-6:]}.{end}" for end in ("html", "ics")),
    ]
    row = (await theatre.rows(plan))["Both"]
    for name, owner in ((names[1], "KH"), (names[3], guest)):
        event = vobject.readOne((tmp_path / "out" / name).read_text()).vevent
        assert event.dtstart.value == instant_from_text(row["start"])
        assert event.uid.value.endswith(f".{owner}@opsplan")
        assert "Starts" not in event.description.value
    page = (tmp_path / "out" / names[2]).read_text()
    assert "Own unit" in page
    assert "NOT AN ORDER" not in page
    lost = await printed(graph_server, tmp_path, plan, "--country", "FR")
    assert lost.exit_code == 0
    assert not (tmp_path / "out" / "actions-FR.ics").exists(), "a calendar of nothing is none"
    draft = await theatre.planned()
    assert (await printed(graph_server, tmp_path, draft, "--country", "KH")).exit_code == 0
    assert "DRAFT: NOT AN ORDER" in (tmp_path / "out" / "actions-KH.html").read_text()


async def test_what_cannot_be_printed_says_why(theatre: Theatre, graph_server: GraphAddress, tmp_path: Path) -> None:
    """Nothing named, no country, no plan, no unit: status 2 or 1, with what to do, and no file is written."""
    plan = "plan_0000000000000000000000000a"
    for arguments, words in (
        ((plan,), "--country KH"),
        ((plan, "--country", "UK"), "GB"),
        ((plan, "--country", "KH"), "no plan"),
        ((plan, "--unit", "unit_0000000000000000000000000a"), "no unit"),
    ):
        done = await printed(graph_server, tmp_path, *arguments)
        assert done.exit_code in (1, 2)
        assert words in done.output, done.output
    assert not (tmp_path / "out").exists()
