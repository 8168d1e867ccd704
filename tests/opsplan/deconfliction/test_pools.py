# Fixture strategy: a theatre of four agencies of their own for each test; the rules alone are tried without a graph.
"""Pools against an oracle: what is told step by step is what is told of all at once, and what brute force says."""

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from opsplan.deconfliction.rules.capacity import capacity_meetings
from opsplan.deconfliction.rules.footprint import Footprint, Hiding
from opsplan.deconfliction.rules.holds import Pool as ProductPool
from opsplan.deconfliction.rules.holds import holds_of
from opsplan.deconfliction.rules.ledger import Ledger
from opsplan.deconfliction.service import capacity, check_claims, review_next
from opsplan.nouns import LAWS
from opsplan.operations.model import ActionKind
from opsplan.vocabulary.area import Circle
from opsplan.vocabulary.errors import KeysMissing
from opsplan.vocabulary.interval import Interval
from opsplan.vocabulary.place import GeoPoint
from opsplan.vocabulary.sensitivity import Sensitivity
from tests.opsplan.deconfliction.pools import Holder, Need, Pool, Stock, coarse, conflicts, placed, text
from tests.opsplan.deconfliction.test_wanting import FAR
from tests.opsplan.deconfliction.theatre import CLAIM, DAY, TOLD_OF_HIDDEN, Theatre
from tests.opsplan.records.world import checked, noun
from tests.seeds import with_fresh

POOLS: tuple[Pool, ...] = (("KH", "BED", ""), ("KH", "INTERPRETER", "zh"))


def drawn_needs(chance: random.Random) -> tuple[Need, ...]:
    return tuple(
        Need(
            chance.choice(POOLS),
            chance.choice((1, 3, 8, 20, 33)),
            chance.choice((0, 0, 2, 7)),
            chance.choice((None, 1, 5, 30)),
        )
        for _ in range(chance.choice((0, 1, 1, 2, 3)))
    )


def drawn_holder(chance: random.Random, name: str, owner: str) -> Holder:
    start = chance.randrange(0, 24)
    sensitivity = chance.choices(("OPEN", "POINTER", "SILENT"), (6, 3, 1))[0]
    holder = Holder(name, owner, start, start + chance.choice((1, 4, 12)), drawn_needs(chance), sensitivity)
    return replace(holder, read_by=drawn_readers(chance, holder))


def drawn_readers(chance: random.Random, holder: Holder) -> frozenset[str]:
    if holder.sensitivity == "OPEN":
        return frozenset()
    return frozenset(each for each in "KLMN" if each == holder.owner or chance.random() < 0.5)


def drawn_entry(chance: random.Random) -> tuple[Pool, int, int, int, bool]:
    start = chance.randrange(-6, 40)
    return chance.choice(POOLS), start, start + chance.choice((6, 40, 90)), chance.choice((0, 10, 25, 50)), True


def footprint(holder: Holder) -> Footprint:
    """Give a claim in the product's words."""
    time = Interval(DAY + timedelta(hours=holder.start), DAY + timedelta(hours=holder.end))
    return Footprint(
        claim_id=holder.name,
        owner_id=holder.owner,
        exercise=False,
        kind=ActionKind.RAID,
        area=Circle(GeoPoint(*FAR["K"]), 0.0),
        time=time,
        sensitivity=Sensitivity(holder.sensitivity),
        read_by=holder.read_by,
        holds=holds_of(json.dumps([each.as_given() for each in holder.needs]), time, exercise=False),
        held_since=holder.place[0],
    )


@pytest.mark.requirement("D4")
@pytest.mark.parametrize("seed", with_fresh(1))
def test_the_rule_says_what_brute_force_says(seed: int) -> None:
    """Pairs, how much is held by how many, how much there is and when: as counted hour by hour."""
    chance = random.Random(seed)
    assert sum(compare_once(chance) for _ in range(300)) > 300


def compare_once(chance: random.Random) -> int:
    """Hold the rule to brute force for claims and stocks that are drawn; give how many conflicts there are."""
    holders, stock = drawn_pools(chance)
    found: dict[frozenset[str], Any] = {}
    for one, other, facts in found_by_the_rule(holders, stock):
        # Whichever of the two it is asked of.
        assert found.setdefault(frozenset((one, other)), facts) == facts
    assert found == conflicts(holders, stock)
    return len(found)


