"""What if, and what may go wrong: over GraphQL, from request to comparison, with a real worker and real children."""

import asyncio
import os
import re
import signal
from typing import Any

import psutil
import pytest

from opsplan.demo.client import Client, Refused
from opsplan.geography.travel import travel_model
from opsplan.vocabulary.actor import Role
from tests.opsplan.scheduling.test_api import PROGRESS, REFUSAL, REQUEST, Running, asked
from tests.opsplan.scheduling.theatre import Theatre, at

ASK = (
    "mutation ($input: RequestWhatIfInput!, $key: String) { requestWhatIf(input: $input, idempotencyKey: $key) "
    "{ __typename ... on WhatIf { id scenarios runs { nodes { id scenario state } } } ...R } }" + REFUSAL
)
CALL_OFF = (
    "mutation ($input: CancelWhatIfInput!) { cancelWhatIf(input: $input) { __typename ... on WhatIf { id } ...R } }"
    + REFUSAL
)
OUTCOME = (
    "query ($id: ID!) { whatIfOutcome(whatIfId: $id) { ended sameRecords baseline { ...O } scenarios { ...O } } } "
    "fragment O on ScenarioOutcome { name state reason changes gained lost moved restaffed run { id plan { id } } "
    "goals { goal before after change better boundBefore boundAfter } "
    "countries { country actions placed placedBefore weight burdenPermille burdenPermilleBefore unitsUsed unitCost } "
    "resources { country kind mostThere mostThereBefore peakUsed peakUsedBefore fullMinutes leftOutThatNeedIt } "
    "placed { actionId start unitIds action { name } } leftOut { actionId codes sentence } }"
)
RISK = (
    "query ($id: ID!, $runs: Int!, $spreads: SpreadsInput) { planRisk(planId: $id, runs: $runs, spreads: $spreads) { "
    "runs seed meanBreaches anyBreach { probability standardError } late { probability } notSimulated spreads "
    "actions { actionId overruns { probability } windows { probability } action { name } } "
    "units { unitId dutyAndRest { probability } unit { name } } "
    "resources { kind capacity { probability standardError } meanShortage } "
    "countries { country overruns { probability } capacity { probability } } } }"
)


@pytest.fixture(scope="module", autouse=True)
def _airports() -> None:
    """The world's airports are made ready before the service is asked: on a busy machine that takes a while."""
    travel_model()


async def outcome_of(client: Client, what_if: str) -> dict[str, Any]:
    """Wait until every scenario has ended, and give what came of them."""
    for _ in range(240):
        found = await asked(client, OUTCOME, id=what_if)
        if found["ended"]:
            return found
        await asyncio.sleep(0.25)
    raise AssertionError(found)


async def two_raids(theatre: Theatre) -> tuple[str, str, str]:
    """Two raids in one short time and one unit, with beds for one and a half: one of them is left out."""
    first = await theatre.staffed_raid("Raid 1", window_end=at(3), priority=9)
    second = await theatre.staffed_raid("Raid 2", window_end=at(3), priority=4)
    for raid in (first, second):
        await theatre.bed_need(raid, 20)
    await theatre.beds(30)
    return first, second, await theatre.unit("Unit 1")


