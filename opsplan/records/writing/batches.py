"""Statements over many rows, a batch at a time: large enough that round trips do not count, small enough for memory."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from opsplan.graph.query import Query
from opsplan.graph.transaction import Tx
from opsplan.records.writing.unit import BATCH_ROWS


async def read_in_batches(tx: Tx, query: Query, asked: Iterable[Any], *, name: str = "ids") -> list[dict[str, Any]]:
    """Give the rows of a statement that is asked for many things, which are its parameter `name`, in their order."""
    listed = list(asked)
    found: list[dict[str, Any]] = []
    for start in range(0, len(listed), BATCH_ROWS):
        found += await tx.run(query, **{name: listed[start : start + BATCH_ROWS]})
    return found


async def write_in_batches(tx: Tx, query: Query, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run a statement that writes the rows of its parameter ``rows``; nothing is sent where there are none."""
    for start in range(0, len(rows), BATCH_ROWS):
        await tx.run(query, rows=rows[start : start + BATCH_ROWS])
