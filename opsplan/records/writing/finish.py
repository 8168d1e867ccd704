"""The end of a write: what follows from it, the commit and its changes, the place in the order of commits, last rules.

The commit sequence is one node. Taking it is the last thing that a writer writes; from then until it has committed,
no other writer can commit. So numbers are in commit order without gaps, a reader who has seen number n has seen all
below, and rules judged after it hold for the graph as it will stand.
"""

from typing import Any

from opsplan.graph.query import Mode, Query
from opsplan.records.declaration import Noun, Relation
from opsplan.records.problem import Problem, refusal
from opsplan.records.writing.statements import arrow
from opsplan.records.writing.unit import BATCH_ROWS, Unit
from opsplan.vocabulary.errors import Conflict
from opsplan.vocabulary.sentences import first_of, say

WRITE_CHANGES = Query(
    "records.write_changes",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    CREATE (change:Change)
    SET change = row
    """,
)
TAKE_COMMIT_NUMBER = Query(
    "records.take_commit_number",
    Mode.WRITE,
    """
    UNWIND $rows AS row
    CREATE (change:Change)
    SET change = row
    WITH count(*) AS written
    MERGE (sequence:CommitSequence {id: 1})
    ON CREATE SET sequence.number = 0
    SET sequence.number = sequence.number + 1
    WITH sequence
    CREATE (made:Commit)
    SET made = $made, made.number = sequence.number
    WITH made
    CALL () {
      UNWIND $required AS handle
      MATCH (n) WHERE elementId(n) = handle AND n.retired_at IS NOT NULL
      RETURN collect([n.id, n.retired_at]) AS gone
    }
    RETURN made.number AS number, gone
    """,
)

_REQUIRING: dict[str, Query] = {}
_SHOWN = 5


async def finish(unit: Unit, *, request_id: str, reason: str | None) -> int | None:
    """Write history and take the commit's number; None when nothing has changed.

    Raises
    ------
    Conflict
        When a record that is required has been retired meanwhile, or one that was retired is still required.
    Invalid
        When a rule over the graph is broken.
    """
    if not unit.changes:
        return None
    for carry in unit.laws.consequences:
        await carry(unit)
    rows = [{**change, "commit_id": unit.commit_id, "ordinal": place} for place, change in enumerate(unit.changes)]
    # The last ones go with the statement that takes the number, which saves small writes a round trip.
    last = (len(rows) - 1) // BATCH_ROWS * BATCH_ROWS
    for start in range(0, last, BATCH_ROWS):
        await unit.tx.run(WRITE_CHANGES, rows=rows[start : start + BATCH_ROWS])
    made = {
        "id": unit.commit_id,
        "at": unit.now,
        "actor": unit.actor.subject,
        "agency_id": unit.actor.agency_id,
        "request_id": request_id,
        "reason": reason,
    }
    required = [unit.known[each].handle for each in sorted(unit.required) if not unit.known[each].is_reference]
    await unit.tx.take_turn()
    row = await unit.tx.single(TAKE_COMMIT_NUMBER, rows=rows[last:], made=made, required=required)
    assert row is not None
    for record_id, retired_at in row["gone"]:
        raise Conflict(
            say(
                "{record_id} was retired at {retired_at}, and what you write requires it.",
                record_id=record_id,
                retired_at=retired_at,
            ),
            field="id",
            value=record_id,
            remedy=say("refer to a record that is in force"),
        )
    await _refuse_required(unit)
    await _refuse_owners(unit)
    await _judge(unit)
    return int(row["number"])


async def _refuse_required(unit: Unit) -> None:
    for name, ids in unit.retired.items():
        for noun, relation in unit.laws.requiring[name]:
            for start in range(0, len(ids), BATCH_ROWS):
                batch = ids[start : start + BATCH_ROWS]
                rows = await unit.tx.run(_still_required(unit, noun, relation), ids=batch, **unit.reader_of(noun))
                if rows:
                    raise _required(name, noun, relation, rows[0])


async def _refuse_owners(unit: Unit) -> None:
    """Refuse to retire an agency that still owns records in force."""
    names = {each: name for name, ids in unit.retired.items() if unit.laws.catalogue[name].owns_itself for each in ids}
    for noun in unit.laws.catalogue if names else ():
        if noun.system or noun.owns_itself:
            continue
        rows = await unit.tx.run(_still_owned(unit, noun), ids=sorted(names), **unit.reader_of(noun))
        if rows and not rows[0]["some"]:
            raise _still_unread(names[rows[0]["id"]], rows[0]["id"])
        if rows:
            some = ", ".join(rows[0]["some"])
            raise Conflict(
                say(
                    "{id} cannot be retired: it owns {count} {plural} in force ({some}).",
                    id=rows[0]["id"],
                    count=rows[0]["count"],
                    plural=noun.plural,
                    some=some,
                ),
                field="id",
                value=rows[0]["id"],
                remedy=say("retire what it owns first, or in the same request"),
            )


def _still_owned(unit: Unit, noun: Noun) -> Query:
    found = f"MATCH (n:{noun.label} {{owner_id: id}}) WHERE n.retired_at IS NULL"
    return _still(unit, noun, f"records.still_owned_{noun.name}", found)


def _still_required(unit: Unit, noun: Noun, relation: Relation) -> Query:
    found = f"MATCH (other:Record {{id: id}}) MATCH (n:{noun.label}){arrow(relation)}(other) WHERE n.retired_at IS NULL"
    return _still(unit, noun, f"records.requires_{noun.name}.{relation.name}", found)


def _still(unit: Unit, noun: Noun, name: str, found: str) -> Query:
    """Give the statement of the records that `found` binds as ``n``, for one ``id``: those that the actor may know of.

    One for which there are only others comes last, with none.
    """
    readable = unit.readable(noun, "n")
    name = name if readable is None else f"{name}_for_reader"
    if name not in _REQUIRING:
        _REQUIRING[name] = Query(
            name,
            Mode.READ,
            f"""
            UNWIND $ids AS id
            {found}
            WITH id, n, {readable or "true"} AS is_read
            WITH id, collect(CASE WHEN is_read THEN n.id END) AS found
            RETURN id, size(found) AS count, found[..{_SHOWN}] AS some ORDER BY size(found) = 0, id LIMIT 1
            """,
        )
    return _REQUIRING[name]


def _required(name: str, noun: Noun, relation: Relation, row: dict[str, Any]) -> Conflict:
    if not row["some"]:
        return _still_unread(name, row["id"])
    return Conflict(
        say(
            "{name} {id} cannot be retired: {noun_name} {some} cannot be without it ({relation_name}).",
            name=name,
            id=row["id"],
            noun_name=noun.name,
            some=first_of(row["some"], row["count"]),
            relation_name=relation.name,
        ),
        field="id",
        value=row["id"],
        remedy=say("retire the {plural} first, or in the same request", plural=noun.plural),
        required_by=tuple(row["some"]),
        required_by_count=row["count"],
    )


def _still_unread(name: str, record_id: str) -> Conflict:
    """Refuse without a word of what it is that stands in the way."""
    return Conflict(
        say("{name} {id} cannot be retired: it still has part in something.", name=name, id=record_id),
        field="id",
        value=record_id,
        remedy=say("ask its agency to end all that it has part in first"),
    )


async def _judge(unit: Unit) -> None:
    problems: list[Problem] = []
    for name, ids in unit.touched.items():
        for rule in unit.laws.of(unit.laws.catalogue[name]).afterwards:
            for start in range(0, len(ids), BATCH_ROWS):
                rows = await unit.tx.run(rule.query, ids=sorted(set(ids[start : start + BATCH_ROWS])))
                problems.extend(rule.judge(rows))
    if problems:
        raise refusal(problems)
