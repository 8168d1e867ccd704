"""A week of one operation, told by what each agency does over GraphQL, from a spreadsheet to the results of the hour.

Intelligence comes in; three countries are invited and offer; a plan is drafted, edited by hand, refused in one part,
replanned, approved by parts, published and printed; a unit drops out, the plan is marked, replanned with the fewest
changes, and only the country whose part changed is asked again; then statuses and results come in.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from openpyxl import Workbook, load_workbook

from opsplan.access.signer import Signer
from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.main import CAPABILITIES
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import instant_text, system_clock
from tests.conftest import WIPE
from tests.opsplan.orders.printing import printed
from tests.opsplan.web.conftest import Running, enter, serving, settings_for

pytestmark = [pytest.mark.requirement("P1"), pytest.mark.requirement("P4"), pytest.mark.requirement("P5")]

LEAD = "EX-LEAD"
COUNTRIES = {
    "KH": ("Asia/Phnom_Penh", {"longitude": 104.92, "latitude": 11.56}),
    "TH": ("Asia/Bangkok", {"longitude": 100.52, "latitude": 13.75}),
    "LA": ("Asia/Vientiane", {"longitude": 102.63, "latitude": 17.97}),
}
DAY = (system_clock() + timedelta(days=2)).replace(hour=0, minute=0, second=0, microsecond=0)
ROLES = (Role.PLANNER, Role.COORDINATOR, Role.APPROVER)


@dataclass
class Week:
    """The service, and whoever asks it."""

    http: httpx.AsyncClient
    service: Running

    async def ask(self, code: str, document: str, /, *roles: Role, **variables: Any) -> Any:
        """Ask as an agency."""
        headers = {"authorization": f"Bearer {self.service.token(code, *(roles or ROLES))}"}
        body = {"query": document, "variables": variables}
        answer = (await self.http.post("/graphql", json=body, headers=headers)).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def do(self, code: str, mutation: str, selection: str, /, *roles: Role, **given: Any) -> Any:
        """Have a mutation done as an agency, and give what is selected of its answer; a refusal fails the test."""
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        told = f"result: {mutation}(input: $input) {{ __typename {selection} ... on Refusal {{ code message field }} }}"
        answer = (await self.ask(code, f"mutation ($input: {kind}!) {{ {told} }}", *roles, input=given))["result"]
        assert "code" not in answer or "message" not in answer, answer
        return answer

    async def create(self, code: str, noun: str, /, *roles: Role, **given: Any) -> str:
        """Enter a record as an agency, and give its id."""
        return str((await self.do(code, f"create{noun}", f"... on {noun} {{ id }}", *roles, **given))["id"])

    async def planned(self, operation: str, **more: Any) -> str:
        """Have the operation scheduled, and give the plan."""
        given = {"operationId": operation, "budgetSeconds": 3, "workers": 1, **more}
        run = (await self.do(LEAD, "requestSchedule", "... on ScheduleRun { id }", **given))["id"]
        async with asyncio.timeout(120):
            while True:
                question = "query ($id: ID!) { scheduleRun(id: $id) { state reason plan { id } } }"
                found = (await self.ask(LEAD, question, id=run))["scheduleRun"]
                if found["state"] not in ("QUEUED", "RUNNING"):
                    assert found["plan"] is not None, found
                    return str(found["plan"]["id"])
                await asyncio.sleep(0.2)

    async def rows(self, plan: str) -> dict[str, dict[str, Any]]:
        """Give a plan's rows by the action's name."""
        of_row = "start action { id name } units { nodes { id } }"
        question = f"query ($id: ID!) {{ plan(id: $id) {{ actions {{ nodes {{ {of_row} }} }} }} }}"
        found = (await self.ask(LEAD, question, id=plan))["plan"]["actions"]["nodes"]
        return {
            each["action"]["name"]: {
                "id": each["action"]["id"],
                "start": each["start"],
                "units": {unit["id"] for unit in each["units"]["nodes"]},
            }
            for each in found
        }

    async def proposed(self, plan: str) -> dict[str, dict[str, Any]]:
        """Propose a plan; give what each host is asked, by country."""
        approvals = "approvals { nodes { id state document fingerprint country { code } } }"
        until = instant_text(system_clock() + timedelta(days=1))
        told = await self.do(LEAD, "proposePlan", f"... on Plan {{ {approvals} }}", planId=plan, approveBy=until)
        return {each["country"]["code"]: each for each in told["approvals"]["nodes"]}


@pytest.fixture
async def week(graph: Graph, graph_server: GraphAddress, tmp_path: Path) -> AsyncIterator[Week]:
    """A service over an empty graph, with one agency that leads."""
    await graph.run_outside(WIPE)
    settings = settings_for(graph_server, tmp_path / "data", OPSPLAN_SOLVER_WORKERS="1")
    (tmp_path / "data").mkdir()
    with serving(settings, CAPABILITIES) as service:
        lead = {"code": LEAD, "name": "EXERCISE Coordination Unit", "kind": "INTERNATIONAL"}
        await enter(graph, "Agency", [lead])
        async with httpx.AsyncClient(base_url=service.url, timeout=60) as http:
            yield Week(http, service)


def at(hours: float) -> str:
    """Give an instant so many hours after the operation's start."""
    instant: datetime = DAY + timedelta(hours=hours)
    return instant_text(instant)


