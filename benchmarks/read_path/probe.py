"""A probe of the read path: one compound by id, lists of 100 and 1,000 with three nested lists, against the driver.

Both sides answer the same question with the same bytes of data: the driver by a hand-written map projection, `data()`
and orjson; opsplan by its compiled reads, without HTTP. They alternate, on one server that is started for the run.
The last line holds the smallest ratios of throughput (opsplan over driver).
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import neo4j
import orjson
import strawberry
from graphql import DocumentNode, OperationDefinitionNode, parse
from rich.console import Console
from rich.table import Table
from strawberry.schema.config import StrawberryConfig

from benchmarks.read_path.data import Size, load
from opsplan.graph.driver import Graph, GraphAddress
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.local.server import start_server
from opsplan.graph.open import open_graph
from opsplan.nouns import CATALOGUE
from opsplan.reading.cursors import CursorKey
from opsplan.reading.reads import Reads
from opsplan.reading.schema import Reading
from opsplan.reading.types.making import new_type, put_fields
from opsplan.reading.types.scalars import SCALARS
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock, system_clock

_VALUES = "id name status capacity country { code name }"
_LISTS = """victimEstimates { nodes { id low likely high } }
    targets { nodes { id name kind } }
    linksTo { nodes { id kind } }"""
_BY_ID = f"query ($id: ID!) {{ compound(id: $id) {{ {_VALUES} {_LISTS} }} }}"
_LIST = f"query ($n: Int!) {{ compounds(first: $n) {{ nodes {{ {_VALUES} {_LISTS} }} }} }}"

_PROJECTION = """c {.id, .name, .status, .capacity,
  country: head([(c)-[:LIES_IN]->(k:Country) | k {.code, .name}]),
  victimEstimates: {nodes: [(c)<-[:ESTIMATED_AT]-(v:VictimEstimate) WHERE v.retired_at IS NULL
    | v {.id, .low, .likely, .high}]},
  targets: {nodes: [(c)<-[:LINKS_FROM|LINKS_TO]-(l:Link WHERE l.retired_at IS NULL)-[:LINKS_FROM|LINKS_TO]->(t:Target)
    WHERE t.retired_at IS NULL | t {.id, .name, .kind}]},
  linksTo: {nodes: [(c)<-[:LINKS_TO]-(l:Link) WHERE l.retired_at IS NULL | l {.id, .kind}]}}"""
_DRIVER_BY_ID = f"MATCH (c:Record {{id: $id}}) WHERE c:Compound AND c.retired_at IS NULL RETURN {_PROJECTION} AS c"
_DRIVER_LIST = (
    "MATCH (c:Record&Compound) WHERE c.id >= 'compound_' AND c.id < 'compound`' AND c.retired_at IS NULL "
    f"WITH c ORDER BY c.id LIMIT $n RETURN {_PROJECTION} AS c"
)


@dataclass(frozen=True, slots=True)
class _Context:
    graph: Graph
    actor: Actor
    clock: Clock

    def charge(self, cost: int) -> None:
        """Take any cost: a benchmark has no budget."""


Ask = Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: requests a second and milliseconds of both sides."""

    name: str
    clients: int
    opsplan_per_s: float
    driver_per_s: float
    opsplan_p50_ms: float
    driver_p50_ms: float
    answer_bytes: int

    @property
    def ratio(self) -> float:
        """Throughput of opsplan over that of the driver."""
        return self.opsplan_per_s / self.driver_per_s