async def test_scenarios_are_compared_with_the_operation_as_it_is(theatre: Theatre, service: Running) -> None:
    """A further unit alone gains nothing for want of beds, both together gain a raid, a lost unit loses one."""
    first, second, unit = await two_raids(theatre)
    more_beds = {"resourceChanged": {"country": "KH", "kind": "BED", "by": 10}}
    scenarios = [
        {"name": "A second unit", "changes": [{"unitAdded": {"likeUnitId": unit}}]},
        {"name": "And beds", "changes": [{"unitAdded": {"likeUnitId": unit}}, more_beds]},
        {"name": "Nobody comes", "changes": [{"unitAway": {"unitId": unit}}]},
    ]
    wanted = {"operationId": theatre.operation, "scenarios": scenarios, "budgetSeconds": 2, "workers": 1, "seed": 5}
    async with service.client(theatre) as client:
        made = await asked(client, ASK, input=wanted, key="what-if-0001")
        assert (made["__typename"], made["scenarios"]) == ("WhatIf", 3)
        assert sorted(run["scenario"] for run in made["runs"]["nodes"]) == [
            "A second unit",
            "And beds",
            "Baseline",
            "Nobody comes",
        ]
        assert (await asked(client, ASK, input=wanted, key="what-if-0001"))["id"] == made["id"]
        found = await outcome_of(client, made["id"])
    assert found["sameRecords"] is True
    baseline, unit_alone, both, nobody = (found["baseline"], *found["scenarios"])
    assert [each["state"] for each in (baseline, unit_alone, both, nobody)] == ["SUCCEEDED"] * 4
    assert [each["name"] for each in found["scenarios"]] == [each["name"] for each in scenarios]
    assert [place["actionId"] for place in baseline["placed"]] == [first]
    assert [each["actionId"] for each in baseline["leftOut"]] == [second]
    assert (unit_alone["gained"], both["gained"], nobody["lost"]) == ([], [second], [first])
    assert both["changes"] == [
        {"unitAdded": {"like_unit_id": unit, "count": 1}},
        {"resourceChanged": {"country": "KH", "kind": "BED", "by": 10}},
    ]
    weight = next(each for each in both["goals"] if each["goal"] == "placed_weight")
    assert (weight["before"], weight["after"], weight["change"], weight["better"]) == (9, 13, 4, "more")
    assert (weight["boundBefore"], weight["boundAfter"]) == (9, 13)
    (cambodia,) = (each for each in both["countries"] if each["country"] == "KH")
    assert (cambodia["actions"], cambodia["placedBefore"], cambodia["placed"], cambodia["unitsUsed"]) == (2, 1, 2, 2)
    (beds,) = both["resources"]
    assert (beds["mostThereBefore"], beds["mostThere"], beds["peakUsedBefore"], beds["peakUsed"]) == (30, 40, 20, 40)


async def test_no_scenario_is_a_plan(theatre: Theatre, service: Running) -> None:
    """Nothing that could be published comes of a what-if, and the records stay as they were."""
    first, _, _ = await two_raids(theatre)
    before = await theatre.world.properties(first)
    scenario = {"name": "Left out", "changes": [{"actionLeftOut": {"actionId": first}}]}
    wanted = {"operationId": theatre.operation, "scenarios": [scenario], "budgetSeconds": 1, "workers": 1}
    async with service.client(theatre) as client:
        made = await asked(client, ASK, input=wanted)
        found = await outcome_of(client, made["id"])
    assert all(each["run"]["plan"] is None for each in (found["baseline"], *found["scenarios"]))
    assert found["scenarios"][0]["placed"]
    plans = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:PLAN_FOR]-(plan) RETURN count(plan)", {"id": theatre.operation}
    )
    assert [list(row) for row in plans] == [[0]]
    assert await theatre.world.properties(first) == before


async def test_what_was_committed_between_two_scenarios_is_told(theatre: Theatre, service: Running) -> None:
    """A scenario that was searched after a change of the records says that it was not made from the same."""
    first, _, unit = await two_raids(theatre)
    scenario = {"name": "A second unit", "changes": [{"unitAdded": {"likeUnitId": unit}}]}
    wanted = {"operationId": theatre.operation, "scenarios": [scenario], "budgetSeconds": 1, "workers": 1}
    async with service.client(theatre) as client:
        made = await asked(client, ASK, input=wanted)
        await outcome_of(client, made["id"])
        (late,) = (run["id"] for run in made["runs"]["nodes"] if run["scenario"] == "A second unit")
        await theatre.change("Action", first, due=at(2))
        await theatre.graph.run_outside(
            f"MATCH (run:Record {{id: '{late}'}}) SET run.state = 'QUEUED', run.attempts = 0"
        )
        found = await outcome_of(client, made["id"])
    assert found["sameRecords"] is False


async def test_what_waits_is_called_off_together(theatre: Theatre, service: Running) -> None:
    """All scenarios are cancelled at once; another time there is nothing left to cancel."""
    await theatre.hard()
    scenarios = [
        {"name": f"{minutes} minutes later", "changes": [{"hHourMoved": {"byMinutes": minutes}}]}
        for minutes in (30, 60)
    ]
    wanted = {"operationId": theatre.operation, "scenarios": scenarios, "budgetSeconds": 60, "workers": 1}
    async with service.client(theatre) as client:
        made = await asked(client, ASK, input=wanted)
        assert (await asked(client, CALL_OFF, input={"whatIfId": made["id"]}))["__typename"] == "WhatIf"
        found = await outcome_of(client, made["id"])
        assert {each["state"] for each in (found["baseline"], *found["scenarios"])} == {"CANCELLED"}
        again = await asked(client, CALL_OFF, input={"whatIfId": made["id"]})
        assert (again["code"], again["field"]) == ("STATE_CONFLICT", "whatIfId")


