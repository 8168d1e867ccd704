"""Every statement of deconfliction reaches its records by an index, unless it says why not."""

import pytest

from opsplan.deconfliction import worker
from opsplan.graph.driver import Graph
from opsplan.graph.query import Query, registered_queries

ROOMS = (worker,)
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
