"""Claims against an oracle that knows the words alone: what conflicts, what a commit must show, who is told."""

import itertools
import random
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.opsplan.deconfliction.oracle import Plan, conflict
from tests.opsplan.deconfliction.theatre import TOLD_OF_HIDDEN, Theatre, drawn_plan
from tests.seeds import many, with_fresh

PLACES = ((104.9, 11.55), (179.99, -16.5), (-179.98, 65.0), (30.0, 89.95), (12.0, -89.97), (-74.0, 40.7))
PLANS = 100


def missing_for(plan: Plan, others: list[Plan]) -> tuple[set[str], set[str]]:
    """Give the names of the plans whose keys a commit must show, and the agencies of hidden ones to call."""
    met = [each for each in others if conflict(plan, each)]
    named = {each.name for each in met if each.sensitivity == "OPEN"}
    return named, {each.owner for each in met if each.sensitivity == "POINTER"}


def told_of(plans: list[Plan]) -> set[tuple[str, str, str]]:
    """Give what stands told to whom."""
    told = set()
    for one, other in itertools.permutations(plans, 2):
        if conflict(one, other) and other.sensitivity != "SILENT":
            told.add((one.name, other.name if other.sensitivity == "OPEN" else "", other.owner))
    return told


def is_sure(plan: Plan, others: list[Plan]) -> bool:
    """Whether the oracle can say of all others, and a hidden polygon's circle is not in question."""
    if plan.corners and plan.sensitivity != "OPEN":
        return False
    return all(conflict(plan, each) is not None for each in others if each.name != plan.name)


def moved(chance: random.Random, plan: Plan, at: tuple[float, float]) -> Plan:
    """Give the plan otherwise: elsewhere, later, more open, of another kind."""
    if chance.random() < 0.3:
        return replace(plan, sensitivity=chance.choice(("OPEN", "POINTER", "SILENT")))
    other = drawn_plan(chance, plan.name, plan.owner, at=at)
    return replace(other, corners=(), sensitivity=plan.sensitivity) if not plan.corners else plan


async def play(
    theatre: Theatre, seed: int, count: int, before: Mapping[str, Plan] = MappingProxyType({})
) -> dict[str, Plan]:
    """Let agencies enter, move and withdraw plans, and hold each step to the oracle; give them all, by name.

    Parameters
    ----------
    count
        How many plans there are in the end, with those that there were `before`, by name.
    """
    chance = random.Random(f"{seed}-{len(before)}" if before else seed)
    at = PLACES[seed % len(PLACES)]
    plans = dict(before)
    while len(plans) < count:
        if plans and chance.random() < 0.25:
            was = plans[chance.choice(sorted(plans))]
            plan = replace(was, stands=False) if chance.random() < 0.3 else moved(chance, was, at)
        else:
            plan = drawn_plan(chance, f"plan {len(plans)}", chance.choice("KLMN"), at=at)
        others = [each for name, each in plans.items() if name != plan.name and each.stands]
        known = plans.get(plan.name)
        if not is_sure(plan, others) or (known is not None and not known.stands):
            continue
        if not plan.stands:
            await theatre.withdraw(plan)
            plans[plan.name] = plan
            continue
        if plan == known:
            continue
        missing = await theatre.commit(plan)
        named, called = missing_for(plan, others)
        ids = {theatre.ids[name] for name in named}
        assert {each["claim_id"] for each in missing if each["claim_id"]} == ids, (seed, plan)
        blind = [each for each in missing if each["claim_id"] is None]
        assert {each["contact_id"] for each in blind} == {theatre.agencies[each] for each in called}, (seed, plan)
        assert len(blind) == len(called)
        assert all({name for name, value in each.items() if value} == TOLD_OF_HIDDEN for each in blind)
        plans[plan.name] = plan
    standing = [each for each in plans.values() if each.stands]
    pairs = {frozenset((a.name, b.name)) for a, b in itertools.combinations(standing, 2) if conflict(a, b)}
    assert await theatre.conflicts() == pairs, seed
    assert await theatre.notices() == told_of(standing), seed
    return plans


@pytest.mark.requirement("D1")
@pytest.mark.requirement("D9")
@pytest.mark.parametrize("seed", with_fresh(0, 1, 3))
async def test_random_plans_conflict_as_a_brute_force_oracle_says(theatre, seed):
    """Each commit is refused with exactly the keys that are missing; what stands in the end is what the oracle says."""
    await play(theatre, seed, 60)


@pytest.mark.long
@pytest.mark.parametrize("seed", many(100))
async def test_a_hundred_worlds(theatre, seed):
    """The same for a hundred worlds of a hundred plans."""
    await play(theatre, seed, PLANS)
