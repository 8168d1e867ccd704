"""Agencies report how actions go and what they come to, and nothing of it is lost, doubled or taken from others."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import pytest

from opsplan.conduct.service import Correction, correct_result, report_results, report_status
from opsplan.nouns import LAWS
from opsplan.operations.states import ParticipantState
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import instant_text, system_clock
from opsplan.vocabulary.errors import Conflict, Forbidden, Invalid, NotFound, StateConflict
from tests.opsplan.scheduling.conftest import service
from tests.opsplan.scheduling.test_api import REFUSAL, Running
from tests.opsplan.scheduling.theatre import Theatre

__all__ = ["service"]

STATUS = (
    "mutation ($input: ReportActionStatusInput!, $key: String) { "
    "reportActionStatus(input: $input, idempotencyKey: $key) { __typename ... on StatusReport { id state at moved "
    "location note owner { code } unit { name } action { state } } ...R } }" + REFUSAL
)
RESULTS = (
    "mutation ($input: ReportResultsInput!) { reportResults(input: $input) { __typename ... on ResultsReported "
    "{ results { id kind number item worth currency state action { name } } } ...R } }" + REFUSAL
)
CORRECT = (
    "mutation ($input: CorrectResultInput!) { correctResult(input: $input) { __typename ... on ReportedResult "
    "{ id kind number item worth currency note state reason corrects { id state correctedBy { id } } } ...R } }"
    + REFUSAL
)
FOLLOW = (
    "subscription ($operation: ID!) { operationChanged(operationId: $operation) { kind noun record "
    "{ ... on Action { state } ... on StatusReport { said: state moved } "
    "... on ReportedResult { number counts: state } } } }"
)
TALLY = (
    "query ($operation: ID!) { arrests: reportedResults(where: {kind: {eq: ARREST}, state: {eq: IN_FORCE}, "
    "action: {operation: {id: {eq: $operation}}}}) { totalCount aggregate { number { sum } } } "
    'cash: reportedResults(where: {item: {eq: CASH}, currency: {eq: "THB"}}) '
    "{ aggregate { worth { sum average } } } }"
)


def ago(minutes: float) -> str:
    """Give the instant so many minutes before now."""
    return instant_text(system_clock() - timedelta(minutes=minutes))


async def status(theatre: Theatre, action: str, *, actor: Actor | None = None, **given: Any) -> str:
    """Report of an action as the coordinator, or somebody else."""
    report = {"action": action, "at": ago(0), **given}
    return await report_status(
        theatre.graph, actor or theatre.coordinator, system_clock, laws=LAWS, report=report, request_id="test"
    )


async def results(theatre: Theatre, action: str, *rows: dict[str, Any], actor: Actor | None = None) -> list[str]:
    """Report results of an action."""
    return await report_results(
        theatre.graph,
        actor or theatre.coordinator,
        system_clock,
        laws=LAWS,
        action_id=action,
        results=[{"at": ago(1), **each} for each in rows],
        request_id="test",
    )


async def correct(theatre: Theatre, result: str, *, actor: Actor | None = None, **values: Any) -> str:
    """Correct a result."""
    return await correct_result(
        theatre.graph,
        actor or theatre.coordinator,
        system_clock,
        laws=LAWS,
        correction=Correction(result, values, "miscounted"),
        request_id="test",
    )


async def state_of(theatre: Theatre, action: str) -> str:
    """Give an action's state."""
    return str((await theatre.world.properties(action))["state"])


async def in_force(theatre: Theatre, action: str) -> list[list[Any]]:
    """Give kind and number of the results that count."""
    return await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:RESULT_OF]-(r) WHERE r.state = 'IN_FORCE' "
        "RETURN r.kind, r.number ORDER BY r.kind, r.number",
        {"id": action},
    )


async def reports_of(theatre: Theatre, action: str) -> Sequence[list[Any]]:
    """Give state and whether it moved the action, of all reports by the time that they are about."""
    return await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:REPORTS_ON]-(r:StatusReport) RETURN r.state, r.moved ORDER BY r.at",
        {"id": action},
    )


async def test_the_latest_word_moves_the_action_and_late_reports_stand_beside(theatre: Theatre) -> None:
    """UNDER_WAY that comes after DONE tells of before; DONE of what nobody said was under way passes through it."""
    action = await theatre.raid()
    await theatre.state(action, "ACTIVATED")
    await status(theatre, action, state="DONE", at=ago(10))
    await status(theatre, action, state="UNDER_WAY", at=ago(60), note="radio was down")
    await status(theatre, action, location={"longitude": 104.9, "latitude": 11.6}, at=ago(5))
    assert await state_of(theatre, action) == "DONE"
    assert await reports_of(theatre, action) == [["UNDER_WAY", False], ["DONE", True], [None, False]]
    rows = await theatre.graph.read_rows(
        "MATCH (c:Change {record_id: $id, kind: 'STATE'}) RETURN c.after ORDER BY c.after", {"id": action}
    )
    assert [each for (each,) in rows] == ['{"state":"DONE"}', '{"state":"UNDER_WAY"}']


