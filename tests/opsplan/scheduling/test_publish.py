"""Publishing: what refuses a plan, what must be accepted, what stands in nobody's way, and who wins a race."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from opsplan.nouns import LAWS
from opsplan.records.writing import IdempotencyKey
from opsplan.scheduling.service import ApprovalsMissing, ChangesToAccept, Frames, StalePlan, Wish, publish, publish_plan
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import system_clock
from opsplan.vocabulary.errors import Conflict, Forbidden, NotFound, OpsplanError, StateConflict, VersionConflict
from opsplan.vocabulary.place import GeoPoint
from tests.opsplan.records.world import ADMINISTRATOR
from tests.opsplan.scheduling.theatre import SIHANOUKVILLE, Theatre, at

Ids = dict[str, str]
Step = Callable[[Theatre, Ids], Awaitable[Any]]


async def prepared(theatre: Theatre) -> Ids:
    """Make two raids, of which the first needs a unit and beds, with the means, and a plan that places both."""
    ids = {"raid": await theatre.staffed_raid("Raid 1"), "other": await theatre.raid("Raid 2", window_start=at(6))}
    ids["need"] = await theatre.bed_need(ids["raid"])
    ids["unit"], ids["spare"] = await theatre.unit("Unit 1"), await theatre.unit("Unit 2", type=3)
    ids["beds"] = await theatre.beds()
    ids["mode"] = await theatre.mode_of(ids["raid"])
    ids["plan"] = await theatre.planned()
    assert sorted(await theatre.rows(ids["plan"])) == ["Raid 1", "Raid 2"]
    await theatre.approved(ids["plan"])
    return ids


async def state_of(theatre: Theatre, plan: str) -> str:
    """Give a plan's state."""
    return str((await theatre.world.properties(plan))["state"])


async def first_unit_need(theatre: Theatre, ids: Ids) -> str:
    """Give the id of the first raid's unit need."""
    rows = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:UNIT_NEEDED_IN]-(need) RETURN need.id", {"id": ids["mode"]}
    )
    return str(rows[0][0])


async def less_beds(theatre: Theatre, ids: Ids, amount: int = 10) -> None:
    """Cut the capacity of the beds."""
    rows = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:CAPACITY_OF]-(capacity) RETURN capacity.id", {"id": ids["beds"]}
    )
    await theatre.change("Capacity", rows[0][0], amount=amount)


async def narrower_need(theatre: Theatre, ids: Ids) -> None:
    """Ask for a language that the unit does not speak."""
    await theatre.change("UnitNeed", await first_unit_need(theatre, ids), languages=["zh"])


async def another_need(theatre: Theatre, ids: Ids) -> None:
    """Ask for a second team."""
    await theatre.unit_need(ids["raid"], unit_kind="MEDICAL")


BREAKING: dict[str, tuple[Step, str, str]] = {
    "an absence": (lambda t, ids: t.absence(ids["unit"], 0, 6), "calendars", "Unit 1 is absent"),
    "a moved window": (
        lambda t, ids: t.change("Action", ids["raid"], window_start=at(12)),
        "windows",
        "not inside its window",
    ),
    "a withdrawn offer": (lambda t, ids: t.withdraw(ids["unit"]), "well_formed", "Unit 1"),
    "a lost permission": (
        lambda t, ids: t.change("Unit", ids["unit"], permitted_countries=["TH"]),
        "permitted_countries",
        "may not act in KH",
    ),
    "a lower type": (lambda t, ids: t.change("Unit", ids["unit"], type=3), "unit_needs", "does not fill the need"),
    "a farther home": (
        lambda t, ids: t.change("Unit", ids["unit"], home=GeoPoint(*SIHANOUKVILLE)),
        "travel",
        "from home",
    ),
    "fewer beds": (less_beds, "capacity", "30 of BED in KH"),
    "quiet hours": (
        lambda t, ids: t.create("QuietHours", country="KH", from_local="06:00", until_local="12:00"),
        "forbidden_hours",
        "quiet hours",
    ),
    "a warrant": (
        lambda t, ids: t.create("Warrant", reference="W 1", start=at(20), end=at(30), action=ids["raid"]),
        "warrants",
        "no warrant covers",
    ),
    "a longer mode": (
        lambda t, ids: t.change("ActionMode", ids["mode"], duration_minutes=2900),
        "calendars",
        "may be used in the operation's time only",
    ),
    "another language": (narrower_need, "unit_needs", "does not fill the need"),
    "another need": (another_need, "well_formed", "has other unit needs now"),
    "a cancelled action": (lambda t, ids: t.state(ids["raid"], "CANCELLED"), "well_formed", "was cancelled"),
    "an order": (
        lambda t, ids: t.create("Precedence", before=ids["other"], after=ids["raid"]),
        "precedence",
        "outside the lags allowed",
    ),
    "a new mandatory action": (
        lambda t, ids: t.raid("Raid 3", mandatory=True),
        "mandatory",
        "Raid 3 is mandatory and not placed",
    ),
}


