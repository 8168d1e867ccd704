# Fixture strategy: a theatre of four agencies of their own for each test, each with a key to sign with and two posts;
# time is a clock that the test moves.
"""How conflicts come to their end: acknowledged, written about, resolved by both, reopened, escalated, overridden."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from opsplan.access.signer import Signer
from opsplan.deconfliction.model import ResolutionOutcome
from opsplan.deconfliction.service import (
    acknowledge_notice,
    decline_resolution,
    escalate_late,
    justify_override,
    propose_resolution,
    sign_resolution,
    write_message,
)
from opsplan.jurisdiction.signing import SignatureRefused
from opsplan.nouns import LAWS
from opsplan.operations.service.states import move_action
from opsplan.operations.states import ActionState
from opsplan.records.writing import write
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.errors import ActivationRefused, Forbidden, Invalid, KeysMissing, NotFound, StateConflict
from tests.opsplan.deconfliction.theatre import CLAIM, DAY, Theatre
from tests.opsplan.records.world import ADMINISTRATOR, checked, noun

HERE = (104.9, 11.5)
NOW = datetime.fromisoformat("2026-11-20T00:00:00+00:00")


@dataclass
class Watch:
    """Agencies with keys and posts, and a clock."""

    theatre: Theatre
    signers: dict[str, Signer]
    now: datetime = NOW

    def clock(self) -> datetime:
        return self.now

    def actor(self, agency: str) -> Actor:
        roles = frozenset({Role.PLANNER, Role.COORDINATOR, Role.APPROVER})
        return Actor(f"duty-{agency}", self.theatre.agencies[agency], f"{agency}-{self.theatre.world.tag}", roles)

    def common(self, agency: str) -> dict[str, Any]:
        graph = self.theatre.graph
        return {"graph": graph, "actor": self.actor(agency), "clock": self.clock, "laws": LAWS, "request_id": "test"}

    async def claim(self, agency: str, *, seen: tuple[str, ...] = (), exigent: str | None = None, **values: Any) -> str:
        """Commit a raid of an agency here on the first day, from 4 to 6."""
        start = DAY + timedelta(hours=4)
        end = start + timedelta(hours=2)
        given = {"kind": "RAID", "location": HERE, "start": start.isoformat(), "end": end.isoformat(), **values}
        row = checked("Claim", **given)
        graph, actor = self.theatre.graph, self.actor(agency)
        made = await write(
            graph,
            actor,
            self.clock,
            lambda writing: writing.create(CLAIM, [row]),
            laws=LAWS,
            request_id="test",
            seen=seen,
            exigent=exigent,
        )
        return str(made[0])

    async def commit(self, agency: str, **values: Any) -> str:
        """Commit a claim as somebody who shows the keys that a refusal names."""
        try:
            return await self.claim(agency, **values)
        except KeysMissing as refused:
            return await self.claim(agency, seen=tuple(each["key"] for each in refused.facts["missing"]), **values)

    async def meet(self, first: str = "K", second: str = "L", **values: Any) -> tuple[str, str]:
        """Have two agencies' raids be in conflict, and give the two claims."""
        return await self.commit(first, **values), await self.commit(second)

    async def move(self, agency: str, claim: str, **values: Any) -> None:
        """Change a claim, having seen everything."""
        keys = await self.theatre.graph.read_rows("MATCH (n:Claim) RETURN collect(n.key)")
        blind = await self.theatre.graph.read_rows("MATCH (n:Notice) RETURN collect(n.key)")
        seen = (*keys[0][0], *blind[0][0])
        await write(
            self.theatre.graph,
            self.actor(agency),
            self.clock,
            lambda writing: writing.change(CLAIM, [{"id": claim, **values}]),
            laws=LAWS,
            request_id="test",
            seen=seen,
        )

    async def notice(self, agency: str) -> dict[str, Any]:
        """Give the one notice of an agency that is not gone."""
        (found,) = await self.notices(agency)
        return found

    async def notices(self, agency: str) -> list[dict[str, Any]]:
        rows = await self.theatre.graph.read_rows(
            "MATCH (n:Notice {owner_id: $agency}) WHERE n.state <> 'GONE' RETURN properties(n) ORDER BY n.id",
            {"agency": self.theatre.agencies[agency]},
        )
        return [row[0] for row in rows]

    async def state(self) -> str:
        """Give the state of the one conflict."""
        ((state,),) = await self.theatre.graph.read_rows("MATCH (n:Conflict) RETURN n.state")
        return str(state)

    async def acknowledge(self, agency: str) -> None:
        await acknowledge_notice(**self.common(agency), notice_id=(await self.notice(agency))["id"])

    async def propose(self, agency: str, outcome: str = "PROCEED", yields: str | None = None) -> str:
        return await propose_resolution(
            **self.common(agency),
            notice_id=(await self.notice(agency))["id"],
            outcome=ResolutionOutcome[outcome],
            words="K goes in by the north gate, L by the south gate.",
            yields_id=None if yields is None else self.theatre.agencies[yields],
        )

    async def resolution(self, resolution_id: str) -> dict[str, Any]:
        ((found,),) = await self.theatre.graph.read_rows(
            "MATCH (n:Resolution {id: $id}) RETURN properties(n)", {"id": resolution_id}
        )
        return dict(found)

    async def sign(self, agency: str, resolution_id: str, by: str | None = None, **given: Any) -> None:
        """Sign for an agency, with the key of another one where `by` says so."""
        document = (await self.resolution(resolution_id))["document"]
        signature = self.signers[by or agency].sign(document)
        await sign_resolution(**self.common(agency), resolution_id=resolution_id, signature=signature, **given)

    async def settle(self, outcome: str = "PROCEED", yields: str | None = None) -> str:
        """Have K propose, and both sign."""
        resolution_id = await self.propose("K", outcome, yields)
        for agency in "KL":
            await self.sign(agency, resolution_id)
        return resolution_id

    async def pass_time(self, **by: float) -> None:
        """Let time pass, and the duty clock look until nothing is left to do."""
        self.now += timedelta(**by)
        for _ in range(6):
            await escalate_late(self.theatre.graph, LAWS, self.clock)


