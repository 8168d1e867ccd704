"""The small exercise on a running service, and an agency's system that has it scheduled and published over the API."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from opsplan.access.signer import Signer
from opsplan.exercise import Size, make_exercise
from opsplan.exercise.load import Loaded, load_exercise
from opsplan.graph.address import GraphAddress
from opsplan.main import CAPABILITIES, open_service
from opsplan.main.commands import make_token
from opsplan.nouns import LAWS
from opsplan.settings import Settings
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import instant_text, system_clock

LEAD = "EX-REGION-1"
"""The agency that owns the exercise's operation."""

_REQUEST = """
mutation RequestSchedule($input: RequestScheduleInput!) {
  requestSchedule(input: $input) { __typename ... on Refusal { message } ... on ScheduleRun { id } }
}
"""
_RUN = "query Run($id: ID!) { scheduleRun(id: $id) { state reason plan { id version state } } }"
_PROPOSE = """
mutation Propose($input: ProposePlanInput!) {
  proposePlan(input: $input) {
    __typename ... on Refusal { message } ... on StalePlan { brokenRules { rule } }
    ... on Plan { approvals(first: 100) { nodes { id state document authority { code } } } }
  }
}
"""
_KEY = """
mutation Key($input: CreateAgencyKeyInput!) {
  createAgencyKey(input: $input) { __typename ... on Refusal { message } ... on AgencyKey { id } }
}
"""
_APPROVE = """
mutation Approve($input: ApprovePartInput!) {
  approvePart(input: $input) { __typename ... on Refusal { message } ... on Approval { state } }
}
"""
_PUBLISH = """
mutation Publish($input: PublishPlanInput!) {
  publishPlan(input: $input) {
    __typename ... on Refusal { message } ... on StalePlan { brokenRules { rule } } ... on Plan { id state }
  }
}
"""
_ACTION = "query Action($id: ID!) { action(id: $id) { version state owner { code } } }"
_MOVE = """
mutation Move($input: TransitionActionInput!) {
  transitionAction(input: $input) { __typename ... on Refusal { message } ... on Action { state } }
}
"""
_UNIT = "query Unit($id: ID!) { unit(id: $id) { version owner { code } } }"
_RESOURCE = "query Resource($id: ID!) { resource(id: $id) { version owner { code } } }"
_PARTICIPANTS = """
query Participants($where: ParticipantFilter!) {
  participants(where: $where, first: 1000) { nodes { id agency { code } } }
}
"""
_OPERATION_OWNER = "query Owner($id: ID!) { operation(id: $id) { owner { code } } }"
_INVITE = """
mutation Invite($input: InviteParticipantInput!) {
  inviteParticipant(input: $input) { __typename ... on Refusal { message } ... on Participant { id version state } }
}
"""
_REPLY = """
mutation Reply($input: TransitionParticipantInput!) {
  transitionParticipant(input: $input) { __typename ... on Refusal { message } ... on Participant { state } }
}
"""
_UNIT_OFFERS = """
query UnitOffers($id: ID!) {
  unit(id: $id) {
    owner { code }
    offers(first: 20) { nodes { id version units(first: 1000) { nodes { id } } resources { totalCount } } }
  }
}
"""