@pytest.mark.parametrize("what", BREAKING)
async def test_a_change_that_breaks_the_plan_refuses_it(theatre: Theatre, what: str) -> None:
    """A plan that breaks a rule because of a change since is refused with the rule's name and a sentence."""
    step, rule, words = BREAKING[what]
    ids = await prepared(theatre)
    await step(theatre, ids)
    try:
        with pytest.raises(StalePlan) as refusal:
            await theatre.publish(ids["plan"])
    finally:
        await theatre.graph.run_outside("MATCH (q:QuietHours) DETACH DELETE q")
    broken = refusal.value.facts["broken_rules"]
    assert rule in {each.rule for each in broken}
    assert any(words in each.sentence for each in broken if each.rule == rule), [each.sentence for each in broken]
    assert await state_of(theatre, ids["plan"]) == "APPROVED"


async def test_a_lock_at_another_place_refuses_the_plan(theatre: Theatre) -> None:
    """A plan that moves what was activated since, at the place that another plan published, is refused."""
    ids = await prepared(theatre)
    await theatre.publish(ids["plan"])
    await theatre.change("Action", ids["other"], window_start=at(12))
    second = await theatre.planned()
    await theatre.state(ids["other"], "ACTIVATED")
    with pytest.raises(StalePlan) as refusal:
        await theatre.publish(second)
    assert "locks" in {each.rule for each in refusal.value.facts["broken_rules"]}


async def test_a_unit_taken_by_another_operation_refuses_the_plan(theatre: Theatre) -> None:
    """Of two operations that plan the same unit at the same time the second is refused, and learns who has it."""
    ids = await prepared(theatre)
    other = await Theatre(theatre.world).open(code_name="Anchor")
    await other.staffed_raid("Elsewhere")
    await other.offer(ids["unit"])
    await other.publish(await other.planned())
    with pytest.raises(StalePlan) as refusal:
        await theatre.publish(ids["plan"])
    broken = [each for each in refusal.value.facts["broken_rules"] if each.rule == "calendars"]
    assert "Elsewhere of operation Anchor" in broken[0].sentence
    assert broken[0].facts["unit_id"] == ids["unit"]


async def test_beds_taken_by_another_operation_refuse_the_plan(theatre: Theatre) -> None:
    """What another operation's published plan takes up of the same beds is not there any more."""
    ids = await prepared(theatre)
    other = await Theatre(theatre.world).open(code_name="Anchor")
    await other.bed_need(await other.raid("Elsewhere"), 20)
    await other.offer(ids["beds"])
    await other.publish(await other.planned())
    with pytest.raises(StalePlan) as refusal:
        await theatre.publish(ids["plan"])
    assert {each.rule for each in refusal.value.facts["broken_rules"]} == {"capacity"}


UNRELATED: dict[str, Step] = {
    "a rename": lambda t, ids: t.change("Unit", ids["unit"], name="Unit One"),
    "a source": lambda t, ids: t.change("Action", ids["raid"], source="a letter"),
    "a step of an action": lambda t, ids: t.state(ids["raid"], "NOTIFIED"),
    "a new offer": lambda t, ids: t.unit("Unit 3"),
    "beds elsewhere": lambda t, ids: t.beds(country="TH"),
    "a unit that is not offered": lambda t, ids: t.unit("Unit 4", offered=False),
    "another operation": lambda t, ids: Theatre(t.world).open(),
}


async def test_unrelated_changes_stand_in_nobody_s_way(theatre: Theatre) -> None:
    """Renames, sources, steps of actions, new offers and other operations block no publication; but what a host has
    signed names its actions, so that it is asked again after a rename."""
    ids = await prepared(theatre)
    for step in UNRELATED.values():
        await step(theatre, ids)
    with pytest.raises(ApprovalsMissing, match="has changed since"):
        await theatre.publish(ids["plan"])
    await theatre.approved(ids["plan"])
    assert await theatre.publish(ids["plan"]) == ids["plan"]
    published = await theatre.world.properties(ids["plan"])
    assert (published["state"], published["published_by"], published["accepted_changes"]) == (
        "PUBLISHED",
        "user-A",
        "[]",
    )