async def test_a_search_that_is_killed_is_made_again(theatre: Theatre, service: Running) -> None:
    """kill -9 of the first scenario's solver: it is searched anew, and all scenarios have an outcome in the end."""
    await theatre.hard(raids=12)
    scenario = {"name": "An hour later", "changes": [{"hHourMoved": {"byMinutes": 60}}]}
    wanted = {"operationId": theatre.operation, "scenarios": [scenario], "budgetSeconds": 5, "workers": 1}
    async with service.client(theatre) as client:
        made = await asked(client, ASK, input=wanted)
        os.kill(await _solver(), signal.SIGKILL)
        found = await outcome_of(client, made["id"])
    assert [each["state"] for each in (found["baseline"], *found["scenarios"])] == ["SUCCEEDED"] * 2
    assert found["sameRecords"] is True
    rows = await theatre.graph.read_rows(
        "MATCH (run:ScheduleRun) WHERE run.id IN $ids RETURN run.attempts ORDER BY run.attempts",
        {"ids": [run["id"] for run in made["runs"]["nodes"]]},
    )
    assert [list(row) for row in rows] == [[1], [2]]


async def _solver() -> int:
    """Wait for a solver of this process, and give its process id."""
    async with asyncio.timeout(60):
        while True:
            for child in psutil.Process().children(recursive=True):
                if "serve-run" in child.cmdline():
                    return child.pid
            await asyncio.sleep(0.05)


async def test_what_cannot_be_asked_is_refused_by_name(theatre: Theatre, service: Running) -> None:
    """The field leads to the scenario and its change; too many are refused; others may not ask."""
    first, _, unit = await two_raids(theatre)
    away = {"unitAway": {"unitId": unit}}
    for scenarios, field in (
        ([], "input.scenarios"),
        ([{"name": "x", "changes": []}], "input.scenarios[0].changes"),
        ([{"name": " ", "changes": [away]}], "input.scenarios[0].name"),
        ([{"name": "x", "changes": [away]}, {"name": "x", "changes": [away]}], "input.scenarios[1].name"),
        ([{"name": "x", "changes": [{}]}], "input.scenarios[0].changes[0]"),
        (
            [{"name": "x", "changes": [away | {"actionLeftOut": {"actionId": first}}]}],
            "input.scenarios[0].changes[0]",
        ),
        (
            [{"name": "x", "changes": [away, {"unitAway": {"unitId": first}}]}],
            "input.scenarios[0].changes[1].unitAway.unitId",
        ),
    ):
        async with service.client(theatre) as client:
            refused = await asked(client, ASK, input={"operationId": theatre.operation, "scenarios": scenarios})
            assert (refused["code"], refused["field"]) == ("INVALID", field), refused
            assert refused["remedy"]
    good = {"operationId": theatre.operation, "scenarios": [{"name": "x", "changes": [away]}]}
    for agency, role in (("A", Role.PLANNER), ("B", Role.COORDINATOR)):
        async with service.client(theatre, agency, role) as client:
            assert (await asked(client, ASK, input=good))["code"] == "FORBIDDEN"


