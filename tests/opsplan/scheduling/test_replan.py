"""A schedule made from a plan keeps to it: the fewest changes, and without what approving authorities refuse."""

import json

from opsplan.scheduling.plan.steps import Move
from opsplan.scheduling.service import Frames, PlanVersion, compare_plans
from opsplan.vocabulary.clock import instant_from_text
from tests.opsplan.scheduling.approval.test_approval import of_two_countries, states
from tests.opsplan.scheduling.theatre import Theatre, at

Place = tuple[str, tuple[str, ...]]


async def places(theatre: Theatre, plan: str) -> dict[str, Place]:
    """Give when each action begins and with whom."""
    return {name: (row["start"], tuple(row["units"])) for name, row in (await theatre.rows(plan)).items()}


async def goals(theatre: Theatre, plan: str) -> dict[str, float]:
    """Give the goals' values of a plan."""
    row = await theatre.graph.read_rows("MATCH (plan:Record {id: $id}) RETURN plan.score", {"id": plan})
    return {each["goal"]: each["value"] for each in json.loads(row[0][0])}


async def test_a_unit_that_drops_out_changes_its_own_actions_alone(theatre: Theatre) -> None:
    """The rest stays to the minute and the unit, though it was put where no schedule of its own would put it; the old
    plan keeps force until the new one is published."""
    first, second = await theatre.unit("Unit 1"), await theatre.unit("Unit 2")
    ids = [await theatre.staffed_raid(f"Raid {number}") for number in range(1, 5)]
    plan = await theatre.planned()
    rows = await theatre.rows(plan)
    await theatre.edit(plan, Move(ids[0], instant_from_text(at(40))))
    await theatre.publish(plan)
    before = await places(theatre, plan)
    gone = second if any("Unit 2" in row["units"] for row in rows.values()) else first
    name = "Unit 2" if gone == second else "Unit 1"
    await theatre.absence(gone, 0, 48)
    replan = await theatre.planned(from_plan=plan, fewest_changes=True)
    after = await places(theatre, replan)
    touched = {raid for raid, (_, units) in before.items() if name in units}
    assert {raid for raid in before if before[raid] != after[raid]} == touched
    assert (await goals(theatre, replan))["changes"] == 2 * len(touched)
    assert "changes" not in await goals(theatre, plan), "no goal of a schedule that keeps to nothing"
    states_now = await theatre.graph.read_rows(
        "UNWIND $ids AS id MATCH (p:Record {id: id}) RETURN p.state", {"ids": [plan, replan]}
    )
    assert states_now == [["PUBLISHED"], ["DRAFT"]]


async def test_refused_actions_are_left_out_with_the_reason(theatre: Theatre) -> None:
    """Nobody drops them by hand: the new plan says who refused and why, its groups are whole, and it is published once
    the hosts whose part has changed have approved it."""
    await of_two_countries(theatre)
    second = await theatre.raid("Raid KH 2")
    plan = await theatre.planned()
    await theatre.propose(plan)
    await theatre.approve(plan, "TH")
    await theatre.refuse(plan, {second: "A school stands there."})
    replan = await theatre.planned(from_plan=plan, fewest_changes=True, leaves_out_refused=True)
    left_out = (await theatre.left_out(replan))["Raid KH 2"]
    assert left_out["codes"] == ["REFUSED_BY_HOST"]
    assert "refuses it: A school stands there." in left_out["sentence"]
    kept = await places(theatre, plan)
    del kept["Raid KH 2"]
    assert await places(theatre, replan) == kept
    await theatre.propose(replan)
    assert await states(theatre, replan) == {"plan": "PROPOSED", "KH": "ASKED", "TH": "APPROVED"}
    await theatre.approve(replan, "KH")
    await theatre.publish(replan, approve=False)
    compared = await compare_plans(theatre.graph, Frames(theatre.graph), PlanVersion(plan), PlanVersion(replan))
    (dropped,) = compared.differences
    assert [each.code for each in dropped.reasons] == ["REFUSED_BY_HOST"]
    again = await theatre.planned(from_plan=replan, fewest_changes=True, leaves_out_refused=True)
    assert (await theatre.left_out(again))["Raid KH 2"]["codes"] == ["REFUSED_BY_HOST"], "it stands for later plans"
    whole = await theatre.planned(from_plan=replan)
    await theatre.propose(whole)
    await theatre.approve(whole, "KH")
    agreed = await theatre.planned(from_plan=replan, leaves_out_refused=True)
    assert "Raid KH 2" in await theatre.rows(agreed), "until the authority approves it"


async def test_a_group_is_left_out_with_the_action_that_is_refused(theatre: Theatre) -> None:
    """Who would start with it does not start alone."""
    group = await theatre.create("SimultaneityGroup", name="together", operation=theatre.operation)
    ids = [await theatre.raid(f"Raid {number}", group=group) for number in (1, 2)]
    await theatre.raid("Raid 3")
    await theatre.host("KH")
    plan = await theatre.planned()
    await theatre.propose(plan)
    await theatre.refuse(plan, {ids[0]: "Not there."})
    replan = await theatre.planned(from_plan=plan, leaves_out_refused=True)
    assert set(await theatre.rows(replan)) == {"Raid 3"}
    assert set(await theatre.left_out(replan)) == {"Raid 1", "Raid 2"}
