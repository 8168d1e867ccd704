"""Create records of one noun, in batches, in the transaction of a unit of work."""

from collections.abc import Mapping, Sequence
from typing import Any

from opsplan.records.check import check_whole
from opsplan.records.declaration import Noun
from opsplan.records.laws import Draft, Referred
from opsplan.records.problem import Problem, a, at, refusal
from opsplan.records.search import search_texts
from opsplan.records.writing.keys import Taken, refuse_taken
from opsplan.records.writing.locking import lock
from opsplan.records.writing.references import Resolved, ids_in, meet, resolve
from opsplan.records.writing.row import for_history, from_graph, parted, plain
from opsplan.records.writing.statements import statements_of
from opsplan.records.writing.unit import BATCH_ROWS, ChangeKind, Known, Unit
from opsplan.vocabulary.errors import Conflict, Forbidden, Invalid, NotFound
from opsplan.vocabulary.ids import mint, prefix_in
from opsplan.vocabulary.sentences import say

_FEW = 20
"""So many new records are sent with the next statement, which saves small writes a round trip."""
_BESIDE = frozenset({"id", "owner", "expected_version"})


async def create(
    unit: Unit,
    noun: Noun,
    rows: Sequence[Mapping[str, Any]],
    *,
    owner_id: str | None = None,
    known_new: bool = False,
    on_behalf: bool = False,
) -> list[str]:
    """Create a record per row and give their ids, in the order of the rows.

    A row may name its owner (column ``owner``: id or key of an agency); else it is `owner_id`, else the actor's
    agency. An administrator may give the ``id`` of a record that is to be restored from an export. `known_new` says
    that the caller has just found no record with the rows' keys and external ids. `on_behalf` lets the actor create
    what belongs to others: the caller has seen to it that this is right, as for an invitation.

    Raises
    ------
    Forbidden
        When the actor may not write for that owner, or lacks the authority that a relation asks for.
    Invalid
        When values are missing or references wrong; all problems stand in its facts.
    Conflict
        When a record with that id, key or external id is there already.
    """
    unit.may_write(noun)
    if noun.owns_itself:
        unit.must_administer(say("create {noun}, as it owns itself", noun=a(noun.name)))
    if noun.enrolled:
        unit.must_administer(say("register {noun}", noun=a(noun.name)))
    ids: list[str] = []
    for start in range(0, len(rows), BATCH_ROWS):
        batch = rows[start : start + BATCH_ROWS]
        ids.extend(await _create_batch(unit, noun, batch, owner_id, known_new=known_new, on_behalf=on_behalf))
    return ids


async def _create_batch(
    unit: Unit,
    noun: Noun,
    rows: Sequence[Mapping[str, Any]],
    owner_id: str | None,
    *,
    known_new: bool,
    on_behalf: bool,
) -> list[str]:
    ids = [_own_id(unit, noun, row) for row in rows]
    default_owner = owner_id or unit.actor.agency_id
    taken = Taken(unit, noun, () if known_new else rows, default_owner)
    await meet(unit, ids_in(noun, rows) | ({default_owner} if default_owner else set()))
    await _refuse_taken_ids(unit, [record_id for record_id, row in zip(ids, rows, strict=True) if row.get("id")])
    owners = ids if noun.owns_itself else await owners_of(unit, noun, rows, owner_id, on_behalf=on_behalf)
    problems: list[Problem] = []
    resolved = await resolve(unit, noun, rows, owners, problems)
    whole = [_with_defaults(noun, row) for row in rows]
    given = [frozenset(row) for row in rows]
    await apply_rules(unit, noun, whole, given, resolved, owners, problems, is_new=True, on_behalf=on_behalf)
    for place, (row, into) in enumerate(zip(whole, resolved, strict=True)):
        problems.extend(_wrong_in(noun, row, into, place if len(rows) > 1 else None))
        problems.extend(_state_given(noun, rows[place], place if len(rows) > 1 else None))
    if problems:
        raise refusal(problems)
    if not known_new:
        await refuse_taken(unit, noun, rows, owners, taken)
    if noun.committed_with_keys:
        entire = [{**row, **_ids_as_given(noun, into)} for row, into in zip(whole, resolved, strict=True)]
        for look in unit.laws.ahead:
            await look(unit, noun, owners, entire)
    await _store(unit, noun, ids, owners, whole, resolved)
    return ids


