"""What an action lacks in law is told from COORDINATED on, and refuses its activation."""

from typing import Any

import pytest

from opsplan.operations.service import move_action
from opsplan.operations.states import ActionState
from opsplan.vocabulary.errors import ActivationRefused
from tests.opsplan.scheduling.test_publish import first_unit_need
from tests.opsplan.scheduling.test_watch import published
from tests.opsplan.scheduling.theatre import Theatre, at

STEPS = (ActionState.COORDINATED, ActionState.NOTIFIED, ActionState.ACTIVATED)


@pytest.fixture(autouse=True)
async def nobody_elses(theatre: Theatre) -> None:
    """Have no claim of an earlier test be met."""
    await theatre.graph.run_outside("MATCH (n:ClaimEntry|ClaimSubject|ClaimHold) DETACH DELETE n")


async def gaps(theatre: Theatre, action: str) -> list[tuple[str, str]]:
    """Give rule and sentence of what an action lacks."""
    rows = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:LACKS_AUTHORITY]-(n:AuthorityGap {state: 'OPEN'}) "
        "RETURN n.rule, n.sentence ORDER BY n.mark",
        {"id": action},
    )
    return [(rule, sentence) for rule, sentence in rows]


async def step(theatre: Theatre, action: str, to: ActionState) -> None:
    """Move an action one step on, or back."""
    version = (await theatre.world.properties(action))["version"]
    await theatre.world.write(
        lambda writing: move_action(writing, action, to, reason="EXERCISE", expected_version=version)
    )


async def come_to(theatre: Theatre, action: str, last: ActionState) -> None:
    """Let an action go on, step by step, to a state."""
    now = ActionState[(await theatre.world.properties(action))["state"]]
    first = STEPS.index(now) + 1 if now in STEPS else 0
    for state in STEPS[first : STEPS.index(last) + 1]:
        await step(theatre, action, state)


async def refused(theatre: Theatre, action: str) -> list[tuple[str, Any]]:
    """Give the rules and units that an action's activation is refused for."""
    await come_to(theatre, action, ActionState.NOTIFIED)
    with pytest.raises(ActivationRefused) as refusal:
        await step(theatre, action, ActionState.ACTIVATED)
    assert (await theatre.world.properties(action))["state"] == "NOTIFIED"
    return [(each.rule, each.facts.get("unit_id")) for each in refusal.value.facts["hindrances"]]


@pytest.mark.requirement("D11")
async def test_the_window_of_an_action_without_a_plan_needs_warrants(theatre: Theatre) -> None:
    """All that is known of it is its window: warrants that cover a part are not enough, two that adjoin are."""
    action = await theatre.raid("Raid 1", window_start=at(4), window_end=at(12))
    await theatre.create("Warrant", reference="W 1", start=at(0), end=at(8), action=action)
    assert await gaps(theatre, action) == []
    await come_to(theatre, action, ActionState.COORDINATED)
    sentence = "Raid 1 may run from 2026-12-01 04:00 UTC to 2026-12-01 12:00 UTC: no warrant covers all of that."
    assert await gaps(theatre, action) == [("warrants", sentence)]
    assert await refused(theatre, action) == [("warrants", None)]
    await theatre.create("Warrant", reference="W 2", start=at(8), end=at(12), action=action)
    assert await gaps(theatre, action) == []
    await step(theatre, action, ActionState.ACTIVATED)


@pytest.mark.requirement("D11")
async def test_an_action_that_needs_no_warrant_is_told_of_none(theatre: Theatre) -> None:
    """None entered means none needed; and what is no longer coordinated lacks nothing."""
    action = await theatre.raid("Raid 1", window_start=at(4), window_end=at(12))
    await come_to(theatre, action, ActionState.COORDINATED)
    assert await gaps(theatre, action) == []
    await theatre.create("Warrant", reference="W 1", start=at(0), end=at(8), action=action)
    assert [rule for rule, _ in await gaps(theatre, action)] == ["warrants"]
    await step(theatre, action, ActionState.DRAFT)
    assert await gaps(theatre, action) == []


@pytest.mark.requirement("D11")
async def test_a_planned_action_is_judged_by_the_rules_of_its_plan(theatre: Theatre) -> None:
    """Its place, not its window, needs the warrant; each of its units needs leave on the host's soil; both are told."""
    ids = await published(theatre)
    await come_to(theatre, ids["raid"], ActionState.COORDINATED)
    assert await gaps(theatre, ids["raid"]) == []
    warrant = await theatre.create("Warrant", reference="W 1", start=at(20), end=at(30), action=ids["raid"])
    await theatre.change("Unit", ids["unit"], permitted_countries=["TH"])
    found = dict(await gaps(theatre, ids["raid"]))
    assert found["permitted_countries"] == "Unit 1 may not act in KH for Raid 1."
    assert "no warrant covers that" in found["warrants"]
    assert sorted(await refused(theatre, ids["raid"])) == [("permitted_countries", ids["unit"]), ("warrants", None)]
    await theatre.change("Unit", ids["unit"], permitted_countries=["TH", "KH"])
    assert [rule for rule, _ in await gaps(theatre, ids["raid"])] == ["warrants"]
    await theatre.change("Warrant", warrant, start=at(0))
    assert await gaps(theatre, ids["raid"]) == []
    await step(theatre, ids["raid"], ActionState.ACTIVATED)


@pytest.mark.requirement("D11")
async def test_what_cannot_be_judged_is_not_activated(theatre: Theatre) -> None:
    """Of a place whose mode needs other units by now nothing can be said: the activation is refused."""
    ids = await published(theatre)
    await theatre.world.retire("UnitNeed", await first_unit_need(theatre, ids))
    assert [rule for rule, _ in await refused(theatre, ids["raid"])] == ["well_formed"]