@pytest.fixture
async def watch(theatre: Theatre) -> Watch:
    signers = {}
    world = theatre.world
    for name, agency in theatre.agencies.items():
        signers[name] = Signer()
        key = checked("AgencyKey", name=f"Key of {name}", agency=agency, jwk=signers[name].jwk, owner=agency)
        await world.write(lambda writing, key=key: writing.create(noun("AgencyKey"), [key]), actor=ADMINISTRATOR)
        if name in "KL":
            posts = [
                checked(
                    "ContactPoint",
                    agency=agency,
                    post=f"{post} of {name}",
                    phone="+99912345678",
                    time_zone="UTC",
                    call_order=order,
                )
                for order, post in enumerate(("First", "Second"), 1)
            ]
            await world.write(
                lambda writing, posts=posts: writing.create(noun("ContactPoint"), posts), actor=theatre.actor(name)
            )
    centre = {"id": theatre.agencies["N"], "watch_centre": True}
    await world.write(lambda writing: writing.change(noun("Agency"), [centre]), actor=ADMINISTRATOR)
    return Watch(theatre, signers)


@pytest.mark.requirement("D8")
async def test_both_acknowledge_write_and_sign(watch: Watch) -> None:
    """A conflict goes from OPEN to RESOLVED by what both sides do, and by nothing that one does alone."""
    await watch.meet()
    assert await watch.state() == "OPEN"
    await watch.acknowledge("K")
    assert await watch.state() == "OPEN"
    await watch.acknowledge("L")
    assert await watch.state() == "ACKNOWLEDGED"
    notice = await watch.notice("K")
    assert (notice["acknowledged_by"], notice["acknowledged_at"]) == ("duty-K", "2026-11-20T00:00:00.000Z")
    message = await write_message(**watch.common("L"), notice_id=(await watch.notice("L"))["id"], body=" Who goes in? ")
    assert await watch.state() == "IN_DISCUSSION"
    told = await watch.theatre.graph.read_rows(
        "MATCH (m:ConflictMessage {id: $id})-[:WRITTEN_ON]->(n:Notice) RETURN m.body, n.owner_id", {"id": message}
    )
    assert {tuple(row) for row in told} == {("Who goes in?", watch.theatre.agencies[each]) for each in "KL"}
    resolution_id = await watch.propose("K")
    await watch.sign("K", resolution_id)
    with pytest.raises(StateConflict, match="your side has signed it already"):
        await watch.sign("K", resolution_id)
    assert await watch.state() == "IN_DISCUSSION"
    await watch.sign("L", resolution_id)
    assert await watch.state() == "RESOLVED"
    assert [(await watch.notice(each))["state"] for each in "KL"] == ["RESOLVED", "RESOLVED"]
    found = await watch.resolution(resolution_id)
    document = json.loads(found["document"])
    assert document["outcome"] == "PROCEED"
    assert {each["agency"] for each in document["sides"]} == {watch.theatre.agencies[each] for each in "KL"}
    assert [each["agencyId"] for each in json.loads(found["signatures"])] == [watch.theatre.agencies[x] for x in "KL"]


