"""Scheduling as callers see it: GraphQL over HTTP and sockets, and downloads, from a service of its own."""

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from opsplan.demo.client import Refused
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import instant_text, system_clock
from tests.opsplan.scheduling.running import Running, asked
from tests.opsplan.scheduling.theatre import Theatre, at

REFUSAL = " fragment R on Refusal { code message field remedy retryable }"
REQUEST = (
    "mutation ($input: RequestScheduleInput!, $key: String) { requestSchedule(input: $input, idempotencyKey: $key) "
    "{ __typename ... on ScheduleRun { id state budgetSeconds seed operation { id } } ...R } }" + REFUSAL
)
CANCEL = (
    "mutation ($input: CancelScheduleRunInput!) { cancelScheduleRun(input: $input) "
    "{ __typename ... on ScheduleRun { id state } ...R } }" + REFUSAL
)
PROPOSE = (
    "mutation ($input: ProposePlanInput!) { proposePlan(input: $input) { __typename ... on Plan { id state version "
    "approveBy approvals { nodes { id state document fingerprint country { code } authority { code } } } } "
    "... on StalePlan { brokenRules { rule } } ...R } }" + REFUSAL
)
PUBLISH = (
    "mutation ($input: PublishPlanInput!) { publishPlan(input: $input) { __typename ... on Plan { id state version } "
    "... on StalePlan { brokenRules { rule sentence facts } } "
    "... on ChangesToAccept { changes { id version kind noun name sentence } } "
    "... on ApprovalsMissing { missing { country authority approvalId sentence } } ...R } }" + REFUSAL
)
PROGRESS = (
    "subscription ($run: ID!) { scheduleProgress(runId: $run) { runId state attempts stage elapsedSeconds placed "
    "unplaced incumbent bound gap reason final run { id state } plan { id version actions { totalCount nodes "
    "{ start localStart staffing action { name } units { nodes { name } } } } } } }"
)
SLOTS = (
    "query ($plan: ID!, $id: ID, $action: DescribedAction, $first: Int! = 10) "
    '{ slotAdvice(planId: $plan, actionId: $id, action: $action, first: $first, longest: "PT6H") { total '
    "slots { start end localStart earliest latest modeId modeNumber staffing { needId unitIds } "
    "goals { goal change better } } blockers { code sentence facts } } }"
)
COMPARE = (
    "query ($first: ID!, $second: ID!) { comparePlans(firstId: $first, secondId: $second) { kind actionId movedMinutes "
    "before { start } after { start unitIds } action { name } } }"
)


def soon() -> str:
    """Give the instant in a day."""
    return instant_text(system_clock() + timedelta(days=1))


async def test_from_request_to_publication(theatre: Theatre, service: Running) -> None:
    """A coordinator requests, follows, reads, publishes and compares plans over the API alone."""
    action = await theatre.staffed_raid("Raid 1")
    await theatre.unit("Unit 1")
    async with service.client(theatre) as client:
        wanted = {"operationId": theatre.operation, "budgetSeconds": 2, "workers": 1, "seed": 3}
        run = await asked(client, REQUEST, input=wanted, key="request-0001")
        assert run["__typename"] == "ScheduleRun"
        assert (run["budgetSeconds"], run["seed"], run["operation"]["id"]) == (2, 3, theatre.operation)
        again = await asked(client, REQUEST, input=wanted, key="request-0001")
        assert again["id"] == run["id"]
        other = await asked(client, REQUEST, input={**wanted, "seed": 4}, key="request-0001")
        assert other["code"] == "IDEMPOTENCY_CONFLICT"
        events = [each["scheduleProgress"] async for each in client.follow(PROGRESS, {"run": run["id"]})]
        last = events[-1]
        assert (last["state"], last["final"], last["placed"], last["run"]["id"]) == ("SUCCEEDED", True, 1, run["id"])
        (planned,) = last["plan"]["actions"]["nodes"]
        assert (planned["action"]["name"], planned["units"]["nodes"]) == ("Raid 1", [{"name": "Unit 1"}])
        assert planned["localStart"] == "2026-12-01T07:00+07:00"
        assert list(planned["staffing"].values()) == [[each] for each in await unit_ids(theatre)]
        draft = await asked(client, PUBLISH, input={"planId": last["plan"]["id"]})
        assert (draft["__typename"], draft["code"]) == ("StateConflictError", "STATE_CONFLICT")
        await theatre.approved(last["plan"]["id"])
        published = await asked(client, PUBLISH, input={"planId": last["plan"]["id"], "expectedVersion": 3})
        assert (published["__typename"], published["state"], published["version"]) == ("Plan", "PUBLISHED", 4)
        await theatre.change("Action", action, window_start=at(7))
        second = await theatre.planned_by(client, REQUEST, PROGRESS)
        (difference,) = await asked(client, COMPARE, first=last["plan"]["id"], second=second)
        assert (difference["kind"], difference["movedMinutes"]) == ("MOVED", 420)
        assert difference["action"]["name"] == "Raid 1"


