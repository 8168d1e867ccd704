"""Change records of one noun: only what is given, only where it differs, each with its history."""

from collections.abc import Mapping, Sequence
from typing import Any

from opsplan.records.check import check_whole
from opsplan.records.declaration import Noun
from opsplan.records.problem import Problem, a, at, refusal
from opsplan.records.search import search_texts
from opsplan.records.writing.create import apply_rules
from opsplan.records.writing.locking import Standing, lock_and_read
from opsplan.records.writing.references import Resolved, ids_in, meet, resolve
from opsplan.records.writing.row import for_history, parted
from opsplan.records.writing.statements import statements_of
from opsplan.records.writing.unit import BATCH_ROWS, ChangeKind, Known, Unit
from opsplan.vocabulary.errors import Conflict, Forbidden, NotFound, VersionConflict
from opsplan.vocabulary.sentences import say

_BESIDE = frozenset({"id", "owner", "expected_version"})


async def change(unit: Unit, noun: Noun, rows: Sequence[Mapping[str, Any]]) -> None:
    """Change a record per row: its ``id``, perhaps the ``expected_version``, and what is to be other than it is.

    A name that is not given stays, None removes. A row that changes nothing leaves version and history alone.

    Raises
    ------
    NotFound, Forbidden, Invalid, VersionConflict, Conflict
        When a record is not there, not the actor's, the values are wrong, the version is another, it was retired.
    """
    unit.may_write(noun)
    if noun.enrolled:
        unit.must_administer(say("change {noun}", noun=a(noun.name)))
    for start in range(0, len(rows), BATCH_ROWS):
        await change_batch(unit, noun, rows[start : start + BATCH_ROWS])