@pytest.mark.requirement("D8")
@pytest.mark.parametrize("mover", ["K", "L"])
async def test_a_change_of_either_plan_reopens_it(watch: Watch, mover: str) -> None:
    """What was signed is void once a plan is another one, and both are told anew; what changes nothing leaves it."""
    claims = dict(zip("KL", await watch.meet(), strict=True))
    resolution_id = await watch.settle()
    await watch.move(mover, claims[mover], name="Another name")
    assert await watch.state() == "RESOLVED"
    await watch.move(mover, claims[mover], radius_m=50.0)
    assert await watch.state() == "OPEN"
    assert (await watch.resolution(resolution_id))["state"] == "VOID"
    assert [(await watch.notice(each))["state"] for each in "KL"] == ["SENT", "SENT"]
    with pytest.raises(StateConflict):
        await watch.sign("L", resolution_id)
    await watch.settle()
    assert await watch.state() == "RESOLVED"


@pytest.mark.requirement("D8")
async def test_who_yields_is_named_by_id_or_code(watch: Watch) -> None:
    """The code of a side's agency does as well, in small letters too; that of another agency is refused like its id."""
    await watch.meet()
    notice_id = (await watch.notice("K"))["id"]
    asked = {**watch.common("K"), "notice_id": notice_id, "outcome": ResolutionOutcome.DELAY, "words": "L waits."}
    codes = dict(
        await watch.theatre.graph.read_rows(
            "MATCH (a:Agency) WHERE a.id IN $ids RETURN a.id, a.code", {"ids": list(watch.theatre.agencies.values())}
        )
    )
    code = codes[watch.theatre.agencies["L"]]
    for given in (watch.theatre.agencies["L"], code, code.lower()):
        found = await watch.resolution(await propose_resolution(**asked, yields_id=given))
        assert json.loads(found["document"])["yields"] == watch.theatre.agencies["L"]
    with pytest.raises(Invalid, match=r"input\.yieldsId"):
        await propose_resolution(**asked, yields_id=codes[watch.theatre.agencies["M"]])


@pytest.mark.requirement("D8")
async def test_what_is_wrong_is_refused_and_changes_nothing(watch: Watch) -> None:
    """Foreign notices, foreign keys, missing words, wrong sides: each is refused with its field."""
    await watch.meet()
    of_k = (await watch.notice("K"))["id"]
    with pytest.raises(NotFound):
        await acknowledge_notice(**watch.common("M"), notice_id=of_k)
    with pytest.raises(Invalid, match=r"input\.words"):
        await propose_resolution(
            **watch.common("K"), notice_id=of_k, outcome=ResolutionOutcome.PROCEED, words=" ", yields_id=None
        )
    for outcome, yields in (("DELAY", None), ("PROCEED", "K"), ("CANCEL", "M")):
        with pytest.raises(Invalid, match=r"input\.yieldsId"):
            await watch.propose("K", outcome, yields)
    resolution_id = await watch.propose("K")
    with pytest.raises(SignatureRefused):
        await watch.sign("K", resolution_id, by="L")
    with pytest.raises(NotFound):
        await watch.sign("M", resolution_id)
    with pytest.raises(Forbidden):
        await watch.sign("K", resolution_id, for_agency_id=watch.theatre.agencies["L"])
    await decline_resolution(**watch.common("L"), resolution_id=resolution_id, reason="Not by the south gate.")
    assert (await watch.resolution(resolution_id))["state"] == "DECLINED"
    with pytest.raises(StateConflict):
        await watch.sign("L", resolution_id)
    assert await watch.state() == "IN_DISCUSSION"
    # A new proposal takes the place of the one before.
    first, second = await watch.propose("K"), await watch.propose("L")
    assert (await watch.resolution(first))["state"] == "VOID"
    assert (await watch.resolution(second))["state"] == "PROPOSED"