@dataclass
class Story:
    """A service with the small exercise, and what its users do."""

    url: str
    settings: Settings
    operation_id: str

    def token(self, code: str = LEAD, role: Role = Role.COORDINATOR) -> str:
        """Make a token of a coordinator, or somebody else, of an agency."""
        return make_token(self.settings, agency_code=code, roles=(role,), hours=1.0, subject="anna")

    def ask(self, document: str, *, code: str = LEAD, role: Role = Role.COORDINATOR, **variables: Any) -> Any:
        """Send an operation and give the answer of its only field; errors and refusals fail the story."""
        headers = {"authorization": f"Bearer {self.token(code, role)}"}
        body = {"query": document, "variables": variables}
        answer = httpx.post(f"{self.url}/graphql", json=body, headers=headers, timeout=60, trust_env=False).json()
        assert not answer.get("errors"), answer
        (found,) = answer["data"].values()
        assert not isinstance(found, dict) or "message" not in found, found
        return found

    def write(self, verb: str, noun: str, *, code: str = LEAD, **given: Any) -> str:
        """Create or change a record as an agency, and give its id."""
        document = (
            f"mutation Write($input: {verb.capitalize()}{noun}Input!) {{ {verb}{noun}(input: $input) {{ "
            f"__typename ... on Refusal {{ message }} ... on {noun} {{ id }} }} }}"
        )
        return str(self.ask(document, code=code, input=given)["id"])

    def schedule(self, seconds: int, operation_id: str | None = None, within_s: float = 120.0) -> tuple[str, str]:
        """Have a schedule made, of the exercise's operation unless another is named; give the ids of run and plan."""
        given = {
            "operationId": operation_id or self.operation_id,
            "budgetSeconds": seconds,
            "workers": 1,
            "seed": 1,
        }
        run_id = self.ask(_REQUEST, input=given)["id"]
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            run = self.ask(_RUN, id=run_id)
            if run["state"] not in {"QUEUED", "RUNNING"}:
                assert run["state"] == "SUCCEEDED", run
                return run_id, run["plan"]["id"]
            time.sleep(0.1)
        raise TimeoutError(f"run {run_id} has not ended within {within_s} s")

    def publish(self, plan_id: str) -> None:
        """Have a plan approved by its hosts, and publish it."""
        by = instant_text(system_clock() + timedelta(days=1))
        for each in self.ask(_PROPOSE, input={"planId": plan_id, "approveBy": by})["approvals"]["nodes"]:
            if each["state"] == "ASKED":
                code, signer = each["authority"]["code"], Signer()
                key = {"agencyId": code, "ownerId": code, "name": "EXERCISE key", "jwk": signer.jwk}
                self.ask(_KEY, role=Role.ADMINISTRATOR, input=key)
                answer = {"approvalId": each["id"], "signature": signer.sign(each["document"])}
                assert self.ask(_APPROVE, code=code, role=Role.APPROVER, input=answer)["state"] == "APPROVED"
        assert self.ask(_PUBLISH, input={"planId": plan_id})["state"] == "PUBLISHED"

    def activate(self, action_id: str) -> None:
        """Walk an action from DRAFT to ACTIVATED."""
        for state in ("COORDINATED", "NOTIFIED", "ACTIVATED"):
            action = self.ask(_ACTION, id=action_id)
            given = {"id": action_id, "expectedVersion": action["version"], "to": state, "reason": "EXERCISE"}
            assert self.ask(_MOVE, code=action["owner"]["code"], input=given)["state"] == state

    def absent(self, unit_id: str, start: datetime, end: datetime) -> None:
        """Enter an absence of a unit, as the agency that owns it."""
        owner = self.ask(_UNIT, id=unit_id)["owner"]["code"]
        self.write("create", "UnitAbsence", code=owner, unitId=unit_id, start=start.isoformat(), end=end.isoformat())

    def keep_quiet(self, country: str, from_minute: int, until_minute: int) -> None:
        """Enter quiet hours of a country, as its prosecutors."""
        first, last = (f"{minute // 60:02}:{minute % 60:02}" for minute in (from_minute, until_minute))
        prosecutors = f"EX-{country}-PROSECUTOR"
        self.write("create", "QuietHours", code=prosecutors, country=country, fromLocal=first, untilLocal=last)

    def host(self, country: str, operation_id: str) -> None:
        """Let a country's prosecutors host an operation."""
        code, lead = f"EX-{country}-PROSECUTOR", self.ask(_OPERATION_OWNER, id=operation_id)["owner"]["code"]
        self._take_part(code, lead, operation_id, "HOST")

    def _take_part(self, code: str, lead: str, operation_id: str, role: str) -> str:
        part = self.ask(_INVITE, code=lead, input={"operationId": operation_id, "agencyId": code, "role": role})
        reply = {"id": part["id"], "expectedVersion": part["version"], "to": "ACCEPTED", "reason": "EXERCISE"}
        assert self.ask(_REPLY, code=code, input=reply)["state"] == "ACCEPTED"
        return str(part["id"])

    def offer(self, noun: str, record_id: str, operation_id: str) -> None:
        """Offer a unit or a resource to one more operation, as the agency that owns it; it takes part from then on."""
        code = self.ask({"Unit": _UNIT, "Resource": _RESOURCE}[noun], id=record_id)["owner"]["code"]
        known = self.ask(_PARTICIPANTS, where={"operation": {"id": {"eq": operation_id}}})["nodes"]
        if code not in {each["agency"]["code"] for each in known}:
            lead = self.ask(_OPERATION_OWNER, id=operation_id)["owner"]["code"]
            part = self._take_part(code, lead, operation_id, "CONTRIBUTOR")
            known = [{"id": part, "agency": {"code": code}}]
        part_id = next(each["id"] for each in known if each["agency"]["code"] == code)
        self.write("create", "Offer", code=code, participantId=part_id, **{f"{noun.lower()}Ids": [record_id]})

    def withdraw(self, unit_id: str) -> None:
        """Take a unit out of all offers, as the agency that owns it."""
        found = self.ask(_UNIT_OFFERS, id=unit_id)
        for offer in found["offers"]["nodes"]:
            left = [each["id"] for each in offer["units"]["nodes"] if each["id"] != unit_id]
            given = {"id": offer["id"], "expectedVersion": offer["version"]}
            code = found["owner"]["code"]
            if left or offer["resources"]["totalCount"]:
                self.write("change", "Offer", code=code, unitIds=left, **given)
            else:
                self.write("retire", "Offer", code=code, reason="EXERCISE", **given)

    def artefact(self, run_id: str, name: str) -> bytes:
        """Download a file of a run."""
        headers = {"authorization": f"Bearer {self.token()}"}
        answer = httpx.get(f"{self.url}/runs/{run_id}/{name}", headers=headers, timeout=60, trust_env=False)
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.content


