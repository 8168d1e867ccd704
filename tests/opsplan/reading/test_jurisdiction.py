"""What is told of jurisdiction: in one order, whatever order it was entered in, and of one world, exercise or live."""

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


_TWO_WORLDS = """
CREATE (k:Reference:Country {id: 'country_kh', code: 'KH'})
WITH k UNWIND [true, false] AS exercise
WITH k, exercise, toString(exercise) AS world
CREATE (:Record:Agency {id: 'agency_' + world, code: 'A-' + world, territorial: true, exercise: exercise})
         -[:BASED_IN]->(k),
       (:Record:Compound {id: 'compound_' + world, exercise: exercise})-[:LIES_IN]->(k),
       (granted:Record:Agency {id: 'agency_granted_' + world, code: 'G-' + world, exercise: exercise})
         <-[:GRANTED_TO]-(:Record:Jurisdiction {start: '2026-01-01T00:00:00.000Z', basis: 'CONSENT'})-[:OVER]->(k)
"""
_OF_BOTH = """{
  compounds { nodes { id jurisdictions { nodes { id } } } }
  agencies { nodes { id jurisdictionOver { nodes { id } } } }
  none: compounds(where: {jurisdictionOf: "agency_true", id: {eq: "compound_false"}}) { totalCount }
  one: compounds(where: {jurisdictionOf: "agency_granted_true", id: {eq: "compound_true"}}) { totalCount }
}"""


async def test_an_exercise_has_no_jurisdiction_over_what_is_live(empty_graph: Graph) -> None:
    """Over one country, agencies of an exercise have to do with its sites alone, and live ones with live sites."""
    await empty_graph.run_outside(_TWO_WORLDS)
    got = orjson.loads(orjson.dumps((await desk_over(empty_graph).result(_OF_BOTH, {})).data))
    for compound in got["compounds"]["nodes"]:
        world = compound["id"].removeprefix("compound_")
        found = [each["id"] for each in compound["jurisdictions"]["nodes"]]
        assert sorted(found) == sorted([f"agency_{world}", f"agency_granted_{world}"])
    for agency in got["agencies"]["nodes"]:
        world = agency["id"].rpartition("_")[2]
        assert [each["id"] for each in agency["jurisdictionOver"]["nodes"]] == [f"compound_{world}"]
    assert (got["none"]["totalCount"], got["one"]["totalCount"]) == (0, 1)
