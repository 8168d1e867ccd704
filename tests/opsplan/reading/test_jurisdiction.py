"""What is told of jurisdiction stands in one order, whatever order it was entered in."""

from collections.abc import Sequence

import orjson
import pytest

from opsplan.graph.driver import Graph
from tests.opsplan.reading.desk import desk_over

_GRANTS = (("CONSENT", "Zagreb letter"), ("PROTECTIVE", "Accord"), ("CONSENT", "Memorandum"), ("FLAG", None))
_MAKE = """
CREATE (a:Record:Agency {id: 'agency_a', code: 'KH-NCB', name: 'EXERCISE', territorial: false}),
       (c:Record:Compound {id: 'compound_c', name: 'EXERCISE'})
WITH a, c UNWIND $grants AS each
CREATE (a)<-[:GRANTED_TO]-(g:Record:Jurisdiction {start: '2026-01-01T00:00:00.000Z'})-[:OVER]->(c)
SET g.basis = each[0], g.instrument = each[1]
"""
_ASK = """{
  compound(id: "compound_c") { jurisdictions { edges { bases instruments } } }
  agency(id: "agency_a") { jurisdictionOver { edges { bases instruments } } }
}"""


@pytest.mark.parametrize("grants", [_GRANTS, _GRANTS[::-1]], ids=["one way", "the other way"])
async def test_bases_and_instruments_stand_in_order(
    empty_graph: Graph, grants: Sequence[tuple[str, str | None]]
) -> None:
    """Each basis and each instrument comes once and in order, seen from the site and from the agency."""
    await empty_graph.write(lambda tx: tx.run(_MAKE, grants=[list(each) for each in grants]))
    got = await desk_over(empty_graph).result(_ASK, {})
    edge = {"bases": ["CONSENT", "FLAG", "PROTECTIVE"], "instruments": ["Accord", "Memorandum", "Zagreb letter"]}
    assert not got.errors
    edges = {"edges": [edge]}
    assert orjson.loads(orjson.dumps(got.data)) == {
        "compound": {"jurisdictions": edges},
        "agency": {"jurisdictionOver": edges},
    }
