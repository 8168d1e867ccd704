"""Bringing the graph to this opsplan's migrations: in order, each once, one service at a time.

What was applied is kept in the graph as ``(:Migration {number, name, checksum, appliedAt})``. The lock is a write
lock on the one ``(:MigrationLock)``, held by an open transaction: Neo4j frees it when its holder dies.
"""

import asyncio
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass

from opsplan.graph.driver import Graph
from opsplan.graph.failures import QueryFailed
from opsplan.graph.migrations import Migration, MigrationError
from opsplan.graph.query import Mode, Query
from opsplan.graph.transaction import Tx
from opsplan.vocabulary.clock import Clock, instant_text, system_clock
from opsplan.vocabulary.errors import Conflict, Unavailable
from opsplan.vocabulary.sentences import say

_log = logging.getLogger(__name__)

_LOCK_S = 3600.0
"""Longest that a service waits for another one's migrations, or takes for its own, in seconds."""
_INDEXES_S = 1800
_TRIES = 20

APPLIED = Query(
    "graph.applied_migrations",
    Mode.READ,
    "MATCH (m:Migration) RETURN m.number AS number, m.name AS name, m.checksum AS checksum ORDER BY number",
    why_scan="a few dozen nodes, read once at each start",
)
RECORD = Query(
    "graph.record_migration",
    Mode.WRITE,
    "CREATE (:Migration {number: $number, name: $name, checksum: $checksum, appliedAt: $applied_at})",
)
TAKE_LOCK = Query(
    "graph.take_migration_lock",
    Mode.WRITE,
    "MERGE (l:MigrationLock {name: 'migrations'}) SET l.takenAt = $taken_at",
)
AWAIT_INDEXES = "CALL db.awaitIndexes($seconds)"


@dataclass(frozen=True, slots=True)
class Applied:
    """A migration that the graph has: what `Migration` says, without its statements."""

    number: int
    name: str
    checksum: str


async def migrate(graph: Graph, migrations: Sequence[Migration], clock: Clock = system_clock) -> tuple[str, ...]:
    """Apply what the graph lacks, and give the names of what this call applied.

    Parameters
    ----------
    graph
        The graph.
    migrations
        Those of this opsplan, numbered from 1 on without gaps; the first must make what this module needs.
    clock
        For the time that is kept with each.

    Raises
    ------
    MigrationError
        If a migration was changed after it was applied, or the graph has one that is not known here. Names it.
    """
    if not _pending(migrations, await _applied(graph)):
        return ()
    # The first makes the lock safe, so it runs before the lock; its statements bear being run by two at once.
    await _run_statements(graph, migrations[0])

    async def apply_alone(tx: Tx) -> tuple[str, ...]:
        await tx.run(TAKE_LOCK, taken_at=instant_text(clock()))
        # Another service may have applied some while this one waited for the lock.
        pending = _pending(migrations, await _applied(graph))
        for migration in pending:
            await _run_statements(graph, migration)
            await _record(graph, migration, clock)
            _log.info("migration applied: %s", migration.name)
        return tuple(migration.name for migration in pending)

    done = await graph.write(apply_alone, timeout_s=_LOCK_S)
    await graph.run_outside(AWAIT_INDEXES, {"seconds": _INDEXES_S}, timeout_s=_INDEXES_S)
    return done


async def _applied(graph: Graph) -> list[Applied]:
    return [Applied(**row) for row in await graph.read(lambda tx: tx.run(APPLIED))]


def _pending(migrations: Sequence[Migration], applied: Sequence[Applied]) -> list[Migration]:
    """Give what is not applied yet, after holding both lists against each other."""
    known = {migration.number: migration for migration in migrations}
    for one in applied:
        ours = known.pop(one.number, None)
        if ours is None:
            raise MigrationError(
                say("The graph has migration {one_name}, which this opsplan does not know.", one_name=one.name),
                value=one.name,
                remedy=say("start the newer opsplan that applied it, or restore a backup from before it"),
            )
        if (ours.name, ours.checksum) != (one.name, one.checksum):
            raise MigrationError(
                say(
                    "Migration {ours_name} was changed after it was applied to this graph (as {one_name}).",
                    ours_name=ours.name,
                    one_name=one.name,
                ),
                value=ours.name,
                remedy=say("put its file back as it was, and write the change as a new migration"),
            )
    last = max((one.number for one in applied), default=0)
    for number in known:
        if number < last:
            raise MigrationError(
                say("Migration {name} was never applied, but later ones were.", name=known[number].name),
                value=known[number].name,
                remedy=say("give it the next free number"),
            )
    return [known[number] for number in sorted(known)]


async def _run_statements(graph: Graph, migration: Migration) -> None:
    for statement in migration.statements:
        try:
            await _run_statement(graph, statement)
        except QueryFailed as failure:
            raise MigrationError(
                say("Migration {migration_name} failed: {failure}.", migration_name=migration.name, failure=failure),
                value=migration.name,
                remedy=say("look for data that break its rule (opsplan check-graph), then start again: it is run anew"),
            ) from failure


async def _run_statement(graph: Graph, statement: str) -> None:
    """Run one statement, again where the server says that may help: two first starts at once deadlock each other."""
    for tries_left in reversed(range(_TRIES)):
        try:
            await graph.run_outside(statement)
            return
        except Unavailable as failure:
            if not failure.retryable or not tries_left:
                raise
            await asyncio.sleep(random.uniform(0.05, 0.5))


async def _record(graph: Graph, migration: Migration, clock: Clock) -> None:
    values = {
        "number": migration.number,
        "name": migration.name,
        "checksum": migration.checksum,
        "applied_at": instant_text(clock()),
    }
    try:
        await graph.write(lambda tx: tx.run(RECORD, **values))
    except Conflict as failure:
        raise MigrationError(
            say(
                "Migration {migration_name} was recorded by another service at the same time.",
                migration_name=migration.name,
            ),
            value=migration.name,
            remedy=say("start again"),
        ) from failure
