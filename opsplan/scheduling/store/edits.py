"""Edits of drafts in the graph: places changed, given and taken away, with who, why, and what the checker said."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opsplan.graph.transaction import Tx
from opsplan.records.values import canonical_json
from opsplan.records.writing import ChangeKind, Writing
from opsplan.scheduling.answer import PlacedAction, PlaceMove, Reason, UnplacedAction
from opsplan.scheduling.model import PLAN_EDIT
from opsplan.scheduling.store import edit_statements, plan_statements
from opsplan.scheduling.store.plans import (
    RecordsGone,
    StoredPlan,
    change_plan,
    place_values,
    planned_row,
    staffing_values,
    unplaced_row,
)
from opsplan.scheduling.store.rows import placed_from_row
from opsplan.scheduling.store.watch_statements import OWNER_OF_PLAN
from opsplan.vocabulary.ids import mint
from opsplan.vocabulary.sentences import say

DROPPED = "DROPPED_BY_HAND"
"""Code of the reason why a dropped action has no place."""


@dataclass(frozen=True, slots=True)
class StoredEdit:
    """An edit as it was kept; `plan_version` is the version of the plan that it made."""

    id: str
    plan_version: int
    reason: str
    created_at: str
    created_by: str
    edited_by: str | None
    moves: tuple[PlaceMove, ...]


@dataclass(frozen=True, slots=True)
class NewEdit:
    """What is to be kept of an edit; `broken_rules`, `goals` and `score` are JSON, `placed` counts the places then."""

    reason: str
    moves: tuple[PlaceMove, ...]
    broken_rules: Any
    goals: Any
    score: Any
    placed: int


async def unit_names(tx: Tx, unit_ids: Iterable[str]) -> dict[str, str]:
    """Give the names of those units that are there and in force."""
    return {row["id"]: row["name"] for row in await tx.run(edit_statements.UNIT_NAMES, ids=sorted(unit_ids))}


async def save_edit(writing: Writing, plan: StoredPlan, edit: NewEdit, names: Mapping[str, str]) -> str:
    """Change the draft's places, keep the edit and give its id; the caller has locked the plan.

    Raises
    ------
    RecordsGone
        When an action, mode or unit is in the graph no more.
    """
    tx = writing.tx
    owner = await tx.single(OWNER_OF_PLAN, plan=plan.id)
    assert owner is not None
    standard = writing.standard_of_made(owner["owner_id"], exercise=owner["exercise"])
    given = [move.after for move in edit.moves if move.before is None and move.after is not None]
    changed = [move.after for move in edit.moves if move.before is not None and move.after is not None]
    dropped = [move.action_id for move in edit.moves if move.after is None]
    stamp = {"changed_at": writing.now, "changed_by": writing.actor.subject}
    await _tied(tx, edit_statements.CHANGE_PLANNED, plan.id, [planned_row(each, stamp) for each in changed], changed, 1)
    new = [planned_row(each, {**standard, "id": mint("PlannedAction")}) for each in given]
    await _tied(tx, plan_statements.CREATE_PLANNED, plan.id, new, given, 2)
    if given:
        await tx.run(edit_statements.DROP_UNPLACED, plan=plan.id, actions=[each.action_id for each in given])
    if dropped:
        await tx.run(edit_statements.DROP_PLANNED, plan=plan.id, rows=[{"action_id": each} for each in dropped])
        left_out = [_dropped(action_id, names, edit.reason, writing) for action_id in dropped]
        rows = [unplaced_row(each, standard) for each in left_out]
        await tx.run(plan_statements.CREATE_UNPLACED, plan=plan.id, rows=rows)
    counts = await tx.single(edit_statements.COUNTS, plan=plan.id)
    assert counts is not None
    told = {
        "placed": edit.placed,
        "unplaced": counts["unplaced"],
        "score": canonical_json(edit.score),
    }
    await change_plan(writing, plan, told, ChangeKind.CHANGED)
    kept = {
        "number": counts["edits"] + 1,
        "reason": edit.reason,
        "edited_by": writing.actor.agency_code,
        "plan_version": plan.version + 1,
        "moves": canonical_json([_move_as_json(each) for each in edit.moves]),
        "broken_rules": canonical_json(edit.broken_rules),
        "goals": canonical_json(edit.goals),
    }
    edit_id = mint(PLAN_EDIT.name)
    actions = [each.action_id for each in edit.moves]
    properties = {**kept, **standard, "id": edit_id}
    await tx.run(edit_statements.CREATE_EDIT, plan=plan.id, properties=properties, actions=actions)
    after = {**kept, "plan": plan.id, "actions": actions}
    writing.note(edit_id, PLAN_EDIT.name, ChangeKind.CREATED, None, after, reason=edit.reason)
    return edit_id


async def read_edits(tx: Tx, plan_id: str) -> tuple[StoredEdit, ...]:
    """Read the edits of a plan, the first first."""
    rows = await tx.run(edit_statements.EDITS, plan=plan_id)
    return tuple(
        StoredEdit(
            row["id"],
            row["plan_version"],
            row["reason"],
            row["created_at"],
            row["created_by"],
            row["edited_by"],
            tuple(
                PlaceMove(each["action_id"], _place_from_json(each["before"]), _place_from_json(each["after"]))
                for each in json.loads(row["moves"])
            ),
        )
        for row in rows
    )


async def _tied(
    tx: Tx, query: Any, plan_id: str, rows: list[dict[str, Any]], places: Sequence[PlacedAction], own: int
) -> None:
    """Write rows, and see that each was tied to all that it refers to: `own` records beside its units."""
    if not rows:
        return
    made = await tx.single(query, plan=plan_id, rows=rows)
    if (made["ties"] if made else 0) != sum(own + len(each.unit_ids) for each in places):
        raise RecordsGone(
            say("Actions, modes or units of the plan have been removed from the graph."),
            remedy=say("read the plan and its operation again"),
        )


def _dropped(action_id: str, names: Mapping[str, str], why: str, writing: Writing) -> UnplacedAction:
    by = writing.actor.agency_code or writing.actor.subject
    sentence = say(
        "{action} was dropped by {by} at {now}Z: {why}",
        action=names.get(action_id, action_id),
        by=by,
        now=writing.now[:16],
        why=why,
    )
    return UnplacedAction(action_id, (Reason(DROPPED, sentence, {"by": by, "at": writing.now, "reason": why}),))


def _move_as_json(move: PlaceMove) -> dict[str, Any]:
    return {
        "action_id": move.action_id,
        "before": _place_as_json(move.before),
        "after": _place_as_json(move.after),
    }


def _place_as_json(place: PlacedAction | None) -> dict[str, Any] | None:
    if place is None:
        return None
    named = {"action_id": place.action_id, "mode_id": place.mode_id, "staffing": staffing_values(place)}
    return {**place_values(place), **named}


def _place_from_json(known: dict[str, Any] | None) -> PlacedAction | None:
    return None if known is None else placed_from_row({**known, "staffing": json.dumps(known["staffing"])})
