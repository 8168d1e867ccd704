"""Every statement of deconfliction reaches its records by an index, unless it says why not."""

from datetime import timedelta

import pytest

from opsplan.deconfliction import api, service, worker
from opsplan.deconfliction.rules.footprint import DEFAULT_HIDING, Footprint
from opsplan.deconfliction.rules.separation import DEFAULT_TABLE
from opsplan.deconfliction.service.looking import claim_probes
from opsplan.deconfliction.store.claims import NEAR
from opsplan.graph.driver import Graph
from opsplan.graph.query import Query, registered_queries
from opsplan.operations.model import ActionKind
from opsplan.vocabulary.area import Circle
from opsplan.vocabulary.interval import Interval
from opsplan.vocabulary.place import GeoPoint
from tests.opsplan.deconfliction.oracle import Plan
from tests.opsplan.deconfliction.theatre import DAY, Theatre

ROOMS = (api, service, worker)
"""Imported so that their statements are registered."""

STATEMENTS = [query for query in registered_queries() if query.name.startswith("deconfliction.")]


@pytest.mark.parametrize("query", STATEMENTS, ids=lambda query: query.name)
async def test_no_statement_scans(graph: Graph, query: Query) -> None:
    """No statement reads a whole label, all nodes, or a product of two sets."""
    operators = await graph.operators(query)
    scans = {
        each for each in operators if "Scan" in each and each not in ("NodeIndexScan", "DirectedRelationshipIndexScan")
    }
    assert scans == set() or query.why_scan


def test_all_statements_are_known() -> None:
    """The statements that were looked at are those of all rooms."""
    assert len(STATEMENTS) > 20


async def test_whoever_claims_a_place_again_and_again_opens_none_of_his_own(theatre: Theatre) -> None:
    """With 300 claims of one's own in a place, a look round it asks the store as often as with one."""
    place, time = (104.9, 11.55), Interval(DAY, DAY + timedelta(hours=2))
    plans = [Plan(f"own {number}", "K", "RAID", *place, 100.0, time.start, time.end) for number in range(300)]
    area = Circle(GeoPoint(*place), 100.0)
    own = Footprint("claim_0", theatre.agencies["K"], exercise=False, kind=ActionKind.RAID, area=area, time=time)

    async def hits() -> int:
        probes = claim_probes([own], DEFAULT_TABLE, DEFAULT_HIDING)
        _, profile = await theatre.graph.profile_rows(NEAR, {"probes": probes, "most": 1_000})
        return profile.total_db_hits

    await theatre.put(plans[0])
    alone = await hits()
    await theatre.put(*plans[1:])
    assert await hits() == alone
