"""Tests of the gazetteer: written once, whole, the same again, and by several services at once."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime

from opsplan.gazetteer.model import AIRPORT, CITY, COUNTRY
from opsplan.gazetteer.service import Gazetteer, gazetteer, keep_countries, keep_gazetteer
from opsplan.geography.countries import countries
from opsplan.graph.driver import Graph
from opsplan.records.search import lucene_query
from opsplan.vocabulary.clock import FrozenClock

CLOCK = FrozenClock(datetime(2026, 11, 23, 8, 30, tzinfo=UTC))


async def counts(graph: Graph) -> dict[str, int]:
    """Count the reference nodes by label and the relationships by type."""
    nodes = await graph.read_rows("MATCH (n:Reference) UNWIND labels(n) AS label RETURN label, count(*)")
    ties = await graph.read_rows("MATCH (:Reference)-[tie]->(:Reference) RETURN type(tie), count(*)")
    return {str(name): int(count) for name, count in (*nodes, *ties)}


def whole(wanted: Gazetteer) -> dict[str, int]:
    """Give the counts that a gazetteer comes to."""
    return {
        "Reference": len(wanted.countries) + len(wanted.cities) + len(wanted.airports),
        "Country": len(wanted.countries),
        "City": len(wanted.cities),
        "Airport": len(wanted.airports),
        "NEIGHBOURS": len(wanted.neighbours),
        "CITY_OF": len(wanted.cities),
        "SERVES": len(wanted.airports),
    }


async def test_the_gazetteer_is_written_whole_and_once(empty_graph: Graph) -> None:
    """All countries, cities and airports of the packages land in the graph, and the next start finds them there."""
    assert await keep_gazetteer(empty_graph, CLOCK)
    assert await counts(empty_graph) == whole(gazetteer())
    assert whole(gazetteer())["Country"] == 249
    began = time.monotonic()
    assert not await keep_gazetteer(empty_graph, CLOCK)
    assert time.monotonic() - began < 2.0
    await _every_property_is_there(empty_graph)
    await _names_are_found(empty_graph)


async def test_services_that_start_together_write_it_together(empty_graph: Graph) -> None:
    """Four services begin at once: none fails, and what they write is whole. A small gazetteer shows it."""
    some = replace(gazetteer(), cities=gazetteer().cities[:300], airports=gazetteer().airports[:300], fingerprint="1")
    await asyncio.gather(*(keep_gazetteer(empty_graph, CLOCK, some) for _ in range(4)))
    assert await counts(empty_graph) == whole(some)


async def test_another_edition_is_written_over(empty_graph: Graph) -> None:
    """With another fingerprint, a changed name and a lost airport are put right and new places come."""
    old = replace(gazetteer(), cities=gazetteer().cities[:300], airports=gazetteer().airports[:300], fingerprint="1")
    await keep_gazetteer(empty_graph, CLOCK, old)
    await empty_graph.run_outside("MATCH (n:City {code: $code}) SET n.name = 'Old'", {"code": _CITY["code"]})
    await empty_graph.run_outside("MATCH (n:Airport {code: 'AAA'}) DETACH DELETE n")
    new = replace(gazetteer(), cities=gazetteer().cities[:400], airports=gazetteer().airports[:400], fingerprint="2")
    assert await keep_gazetteer(empty_graph, CLOCK, new)
    assert await counts(empty_graph) == whole(new)
    rows = await empty_graph.read_rows("MATCH (n:City {code: $code}) RETURN n.name", {"code": _CITY["code"]})
    assert rows == [[_CITY["name"]]]


_CITY = gazetteer().cities[0]["properties"]


async def _every_property_is_there(graph: Graph) -> None:
    for noun in (COUNTRY, CITY, AIRPORT):
        for each in noun.properties:
            if each.required:
                rows = await graph.read_rows(
                    f"MATCH (n:{noun.label}) WHERE n.{each.name} IS NULL OR n.{each.name} = '' RETURN count(n)"
                )
                assert rows == [[0]], (noun.name, each.name)


async def _names_are_found(graph: Graph) -> None:
    text = "CALL db.index.fulltext.queryNodes($index, $query) YIELD node RETURN node.name"
    for index, asked, name in (
        ("search_city", "zurich", "Zürich"),
        ("search_city", "phnom pe", "Phnom Penh"),
        ("search_country", "cote d'ivoire", "Côte d'Ivoire"),
        ("search_airport", "ohare", "Chicago O'Hare International Airport"),
    ):
        found = await graph.read_rows(text, {"index": index, "query": lucene_query(asked)})
        assert [name] in found


async def test_countries_alone_are_enough_to_refer_to(empty_graph: Graph) -> None:
    """The countries with their neighbours, each pair once, in the two ways that geography tells of."""
    await keep_countries(empty_graph)
    rows = await empty_graph.read_rows(
        "MATCH (n:Country)-[:NEIGHBOURS]-(other) RETURN n.code, collect(other.code) ORDER BY n.code"
    )
    assert {code: sorted(others) for code, others in rows} == {
        row.code: sorted(row.neighbours) for row in countries() if row.neighbours
    }
