"""Every statement of scheduling reaches its records by an index, whatever else the graph holds."""

import pytest

from opsplan.graph.driver import Graph
from opsplan.graph.query import Query, registered_queries
from opsplan.scheduling import api, service, worker
from tests.opsplan.scheduling.theatre import PHNOM_PENH, Theatre

ROOMS = (api, service, worker)
"""Imported so that their statements are registered."""

STATEMENTS = [query for query in registered_queries() if query.name.startswith("scheduling.")]


@pytest.mark.parametrize("query", STATEMENTS, ids=lambda query: query.name)
async def test_no_statement_scans(graph: Graph, query: Query) -> None:
    """No statement reads a whole label that does not say why, all nodes, or a product of two sets."""
    operators = await graph.operators(query)
    allowed = {"NodeByLabelScan"} if query.why_scan else set()
    assert {each for each in operators if "Scan" in each or "CartesianProduct" in each} <= allowed


def test_all_statements_are_known() -> None:
    """The statements that were looked at are those of all rooms."""
    assert len(STATEMENTS) > 35


@pytest.mark.parametrize("read", ["unit_offers", "some_units"])
async def test_offers_cost_alike_however_many_there_are(graph: Graph, theatre: Theatre, read: str) -> None:
    """What is offered is found from each unit on; nobody walks all offers of the operation for each of them."""
    query = next(each for each in STATEMENTS if each.name == f"scheduling.{read}")
    unit = {"kind": "TACTICAL", "type": 1, "home": PHNOM_PENH, "agency": theatre.world.agencies["A"]}
    hits = []
    for many in (20, 140):
        units = await theatre.many("Unit", [{"name": f"Unit {number}", **unit} for number in range(many)])
        await theatre.world.create("Offer", participant=theatre.participant, units=units)
        # The way that is taken was chosen for what was there before.
        await graph.run_outside("CALL db.prepareForReplanning()")
        rows, profile = await graph.profile_rows(query.text, {"operation": theatre.operation, "units": units})
        assert len(rows) == many
        hits.append(profile.total_db_hits / many)
    assert hits[1] < 1.5 * hits[0]