async def coordinated(watch: Watch, agency: str) -> str:
    """Make an action here in an operation of an agency, coordinated and its units told."""
    world, actor = watch.theatre.world, watch.theatre.actor(agency)
    operation = await world.operation(actor=actor)
    action = await world.action(operation, actor=actor, location=HERE)
    keys = await watch.theatre.graph.read_rows("MATCH (n:Claim) RETURN collect(n.key)")
    for state in (ActionState.COORDINATED, ActionState.NOTIFIED):
        await step(watch, agency, action, state, seen=tuple(keys[0][0]))
    return str(action)


async def step(watch: Watch, agency: str, action: str, state: ActionState, seen: tuple[str, ...] = ()) -> None:
    await watch.theatre.world.write(
        lambda writing: move_action(writing, action, state, reason="so decided", expected_version=None),
        actor=watch.actor(agency),
        seen=seen,
    )


@pytest.mark.requirement("D8")
async def test_an_unresolved_conflict_blocks_activation(watch: Watch) -> None:
    """Neither of two actions in conflict is activated before both have signed; a side that yields not before it has."""
    one, other = await coordinated(watch, "K"), await coordinated(watch, "L")
    for agency, action in (("K", one), ("L", other)):
        with pytest.raises(ActivationRefused, match="not resolved") as refused:
            await step(watch, agency, action, ActionState.ACTIVATED)
        (hindrance,) = refused.value.facts["hindrances"]
        assert (hindrance.rule, hindrance.action_id) == ("UNSETTLED_CONFLICT", action)
        assert hindrance.facts["notice_id"] == (await watch.notice(agency))["id"]
    await watch.settle("DELAY", "L")
    await step(watch, "K", one, ActionState.ACTIVATED)
    with pytest.raises(ActivationRefused, match="is to yield to"):
        await step(watch, "L", other, ActionState.ACTIVATED)


@pytest.mark.requirement("D8")
async def test_joint_makes_one_plan_of_two_with_both_agencies(watch: Watch) -> None:
    """The action that yields is cancelled, its targets go to the other, its agency takes part; nothing is left open."""
    one, other = await coordinated(watch, "K"), await coordinated(watch, "L")
    world = watch.theatre.world
    (target,) = await world.write(
        lambda writing: writing.create(noun("Target"), [checked("Target", kind="PERSON", name="Quill Marrow")]),
        actor=watch.theatre.actor("L"),
    )
    await world.write(
        lambda writing: writing.change(noun("Action"), [{"id": other, "targets": [target]}]),
        actor=watch.theatre.actor("L"),
        seen=tuple((await watch.theatre.graph.read_rows("MATCH (n:Claim) RETURN collect(n.key)"))[0][0]),
    )
    resolution_id = await watch.settle("JOINT", "L")
    assert (await watch.resolution(resolution_id))["state"] == "SIGNED"
    rows = await watch.theatre.graph.read_rows(
        "MATCH (a:Action) RETURN a.id, a.state, [(a)-[:CONCERNS]->(t) | t.id] ORDER BY a.state"
    )
    assert rows == [[other, "CANCELLED", [target]], [one, "NOTIFIED", [target]]]
    part = await watch.theatre.graph.read_rows(
        "MATCH (p:Participant)-[:PARTICIPATES_IN]->(:Operation)<-[:PART_OF]-(:Action {id: $id}) "
        "RETURN p.owner_id, p.role, p.state",
        {"id": one},
    )
    assert part == [[watch.theatre.agencies["L"], "CONTRIBUTOR", "ACCEPTED"]]
    assert await watch.state() == "GONE"
    await step(watch, "K", one, ActionState.ACTIVATED)


@pytest.mark.requirement("D8")
async def test_joint_of_bare_claims_withdraws_the_one_that_yields(watch: Watch) -> None:
    """Plans made elsewhere are joined as well: one claim is left, with what both were about."""
    one, other = await watch.meet()
    await watch.settle("JOINT", "L")
    rows = await watch.theatre.graph.read_rows("MATCH (n:Claim) WHERE n.retired_at IS NULL RETURN n.id")
    assert rows == [[one]]
    assert other != one
    assert await watch.state() == "GONE"


