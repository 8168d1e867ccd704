"""A small operation in a real graph, with what it takes to schedule it: for tests of services and of the worker."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from opsplan.access.signer import Signer
from opsplan.demo.client import Client
from opsplan.graph.driver import Graph
from opsplan.nouns import LAWS
from opsplan.operations.service import move_action
from opsplan.operations.states import ActionState, ParticipantState
from opsplan.records.writing import Writing
from opsplan.scheduling.plan.steps import Step
from opsplan.scheduling.problem import make_problem
from opsplan.scheduling.problem.means import sparing
from opsplan.scheduling.rules import Basis, Options
from opsplan.scheduling.service import (
    Edit,
    Frames,
    Proposal,
    Refused,
    Wish,
    approve_part,
    cancel_run,
    edit_plan,
    propose_plan,
    publish_plan,
    refuse_part,
    request_schedule,
    withdraw_approval,
    withdraw_proposal,
)
from opsplan.scheduling.store.snapshot import take_snapshot
from opsplan.scheduling.worker import ProgressFeed, Worker, open_worker
from opsplan.scheduling.worker.conclusion import Work, conclude
from opsplan.scheduling.worker.course import Course
from opsplan.scheduling.worker.desk import Desk
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import instant_text, system_clock
from solver import Budget, explain, problem_to_json, solution_to_json, solve
from tests.opsplan.records.world import ADMINISTRATOR, World, checked, enter

DAY = datetime(2026, 12, 1, tzinfo=UTC)
PHNOM_PENH = (104.92, 11.56)
SIHANOUKVILLE = (103.52, 10.63)
ENDED = ("SUCCEEDED", "INFEASIBLE", "FAILED", "CANCELLED")


def at(hours: float) -> str:
    """Give the instant so many hours after the operation's start, as text."""
    return instant_text(DAY + timedelta(hours=hours))


@dataclass(frozen=True, slots=True)
class Host:
    """An agency that hosts, approves for its country, and has a key to sign with."""

    agency: str
    code: str
    participant: str
    signer: Signer

    @property
    def approver(self) -> Actor:
        """Somebody of it who approves."""
        return Actor(f"approver of {self.code}", self.agency, self.code, frozenset({Role.APPROVER}))

    def sign(self, document: str) -> str:
        """Sign the document of a part."""
        return self.signer.sign(document)


def _said(given: dict[str, Any]) -> dict[str, Any]:
    """Give raw values as a caller says them: minutes as durations."""
    return {name: f"PT{value}M" if name.endswith("_minutes") else value for name, value in given.items()}


