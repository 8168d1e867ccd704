"""Upserts over the API against what the plain driver does with one UNWIND, on the same Neo4j in one run.

``python -m benchmarks.upserts --rounds 20`` sends targets by the thousand, in turns: to `upsertTargets` over HTTP, and
by the plain driver as ``UNWIND … MERGE … SET`` of nodes with the same values under a constraint of their own. Each
thousand is new at first, comes again as it was, and once more with other names. The API checks values, rights and
references, writes history and the feed, and answers for each item; the driver does none of that. The last line is
``upserts: items=… created_per_s=… unchanged_per_s=… updated_per_s=… driver_created_per_s=… ratio=…``, the ratio of what
is created.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import neo4j
from rich.console import Console
from rich.progress import track

from opsplan.demo.client import Client
from opsplan.demo.run import running
from opsplan.graph.address import GraphAddress
from opsplan.main import Service
from opsplan.main.commands import make_token
from opsplan.nouns import LAWS
from opsplan.records.check import check_row
from opsplan.records.writing import Writing, write
from opsplan.settings import Settings
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import system_clock
from opsplan.web.logs import set_up

console = Console(width=None if sys.stdout.isatty() else 150)

AGENCY = "EX-BENCH"
ITEMS = 1_000
UPSERT = """
mutation ($items: [UpsertTargetItem!]!) { upsertTargets(input: {items: $items}) { __typename
  ... on TargetsUpserted { items { outcome recordId } } ... on Refusal { code message } } }
"""
RAW_RULE = "CREATE CONSTRAINT raw_target IF NOT EXISTS FOR (n:RawTarget) REQUIRE (n.owner_id, n.external_id) IS UNIQUE"
RAW = "UNWIND $rows AS row MERGE (n:RawTarget {owner_id: row.owner_id, external_id: row.external_id}) SET n += row"
_OUTCOMES = ("CREATED", "UNCHANGED", "UPDATED")


async def main(rounds: int) -> int:
    """Run it and print the figures."""
    set_up("error")
    addresses: list[GraphAddress] = []

    async def prepare(service: Service) -> str:
        addresses.append(service.graph.address)
        noun = LAWS.catalogue["Agency"]
        row, problems = check_row(noun, {"code": AGENCY, "name": "EXERCISE Bench", "kind": "POLICE"})
        assert not problems

        async def work(writing: Writing) -> list[str]:
            return await writing.create(noun, [row])

        administrator = Actor("machine:bench", roles=frozenset({Role.ADMINISTRATOR}))
        await write(service.graph, administrator, system_clock, work, laws=LAWS, request_id="bench")
        return AGENCY

    spent = dict.fromkeys((*_OUTCOMES, *(f"driver {each}" for each in _OUTCOMES)), 0.0)
    with tempfile.TemporaryDirectory(prefix="opsplan-bench-") as folder:
        settings = Settings.from_env({"OPSPLAN_DATA_DIR": folder})
        async with running(settings, prepare) as (address, code):
            driver = neo4j.AsyncGraphDatabase.driver(
                addresses[0].uri, auth=(addresses[0].user, addresses[0].password), notifications_min_severity="OFF"
            )
            async with driver, Client(address, make_token(settings, agency_code=code, roles=(Role.PLANNER,))) as client:
                await driver.execute_query(RAW_RULE)
                for number in track(range(-1, rounds), description="thousands", console=console):
                    # The first is for the servers to get warm, and counts for nothing.
                    for outcome in _OUTCOMES:
                        rows = _rows(number + 1, "other" if outcome == "UPDATED" else "name")
                        api = await _timed(partial(_ask, client, rows, outcome))
                        raw = await _timed(partial(driver.execute_query, RAW, rows=_raw(rows)))
                        if number >= 0:
                            spent[outcome] += api
                            spent[f"driver {outcome}"] += raw
    items = rounds * ITEMS
    per_s = {name: items / seconds for name, seconds in spent.items()}
    console.print(
        f"upserts: items={items} created_per_s={per_s['CREATED']:.0f} unchanged_per_s={per_s['UNCHANGED']:.0f} "
        f"updated_per_s={per_s['UPDATED']:.0f} driver_created_per_s={per_s['driver CREATED']:.0f} "
        f"ratio={per_s['CREATED'] / per_s['driver CREATED']:.2f}",
        highlight=False,
        soft_wrap=True,
    )
    return 0


def _rows(number: int, name: str) -> list[dict[str, Any]]:
    return [
        {
            "externalId": f"case-{number}-{place}",
            "kind": "PERSON",
            "name": f"EXERCISE {name} {number} {place}",
            "aliases": [f"EXERCISE Alias {place % 97}"],
            "source": "invented for a benchmark",
        }
        for place in range(ITEMS)
    ]


def _raw(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**{name: value for name, value in row.items() if name != "externalId"}, "owner_id": AGENCY}
        | {"external_id": row["externalId"]}
        for row in rows
    ]


async def _ask(client: Client, rows: list[dict[str, Any]], outcome: str) -> None:
    told = (await client.ask(UPSERT, items=rows))["upsertTargets"]
    assert told["__typename"] == "TargetsUpserted", told
    assert {each["outcome"] for each in told["items"]} == {outcome}


async def _timed(work: Callable[[], Awaitable[Any]]) -> float:
    begun = time.perf_counter()
    await work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20, help="thousands of items; each is sent three times")
    sys.exit(asyncio.run(main(parser.parse_args().rounds)))