@contextmanager
def told(address: GraphAddress, data_dir: Path) -> Iterator[Story]:
    """Run the service on a free port over a graph, load the exercise, and end the service afterwards."""
    settings = Settings.from_env(
        {
            "OPSPLAN_NEO4J_URI": address.uri,
            "OPSPLAN_NEO4J_USER": address.user,
            "OPSPLAN_NEO4J_PASSWORD": address.password,
            "OPSPLAN_DATA_DIR": str(data_dir),
            "OPSPLAN_PORT": "0",
        }
    )
    listening = socket.create_server(("127.0.0.1", 0))
    ready: Future[tuple[uvicorn.Server, Loaded]] = Future()

    async def run() -> None:
        async with open_service(settings, capabilities=CAPABILITIES) as opened:
            loaded = await load_exercise(opened.graph, LAWS, system_clock, make_exercise(Size.SMALL, 1))
            config = uvicorn.Config(opened.app, log_config=None, access_log=False, lifespan="off")
            server = uvicorn.Server(config)
            ready.set_result((server, loaded))
            await server.serve(sockets=[listening])

    def body() -> None:
        try:
            asyncio.run(run())
        except BaseException as failure:
            if ready.done():
                raise
            ready.set_exception(failure)

    thread = threading.Thread(target=body, name="story")
    thread.start()
    server, loaded = ready.result(300)
    try:
        yield Story(f"http://127.0.0.1:{listening.getsockname()[1]}", settings, loaded.operation_id)
    finally:
        server.should_exit = True
        thread.join(30)
