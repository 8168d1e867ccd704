"""From references as given (ids, keys, external ids) to records in the graph; whether the writer may refer to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from opsplan.graph.query import Mode, Query
from opsplan.records.declaration import Authority, Noun, Relation
from opsplan.records.problem import Problem, at, either
from opsplan.records.writing.keys import by_key, match_external_id
from opsplan.records.writing.unit import BATCH_ROWS, Known, Unit
from opsplan.vocabulary.errors import Forbidden, Invalid
from opsplan.vocabulary.ids import prefix_in
from opsplan.vocabulary.sentences import Sentence, say

MEET = Query(
    "records.meet",
    Mode.READ,
    """
    CALL () {
      UNWIND $records AS id
      MATCH (n:Record {id: id})
      RETURN n, [each IN labels(n) WHERE NOT each IN ['Record', 'Retired']][0] AS noun
      UNION ALL
      UNWIND $references AS id
      MATCH (n:Reference {id: id})
      RETURN n, [each IN labels(n) WHERE each <> 'Reference'][0] AS noun
    }
    RETURN n.id AS id, elementId(n) AS handle, noun, n.owner_id AS owner_id, n.exercise AS exercise,
           n.retired_at AS retired_at
    """,
)
COORDINATORS = Query(
    "records.coordinators",
    Mode.READ,
    """
    UNWIND $handles AS handle
    MATCH (n) WHERE elementId(n) = handle
    RETURN handle, [(n)-[:COORDINATED_BY]->(agency) | agency.id] AS coordinators
    """,
)


@dataclass(slots=True)
class Resolved:
    """One row whose references are resolved: ids by relation name, in the order given."""

    ids: dict[str, list[str]] = field(default_factory=dict)


async def meet(unit: Unit, ids: Iterable[str]) -> None:
    """Look up records by id, those not met before; ids that are nobody's stay unknown."""
    new = sorted({each for each in ids if each not in unit.known})
    for start in range(0, len(new), BATCH_ROWS):
        batch = new[start : start + BATCH_ROWS]
        records = [each for each in batch if prefix_in(each) not in unit.laws.system_prefixes]
        references = [each for each in batch if prefix_in(each) in unit.laws.system_prefixes]
        for row in await unit.tx.run(MEET, records=records, references=references):
            unit.known[row["id"]] = Known(
                row["handle"], row["id"], row["noun"], row["owner_id"], row["exercise"], row["retired_at"]
            )


