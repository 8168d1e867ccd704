"""Orders are issued in the transaction that publishes a plan; those that it leaves as they were stand."""

import json
from collections.abc import Mapping
from typing import Any

from opsplan.orders import store
from opsplan.orders.model import TASKING, OrderState
from opsplan.orders.rules import OrderedTask, changes_between, fingerprint_of, in_order
from opsplan.records.values import canonical_json
from opsplan.records.writing.unit import ChangeKind, Unit
from opsplan.scheduling.model import PLAN, PlanState
from opsplan.vocabulary.ids import mint


async def issue_orders(unit: Unit) -> None:
    """Issue the orders of a plan that is published. A consequence of every write.

    A unit whose tasks are those of its order keeps it. One that is asked something else, or nothing any more, gets an
    order that replaces it and says what has changed.
    """
    for change in tuple(unit.changes):
        if change["noun"] == PLAN.name and change["kind"] == ChangeKind.STATE and _is_published(change):
            await _issue(unit, change["record_id"])


def _is_published(change: Mapping[str, Any]) -> bool:
    return bool(json.loads(change["after"])["state"] == PlanState.PUBLISHED.name)


async def _issue(unit: Unit, plan_id: str) -> None:
    asked = {row["unit_id"]: row for row in await unit.tx.run(store.TASKS_OF_UNITS, plan=plan_id)}
    standing = {row["unit_id"]: row for row in await unit.tx.run(store.ORDERS_STANDING, plan=plan_id)}
    new: list[dict[str, Any]] = []
    carried: list[str] = []
    replaced: list[str] = []
    for unit_id in sorted(asked.keys() | standing.keys()):
        tasks = _tasks(asked[unit_id]["tasks"]) if unit_id in asked else ()
        before, fingerprint = standing.get(unit_id), fingerprint_of(tasks)
        if before is not None and before["fingerprint"] == fingerprint:
            carried.append(before["id"])
            continue
        if before is not None:
            replaced.append(before["id"])
            _note_replaced(unit, before)
        new.append(_made(unit, plan_id, {**(before or {}), **asked.get(unit_id, {})}, tasks, before, fingerprint))
    stamp = {"changed_at": unit.now, "changed_by": unit.actor.subject}
    if replaced:
        gone = {"state": OrderState.REPLACED.name, **stamp}
        await unit.tx.run(store.CHANGE_ORDERS, ids=replaced, properties=gone)
    if carried:
        await unit.tx.run(store.CARRY_ORDERS, plan=plan_id, ids=carried, properties=stamp)
        for each in carried:
            unit.note(each, TASKING.name, ChangeKind.CHANGED, None, {"plan": plan_id})
    if new:
        await unit.tx.run(store.CREATE_ORDERS, plan=plan_id, rows=new)


def _tasks(rows: list[Mapping[str, Any]]) -> tuple[OrderedTask, ...]:
    return in_order(
        [
            OrderedTask(**{**row, "units": tuple(sorted((unit_id, name) for unit_id, name in row["units"]))})
            for row in rows
        ]
    )


def _made(
    unit: Unit,
    plan_id: str,
    of: Mapping[str, Any],
    tasks: tuple[OrderedTask, ...],
    before: Mapping[str, Any] | None,
    fingerprint: str,
) -> dict[str, Any]:
    was = () if before is None else tuple(map(OrderedTask.from_json, json.loads(before["tasks"])))
    told = {
        "state": OrderState.ISSUED.name,
        "tasks": canonical_json([each.as_json() for each in tasks]),
        "changes": canonical_json([] if before is None else changes_between(was, tasks)),
        "fingerprint": fingerprint,
    }
    order_id = mint(TASKING.name)
    replaces = None if before is None else before["id"]
    after = {**told, "unit": of["unit_id"], "plan": plan_id, "replaces": replaces}
    unit.note(order_id, TASKING.name, ChangeKind.CREATED, None, after)
    standard = unit.standard_of_made(of["owner_id"], exercise=bool(of["exercise"]))
    return {"unit_id": of["unit_id"], "replaces": replaces, "properties": {**told, **standard, "id": order_id}}


def _note_replaced(unit: Unit, order: Mapping[str, Any]) -> None:
    before, after = {"state": order["state"]}, {"state": OrderState.REPLACED.name}
    unit.note(order["id"], TASKING.name, ChangeKind.STATE, before, after)
