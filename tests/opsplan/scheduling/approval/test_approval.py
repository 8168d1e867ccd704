"""Approval by parts: who is asked, whose answer counts and for how long, and what is published."""

import asyncio
import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from opsplan.access.detached import BadSignature, check_detached
from opsplan.access.keys import usable_keys
from opsplan.access.signer import Signer
from opsplan.cli import app
from opsplan.jurisdiction.signing import SignatureRefused
from opsplan.operations.states import ParticipantState
from opsplan.scheduling.consent.evidence import evidence_of
from opsplan.scheduling.plan.steps import Drop, Move, Pin
from opsplan.scheduling.service import ApprovalsMissing, StalePlan
from opsplan.scheduling.service.approve import DeadlinePassed, StalePart
from opsplan.scheduling.service.consent import NoHost
from opsplan.scheduling.store.approvals import signed_of
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import instant_from_text
from opsplan.vocabulary.errors import Forbidden, Invalid, NotFound, OpsplanError, StateConflict
from tests.opsplan.records.world import ADMINISTRATOR
from tests.opsplan.scheduling.theatre import DAY, Theatre, at

BANGKOK = (100.5, 13.75)
pytestmark = pytest.mark.requirement("P4")


async def of_two_countries(theatre: Theatre) -> dict[str, str]:
    """Make a raid in Cambodia and one in Thailand, and a draft that places both."""
    ids = {"kh": await theatre.raid("Raid KH"), "th": await theatre.raid("Raid TH", country="TH", location=BANGKOK)}
    await theatre.host("TH")
    ids["plan"] = await theatre.planned()
    assert sorted(await theatre.rows(ids["plan"])) == ["Raid KH", "Raid TH"]
    return ids


def renamed(signer: Signer, key_id: str) -> Signer:
    """Let a key go by another's name."""
    signer.key_id, own = key_id, signer
    return own


async def states(theatre: Theatre, plan: str) -> dict[str, str]:
    """Give the state of the plan, and of what each country was asked."""
    own = str((await theatre.world.properties(plan))["state"])
    return {"plan": own, **{country: each["state"] for country, each in (await theatre.approvals(plan)).items()}}


async def test_a_plan_is_published_once_every_host_has_approved(theatre: Theatre) -> None:
    """Each is asked for its part; the last approval makes the plan APPROVED; before that it is not published."""
    ids = await of_two_countries(theatre)
    plan = ids["plan"]
    with pytest.raises(StateConflict, match="no host has been asked"):
        await theatre.publish(plan, approve=False)
    await theatre.propose(plan)
    assert await states(theatre, plan) == {"plan": "PROPOSED", "KH": "ASKED", "TH": "ASKED"}
    await theatre.approve(plan, "KH", comment="Gladly.")
    assert await states(theatre, plan) == {"plan": "PROPOSED", "KH": "APPROVED", "TH": "ASKED"}
    with pytest.raises(ApprovalsMissing, match=r"HTH-.* has not answered") as refusal:
        await theatre.publish(plan)
    assert [each.country for each in refusal.value.facts["missing"]] == ["TH"]
    await theatre.approve(plan, "TH")
    assert await states(theatre, plan) == {"plan": "APPROVED", "KH": "APPROVED", "TH": "APPROVED"}
    kept = (await theatre.approvals(plan))["KH"]
    assert (kept["comment"], kept["answered_by"]) == ("Gladly.", theatre.hosts["KH"].approver.subject)
    await theatre.publish(plan)
    assert (await states(theatre, plan))["plan"] == "PUBLISHED"
    with pytest.raises(StateConflict):
        await theatre.propose(plan)