class Sides:
    """Both ways to ask."""

    def __init__(self, graph: Graph, address: GraphAddress, ids: list[str]) -> None:
        self._graph = graph
        self._ids = ids
        self._driver = neo4j.AsyncGraphDatabase.driver(address.uri, auth=(address.user, address.password))
        self._reads = _reads()
        self._context = _Context(graph, Actor("benchmark", "agency_1"), system_clock)
        self._documents = {text: parse(text) for text in (_BY_ID, _LIST)}
        self._chance = random.Random(3)

    async def close(self) -> None:
        """Close the driver."""
        await self._driver.close()

    def opsplan(self, size: int | None) -> Ask:
        """Ask by compiled reads: one record, or a list of `size`."""
        text = _BY_ID if size is None else _LIST
        document: DocumentNode = self._documents[text]
        operation = document.definitions[0]
        assert isinstance(operation, OperationDefinitionNode)

        async def ask() -> bytes:
            variables: dict[str, Any] = {"id": self._chance.choice(self._ids)} if size is None else {"n": size}
            result = await self._reads.answer(document, operation, variables, self._context)
            assert result is not None
            assert not result.errors, result.errors
            return orjson.dumps({"data": result.data})

        return ask

    def driver(self, size: int | None) -> Ask:
        """Ask by the driver's map projection."""

        async def ask() -> bytes:
            async with self._driver.session(default_access_mode=neo4j.READ_ACCESS, fetch_size=10_000) as session:
                if size is None:
                    result = await session.run(_DRIVER_BY_ID, id=self._chance.choice(self._ids))
                    (record,) = await result.data()
                    return orjson.dumps({"data": {"compound": record["c"]}})
                result = await session.run(_DRIVER_LIST, n=size)
                rows = [record["c"] for record in await result.data()]
                return orjson.dumps({"data": {"compounds": {"nodes": rows}}})

        return ask


def _reads() -> Reads:
    reading = Reading(CATALOGUE)
    query = new_type("Query", "What can be read.")
    put_fields(query, reading.types.query_fields)
    schema = strawberry.Schema(query=query, types=reading.types.extra, config=StrawberryConfig(scalar_map=SCALARS))
    return reading.over(schema, CursorKey(b"a secret of the benchmark alone"))


async def measure(name: str, sides: Sides, size: int | None, clients: int, seconds: float) -> Row:
    """Measure both sides in turns."""
    times: dict[str, list[float]] = {"opsplan": [], "driver": []}
    asks = {"opsplan": sides.opsplan(size), "driver": sides.driver(size)}
    length = len(await asks["opsplan"]())
    for _ in range(20 if size is None else 4):
        for ask in asks.values():
            await ask()
    rounds = 6
    spent = dict.fromkeys(asks, 0.0)
    for _ in range(rounds):
        for side, ask in asks.items():
            until = time.perf_counter() + seconds / rounds / 2
            began = time.perf_counter()
            await asyncio.gather(*(_client(ask, until, times[side]) for _ in range(clients)))
            spent[side] += time.perf_counter() - began
    return Row(
        name,
        clients,
        len(times["opsplan"]) / spent["opsplan"],
        len(times["driver"]) / spent["driver"],
        statistics.median(times["opsplan"]) * 1e3,
        statistics.median(times["driver"]) * 1e3,
        length,
    )


async def _client(ask: Ask, until: float, times: list[float]) -> None:
    while time.perf_counter() < until:
        began = time.perf_counter()
        await ask()
        times.append(time.perf_counter() - began)


async def _run(address: GraphAddress, size: Size, seconds: float) -> list[Row]:
    rows = []
    async with open_graph(address) as graph:
        ids = await load(graph, size)
        sides = Sides(graph, address, ids)
        for clients in (1, 8):
            for name, many in (("by id", None), ("list of 100", 100), ("list of 1,000", 1_000)):
                rows.append(await measure(name, sides, many, clients, seconds))
        await sides.close()
    return rows


def main() -> None:
    """Start a server, load it, measure, print the table and the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="seconds for each line of the table")
    parser.add_argument("--compounds", type=int, default=20_000, help="compounds; targets are three times as many")
    given = parser.parse_args()
    size = Size(given.compounds, given.compounds * 3, max(1, given.compounds // 10))
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        options = LocalServerOptions(data_dir=Path(folder) / "data", console=Console(stderr=True))
        with start_server(options) as server:
            rows = asyncio.run(_run(server.address, size, given.seconds))
    table = Table("question", "clients", "opsplan/s", "driver/s", "ratio", "p50 ms", "driver p50 ms", "bytes")
    for row in rows:
        table.add_row(
            row.name,
            str(row.clients),
            f"{row.opsplan_per_s:.1f}",
            f"{row.driver_per_s:.1f}",
            f"{row.ratio:.2f}",
            f"{row.opsplan_p50_ms:.1f}",
            f"{row.driver_p50_ms:.1f}",
            f"{row.answer_bytes:,}",
        )
    console.print(table)
    by_id = min(row.ratio for row in rows if row.name == "by id")
    lists = min(row.ratio for row in rows if row.name != "by id")
    print(f"reads: driver_id_min={by_id:.2f} driver_list_min={lists:.2f}")


if __name__ == "__main__":
    main()
