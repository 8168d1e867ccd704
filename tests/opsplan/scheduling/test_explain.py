"""Why a plan is as it is, what else could be, and why none was possible: over GraphQL, on a real database."""

import asyncio
import sys

import pytest

from opsplan.demo.client import Refused
from opsplan.scheduling.worker.inquiry import Inquiries, NotAnswered
from opsplan.vocabulary.actor import Role
from tests.opsplan.scheduling.running import Running, asked
from tests.opsplan.scheduling.test_api import PROGRESS, REQUEST
from tests.opsplan.scheduling.theatre import Theatre, at

CONFLICT = (
    "feasibility minimal causes { rule sentence facts actions { name } units { name } } "
    "relaxations { kind resolves cost smallest sentence facts actions { name } units { name } }"
)
SCHEDULE_CONFLICT = f"query ($run: ID!) {{ scheduleConflict(runId: $run) {{ {CONFLICT} }} }}"
EXPLANATION = (
    "query ($plan: ID!, $action: ID!) { planExplanation(planId: $plan, actionId: $action) { action { name } binding { "
    "start earliestStart latestStart slackMinutes notEarlier { rule sentence } notLater { rule sentence } otherUnits { "
    f"unit {{ name }} needId brokenRules {{ rule sentence }} }} }} blocked {{ {CONFLICT} }} }} }}"
)
WHY_NOT = (
    "query ($plan: ID!, $action: ID!, $unit: ID, $start: DateTime) { whyNot(planId: $plan, actionId: $action, "
    "unitId: $unit, start: $start) { outcome goals { goal before after change } moves { action { name } place { start "
    f"unitIds }} }} conflict {{ {CONFLICT} }} }} }}"
)


@pytest.mark.requirement("S5")
async def test_an_impossible_request_tells_its_conflict(theatre: Theatre, service: Running) -> None:
    """Two mandatory raids at one time with one unit: the run names these rules, with records, and what would help."""
    tight = {"mandatory": True, "window_start": at(4), "window_end": at(6)}
    for name in ("Raid 1", "Raid 2"):
        await theatre.staffed_raid(name, **tight)
    await theatre.staffed_raid("Raid 3")
    await theatre.unit("Unit 1")
    async with service.client(theatre, "A", Role.COORDINATOR) as client:
        await theatre.planned_by(client, REQUEST, PROGRESS)
    async with service.client(theatre, "A", Role.READER) as client:
        found = await asked(client, SCHEDULE_CONFLICT, run=theatre.last_run)
    assert (found["feasibility"], found["minimal"]) == ("IMPOSSIBLE", True)
    told = {
        (cause["rule"], *(each["name"] for each in cause["actions"])): cause["sentence"] for cause in found["causes"]
    }
    assert set(told) == {
        (rule, raid) for rule in ("mandatory", "unit_needs", "windows") for raid in ("Raid 1", "Raid 2")
    }
    assert told["windows", "Raid 1"] == "Raid 1 must run between 2026-12-01 04:00 UTC and 2026-12-01 06:00 UTC."
    assert "1 of TACTICAL of type 2 or better (1 fit, 1 of them may act in KH)" in told["unit_needs", "Raid 2"]
    changes = {(each["kind"], each["actions"][0]["name"]): each for each in found["relaxations"]}
    later = changes["WINDOW_LATER", "Raid 1"]
    assert (later["resolves"], later["smallest"], later["facts"]["amount_minutes"]) == ("REQUEST", True, 120)
    assert later["sentence"] == "The window of Raid 1 ends 2 h later."
    assert {kind for kind, _ in changes} == {"WINDOW_LATER", "WINDOW_EARLIER", "UNITS_ADDED", "MANDATORY_DROPPED"}
    assert [each["cost"] for each in found["relaxations"]] == sorted(each["cost"] for each in found["relaxations"])