async def test_silence_is_no_consent(theatre: Theatre) -> None:
    """After the deadline nothing counts as said, and nothing can be said; a new deadline is set by asking again."""
    plan = (await of_two_countries(theatre))["plan"]
    with pytest.raises(Invalid, match="approveBy"):
        await theatre.propose(plan, hours=-1)
    # Long enough that a busy machine has proposed it by then.
    await theatre.propose(plan, hours=4 / 3600)
    await asyncio.sleep(4.1)
    for answer in (theatre.approve(plan), theatre.refuse(plan, {"action": "late"})):
        with pytest.raises(DeadlinePassed, match="over at"):
            await answer
    with pytest.raises(ApprovalsMissing):
        await theatre.publish(plan)
    assert await states(theatre, plan) == {"plan": "PROPOSED", "KH": "ASKED", "TH": "ASKED"}
    await theatre.propose(plan)
    await theatre.approve(plan)
    assert (await states(theatre, plan))["KH"] == "APPROVED"


async def test_only_a_signature_over_the_part_by_a_registered_key_counts(theatre: Theatre) -> None:
    """Forged, foreign, over another text, with a key that was taken back or has ended: refused, and nothing changes."""
    plan = (await of_two_countries(theatre))["plan"]
    await theatre.propose(plan)
    asked = await theatre.approvals(plan)
    document, host = asked["KH"]["document"], theatre.hosts["KH"]
    whole = host.sign(document)
    flipped = whole[:-20] + ("A" if whole[-20] != "A" else "B") + whole[-19:]
    wrong = {
        "a key of nobody": Signer().sign(document),
        "another key under its name": renamed(Signer(), host.signer.key_id).sign(document),
        "another country's key": theatre.hosts["TH"].sign(document),
        "another document": host.sign(asked["TH"]["document"]),
        "a changed byte": flipped,
        "no signature": "",
        "nonsense": "a.b.c",
        "with the document inside": whole.replace("..", ".e30."),
        "long": whole + "A" * 3_000,
    }
    for what, signature in wrong.items():
        with pytest.raises(SignatureRefused) as refusal:
            await theatre.approve(plan, signature=signature)
        assert refusal.value.field == "input.signature", what
        assert signature == "" or signature not in refusal.value.message
    assert (await states(theatre, plan))["KH"] == "ASKED"
    rows = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:KEY_OF]-(key) RETURN key.id", {"id": host.agency}
    )
    await theatre.world.change("AgencyKey", rows[0][0], actor=ADMINISTRATOR, end="2026-11-01T00:00:00.000Z")
    with pytest.raises(SignatureRefused, match="in force"):
        await theatre.approve(plan)
    await theatre.world.change("AgencyKey", rows[0][0], actor=ADMINISTRATOR, end=None)
    await theatre.approve(plan, "KH")
    await theatre.approve(plan, "TH")
    planner = Actor("planner", host.agency, host.code, frozenset({Role.PLANNER}))
    await theatre.world.retire("AgencyKey", rows[0][0], actor=planner)
    with pytest.raises(ApprovalsMissing, match="not in force any more"):
        await theatre.publish(plan)
    await theatre.propose(plan)
    assert await states(theatre, plan) == {"plan": "PROPOSED", "KH": "ASKED", "TH": "APPROVED"}


async def test_only_the_authority_s_approvers_answer(theatre: Theatre) -> None:
    """Nobody of another agency, without the role, or an administrator."""
    plan = (await of_two_countries(theatre))["plan"]
    await theatre.propose(plan)
    host = theatre.hosts["KH"]
    for actor in (
        Actor("planner", host.agency, host.code, frozenset({Role.PLANNER, Role.COORDINATOR})),
        theatre.hosts["TH"].approver,
        theatre.world.actor("A", Role.APPROVER, Role.COORDINATOR),
        ADMINISTRATOR,
    ):
        with pytest.raises(Forbidden):
            await theatre.approve(plan, actor=actor)
    with pytest.raises(Forbidden):
        await theatre.propose(plan, actor=host.approver)
    with pytest.raises(NotFound):
        await theatre.approve(plan, approval_id="approval_00000000000000000000000000")