def drawn_pools(chance: random.Random) -> tuple[list[Holder], Stock]:
    """Draw claims in the order in which they came, and what there is."""
    stock = Stock({str(number): drawn_entry(chance) for number in range(chance.randrange(5))})
    holders = [
        replace(drawn_holder(chance, f"c{number}", chance.choice("KLMN")), place=(chance.randrange(4), f"c{number}"))
        for number in range(chance.randrange(2, 9))
    ]
    return holders, stock


def found_by_the_rule(holders: list[Holder], stock: Stock) -> list[tuple[str, str, Any]]:
    """Give what each claim meets, by the product's rule: the claim, the other, and the facts."""
    claims = [footprint(each) for each in holders]
    ledgers = []
    for pool in POOLS:
        available = [
            (DAY + timedelta(hours=start), DAY + timedelta(hours=end), amount)
            for its, start, end, amount, _ in stock.entries.values()
            if its == pool
        ]
        holding = [each for each in claims if any(hold.pool == ProductPool(*pool) for hold in each.holds)]
        ledgers.append(Ledger(ProductPool(*pool), holding, available, Hiding()))
    return [
        (one.claim_id, each.other.claim_id, each.facts["pools"])
        for one in claims
        for each in capacity_meetings(one, [ledger for ledger in ledgers if one in ledger.claims])
    ]


def widest(holder: Holder) -> Holder:
    """Give the largest claim that looks the same to those from whom it is hidden, and that nobody else reads."""
    needs = tuple(
        Need(pool, amount, hour, 1) for pool in POOLS for hour, amount in enumerate(coarse(holder.held(pool))) if amount
    )
    return replace(holder, start=0, end=1, needs=needs, read_by=frozenset())


def told_to(agency: str, holders: list[Holder], stock: Stock) -> tuple[list[Any], list[Any]]:
    """Give what an agency learns: what its claims meet, or whom to call, and all conflicts that it reads."""
    claims = {each.name: each for each in holders}
    met, read = set(), []
    for one, other, facts in found_by_the_rule(holders, stock):
        mine, its = claims[one], claims[other]
        if mine.owner == agency and its.sensitivity != "SILENT":
            met.add((one, other if its.is_read_by(agency) else its.owner))
        if mine.is_read_by(agency) and its.is_read_by(agency):
            read.append((one, other, facts))
    return sorted(met), sorted(read, key=str)


@pytest.mark.requirement("D5")
@pytest.mark.requirement("D6")
@pytest.mark.parametrize("seed", with_fresh(1))
def test_what_is_hidden_shows_by_its_spells_and_powers_of_two_alone(seed: int) -> None:
    """Whatever a hidden claim holds within these, and whoever else reads it, an agency learns the same of all pools."""
    chance = random.Random(seed)
    told = 0
    for _ in range(300):
        holders, stock = drawn_pools(chance)
        seen = told_to("L", holders, stock)
        others = [each if each.is_read_by("L") else widest(each) for each in holders]
        assert told_to("L", others, stock) == seen
        told += len(seen[0])
    assert told > 50


