"""The data that both sides read: invented compounds with countries, estimates, actions and linked targets."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx

_BATCH = 5_000
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_AT = "2026-11-23T08:30:00.000Z"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is entered."""

    compounds: int = 20_000
    targets: int = 60_000
    agencies: int = 2_000


async def load(graph: Graph, size: Size, seed: int = 1) -> list[str]:
    """Enter the data and give the ids of the compounds."""
    chance = random.Random(seed)
    codes = [f"{one}{other}" for one in "ABCDEFGHIJKL" for other in "ABCDEFGHIJ"][:116]
    await _enter(
        graph,
        "UNWIND $rows AS row CREATE (n:Reference:Country) SET n = row",
        [{"id": f"country_{code.lower()}", "code": code, "name": f"Land {code}", "alpha3": code} for code in codes],
    )
    await _enter(
        graph,
        "UNWIND $rows AS row MATCH (k:Reference {id: row.country}) CREATE (n:Record:Agency)-[:BASED_IN]->(k) "
        "SET n = row.values",
        [
            {"values": _record(chance, "agency") | {"code": f"A-{at}", "name": f"EXERCISE Agency {at}", "kind": "NCB"}}
            | {"country": _country(chance, codes)}
            for at in range(size.agencies)
        ],
    )
    compounds: list[dict[str, Any]] = [
        {
            "values": _record(chance, "compound")
            | {
                "name": f"EXERCISE Court {at}",
                "status": chance.choice(["SUSPECTED", "CONFIRMED", "RAIDED"]),
                "capacity": chance.randrange(1_000),
                "aliases": ["EXERCISE alias"],
            },
            "country": _country(chance, codes),
            "at": [chance.uniform(-179, 179), chance.uniform(-80, 80)],
        }
        for at in range(size.compounds)
    ]
    await _enter(
        graph,
        "UNWIND $rows AS row MATCH (k:Reference {id: row.country}) CREATE (n:Record:Compound)-[:LIES_IN]->(k) "
        "SET n = row.values, n.location = point({longitude: row.at[0], latitude: row.at[1]})",
        compounds,
    )
    ids = [each["values"]["id"] for each in compounds]
    await _enter_targets(graph, chance, ids, size.targets)
    await _enter_estimates(graph, chance, ids, codes)
    return ids


async def _enter_targets(graph: Graph, chance: random.Random, compounds: list[str], many: int) -> None:
    rows = []
    for at in range(many):
        target = _record(chance, "target") | {"name": f"EXERCISE Target {at}", "kind": "PERSON", "status": "OPEN"}
        link = _record(chance, "link") | {"kind": "OPERATES"}
        rows.append({"target": target, "link": link, "compound": compounds[at * len(compounds) // many]})
    await _enter(
        graph,
        "UNWIND $rows AS row MATCH (c:Record {id: row.compound}) "
        "CREATE (t:Record:Target)<-[:LINKS_FROM]-(l:Record:Link)-[:LINKS_TO]->(c) SET t = row.target, l = row.link",
        rows,
    )


async def _enter_estimates(graph: Graph, chance: random.Random, compounds: list[str], codes: list[str]) -> None:
    await _enter(
        graph,
        "UNWIND $rows AS row MATCH (c:Record {id: row.compound}) MATCH (k:Reference {id: row.country}) "
        "CREATE (c)<-[:ESTIMATED_AT]-(n:Record:VictimEstimate)-[:OF_NATIONALITY]->(k) SET n = row.values",
        [
            {
                "values": _record(chance, "victim_estimate") | {"low": 1, "likely": 5, "high": 9, "as_of": _AT},
                "compound": compound,
                "country": _country(chance, codes),
            }
            for compound in compounds
            for _ in range(3)
        ],
    )


def _record(chance: random.Random, prefix: str) -> dict[str, Any]:
    return {
        "id": f"{prefix}_{''.join(chance.choices(_LETTERS, k=26))}",
        "owner_id": "agency_1",
        "version": 1,
        "exercise": True,
        "marking": "TLP_AMBER",
        "created_at": _AT,
        "created_by": "benchmark",
        "changed_at": _AT,
        "changed_by": "benchmark",
    }


def _country(chance: random.Random, codes: Sequence[str]) -> str:
    return f"country_{chance.choice(codes).lower()}"


async def _enter(graph: Graph, text: str, rows: Sequence[Any]) -> None:
    for batch in _batches(rows):

        async def work(tx: Tx, batch: Sequence[Any] = batch) -> None:
            await tx.run(text, rows=batch)

        await graph.write(work, timeout_s=120.0)


def _batches(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]
