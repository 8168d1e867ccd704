"""Separation rules changed while claims stand: what stands afterwards is what the oracle says of the new rules."""

import asyncio
import itertools
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from opsplan.deconfliction.service import rejudging, review_next
from opsplan.deconfliction.service.looking import read_rules
from opsplan.deconfliction.store.claims import HOLD_AND_FIND_NEAR
from opsplan.deconfliction.worker import reviewing
from opsplan.graph.driver import Graph
from opsplan.graph.query import Query
from opsplan.graph.transaction import Tx
from opsplan.nouns import LAWS
from opsplan.vocabulary.errors import KeysMissing, Unavailable
from opsplan.vocabulary.sentences import say
from tests.opsplan.deconfliction import oracle
from tests.opsplan.deconfliction.oracle import Plan, conflict
from tests.opsplan.deconfliction.test_commits import commit_stubbornly
from tests.opsplan.deconfliction.test_worlds import told_of
from tests.opsplan.deconfliction.theatre import DAY, Theatre, drawn_plan
from tests.opsplan.records.world import ADMINISTRATOR, checked, noun
from tests.seeds import with_fresh

KINDS = ("RAID", "SURVEILLANCE", "ASSET_FREEZE")


@pytest.fixture
def rules():
    """Give the oracle's rules, by pair; they are the product's own table again when the test is over."""
    yield oracle.RULES
    oracle.RULES.clear()
    conflict.cache_clear()


async def change_rule(theatre: Theatre, rules, pair: tuple[str, str], metres: int | None, minutes: int = 0) -> None:
    """Have a pair's figures be these, or those of the table that comes with the service."""
    rows = await theatre.graph.read_rows(
        "MATCH (r:SeparationRule {first: $first, second: $second}) RETURN r.id, r.retired_at IS NULL",
        {"first": pair[0], "second": pair[1]},
    )
    buffer = f"PT{minutes}M"
    conflict.cache_clear()
    if metres is None:
        rules.pop(pair)
        await theatre.world.retire("SeparationRule", rows[0][0], actor=ADMINISTRATOR)
        return
    rules[pair] = (float(metres), timedelta(minutes=minutes))
    given = {"distance_m": metres, "buffer_minutes": buffer, "severity": "SERIOUS"}
    if not rows:
        owner = theatre.agencies["K"]
        await theatre.world.create(
            "SeparationRule", actor=ADMINISTRATOR, owner=owner, first=pair[0], second=pair[1], **given
        )
        return

    async def work(writing) -> None:
        if not rows[0][1]:
            await writing.restore(noun("SeparationRule"), [(rows[0][0], None)])
        await writing.change(noun("SeparationRule"), [{"id": rows[0][0], **checked_change(given)}])

    await theatre.world.write(work, actor=ADMINISTRATOR)


def checked_change(given: dict) -> dict:
    row = checked("SeparationRule", first="RAID", second="RAID", **given)
    return {name: row[name] for name in given}


def drawn(chance: random.Random, count: int, known: list[Plan]) -> list[Plan]:
    """Draw plans of few kinds of which the oracle is sure by the table, whatever it may become."""
    plans: list[Plan] = []
    while len(plans) < count:
        plan = drawn_plan(chance, f"plan {len(known) + len(plans)}", chance.choice("KLMN"))
        near = {"longitude": 104.9 + (plan.longitude - 104.9) / 3, "latitude": 11.55 + (plan.latitude - 11.55) / 3}
        plan = replace(plan, kind=chance.choice(KINDS), corners=(), **near)
        if all(oracle.is_far_from(plan, each, METRES) for each in (*known, *plans)):
            plans.append(plan)
    return plans


METRES = (0.0, 500.0, 1_000.0, 2_000.0, 300.0, 6_000.0)
CHANGES = [
    (("RAID", "SURVEILLANCE"), 6_000, 60),
    (("RAID", "RAID"), 300, 600),
    (("SURVEILLANCE", "RAID"), 300, 0),
    (("RAID", "ASSET_FREEZE"), 1_000, 0),
    (("RAID", "RAID"), None, 0),
    (("RAID", "RAID"), 6_000, 600),
    (("SURVEILLANCE", "SURVEILLANCE"), 0, 0),
]


async def stands_as_the_oracle_says(theatre: Theatre, plans: list[Plan]) -> None:
    pairs = {frozenset((a.name, b.name)) for a, b in itertools.combinations(plans, 2) if conflict(a, b)}
    assert await theatre.conflicts() == pairs
    assert await theatre.notices() == told_of(plans)