async def test_nothing_is_reported_under_way_that_nobody_has_activated(theatre: Theatre) -> None:
    """Refused with what to do, and nothing is kept; a note without a state is."""
    action = await theatre.raid()
    with pytest.raises(StateConflict) as refused:
        await status(theatre, action, state="UNDER_WAY")
    assert "activated" in str(refused.value)
    with pytest.raises(StateConflict):
        await results(theatre, action, {"kind": "ARREST", "number": 1})
    assert (await state_of(theatre, action), await reports_of(theatre, action)) == ("DRAFT", [])
    await status(theatre, action, note="in position")
    assert await reports_of(theatre, action) == [[None, False]]


async def test_only_those_who_have_to_do_with_the_action_report_of_it(theatre: Theatre) -> None:
    """The owner, the host of its soil, and who sends units by the published plan; for other units and agencies none."""
    participant = await theatre.guest()
    await theatre.reply(participant, ParticipantState.ACCEPTED)
    unit = await theatre.unit_of_guest("Guest's unit")
    await theatre.offer(unit, participant=participant, by=theatre.world.actor("B"))
    action = await theatre.staffed_raid()
    own = await theatre.unit("Own unit", offered=False)
    guest = theatre.world.actor("B")
    await theatre.state(action, "ACTIVATED")
    with pytest.raises(Forbidden):
        await status(theatre, action, actor=guest, note="here")
    await theatre.state(action, "DRAFT")
    await theatre.publish(await theatre.planned())
    await theatre.state(action, "ACTIVATED")
    await status(theatre, action, actor=guest, unit=unit, state="UNDER_WAY", at=ago(3))
    for stranger in (own, unit):
        with pytest.raises(Forbidden) as foreign:
            await status(theatre, action, actor=guest if stranger == own else None, unit=stranger, note="here")
        assert foreign.value.field == "input.unitId"
    host = theatre.hosts["KH"]
    police = Actor("police", host.agency, host.code, frozenset({Role.PLANNER}))
    await status(theatre, action, actor=police, state="DONE", at=ago(2))
    reader = Actor("reader", theatre.world.agencies["A"], "A", frozenset({Role.READER}))
    with pytest.raises(Forbidden):
        await status(theatre, action, actor=reader, note="here")
    (made,) = await results(theatre, action, {"kind": "ARREST", "number": 4}, actor=guest)
    with pytest.raises(Forbidden):
        await correct(theatre, made, actor=police, number=5)
    by_coordinator = await correct(theatre, made, number=5)
    assert await in_force(theatre, action) == [["ARREST", 5]]
    # Who reported a figure has the last word on it too: it may correct what a coordinator has put in its place.
    await correct(theatre, by_coordinator, actor=guest, number=6)
    assert await in_force(theatre, action) == [["ARREST", 6]]
    owners = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:REPORTS_ON]-(r) RETURN r.owner_id, r.moved ORDER BY r.at", {"id": action}
    )
    assert owners == [[theatre.world.agencies["B"], True], [host.agency, True]]


async def test_reports_at_once_take_turns(theatre: Theatre) -> None:
    """Ten that say the same: all are kept, one moves the action."""
    action = await theatre.raid()
    await theatre.state(action, "ACTIVATED")
    at = ago(1)
    await asyncio.gather(*(status(theatre, action, state="UNDER_WAY", at=at) for _ in range(10)))
    assert sorted(await reports_of(theatre, action)) == [["UNDER_WAY", False]] * 9 + [["UNDER_WAY", True]]
    assert await state_of(theatre, action) == "UNDER_WAY"


async def test_a_correction_takes_the_place_of_a_result_once(theatre: Theatre) -> None:
    """Five correct one result at once: one does; what counts is the last of the chain, and all of it can be read."""
    action = await theatre.raid()
    await theatre.state(action, "DONE")
    made = await results(
        theatre,
        action,
        {"kind": "ARREST", "number": 12},
        {"kind": "SEIZURE", "number": 2, "item": "CASH", "worth": 1e9, "currency": "IDR", "note": "two bags"},
    )
    said = await asyncio.gather(
        *(correct(theatre, made[0], number=number) for number in range(20, 25)), return_exceptions=True
    )
    (second,) = [each for each in said if isinstance(each, str)]
    assert {type(each) for each in said if not isinstance(each, str)} == {Conflict}
    third = await correct(theatre, second, number=0)
    await correct(theatre, made[1], number=3, note=None)
    with pytest.raises(Invalid):
        await correct(theatre, third)
    with pytest.raises(Invalid):
        await status(theatre, action)
    assert await in_force(theatre, action) == [["ARREST", 0], ["SEIZURE", 3]]
    with pytest.raises(Conflict) as corrected:
        await correct(theatre, second, number=1)
    assert third in str(corrected.value)
    assert (await theatre.world.properties(made[0]))["number"] == 12, "it stays as it was said"
    kept = (await theatre.world.properties(made[1])), await theatre.world.referred(made[1], "CORRECTS")
    assert (kept[0]["state"], kept[0]["note"]) == ("CORRECTED", "two bags")


