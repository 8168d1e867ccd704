"""The benchmark of deconfliction: both sides have one question, differences are explained, what is lost is counted."""

import itertools
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.deconfliction import postgres
from benchmarks.deconfliction.agencies import enrol
from benchmarks.deconfliction.checking import Checked, Differs, check_all
from benchmarks.deconfliction.claims import AGENCIES, checks, claim_of, claims
from benchmarks.deconfliction.counting import count_all
from benchmarks.deconfliction.hot_claims import GROUND, PLACES, Places, ground, pairs, spell_of
from benchmarks.deconfliction.hot_spot import Committed, Hot
from benchmarks.deconfliction.ours import Ours
from benchmarks.deconfliction.table import Result, last_line, tables
from benchmarks.deconfliction.through import agency_code
from benchmarks.deconfliction.watching import Watched
from opsplan.deconfliction.rules.footprint import DEFAULT_HIDING
from opsplan.deconfliction.rules.meeting import meetings_of
from opsplan.deconfliction.rules.separation import DEFAULT_TABLE
from opsplan.graph.driver import Graph
from tests.conftest import WIPE

_SEED = 3
_SIZE = 1_000


@pytest.fixture
async def ours(graph: Graph) -> Ours:
    await graph.run_outside(WIPE)
    made = Ours(graph, await enrol(graph, [agency_code(number) for number in range(AGENCIES)]))
    await made.load(list(claims(0, _SIZE, _SEED)))
    return made


def test_claims_are_the_same_however_they_are_drawn():
    """A claim depends on its number alone, so that both sides, and whoever explains a difference, have the same."""
    whole = list(claims(0, 100, _SEED))
    assert whole == [*claims(0, 40, _SEED), *claims(40, 100, _SEED)]
    assert all(claim_of(each.id, _SEED) == each for each in whole)
    assert checks(10, _SIZE, _SEED) == checks(10, _SIZE, _SEED)


async def test_a_check_of_the_store_finds_all_that_conflicts(ours: Ours):
    """Found by the index and compared exactly, as if it were compared with every claim there is."""
    agency_ids = ours._agency_ids
    there = [each.footprint(agency_ids) for each in claims(0, _SIZE, _SEED)]
    found = 0
    for each in checks(40, _SIZE, _SEED):
        met = meetings_of(each.footprint(agency_ids), there, DEFAULT_TABLE, DEFAULT_HIDING)
        assert await ours.check(each) == {one.other.claim_id: one.distance_m for one in met}
        found += len(met)
    assert found > 20


async def test_a_commit_shows_what_it_was_refused_for(ours: Ours):
    """Refused with keys, let in with them; from then on it is met."""
    met = [each for each in checks(40, _SIZE, _SEED) if await ours.check(each)]
    missing = await ours.commit(met[0], ())
    assert missing
    assert await ours.commit(met[0], missing) is None
    other = next(number for number in range(AGENCIES) if number != met[0].owner)
    again = type(met[0])(1, other, met[0].kind, met[0].area, met[0].time)
    assert len(await ours.check(again)) > 0


@pytest.mark.skipif(postgres.programs() is None, reason="PostGIS is not installed")
async def test_both_sides_answer_alike(ours: Ours):
    """PostGIS, given the same claims, meets the same ones, as near, but for what lies at the limit."""
    pytest.importorskip("psycopg")
    from benchmarks.deconfliction.theirs import Theirs

    # Whom PostgreSQL is run as may not enter pytest's own folders.
    with tempfile.TemporaryDirectory() as folder, postgres.postgres(postgres.programs(), Path(folder)) as where:
        theirs = Theirs(where)
        with theirs.loading():
            theirs.load(list(claims(0, _SIZE, _SEED)))
        asked = checks(60, _SIZE, _SEED)
        checked = await check_all(_SIZE, asked, lambda each: claim_of(each, _SEED), ours, theirs, 1)
        theirs.close()
    assert (len(checked.ours), len(checked.theirs)) == (60, 60)
    assert checked.met > 20
    assert checked.at_the_limit < checked.met / 10


class _Says:
    """A side that says what it is told to."""

    def __init__(self, answer: dict[str, float]) -> None:
        self._answer = answer

    def check(self, _claim: object) -> dict[str, float]:
        return self._answer


async def test_a_difference_that_nobody_can_explain_ends_the_run(ours: Ours):
    """A claim that one side alone meets, far from the limit, or a distance that differs by metres."""
    asked, *_ = [each for each in checks(40, _SIZE, _SEED) if await ours.check(each)]
    found = await ours.check(asked)
    one = next(iter(found))
    for answer in (
        {name: away for name, away in found.items() if name != one},
        found | {claim_of("claim_0", _SEED).id: 0.0},
        found | {one: found[one] + 5.0},
    ):
        with pytest.raises(Differs):
            await check_all(_SIZE, [asked], lambda each: claim_of(each, _SEED), ours, _Says(answer), 1)
    assert (await check_all(_SIZE, [asked], lambda each: claim_of(each, _SEED), ours, _Says(found), 1)).met == len(
        found
    )


def test_each_claim_of_the_hot_spot_meets_five_to_ten_others():
    """In whatever order writers take them; none has two claims of one spell, and no spell conflicts with another."""
    spells = 50
    places = Places(spells, 8, _SEED)
    agencies = [f"agency {number}" for number in range(64)]
    owners = {each["externalId"]: "ground" for each in ground(range(spells), _SEED)}
    met: list[int] = []
    for agency in itertools.cycle(agencies):
        place = places.take(agency)
        if place is None:
            break
        those = [name for name in owners if spell_of(name) == place.spell]
        assert all(owners[name] != agency for name in those)
        met.append(len(those))
        owners[place.external_id] = agency
    assert len(met) == spells * PLACES
    assert (min(met), max(met)) == (GROUND, GROUND + PLACES - 1)
    per_spell = GROUND * PLACES + PLACES * (PLACES - 1) // 2
    assert Counter(spell_of(one) for one, _ in pairs(owners)) == dict.fromkeys(range(spells), per_spell)


async def test_what_is_lost_or_doubled_is_counted(ours: Ours, graph: Graph):
    """A claim that a writer was told of and is not there, one that nobody was told of, a conflict without notices."""
    nothing = await count_all(graph, Hot(), Watched())
    assert (nothing.lost, nothing.claims) == (0, 0)
    hot = Hot([Committed("hot-0-1", "claim_x", "EX-H000", 5, 2, 0.1, is_warm=True)])
    assert (await count_all(graph, hot, Watched())).lost == 1
    await graph.run_outside(
        "UNWIND [['hot-0-2', 'a'], ['hot-0-3', 'b'], ['hot-0-3', 'c']] AS each "
        "CREATE (:Claim {id: randomUUID(), external_id: each[0], owner_id: each[1]})"
    )
    # One that is not there, two that nobody knows, one of these twice, a conflict that is missing, and its two notices.
    assert (await count_all(graph, hot, Watched())).lost == 1 + 2 + 1 + 1 + 2


def test_the_last_line_holds_the_ratios():
    """Of p50: the largest size over the smallest, and over PostGIS; what was left out is named as such."""
    result = Result(checked=[Checked(1_000, [0.001] * 9, [0.0005] * 9), Checked(10_000, [0.0012] * 9, [0.0008] * 9)])
    assert last_line(result) == "deconfliction: flat=1.20 postgis=1.50 hotspot_per_s=none p95_ms=none lost=none"
    assert len(tables(result)) == 1
    assert last_line(Result()) == "deconfliction: flat=none postgis=none hotspot_per_s=none p95_ms=none lost=none"