async def test_refused_actions_are_dropped_and_the_rest_is_published(theatre: Theatre) -> None:
    """A host refuses single actions with reasons; once they are dropped, only that host is asked again."""
    ids = await of_two_countries(theatre)
    second = await theatre.raid("Raid KH 2")
    plan = await theatre.planned()
    await theatre.propose(plan)
    await theatre.approve(plan, "TH")
    for refused, field in (
        ({}, "input.refusals"),
        ({ids["th"]: "not ours"}, "input.refusals[0].actionId"),
        ({second: ""}, "input.refusals[0].reason"),
    ):
        with pytest.raises(Invalid) as wrong:
            await theatre.refuse(plan, refused)
        assert wrong.value.field == field
    with pytest.raises(StalePart):
        await theatre.refuse(plan, {second: "a school"}, seen="0" * 64)
    await theatre.refuse(plan, {second: "A school stands there."}, comment="The rest is fine.")
    assert await states(theatre, plan) == {"plan": "PROPOSED", "KH": "REFUSED", "TH": "APPROVED"}
    rows = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:APPROVAL_OF]-(:Approval)-[:REFUSES]->(a) RETURN a.id", {"id": plan}
    )
    assert rows == [[second]]
    with pytest.raises(ApprovalsMissing, match="refuses actions"):
        await theatre.publish(plan)
    with pytest.raises(StateConflict) as conflict:
        await theatre.edit(plan, Drop(second))
    assert "withdrawProposal" in str(conflict.value.remedy)
    await theatre.take_back(plan)
    await theatre.edit(plan, Drop(second))
    await theatre.propose(plan)
    assert await states(theatre, plan) == {"plan": "PROPOSED", "KH": "ASKED", "TH": "APPROVED"}
    assert (await theatre.approvals(plan))["KH"].get("refusals") is None, "another part, another answer"
    await theatre.approve(plan)
    await theatre.publish(plan)
    assert sorted(await theatre.rows(plan)) == ["Raid KH", "Raid TH"]


async def test_a_group_that_lost_a_member_is_not_proposed(theatre: Theatre) -> None:
    """Dropping one refused action of a group is not enough: the group goes whole, or the plan is not proposed."""
    group = await theatre.create("SimultaneityGroup", name="Doors", operation=theatre.operation)
    one, other = [await theatre.raid(f"Raid {n}", group=group) for n in (1, 2)]
    plan = await theatre.planned()
    await theatre.propose(plan)
    await theatre.refuse(plan, {one: "not there"})
    await theatre.take_back(plan)
    await theatre.edit(plan, Drop(one))
    with pytest.raises(StalePlan, match="Only 1 of 2"):
        await theatre.propose(plan)
    await theatre.edit(plan, Drop(other))
    await theatre.propose(plan)
    assert (await states(theatre, plan))["plan"] == "APPROVED", "nobody's soil is left in it"


async def test_after_a_replan_only_changed_parts_are_asked_again(theatre: Theatre) -> None:
    """A new plan in which a country's part is the same carries its approval; it is signed by nobody anew."""
    ids = await of_two_countries(theatre)
    await theatre.edit(ids["plan"], Pin(ids["th"]))
    await theatre.publish(ids["plan"])
    await theatre.change("Action", ids["kh"], window_start=at(20))
    later = await theatre.planned(from_plan=ids["plan"])
    await theatre.propose(later)
    assert await states(theatre, later) == {"plan": "PROPOSED", "KH": "ASKED", "TH": "APPROVED"}
    before, after = (await theatre.approvals(ids["plan"]))["TH"], (await theatre.approvals(later))["TH"]
    assert (after["signature"], after["answered_at"]) == (before["signature"], before["answered_at"])
    rows = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})-[:CARRIED_FROM]->(earlier) RETURN earlier.id", {"id": after["id"]}
    )
    assert rows == [[before["id"]]]
    await theatre.approve(later)
    await theatre.publish(later)
    assert (await states(theatre, ids["plan"]))["plan"] == "SUPERSEDED"
    for old in (ids["plan"], later):
        with pytest.raises(StateConflict):
            await theatre.approve(old)