async def unit_ids(theatre: Theatre) -> list[str]:
    """Give the ids of the operation's units."""
    rows = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:PARTICIPATES_IN]-()<-[:OFFERED_BY]-()-[:OFFERS]->(unit) RETURN unit.id",
        {"id": theatre.operation},
    )
    return [row[0] for row in rows]


async def test_refusals_of_publishing_are_typed(theatre: Theatre, service: Running) -> None:
    """A stale plan lists its broken rules, changed facts are listed and then accepted by id and version."""
    action = await theatre.staffed_raid("Raid 1")
    unit = await theatre.unit("Unit 1")
    plan = await theatre.approved(await theatre.planned())
    async with service.client(theatre) as client:
        await theatre.change("Action", action, due=at(20))
        listed = await asked(client, PUBLISH, input={"planId": plan})
        assert (listed["__typename"], listed["code"]) == ("ChangesToAccept", "CHANGES_TO_ACCEPT")
        (change,) = listed["changes"]
        assert (change["id"], change["noun"], change["kind"], change["version"]) == (action, "Action", "CHANGED", 2)
        missing = await theatre.absence(unit, 0, 6)
        stale = await asked(client, PUBLISH, input={"planId": plan})
        assert (stale["__typename"], stale["code"], stale["retryable"]) == ("StalePlan", "STALE_PLAN", False)
        (broken,) = stale["brokenRules"]
        assert (broken["rule"], broken["facts"]["unitId" if "unitId" in broken["facts"] else "unit_id"]) == (
            "calendars",
            unit,
        )
        await theatre.world.retire("UnitAbsence", missing, 1)
        accepted = [{"id": change["id"], "version": change["version"]}]
        published = await asked(client, PUBLISH, input={"planId": plan, "acceptedChanges": accepted})
        assert published["__typename"] == "Plan"


async def test_callers_without_the_right_are_refused(theatre: Theatre, service: Running) -> None:
    """Planners and other agencies get a typed refusal for each mutation, whoever has no token gets no answer."""
    await theatre.staffed_raid()
    plan = await theatre.planned()
    run = await theatre.request()
    for agency, role in (("A", Role.PLANNER), ("A", Role.READER), ("B", Role.COORDINATOR)):
        async with service.client(theatre, agency, role) as client:
            for document, given in (
                (REQUEST, {"operationId": theatre.operation}),
                (CANCEL, {"runId": run}),
                (PUBLISH, {"planId": plan}),
            ):
                answer = await asked(client, document, input=given)
                assert answer["code"] in ("FORBIDDEN", "CONFLICT", "STATE_CONFLICT"), answer
                assert answer["code"] == "FORBIDDEN"
    async with httpx.AsyncClient(base_url=service.url, trust_env=False) as nobody:
        assert (await nobody.post("/graphql", json={"query": "{ viewer { subject } }"})).status_code == 401
        assert (await nobody.get(f"/runs/{run}")).status_code == 401


