"""A unit's agency reports it away or back, and published plans say in the same transaction what that breaks."""

import asyncio
import random
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import pytest

from opsplan.nouns import LAWS
from opsplan.operations.service import Availability
from opsplan.operations.states import ParticipantState
from opsplan.scheduling.service import Reported, report_unit
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import instant_from_text, system_clock
from opsplan.vocabulary.errors import Forbidden, Invalid, NotFound
from tests.opsplan.scheduling.test_api import REFUSAL, Running
from tests.opsplan.scheduling.theatre import Theatre, at
from tests.seeds import with_fresh

REPORT = (
    "mutation ($input: ReportAvailabilityInput!, $key: String) "
    "{ reportAvailability(input: $input, idempotencyKey: $key) { __typename ... on AvailabilityReported { unit { id } "
    "absences { id start end reason retiredAt } breaches { rule sentence causeNoun told { nodes { code } } } "
    "plansToReplan { id state } } ...R } }" + REFUSAL
)
FOLLOW = (
    "subscription ($operation: ID!) { operationChanged(operationId: $operation) { kind noun recordId "
    "record { ... on PlanBreach { rule state } } } }"
)


async def report(
    theatre: Theatre, unit: str, start: float, end: float, *, away: bool = True, actor: Actor | None = None, **more: Any
) -> Reported:
    """Report in hours after the operation's start."""
    begins, ends = instant_from_text(at(start)), instant_from_text(at(end))
    return await report_unit(
        theatre.graph,
        actor or theatre.coordinator,
        system_clock,
        laws=LAWS,
        report=Availability(unit, not away, begins, ends, more.get("reason")),
        request_id="test",
    )


async def absences(theatre: Theatre, unit: str) -> list[list[str]]:
    """Give the unit's absences in force."""
    return await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:ABSENCE_OF]-(a) WHERE a.retired_at IS NULL "
        "RETURN a.start, a.end ORDER BY a.start",
        {"id": unit},
    )


async def test_away_marks_what_rests_on_the_unit_and_back_clears_it(theatre: Theatre) -> None:
    """The breach names the report's absence as its cause and tells the owners; nothing is marked of what does not."""
    unit = await theatre.unit()
    await theatre.staffed_raid()
    plan = await theatre.planned()
    await theatre.publish(plan)
    start = instant_from_text((await theatre.rows(plan))["Raid 1"]["start"])
    hours = (start - instant_from_text(at(0))) / timedelta(hours=1)
    beside = await report(theatre, unit, hours + 24, hours + 25)
    assert (beside.breach_ids, beside.plan_ids) == ((), ())
    said = await report(theatre, unit, hours, hours + 1, reason="engine trouble")
    assert said.plan_ids == (plan,)
    (breach,) = said.breach_ids
    rows = await theatre.graph.read_rows(
        "MATCH (b:Record {id: $id}) RETURN b.rule, b.state, b.cause_id, [(b)-[:TELLS]->(a) | a.id]", {"id": breach}
    )
    assert rows == [["calendars", "OPEN", said.absence_ids[0], [theatre.world.agencies["A"]]]]
    assert (await report(theatre, unit, hours, hours + 1)).breach_ids == (breach,), "it was said before"
    again = await report(theatre, unit, hours - 1, hours + 2)
    assert again.absence_ids != said.absence_ids, "a longer absence beside it"
    assert again.breach_ids == (breach,), "still broken, whichever absence was the first"
    await report(theatre, unit, -2, 96, away=False)
    assert await absences(theatre, unit) == []
    rows = await theatre.graph.read_rows("MATCH (b:Record {id: $id}) RETURN b.state", {"id": breach})
    assert rows == [["CLEARED"]]


async def test_a_breach_says_what_it_is_now(theatre: Theatre) -> None:
    """An absence that is cut, but covers the action still: the breach stands, with the time that it is about by now."""
    unit = await theatre.unit()
    await theatre.staffed_raid()
    plan = await theatre.planned()
    await theatre.publish(plan)
    said = await report(theatre, unit, -2, 96)
    (breach,) = said.breach_ids
    before = await theatre.world.properties(breach)
    await report(theatre, unit, 60, 96, away=False)
    now = await theatre.world.properties(breach)
    assert (now["state"], now["rule"]) == ("OPEN", "calendars")
    assert (now["facts"] != before["facts"]) == (now["sentence"] != before["sentence"])
    rows = await theatre.graph.read_rows(
        "MATCH (c:Change {record_id: $id}) RETURN c.kind ORDER BY c.kind", {"id": breach}
    )
    assert len(rows) == now["version"]