async def test_an_approval_is_of_the_part_as_it_is(theatre: Theatre) -> None:
    """What has changed since it was asked is approved by nobody; asking again brings the new part."""
    ids = await of_two_countries(theatre)
    plan = ids["plan"]
    await theatre.propose(plan)
    await theatre.approve(plan, "TH")
    await theatre.change("Action", ids["kh"], name="Raid on another door")
    with pytest.raises(StalePart):
        await theatre.approve(plan)
    await theatre.propose(plan)
    assert "Raid on another door" in (await theatre.approvals(plan))["KH"]["document"]
    await theatre.approve(plan)
    assert (await states(theatre, plan))["plan"] == "APPROVED"
    await theatre.change("Action", ids["th"], name="Raid TH at night")
    with pytest.raises(ApprovalsMissing, match="has changed since"):
        await theatre.publish(plan)
    await theatre.propose(plan)
    assert await states(theatre, plan) == {"plan": "PROPOSED", "KH": "APPROVED", "TH": "ASKED"}


async def test_edits_ask_only_those_whose_part_they_change(theatre: Theatre) -> None:
    """Moved and moved back, a part is what was approved."""
    ids = await of_two_countries(theatre)
    plan = await theatre.approved(ids["plan"])
    start = (await theatre.rows(plan))["Raid KH"]["start"]
    await theatre.take_back(plan)
    await theatre.edit(plan, Move(ids["kh"], DAY + timedelta(hours=20)))
    await theatre.propose(plan)
    assert await states(theatre, plan) == {"plan": "PROPOSED", "KH": "ASKED", "TH": "APPROVED"}
    await theatre.take_back(plan)

    await theatre.edit(plan, Move(ids["kh"], instant_from_text(start)))
    await theatre.propose(plan)
    assert await states(theatre, plan) == {"plan": "APPROVED", "KH": "APPROVED", "TH": "APPROVED"}
    kept = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:APPROVAL_OF]-(a:Approval) RETURN a.state, a.signature IS NOT NULL", {"id": plan}
    )
    assert sorted(kept) == [["APPROVED", True], ["APPROVED", True], ["REPLACED", True], ["VOID", False]]


async def test_a_country_without_a_host_stops_the_proposal(theatre: Theatre) -> None:
    """Nobody consents for a country that nobody hosts for, before and after the proposal."""
    await theatre.raid("Raid VN", country="VN", location=(105.85, 21.03))
    plan = await theatre.planned()
    with pytest.raises(NoHost, match="VN"):
        await theatre.propose(plan)
    host = await theatre.host("VN")
    await theatre.approved(plan)
    await theatre.world.reply(host.participant, ParticipantState.WITHDRAWN, "HVN")
    with pytest.raises(ApprovalsMissing, match="No host of VN"):
        await theatre.publish(plan)


async def test_a_host_that_leaves_breaks_the_published_plan(theatre: Theatre) -> None:
    """It is marked in the transaction of its leaving."""
    ids = await of_two_countries(theatre)
    await theatre.publish(ids["plan"])
    await theatre.world.reply(theatre.hosts["TH"].participant, ParticipantState.WITHDRAWN, "HTH")
    assert await breaches(theatre, ids["plan"]) == [("approval", ["Raid TH"])]


async def breaches(theatre: Theatre, plan: str) -> list[tuple[str, list[str]]]:
    """Read what a plan is marked to break."""
    rows = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:BREACH_OF]-(b:PlanBreach {state: 'OPEN'}) "
        "RETURN b.rule, [(b)-[:BREAKS]->(a) | a.name]",
        {"id": plan},
    )
    return [(rule, sorted(names)) for rule, names in rows]


async def test_an_approval_is_withdrawn(theatre: Theatre) -> None:
    """An approved plan is proposed again; a published one keeps its force and is marked; no other plan carries it."""
    ids = await of_two_countries(theatre)
    plan = await theatre.approved(ids["plan"])
    await theatre.unapprove(plan, "TH")
    assert await states(theatre, plan) == {"plan": "PROPOSED", "KH": "APPROVED", "TH": "WITHDRAWN"}
    with pytest.raises(ApprovalsMissing, match="has withdrawn"):
        await theatre.publish(plan)
    await theatre.approve(plan, "TH")
    await theatre.publish(plan)
    twin = await theatre.planned()
    await theatre.propose(twin)
    assert (await states(theatre, twin))["plan"] == "APPROVED", "both parts are the same as in the first"
    await theatre.unapprove(plan, "TH")
    assert await breaches(theatre, plan) == [("approval", ["Raid TH"])]
    assert (await states(theatre, plan))["plan"] == "PUBLISHED"
    assert await states(theatre, twin) == {"plan": "PROPOSED", "KH": "APPROVED", "TH": "WITHDRAWN"}
    await theatre.change("Action", ids["th"], due=at(30), window_end=at(47))
    assert await breaches(theatre, plan) == [("approval", ["Raid TH"])], "no change of facts mends it"