async def change_batch(unit: Unit, noun: Noun, rows: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Change one batch and say of each row whether it changed anything."""
    met = await meet_own(unit, noun, [str(row["id"]) for row in rows])
    owners = [str(known.owner_id) for known in met]
    problems: list[Problem] = []
    await meet(unit, ids_in(noun, rows) | set(owners))
    resolved = await resolve(unit, noun, rows, owners, problems)
    referred = [unit.known[each] for row in resolved for ids in row.ids.values() for each in ids if each in unit.known]
    standing = await lock_and_read(unit, noun, met, referred)
    for row, stands in zip(rows, standing, strict=True):
        expect_version(noun, stands, row.get("expected_version"))
        refuse_retired(noun, stands)
    whole = [_after(noun, row, stands) for row, stands in zip(rows, standing, strict=True)]
    both = [
        Resolved({name: list(ids) for name, ids in (stands.relations | into.ids).items()})
        for stands, into in zip(standing, resolved, strict=True)
    ]
    for row, into in zip(rows, both, strict=True):
        for relation in noun.own_relations:
            if relation.name in row and row[relation.name] is None:
                into.ids[relation.name] = []
    given = [_new_names(noun, row, into, stands) for row, into, stands in zip(rows, both, standing, strict=True)]
    await apply_rules(unit, noun, whole, given, both, owners, problems, is_new=False)
    for place, (row, after, into, stands) in enumerate(zip(rows, whole, both, standing, strict=True)):
        problems.extend(_wrong_in(noun, row, after, into, stands, place if len(rows) > 1 else None))
    if noun.administered and not unit.actor.is_administrator:
        for place, (row, names) in enumerate(zip(rows, given, strict=True)):
            problems.extend(_administered(noun, row, names, place if len(rows) > 1 else None))
    if problems:
        raise refusal(problems)
    return await _store(unit, noun, standing, whole, both)


async def meet_own(unit: Unit, noun: Noun, ids: Sequence[str], *, by_others: bool = False) -> list[Known]:
    """Look up records of a noun that the actor may change: its own, or any where it is allowed to others."""
    await meet(unit, ids)
    met: list[Known] = []
    for record_id in ids:
        known = unit.known.get(record_id)
        if known is None or known.noun != noun.name:
            raise NotFound(
                say("There is no {noun_name} {record_id}.", noun_name=noun.name, record_id=record_id),
                field="id",
                value=record_id,
                remedy=say("give the id of one"),
            )
        if not by_others:
            unit.may_write_for(known.owner_id, noun, record_id)
        met.append(known)
    if len(set(ids)) != len(ids):
        twice = next(each for each in ids if list(ids).count(each) > 1)
        raise Conflict(
            say("{twice} stands twice in one request.", twice=twice),
            field="id",
            value=twice,
            remedy=say("give it once"),
        )
    return met


def expect_version(noun: Noun, stands: Standing, expected: int | None) -> None:
    """Refuse when the record has another version than the caller knows."""
    current = stands.properties.get("version")
    if expected is not None and expected != current:
        record_id = stands.known.record_id
        raise VersionConflict(
            say(
                "{noun_name} {record_id} has version {current}, not {expected}: somebody has changed it.",
                noun_name=noun.name,
                record_id=record_id,
                current=current,
                expected=expected,
            ),
            field="expectedVersion",
            value=expected,
            remedy=say("read it again, then decide"),
            id=record_id,
            current_version=current,
        )


def refuse_retired(noun: Noun, stands: Standing) -> None:
    """Refuse when the record has been retired."""
    if stands.known.retired_at is not None:
        raise Conflict(
            say(
                "{noun_name} {record_id} was retired at {retired_at}.",
                noun_name=noun.name,
                record_id=stands.known.record_id,
                retired_at=stands.known.retired_at,
            ),
            field="id",
            value=stands.known.record_id,
            remedy=say("restore it first"),
        )


def _new_names(noun: Noun, row: Mapping[str, Any], into: Resolved, stands: Standing) -> frozenset[str]:
    """Give the names that the row sets to something else than what stands."""
    relations = {each.name for each in noun.own_relations}
    return frozenset(
        name
        for name, value in row.items()
        if name not in _BESIDE
        and (
            sorted(into.ids.get(name, ())) != stands.relations[name]
            if name in relations
            else value != stands.properties.get(name)
        )
    )


def _administered(noun: Noun, row: Mapping[str, Any], names: frozenset[str], place: int | None) -> list[Problem]:
    """Refuse changes of what only an administrator changes."""
    path = "" if place is None else f"row {place + 1}, "
    what = say("only an administrator changes it: what the agency is entitled to follows from it")
    return [
        Problem(at(path, name), row.get(name), what, say("ask an administrator"), name, place, Forbidden.code)
        for name in sorted(noun.administered & names)
    ]


def _after(noun: Noun, row: Mapping[str, Any], stands: Standing) -> dict[str, Any]:
    relations = {each.name for each in noun.relations}
    given = {name: value for name, value in row.items() if name not in _BESIDE and name not in relations}
    return {**stands.properties, **given}


def _wrong_in(
    noun: Noun, row: Mapping[str, Any], after: Mapping[str, Any], into: Resolved, stands: Standing, place: int | None
) -> list[Problem]:
    path = "" if place is None else f"row {place + 1}, "
    was = stands.properties
    pinned = [
        each.name
        for each in noun.all_properties
        if not each.changeable and each.name in row and row[each.name] != was.get(each.name)
    ] + [
        each.name
        for each in noun.own_relations
        if not each.changeable and each.name in row and sorted(into.ids[each.name]) != stands.relations[each.name]
    ]
    problems = [
        Problem(at(path, name), row[name], say("it is given at creation only"), say("leave it out"), name, place)
        for name in pinned
    ]
    machine = noun.changed_by_state_machine
    if machine and machine in row and row[machine] != was.get(machine):
        problems.append(
            Problem(
                at(path, machine),
                row[machine],
                say("only a step of the state machine moves it"),
                say("leave it out"),
                machine,
                place,
            )
        )
    missing = [each.name for each in noun.all_properties if each.required and after.get(each.name) is None]
    missing += [each.name for each in noun.own_relations if each.required and not into.ids.get(each.name)]
    problems += [
        Problem(at(path, name), None, say("it is required and cannot be removed"), say("give a value"), name, place)
        for name in missing
    ]
    return problems or check_whole(noun, after, path=path)


async def _store(
    unit: Unit,
    noun: Noun,
    standing: Sequence[Standing],
    whole: Sequence[Mapping[str, Any]],
    resolved: Sequence[Resolved],
) -> list[bool]:
    changed: list[bool] = []
    prepared: list[dict[str, Any]] = []
    for stands, after, into in zip(standing, whole, resolved, strict=True):
        now_other = {
            name: value
            for name, value in after.items()
            if value != stands.properties.get(name) and not (value is None and name not in stands.properties)
        }
        moved = {name: ids for name, ids in into.ids.items() if sorted(ids) != sorted(stands.relations.get(name, ()))}
        changed.append(bool(now_other or moved))
        if not changed[-1]:
            continue
        before = for_history(
            {name: stands.properties.get(name) for name in now_other}
            | _shown_relations(noun, {name: stands.relations.get(name, []) for name in moved})
        )
        after_shown = for_history(dict(now_other) | _shown_relations(noun, moved))
        record_id = stands.known.record_id
        unit.note(record_id, noun.name, ChangeKind.CHANGED, before, after_shown)
        if any(each.searched and each.name in now_other for each in noun.all_properties):
            now_other |= search_texts(noun, after)
        prepared.append(_for_statement(unit, noun, stands, now_other, moved))
        unit.touched.setdefault(noun.name, []).append(record_id)
    if prepared:
        await unit.tx.run(statements_of(noun).change, rows=prepared)
    return changed


def _for_statement(
    unit: Unit, noun: Noun, stands: Standing, now_other: Mapping[str, Any], moved: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    properties, points = parted(noun, now_other)
    given = [name for name in statements_of(noun).points if name in now_other]
    for name in given:
        properties.pop(name, None)
    properties |= stamp(unit, stands)
    was = stands.relations
    return {
        "handle": stands.known.handle,
        "properties": properties,
        "points": points,
        "given": given,
        "to": {
            name: [unit.known[each].handle for each in sorted(ids) if each not in was.get(name, ())]
            for name, ids in moved.items()
        },
        "gone": {name: sorted(set(was.get(name, ())) - set(ids)) for name, ids in moved.items()},
    }


def stamp(unit: Unit, stands: Standing) -> dict[str, Any]:
    """Give the standard properties that every change of a record sets."""
    stands.properties["version"] = int(stands.properties.get("version") or 0) + 1
    return {
        "version": stands.properties["version"],
        "changed_at": unit.now,
        "changed_by": unit.actor.subject,
    }


def _shown_relations(noun: Noun, relations: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {
        name: sorted(ids) if noun.relation_named(name).many else next(iter(ids), None)
        for name, ids in relations.items()
    }