async def test_wrong_input_is_refused_by_name(theatre: Theatre, service: Running) -> None:
    """Unknown ids, numbers out of range and bad keys are refused with field and remedy."""
    async with service.client(theatre) as client:
        unknown = await asked(client, REQUEST, input={"operationId": "operation_00000000000000000000000000"})
        assert (unknown["code"], unknown["field"]) == ("NOT_FOUND", "operationId")
        long = await asked(client, REQUEST, input={"operationId": theatre.operation, "budgetSeconds": 100_000})
        assert (long["code"], long["field"]) == ("INVALID", "input.budgetSeconds")
        bad = await asked(client, REQUEST, input={"operationId": theatre.operation}, key="short")
        assert (bad["code"], bad["field"]) == ("INVALID", "idempotencyKey")
        gone = await asked(client, CANCEL, input={"runId": "schedule_run_00000000000000000000000000"})
        assert gone["code"] == "NOT_FOUND"
        with pytest.raises(Refused, match="no schedule run"):
            async for _ in client.follow(PROGRESS, {"run": "schedule_run_00000000000000000000000000"}):
                pass
        with pytest.raises(Refused, match="no plan"):
            await client.ask(COMPARE, first="plan_00000000000000000000000000", second="plan_0000000000000000000000000")


async def test_a_run_is_cancelled_over_the_api(theatre: Theatre, service: Running) -> None:
    """A running run is cancelled by a mutation; its listener hears the end with the best plan so far."""
    await theatre.hard()
    async with service.client(theatre) as client:
        run = await asked(client, REQUEST, input={"operationId": theatre.operation, "budgetSeconds": 120})
        last: dict[str, Any] = {}
        cancelled = False
        async for event in client.follow(PROGRESS, {"run": run["id"]}):
            last = event["scheduleProgress"]
            if last["placed"] and not cancelled:
                cancelled = True
                await asked(client, CANCEL, input={"runId": run["id"]})
        assert (last["state"], last["final"]) == ("CANCELLED", True)
        assert last["plan"]["actions"]["totalCount"] == last["placed"] > 0


async def test_a_run_s_files_are_downloaded_and_verify(theatre: Theatre, service: Running, tmp_path: Path) -> None:
    """Whoever holds a token downloads a run's files, and the solver alone verifies its plan from them."""
    await theatre.staffed_raid()
    await theatre.unit()
    async with service.client(theatre) as client:
        await theatre.planned_by(client, REQUEST, PROGRESS)
    run = theatre.last_run
    header = {"authorization": f"Bearer {service.token(theatre, 'B', Role.READER)}"}
    async with httpx.AsyncClient(base_url=service.url, headers=header, trust_env=False) as reader:
        listed = (await reader.get(f"/runs/{run}")).json()
        for each in listed["files"]:
            answer = await reader.get(f"/runs/{run}/{each['name']}")
            assert answer.headers["content-type"] == "application/json"
            assert len(answer.content) == each["size_bytes"]
            (tmp_path / each["name"]).write_bytes(answer.content)
        assert (await reader.get(f"/runs/{run}/nothing.json")).status_code == 404
        assert (await reader.get("/runs/schedule_run_00000000000000000000000000")).status_code == 404
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "solver", "verify", "problem.json", "--solution", "solution.json"),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    assert (process.returncode, output.split()[0]) == (0, b"VALID")
    assert json.loads((tmp_path / "facts.json").read_text())["facts"]


EDIT = (
    "mutation ($input: EditPlanInput!, $key: String) { editPlan(input: $input, idempotencyKey: $key) { __typename "
    "... on PlanEdited { plan { version placed edits { totalCount } actions { nodes { start pinned action { id } } } } "
    "edit { number reason moves createdBy actions { nodes { name } } } verdict { publishable brokenRules { rule "
    "sentence } changes { id } goals { goal before after change better parts { actionId unitId country change } } } } "
    "...R } }" + REFUSAL
)
VERDICT = (
    "query ($plan: ID!, $steps: [PlanStep!]!) { planVerdict(planId: $plan, steps: $steps) { publishable "
    "brokenRules { rule } goals { goal change } } }"
)
COMPARISON = (
    "query ($first: PlanVersion!, $second: PlanVersion!) { planComparison(first: $first, second: $second) { "
    "differences { kind action { name } movedMinutes costChange before { start } after { start } reasons { code "
    "sentence facts } } goals { goal before after change parts { actionId change } } } }"
)


