"""Commits at once see each other, and what is not committed leaves nothing behind."""

import asyncio
import itertools
import random
import time
from dataclasses import replace

import pytest

from opsplan.deconfliction.service import crowd, looking
from opsplan.vocabulary.errors import KeysMissing, TooManyConflicts
from tests.opsplan.deconfliction.oracle import Plan, conflict
from tests.opsplan.deconfliction.test_worlds import told_of
from tests.opsplan.deconfliction.theatre import DAY, Theatre, drawn_plan
from tests.seeds import with_fresh


async def commit_stubbornly(theatre: Theatre, plan: Plan) -> int:
    """Show the keys that the last refusal named until the plan is taken; give how often that took."""
    seen: set[str] = set()
    for tries in itertools.count(1):
        try:
            await theatre.put(plan, seen=tuple(seen))
        except KeysMissing as refusal:
            missing = {each["key"] for each in refusal.facts["missing"]}
            assert missing
            assert missing.isdisjoint(seen)
            seen |= missing
        else:
            return tries
    raise AssertionError("unreachable")


@pytest.mark.requirement("D9")
@pytest.mark.requirement("D7")
@pytest.mark.parametrize("seed", with_fresh(11))
async def test_commits_at_once_always_see_each_other(theatre, seed):
    """Of forty plans committed at once in one place, each pair that conflicts stands as one conflict, both told."""
    chance = random.Random(seed)
    plans: list[Plan] = []
    while len(plans) < 40:
        plan = drawn_plan(chance, f"plan {len(plans)}", chance.choice("KLMN"))
        if not plan.corners and all(conflict(plan, each) is not None for each in plans):
            plans.append(plan)
    tries = await asyncio.gather(*(commit_stubbornly(theatre, each) for each in plans))
    pairs = {frozenset((a.name, b.name)) for a, b in itertools.combinations(plans, 2) if conflict(a, b)}
    assert pairs
    assert max(tries) > 1
    assert await theatre.conflicts() == pairs
    assert await theatre.notices() == told_of(plans)


@pytest.mark.requirement("D9")
async def test_two_commits_of_the_same_hour_and_place_never_pass_unseen(theatre):
    """Of two at once, twenty times over, the one that comes second has been refused for the first."""
    for number in range(20):
        pair = [
            Plan(f"{owner}{number}", owner, "RAID", 104.9 + number * 0.1, 11.5, 100.0, DAY, DAY.replace(hour=4))
            for owner in "KL"
        ]
        tries = await asyncio.gather(*(commit_stubbornly(theatre, each) for each in pair))
        assert sorted(tries) == [1, 2]


@pytest.mark.requirement("D9")
async def test_a_refused_commit_leaves_nothing(theatre):
    """A batch of which one claim conflicts unseen is refused whole: no claim, entry or notice of it is there."""
    await theatre.put(Plan("there", "K", "RAID", 104.9, 11.5, 100.0, DAY, DAY.replace(hour=4)))
    before = await theatre.graph.read_rows("MATCH (n) RETURN count(n)")
    batch = [
        Plan(f"new {number}", "L", "RAID", 104.9 + number, 11.5, 100.0, DAY, DAY.replace(hour=4)) for number in range(9)
    ]
    with pytest.raises(KeysMissing) as refusal:
        await theatre.put(*batch)
    (missing,) = refusal.value.facts["missing"]
    assert (missing["claim_id"], missing["rule"]) == (theatre.ids["there"], "RAID+RAID")
    assert (missing["distance_m"], missing["gap_minutes"]) == (0.0, 0)
    assert missing["own_claims"] == [{"claim_id": None, "external_id": "new 0", "action_id": None}]
    assert await theatre.graph.read_rows("MATCH (n) RETURN count(n)") == before
    await theatre.put(*batch, seen=(missing["key"],))
    assert await theatre.conflicts() == {frozenset(("there", "new 0"))}


