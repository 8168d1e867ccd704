# Fixture strategy: as the other tests of this room; pools of a kind that no other test of it holds anything of.
"""Units and pools that others claim, as far as all readers may know of it: schedules leave them alone."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from opsplan.deconfliction.rules.holds import Hold, Pool
from opsplan.scheduling.problem import make_problem
from opsplan.scheduling.problem.means import sparing, times_without_means
from opsplan.scheduling.problem.snapshot import ReadPoolUse
from opsplan.scheduling.service import Frames, weigh_plan
from opsplan.scheduling.store.snapshot import take_snapshot
from opsplan.vocabulary.interval import Interval
from tests.opsplan.scheduling.test_claims import claimed, coordinate, hours, proposed, start_of
from tests.opsplan.scheduling.test_slots import advised
from tests.opsplan.scheduling.theatre import SIHANOUKVILLE, Theatre, at
from tests.seeds import with_fresh

SCREENERS = {"country": "KH", "kind": "SCREENER", "amount": 20}
FAR = {"location": (20.0, 20.0)}


@pytest.fixture(autouse=True)
async def nothing_there(theatre: Theatre) -> None:
    """Have no screener of an earlier test be there."""
    await theatre.graph.run_outside("MATCH (r:Resource {kind: 'SCREENER'}) SET r.kind = 'CONSULAR_SLOT'")


async def careless(theatre: Theatre) -> str:
    """Give a plan that was made without a look at claims."""
    run = await theatre.request(avoids_claims=False)
    await theatre.conclude(run)
    return await theatre.plan_of(run)


@pytest.mark.requirement("D4")
async def test_a_unit_that_is_claimed_is_sent_nowhere_else(theatre: Theatre) -> None:
    """The only team is claimed until six: the raid waits. A plan that does not look is not broken by it."""
    await theatre.staffed_raid(due=at(2), window_end=at(20))
    unit = await theatre.unit()
    await claimed(theatre, -2, 6, by="A", units=[unit], **FAR)
    assert await start_of(theatre, await theatre.planned()) >= 6
    plan = await careless(theatre)
    assert await start_of(theatre, plan) < 2
    verdict = await weigh_plan(theatre.graph, theatre.coordinator, frames=Frames(theatre.graph), plan_id=plan)
    assert verdict["broken_rules"] == []


@pytest.mark.requirement("D4")
@pytest.mark.parametrize(("there", "waits"), [(50, False), (49, True)])
async def test_what_claims_hold_of_a_pool_is_left_to_them(theatre: Theatre, there: int, waits: bool) -> None:
    """Of 50, 20 are claimed, and 30 are enough; of 49 they are not, until the claim is over."""
    action = await theatre.staffed_raid(due=at(2), window_end=at(30))
    await theatre.bed_need(action, 30, resource_kind="SCREENER")
    await theatre.beds(there, kind="SCREENER")
    await theatre.unit()
    await claimed(theatre, -2, 10, location=SIHANOUKVILLE, capacities=[SCREENERS])
    start = await start_of(theatre, await theatre.planned())
    # What it needs is held from two hours after its start on.
    assert start >= 8 if waits else start < 2
    assert await start_of(theatre, await careless(theatre)) < 2


@pytest.mark.requirement("D4")
@pytest.mark.requirement("S9")
async def test_advised_slots_leave_to_claims_what_they_take(theatre: Theatre) -> None:
    """The only team is claimed until six and twenty of forty-nine places until ten: the first slot comes after both."""
    action = await theatre.staffed_raid(due=at(2), window_end=at(30))
    await theatre.bed_need(action, 30, resource_kind="SCREENER")
    await theatre.beds(49, kind="SCREENER")
    unit = await theatre.unit()
    plan = await careless(theatre)
    assert hours((await advised(theatre, plan, action)).slots[0].earliest) < 1
    await claimed(theatre, -2, 6, by="A", units=[unit], **FAR)
    assert hours((await advised(theatre, plan, action)).slots[0].earliest) >= 6
    await claimed(theatre, -2, 10, location=SIHANOUKVILLE, capacities=[SCREENERS])
    # What it needs is held from two hours after its start on.
    assert hours((await advised(theatre, plan, action)).slots[0].earliest) >= 8


@pytest.mark.requirement("D4")
async def test_what_is_decided_keeps_its_means(theatre: Theatre) -> None:
    """A raid that is locked by its activation keeps unit and screeners, though claims that came later want both."""
    action = await theatre.staffed_raid(due=at(2), window_end=at(30))
    await theatre.bed_need(action, 30, resource_kind="SCREENER")
    await theatre.beds(40, kind="SCREENER")
    unit = await theatre.unit()
    plan = await theatre.approved(await theatre.planned())
    await theatre.publish(plan)
    await coordinate(theatre, action)
    await theatre.graph.run_outside("MATCH (a:Record {id: $id}) SET a.state = 'ACTIVATED'", {"id": action})
    await claimed(theatre, -2, 10, location=SIHANOUKVILLE, capacities=[SCREENERS])
    await claimed(theatre, -2, 10, by="A", units=[unit], **FAR)
    snapshot = await take_snapshot(theatre.graph, theatre.operation)
    assert snapshot.unit_uses
    assert snapshot.pool_uses
    problem, index = make_problem(snapshot)
    spared = sparing(problem, index, snapshot)
    assert spared.units == problem.units
    start = await start_of(theatre, plan)
    # It holds 30 from two hours after its start on, for a day; claimed are 20 of the 40, until ten.
    left = [spared.resources[0].capacity_at(int(hour * 12)) for hour in (start + 1, start + 3, 11, 24, 29)]
    assert left == [20, 30, 40, 40, 40]
    assert await start_of(theatre, await theatre.planned()) == await start_of(theatre, plan)


@pytest.mark.requirement("D4")
async def test_a_conflict_in_a_pool_is_ended_by_what_is_proposed(theatre: Theatre) -> None:
    """Each side is proposed the nearest time at which there is enough for both."""
    action = await theatre.staffed_raid(due=at(2), window_end=at(47))
    await theatre.bed_need(action, 30, resource_kind="SCREENER")
    await theatre.beds(49, kind="SCREENER")
    await theatre.unit()
    plan = await theatre.approved(await theatre.planned())
    await theatre.publish(plan)
    await coordinate(theatre, action)
    start = await start_of(theatre, plan)
    claim = await claimed(theatre, start + 1, start + 10, location=SIHANOUKVILLE, capacities=[SCREENERS])
    ((conflict, kind),) = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:CONFLICT_OF|CONFLICT_WITH]-(k:Conflict) RETURN k.id, k.kind", {"id": claim}
    )
    assert kind == "CAPACITY"
    mine = await proposed(theatre, conflict_id=conflict)
    assert hours(mine.alternatives[0].start) == start + 8
    theirs = await proposed(theatre, by="B", conflict_id=conflict)
    # Screeners are held for a day from two hours on, and before the operation there are none.
    assert hours(theirs.alternatives[0].start) == start + 26


@pytest.mark.requirement("D4")
async def test_a_bare_claim_is_proposed_times_clear_of_other_bare_claims(theatre: Theatre) -> None:
    """Both are of no operation: the place, and the unit of one's own that another claim of one's own has."""
    watch = await claimed(theatre, 0, 4, by="B")
    await claimed(theatre, 3, 6, by="A", kind="RAID")
    ((conflict,),) = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:CONFLICT_OF|CONFLICT_WITH]-(k:Conflict) RETURN k.id", {"id": watch}
    )
    found = await proposed(theatre, by="B", conflict_id=conflict)
    # A raid and a watch are kept six hours apart.
    assert [hours(each.start) for each in found.alternatives] == [-7, 12]


@pytest.mark.requirement("D4")
@pytest.mark.parametrize("seed", with_fresh(*range(40)))
def test_times_without_means_are_those_at_which_there_is_too_little(seed: int) -> None:
    """Hour by hour, a claim that begins then lacks something just where it touches one of the times that are given."""
    chance = random.Random(seed)
    begin = datetime(2026, 12, 1, tzinfo=UTC)

    def spells(count: int, most: int) -> tuple[tuple[datetime, datetime, int], ...]:
        drawn = ((chance.randrange(60), chance.randint(1, 30), chance.randint(1, most)) for _ in range(count))
        return tuple((begin + timedelta(hours=s), begin + timedelta(hours=s + n), much) for s, n, much in drawn)

    use = ReadPoolUse("KH", "BED", None, spells(chance.randrange(5), 4), spells(4, 9))
    length, offset, held = chance.randint(1, 8), chance.randint(0, 5), chance.randint(1, 12)
    claim = Interval(begin + timedelta(hours=20), begin + timedelta(hours=20 + length))
    hold = Hold(
        Pool("KH", "BED"),
        claim.start + timedelta(hours=offset),
        claim.start + timedelta(hours=offset + held),
        chance.randint(1, 9),
    )
    within = Interval(begin, begin + timedelta(hours=80))
    taken = list(times_without_means(claim, (hold,), (use,), within))

    def left(hour: int) -> int:
        instant = begin + timedelta(hours=hour)
        both = ((1, use.available), (-1, use.held))
        return sum(sign * much for sign, those in both for s, e, much in those if s <= instant < e)

    for hour in range(60):
        start, end = begin + timedelta(hours=hour), begin + timedelta(hours=hour + length)
        lacks = any(left(hour + offset + each) < hold.amount for each in range(held))
        assert any(since < end and start < until for since, until in taken) == lacks, hour