ACCEPTABLE: dict[str, tuple[Step, str, str]] = {
    "a due time": (lambda t, ids: t.change("Action", ids["raid"], due=at(20)), "Action", "CHANGED"),
    "a cost": (lambda t, ids: t.change("Unit", ids["unit"], cost_per_hour=9), "Unit", "CHANGED"),
    "a late absence": (lambda t, ids: t.absence(ids["unit"], 40, 44), "UnitAbsence", "ADDED"),
    "an absence of a spare": (lambda t, ids: t.absence(ids["spare"], 0, 44), "UnitAbsence", "ADDED"),
    "a spare unit withdrawn": (lambda t, ids: t.withdraw(ids["spare"]), "Unit", "REMOVED"),
    "a new action": (lambda t, ids: t.raid("Raid 3"), "Action", "ADDED"),
    "a new mode": (lambda t, ids: t.mode(ids["raid"], name="Swift"), "ActionMode", "ADDED"),
    "a wider window": (lambda t, ids: t.change("Action", ids["other"], window_start=at(5)), "Action", "CHANGED"),
}


@pytest.mark.parametrize("what", ACCEPTABLE)
async def test_other_changes_must_be_accepted(theatre: Theatre, what: str) -> None:
    """A changed fact that breaks nothing is listed, and the plan is published once it is accepted in that version."""
    step, noun, kind = ACCEPTABLE[what]
    ids = await prepared(theatre)
    await step(theatre, ids)
    with pytest.raises(ChangesToAccept) as refusal:
        await theatre.publish(ids["plan"])
    changes = refusal.value.facts["changes"]
    assert (noun, kind) in {(each.noun, each.kind) for each in changes}
    accepted = {each.id: each.version for each in changes}
    with pytest.raises(ChangesToAccept):
        await theatre.publish(ids["plan"], accepted={each: version - 1 for each, version in accepted.items()})
    await theatre.publish(ids["plan"], accepted=accepted)
    kept = json.loads((await theatre.world.properties(ids["plan"]))["accepted_changes"])
    assert {each["id"]: each["version"] for each in kept} == accepted


async def test_a_new_plan_supersedes_the_old_one(theatre: Theatre) -> None:
    """There is one published plan per operation: the older becomes SUPERSEDED and cannot come back."""
    ids = await prepared(theatre)
    await theatre.publish(ids["plan"])
    second = await theatre.planned()
    await theatre.publish(second)
    assert [await state_of(theatre, plan) for plan in (ids["plan"], second)] == ["SUPERSEDED", "PUBLISHED"]
    with pytest.raises(StateConflict):
        await theatre.publish(ids["plan"])


async def test_a_plan_published_meanwhile_must_be_accepted(theatre: Theatre) -> None:
    """Whoever publishes over a plan that they did not know of is told so first."""
    ids = await prepared(theatre)
    second = await theatre.planned()
    await theatre.publish(ids["plan"])
    with pytest.raises(ChangesToAccept) as refusal:
        await theatre.publish(second)
    (change,) = refusal.value.facts["changes"]
    assert (change.noun, change.id) == ("Plan", ids["plan"])
    await theatre.publish(second, accepted={change.id: change.version})