@pytest.mark.requirement("D9")
async def test_a_key_stands_for_a_plan_as_it_is(theatre):
    """Once the other plan has moved, its earlier key is worth nothing; a new name of it changes nothing."""
    there = Plan("there", "K", "RAID", 104.9, 11.5, 100.0, DAY, DAY.replace(hour=4))
    await theatre.put(there)
    new = Plan("new", "L", "SEARCH", 104.9, 11.5, 100.0, DAY, DAY.replace(hour=3))
    with pytest.raises(KeysMissing) as refusal:
        await theatre.put(new)
    key = refusal.value.facts["missing"][0]["key"]
    await theatre.world.change("Claim", theatre.ids["there"], actor=theatre.actor("K"), name="EXERCISE other name")
    with pytest.raises(KeysMissing) as again:
        await theatre.put(new)
    assert again.value.facts["missing"][0]["key"] == key
    await theatre.world.change("Claim", theatre.ids["there"], actor=theatre.actor("K"), radius_m=150.0)
    with pytest.raises(KeysMissing) as moved:
        await theatre.put(new, seen=(key,))
    assert moved.value.facts["missing"][0]["key"] != key


@pytest.mark.requirement("D9")
async def test_a_refusal_says_for_which_of_ones_own_claims_a_key_is_asked(theatre):
    """Thirty claims that meet one: the first twenty of them are named, what they say of it once, and how many."""
    await theatre.put(Plan("there", "K", "RAID", 104.9, 11.5, 100.0, DAY, DAY.replace(hour=4)))
    batch = [
        Plan(f"new {number:02}", "L", "RAID", 104.9, 11.5, 100.0, DAY, DAY.replace(hour=4)) for number in range(30)
    ]
    with pytest.raises(KeysMissing) as refusal:
        await theatre.put(*batch)
    (missing,) = refusal.value.facts["missing"]
    assert [each["external_id"] for each in missing["own_claims"]] == [f"new {number:02}" for number in range(20)]
    assert (missing["own_claims_count"], len(missing["sentences"])) == (30, 1)
    await theatre.put(batch[0], seen=(missing["key"],))
    with pytest.raises(KeysMissing) as again:
        await theatre.put(replace(batch[0], radius_m=150.0))
    (missing,) = again.value.facts["missing"]
    assert [each["claim_id"] for each in missing["own_claims"]] == [theatre.ids["new 00"]]


@pytest.mark.requirement("D9")
@pytest.mark.requirement("D5")
async def test_a_commit_of_too_many_conflicts_is_refused_before_they_are_found(theatre, monkeypatch):
    """Three hundred claims over three hundred of another owner are refused in seconds, whoever shows keys or cannot
    wait, and nothing of them is there; what is hidden does not count, and so tells nothing of itself."""
    monkeypatch.setattr(crowd.Crowd.__init__, "__defaults__", (2_000,))
    monkeypatch.setattr(looking, "_MOST_ROWS", 1_000)
    there = [
        Plan(f"there {number}", "K", "RAID", 104.9, 11.5, 100.0, DAY, DAY.replace(hour=4)) for number in range(300)
    ]
    batch = [Plan(f"new {number}", "L", "RAID", 104.9, 11.5, 100.0, DAY, DAY.replace(hour=4)) for number in range(300)]
    hidden = [replace(each, name=f"hidden {each.name}", sensitivity="POINTER", longitude=105.9) for each in there[:40]]
    await theatre.put(*there)
    await theatre.put(*hidden)
    before = await theatre.graph.read_rows("MATCH (n) RETURN count(n)")
    started = time.monotonic()
    with pytest.raises(TooManyConflicts) as refusal:
        await theatre.put(*batch)
    assert time.monotonic() - started < 20
    assert "2000" in str(refusal.value)
    assert await theatre.graph.read_rows("MATCH (n) RETURN count(n)") == before
    assert len(await theatre.commit(*batch[:6])) == 300
    (key,) = await theatre.commit(*(replace(each, name=f"far {each.name}", longitude=105.9) for each in batch[:100]))
    assert (key["claim_id"], key["own_claims_count"]) == (None, 100)