async def test_approvers_at_once_take_turns(theatre: Theatre) -> None:
    """Whoever comes last makes the plan APPROVED, and of two answers to one question one is taken."""
    for _ in range(4):
        plan = (await of_two_countries(theatre))["plan"]
        await theatre.propose(plan)
        answers = [theatre.approve(plan, country) for country in ("KH", "TH", "KH", "TH")]
        told = await asyncio.gather(*answers, return_exceptions=True)
        assert sorted(isinstance(each, StateConflict) for each in told) == [False, False, True, True], told
        assert (await states(theatre, plan))["plan"] == "APPROVED"


async def test_publishing_and_withdrawing_at_once(theatre: Theatre) -> None:
    """Either the withdrawal is seen, and the plan is not published; or it is published, and marked."""
    for _ in range(4):
        ids = await of_two_countries(theatre)
        plan = await theatre.approved(ids["plan"])
        told = await asyncio.gather(theatre.publish(plan), theatre.unapprove(plan, "TH"), return_exceptions=True)
        assert all(isinstance(each, str | OpsplanError) for each in told), told
        is_published = (await states(theatre, plan))["plan"] == "PUBLISHED"
        assert is_published == isinstance(told[0], str)
        assert not is_published or [rule for rule, _ in await breaches(theatre, plan)] == ["approval"]


@pytest.mark.parametrize(
    ("key", "what"),
    [
        ({"kty": "RSA", "n": "AQAB", "e": "AQAB"}, "kind"),
        ({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}, "curve"),
        ({"kty": "oct", "k": "c2VjcmV0"}, "kind"),
        (["nothing"], "no JSON Web Key"),
    ],
)
async def test_a_key_that_is_none_is_refused(theatre: Theatre, key: Any, what: str) -> None:
    """Only public keys of the kinds that approvals are signed with are registered."""
    agency = theatre.world.agencies["A"]
    with pytest.raises(Invalid, match=what):
        await theatre.world.create("AgencyKey", actor=ADMINISTRATOR, owner=agency, name="Key", agency=agency, jwk=key)


async def test_keys_are_registered_by_administrators(theatre: Theatre) -> None:
    """An agency cannot make itself a key, nor one that it took back valid again; a private part is never kept."""
    host = theatre.hosts["KH"]
    given = {"name": "Key", "agency": host.agency, "jwk": host.signer.jwk}
    planner = Actor("planner", host.agency, host.code, frozenset({Role.PLANNER, Role.COORDINATOR}))
    with pytest.raises(Forbidden, match="Only an administrator may register"):
        await theatre.world.create("AgencyKey", actor=planner, **given)
    private = {**host.signer.jwk, "d": "bm90aGluZw"}
    with pytest.raises(Invalid, match="private part") as refusal:
        await theatre.world.create("AgencyKey", actor=ADMINISTRATOR, owner=host.agency, **{**given, "jwk": private})
    assert "bm90" not in str(refusal.value.message)
    with pytest.raises(Invalid, match="belongs to the agency"):
        await theatre.world.create("AgencyKey", actor=ADMINISTRATOR, owner=theatre.world.agencies["A"], **given)