async def test_of_two_publications_at_once_one_wins(theatre: Theatre) -> None:
    """When two plans of an operation are published at once, one is; when it is the same plan twice, once."""
    ids = await prepared(theatre)
    second = await theatre.planned()
    ended = await asyncio.gather(theatre.publish(ids["plan"]), theatre.publish(second), return_exceptions=True)
    assert sorted(type(each).__name__ for each in ended) == ["ChangesToAccept", "str"]
    states = [await state_of(theatre, plan) for plan in (ids["plan"], second)]
    assert sorted(states) == ["APPROVED", "PUBLISHED"]
    third = await theatre.planned()
    ended = await asyncio.gather(*(theatre.publish(third) for _ in range(3)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in ended) == ["StateConflict", "StateConflict", "str"]


async def test_two_operations_at_once_never_get_the_same_unit(theatre: Theatre) -> None:
    """When two operations publish plans with one unit at one time at once, one is refused."""
    ids = await prepared(theatre)
    other = await Theatre(theatre.world).open(code_name="Anchor")
    await other.staffed_raid("Elsewhere")
    await other.offer(ids["unit"])
    plan = await other.planned()
    ended = await asyncio.gather(theatre.publish(ids["plan"]), other.publish(plan), return_exceptions=True)
    assert sorted(type(each).__name__ for each in ended) == ["StalePlan", "str"]


async def test_a_refused_plan_is_judged_once(theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing comes in between, a refusal stands: it is not judged again while others wait for the sequence."""
    ids = await prepared(theatre)
    await theatre.approved(ids["plan"])
    await theatre.absence(ids["unit"], 0, 6)
    judged: list[Any] = []
    real = publish.judge
    monkeypatch.setattr(publish, "judge", lambda *arguments: judged.append(arguments) or real(*arguments))
    with pytest.raises(StalePlan):
        await theatre.publish(ids["plan"])
    assert len(judged) == 1


@pytest.mark.parametrize("rounds", [0, 3])
async def test_a_change_that_lands_while_it_is_judged_counts(
    theatre: Theatre, rounds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change committed while a plan is judged is seen, and nothing passes a judgement that holds the sequence."""
    monkeypatch.setattr(publish, "_ROUNDS", rounds)
    ids = await prepared(theatre)
    judged, landed = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    real = publish.judge

    def judge(*arguments: Any) -> Any:
        verdict = real(*arguments)
        if not judged.is_set() and rounds:
            loop.call_soon_threadsafe(judged.set)
            asyncio.run_coroutine_threadsafe(landed.wait(), loop).result(20)
        return verdict

    monkeypatch.setattr(publish, "judge", judge)
    publishing = asyncio.create_task(theatre.publish(ids["plan"]))
    if rounds:
        await judged.wait()
    await theatre.absence(ids["unit"], 0, 6)
    landed.set()
    if rounds:
        with pytest.raises(StalePlan):
            await publishing
    else:
        # The absence waited for the publication, or came before it: either way they did not pass each other.
        ended = (await asyncio.gather(publishing, return_exceptions=True))[0]
        assert isinstance(ended, str | StalePlan)


async def test_rights_and_versions(theatre: Theatre) -> None:
    """Only coordinators of the operation publish, only in the version they saw, and only what is there."""
    ids = await prepared(theatre)
    for actor in (
        theatre.world.actor("A"),
        theatre.world.actor("A", Role.READER),
        theatre.world.actor("B", Role.COORDINATOR),
    ):
        with pytest.raises(Forbidden):
            await theatre.publish(ids["plan"], actor=actor)
    with pytest.raises(VersionConflict) as refusal:
        await theatre.publish(ids["plan"], expected_version=7)
    assert refusal.value.facts["current_version"] == 3, "made, proposed, approved"
    with pytest.raises(NotFound):
        await theatre.publish("plan_00000000000000000000000000")
    await theatre.world.change("Operation", theatre.operation, coordinators=[theatre.world.agencies["B"]])
    await theatre.publish(ids["plan"], actor=theatre.world.actor("B", Role.COORDINATOR), expected_version=3)


async def test_an_administrator_may_publish(theatre: Theatre) -> None:
    """An administrator publishes for any agency."""
    ids = await prepared(theatre)
    await theatre.publish(ids["plan"], actor=ADMINISTRATOR)


async def test_a_repeated_request_gets_its_first_answer(theatre: Theatre) -> None:
    """The same key gives the same answer whatever has happened since; with another plan it is refused."""
    ids = await prepared(theatre)

    async def ask(plan: str, hashed: str) -> str:
        return await publish_plan(
            theatre.graph,
            theatre.coordinator,
            system_clock,
            laws=LAWS,
            frames=Frames(theatre.graph),
            wish=Wish(plan),
            request_id="test",
            idempotency=IdempotencyKey(f"key-{theatre.world.tag}", hashed),
        )

    assert await ask(ids["plan"], "a") == ids["plan"]
    await theatre.absence(ids["unit"], 0, 6)
    assert await ask(ids["plan"], "a") == ids["plan"]
    with pytest.raises(Conflict):
        await ask(ids["plan"], "b")


async def test_a_closed_operation_publishes_nothing(theatre: Theatre) -> None:
    """Nothing is published for an operation that is over."""
    ids = await prepared(theatre)
    await theatre.graph.write(
        lambda tx: tx.run("MATCH (o:Record {id: $id}) SET o.state = 'CLOSED'", id=theatre.operation)
    )
    with pytest.raises(StateConflict):
        await theatre.publish(ids["plan"])


async def test_a_refusal_tells_what_to_do(theatre: Theatre) -> None:
    """Every refusal names a field and a remedy."""
    ids = await prepared(theatre)
    await theatre.absence(ids["unit"], 0, 6)
    with pytest.raises(OpsplanError) as refusal:
        await theatre.publish(ids["plan"])
    assert refusal.value.field
    assert refusal.value.remedy