class Theatre:
    """An operation of two days, owned by agency A of a world of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.graph: Graph = world.graph
        self.coordinator = world.actor("A", Role.COORDINATOR)
        self.operation = ""
        self.participant = ""
        self.offers: dict[str, str] = {}
        """By unit or resource: its offer to this operation."""
        self.last_run = ""
        self.feed = ProgressFeed(self.graph, pause_s=0.1)
        self.hosts: dict[str, Host] = {}
        """By country: who approves for it."""

    async def open(self, **given: Any) -> "Theatre":
        """Make the operation; agency A leads it."""
        await self.world.with_desks()
        frame = {"h_hour": at(28), "start": at(0), "end": at(48)}
        operation = {"code_name": f"Lantern {self.world.tag}", **frame, **given}
        leads = {"role": "LEAD", "agency": self.world.agencies["A"]}

        async def make(writing: Writing) -> tuple[str, str]:
            made = await enter(writing, "Operation", **operation)
            return made, await enter(writing, "Participant", operation=made, **leads)

        self.operation, self.participant = await self.world.write(make)
        await self.host("KH")
        return self

    async def host(self, country: str) -> Host:
        """Give the host of a country, which is made when there is none."""
        if country in self.hosts:
            return self.hosts[country]
        name, code = f"H{country}", f"H{country}-{self.world.tag}"
        if name not in self.world.agencies:
            self.world.agencies[name] = await self._new_host(country, code)
        agency = self.world.agencies[name]
        participant = await self.world.invite(self.operation, name, by=self.coordinator, role="HOST")
        await self.world.reply(participant, ParticipantState.ACCEPTED, name)
        self.hosts[country] = Host(agency, code, participant, self.world.signers[agency])
        return self.hosts[country]

    async def _new_host(self, country: str, code: str) -> str:
        """Make an agency with a desk that is always on duty and a key to approve with, and give its id."""
        signer = Signer()

        async def make(writing: Writing) -> str:
            agency = await enter(
                writing, "Agency", code=code, name=f"Host {country}", kind="PROSECUTOR", country=country
            )
            desk = {"post": "Desk", "phone": "+99900000002", "time_zone": "Asia/Phnom_Penh"}
            post = await enter(writing, "ContactPoint", owner=agency, agency=agency, **desk)
            always = {"from_local": "00:00", "until_local": "00:00", "contact_point": post}
            await enter(writing, "DutyShift", owner=agency, **always)
            await enter(writing, "AgencyKey", owner=agency, name=f"Approver of {code}", agency=agency, jwk=signer.jwk)
            return agency

        agency = await self.world.write(make, actor=ADMINISTRATOR)
        self.world.signers[agency] = signer
        return agency

    async def offer(self, thing: str, *, by: Actor | None = None, **given: Any) -> str:
        """Offer a unit or a resource to the operation, at any time unless said otherwise, and give the offer's id."""
        self.offers[thing] = await self.world.create("Offer", actor=by, **{**self._offer_of(thing), **given})
        return self.offers[thing]

    async def _enter_offer(self, writing: Writing, thing: str) -> None:
        self.offers[thing] = await enter(writing, "Offer", **self._offer_of(thing))

    def _offer_of(self, thing: str) -> dict[str, Any]:
        return {"participant": self.participant, "units" if thing.startswith("unit") else "resources": [thing]}

    async def guest(self) -> str:
        """Invite agency B, and give the participant's id."""
        return await self.world.invite(self.operation, by=self.coordinator)

    async def reply(self, participant: str, to: ParticipantState) -> None:
        """Let agency B reply, or withdraw."""
        await self.world.reply(participant, to)

    async def unit_of_guest(self, name: str, **given: Any) -> str:
        """Make a tactical unit of agency B in Phnom Penh, not offered."""
        whole = {"name": name, "kind": "TACTICAL", "type": 1, "home": PHNOM_PENH, "agency": self.world.agencies["B"]}
        return await self.world.create("Unit", actor=self.world.actor("B"), **{**whole, **given})

    async def withdraw(self, thing: str) -> None:
        """Take back the offer of a unit or a resource."""
        await self.world.retire("Offer", self.offers[thing])

    async def create(self, noun: str, **given: Any) -> str:
        """Create a record as agency A's planner; minutes may be given as numbers."""
        return await self.world.create(noun, **_said(given))

    async def change(self, noun: str, record_id: str, **given: Any) -> None:
        """Change a record as agency A's planner; values are as stored."""
        await self.world.change(noun, record_id, **given)

    async def raid(self, name: str = "Raid 1", *, minutes: int = 120, **given: Any) -> str:
        """Make a raid in Phnom Penh that may run through both days, with one mode, and give the action's id."""
        whole = {"name": name, "kind": "RAID", "location": PHNOM_PENH, "country": "KH", "operation": self.operation}
        window = {"window_start": at(0), "window_end": at(48)}
        mode = {"name": f"Mode of {name}", "duration_minutes": minutes}

        async def make(writing: Writing) -> str:
            action = await enter(writing, "Action", **_said({**whole, **window, **given}))
            await enter(writing, "ActionMode", action=action, **_said(mode))
            return action

        return await self.world.write(make)

    async def mode(self, action: str, *, name: str = "Mode", duration_minutes: int = 120, **given: Any) -> str:
        """Make a mode of an action."""
        return await self.create("ActionMode", name=name, duration_minutes=duration_minutes, action=action, **given)

    async def mode_of(self, action: str) -> str:
        """Give the id of an action's only mode."""
        rows = await self.graph.read_rows(
            "MATCH (:Record {id: $id})<-[:MODE_OF]-(mode:ActionMode) RETURN mode.id", {"id": action}
        )
        return str(rows[0][0])

    async def unit_need(self, action: str, **given: Any) -> str:
        """Make a need of one tactical unit in an action's only mode."""
        whole = {"unit_kind": "TACTICAL", "unit_type": 2, "count": 1, "mode": await self.mode_of(action)}
        return await self.create("UnitNeed", **{**whole, **given})

    async def bed_need(self, action: str, amount: int = 30, **given: Any) -> str:
        """Make a need of beds in an action's only mode, for a day from the second hour on."""
        whole = {"resource_kind": "BED", "amount": amount, "after_start_minutes": 120, "held_minutes": 1440}
        return await self.create("ResourceNeed", mode=await self.mode_of(action), **{**whole, **given})

    async def unit(self, name: str = "Unit 1", *, offered: bool = True, **given: Any) -> str:
        """Make a tactical unit of agency A in Phnom Penh, offered to the operation."""
        whole = {"name": name, "kind": "TACTICAL", "type": 1, "home": PHNOM_PENH, "agency": self.world.agencies["A"]}

        async def make(writing: Writing) -> str:
            unit = await enter(writing, "Unit", **_said({**whole, **given}))
            if offered:
                await self._enter_offer(writing, unit)
            return unit

        return await self.world.write(make)

    async def absence(self, unit: str, start: float, end: float) -> str:
        """Make an absence in hours after the operation's start."""
        return await self.create("UnitAbsence", unit=unit, start=at(start), end=at(end))

    async def beds(self, amount: int = 40, *, offered: bool = True, **given: Any) -> str:
        """Make beds in Cambodia for four days, offered to the operation."""
        whole = {"name": "beds", "kind": "BED", "country": "KH"}

        async def make(writing: Writing) -> str:
            resource = await enter(writing, "Resource", **_said({**whole, **given}))
            await enter(writing, "Capacity", resource=resource, start=at(0), end=at(96), amount=amount)
            if offered:
                await self._enter_offer(writing, resource)
            return resource

        return await self.world.write(make)

    async def staffed_raid(self, name: str = "Raid 1", **given: Any) -> str:
        """Make a raid that needs a unit."""
        action = await self.raid(name, **given)
        await self.unit_need(action)
        return action

    async def hard(self, raids: int = 150, units: int = 3) -> None:
        """Fill the operation with more raids than the search can prove anything about in seconds."""
        units = max(units, raids // 16)
        rows = [
            {
                "name": f"Raid {number:02}",
                "kind": "RAID",
                "location": (103.5 + number % 7 / 5, 10.7 + number % 5 / 4),
                "country": "KH",
                "operation": self.operation,
                "window_start": at(number % 6),
                "window_end": at(48),
                "due": at(6 + number % 12),
                "priority": 1 + number * 7 % 50,
                "expected_victims": number * 3 % 17,
            }
            for number in range(raids)
        ]
        actions = await self.many("Action", rows)
        modes = await self.many(
            "ActionMode",
            [
                {"name": f"Mode {number:02}", "action": action, "duration_minutes": f"PT{90 + 35 * (number % 5)}M"}
                for number, action in enumerate(actions)
            ],
        )
        need = {"unit_kind": "TACTICAL", "unit_type": 2, "count": 1}
        await self.many("UnitNeed", [{**need, "mode": mode} for mode in modes])
        for number in range(units):
            await self.unit(f"Unit {number}", cost_per_hour=7 + number)

    async def many(self, noun: str, rows: list[dict[str, Any]]) -> list[str]:
        """Create records of one noun in one transaction."""
        declared = LAWS.catalogue[noun]
        made = [checked(noun, **row) for row in rows]
        return await self.world.write(lambda writing: writing.create(declared, made))

    async def state(self, action: str, *states: str) -> None:
        """Put an action into a state, as if it had walked there."""
        await self.graph.write(
            lambda tx: tx.run("MATCH (a:Record {id: $id}) SET a.state = $state", id=action, state=states[-1])
        )

    async def action_named(self, name: str) -> str:
        """Give the id of an action of the operation."""
        rows = await self.graph.read_rows(
            "MATCH (:Record {id: $id})<-[:PART_OF]-(action:Action {name: $name}) RETURN action.id",
            {"id": self.operation, "name": name},
        )
        return str(rows[0][0])

    async def cancel_action(self, name: str) -> None:
        """Cancel an action that is a draft."""
        action = await self.action_named(name)
        version = (await self.world.properties(action))["version"]
        await self.world.write(
            lambda writing: move_action(
                writing, action, ActionState.CANCELLED, reason="EXERCISE", expected_version=version
            )
        )

    async def request(
        self,
        *,
        actor: Actor | None = None,
        seconds: int = 2,
        operation: str | None = None,
        from_plan: str | None = None,
        avoids_claims: bool = True,
        **kept: Any,
    ) -> str:
        """Request a schedule and give the run's id; `kept` is what it takes from the plan beside its pins."""
        return await request_schedule(
            self.graph,
            actor or self.coordinator,
            system_clock,
            laws=LAWS,
            operation_id=operation or self.operation,
            options=Options(seconds, 1, 1, avoids_claims=avoids_claims),
            basis=None if from_plan is None else Basis(from_plan, **kept),
            request_id="test",
        )

    async def cancel(self, run: str, *, actor: Actor | None = None) -> str:
        """Cancel a run."""
        return await cancel_run(
            self.graph, actor or self.coordinator, system_clock, laws=LAWS, run_id=run, request_id="test"
        )

    async def propose(self, plan: str, *, actor: Actor | None = None, hours: float = 24, **wish: Any) -> str:
        """Ask the hosts of a plan to approve it, within so many hours."""
        return await propose_plan(
            self.graph,
            actor or self.coordinator,
            system_clock,
            laws=LAWS,
            frames=Frames(self.graph),
            proposal=Proposal(plan, system_clock() + timedelta(hours=hours), **wish),
            request_id="test",
        )

    async def approvals(self, plan: str) -> dict[str, dict[str, Any]]:
        """Read what a plan asks for, by country."""
        rows = await self.graph.read_rows(
            "MATCH (:Record {id: $id})<-[:APPROVAL_OF]-(a:Approval)-[:APPROVES_FOR]->(c) "
            "WHERE NOT a.state IN ['REPLACED', 'VOID'] RETURN c.code, properties(a)",
            {"id": plan},
        )
        return dict(map(tuple, rows))  # type: ignore[arg-type]

    async def approve(self, plan: str, country: str = "KH", *, actor: Actor | None = None, **given: Any) -> str:
        """Let the host of a country approve its part of a plan, as it was asked."""
        asked = (await self.approvals(plan))[country]
        host = self.hosts[country]
        whole = {"approval_id": asked["id"], "signature": host.sign(asked["document"]), **given}
        return await approve_part(
            self.graph, actor or host.approver, system_clock, laws=LAWS, request_id="test", **whole
        )

    async def refuse(self, plan: str, refused: dict[str, str], country: str = "KH", **given: Any) -> str:
        """Let the host of a country refuse actions, each for a reason."""
        asked = (await self.approvals(plan))[country]
        return await refuse_part(
            self.graph,
            self.hosts[country].approver,
            system_clock,
            laws=LAWS,
            approval_id=asked["id"],
            seen_fingerprint=given.pop("seen", asked["fingerprint"]),
            refused=[Refused(*each) for each in refused.items()],
            request_id="test",
            **given,
        )

    async def unapprove(self, plan: str, country: str = "KH") -> str:
        """Let the host of a country withdraw its approval."""
        return await withdraw_approval(
            self.graph,
            self.hosts[country].approver,
            system_clock,
            laws=LAWS,
            approval_id=(await self.approvals(plan))[country]["id"],
            reason="EXERCISE",
            request_id="test",
        )

    async def take_back(self, plan: str) -> str:
        """Make a proposed plan a draft again."""
        return await withdraw_proposal(
            self.graph,
            self.coordinator,
            system_clock,
            laws=LAWS,
            plan_id=plan,
            reason="EXERCISE",
            request_id="test",
        )

    async def edit(self, plan: str, *steps: Step) -> dict[str, Any]:
        """Change a draft by hand."""
        return await edit_plan(
            self.graph,
            self.coordinator,
            system_clock,
            laws=LAWS,
            frames=Frames(self.graph),
            edit=Edit(plan, steps, "EXERCISE"),
            request_id="test",
        )

    async def approved(self, plan: str) -> str:
        """Have a plan approved by the hosts of all countries where it places actions, and give its id."""
        rows = await self.graph.read_rows(
            "MATCH (:Record {id: $id})<-[:PLANNED_IN]-()-[:PLANS]->(:Action)-[:ON_SOIL_OF]->(c) RETURN DISTINCT c.code",
            {"id": plan},
        )
        for (country,) in rows:
            await self.host(country)
        await self.propose(plan)
        for country, asked in (await self.approvals(plan)).items():
            if asked["state"] == "ASKED":
                await self.approve(plan, country)
        return plan

    async def publish(self, plan: str, *, actor: Actor | None = None, approve: bool = True, **wish: Any) -> str:
        """Publish a plan; a draft is approved by all hosts first, unless said otherwise."""
        if approve and (await self.world.properties(plan)).get("state") == "DRAFT":
            await self.approved(plan)
        return await publish_plan(
            self.graph,
            actor or self.coordinator,
            system_clock,
            laws=LAWS,
            frames=Frames(self.graph),
            wish=Wish(plan, **wish),
            request_id="test",
        )

    def worker(self, **options: Any) -> Worker:
        """Make a worker that looks often."""
        graph = options.pop("graph", self.graph)
        return Worker(graph, system_clock, LAWS, self.feed, **{"pause_s": 0.05, "lease_s": 2.0, **options})

    async def run(self, run: str) -> dict[str, Any]:
        """Read a run's properties."""
        return await self.world.properties(run)

    async def until(self, run: str, *states: str, within_s: float = 30.0) -> dict[str, Any]:
        """Wait until a run is in one of the states, any final one unless some are named, and give its properties."""
        async with asyncio.timeout(within_s):
            while True:
                found = await self.run(run)
                if found["state"] in (states or ENDED):
                    return found
                await asyncio.sleep(0.03)

    async def plan_of(self, run: str) -> str:
        """Give the id of the plan that a run made."""
        rows = await self.graph.read_rows(
            "MATCH (:Record {id: $id})<-[:MADE_BY]-(plan:Plan) RETURN plan.id", {"id": run}
        )
        return str(rows[0][0])

    async def scheduled(self, *, seconds: int = 2) -> tuple[str, str]:
        """Request a schedule, execute it, and give the ids of run and plan."""
        run = await self.request(seconds=seconds)
        async with open_worker(self.worker()):
            ended = await self.until(run)
        assert ended["state"] == "SUCCEEDED", ended.get("reason")
        return run, await self.plan_of(run)

    async def planned(self, *, from_plan: str | None = None, **kept: Any) -> str:
        """Schedule the operation in this very process, without a worker, and give the plan's id."""
        run = await self.request(from_plan=from_plan, **kept)
        await self.conclude(run)
        return await self.plan_of(run)

    async def conclude(self, run: str) -> None:
        """Carry out the run that waits, in this very process; or see it carried out, where a service was quicker."""
        desk = Desk(self.graph, system_clock, LAWS, name="test", lease_s=30)
        claim = await desk.claim()
        if claim is None:
            assert (await self.until(run))["state"] == "SUCCEEDED"
            return
        assert claim.run_id == run
        snapshot = await take_snapshot(self.graph, self.operation, basis=claim.basis)
        if not claim.options.avoids_claims:
            snapshot = snapshot.without_claims()
        judged_by, index = make_problem(snapshot)
        problem = sparing(judged_by, index, snapshot)
        found = solve(problem, Budget(seconds=None, work=2_000, workers=1))

        locked = any(action.lock is not None for action in problem.actions)

        def explained() -> list[dict[str, Any]]:
            return [asdict(each) for each in explain(problem, found.placements)]

        event = {
            "event": "result",
            "solution": json.loads(solution_to_json(found))["solution"],
            # Where locks conflict there is no plan to explain.
            "unplaced": [] if locked and not found.placements else explained(),
        }
        work = Work(run, snapshot, problem, index, problem_to_json(problem), claim.options, judged_by)
        await desk.end(claim, conclude(work, event, Course()))

    async def planned_by(self, client: Client, request: str, progress: str) -> str:
        """Schedule the operation over the API, and give the plan's id."""
        wanted = {"operationId": self.operation, "budgetSeconds": 2, "workers": 1}
        run = (await client.ask(request, input=wanted))["requestSchedule"]
        last: dict[str, Any] = {}
        async for event in client.follow(progress, {"run": run["id"]}):
            last = event["scheduleProgress"]
        self.last_run = str(run["id"])
        return str(last["plan"]["id"])

    async def rows(self, plan: str) -> dict[str, dict[str, Any]]:
        """Read a plan's placed actions by the action's name."""
        rows = await self.graph.read_rows(
            "MATCH (:Record {id: $id})<-[:PLANNED_IN]-(p:PlannedAction)-[:PLANS]->(a:Action) "
            "RETURN a.name, properties(p), [(p)-[:ASSIGNS]->(u) | u.name]",
            {"id": plan},
        )
        return {name: {**properties, "units": sorted(units)} for name, properties, units in rows}

    async def left_out(self, plan: str) -> dict[str, dict[str, Any]]:
        """Read what a plan leaves out by the action's name."""
        rows = await self.graph.read_rows(
            "MATCH (:Record {id: $id})<-[:LEFT_OUT_OF]-(u:UnplacedAction)-[:LEAVES_OUT]->(a:Action) "
            "RETURN a.name, properties(u)",
            {"id": plan},
        )
        return dict(map(tuple, rows))  # type: ignore[arg-type]


async def eventually(check: Callable[[], Awaitable[bool]], within_s: float = 10.0) -> None:
    """Wait until a check holds."""
    async with asyncio.timeout(within_s):
        while True:
            if await check():
                return
            await asyncio.sleep(0.03)
