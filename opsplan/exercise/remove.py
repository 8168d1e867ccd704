"""The exercise out of the graph: its records, their history, and everything that was made from them."""

from opsplan.exercise.load import Told
from opsplan.exercise.store import EXERCISE_AGENCIES, REMOVE_KEYS, removal_order, remove_records
from opsplan.graph.driver import Graph
from opsplan.graph.query import Query
from opsplan.graph.transaction import Tx
from opsplan.records.declaration import Catalogue

BATCH_RECORDS = 2_000
"""Records that one transaction takes out."""

_TRANSACTION_SECONDS = 120.0


async def remove_exercise(graph: Graph, catalogue: Catalogue, *, told: Told = lambda *_: None) -> int:
    """Take out every record that an exercise agency owns, retired ones, runs and plans included; give how many.

    It goes in batches, the agencies last: what a crash leaves is found and taken out by the next call. The commits
    stay, without their changes, so that their numbers have no gap.
    """
    owners = [row[0] for row in await graph.read_rows(EXERCISE_AGENCIES)]
    if not owners:
        return 0
    removed = 0
    for noun in removal_order(tuple(catalogue), catalogue.in_loading_order):
        while count := await _remove_some(graph, remove_records(noun.label), owners):
            removed += count
            told(f"removing {noun.plural}", removed, 0)

    async def keys(tx: Tx) -> None:
        await tx.run(REMOVE_KEYS, owners=owners)

    await graph.write(keys, timeout_s=_TRANSACTION_SECONDS)
    return removed


async def _remove_some(graph: Graph, query: Query, owners: list[str]) -> int:
    async def work(tx: Tx) -> int:
        row = await tx.single(query, owners=owners, limit=BATCH_RECORDS)
        return int(row["removed"]) if row is not None else 0

    return await graph.write(work, timeout_s=_TRANSACTION_SECONDS)
