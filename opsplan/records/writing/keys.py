"""Records found by what is unique about them beside their id: a noun's key, or owner and external id."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from opsplan.graph.query import Mode, Query
from opsplan.graph.transaction import Asked
from opsplan.records.declaration import Noun
from opsplan.records.problem import at
from opsplan.records.writing.unit import Unit
from opsplan.vocabulary.errors import Conflict
from opsplan.vocabulary.sentences import say

Pair: TypeAlias = tuple[str, str]
"""Id of an owner, and an external id."""

_QUERIES: dict[str, Query] = {}


async def ids_by_key(unit: Unit, noun: Noun, keys: Sequence[str]) -> dict[str, str]:
    """Give the ids of records by their keys, for those that there are."""
    if not noun.key or not keys:
        return {}
    rows = await unit.tx.run(by_key(noun), keys=sorted(set(keys)))
    return {row["key"]: row["id"] for row in rows}


async def ids_by_external_id(unit: Unit, noun: Noun, pairs: Sequence[Pair]) -> dict[Pair, str]:
    """Give the ids of records by owner and external id, for those that there are."""
    return _ids_of(await ask_by_external_id(unit, noun, pairs).mappings()) if pairs else {}


def ask_by_external_id(unit: Unit, noun: Noun, pairs: Sequence[Pair]) -> Asked:
    """Ask for the ids of records by owner and external id; the answer comes with what is read next."""
    wanted = [{"owner_id": owner, "external_id": external_id} for owner, external_id in sorted(set(pairs))]
    return unit.tx.ask(_by_external_id(noun), pairs=wanted)


def _ids_of(rows: Sequence[Mapping[str, Any]]) -> dict[Pair, str]:
    return {(row["owner_id"], row["external_id"]): row["id"] for row in rows}


class Taken:
    """What was asked early of who has the external ids of new rows, if all of them are their owner's to be.

    Parameters
    ----------
    owner_id
        Whose those rows are that name no owner.
    """

    def __init__(self, unit: Unit, noun: Noun, rows: Sequence[Mapping[str, Any]], owner_id: str | None) -> None:
        named = sorted({str(row["external_id"]) for row in rows if row.get("external_id") and not row.get("owner")})
        self._pairs = frozenset((owner_id, each) for each in named) if owner_id else frozenset()
        pairs = [(owner_id, each) for each in named] if owner_id else []
        self._asked = ask_by_external_id(unit, noun, pairs) if pairs else None

    async def ids(self, unit: Unit, noun: Noun, pairs: Sequence[Pair]) -> dict[Pair, str]:
        """Give the ids of records by owner and external id; they are asked for now where they were not before."""
        if self._asked is None or not self._pairs.issuperset(pairs):
            return await ids_by_external_id(unit, noun, pairs)
        return _ids_of(await self._asked.mappings())


async def refuse_taken(
    unit: Unit, noun: Noun, rows: Sequence[Mapping[str, Any]], owners: Sequence[str], taken: Taken
) -> None:
    """Refuse new rows whose key or external id another record has, or another row before them.

    Raises
    ------
    Conflict
        Naming the field, the value, and the record that has it. Two writers at once are told apart by the graph's
        own constraints, in fewer words.
    """
    keys = [(place, str(row[noun.key])) for place, row in enumerate(rows) if noun.key and row.get(noun.key)]
    pairs = [
        (place, (owner, str(row["external_id"])))
        for place, (row, owner) in enumerate(zip(rows, owners, strict=True))
        if row.get("external_id")
    ]
    seen: set[Any] = set()
    by_key = await ids_by_key(unit, noun, [key for _, key in keys])
    for place, key in keys:
        if key in by_key or key in seen:
            raise _taken(noun, str(noun.key), key, by_key.get(key), place if len(rows) > 1 else None)
        seen.add(key)
    by_pair = await taken.ids(unit, noun, [pair for _, pair in pairs])
    for place, pair in pairs:
        if pair in by_pair or pair in seen:
            raise _taken(noun, "external_id", pair[1], by_pair.get(pair), place if len(rows) > 1 else None)
        seen.add(pair)


def _taken(noun: Noun, name: str, value: str, record_id: str | None, place: int | None) -> Conflict:
    field = name if place is None else at(f"row {place + 1}, ", name)
    holder = say("{noun} {record_id}", noun=noun.name, record_id=record_id) if record_id else say("another row")
    return Conflict(
        say(
            "{field}: {holder} has the {key} '{value}' already.",
            field=field,
            holder=holder,
            key=name.replace("_", " "),
            value=value,
        ),
        field=field,
        value=value,
        remedy=say("change that record, or choose another"),
        id=record_id,
    )


def match_external_id(noun: Noun, owner_id: str, external_id: str) -> str:
    """Give the Cypher that finds record `n` by two expressions: its owner's id and its external id.

    The index is named: where the planner knows of few records, as throughout the first load of a graph, it may take the
    one over owners alone, and then look at all that the agency owns for every single row.
    """
    return (
        f"MATCH (n:{noun.label} {{owner_id: {owner_id}, external_id: {external_id}}}) "
        f"USING INDEX SEEK n:{noun.label}(owner_id, external_id)"
    )


def by_key(noun: Noun) -> Query:
    """Give the query for ids by `$keys`."""
    name = f"records.by_own_key_{noun.name}"
    if name not in _QUERIES:
        _QUERIES[name] = Query(
            name, Mode.READ, f"UNWIND $keys AS key MATCH (n:{noun.label} {{{noun.key}: key}}) RETURN key, n.id AS id"
        )
    return _QUERIES[name]


def _by_external_id(noun: Noun) -> Query:
    name = f"records.by_own_external_id_{noun.name}"
    if name not in _QUERIES:
        _QUERIES[name] = Query(
            name,
            Mode.READ,
            f"UNWIND $pairs AS pair {match_external_id(noun, 'pair.owner_id', 'pair.external_id')} "
            "RETURN n.owner_id AS owner_id, n.external_id AS external_id, n.id AS id",
        )
    return _QUERIES[name]