@pytest.mark.requirement("S10")
async def test_the_risk_of_a_plan_is_told(theatre: Theatre, service: Running) -> None:
    """A raid whose window leaves no time to spare overruns as often as its spread says; whose beds are few, too."""
    raid = await theatre.staffed_raid("Raid 1", minutes=120, window_end=at(2), expected_victims=20)
    await theatre.bed_need(raid, 30)
    await theatre.beds(30)
    await theatre.unit("Unit 1")
    plan = await theatre.planned()
    spreads = {
        "actions": [
            {
                "kind": "RAID",
                "spread": {"optimisticPermille": 900, "likelyPermille": 1000, "pessimisticPermille": 1300},
            }
        ],
        "victims": {"optimisticPermille": 500, "likelyPermille": 1000, "pessimisticPermille": 2200},
    }
    async with service.client(theatre, "A", Role.READER) as client:
        told = await asked(client, RISK, id=plan, runs=20_000, spreads=spreads)
        assert (told["runs"], told["seed"], told["notSimulated"]) == (20_000, 1, [])
        (action,) = told["actions"]
        assert action["action"]["name"] == "Raid 1"
        assert action["overruns"] == action["windows"]
        # The window ends with the raid: half of all courses take longer than the median.
        assert action["windows"]["probability"] == pytest.approx(0.5, abs=0.02)
        (beds,) = told["resources"]
        # As many beds as are needed for the victims expected: about half of all courses find more.
        assert 0.4 < beds["capacity"]["probability"] < 0.52
        assert 0 < beds["capacity"]["standardError"] < 0.005
        assert told["spreads"]["actions"]["RAID"] == [900, 1000, 1300, "LOGNORMAL"]
        assert told == await asked(client, RISK, id=plan, runs=20_000, spreads=spreads)
        assumed = await asked(client, RISK, id=plan, runs=500)
        assert "not measured" in assumed["spreads"]["source"]


async def test_figures_that_make_no_distribution_are_refused(theatre: Theatre, service: Running) -> None:
    """Refused with the point, what was given and what would do."""
    await theatre.staffed_raid("Raid 1")
    await theatre.unit("Unit 1")
    plan = await theatre.planned()
    flat = {"optimisticPermille": 900, "likelyPermille": 1000, "pessimisticPermille": 1000}
    one = {"kind": "RAID", "spread": {"optimisticPermille": 900, "likelyPermille": 1000, "pessimisticPermille": 1300}}
    async with service.client(theatre) as client:
        for spreads, runs, said in (
            ({"road": flat}, 10, "spreads.road.pessimisticPermille: 1000 is refused; give at least 1112"),
            ({}, 0, "runs: 0 is refused; give 1 to 100,000"),
            ({"actions": [one, one]}, 10, "spreads.actions: RAID stands there twice"),
        ):
            with pytest.raises(Refused, match=re.escape(said)):
                await client.ask(RISK, id=plan, runs=runs, spreads=spreads)


MORE = "query ($id: ID!) { scheduleRun(id: $id) { state reason slackPermille slack marginalValues plan { id } } }"


async def test_a_schedule_tells_its_slack_and_what_one_more_is_worth(theatre: Theatre, service: Running) -> None:
    """Of two raids at one time with one unit: a second unit is worth the second raid, once there are beds for it."""
    _, second, unit = await two_raids(theatre)
    wanted = {
        "operationId": theatre.operation,
        "budgetSeconds": 3,
        "workers": 1,
        "slackPermille": 800,
        "marginalValues": 5,
    }
    async with service.client(theatre) as client:
        run = await asked(client, REQUEST, input=wanted)
        async for _ in client.follow(PROGRESS, {"run": run["id"]}):
            pass
        told = await asked(client, MORE, id=run["id"])
        assert (told["state"], told["slackPermille"]) == ("SUCCEEDED", 800), told
        assert told["plan"] is not None
        before, after = told["slack"]["risk_before"], told["slack"]["risk_after"]
        assert after["mean_breaches"] <= before["mean_breaches"]
        assert [each["goal"] for each in told["slack"]["goals"]][:2] == ["missing_mandatory", "placed_weight"]
        values = told["marginalValues"]["values"]
        assert {each["about"] for each in values} == {"unit", "resource"}
        assert all(each["waiting_action_ids"] == [second] for each in values)
        assert [each["like_unit_id"] for each in values if each["about"] == "unit"] == [unit]
        # One of each by itself places nothing more: it lacks the other.
        for each in values:
            weight = next(goal for goal in each["goals"] if goal["goal"] == "placed_weight")
            assert (weight["change"], weight["least"], weight["most"]) == (0, 0, 0)


@pytest.mark.parametrize(("field", "value"), [("slackPermille", 499), ("marginalValues", 21)])
async def test_what_is_out_of_range_is_refused(theatre: Theatre, service: Running, field: str, value: int) -> None:
    """With field, value and remedy."""
    async with service.client(theatre) as client:
        refused = await asked(client, REQUEST, input={"operationId": theatre.operation, field: value})
        assert (refused["code"], refused["field"]) == ("INVALID", f"input.{field}")
        assert "give" in refused["remedy"]
