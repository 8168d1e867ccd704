"""What must stay where it is: frozen, told of or locked, it is kept to the minute and the unit, or named."""

import pytest

from opsplan.scheduling.plan.steps import Move
from opsplan.vocabulary.clock import instant_from_text
from tests.opsplan.scheduling.approval.test_approval import of_two_countries
from tests.opsplan.scheduling.test_replan import places
from tests.opsplan.scheduling.theatre import Theatre, at

START = {"Raid 1": 3, "Raid 2": 15, "Raid 3": 27, "Raid 4": 39}


async def published(theatre: Theatre) -> tuple[str, dict[str, str]]:
    """Publish four raids, each where no schedule of its own would put it, all with Unit 1; give ids by name.

    Unit 2 could do each as well.
    """
    ids = {name: await theatre.staffed_raid(name) for name in START}
    ids["Unit 1"] = await theatre.unit("Unit 1")
    plan = await theatre.planned()
    await theatre.edit(plan, *(Move(ids[name], instant_from_text(at(hours))) for name, hours in START.items()))
    await theatre.publish(plan)
    ids["Unit 2"] = await theatre.unit("Unit 2")
    return plan, ids


async def ended(theatre: Theatre, plan: str, **kept: object) -> dict[str, object]:
    """Carry out a schedule made from the plan, and give the run as it ended."""
    run = await theatre.request(from_plan=plan, **kept)  # type: ignore[arg-type]
    await theatre.conclude(run)
    return await theatre.run(run)


@pytest.mark.requirement("S6")
async def test_what_starts_before_is_kept_and_nothing_else_starts_there(theatre: Theatre) -> None:
    """Until then the plan is the same to the minute and the unit, though a schedule of its own would move all; what is
    new begins later; what could only begin before is left out and says so."""
    plan, _ = await published(theatre)
    await theatre.raid("New")
    await theatre.raid("Only early", window_end=at(16))
    before = await places(theatre, plan)
    replan = await theatre.planned(from_plan=plan, frozen_until=instant_from_text(at(18)))
    after = await places(theatre, replan)
    assert {name: after[name] for name in ("Raid 1", "Raid 2")} == {name: before[name] for name in ("Raid 1", "Raid 2")}
    assert min(start for name, (start, _) in after.items() if name not in ("Raid 1", "Raid 2")) >= at(18)
    assert after["Raid 3"] != before["Raid 3"], "behind that time the schedule is free"
    left_out = (await theatre.left_out(replan))["Only early"]
    assert left_out["codes"] == ["INSIDE_FROZEN_TIME"]
    assert "nothing new begins before 2026-12-01 18:00" in left_out["sentence"]


@pytest.mark.requirement("S6")
async def test_what_units_were_told_of_never_moves(theatre: Theatre) -> None:
    """A NOTIFIED action keeps its place in each schedule and each published plan, until it is taken back."""
    plan, ids = await published(theatre)
    await theatre.state(ids["Raid 3"], "NOTIFIED")
    before = await places(theatre, plan)
    anew = await places(theatre, await theatre.planned())
    assert anew["Raid 3"] == before["Raid 3"]
    assert anew["Raid 4"] != before["Raid 4"]
    moved = await theatre.planned(from_plan=plan, fewest_changes=True)
    verdict = (await theatre.edit(moved, Move(ids["Raid 3"], instant_from_text(at(30)))))["verdict"]
    assert [each["rule"] for each in verdict["broken_rules"]] == ["locks"]
    assert "NOTIFIED or further" in verdict["broken_rules"][0]["sentence"]
    await theatre.state(ids["Raid 3"], "COORDINATED")
    assert (await places(theatre, await theatre.planned()))["Raid 3"] != before["Raid 3"]


