"""Merging targets that turn out to be one, and undoing that."""

from typing import Any

import orjson

from opsplan.records.writing import ChangeKind, Writing
from opsplan.targets.model import TARGET
from opsplan.targets.store import LATEST_MERGER, NAMES_OF_TARGETS, move, move_back, relations_to_targets
from opsplan.vocabulary.errors import Conflict, Invalid, NotFound


async def merge_targets(
    writing: Writing,
    *,
    into_id: str,
    into_version: int,
    merged_id: str,
    merged_version: int,
    reason: str,
) -> str:
    """Make one target of two: `merged_id` goes out of force, and all that refers to it refers to `into_id` from now on.

    Its name and aliases become aliases of the other. References follow whoever entered them, as they mean the same
    target as before; each such record gets a new version and a change record. `undo_merge` takes all of it back.

    Raises
    ------
    Invalid
        If both are one and the same.
    NotFound, Forbidden, VersionConflict, Conflict
        As for a change of either; both must be the actor's.
    """
    if into_id == merged_id:
        raise Invalid(
            "input.mergedId: a target cannot be merged into itself.",
            field="input.mergedId",
            value=merged_id,
            remedy="give the ids of two targets",
        )
    into, merged = await _names(writing, into_id), await _names(writing, merged_id)
    known = {into["name"], *into["aliases"]}
    added = [each for each in dict.fromkeys([merged["name"], *merged["aliases"]]) if each not in known]
    await writing.change(
        TARGET,
        [
            {"id": into_id, "expected_version": into_version, "aliases": [*into["aliases"], *added]},
            {"id": merged_id, "expected_version": merged_version, "merged_into": into_id},
        ],
    )
    moved: list[dict[str, Any]] = []
    for noun, relation in relations_to_targets(writing.laws.catalogue):
        rows = await move(
            writing.tx,
            noun,
            relation,
            from_id=merged_id,
            into_id=into_id,
            now=writing.now,
            actor=writing.actor.subject,
        )
        for row in rows:
            writing.note(row["id"], noun.name, ChangeKind.CHANGED, {relation.name: merged_id}, {relation.name: into_id})
        moved.append({"noun": noun.name, "relation": relation.name, "records": rows})
    await writing.retire(TARGET, [(merged_id, None)], reason)
    after = {"merged_into": into_id, "aliases_added": added, "moved": moved}
    writing.note(merged_id, TARGET.name, ChangeKind.MERGED, None, after, reason=reason)
    return into_id


async def undo_merge(writing: Writing, *, merged_id: str, merged_version: int, reason: str) -> str:
    """Bring a merged target back, with all references that were moved and have not been changed since.

    Raises
    ------
    Conflict
        If it was not merged, or the target that it was merged into has been merged itself.
    NotFound, Forbidden, VersionConflict
        As for a change of it.
    """
    await _names(writing, merged_id)
    row = await writing.tx.single(LATEST_MERGER, id=merged_id)
    if row is None:
        raise Conflict(
            f"Target {merged_id} was not merged into another.",
            field="input.mergedId",
            value=merged_id,
            remedy="give the id of a target that was",
        )
    merger = orjson.loads(row["after"])
    into_id = merger["merged_into"]
    await writing.restore(TARGET, [(merged_id, merged_version)], reason)
    into = await _names(writing, into_id)
    aliases = [each for each in into["aliases"] if each not in merger["aliases_added"]]
    await writing.change(TARGET, [{"id": merged_id, "merged_into": None}, {"id": into_id, "aliases": aliases}])
    catalogue = writing.laws.catalogue
    for part in merger["moved"]:
        noun = catalogue[part["noun"]]
        relation = noun.relation_named(part["relation"])
        rows = await move_back(
            writing.tx,
            noun,
            relation,
            part["records"],
            from_id=merged_id,
            into_id=into_id,
            now=writing.now,
            actor=writing.actor.subject,
        )
        for each in rows:
            writing.note(
                each["id"], noun.name, ChangeKind.CHANGED, {relation.name: into_id}, {relation.name: merged_id}
            )
    return merged_id


async def _names(writing: Writing, target_id: str) -> dict[str, Any]:
    row = await writing.tx.single(NAMES_OF_TARGETS, ids=[target_id])
    if row is None:
        raise NotFound(f"There is no Target {target_id}.", field="id", value=target_id, remedy="give the id of one")
    return row