async def test_who_owns_the_actions_and_units_is_told(theatre: Theatre) -> None:
    """A guest's unit drops out: the guest and the coordinator are told."""
    participant = await theatre.guest()
    await theatre.reply(participant, ParticipantState.ACCEPTED)
    unit = await theatre.unit_of_guest("Guest's unit")
    await theatre.offer(unit, participant=participant, by=theatre.world.actor("B"))
    await theatre.staffed_raid()
    plan = await theatre.planned()
    await theatre.publish(plan)
    guest = Actor("guest", theatre.world.agencies["B"], f"B-{theatre.world.tag}", frozenset({Role.PLANNER}))
    with pytest.raises(Forbidden):
        await report(theatre, unit, 0, 96)
    said = await report(theatre, unit, 0, 96, actor=guest)
    rows = await theatre.graph.read_rows(
        "MATCH (b:Record {id: $id})-[:TELLS]->(a) RETURN a.id ORDER BY a.id", {"id": said.breach_ids[0]}
    )
    assert [each for (each,) in rows] == sorted([theatre.world.agencies["A"], theatre.world.agencies["B"]])


@pytest.mark.parametrize("seed", with_fresh(1, 2))
async def test_reports_add_up_to_the_hours_that_were_said_last(theatre: Theatre, seed: int) -> None:
    """Away and back in any order: an hour is absent exactly when the last report about it said so."""
    chance = random.Random(seed)
    unit = await theatre.unit(offered=False)
    away: set[int] = set()
    for _ in range(25):
        start = chance.randrange(0, 40)
        end = start + chance.randrange(1, 12)
        is_away = chance.random() < 0.6
        await report(theatre, unit, start, end, away=is_away)
        away = away | {*range(start, end)} if is_away else away - {*range(start, end)}
        found: set[int] = set()
        for begins, ends in await absences(theatre, unit):
            first, last = (
                int((instant_from_text(each) - instant_from_text(at(0))) / timedelta(hours=1))
                for each in (begins, ends)
            )
            found |= {*range(first, last)}
        assert found == away


async def test_reports_at_once_take_turns(theatre: Theatre) -> None:
    """Ten that say the same leave one absence; none is lost and none doubled."""
    unit = await theatre.unit(offered=False)
    await asyncio.gather(*(report(theatre, unit, 5, 9) for _ in range(10)))
    assert await absences(theatre, unit) == [[at(5), at(9)]]


async def test_what_cannot_be_is_refused(theatre: Theatre) -> None:
    """No time, no unit, somebody else's unit: each names its field, and nothing is changed."""
    unit = await theatre.unit(offered=False)
    with pytest.raises(Invalid) as invalid:
        await report(theatre, unit, 5, 5)
    assert invalid.value.field == "input.end"
    with pytest.raises(Invalid) as long:
        await report(theatre, unit, 5, 6, reason="x" * 201)
    assert long.value.field == "input.reason"
    with pytest.raises(NotFound) as missing:
        await report(theatre, "unit_0000000000000000000000000a", 5, 6)
    assert missing.value.field == "input.unitId"
    reader = Actor("reader", theatre.world.agencies["A"], "A", frozenset({Role.READER}))
    with pytest.raises(Forbidden):
        await report(theatre, unit, 5, 6, actor=reader)
    assert await absences(theatre, unit) == []


async def test_over_the_api_an_operation_is_followed_and_a_replan_offered(theatre: Theatre, service: Running) -> None:
    """Who follows the operation hears of the breach with the report; of another operation's unit, nothing."""
    unit = await theatre.unit()
    await theatre.staffed_raid()
    plan = await theatre.planned()
    await theatre.publish(plan)
    async with service.client(theatre) as client:
        heard: list[dict[str, Any]] = []

        async def follow() -> None:
            async with aclosing(client.follow(FOLLOW, {"operation": theatre.operation})) as events:
                async for event in events:
                    heard.append(event["operationChanged"])
                    if heard[-1]["noun"] == "PlanBreach":
                        return

        following = asyncio.create_task(follow())
        await asyncio.sleep(1)
        await theatre.create("Compound", name="elsewhere", location={"longitude": 100.5, "latitude": 13.7})
        wanted = {"unitId": unit, "available": False, "start": at(0), "end": at(96), "reason": "recalled"}
        said = (await client.ask(REPORT, input=wanted, key="report-1"))["reportAvailability"]
        await asyncio.wait_for(following, 20)
        assert [each["rule"] for each in said["breaches"]] == ["calendars"]
        assert [each["code"] for each in said["breaches"][0]["told"]["nodes"]] == [f"A-{theatre.world.tag}"]
        assert said["plansToReplan"] == [{"id": plan, "state": "PUBLISHED"}]
        assert [(each["kind"], each["noun"]) for each in heard] == [("CREATED", "PlanBreach")]
        assert heard[0]["record"] == {"rule": "calendars", "state": "OPEN"}
        again = (await client.ask(REPORT, input=wanted, key="report-1"))["reportAvailability"]
        assert again == said, "a repeated report is the same"
