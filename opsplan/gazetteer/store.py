"""The gazetteer's statements: reference nodes written in batches, each batch a transaction that may be run again."""

from collections.abc import Mapping, Sequence
from typing import Any

from opsplan.graph.driver import Graph
from opsplan.graph.query import Mode, Query
from opsplan.graph.transaction import Tx
from opsplan.vocabulary.errors import Conflict

EDITION = Query(
    "gazetteer.edition",
    Mode.READ,
    "OPTIONAL MATCH (edition:GazetteerEdition {id: 1}) RETURN edition.fingerprint AS fingerprint",
)
PUT_EDITION = Query(
    "gazetteer.put_edition",
    Mode.WRITE,
    "MERGE (edition:GazetteerEdition {id: 1}) SET edition.fingerprint = $fingerprint, edition.at = $at",
)
PUT_COUNTRIES = Query(
    "gazetteer.put_countries",
    Mode.WRITE,
    "UNWIND $rows AS row MERGE (n:Reference {id: row.id}) SET n:Country, n = row",
)
PUT_NEIGHBOURS = Query(
    "gazetteer.put_neighbours",
    Mode.WRITE,
    # Each pair once, whichever way: the relationship is read without direction.
    """
    UNWIND $rows AS row
    MATCH (one:Reference {id: row.one}), (other:Reference {id: row.other})
    MERGE (one)-[:NEIGHBOURS]-(other)
    """,
)
_COUNTRY = "UNWIND $rows AS row MATCH (country:Reference {id: row.country})\n"
_PUT = "SET n = row.properties, n.location = point(row.location)"
# Nearly always there is nothing yet, and creating takes two thirds of the time that merging does.
CREATE_CITIES = Query(
    "gazetteer.create_cities",
    Mode.WRITE,
    f"{_COUNTRY}CREATE (n:Reference:City) {_PUT} CREATE (n)-[:CITY_OF]->(country)",
)
MERGE_CITIES = Query(
    "gazetteer.merge_cities",
    Mode.WRITE,
    f"{_COUNTRY}MERGE (n:Reference {{id: row.properties.id}}) SET n:City {_PUT} MERGE (n)-[:CITY_OF]->(country)",
)
CREATE_AIRPORTS = Query(
    "gazetteer.create_airports",
    Mode.WRITE,
    f"{_COUNTRY}CREATE (n:Reference:Airport) {_PUT} CREATE (n)-[:SERVES]->(country)",
)
MERGE_AIRPORTS = Query(
    "gazetteer.merge_airports",
    Mode.WRITE,
    f"{_COUNTRY}MERGE (n:Reference {{id: row.properties.id}}) SET n:Airport {_PUT} MERGE (n)-[:SERVES]->(country)",
)

_BATCH_ROWS = 5_000
_BATCH_S = 120.0
Rows = Sequence[Mapping[str, Any]]


async def edition(graph: Graph) -> str | None:
    """Give the fingerprint of the gazetteer that the graph holds whole, or None."""
    rows = await graph.read_rows(EDITION)
    return rows[0][0] if rows else None


async def put_countries(graph: Graph, countries: Rows, neighbours: Rows) -> None:
    """Write countries and who borders on whom."""

    async def work(tx: Tx) -> None:
        await tx.run(PUT_COUNTRIES, rows=list(countries))
        await tx.run(PUT_NEIGHBOURS, rows=list(neighbours))

    await graph.write(work)


async def put_places(graph: Graph, cities: Rows, airports: Rows) -> None:
    """Write cities and airports, and the country that each lies in."""
    for create, merge, rows in ((CREATE_CITIES, MERGE_CITIES, cities), (CREATE_AIRPORTS, MERGE_AIRPORTS, airports)):
        for start in range(0, len(rows), _BATCH_ROWS):
            batch = rows[start : start + _BATCH_ROWS]
            try:
                await _put(graph, create, batch)
            except Conflict:
                # Some are there: from another edition, another service, or a start that was broken off.
                await _put(graph, merge, batch)


async def _put(graph: Graph, query: Query, batch: Rows) -> None:
    await graph.write(lambda tx: tx.run(query, rows=list(batch)), timeout_s=_BATCH_S)


async def put_edition(graph: Graph, fingerprint: str, at: str) -> None:
    """Note that the graph now holds the whole of this gazetteer."""
    await graph.write(lambda tx: tx.run(PUT_EDITION, fingerprint=fingerprint, at=at))
