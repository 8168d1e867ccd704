"""Every statement of deconfliction reaches its records by an index, whatever else the graph holds."""

import pytest

from opsplan.deconfliction import api, service
from opsplan.graph.driver import Graph
from opsplan.graph.query import Query, registered_queries

ROOMS = (api, service)
"""Imported so that their statements are registered."""

STATEMENTS = [query for query in registered_queries() if query.name.startswith("deconfliction.")]


@pytest.mark.parametrize("query", [each for each in STATEMENTS if not each.why_scan], ids=lambda query: query.name)
async def test_no_statement_scans(graph: Graph, query: Query) -> None:
    """No statement reads a whole label or all nodes."""
    operators = await graph.operators(query)
    assert {each for each in operators if "Scan" in each} == set()


def test_all_statements_are_known() -> None:
    """The statements that were looked at are those of all rooms."""
    assert len(STATEMENTS) > 30