@pytest.mark.requirement("D8")
@pytest.mark.requirement("D7")
async def test_what_nobody_acknowledges_goes_to_the_next_and_to_the_watch_centre(watch: Watch) -> None:
    """A notice goes to the first post at once, after its time to the second, then to the watch centre; no further."""
    told = "MATCH (n:Notice {owner_id: $agency})-[:NOTICE_TOLD]->(p) RETURN p.post ORDER BY p.post"
    agency = {"agency": watch.theatre.agencies["L"]}
    await watch.meet()
    await watch.pass_time(seconds=1)
    assert await watch.theatre.graph.read_rows(told, agency) == [["First of L"]]
    await watch.acknowledge("K")
    await watch.pass_time(minutes=31)
    assert await watch.theatre.graph.read_rows(told, agency) == [["First of L"], ["Second of L"]]
    await watch.pass_time(minutes=29)
    assert (await watch.notice("L")).get("escalated_at") is None
    await watch.pass_time(minutes=2)
    late = await watch.notice("L")
    assert late["escalated_to"] == [watch.theatre.agencies["N"]]
    assert late["state"] == "SENT"
    assert (await watch.notice("K")).get("escalated_at") is None
    await watch.pass_time(days=30)
    assert (await watch.notice("K"))["escalated_at"] is not None
    assert (await watch.notice("L"))["escalated_at"] == late["escalated_at"]


@pytest.mark.requirement("D8")
@pytest.mark.requirement("D10")
async def test_an_unreachable_agency_blocks_nobody(watch: Watch) -> None:
    """Where one side never answers, the watch centre signs for it; not while it may still be reached."""
    await watch.meet()
    resolution_id = await watch.propose("K")
    await watch.sign("K", resolution_id)
    await watch.pass_time(seconds=1)
    for_l = watch.theatre.agencies["L"]
    with pytest.raises(NotFound):
        await watch.sign("N", resolution_id, for_agency_id=for_l)
    await watch.pass_time(minutes=31)
    await watch.pass_time(minutes=31)
    resolution_id = await watch.propose("K")
    await watch.sign("K", resolution_id)
    await watch.sign("N", resolution_id, for_agency_id=for_l)
    assert await watch.state() == "RESOLVED"
    signed = json.loads((await watch.resolution(resolution_id))["signatures"])
    assert signed[1]["agencyId"] == watch.theatre.agencies["N"]
    assert signed[1]["forAgencyId"] == for_l


@pytest.mark.requirement("D10")
async def test_what_is_activated_is_never_passed_over(watch: Watch) -> None:
    """The watch centre cannot sign for an agency whose plan is activated, and no emergency commits over it."""
    action = await coordinated(watch, "L")
    await step(watch, "L", action, ActionState.ACTIVATED)
    ((key, start),) = await watch.theatre.graph.read_rows("MATCH (n:Claim) RETURN n.key, n.start")
    end = (datetime.fromisoformat(start) + timedelta(hours=2)).isoformat()
    with pytest.raises(KeysMissing) as refused:
        await watch.claim("K", start=start, end=end, exigent="A life is in danger.")
    assert [each["key"] for each in refused.value.facts["missing"]] == [key]
    await watch.claim("K", start=start, end=end, seen=(key,))
    for minutes in (0, 31, 31, 31):
        await watch.pass_time(minutes=minutes)
    resolution_id = await watch.propose("K")
    with pytest.raises(Forbidden, match="activated"):
        await watch.sign("N", resolution_id, for_agency_id=watch.theatre.agencies["L"])


@pytest.mark.requirement("D10")
async def test_an_emergency_commits_without_keys_and_is_justified(watch: Watch) -> None:
    """It is committed in one call, announced to all it conflicts with, and justified within a day, or told on."""
    await watch.claim("K")
    await watch.commit("M", sensitivity="POINTER", location=(104.9, 11.52))
    await watch.commit("N", sensitivity="SILENT", location=(104.9, 11.52))
    claim = await watch.claim("L", exigent="A life is in danger.")
    graph, agencies = watch.theatre.graph, watch.theatre.agencies
    ((override,),) = await graph.read_rows("MATCH (n:Override) RETURN properties(n)")
    assert (override["owner_id"], override["conflicts"]) == (agencies["L"], 2)
    assert override["justify_by"] == "2026-11-21T00:00:00.000Z"
    assert override["sides"] == [agencies["L"], *sorted((agencies["K"], agencies["M"]))]
    rows = await graph.read_rows("MATCH (:Override)-[:OVERRIDES_FOR]->(c) RETURN c.id")
    assert rows == [[claim]]
    assert len(await watch.notices("L")) == 2
    with pytest.raises(NotFound):
        await justify_override(**watch.common("K"), override_id=override["id"], justification="Not mine.")
    await watch.pass_time(hours=25)
    ((late,),) = await graph.read_rows("MATCH (n:Override) RETURN properties(n)")
    assert late["state"] == "OVERDUE"
    assert late["sides"][-1] == agencies["N"]
    await justify_override(**watch.common("L"), override_id=override["id"], justification="Shots were heard.")
    ((done,),) = await graph.read_rows("MATCH (n:Override) RETURN properties(n)")
    assert (done["state"], done["justified_by"]) == ("JUSTIFIED", "duty-L")
    with pytest.raises(StateConflict):
        await justify_override(**watch.common("L"), override_id=override["id"], justification="Again.")