class Play:
    """Holders and stocks in the graph, beside the same in the oracle's words."""

    def __init__(self, theatre: Theatre, chance: random.Random) -> None:
        self.theatre = theatre
        self.world = theatre.world
        self.chance = chance
        self.holders: dict[str, Holder] = {}
        self.stock = Stock()
        self.ids: dict[str, str] = {}
        self.number = 0

    @property
    def standing(self) -> list[Holder]:
        return [each for each in self.holders.values() if each.stands]

    async def open(self) -> "Play":
        for place, (country, kind, language) in enumerate(POOLS):
            given = {"name": "stock", "country": country, "kind": kind} | ({"language": language} if language else {})
            self.ids[f"resource {place}"] = await self._make("Resource", **given)
        return self

    async def _make(self, name: str, /, **given: Any) -> str:
        return await self.world.create(name, actor=self.theatre.actor("N"), **given)

    async def step(self) -> None:
        """Do something, and hold what comes of it to the oracle."""
        self.number += 1
        choices: list[tuple[int, Any]] = [(4, self._enter), (1, self._add_entry)]
        if self.standing:
            choices += [(3, self._change), (1, self._withdraw), (1, self._share)]
        if self.stock.entries:
            choices += [(2, self._change_entry)]
        if any(not each.stands for each in self.holders.values()):
            choices += [(1, self._restore)]
        await self.chance.choices([each for _, each in choices], [weight for weight, _ in choices])[0]()
        await self.compare()

    async def _commit(self, now: Holder, row: Mapping[str, Any] | None) -> None:
        """Commit a claim with the keys that a refusal names; these are the oracle's."""
        was = self.holders.get(now.name)
        now = placed(was, now, self.number)
        others = [each for each in self.standing if each.name != now.name]
        met = [each for each in others if conflicts_of(now, each, [*others, now], self.stock)]
        named = {self.ids[each.name] for each in met if each.is_read_by(now.owner)}
        called = {
            self.theatre.agencies[each.owner]
            for each in met
            if each.sensitivity == "POINTER" and not each.is_read_by(now.owner)
        }

        async def work(writing: Any) -> None:
            if row is None:
                await writing.restore(CLAIM, [(self.ids[now.name], None)])
            else:
                (outcome,) = await writing.upsert(CLAIM, [checked("Claim", **row)])
                self.ids[now.name] = outcome.record_id

        seen: tuple[str, ...] = ()
        try:
            await self.world.write(work, actor=self.theatre.actor(now.owner))
        except KeysMissing as refusal:
            missing = refusal.facts["missing"]
            assert {each["claim_id"] for each in missing if each["claim_id"]} == named
            blind = [each for each in missing if each["claim_id"] is None]
            assert {each["contact_id"] for each in blind} == called
            assert all({name for name, value in each.items() if value} == TOLD_OF_HIDDEN for each in blind)
            seen = tuple(each["key"] for each in missing)
            await self.world.write(work, actor=self.theatre.actor(now.owner), seen=seen)
        else:
            assert is_the_same(was, now) or not (named or called)
        self.holders[now.name] = now

    async def _put(self, now: Holder) -> None:
        row = {
            "external_id": now.name,
            "kind": "RAID",
            "location": FAR[now.owner],
            "start": text(now.start),
            "end": text(now.end),
            "sensitivity": now.sensitivity,
            "capacities": [each.as_given() for each in now.needs],
        }
        await self._commit(now, row)

    async def _enter(self) -> None:
        holder = drawn_holder(self.chance, f"claim {len(self.holders)}", self.chance.choice("KLMN"))
        await self._put(replace(holder, read_by=frozenset()))

    async def _change(self) -> None:
        was = self.chance.choice(self.standing)
        other = drawn_holder(self.chance, was.name, was.owner)
        parts = self.chance.choice(
            (
                {"needs": other.needs},
                {"needs": was.needs[1:]},
                {"start": other.start, "end": other.end},
                {"sensitivity": other.sensitivity},
                {"needs": tuple(replace(each, amount=max(1, each.amount - 1)) for each in was.needs)},
            )
        )
        await self._put(replace(was, **parts))

    async def _share(self) -> None:
        """Let others read a claim, as those do who take part in its operation; or no more."""
        was = self.chance.choice(self.standing)
        now = replace(was, read_by=drawn_readers(self.chance, was))
        await self.theatre.graph.run_outside(
            "MATCH (c:Record {id: $id}) SET c.read_by = $readers",
            {"id": self.ids[now.name], "readers": [self.theatre.agencies[each] for each in sorted(now.read_by)]},
        )
        self.holders[now.name] = now
        await self.world.change("Claim", self.ids[now.name], actor=self.theatre.actor(now.owner), name=f"{self.number}")

    async def _withdraw(self) -> None:
        was = self.chance.choice(self.standing)
        await self.world.retire("Claim", self.ids[was.name], actor=self.theatre.actor(was.owner))
        self.holders[was.name] = replace(was, stands=False)

    async def _restore(self) -> None:
        was = self.chance.choice([each for each in self.holders.values() if not each.stands])
        await self._commit(replace(was, stands=True), None)

    async def _add_entry(self) -> None:
        entry = drawn_entry(self.chance)
        name = f"entry {len(self.stock.entries)}"
        pool, start, end, amount, _ = entry
        resource = self.ids[f"resource {POOLS.index(pool)}"]
        self.stock.entries[name] = entry
        self.ids[name] = await self._make(
            "Capacity", resource=resource, start=text(start), end=text(end), amount=amount
        )

    async def _change_entry(self) -> None:
        name = self.chance.choice(sorted(self.stock.entries))
        pool, start, end, amount, stands = self.stock.entries[name]
        actor = self.theatre.actor("N")
        if not stands:
            await self.world.write(
                lambda writing: writing.restore(noun("Capacity"), [(self.ids[name], None)]), actor=actor
            )
            self.stock.entries[name] = (pool, start, end, amount, True)
        elif self.chance.random() < 0.3:
            await self.world.retire("Capacity", self.ids[name], actor=actor)
            self.stock.entries[name] = (pool, start, end, amount, False)
        elif self.chance.random() < 0.3:
            start, end = start + self.chance.choice((-6, 3)), end + self.chance.choice((-3, 12))
            if start < end:
                await self.world.change("Capacity", self.ids[name], actor=actor, start=text(start), end=text(end))
                self.stock.entries[name] = (pool, start, end, amount, True)
        else:
            amount = self.chance.choice((0, 5, 30, 60))
            await self.world.change("Capacity", self.ids[name], actor=actor, amount=amount)
            self.stock.entries[name] = (pool, start, end, amount, True)

    async def compare(self) -> None:
        """Hold conflicts, what they say, and notices to the oracle."""
        expected = conflicts(self.standing, self.stock)
        rows = await self.theatre.graph.read_rows(
            "MATCH (a:Claim)<-[:CONFLICT_OF]-(k:Conflict {kind: 'CAPACITY'})-[:CONFLICT_WITH]->(b:Claim) "
            "WHERE k.state <> 'GONE' RETURN a.external_id, b.external_id, k.facts"
        )
        found = {frozenset(row[:2]): json.loads(row[2])["pools"] for row in rows}
        assert len(found) == len(rows)
        assert found == expected
        told = set()
        for one, other in (tuple(each) for each in map(sorted, expected)):
            for mine, its in ((self.holders[one], self.holders[other]), (self.holders[other], self.holders[one])):
                if its.is_read_by(mine.owner):
                    told.add((mine.name, its.name, its.owner))
                elif its.sensitivity == "POINTER":
                    told.add((mine.name, "", its.owner))
        assert await self.theatre.notices() == told