def _own_id(unit: Unit, noun: Noun, row: Mapping[str, Any]) -> str:
    given = row.get("id")
    if given is None:
        return mint(noun.name)
    if not unit.actor.is_administrator:
        raise Forbidden(
            say("The server makes the ids of new records."), field="id", value=given, remedy=say("leave the id out")
        )
    return str(given)


async def _refuse_taken_ids(unit: Unit, ids: Sequence[str]) -> None:
    await meet(unit, ids)
    for each in ids:
        if each in unit.known:
            raise Conflict(
                say("There is already a record {each}.", each=each),
                field="id",
                value=each,
                remedy=say("change that record"),
            )


async def owners_of(
    unit: Unit, noun: Noun, rows: Sequence[Mapping[str, Any]], owner_id: str | None, *, on_behalf: bool = False
) -> list[str]:
    """Give the owner of each new row, and refuse an actor who may not write for it unless it is done `on_behalf`."""
    named: dict[str, str] = {}
    for given in {row["owner"] for row in rows if row.get("owner")}:
        named[given] = given if prefix_in(given) == "agency" else await _agency_by_code(unit, given)
    default = owner_id or unit.actor.agency_id
    owners: list[str] = []
    for row in rows:
        owner = named[row["owner"]] if row.get("owner") else default
        if owner is None:
            raise Invalid(
                say("owner: nobody is named to own the record; name an agency, or act for one"),
                field="owner",
                remedy=say("give the owner, such as KH-NCB"),
            )
        owners.append(owner)
    await meet(unit, set(owners))
    for owner in sorted(set(owners)):
        known = unit.known.get(owner)
        if known is None or known.noun != "Agency":
            raise NotFound(
                say("There is no agency {owner}.", owner=owner),
                field="owner",
                value=owner,
                remedy=say("name an existing agency"),
            )
        if not on_behalf:
            unit.may_write_for(owner, noun)
        if known.retired_at is not None:
            raise Invalid(
                say(
                    "owner: agency {owner} was retired at {retired_at}; name an agency in force",
                    owner=owner,
                    retired_at=known.retired_at,
                ),
                field="owner",
                value=owner,
            )
        unit.required.add(owner)
    return owners


async def _agency_by_code(unit: Unit, code: str) -> str:
    rows = await unit.tx.run("MATCH (n:Agency {code: $code}) RETURN n.id AS id", code=code)
    if not rows:
        raise NotFound(
            say("There is no agency {code}.", code=code),
            field="owner",
            value=code,
            remedy=say("name an existing agency"),
        )
    return str(rows[0]["id"])


def _with_defaults(noun: Noun, row: Mapping[str, Any]) -> dict[str, Any]:
    whole = {name: value for name, value in row.items() if value is not None and name not in _BESIDE}
    for each in noun.all_properties:
        if each.default is not None and each.name not in whole:
            whole[each.name] = plain(each.default)
    return whole


async def apply_rules(
    unit: Unit,
    noun: Noun,
    whole: Sequence[dict[str, Any]],
    given: Sequence[frozenset[str]],
    resolved: Sequence[Resolved],
    owners: Sequence[str],
    problems: list[Problem],
    *,
    is_new: bool,
    on_behalf: bool = False,
) -> None:
    """Let the noun's rules fill in values of whole rows, references in `resolved` included."""
    rules = unit.laws.of(noun)
    if rules.fill is None or problems:
        return
    looked_up = await look_up(
        unit, {each for row in resolved for name in rules.looks_up for each in row.ids.get(name, ())}
    )
    filled_references: list[dict[str, Any]] = []
    for place, (row, names, into, owner_id) in enumerate(zip(whole, given, resolved, owners, strict=True)):
        referred: Referred = {
            name: [looked_up[each] for each in into.ids.get(name, ()) if each in looked_up] for name in rules.looks_up
        }
        with_ids = {**row, **_ids_as_given(noun, into)}
        values, wrong = rules.fill(Draft(with_ids, names, referred, is_new, owner_id, on_behalf))
        for each in wrong:
            field = at(f"row {place + 1}, " if len(whole) > 1 else "", each.field)
            problems.append(Problem(field, each.value, each.message, each.remedy, each.field, place))
        relations = {each.name for each in noun.own_relations}
        filled_references.append({name: value for name, value in values.items() if name in relations})
        for name, value in values.items():
            if name not in relations:
                row[name] = value
    found = await resolve(unit, noun, filled_references, owners, problems)
    for into, more, references in zip(resolved, found, filled_references, strict=True):
        for name, value in references.items():
            into.ids[name] = more.ids.get(name, []) if value is not None else []