def ids_in(noun: Noun, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """Give the ids among the references of rows, so that all can be looked up at once."""
    found: set[str] = set()
    for relation in noun.own_relations:
        for row in rows:
            given = row.get(relation.name)
            for text in () if given is None else given if isinstance(given, list | tuple) else (given,):
                if prefix_in(text) is not None:
                    found.add(text)
    return found


async def resolve(
    unit: Unit, noun: Noun, rows: Sequence[Mapping[str, Any]], owners: Sequence[str], problems: list[Problem]
) -> list[Resolved]:
    """Resolve the references of rows of one noun, whose records belong to `owners`, and judge each.

    Problems are added for references to nothing, to another kind of record, to what has been retired, to the other
    world (exercise or live), and where the actor lacks the authority that the relation asks for.
    """
    relations = [each for each in noun.own_relations if any(row.get(each.name) is not None for row in rows)]
    await _find_keys(unit, relations, rows, owners)
    resolved = [Resolved() for _ in rows]
    for relation in relations:
        for row, owner_id, into in zip(rows, owners, resolved, strict=True):
            given = row.get(relation.name)
            if given is not None:
                texts = given if isinstance(given, list | tuple) else (given,)
                into.ids[relation.name] = [(_ids_of(unit, relation, text, owner_id) or [text])[0] for text in texts]
    await meet(unit, (each for row in resolved for ids in row.ids.values() for each in ids if prefix_in(each)))
    await _meet_coordinators(unit, relations, resolved)
    many = len(rows) > 1
    for relation in relations:
        for place, (row, owner_id, into) in enumerate(zip(rows, owners, resolved, strict=True)):
            given = row.get(relation.name)
            texts = given if isinstance(given, list | tuple) else (given,)
            for text, record_id in zip(texts, into.ids.get(relation.name, ()), strict=False):
                several = len(relation.targets) > 1 and _of_several(text, _ids_of(unit, relation, text, owner_id))
                wrong = several or _judge(unit, noun, relation, record_id, owner_id)
                if wrong:
                    name = at(f"row {place + 1}, " if many else "", relation.name)
                    problems.append(Problem(name, given, wrong.message, wrong.remedy, relation.name, place, wrong.code))
                elif relation.required:
                    unit.required.add(record_id)
    return resolved


def _ids_of(unit: Unit, relation: Relation, text: str, owner_id: str) -> list[str]:
    """Give the records that a reference may mean: several where an external id stands in several nouns."""
    if prefix_in(text) is not None:
        return [text]
    owner = owner_id if text.startswith("/") else ""
    keys = ((target, owner, text) for target in relation.targets)
    return [unit.keys[key] for key in keys if unit.keys.get(key) is not None]


def _of_several(text: str, found: Sequence[str]) -> "_Wrong | None":
    if len(found) < 2:
        return None
    return _Wrong(
        say("{text!r} names several records: {found}", text=text, found=list(found)),
        say("give the id of the one that is meant"),
    )


async def _find_keys(
    unit: Unit, relations: Sequence[Relation], rows: Sequence[Mapping[str, Any]], owners: Sequence[str]
) -> None:
    """Find the ids of keys (``KH-NCB``) and external ids (``KH-NCB/17``, ``/17``) not looked up before."""
    wanted: set[tuple[str, str, str]] = set()
    for relation in relations:
        for row, owner_id in zip(rows, owners, strict=True):
            given = row.get(relation.name)
            for text in () if given is None else given if isinstance(given, list | tuple) else (given,):
                if prefix_in(text) is None:
                    owner = owner_id if text.startswith("/") else ""
                    wanted.update((target, owner, text) for target in relation.targets)
    new = sorted(each for each in wanted if each not in unit.keys)
    for target in sorted({each[0] for each in new}):
        noun = unit.laws.catalogue[target]
        if noun.system:
            continue
        keys = [each[2] for each in new if each[0] == target and "/" not in each[2]]
        if noun.key and keys:
            for row in await unit.tx.run(by_key(noun), keys=keys):
                unit.keys[target, "", row["key"]] = row["id"]
        await _find_external(unit, noun, [each for each in new if each[0] == target and "/" in each[2]])


async def _find_external(unit: Unit, noun: Noun, wanted: Sequence[tuple[str, str, str]]) -> None:
    pairs = []
    for _, owner_id, text in wanted:
        agency, _, external_id = text.partition("/")
        pairs.append({"text": text, "owner_id": owner_id, "agency": agency, "external_id": external_id})
    for start in range(0, len(pairs), BATCH_ROWS):
        batch = pairs[start : start + BATCH_ROWS]
        for row in await unit.tx.run(_by_external_id(unit, noun), pairs=batch, **unit.reader_of(noun)):
            unit.keys[noun.name, row["owner_id"], row["text"]] = row["id"]


_QUERIES: dict[str, Query] = {}


def _by_external_id(unit: Unit, noun: Noun) -> Query:
    # Whoever guesses what another agency calls its work must not learn from it that there is such work.
    readable = unit.readable(noun, "n")
    name = f"records.by_external_id_{noun.name}{'_for_reader' if readable else ''}"
    if name not in _QUERIES:
        condition = "" if readable is None else f"WHERE {readable}"
        _QUERIES[name] = Query(
            name,
            Mode.READ,
            f"""
            UNWIND $pairs AS pair
            OPTIONAL MATCH (agency:Agency {{code: pair.agency}})
            WITH pair, CASE WHEN pair.owner_id = '' THEN agency.id ELSE pair.owner_id END AS owner_id
            {match_external_id(noun, "owner_id", "pair.external_id")}
            {condition}
            RETURN pair.text AS text, pair.owner_id AS owner_id, n.id AS id
            """,
        )
    return _QUERIES[name]


async def _meet_coordinators(unit: Unit, relations: Sequence[Relation], resolved: Sequence[Resolved]) -> None:
    if unit.actor.is_administrator:
        return
    names = [each.name for each in relations if each.authority is Authority.COORDINATOR]
    found = {each for row in resolved for name in names for each in row.ids.get(name, ())}
    met = [unit.known[each] for each in sorted(found) if each in unit.known]
    new = {each.handle: each for each in met if each.coordinators is None}
    if new:
        for row in await unit.tx.run(COORDINATORS, handles=list(new)):
            new[row["handle"]].coordinators = frozenset(row["coordinators"])


@dataclass(frozen=True, slots=True)
class _Wrong:
    message: Sentence
    remedy: Sentence
    code: str = Invalid.code


def _judge(unit: Unit, noun: Noun, relation: Relation, record_id: str, owner_id: str) -> _Wrong | None:
    """Give what is wrong with a reference, or None."""
    known = unit.known.get(record_id)
    what = either(relation.targets, say("other record"))
    if known is None:
        return _Wrong(
            say("there is no {kinds} {reference!r}", kinds=what, reference=record_id),
            say("give the id of an existing record"),
        )
    if known.noun not in relation.targets:
        return _Wrong(
            say("{record_id} is a {known_noun}", record_id=record_id, known_noun=known.noun),
            say("give the id of a {kinds}", kinds=what),
        )
    if known.is_reference:
        return None
    if known.retired_at is not None:
        return _Wrong(
            say("{record_id} was retired at {retired_at}", record_id=record_id, retired_at=known.retired_at),
            say("give a record that is in force"),
        )
    owner = unit.known.get(owner_id)
    if owner is not None and known.exercise is not owner.exercise:
        theirs, ours = say("EXERCISE data"), say("live data")
        if not known.exercise:
            theirs, ours = ours, theirs
        return _Wrong(
            say(
                "{record_id} is {theirs} and this {noun_name} is {ours}",
                record_id=record_id,
                theirs=theirs,
                noun_name=noun.name,
                ours=ours,
            ),
            say("refer to records of the same world"),
        )
    return _lacks_authority(unit, relation, known)


def _lacks_authority(unit: Unit, relation: Relation, known: Known) -> _Wrong | None:
    actor = unit.actor
    if actor.is_administrator or relation.authority is Authority.ANYONE or known.owner_id == actor.agency_id:
        return None
    if relation.authority is Authority.COORDINATOR:
        if actor.agency_id in (known.coordinators or ()):
            return None
        what = say("your agency does not coordinate {record_id}", record_id=known.record_id)
        return _Wrong(what, say("ask its owner to make your agency a coordinator"), Forbidden.code)
    return _Wrong(
        say("your agency does not own {record_id}", record_id=known.record_id),
        say("ask its owner to enter this"),
        Forbidden.code,
    )
