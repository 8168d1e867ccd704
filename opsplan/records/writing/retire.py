"""Retire records, and bring them back: a record is never deleted by its users, it goes out of force."""

from collections.abc import Sequence

from opsplan.graph.query import Mode, Query
from opsplan.records.declaration import Noun
from opsplan.records.problem import a
from opsplan.records.writing.change import expect_version, meet_own, refuse_retired, stamp
from opsplan.records.writing.locking import lock_and_read
from opsplan.records.writing.references import meet
from opsplan.records.writing.unit import BATCH_ROWS, ChangeKind, Unit
from opsplan.vocabulary.errors import Conflict
from opsplan.vocabulary.sentences import say

_RETIRE = Query(
    "records.retire",
    Mode.WRITE,
    "UNWIND $rows AS row MATCH (n) WHERE elementId(n) = row.handle SET n += row.properties SET n:Retired",
)
_RESTORE = Query(
    "records.restore",
    Mode.WRITE,
    "UNWIND $rows AS row MATCH (n) WHERE elementId(n) = row.handle SET n += row.properties REMOVE n:Retired",
)


async def retire(unit: Unit, noun: Noun, ids: Sequence[tuple[str, int | None]], reason: str | None = None) -> None:
    """Take records out of force; each with the version that the caller knows, or None.

    Whether records in force still require one of them is told when the write ends, so that a record and those that
    require it can be retired together, in any order.

    Raises
    ------
    NotFound, Forbidden, VersionConflict, Conflict
        When one is not there, not the actor's, has another version, or has been retired before.
    """
    unit.may_write(noun)
    for start in range(0, len(ids), BATCH_ROWS):
        await _retire_batch(unit, noun, ids[start : start + BATCH_ROWS], reason)


async def _retire_batch(unit: Unit, noun: Noun, ids: Sequence[tuple[str, int | None]], reason: str | None) -> None:
    met = await meet_own(unit, noun, [record_id for record_id, _ in ids])
    rows = []
    for stands, (record_id, expected) in zip(await lock_and_read(unit, noun, met), ids, strict=True):
        expect_version(noun, stands, expected)
        refuse_retired(noun, stands)
        properties = {"retired_at": unit.now, **stamp(unit, stands)}
        rows.append({"handle": stands.known.handle, "properties": properties})
        unit.note(
            record_id, noun.name, ChangeKind.RETIRED, {"retired_at": None}, {"retired_at": unit.now}, reason=reason
        )
        stands.known.retired_at = unit.now
        unit.retired.setdefault(noun.name, []).append(record_id)
    await unit.tx.run(_RETIRE, rows=rows)


async def restore(unit: Unit, noun: Noun, ids: Sequence[tuple[str, int | None]], reason: str | None = None) -> None:
    """Bring retired records back into force; what they require must be in force.

    Raises
    ------
    NotFound, Forbidden, VersionConflict, Conflict
        As `retire`; `Conflict` when one is in force.
    """
    unit.may_write(noun)
    if noun.enrolled:
        unit.must_administer(say("restore {noun}", noun=a(noun.name)))
    for start in range(0, len(ids), BATCH_ROWS):
        await _restore_batch(unit, noun, ids[start : start + BATCH_ROWS], reason)


async def _restore_batch(unit: Unit, noun: Noun, ids: Sequence[tuple[str, int | None]], reason: str | None) -> None:
    met = await meet_own(unit, noun, [record_id for record_id, _ in ids])
    required = [relation.name for relation in noun.own_relations if relation.required]
    rows = []
    standing = await lock_and_read(unit, noun, met)
    needed = {each for stands in standing for name in required for each in stands.relations[name]}
    await meet(unit, needed)
    unit.required.update(needed)
    for stands, (record_id, expected) in zip(standing, ids, strict=True):
        expect_version(noun, stands, expected)
        if stands.known.retired_at is None:
            raise Conflict(
                say("{noun_name} {record_id} is in force.", noun_name=noun.name, record_id=record_id),
                field="id",
                value=record_id,
                remedy=say("leave it as it is"),
            )
        properties = {"retired_at": None, **stamp(unit, stands)}
        rows.append({"handle": stands.known.handle, "properties": properties})
        before = {"retired_at": stands.known.retired_at}
        unit.note(record_id, noun.name, ChangeKind.RESTORED, before, {"retired_at": None}, reason=reason)
        stands.known.retired_at = None
        unit.touched.setdefault(noun.name, []).append(record_id)
    await unit.tx.run(_RESTORE, rows=rows)
