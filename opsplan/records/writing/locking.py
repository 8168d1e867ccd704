"""Locks in one order, so that writers wait for each other and do not deadlock.

Measured on Neo4j 5.26: a plain SET locks its node; a relationship to a node with few others locks that node too, but
only at commit, where the writer already holds the commit sequence and would deadlock with a changer of that node who
waits for the sequence. So a writer first locks, sorted by id, all that it is to change and, of what it is to
refer to, the records with few relationships. Records with many are not locked by new relationships.
"""

from collections.abc import Iterable

from opsplan.graph.query import Mode, Query
from opsplan.records.writing.unit import Known, Unit

_MANY = 60
"""From 50 relationships on Neo4j stores a node so that new ones do not lock it; some more, to be on the safe side."""

LOCK = Query(
    "records.lock",
    Mode.WRITE,
    # Removing a property that is not there locks nothing (tried), so one is set and removed again.
    f"""
    UNWIND $wanted AS each
    MATCH (n) WHERE elementId(n) = each.handle AND (each.changed OR COUNT {{ (n)--() }} < {_MANY})
    SET n.lock = true REMOVE n.lock
    """,
)


async def lock(unit: Unit, changed: Iterable[Known], referred: Iterable[Known]) -> None:
    """Lock the records to be changed, and those to be referred to that have few relationships.

    What was read of them before may have changed while this waited: read again what matters.
    """
    wanted = {each.record_id: {"handle": each.handle, "changed": False} for each in referred if not each.is_reference}
    wanted |= {each.record_id: {"handle": each.handle, "changed": True} for each in changed}
    if wanted:
        await unit.tx.run(LOCK, wanted=[wanted[record_id] for record_id in sorted(wanted)])