async def join(week: Week, country: str, signer: Signer) -> str:
    """Have an agency of a country there, with its desk and its approver's key; give its id."""
    code, admin = f"EX-{country}", Role.ADMINISTRATOR
    agency = await week.create(
        LEAD, "Agency", admin, code=code, name=f"EXERCISE Police of {country}", kind="POLICE", country=country
    )
    await week.create(
        LEAD, "AgencyKey", admin, name="EXERCISE Prosecutor", agencyId=agency, ownerId=agency, jwk=signer.jwk
    )
    return agency


async def staff(week: Week, code: str, agency: str, zone: str) -> None:
    """Give an agency a desk that is on duty at all hours."""
    desk = {"post": "EXERCISE Duty desk", "phone": "+99912345678", "timeZone": zone, "agencyId": agency}
    post = await week.create(code, "ContactPoint", **desk)
    for first, last in (("00:00", "12:00"), ("12:00", "00:00")):
        await week.create(code, "DutyShift", fromLocal=first, untilLocal=last, contactPointId=post)


def spreadsheet(path: Path) -> list[dict[str, Any]]:
    """Write what an analyst knows as a workbook, and read it as an agency's system would."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["reference", "site", "country", "longitude", "latitude"])
    for country, (_, point) in COUNTRIES.items():
        sheet.append([f"case-{country}", f"EXERCISE Court {country}", country, point["longitude"], point["latitude"]])
    book.save(path)
    first, *rows = load_workbook(path).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    assert first[0] == "reference"
    return [
        {
            "externalId": reference,
            "name": name,
            "country": country,
            "location": {"longitude": longitude, "latitude": latitude},
        }
        for reference, name, country, longitude, latitude in rows
    ]


async def test_a_week(week: Week, graph_server: GraphAddress, tmp_path: Path) -> None:
    """Each day does what the day before has made possible; nobody does what is another's."""
    signers = {country: Signer() for country in COUNTRIES}
    agencies = {country: await join(week, country, signers[country]) for country in COUNTRIES}
    viewer = (await week.ask(LEAD, "{ viewer { agencyId } }"))["viewer"]["agencyId"]
    await staff(week, LEAD, viewer, "UTC")
    for country, (zone, _) in COUNTRIES.items():
        await staff(week, f"EX-{country}", agencies[country], zone)

    # Monday: intelligence arrives in a spreadsheet.
    upserted = "... on CompoundsUpserted { items { outcome } compounds { id country { code } } }"
    told = await week.do(LEAD, "upsertCompounds", upserted, items=spreadsheet(tmp_path / "sites.xlsx"))
    sites = {each["country"]["code"]: each["id"] for each in told["compounds"]}
    assert sites.keys() == COUNTRIES.keys()

    # Tuesday: an operation; three countries are invited, accept, and offer.
    frame = {"codeName": "EXERCISE Lantern", "hHour": at(6), "start": at(0), "end": at(48)}
    operation = await week.create(LEAD, "Operation", **frame)
    lead = await week.create(LEAD, "Participant", role="LEAD", operationId=operation, agencyId=viewer)
    assert lead
    units: dict[str, list[str]] = {}
    for country, (_, point) in COUNTRIES.items():
        code, ask = f"EX-{country}", {"operationId": operation, "agencyId": agencies[country], "role": "HOST"}
        invited = await week.do(LEAD, "inviteParticipant", "... on Participant { id version state }", **ask)
        assert invited["state"] == "INVITED"
        reply = {"id": invited["id"], "expectedVersion": invited["version"], "to": "ACCEPTED", "reason": "EXERCISE"}
        await week.do(code, "transitionParticipant", "... on Participant { state }", **reply)
        kind = {"kind": "TACTICAL", "type": 1, "home": point, "agencyId": agencies[country], "costPerHour": 10}
        units[country] = [await week.create(code, "Unit", name=f"EXERCISE Unit {country} {n}", **kind) for n in (1, 2)]
        await week.create(code, "Offer", participantId=invited["id"], unitIds=units[country], start=at(0), end=at(48))

    # Wednesday: a draft, which the coordinator edits by hand.
    actions: dict[str, str] = {}
    for country, site in sites.items():
        window = {"windowStart": at(4), "windowEnd": at(30), "operationId": operation, "compoundId": site}
        actions[country] = await week.create(LEAD, "Action", name=f"Raid {country}", kind="RAID", **window)
        mode = await week.create(LEAD, "ActionMode", name="By day", duration="PT2H", actionId=actions[country])
        await week.create(LEAD, "UnitNeed", unitKind="TACTICAL", unitType=2, count=1, modeId=mode)
    draft = await week.planned(operation)
    assert (await week.rows(draft)).keys() == {f"Raid {country}" for country in COUNTRIES}
    move = [{"move": {"actionId": actions["TH"], "start": at(10)}}, {"pin": actions["TH"]}]
    verdict = "... on PlanEdited { verdict { publishable } }"
    edited = await week.do(LEAD, "editPlan", verdict, planId=draft, steps=move, reason="The judge is free then.")
    assert edited["verdict"]["publishable"]

    # Thursday: parts are asked for; Cambodia approves, Laos refuses, and what is refused is left out.
    asked = await week.proposed(draft)
    assert asked.keys() == COUNTRIES.keys()
    sign = signers["KH"].sign(asked["KH"]["document"])
    await week.do("EX-KH", "approvePart", "... on Approval { state }", approvalId=asked["KH"]["id"], signature=sign)
    why = [{"actionId": actions["LA"], "reason": "No judge before Monday."}]
    part = {"approvalId": asked["LA"]["id"], "fingerprint": asked["LA"]["fingerprint"], "refusals": why}
    await week.do("EX-LA", "refusePart", "... on Approval { state }", **part)
    plan = await week.planned(operation, fromPlanId=draft, fewestChanges=True, leaveOutRefused=True)
    before = await week.rows(plan)
    assert before.keys() == {"Raid KH", "Raid TH"}
    assert before["Raid TH"]["start"] == at(10), "what was moved by hand stays"
    asked = await week.proposed(plan)
    assert {country: each["state"] for country, each in asked.items()} == {"KH": "APPROVED", "TH": "ASKED"}
    sign = signers["TH"].sign(asked["TH"]["document"])
    await week.do("EX-TH", "approvePart", "... on Approval { state }", approvalId=asked["TH"]["id"], signature=sign)

    # Friday: published, ordered, printed, acknowledged.
    assert (await week.do(LEAD, "publishPlan", "... on Plan { state }", planId=plan))["state"] == "PUBLISHED"
    sent = {country: (before[f"Raid {country}"]["units"] & {*units[country]}).pop() for country in ("KH", "TH")}
    orders = "query ($id: ID!) { unit(id: $id) { orders { orderId state changes { kind } tasks { action h } } } }"
    for country, unit in sent.items():
        (order,) = (await week.ask(f"EX-{country}", orders, id=unit))["unit"]["orders"]
        assert [each["action"] for each in order["tasks"]] == [f"Raid {country}"]
        await week.do(f"EX-{country}", "acknowledgeOrder", "... on Tasking { state }", orderId=order["orderId"])
    done = await printed(graph_server, tmp_path, plan, "--country", "KH", "--unit", sent["TH"])
    assert done.exit_code == 0, done.output
    assert "Raid KH" in (tmp_path / "out" / "actions-KH.html").read_text()

    # Saturday: a unit drops out; the plan is marked, and replanned so that one country alone is asked again.
    lost = {"unitId": sent["KH"], "available": False, "start": at(0), "end": at(48), "reason": "Engine trouble."}
    marked = "... on AvailabilityReported { breaches { rule } plansToReplan { id state } }"
    told = await week.do("EX-KH", "reportAvailability", marked, **lost)
    assert [each["rule"] for each in told["breaches"]] == ["calendars"]
    assert told["plansToReplan"] == [{"id": plan, "state": "PUBLISHED"}]
    again = await week.planned(operation, fromPlanId=plan, fewestChanges=True, leaveOutRefused=True)
    after = await week.rows(again)
    assert (after["Raid TH"], after["Raid KH"]["start"]) == (before["Raid TH"], before["Raid KH"]["start"])
    assert after["Raid KH"]["units"] == {*units["KH"]} - {sent["KH"]}
    asked = await week.proposed(again)
    assert {country: each["state"] for country, each in asked.items()} == {"KH": "ASKED", "TH": "APPROVED"}
    sign = signers["KH"].sign(asked["KH"]["document"])
    await week.do("EX-KH", "approvePart", "... on Approval { state }", approvalId=asked["KH"]["id"], signature=sign)
    await week.do(LEAD, "publishPlan", "... on Plan { state }", planId=again)
    (released,) = (await week.ask("EX-KH", orders, id=sent["KH"]))["unit"]["orders"]
    assert (released["state"], released["tasks"]) == ("ISSUED", [])
    (kept,) = (await week.ask("EX-TH", orders, id=sent["TH"]))["unit"]["orders"]
    assert kept["state"] == "ACKNOWLEDGED", "who has nothing new is not asked again"

    # Sunday: the hour itself.
    for country in ("KH", "TH"):
        version = "query ($id: ID!) { action(id: $id) { version } }"
        for to in ("COORDINATED", "NOTIFIED", "ACTIVATED"):
            seen = (await week.ask(LEAD, version, id=actions[country]))["action"]["version"]
            given = {"id": actions[country], "expectedVersion": seen, "to": to, "reason": "EXERCISE"}
            await week.do(LEAD, "transitionAction", "... on Action { state }", **given)
        report = {"actionId": actions[country], "state": "UNDER_WAY", "at": instant_text(system_clock())}
        unit = (after[f"Raid {country}"]["units"] & {*units[country]}).pop()
        said = await week.do(
            f"EX-{country}",
            "reportActionStatus",
            "... on StatusReport { moved action { state } }",
            unitId=unit,
            **report,
        )
        assert said["action"]["state"] == "UNDER_WAY"
    results = [{"kind": "PERSON_FREED", "number": 34, "at": instant_text(system_clock())}]
    came = "... on ResultsReported { results { id } }"
    (made,) = (await week.do("EX-TH", "reportResults", came, actionId=actions["TH"], results=results))["results"]
    instead = {"resultId": made["id"], "number": 36, "reason": "Two were found later."}
    await week.do("EX-TH", "correctResult", "... on ReportedResult { number }", **instead)
    tally = """query ($id: ID!) { reportedResults(where: {kind: {eq: PERSON_FREED}, state: {eq: IN_FORCE},
      action: {operation: {id: {eq: $id}}}}) { aggregate { number { sum } } } }"""
    assert (await week.ask(LEAD, tally, id=operation))["reportedResults"]["aggregate"]["number"]["sum"] == 36