async def test_a_key_is_one_agency_s_for_good(theatre: Theatre) -> None:
    """What a key has signed must be one agency's: nobody else gets it, not even once it was taken back; nor twice."""
    host, other = theatre.hosts["KH"], theatre.world.agencies["A"]
    own = {"name": "Key", "agency": host.agency, "jwk": host.signer.jwk, "owner": host.agency}
    foreign = {**own, "agency": other, "owner": other}
    with pytest.raises(Invalid, match="registered already"):
        await theatre.world.create("AgencyKey", actor=ADMINISTRATOR, **own)
    with pytest.raises(Invalid, match="another agency's"):
        await theatre.world.create("AgencyKey", actor=ADMINISTRATOR, **foreign)
    ((key,),) = await theatre.graph.read_rows(
        "MATCH (:Record {id: $agency})<-[:KEY_OF]-(key) RETURN key.id", {"agency": host.agency}
    )
    await theatre.world.retire("AgencyKey", key, actor=ADMINISTRATOR)
    with pytest.raises(Invalid, match="or was, another agency's"):
        await theatre.world.create("AgencyKey", actor=ADMINISTRATOR, **foreign)
    new = Signer().jwk
    rows = [{**own, "jwk": new}, {**foreign, "jwk": new}]
    said = await asyncio.gather(
        *(theatre.world.create("AgencyKey", actor=ADMINISTRATOR, **each) for each in rows), return_exceptions=True
    )
    assert sorted(isinstance(each, str) for each in said) == [False, True], "one of two at once"


async def test_signatures_are_verified_without_the_service(theatre: Theatre, tmp_path: Path) -> None:
    """What was exported verifies from two files alone, and fails on any changed byte of a document or a signature."""
    plan = await theatre.approved((await of_two_countries(theatre))["plan"])
    approvals, keys = evidence_of(await theatre.graph.read(lambda tx: signed_of(tx, plan)))
    assert [each["country"] for each in approvals] == ["KH", "TH"]
    (tmp_path / "keys.json").write_text(json.dumps(keys))

    def verified(entries: list[dict[str, Any]], keys: str = "keys.json") -> Result:
        (tmp_path / "approvals.json").write_text(json.dumps({"data": {"approvals": {"nodes": entries}}}))
        return CliRunner().invoke(
            app, ["approval", "verify", str(tmp_path / "approvals.json"), "--keys", str(tmp_path / keys)]
        )

    told = verified(approvals)
    assert told.exit_code == 0, told.output
    assert "All 2 signatures hold" in told.output
    (tmp_path / "others.json").write_text(json.dumps({"keys": [Signer().jwk]}))
    assert verified(approvals, "others.json").exit_code == 1
    assert verified([]).exit_code == 2
    assert verified([{"document": "nothing", "signature": "a..b"}]).exit_code == 2
    (tmp_path / "none.json").write_text("[]")
    assert verified(approvals, "none.json").exit_code == 2
    known = usable_keys(keys)
    document, signature = approvals[0]["document"], approvals[0]["signature"]
    assert check_detached(signature, document.encode(), known) == approvals[0]["keyId"]
    for text, of_document in ((document, True), (signature, False)):
        for place, letter in enumerate(text):
            other = text[:place] + ("x" if letter != "x" else "y") + text[place + 1 :]
            with pytest.raises(BadSignature):
                check_detached(*((signature, other.encode()) if of_document else (other, document.encode())), known)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda header, payload, mark: f"{header}.{payload}.{mark}", "left out"),
        (lambda header, _, mark: f"{_encoded({'alg': 'HS256', 'kid': 'x'})}..{mark}", "`alg` is none of EdDSA, ES256"),
        (lambda header, _, mark: f"{_encoded({'alg': 'EdDSA', 'kid': 'x'})}..{mark}", "`kid` names no key"),
        (lambda header, _, mark: f"{_encoded([])}..{mark}", "does not hold"),
        (lambda header, _, mark: f"{header}..{mark}.x", "no detached"),
        (lambda header, _, mark: f"{header}..{mark}" + "A" * 3_000, "longer than"),
    ],
)
def test_a_signature_that_is_none_says_what_is_wrong(change: Any, what: str) -> None:
    """Each way to get it wrong has words of its own, so that a signer's author finds it."""
    signer = Signer()
    header, _, mark = signer.sign("{}").split(".")
    text = change(header, _encoded({"whole": "x" * 3_000}), mark)
    keys = usable_keys({"keys": [{**signer.jwk, "kid": signer.key_id}]})
    with pytest.raises(BadSignature, match=what):
        check_detached(text, b"{}", keys)


def _encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
