"""Other cells and hours for what is hidden: all stands as if they had been in force from the beginning."""

import itertools
from datetime import timedelta

import h3
import pytest

from opsplan.deconfliction.service import check_claims, hide_by
from opsplan.graph.driver import Graph
from tests.opsplan.deconfliction.oracle import Plan, conflict, covering
from tests.opsplan.deconfliction.test_worlds import is_sure, play, told_of
from tests.opsplan.deconfliction.theatre import DAY, Theatre
from tests.seeds import with_fresh


async def hide(theatre: Theatre, resolution: int | None, hours: int | None) -> None:
    world = theatre.world
    await hide_by(world.graph, world.clock, world.laws, resolution=resolution, hours=hours)


@pytest.fixture
async def own_cells(theatre: Theatre):
    """Leave the graph, which other tests use after it is emptied, and this process as they were."""
    yield
    await hide(theatre, 5, 6)


@pytest.mark.requirement("D6")
@pytest.mark.parametrize(("resolution", "hours"), [(4, 12), (6, 1), (3, 24)])
@pytest.mark.parametrize("seed", with_fresh(2))
@pytest.mark.usefixtures("own_cells")
async def test_a_change_is_as_if_it_had_always_been_so(theatre: Theatre, seed: int, resolution: int, hours: int):
    """Conflicts and notices are the oracle's by the new cells, also of what is entered later; none is stray."""
    plans = await play(theatre, seed, 30)
    standing = [each for each in plans.values() if each.stands]
    await hide(theatre, resolution, hours)
    with covering(resolution, hours):
        sure = [each for each in standing if is_sure(each, standing)]
        names = {each.name for each in sure}
        pairs = {frozenset((a.name, b.name)) for a, b in itertools.combinations(sure, 2) if conflict(a, b)}
        assert {each for each in await theatre.conflicts() if each <= names} == pairs
        notices = await theatre.notices()
        assert told_of(sure) <= notices
        if len(sure) == len(standing):
            assert told_of(sure) == notices
            await play(theatre, seed, 45, plans)
    assert await check_claims(theatre.graph) == []


@pytest.mark.requirement("D6")
@pytest.mark.requirement("D11")
@pytest.mark.usefixtures("own_cells")
async def test_zones_and_keys_go_with_it(theatre: Theatre):
    """A hidden claim and a hidden zone 22 km away are met by cells of 45 km, not by those of 17; the key is another."""
    day = {"start": DAY, "end": DAY + timedelta(hours=2)}
    latitude, longitude = h3.cell_to_latlng(h3.latlng_to_cell(11.55, 104.9, 4))
    await theatre.put(Plan("hidden", "K", "RAID", longitude, latitude, 100.0, **day, sensitivity="POINTER"))
    await theatre.keep(Plan("zone", "M", "NO_GO", longitude, latitude, 100.0, **day, sensitivity="POINTER"))
    away = Plan("away", "L", "RAID", longitude + 0.2, latitude, 100.0, **day)
    assert await theatre.commit(away) == []
    assert await theatre.zone_notices("L") == set()
    await hide(theatre, 4, None)
    assert ("away", "", "K") in await theatre.notices()
    assert await theatre.zone_notices("L") == {("away", "M")}
    key = await key_told(theatre.graph)
    await hide(theatre, 3, None)
    assert await key_told(theatre.graph) != key
    await hide(theatre, 5, None)
    assert ("away", "", "K") not in await theatre.notices()
    assert await theatre.zone_notices("L") == set()


async def key_told(graph: Graph) -> str:
    ((key,),) = await graph.read_rows("MATCH (n:Notice {is_blind: true}) WHERE n.state <> 'GONE' RETURN n.key")
    return str(key)


async def test_what_the_graph_has_stays_where_nothing_is_set(theatre: Theatre):
    """Neither is anything written, nor anybody kept waiting."""
    await hide(theatre, None, None)
    await hide(theatre, 5, 6)
    assert await theatre.graph.read_rows("MATCH (n:Hiding) RETURN count(n)") == [[0]]
