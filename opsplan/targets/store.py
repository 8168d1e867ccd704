"""The statements of mergers: which records refer to a target, and moving their references to another."""

from collections.abc import Iterator, Sequence
from typing import Any

from opsplan.graph.query import Mode, Query
from opsplan.graph.transaction import Tx
from opsplan.records.declaration import Catalogue, Noun, Relation
from opsplan.records.writing.statements import arrow
from opsplan.targets.model import TARGET

NAMES_OF_TARGETS = Query(
    "targets.names_of_targets",
    Mode.READ,
    "UNWIND $ids AS id MATCH (n:Target:Record {id: id}) RETURN id, n.name AS name, coalesce(n.aliases, []) AS aliases",
)
LATEST_MERGER = Query(
    "targets.latest_merger",
    Mode.READ,
    """
    MATCH (change:Change {record_id: $id, kind: 'MERGED'})
    MATCH (made:Commit {id: change.commit_id})
    RETURN change.after AS after ORDER BY made.number DESC LIMIT 1
    """,
)

_STAMP = "SET n.version = n.version + 1, n.changed_at = $now, n.changed_by = $actor"
_QUERIES: dict[str, Query] = {}


def relations_to_targets(catalogue: Catalogue) -> Iterator[tuple[Noun, Relation]]:
    """Give every reference to a target that users enter, with the noun that holds it."""
    for noun in catalogue:
        for relation in noun.entered_relations:
            if TARGET.name in relation.targets:
                yield noun, relation


async def move(
    tx: Tx, noun: Noun, relation: Relation, *, from_id: str, into_id: str, now: str, actor: str
) -> list[dict[str, Any]]:
    """Let all records of a noun that refer to one target refer to another.

    Returns
    -------
    list
        ``{id, had}`` of each record moved: `had` says that it referred to the other target before.
    """
    return await tx.run(_move(noun, relation), from_id=from_id, into_id=into_id, now=now, actor=actor)


async def move_back(
    tx: Tx,
    noun: Noun,
    relation: Relation,
    moved: Sequence[dict[str, Any]],
    *,
    from_id: str,
    into_id: str,
    now: str,
    actor: str,
) -> list[dict[str, Any]]:
    """Undo `move` for those records that still refer to where they were moved."""
    return await tx.run(
        _move_back(noun, relation), moved=list(moved), from_id=from_id, into_id=into_id, now=now, actor=actor
    )


def _move(noun: Noun, relation: Relation) -> Query:
    name = f"targets.move_{noun.name}.{relation.name}"
    if name not in _QUERIES:
        _QUERIES[name] = Query(
            name,
            Mode.WRITE,
            f"""
            MATCH (from:Record {{id: $from_id}})
            MATCH (into:Record {{id: $into_id}})
            MATCH (n:{noun.label}){arrow(relation, "tie")}(from)
            WITH n, tie, into, EXISTS {{ (n){arrow(relation)}(into) }} AS had ORDER BY n.id
            {_STAMP}
            DELETE tie
            FOREACH (_ IN CASE WHEN had THEN [] ELSE [1] END | CREATE (n){arrow(relation)}(into))
            RETURN n.id AS id, had
            """,
        )
    return _QUERIES[name]


def _move_back(noun: Noun, relation: Relation) -> Query:
    name = f"targets.move_back_{noun.name}.{relation.name}"
    if name not in _QUERIES:
        _QUERIES[name] = Query(
            name,
            Mode.WRITE,
            f"""
            UNWIND $moved AS each
            MATCH (from:Record {{id: $from_id}})
            MATCH (into:Record {{id: $into_id}})
            MATCH (n:Record {{id: each.id}}){arrow(relation, "tie")}(into)
            WITH n, tie, from, each ORDER BY n.id
            {_STAMP}
            FOREACH (_ IN CASE WHEN each.had THEN [] ELSE [1] END | DELETE tie)
            CREATE (n){arrow(relation)}(from)
            RETURN n.id AS id, each.had AS had
            """,
        )
    return _QUERIES[name]