@pytest.mark.requirement("D8")
@pytest.mark.requirement("D5")
async def test_a_blind_notice_is_settled_without_telling_more(watch: Watch) -> None:
    """Who knows only whom to call writes, is answered and signs; of the hidden plan the document names its key."""
    hidden, mine = await watch.meet(sensitivity="POINTER")
    blind = await watch.notice("L")
    assert blind["is_blind"]
    await write_message(**watch.common("L"), notice_id=blind["id"], body="Whom do I meet?")
    await write_message(**watch.common("K"), notice_id=(await watch.notice("K"))["id"], body="Stay south.")
    with pytest.raises(StateConflict, match="hidden"):
        await watch.propose("L", "JOINT", "L")
    resolution_id = await watch.propose("L")
    document = (await watch.resolution(resolution_id))["document"]
    assert hidden not in document
    assert blind["key"] in document
    for agency in "KL":
        await watch.sign(agency, resolution_id)
    assert [(await watch.notice(each))["state"] for each in "KL"] == ["RESOLVED", "RESOLVED"]
    # What changes within its cell and hours is the hidden side's own affair.
    await watch.move("K", hidden, start=(DAY + timedelta(hours=5)).isoformat())
    assert (await watch.notice("L"))["state"] == "RESOLVED"
    await watch.move("L", mine, radius_m=10.0)
    assert (await watch.notice("L"))["state"] == "SENT"
    assert await watch.state() == "OPEN"


@pytest.mark.requirement("D8")
async def test_another_hidden_plan_opens_what_was_settled_blindly(watch: Watch) -> None:
    """A blind notice that comes to stand for more is sent again, and what it had settled has to be signed anew."""
    await watch.meet(sensitivity="POINTER")
    await watch.settle()
    await watch.claim("K", sensitivity="POINTER", location=(104.9, 11.51), seen=((await watch.notice("K"))["key"],))
    assert (await watch.notice("L"))["state"] == "SENT"
    asked = "MATCH (n:Conflict) RETURN n.state"
    assert await watch.theatre.graph.read_rows(asked) == [["OPEN"], ["OPEN"]]
    # Settled from one of the hidden plans, both are: the blind side does not learn how many there are.
    resolution_id = await propose_resolution(
        **watch.common("K"),
        notice_id=(await watch.notices("K"))[0]["id"],
        outcome=ResolutionOutcome.PROCEED,
        words="Both of us stay away from the river.",
    )
    for agency in "KL":
        await watch.sign(agency, resolution_id)
    assert await watch.theatre.graph.read_rows(asked) == [["RESOLVED"], ["RESOLVED"]]
    assert (await watch.notice("L"))["state"] == "RESOLVED"
    assert {each["state"] for each in await watch.notices("K")} == {"RESOLVED"}


@pytest.mark.requirement("D8")
@pytest.mark.requirement("D5")
async def test_a_silent_side_settles_alone(watch: Watch) -> None:
    """The owner of a SILENT claim resolves its conflict alone; the other side has no notice, and is not written to."""
    await watch.claim("K", sensitivity="SILENT")
    await watch.claim("L")
    assert await watch.notices("L") == []
    mine = (await watch.notice("K"))["id"]
    with pytest.raises(StateConflict, match="hidden"):
        await write_message(**watch.common("K"), notice_id=mine, body="Hello?")
    resolution_id = await watch.propose("K")
    await watch.sign("K", resolution_id)
    assert await watch.state() == "RESOLVED"