@pytest.mark.requirement("S5")
async def test_an_action_that_is_left_out_and_one_that_is_placed(theatre: Theatre, service: Running) -> None:
    """A reader hears what keeps one action out, what would place it, what binds another, and who else could go."""
    left_out = await theatre.staffed_raid("Left out", window_start=at(4), window_end=at(6), priority=1)
    placed = await theatre.staffed_raid("Placed", window_start=at(4), window_end=at(7), priority=90)
    await theatre.unit("Unit 1")
    plan = await theatre.planned()
    await theatre.unit("Medics", kind="MEDICAL")
    guest = await theatre.unit("Guest", permitted_countries=["TH"])
    async with service.client(theatre, "A", Role.READER) as client:
        out = await asked(client, EXPLANATION, plan=plan, action=left_out)
        assert (out["action"]["name"], out["binding"]) == ("Left out", None)
        rules = {(cause["rule"], *(each["name"] for each in cause["actions"])) for cause in out["blocked"]["causes"]}
        assert {("asked", "Left out"), ("stays", "Placed"), ("windows", "Left out")} < rules
        best = out["blocked"]["relaxations"][0]
        assert best["resolves"] == "REQUEST"
        kinds = {each["kind"]: each for each in out["blocked"]["relaxations"]}
        assert kinds["UNIT_PERMITTED"]["sentence"] == "Guest may act in KH."
        assert [each["name"] for each in kinds["UNIT_PERMITTED"]["units"]] == ["Guest"]
        bound = await asked(client, EXPLANATION, plan=plan, action=placed)
        assert bound["blocked"] is None
        assert (bound["binding"]["slackMinutes"], bound["binding"]["earliestStart"]) == (60, at(4))
        assert {each["rule"] for each in bound["binding"]["notLater"]} == {"windows"}
        (other,) = bound["binding"]["otherUnits"]
        assert (other["unit"]["name"], [each["rule"] for each in other["brokenRules"]]) == (
            "Guest",
            ["permitted_countries"],
        )
        # Later than the window allows; with the guest, who may not act there; and half an hour later, which can be had.
        never = await asked(client, WHY_NOT, plan=plan, action=placed, start=at(20))
        assert never["outcome"] == "INFEASIBLE"
        assert [cause["rule"] for cause in never["conflict"]["causes"]] == ["asked", "windows"]
        assert never["conflict"]["causes"][0]["sentence"] == "Placed is asked for at 2026-12-01 20:00 UTC."
        foreign = await asked(client, WHY_NOT, plan=plan, action=placed, unit=guest)
        assert "permitted_countries" in [cause["rule"] for cause in foreign["conflict"]["causes"]]
        moved = await asked(client, WHY_NOT, plan=plan, action=left_out, start=at(4))
        assert moved["outcome"] in ("OPTIMAL", "FEASIBLE")
        assert moved["conflict"] is None
        weight = next(each for each in moved["goals"] if each["goal"] == "placed_weight")
        assert weight["change"] < 0
        places = {each["action"]["name"]: each["place"] for each in moved["moves"]}
        assert places["Left out"]["start"] == at(4)
        assert places["Placed"] is None
        for document, given, words in (
            (WHY_NOT, {"action": placed}, "Nothing is asked"),
            (WHY_NOT, {"action": placed, "start": "2026-12-01T04:01:00Z"}, "No schedule has a start there"),
            (EXPLANATION, {"action": "action_00000000000000000000000000"}, "not in play"),
            (EXPLANATION, {"action": placed, "plan": "plan_00000000000000000000000000"}, "There is no plan"),
        ):
            with pytest.raises(Refused, match=words):
                await asked(client, document, **{"plan": plan, **given})


async def test_who_asked_and_goes_takes_the_process_along() -> None:
    """A question whose caller goes is ended with its process; one whose process ends without an answer says so."""
    sleeper = (sys.executable, "-c", 'import time; print(\'{"event": "alive"}\', flush=True); time.sleep(60)', "--")
    inquiries = Inquiries(1, at_once=1, command=sleeper)
    task = asyncio.create_task(inquiries.ask(b"{}", 5))
    await asyncio.sleep(0.5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    quick = Inquiries(1, command=(sys.executable, "-c", "pass", "--"))
    with pytest.raises(NotAnswered):
        await quick.ask(b"{}", 5)
