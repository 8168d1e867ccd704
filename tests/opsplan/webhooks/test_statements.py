"""Every statement of webhooks reaches its records by an index, whatever else the graph holds."""

import pytest

from opsplan.graph.driver import Graph
from opsplan.graph.query import Query, registered_queries
from opsplan.webhooks import api, worker

ROOMS = (api, worker)
"""Imported so that their statements are registered."""

STATEMENTS = [query for query in registered_queries() if query.name.startswith("webhooks.")]


@pytest.mark.parametrize("query", STATEMENTS, ids=lambda query: query.name)
async def test_no_statement_scans(graph: Graph, query: Query) -> None:
    """No statement reads a whole label, all nodes, or a product of two sets."""
    operators = await graph.operators(query)
    assert {each for each in operators if "Scan" in each or "CartesianProduct" in each} == set()


def test_all_statements_are_known() -> None:
    """The statements that were looked at are those of all rooms."""
    assert len(STATEMENTS) > 20