@pytest.mark.requirement("P3")
async def test_a_draft_is_edited_over_the_api(theatre: Theatre, service: Running) -> None:
    """A coordinator tries steps, takes them, hears the verdict, and compares what was with what is."""
    ids = {name: await theatre.staffed_raid(name) for name in ("Raid 1", "Raid 2")}
    await theatre.unit("Unit 1", cost_per_hour=10)
    plan = await theatre.planned()
    late = {"move": {"actionId": ids["Raid 1"], "start": at(20)}}
    async with service.client(theatre) as client:
        tried = await asked(client, VERDICT, plan=plan, steps=[late, {"pin": ids["Raid 1"]}, {"drop": ids["Raid 2"]}])
        assert tried["publishable"] is True
        assert {each["goal"] for each in tried["goals"] if each["change"]} == {
            "placed_weight",
            "cost",
            "burden_permille",
        }
        given = {
            "planId": plan,
            "steps": [late, {"pin": ids["Raid 1"]}],
            "reason": "the judge is free",
            "expectedVersion": 1,
        }
        told = await asked(client, EDIT, input=given, key="edit-0001")
        assert told["__typename"] == "PlanEdited", told
        assert (told["plan"]["version"], told["plan"]["placed"], told["plan"]["edits"]["totalCount"]) == (2, 2, 1)
        rows = {each["action"]["id"]: each for each in told["plan"]["actions"]["nodes"]}
        assert (rows[ids["Raid 1"]]["start"], rows[ids["Raid 1"]]["pinned"]) == (at(20), True)
        assert rows[ids["Raid 2"]]["pinned"] is False
        edit = told["edit"]
        assert (edit["number"], edit["reason"]) == (1, "the judge is free")
        assert [each["name"] for each in edit["actions"]["nodes"]] == ["Raid 1"]
        assert told["verdict"]["publishable"] is True
        again = await asked(client, EDIT, input=given, key="edit-0001")
        assert again["edit"] == edit
        assert again["plan"]["version"] == 2
        compared = await asked(client, COMPARISON, first={"planId": plan, "version": 1}, second={"planId": plan})
        (moved,) = compared["differences"]
        assert (moved["kind"], moved["action"]["name"]) == ("MOVED", "Raid 1")
        assert moved["reasons"][0]["code"] == "EDITED_BY_HAND"
        unit_both = await asked(
            client,
            EDIT,
            input={**given, "steps": [{"move": {"actionId": ids["Raid 2"], "start": at(20)}}], "expectedVersion": 2},
        )
        assert unit_both["verdict"]["publishable"] is False
        assert {each["rule"] for each in unit_both["verdict"]["brokenRules"]} == {"one_action_at_a_time"}
        refused = await asked(client, PROPOSE, input={"planId": plan, "approveBy": soon()})
        assert refused["__typename"] == "StalePlan"


async def test_edits_refused_over_the_api(theatre: Theatre, service: Running) -> None:
    """Each refusal is a value of the union, and names its field."""
    raid = await theatre.raid("Raid 1")
    plan = await theatre.planned()
    wrong: tuple[tuple[dict[str, Any], str, str], ...] = (
        ({"reason": ""}, "InvalidInput", "input.reason"),
        ({"steps": []}, "InvalidInput", "input.steps"),
        ({"steps": [{"drop": "action_0"}]}, "InvalidInput", "input.steps[0].drop"),
        ({"steps": [{"pin": ""}]}, "InvalidInput", "input.steps[0].pin"),
        ({"steps": [{"unpin": ""}]}, "InvalidInput", "input.steps[0].unpin"),
        ({"expectedVersion": 4}, "VersionConflictError", "expectedVersion"),
        ({"planId": "plan_0"}, "NotFoundError", "planId"),
    )
    async with service.client(theatre) as client:
        for change, kind, field in wrong:
            given = {"planId": plan, "steps": [{"drop": raid}], "reason": "EXERCISE", **change}
            refused = await asked(client, EDIT, input=given)
            assert (refused["__typename"], refused["field"]) == (kind, field)
        # A step that is none, or two at once, is refused before anything is read.
        for step in ({}, {"pin": "a", "drop": "a"}, {"pin": None}):
            with pytest.raises(Refused, match=r"[Oo]ne"):
                await client.ask(EDIT, input={"planId": plan, "steps": [step], "reason": "EXERCISE"})


