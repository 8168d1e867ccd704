"""Zones against an oracle that knows the words alone: which claims cross them, and who learns what of it."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.opsplan.deconfliction.oracle import FURTHER_NOTICE, ZONE_KINDS, Plan, crossing
from tests.opsplan.deconfliction.test_worlds import PLACES
from tests.opsplan.deconfliction.theatre import ZONE, Theatre, drawn_plan
from tests.seeds import many, with_fresh


def drawn_zone(chance: random.Random, name: str, at: tuple[float, float]) -> Plan:
    """Draw a zone: of hours, of years, or until further notice; a house, a district, or half a country."""
    zone = drawn_plan(chance, name, chance.choice("KLMN"), at=at)
    radius_m = chance.choice((0.0, 200.0, 3_000.0, 9_000.0, 400_000.0)) if not zone.corners else zone.radius_m
    lasts = chance.choice((timedelta(hours=5), timedelta(days=3), timedelta(days=900), None))
    end = FURTHER_NOTICE if lasts is None else zone.start + lasts
    return replace(zone, kind=chance.choice(ZONE_KINDS), radius_m=radius_m, end=end)


def is_sure(plan: Plan, claims: list[Plan], zones: list[Plan], *, is_zone: bool) -> bool:
    """Whether the oracle can say of it beside all others; of a hidden polygon it cannot."""
    if plan.corners and plan.sensitivity != "OPEN":
        return False
    try:
        for other in claims if is_zone else zones:
            crossing(other, plan) if is_zone else crossing(plan, other)
    except ValueError:
        return False
    return True


def expected(claims: list[Plan], zones: list[Plan], reader: str) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Give the crossings that an agency may know of, and what it is told of beside them: its own, whom to call."""
    known: set[tuple[str, str]] = set()
    called: set[tuple[str, str]] = set()
    for claim in claims:
        for zone in zones:
            told = crossing(claim, zone)
            if told is None:
                continue
            side, is_whole = told
            if all(each.sensitivity == "OPEN" or each.owner == reader for each in (claim, zone)):
                known.add((claim.name, zone.name))
            if not is_whole and side == "CLAIM" and claim.owner == reader:
                called.add((claim.name, zone.owner))
            if not is_whole and side == "ZONE" and zone.owner == reader:
                called.add((zone.name, claim.owner))
    return known, called


async def play(theatre: Theatre, seed: int, count: int) -> None:
    """Let agencies enter, move, hide and withdraw claims and zones, and hold what each is told to the oracle."""
    chance = random.Random(seed)
    at = PLACES[seed % len(PLACES)]
    plans: dict[str, tuple[Plan, bool]] = {}
    steps = 0
    while steps < count:
        if plans and chance.random() < 0.35:
            before, is_zone = plans[chance.choice(sorted(plans))]
            if not before.stands:
                continue
            drawn = drawn_zone(chance, before.name, at) if is_zone else drawn_plan(chance, before.name, "K", at=at)
            plan = chance.choice(
                (
                    replace(before, stands=False),
                    replace(before, sensitivity=chance.choice(("OPEN", "POINTER", "SILENT"))),
                    replace(drawn, owner=before.owner, corners=()) if not before.corners else before,
                )
            )
        else:
            is_zone = chance.random() < 0.4
            name = f"{'zone' if is_zone else 'plan'} {len(plans)}"
            plan = drawn_zone(chance, name, at) if is_zone else drawn_plan(chance, name, chance.choice("KLMN"), at=at)
            before = None
        claims = [each for each, zone in plans.values() if not zone and each.stands and each.name != plan.name]
        zones = [each for each, zone in plans.values() if zone and each.stands and each.name != plan.name]
        if plan == before or not is_sure(plan, claims, zones, is_zone=is_zone):
            continue
        if not plan.stands:
            await theatre.withdraw(plan, *([ZONE] if is_zone else []))
        elif is_zone:
            await theatre.keep(plan)
        else:
            await theatre.commit(plan)
        plans[plan.name] = (plan, is_zone)
        steps += 1
        if steps % 10 == 0:
            await hold_to(theatre, [each for each in plans.values() if each[0].stands], seed)


async def hold_to(theatre: Theatre, plans: list[tuple[Plan, bool]], seed: int) -> None:
    claims, zones = ([each for each, is_zone in plans if is_zone is wanted] for wanted in (False, True))
    for reader in "KLMN":
        known, called = expected(claims, zones, reader)
        assert await theatre.crossings(reader) == known, (seed, reader)
        assert await theatre.zone_notices(reader) == called, (seed, reader)


@pytest.mark.requirement("D11")
@pytest.mark.requirement("D5")
@pytest.mark.parametrize("seed", with_fresh(1, 3))
async def test_random_zones_are_crossed_as_a_brute_force_oracle_says(theatre, seed):
    """Whatever was entered, moved, hidden and ended: each agency knows of the crossings that it may, and no others."""
    await play(theatre, seed, 40)


@pytest.mark.long
@pytest.mark.parametrize("seed", many(60))
async def test_sixty_worlds_of_zones(theatre, seed):
    """The same for sixty worlds of a hundred and fifty steps."""
    await play(theatre, seed, 150)