async def test_nothing_seized_is_worth_nothing(theatre: Theatre) -> None:
    """A correction to none takes its worth with it."""
    action = await theatre.raid()
    await theatre.state(action, "DONE")
    cash = {"kind": "SEIZURE", "number": 2, "item": "CASH", "worth": 180_000.0, "currency": "USD"}
    (made,) = await results(theatre, action, cash)
    now = await theatre.world.properties(await correct(theatre, made, number=0))
    assert (now["number"], now.get("worth"), now.get("currency")) == (0, None, None)


async def test_what_cannot_be_is_refused_whole(theatre: Theatre) -> None:
    """One wrong result of three keeps all out; each refusal names its field."""
    action = await theatre.raid()
    await theatre.state(action, "DONE")
    good = {"kind": "ARREST", "number": 1}
    for wrong, field in (
        ({"kind": "ARREST", "number": -1}, "input.results[1].number"),
        ({"kind": "SEIZURE", "number": 1}, "input.results[1].item"),
        ({"kind": "PERSON_FREED", "number": 3, "at": ago(-60)}, "input.results[1].at"),
        ({"kind": "ARREST", "number": 1, "note": "x" * 2_001}, "input.results[1].note"),
    ):
        with pytest.raises(Invalid) as refused:
            await results(theatre, action, good, wrong, good)
        assert refused.value.field == field
    for rows in ([], [good] * 101):
        with pytest.raises(Invalid):
            await results(theatre, action, *rows)
    with pytest.raises(NotFound):
        await results(theatre, "action_0000000000000000000000000a", good)
    (made,) = await results(theatre, action, good)
    with pytest.raises(Invalid) as without:
        await correct(theatre, made, kind="SEIZURE")
    assert without.value.field == "input.item"
    with pytest.raises(NotFound):
        await correct(theatre, "reported_result_0000000000000000000000000a", number=1)
    assert await in_force(theatre, action) == [["ARREST", 1]]


async def test_over_the_api_the_hour_is_followed(theatre: Theatre, service: Running) -> None:
    """Status, results and corrections are heard by who follows the operation; a repeated report is the same one."""
    action = await theatre.raid()
    await theatre.state(action, "ACTIVATED")
    async with service.client(theatre) as client:
        heard: list[tuple[Any, ...]] = []

        async def follow() -> None:
            async with aclosing(client.follow(FOLLOW, {"operation": theatre.operation})) as events:
                async for event in events:
                    told = event["operationChanged"]
                    heard.append((told["kind"], told["noun"], *told["record"].values()))
                    if len(heard) == 8:
                        return

        following = asyncio.create_task(follow())
        await asyncio.sleep(1)
        wanted = {
            "actionId": action,
            "state": "UNDER_WAY",
            "at": ago(2),
            "location": {"longitude": 104.9, "latitude": 11.6},
            "note": "door is open",
        }
        said = [(await client.ask(STATUS, input=wanted, key="status-1"))["reportActionStatus"] for _ in range(2)]
        assert said[0] == said[1]
        assert (said[0]["moved"], said[0]["action"]["state"]) == (True, "UNDER_WAY")
        two = [
            {"kind": "ARREST", "number": 7, "at": ago(1)},
            {"kind": "SEIZURE", "number": 40, "at": ago(1), "item": "DEVICE", "worth": 8000.5, "currency": "USD"},
            # Floats that are added up one by one would come to 0.6000000000000001.
            *(
                {"kind": "SEIZURE", "number": 1, "at": ago(1), "item": "CASH", "worth": worth, "currency": "THB"}
                for worth in (0.1, 0.2, 0.3)
            ),
        ]
        made = (await client.ask(RESULTS, input={"actionId": action, "results": two}))["reportResults"]["results"]
        assert [(each["kind"], each["number"], each["item"]) for each in made] == [
            ("ARREST", 7, None),
            ("SEIZURE", 40, "DEVICE"),
            *[("SEIZURE", 1, "CASH")] * 3,
        ]
        wrong = {"resultId": made[0]["id"], "number": 9, "reason": "two in the yard"}
        instead = (await client.ask(CORRECT, input=wrong))["correctResult"]
        assert (instead["number"], instead["corrects"]["state"]) == (9, "CORRECTED")
        assert instead["corrects"]["correctedBy"]["id"] == instead["id"]
        await asyncio.wait_for(following, 20)
        assert sorted(heard[:2]) == [("CREATED", "StatusReport", "UNDER_WAY", True), ("STATE", "Action", "UNDER_WAY")]
        tally = (await client.ask(TALLY, operation=theatre.operation))["arrests"]
        assert tally == {"totalCount": 1, "aggregate": {"number": {"sum": 9}}}
        cash = (await client.ask(TALLY, operation=theatre.operation))["cash"]
        assert cash["aggregate"]["worth"] == {"sum": 0.6, "average": 0.2}
        refused = (await client.ask(STATUS, input={**wanted, "at": "9999-01-01T00:00:00Z"}))["reportActionStatus"]
        assert (refused["__typename"], refused["field"]) == ("InvalidInput", "input.at")