@pytest.mark.requirement("S9")
async def test_slots_over_the_api(theatre: Theatre, service: Running) -> None:
    """Who may read asks for slots of a new action, and of one that was left out; refusals name argument and remedy."""
    unit = await theatre.unit("Unit 1", cost_per_hour=12)
    left_out = await theatre.staffed_raid("Raid 2", minutes=300, window_start=at(1), window_end=at(3))
    await theatre.staffed_raid("Raid 1")
    plan = await theatre.planned()
    action: dict[str, Any] = {
        "kind": "SEARCH",
        "location": {"longitude": 104.92, "latitude": 11.56},
        "due": at(8),
        "modes": [
            {
                "duration": "PT2H",
                "cost": 5,
                "unitNeeds": [{"unitKind": "TACTICAL", "unitType": 2, "languages": []}],
            }
        ],
    }
    async with service.client(theatre, "B", Role.READER) as client:
        found = await asked(client, SLOTS, plan=plan, action=action, first=2)
        best, later = found["slots"]
        assert (best["modeId"], best["modeNumber"]) == (None, 0)
        assert best["staffing"] == [{"needId": None, "unitIds": [unit]}]
        assert best["start"] < best["end"] <= at(8) < later["end"]
        assert best["earliest"] <= best["start"] <= best["latest"]
        assert best["localStart"].endswith("+07:00")
        assert found["total"] > 2
        assert found["blockers"] == []
        changes = {each["goal"]: each["change"] for each in best["goals"]}
        assert (changes["placed_weight"], changes["lateness"]) == (100, 0)
        (blocker, *_) = (await asked(client, SLOTS, plan=plan, id=left_out))["blockers"]
        assert blocker["code"] == "WINDOW_TOO_SHORT"
        assert "Raid 2 takes 5 h" in blocker["sentence"]
        for given, words in (
            ({"action": {**action, "priority": 0}}, "action.priority: 0 is below 1; give 1"),
            ({"id": "action_0"}, "no action action_0 in play"),
            ({}, "neither is given"),
        ):
            with pytest.raises(Refused, match=words):
                await asked(client, SLOTS, plan=plan, **given)


@pytest.mark.requirement("S6")
async def test_a_replan_is_asked_for_over_the_api(theatre: Theatre, service: Running) -> None:
    """What is frozen until when is an input, is kept with the run, and is refused without a plan to start from."""
    await theatre.staffed_raid("Raid 1")
    await theatre.unit("Unit 1")
    plan = await theatre.planned()
    asking = REQUEST.replace("budgetSeconds seed", "frozenUntil fewestChanges fromPlan { id } seed")
    wanted = {"operationId": theatre.operation, "budgetSeconds": 2, "workers": 1, "frozenUntil": at(9)}
    async with service.client(theatre) as client:
        run = await asked(client, asking, input={**wanted, "fromPlanId": plan, "fewestChanges": True})
        assert (run["frozenUntil"], run["fewestChanges"], run["fromPlan"]["id"]) == (at(9), True, plan)
        refused = await asked(client, asking, input=wanted)
        assert (refused["code"], refused["field"]) == ("INVALID", "input.frozenUntil")
        assert refused["remedy"] == "name the plan as fromPlanId"
        with pytest.raises(Refused, match="frozenUntil"):
            await asked(client, asking, input={**wanted, "fromPlanId": plan, "frozenUntil": "soon"})
        events = [each["scheduleProgress"] async for each in client.follow(PROGRESS, {"run": run["id"]})]
        assert (events[-1]["state"], events[-1]["placed"]) == ("SUCCEEDED", 1)
