"""The feed of changes in commit order, and the history of one record."""

from dataclasses import dataclass
from typing import Any

import orjson

from opsplan.graph.driver import Graph
from opsplan.graph.query import Mode, Query

# An index of two properties is used for the first only where something is said of the second.
COMMITS_AFTER = Query(
    "records.commits_after",
    Mode.READ,
    """
    MATCH (made:Commit) WHERE made.number > $number AND made.number <= $last
    WITH made ORDER BY made.number LIMIT $limit
    CALL (made) {
      MATCH (change:Change) WHERE change.commit_id = made.id AND change.ordinal >= 0
      WITH change ORDER BY change.ordinal
      RETURN collect([change.ordinal, change.record_id, change.noun, change.kind,
                      change.before, change.after, change.reason]) AS changes
    }
    RETURN made.number AS number, made.id AS id, made.at AS at, made.actor AS actor, made.agency_id AS agency_id,
           made.request_id AS request_id, made.reason AS reason, changes
    ORDER BY number
    """,
)
LAST_NUMBER = Query(
    "records.last_commit_number", Mode.READ, "MATCH (sequence:CommitSequence {id: 1}) RETURN sequence.number AS number"
)
HISTORY_OF_RECORD = Query(
    "records.history_of_record",
    Mode.READ,
    """
    MATCH (change:Change {record_id: $record_id})
    MATCH (made:Commit {id: change.commit_id})
    RETURN made.number AS number, made.id AS id, made.at AS at, made.actor AS actor, made.agency_id AS agency_id,
           made.request_id AS request_id, made.reason AS reason,
           [[change.ordinal, change.record_id, change.noun, change.kind,
             change.before, change.after, change.reason]] AS changes
    ORDER BY number, change.ordinal
    """,
)


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one record in one commit; `before` and `after` hold what changed, by name."""

    ordinal: int
    record_id: str
    noun: str
    kind: str
    before: Any
    after: Any
    reason: str | None


@dataclass(frozen=True, slots=True)
class Commit:
    """One write: its place in the order of commits, who, when (stored text), why, and its changes in order."""

    number: int
    id: str
    at: str
    actor: str
    agency_id: str | None
    request_id: str
    reason: str | None
    changes: tuple[Change, ...]


async def changes_after(graph: Graph, number: int, limit: int) -> list[Commit]:
    """Give up to `limit` commits with a higher number, in order. Ask again with the last one's number.

    Numbers are taken at commit, one after the other, so a commit never appears behind one already given.
    """
    last = await last_number(graph)
    if last <= number:
        return []
    return await _commits(graph, COMMITS_AFTER, {"number": number, "last": last, "limit": limit})


@dataclass(frozen=True, slots=True)
class Happened:
    """One change of one record, without its values.

    Attributes
    ----------
    number, ordinal
        Its place: commits in their order, changes within the commit.
    at, actor, agency_id, reason
        When (stored text), by whom, for which agency, why.
    record_id, noun, kind
        Which record, and what happened to it (`opsplan.records.writing.ChangeKind`).
    names
        Names of the properties and relations that are other than before.
    """

    number: int
    ordinal: int
    at: str
    actor: str
    agency_id: str | None
    reason: str | None
    record_id: str
    noun: str
    kind: str
    names: tuple[str, ...]


def behind(condition: str) -> str:
    """Give the statement of the changes behind ``$number`` and ``$ordinal``, up to ``$limit``, as `happened_of` reads.

    It looks at no commit beyond ``$last``.

    Parameters
    ----------
    condition
        A Cypher predicate on ``change``; others are passed over. ``$nouns`` leaves those of other kinds out, unless it
        is null.
    """
    # Sorted where it stands: commits come by their index, so that no more of them are looked at than fill a page.
    return f"""
    MATCH (made:Commit) WHERE made.number >= $number AND made.number <= $last
    WITH made ORDER BY made.number
    CALL (made) {{
      MATCH (change:Change) WHERE change.commit_id = made.id AND change.ordinal >= 0
        AND (made.number > $number OR change.ordinal > $ordinal) AND ($nouns IS NULL OR change.noun IN $nouns)
        AND {condition}
      RETURN change ORDER BY change.ordinal
    }}
    RETURN made.number AS number, change.ordinal AS ordinal, made.at AS at, made.actor AS actor,
           made.agency_id AS agency_id, coalesce(change.reason, made.reason) AS reason, change.record_id AS record_id,
           change.noun AS noun, change.kind AS kind, change.before AS before, change.after AS after
    LIMIT $limit
    """


def happened_of(
    number: int,
    ordinal: int,
    at: str,
    actor: str,
    agency_id: str | None,
    reason: str | None,
    record_id: str,
    noun: str,
    kind: str,
    before: str | None,
    after: str | None,
) -> Happened:
    """Make a change of a row of `behind`."""
    names = tuple(sorted({*_names(before), *_names(after)}))
    return Happened(number, ordinal, at, actor, agency_id, reason, record_id, noun, kind, names)


def _names(values: str | None) -> tuple[str, ...]:
    return () if values is None else tuple(orjson.loads(values) or ())


async def last_number(graph: Graph) -> int:
    """Give the number of the newest commit, 0 when there is none; all that it has written can be read then.

    The server shows what a transaction has written bit by bit while it stores it, the number among the first. Whoever
    read on at once would find a part of the newest commit, take it for the whole, and never come back to it.

    A reader can still meet the sequence while it is being deleted, and then finds it without its number.
    """
    rows = await graph.read_settled(LAST_NUMBER)
    return int(rows[0][0] or 0) if rows else 0


async def history(graph: Graph, record_id: str) -> list[Commit]:
    """Give what happened to a record, oldest first: commits, each with the change of this record alone."""
    return await _commits(graph, HISTORY_OF_RECORD, {"record_id": record_id})


async def _commits(graph: Graph, query: Query, parameters: dict[str, Any]) -> list[Commit]:
    return [_commit(*row) for row in await graph.read_rows(query, parameters)]


def _commit(
    number: int,
    commit_id: str,
    at: str,
    actor: str,
    agency_id: str | None,
    request_id: str,
    reason: str | None,
    changes: list[list[Any]],
) -> Commit:
    return Commit(
        number, commit_id, at, actor, agency_id, request_id, reason, tuple(_change(*each) for each in changes)
    )


def _change(
    ordinal: int, record_id: str, noun: str, kind: str, before: str | None, after: str | None, reason: str | None
) -> Change:
    return Change(
        ordinal,
        record_id,
        noun,
        kind,
        None if before is None else orjson.loads(before),
        None if after is None else orjson.loads(after),
        reason,
    )