def _ids_as_given(noun: Noun, into: Resolved) -> dict[str, Any]:
    return {name: ids if noun.relation_named(name).many else ids[0] if ids else None for name, ids in into.ids.items()}


async def look_up(unit: Unit, ids: set[str]) -> dict[str, dict[str, Any]]:
    """Give records by id as stored values: properties, and ids by own relation."""
    await meet(unit, ids)
    found: dict[str, dict[str, Any]] = {}
    by_noun: dict[str, list[Known]] = {}
    for each in sorted(ids):
        if each in unit.known:
            by_noun.setdefault(unit.known[each].noun, []).append(unit.known[each])
    for name, met in by_noun.items():
        noun = unit.laws.catalogue[name]
        handles = {known.handle: known.record_id for known in met}
        for row in await unit.tx.run(statements_of(noun).read, handles=list(handles)):
            found[handles[row["handle"]]] = {**from_graph(row["properties"]), **row["relations"]}
    return found


def _wrong_in(noun: Noun, row: Mapping[str, Any], into: Resolved, place: int | None) -> list[Problem]:
    path = "" if place is None else f"row {place + 1}, "
    missing = [each.name for each in noun.all_properties if each.required and row.get(each.name) is None]
    missing += [each.name for each in noun.own_relations if each.required and not into.ids.get(each.name)]
    problems = [
        Problem(at(path, name), None, say("it is required and missing"), say("give it"), name, place)
        for name in missing
    ]
    return problems or check_whole(noun, row, path=path)


def _state_given(noun: Noun, row: Mapping[str, Any], place: int | None) -> list[Problem]:
    """Refuse a state for what is new; a record that is restored by its id keeps the one that it had."""
    name = noun.changed_by_state_machine
    if name is None or row.get(name) is None or row.get("id"):
        return []
    path = "" if place is None else f"row {place + 1}, "
    what = say("a new record begins its course; only one that is restored by its id keeps a state")
    return [
        Problem(at(path, name), row[name], what, say("leave it out, and move the record step by step"), name, place)
    ]


async def _store(
    unit: Unit,
    noun: Noun,
    ids: Sequence[str],
    owners: Sequence[str],
    whole: Sequence[Mapping[str, Any]],
    resolved: Sequence[Resolved],
) -> None:
    met = [unit.known[each] for row in resolved for referred in row.ids.values() for each in referred]
    lock(unit, met)
    prepared: list[tuple[tuple[str, str], dict[str, Any]]] = []
    for record_id, owner_id, row, into in zip(ids, owners, whole, resolved, strict=True):
        exercise = bool(row.get("exercise", False)) if noun.owns_itself else bool(unit.known[owner_id].exercise)
        properties, points = parted(noun, row)
        properties = {name: value for name, value in properties.items() if value is not None}
        properties |= {"id": record_id, **unit.standard_of_new(owner_id, exercise=exercise)}
        properties |= {name: text for name, text in search_texts(noun, row).items() if text is not None}
        to = {name: [unit.known[each].handle for each in referred] for name, referred in into.ids.items()}
        # Sorted by what is unique, so that two writers of the same external ids wait for each other in one order.
        order = (str(properties.get("external_id") or ""), record_id)
        prepared.append((order, {"properties": properties, "points": points, "to": to}))
        after = for_history({**properties, **points, **_ids_as_given(noun, into)})
        unit.note(record_id, noun.name, ChangeKind.CREATED, None, after)
    prepared.sort(key=lambda each: each[0])
    created = unit.tx.ask(statements_of(noun).create, rows=[each for _, each in prepared])
    if len(prepared) > _FEW:
        # Batches do not wait for each other in memory.
        await created.rows()
    unit.touched.setdefault(noun.name, []).extend(ids)
