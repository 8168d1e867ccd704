"""Locks in one order, so that writers wait for each other and do not deadlock.

Measured on Neo4j 5.26: a plain SET locks its node; a relationship to a node with few others locks that node too, but
only at commit, where the writer already holds the commit sequence and would deadlock with a changer of that node who
waits for the sequence. So a writer first locks, sorted by id, all that it is to change and, of what it is to
refer to, the records with few relationships. Records with many are not locked by new relationships.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from opsplan.graph.query import Mode, Query
from opsplan.records.declaration import Noun
from opsplan.records.writing.row import from_graph
from opsplan.records.writing.statements import shape
from opsplan.records.writing.unit import Known, Unit
from opsplan.vocabulary.errors import NotFound
from opsplan.vocabulary.sentences import say

_MANY = 60
"""From 50 relationships on Neo4j stores a node so that new ones do not lock it; some more, to be on the safe side."""

# Removing a property that is not there locks nothing (tried), so one is set and removed again.
LOCK = f"""
UNWIND $wanted AS each
MATCH (n) WHERE elementId(n) = each.handle AND (each.changed OR COUNT {{ (n)--() }} < {_MANY})
SET n.lock = true REMOVE n.lock
"""
"""Takes ``$wanted``, handles with whether the record is to be changed, in the order of their ids."""

LOCK_REFERRED = Query("records.lock_referred", Mode.WRITE, LOCK)


@dataclass(slots=True)
class Standing:
    """A record as it stands, read under its lock: stored values of its properties, and sorted ids by own relation."""

    known: Known
    properties: dict[str, Any]
    relations: dict[str, list[str]]


def lock(unit: Unit, referred: Iterable[Known]) -> None:
    """Lock, before the next statement, of the records to be referred to, those that have few relationships."""
    wanted = {each.record_id: {"handle": each.handle, "changed": False} for each in referred if not each.is_reference}
    if wanted:
        unit.tx.ask(LOCK_REFERRED, wanted=[wanted[record_id] for record_id in sorted(wanted)])


async def lock_and_read(
    unit: Unit, noun: Noun, changed: Sequence[Known], referred: Iterable[Known] = ()
) -> list[Standing]:
    """Lock records of a noun that are to be changed, and read them as they stand then; lock what they are to refer to.

    Raises
    ------
    NotFound
        When one has been removed since it was looked up.
    """
    if noun.committed_with_keys:
        # Others who commit refer to these records, and so wait for whoever has locked them: he must not wait for them.
        await unit.tx.take_turn()
    wanted = {each.record_id: {"handle": each.handle, "changed": False} for each in referred if not each.is_reference}
    wanted |= {each.record_id: {"handle": each.handle, "changed": True} for each in changed}
    rows = await unit.tx.run(_lock_and_read(noun), wanted=[wanted[record_id] for record_id in sorted(wanted)])
    by_handle = {row["handle"]: row for row in rows}
    standing: list[Standing] = []
    for known in changed:
        row = by_handle.get(known.handle)
        if row is None or row["properties"].get("id") != known.record_id:
            raise NotFound(
                say("{noun_name} {record_id} has just been removed.", noun_name=noun.name, record_id=known.record_id),
                field="id",
                value=known.record_id,
            )
        known.retired_at = row["properties"].get("retired_at")
        relations = {name: sorted(ids) for name, ids in row["relations"].items()}
        standing.append(Standing(known, from_graph(row["properties"]), relations))
    return standing


_QUERIES: dict[int, tuple[Noun, Query]] = {}


def _lock_and_read(noun: Noun) -> Query:
    made = _QUERIES.get(id(noun))
    if made is None or made[0] is not noun:
        text = f"{LOCK}WITH n, each WHERE each.changed\nRETURN each.handle AS handle, {shape(noun)}"
        made = _QUERIES[id(noun)] = (noun, Query(f"records.lock_and_read_{noun.name}", Mode.WRITE, text))
    return made[1]
