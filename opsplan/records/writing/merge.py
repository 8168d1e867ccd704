"""Merge two records that turn out to be one, and undo it: what a merge has moved is kept in its change record.

A noun whose records can be merged has a relation ``merged_into`` to itself. The merged record goes out of force; every
reference to it, whoever entered it, refers to the other from then on; its names become aliases of the other. A
record that joins the two (a link from one to the other) would join one to itself, so it goes out of force instead.

Undoing takes all of it back: merging and undoing leaves the graph as it was, but for versions and history. What
was changed between is respected: a reference that somebody has moved elsewhere since stays there, an alias that
somebody has removed stays away, what was entered since on the record that stayed remains there. Merges into one
record are undone in the reverse order, because a later one may have met what an earlier one had moved.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from opsplan.records.declaration import Noun, Relation
from opsplan.records.writing.change import change, expect_version, meet_own, refuse_retired
from opsplan.records.writing.locking import Standing, lock_and_read
from opsplan.records.writing.merge_statements import (
    BRING_BACK,
    LATER_MERGES,
    LATEST_MERGE,
    end_joining,
    move_back,
    move_references,
)
from opsplan.records.writing.retire import restore, retire
from opsplan.records.writing.unit import ChangeKind, Unit
from opsplan.vocabulary.errors import Conflict, Invalid
from opsplan.vocabulary.sentences import say

MERGED_INTO = "merged_into"
"""The relation that a noun must have for its records to be merged."""


async def merge(
    unit: Unit,
    noun: Noun,
    into_id: str,
    merged_id: str,
    *,
    into_version: int | None = None,
    merged_version: int | None = None,
    reason: str,
) -> None:
    """Make one record of two: `merged_id` goes out of force, and all that refers to it refers to `into_id`.

    Raises
    ------
    Invalid
        If both are one and the same, or the aliases would be too many.
    NotFound, Forbidden, VersionConflict, Conflict
        As for a change of either; both must be the actor's.
    """
    unit.may_write(noun)
    if into_id == merged_id:
        raise Invalid(
            say("{merged_id} cannot be merged into itself.", merged_id=merged_id),
            field="merged_id",
            value=merged_id,
            remedy=say("give the ids of two {plural}", plural=noun.plural),
        )
    into, merged = await lock_and_read(unit, noun, await meet_own(unit, noun, [into_id, merged_id]))
    for stands, version in ((into, into_version), (merged, merged_version)):
        expect_version(noun, stands, version)
        refuse_retired(noun, stands)
    aliases = _aliases_to_add(into, merged)
    more = {
        each.name: [one for one in merged.relations[each.name] if one not in into.relations[each.name]]
        for each in noun.own_relations
        if each.many and each.entered
    }
    gained = {name: [*into.relations[name], *ids] for name, ids in more.items() if ids}
    if aliases:
        gained["aliases"] = [*into.properties.get("aliases", ()), *aliases]
        _refuse_too_many(noun, gained["aliases"])
    memory = {
        MERGED_INTO: into_id,
        "aliases_added": aliases,
        "had_aliases": "aliases" in into.properties,
        "relations_added": {name: ids for name, ids in more.items() if ids},
        "ended": await _end_what_joins_them(unit, noun, into_id, merged_id),
        "moved": await _move_references(unit, noun, into_id, merged_id),
    }
    await change(unit, noun, [{"id": into_id, **gained}, {"id": merged_id, MERGED_INTO: into_id}])
    await retire(unit, noun, [(merged_id, None)], reason)
    unit.note(merged_id, noun.name, ChangeKind.MERGED, None, memory, reason=reason)


async def undo_merge(unit: Unit, noun: Noun, merged_id: str, *, merged_version: int | None = None, reason: str) -> str:
    """Bring a merged record back with all that was moved and has not been changed since; give the id of the other.

    Raises
    ------
    Conflict
        If it was not merged, if the record that stayed is out of force, or if a later merge must be undone first.
    NotFound, Forbidden, VersionConflict
        As for a change of it.
    """
    unit.may_write(noun)
    (merged,) = await lock_and_read(unit, noun, await meet_own(unit, noun, [merged_id]))
    expect_version(noun, merged, merged_version)
    found = await unit.tx.single(LATEST_MERGE, id=merged_id)
    if found is None or not merged.relations[MERGED_INTO]:
        raise Conflict(
            say("{noun_name} {merged_id} was not merged into another.", noun_name=noun.name, merged_id=merged_id),
            field="merged_id",
            value=merged_id,
            remedy=say("give the id of a {noun_name} that was", noun_name=noun.name),
        )
    memory = orjson.loads(found["after"])
    into_id = str(memory[MERGED_INTO])
    await _refuse_later(unit, into_id, int(found["number"]))
    (into,) = await lock_and_read(unit, noun, await meet_own(unit, noun, [into_id]))
    refuse_retired(noun, into)
    await restore(unit, noun, [(merged_id, None)], reason)
    for part in memory["moved"]:
        await _move_back(unit, part, into_id, merged_id)
    for part in memory["ended"]:
        await _bring_back(unit, part)
    lost: dict[str, Any] = {
        name: [each for each in into.relations[name] if each not in ids]
        for name, ids in memory["relations_added"].items()
    }
    if memory["aliases_added"]:
        left = [each for each in into.properties.get("aliases", ()) if each not in memory["aliases_added"]]
        lost["aliases"] = left if left or memory["had_aliases"] else None
    await change(unit, noun, [{"id": into_id, **lost}, {"id": merged_id, MERGED_INTO: None}])
    return into_id


def _aliases_to_add(into: Standing, merged: Standing) -> list[str]:
    known = {into.properties["name"], *into.properties.get("aliases", ())}
    names = [merged.properties["name"], *merged.properties.get("aliases", ())]
    return [each for each in dict.fromkeys(names) if each not in known]


def _refuse_too_many(noun: Noun, aliases: Sequence[str]) -> None:
    most = noun.property_named("aliases").max_length
    if most is not None and len(aliases) > most:
        raise Invalid(
            say(
                "aliases: together they would be {count}; a {noun_name} has at most {most}.",
                count=len(aliases),
                noun_name=noun.name,
                most=most,
            ),
            field="aliases",
            value=len(aliases),
            remedy=say("remove some aliases first"),
        )


def referring(unit: Unit, noun: Noun) -> Iterator[tuple[Noun, Relation]]:
    """Give every relation by which records refer to records of a noun, but for mergers themselves."""
    for other in unit.laws.catalogue:
        for relation in other.own_relations:
            if noun.name in relation.targets and relation.name != MERGED_INTO:
                yield other, relation


async def _end_what_joins_them(unit: Unit, noun: Noun, into_id: str, merged_id: str) -> list[dict[str, Any]]:
    ended: list[dict[str, Any]] = []
    for other in {each.name: each for each, _ in referring(unit, noun)}.values():
        query = end_joining(other, noun)
        if query is None:
            continue
        parameters = {"into": into_id, "merged": merged_id, "now": unit.now, "actor": unit.actor.subject}
        for row in await unit.tx.run(query, **parameters):
            ended.append({"noun": other.name, **row})
            after = {"retired_at": unit.now}
            reason = f"{merged_id} was merged into {into_id}, which it would join to itself"
            unit.note(row["id"], other.name, ChangeKind.RETIRED, {"retired_at": None}, after, reason=reason)
            unit.retired.setdefault(other.name, []).append(row["id"])
    return ended


async def _move_references(unit: Unit, noun: Noun, into_id: str, merged_id: str) -> list[dict[str, Any]]:
    moved: list[dict[str, Any]] = []
    for other, relation in referring(unit, noun):
        parameters = {"into": into_id, "merged": merged_id, "now": unit.now, "actor": unit.actor.subject}
        rows = await unit.tx.run(move_references(other, relation, noun), **parameters)
        if rows:
            moved.append({"noun": other.name, "relation": relation.name, "records": rows})
        for row in rows:
            before, after = {relation.name: merged_id}, {relation.name: into_id}
            unit.note(row["id"], other.name, ChangeKind.CHANGED, before, after)
    return moved


async def _refuse_later(unit: Unit, into_id: str, number: int) -> None:
    later = await unit.tx.single(LATER_MERGES, into=into_id, number=number)
    if later is not None:
        raise Conflict(
            say("{id} was merged into {into_id} later; undo that first.", id=later["id"], into_id=into_id),
            field="merged_id",
            value=later["id"],
            remedy=say("undo merges in the reverse order"),
        )


async def _move_back(unit: Unit, part: Mapping[str, Any], into_id: str, merged_id: str) -> None:
    noun = unit.laws.catalogue[part["noun"]]
    relation = noun.relation_named(part["relation"])
    rows = await unit.tx.run(
        move_back(noun, relation),
        moved=part["records"],
        into=into_id,
        merged=merged_id,
        now=unit.now,
        actor=unit.actor.subject,
    )
    for row in rows:
        before, after = {relation.name: into_id}, {relation.name: merged_id}
        unit.note(row["id"], noun.name, ChangeKind.CHANGED, before, after)


async def _bring_back(unit: Unit, part: Mapping[str, Any]) -> None:
    row = await unit.tx.single(
        BRING_BACK, id=part["id"], version=part["version"], now=unit.now, actor=unit.actor.subject
    )
    if row is not None:
        before = {"retired_at": row["retired_at"]}
        unit.note(part["id"], part["noun"], ChangeKind.RESTORED, before, {"retired_at": None})