@pytest.mark.requirement("S6")
@pytest.mark.parametrize("how", ["frozen", "NOTIFIED"])
async def test_a_lost_unit_of_what_must_stay_is_named(theatre: Theatre, how: str) -> None:
    """The run ends without a plan and says which action cannot stay, for which unit; the published plan stands. Once it
    may move, the replan moves it and nothing else."""
    plan, ids = await published(theatre)
    before = await places(theatre, plan)
    until = instant_from_text(at(18)) if how == "frozen" else None
    if how != "frozen":
        await theatre.state(ids["Raid 2"], how)
    await theatre.absence(ids["Unit 1"], 14, 17)
    run = await ended(theatre, plan, fewest_changes=True, frozen_until=until)
    assert run["state"] == "INFEASIBLE"
    assert "Raid 2" in str(run["reason"])
    assert "Unit 1" in str(run["reason"])
    assert ("frozen" in str(run["reason"])) == (how == "frozen")
    assert await places(theatre, plan) == before
    assert (await theatre.world.properties(plan))["state"] == "PUBLISHED"
    await theatre.state(ids["Raid 2"], "COORDINATED")
    after = await places(theatre, await theatre.planned(from_plan=plan, fewest_changes=True))
    assert {name for name in before if before[name] != after[name]} == {"Raid 2"}


@pytest.mark.requirement("S6")
async def test_what_cannot_be_expressed_any_more_is_named(theatre: Theatre) -> None:
    """A unit withdrawn from what is frozen or told of, and an authority that refuses it: the run names action and why.

    What is ACTIVATED keeps its units until it is done, withdrawn or not.
    """
    plan, ids = await published(theatre)
    await theatre.withdraw(ids["Unit 1"])
    frozen = await ended(theatre, plan, frozen_until=instant_from_text(at(6)))
    assert (frozen["state"], "Raid 1: It is frozen in its place" in str(frozen["reason"])) == ("INFEASIBLE", True)
    assert "one of its units is no longer offered" in str(frozen["reason"])
    await theatre.state(ids["Raid 1"], "NOTIFIED")
    told = await ended(theatre, plan)
    assert (told["state"], "Raid 1: It is NOTIFIED" in str(told["reason"])) == ("INFEASIBLE", True)
    await theatre.state(ids["Raid 1"], "ACTIVATED")
    assert (await ended(theatre, plan, fewest_changes=True))["state"] == "SUCCEEDED"


async def test_an_authority_s_refusal_of_what_is_frozen_is_named(theatre: Theatre) -> None:
    """What is to be left out and to be kept at once is said, and not decided by the search."""
    await of_two_countries(theatre)
    second = await theatre.raid("Raid KH 2")
    plan = await theatre.planned()
    await theatre.propose(plan)
    await theatre.refuse(plan, {second: "A school stands there."})
    run = await ended(theatre, plan, leaves_out_refused=True, frozen_until=instant_from_text(at(47)))
    assert run["state"] == "INFEASIBLE"
    assert "Raid KH 2: It is frozen" in str(run["reason"])
    assert "refuses it" in str(run["reason"])


@pytest.mark.requirement("S6")
async def test_changes_of_every_kind_keep_what_is_frozen(theatre: Theatre) -> None:
    """A unit lost, an action withdrawn, one added, a window moved: each moves what it must, and nothing frozen."""
    plan, ids = await published(theatre)
    before = await places(theatre, plan)
    until = instant_from_text(at(18))

    async def moved() -> set[str]:
        replan = await theatre.planned(from_plan=plan, fewest_changes=True, frozen_until=until)
        after = await places(theatre, replan)
        return {name for name in {*before, *after} if before.get(name) != after.get(name)}

    assert await moved() == set()
    await theatre.change("Action", ids["Raid 3"], window_start=at(28))
    assert await moved() == {"Raid 3"}
    added = await theatre.staffed_raid("Raid 5", window_start=at(20), window_end=at(24))
    assert await moved() == {"Raid 3", "Raid 5"}, "Unit 2 is free for it"
    await theatre.cancel_action("Raid 4")
    assert await moved() == {"Raid 3", "Raid 4", "Raid 5"}
    await theatre.absence(ids["Unit 1"], 19, 48)
    assert await moved() == {"Raid 3", "Raid 4", "Raid 5"}
    assert added
