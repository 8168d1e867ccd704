"""Plans in the graph: made by a run, read again, published."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opsplan.graph.transaction import Tx
from opsplan.records.values import canonical_json
from opsplan.records.writing import ChangeKind, Writing
from opsplan.scheduling.answer import PlacedAction, UnplacedAction
from opsplan.scheduling.model import PLAN, PlanState
from opsplan.scheduling.store import plan_statements as statements
from opsplan.scheduling.store.rows import placed_from_row
from opsplan.vocabulary.clock import instant_text
from opsplan.vocabulary.errors import Conflict, NotFound
from opsplan.vocabulary.ids import mint
from opsplan.vocabulary.sentences import say

_BATCH_ROWS = 2_000


class RecordsGone(Conflict):
    """Records that a plan refers to were removed from the graph while it was made."""

    code = "RECORDS_GONE"


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan as it stands."""

    id: str
    operation_id: str
    run_id: str
    state: PlanState
    version: int
    number: int
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What a run found, ready to be kept. `score` is JSON: the goals in their order with values and bounds."""

    operation_id: str
    run_id: str
    outcome: str
    fingerprint: str
    score: Any
    placed: Sequence[PlacedAction]
    unplaced: Sequence[UnplacedAction]


async def save_plan(writing: Writing, plan: NewPlan) -> str:
    """Create a plan with all its rows and give its id; the caller holds the operation's lock.

    Raises
    ------
    RecordsGone
        When an action, mode or unit is in the graph no more.
    """
    row = await writing.tx.single(statements.NEXT_NUMBER, operation=plan.operation_id)
    assert row is not None
    referred = {each.action_id for each in plan.placed} | {each.action_id for each in plan.unplaced}
    referred |= {each.mode_id for each in plan.placed} | {unit for each in plan.placed for unit in each.unit_ids}
    ids = sorted(referred)
    for start in range(0, len(ids), _BATCH_ROWS):
        await writing.tx.run(statements.LOCK_REFERRED, ids=ids[start : start + _BATCH_ROWS])
    standard = writing.standard_of_made(row["owner_id"], exercise=bool(row["exercise"]))
    plan_id = mint(PLAN.name)
    properties = {
        "number": row["number"],
        "state": PlanState.DRAFT.name,
        "outcome": plan.outcome,
        "problem_fingerprint": plan.fingerprint,
        "placed": len(plan.placed),
        "unplaced": len(plan.unplaced),
        "score": canonical_json(plan.score),
    }
    await writing.tx.run(
        statements.CREATE_PLAN,
        operation=plan.operation_id,
        run=plan.run_id,
        properties={**properties, **standard, "id": plan_id},
    )
    await _save_rows(writing, plan_id, plan, standard)
    writing.note(plan_id, PLAN.name, ChangeKind.CREATED, None, {**properties, "operation": plan.operation_id})
    return plan_id


async def read_plan(tx: Tx, plan_id: str, *, field: str = "planId") -> StoredPlan:
    """Read a plan without its rows.

    Raises
    ------
    NotFound
        When there is none of that id.
    """
    row = await tx.single(statements.READ_PLAN, plan=plan_id)
    if row is None:
        raise NotFound(
            say("There is no plan {plan_id}.", plan_id=plan_id),
            field=field,
            value=plan_id,
            remedy=say("give the id of a plan"),
        )
    properties = row["properties"]
    return StoredPlan(
        plan_id,
        row["operation_id"],
        row["run_id"],
        PlanState(properties["state"]),
        properties["version"],
        properties["number"],
        properties,
    )


async def read_placed(tx: Tx, plan_id: str) -> tuple[PlacedAction, ...]:
    """Read the rows of a plan, by start, then by the action's name."""
    rows = await tx.run(statements.READ_PLANNED, plan=plan_id)
    return tuple(placed_from_row(row) for row in rows)


async def published_of(tx: Tx, operation_id: str) -> list[StoredPlan]:
    """Read the operation's published plan: a list of one, or of none."""
    rows = await tx.run(statements.PUBLISHED_BEFORE, operation=operation_id)
    return [
        StoredPlan(
            row["properties"]["id"],
            operation_id,
            "",
            PlanState.PUBLISHED,
            row["properties"]["version"],
            row["properties"]["number"],
            row["properties"],
        )
        for row in rows
    ]


async def lock_plan(tx: Tx, plan_id: str) -> StoredPlan:
    """Lock a plan until the transaction ends, then read it: nobody else changes it from then on."""
    await tx.run(statements.LOCK_PLAN, plan=plan_id)
    return await read_plan(tx, plan_id)


async def change_plan(
    writing: Writing, plan: StoredPlan, changes: Mapping[str, Any], kind: ChangeKind = ChangeKind.STATE
) -> None:
    """Change a plan and note it in the history."""
    before = {name: plan.properties.get(name) for name in changes}
    stamp = {"version": plan.version + 1, "changed_at": writing.now, "changed_by": writing.actor.subject}
    await writing.tx.run(statements.CHANGE_PLAN, plan=plan.id, properties={**changes, **stamp})
    writing.note(plan.id, PLAN.name, kind, before, dict(changes))


def planned_row(place: PlacedAction, standard: Mapping[str, Any]) -> dict[str, Any]:
    """Make the row that keeps an action's place; with the properties that every record has."""
    return {
        "action_id": place.action_id,
        "mode_id": place.mode_id,
        "unit_ids": list(place.unit_ids),
        "properties": {
            **standard,
            **place_values(place),
            "staffing": json.dumps(staffing_values(place), separators=(",", ":")),
        },
    }


def place_values(place: PlacedAction) -> dict[str, Any]:
    """Give what is kept of a place beside whom it refers to; instants as text."""
    return {
        "start": instant_text(place.start),
        "end": instant_text(place.end),
        "local_start": place.local_start,
        "time_zone": place.time_zone,
        "h_offset_minutes": place.h_offset_minutes,
        "pinned": place.pinned,
    }


def staffing_values(place: PlacedAction) -> dict[str, list[str]]:
    """Give the ids of units by the id of the need that they fill."""
    return {need: list(units) for need, units in place.staffing}


def unplaced_row(left_out: UnplacedAction, standard: Mapping[str, Any]) -> dict[str, Any]:
    """Make the row that keeps why an action has no place."""
    return {
        "action_id": left_out.action_id,
        "properties": {
            **standard,
            "id": mint("UnplacedAction"),
            "codes": list(left_out.codes),
            "reasons": canonical_json([reason.as_json() for reason in left_out.reasons]),
            "sentence": left_out.sentence,
        },
    }


async def _save_rows(writing: Writing, plan_id: str, plan: NewPlan, standard: Mapping[str, Any]) -> None:
    placed = [planned_row(each, {**standard, "id": mint("PlannedAction")}) for each in plan.placed]
    unplaced = [unplaced_row(each, standard) for each in plan.unplaced]
    ties = 0
    for query, rows in ((statements.CREATE_PLANNED, placed), (statements.CREATE_UNPLACED, unplaced)):
        for start in range(0, len(rows), _BATCH_ROWS):
            made = await writing.tx.single(query, plan=plan_id, rows=rows[start : start + _BATCH_ROWS])
            assert made is not None
            ties += made["ties"]
    if ties != sum(2 + len(each.unit_ids) for each in plan.placed) + len(plan.unplaced):
        raise RecordsGone(
            say("Actions, modes or units of the plan were removed from the graph while it was made."),
            remedy=say("request a new schedule"),
        )