def is_the_same(was: Holder | None, now: Holder) -> bool:
    """Whether a claim stands as it stood, so that no keys are asked for."""
    if was is None or not was.stands:
        return False
    same = all(was.held(pool) == now.held(pool) for pool in POOLS)
    return same and (was.start, was.end, was.sensitivity) == (now.start, now.end, now.sensitivity)


def conflicts_of(one: Holder, other: Holder, holders: list[Holder], stock: Stock) -> bool:
    return frozenset((one.name, other.name)) in conflicts(holders, stock)


@pytest.mark.requirement("D4")
@pytest.mark.requirement("D9")
@pytest.mark.parametrize("seed", with_fresh(1, 2, 3, 4))
async def test_random_holds_conflict_as_a_brute_force_oracle_says(theatre: Theatre, seed: int) -> None:
    """Claims and stocks that come, change, are shared and go: each step tells what the oracle tells of all at once."""
    play = await Play(theatre, random.Random(seed)).open()
    for _ in range(40):
        await play.step()
    assert await check_claims(theatre.graph) == []


@pytest.mark.requirement("D4")
@pytest.mark.parametrize("seed", with_fresh(5))
async def test_large_pools_are_judged_anew_by_and_by(
    theatre: Theatre, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where many hold of a pool, others are told of a change in batches, until all is as the oracle says."""
    play = await Play(theatre, random.Random(seed)).open()
    for _ in range(15):
        await play.step()
    monkeypatch.setattr(capacity, "AT_ONCE", 0)
    monkeypatch.setattr(capacity, "BATCH", 2)
    compare = play.compare

    async def compare_at_last() -> None:
        while await review_next(theatre.graph, theatre.world.clock, LAWS):
            # Meanwhile nothing is called wrong.
            assert await check_claims(theatre.graph) == []
        await compare()

    monkeypatch.setattr(play, "compare", compare_at_last)
    for _ in range(15):
        await play.step()