@pytest.mark.requirement("D1")
@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("seed", with_fresh(5))
async def test_a_changed_rule_is_carried_through(theatre, rules, monkeypatch, seed, at_once):
    """Created, changed, retired, restored: claims that stand are judged anew, at once or by a review in batches."""
    monkeypatch.setattr(rejudging, "AT_ONCE", 1_000 if at_once else 0)
    monkeypatch.setattr(rejudging, "BATCH", 7)
    chance = random.Random(seed)
    plans = drawn(chance, 30, [])
    for plan in plans:
        await theatre.commit(plan)
    await stands_as_the_oracle_says(theatre, plans)
    seen, batches = set(), 0
    for pair, metres, minutes in CHANGES:
        await change_rule(theatre, rules, pair, metres, minutes)
        while await review_next(theatre.graph, theatre.world.clock, LAWS):
            batches += 1
        await stands_as_the_oracle_says(theatre, plans)
        seen.add(frozenset(await theatre.conflicts()))
    assert len(seen) > 2
    assert (batches > len(CHANGES)) is not at_once
    versions = await theatre.graph.read_rows(
        "MATCH (k:Conflict {rule: 'RAID+RAID'}) WHERE k.state <> 'GONE' MATCH (r:SeparationRule {first: 'RAID'}) "
        "WHERE r.second = 'RAID' RETURN DISTINCT k.rule_version, r.version"
    )
    assert all(one == other for one, other in versions)


class Failing:
    """A graph that is away before some of its commits."""

    def __init__(self, graph: Graph, chance: random.Random) -> None:
        self._graph = graph
        self._chance = chance
        self.read = graph.read
        self.failed = 0

    async def write(self, work, **options):
        async def cut_off(tx):
            done = await work(tx)
            if self._chance.random() < 0.5:
                self.failed += 1
                raise Unavailable(say("The graph is away."))
            return done

        return await self._graph.write(cut_off, **options)


@pytest.mark.requirement("D1")
@pytest.mark.requirement("D9")
@pytest.mark.parametrize("seed", with_fresh(6))
async def test_commits_go_on_while_a_rule_is_carried_through(theatre, rules, monkeypatch, seed):
    """Three workers review, of which one fails half the time, while four agencies commit: nothing is missed or left."""
    monkeypatch.setattr(rejudging, "AT_ONCE", 0)
    monkeypatch.setattr(rejudging, "BATCH", 3)
    chance = random.Random(seed)
    plans = drawn(chance, 36, [])
    for plan in plans[:16]:
        await theatre.commit(plan)
    later = {owner: [each for each in plans[16:] if each.owner == owner] for owner in "KLMN"}

    async def commits(owner: str) -> None:
        for plan in later[owner]:
            await commit_stubbornly(theatre, plan)

    failing = Failing(theatre.graph, chance)
    async with (
        reviewing(failing, theatre.world.clock, LAWS, pause_s=0.01),  # type: ignore[arg-type]
        reviewing(theatre.graph, theatre.world.clock, LAWS, pause_s=0.01),
        reviewing(theatre.graph, theatre.world.clock, LAWS, pause_s=0.01),
    ):
        committing = asyncio.gather(*(commits(owner) for owner in "KLMN"))
        for pair, metres, minutes in CHANGES:
            await change_rule(theatre, rules, pair, metres, minutes)
            await asyncio.sleep(0.1)
        await committing
        while await theatre.graph.read_rows("MATCH (r:SeparationReview) RETURN r.pair"):  # noqa: ASYNC110 - three do it
            await asyncio.sleep(0.05)
    await stands_as_the_oracle_says(theatre, plans)
    assert failing.failed


async def test_rules_that_others_read_meanwhile_do_not_vouch_for_older_ones(theatre, rules, monkeypatch):
    """Claims looked round by rules that hold no more are looked round again, whatever else has read those in force."""
    day, later = DAY, DAY + timedelta(hours=4)
    await theatre.put(Plan("there", "K", "RAID", 104.9, 11.5, 100.0, day, later))
    await change_rule(theatre, rules, ("RAID", "RAID"), 50_000)
    single = Tx.single

    async def single_with_others(tx: Tx, query: Query, /, **parameters):
        found = await single(tx, query, **parameters)
        if query is HOLD_AND_FIND_NEAR:
            await theatre.graph.read(read_rules)
        return found

    monkeypatch.setattr(Tx, "single", single_with_others)
    # More than are looked round before they are written; 22 km north of what is there is the first.
    many = [Plan(f"new {number}", "L", "RAID", 104.9 - 5 * number, 11.7, 100.0, day, later) for number in range(21)]
    with pytest.raises(KeysMissing) as refusal:
        await theatre.put(*many)
    (missing,) = refusal.value.facts["missing"]
    assert missing["claim_id"] == theatre.ids["there"]
