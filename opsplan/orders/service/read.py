"""Sheets as they are read: the orders that hold, with all that goes with them as it is now.

What is asked is the published plan's; names, contacts and ways are as they stand when the sheet is read.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from opsplan.geography.travel import travel_model
from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.orders import store
from opsplan.orders.rules import may_see, refuse_many
from opsplan.orders.sheet import needed_contacts, tasks_of
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.errors import Forbidden, NotFound
from opsplan.vocabulary.sentences import say


async def sheets_of_units(
    graph: Graph, actor: Actor, unit_ids: Sequence[str], operation_id: str | None
) -> list[list[dict[str, Any]] | Forbidden]:
    """Give, for each unit in order, its sheets: of one operation, or of all that are not over.

    A unit's agency reads all of them, who coordinates an operation those of it; for everybody else the unit's place
    has a `Forbidden`, which tells nothing of whether there are any.

    Raises
    ------
    Invalid
        When there are more than `MOST_SHEETS`.
    """

    async def read(tx: Tx) -> list[list[dict[str, Any]] | Forbidden]:
        units = {row["unit_id"]: row for row in await tx.run(store.UNITS, units=sorted(set(unit_ids)))}
        asked = {"units": sorted(set(unit_ids)), "operation": operation_id, "agency": actor.agency_id}
        seen = [
            row
            for row in await tx.run(store.ORDERS_OF_UNITS, **asked)
            # Who takes part no more in an operation that is not OPEN, reads no more of it.
            if row["is_read"] and may_see(actor, units[row["unit_id"]]["owner_id"], row["coordinator_ids"])
        ]
        refuse_many(len(seen))
        by_unit: dict[str, list[dict[str, Any]]] = {
            unit_id: [] for unit_id, unit in units.items() if may_see(actor, unit["owner_id"], ())
        }
        for sheet in await _sheets(tx, [(row, units[row["unit_id"]]) for row in seen]):
            by_unit.setdefault(sheet["unit_id"], []).append(sheet)
        return [by_unit[unit_id] if unit_id in by_unit else _foreign(unit_id) for unit_id in unit_ids]

    return await graph.read(read)


async def read_unit_sheet(graph: Graph, plan_id: str, unit_id: str) -> dict[str, Any]:
    """Give the sheet of one unit by a plan, whatever state the plan is in.

    Raises
    ------
    NotFound
        When there is no such plan or unit.
    """

    async def read(tx: Tx) -> dict[str, Any]:
        rows = await tx.run(store.UNITS, units=[unit_id])
        if not rows:
            raise NotFound(
                say("There is no unit {unit_id}.", unit_id=unit_id),
                field="--unit",
                value=unit_id,
                remedy=say("give a unit's id"),
            )
        head = await _head(tx, plan_id)
        orders = await tx.run(store.ORDERS_OF_UNITS, units=[unit_id], operation=head["operation_id"], agency=None)
        # A draft, and a plan of before, have no orders of their own.
        order = next((each for each in orders if each["plan_id"] == plan_id), {"plan_id": plan_id})
        return (await _sheets(tx, [(order, rows[0])]))[0]

    return await graph.read(read)


async def read_country_sheet(graph: Graph, plan_id: str, country: str) -> dict[str, Any]:
    """Give the sheet of a host country by a plan: all that happens on its soil.

    Raises
    ------
    NotFound
        When there is no such plan.
    """

    async def read(tx: Tx) -> dict[str, Any]:
        head = await _head(tx, plan_id)
        rows = await tx.run(store.TASKS, plan=plan_id, units=[], country=country)
        posts = await _posts(tx, needed_contacts(head, rows))
        return {**_titled(head), "country": country, "tasks": tasks_of(head, rows, posts, travel_model())}

    return await graph.read(read)


async def _head(tx: Tx, plan_id: str) -> Mapping[str, Any]:
    rows = await tx.run(store.PLAN_HEAD, plans=[plan_id])
    if not rows:
        raise NotFound(
            say("There is no plan {plan_id}.", plan_id=plan_id),
            field="PLAN",
            value=plan_id,
            remedy=say("give a plan's id"),
        )
    return rows[0]


async def _sheets(tx: Tx, wanted: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Make the sheet of each order for its unit; what is common to several is read once."""
    units_by_plan: dict[str, set[str]] = {}
    for order, unit in wanted:
        units_by_plan.setdefault(order["plan_id"], set()).add(unit["unit_id"])
    heads = {row["plan_id"]: row for row in await tx.run(store.PLAN_HEAD, plans=sorted(units_by_plan))}
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for plan_id, unit_ids in sorted(units_by_plan.items()):
        rows[plan_id] = list(await tx.run(store.TASKS, plan=plan_id, units=sorted(unit_ids), country=None))
    pairs = {pair for plan_id, tasks in rows.items() for pair in needed_contacts(heads[plan_id], tasks)}
    posts = await _posts(tx, pairs)
    return await asyncio.to_thread(_made, wanted, heads, rows, posts)


def _made(
    wanted: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
    heads: Mapping[str, Mapping[str, Any]],
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    posts: Mapping[tuple[str, str], list[Mapping[str, Any]]],
) -> list[dict[str, Any]]:
    sheets = []
    for order, unit in wanted:
        head = heads[order["plan_id"]]
        own = [row for row in rows[head["plan_id"]] if unit["unit_id"] in {each["unit_id"] for each in row["units"]}]
        said = {name: order.get(name) for name in ("order_id", "issued_at", "acknowledged_at", "acknowledged_by")}
        changes = [
            {
                "kind": each["kind"],
                "action_id": each["actionId"],
                "action": each["action"],
                "start": each["start"],
                "sentence": each["sentence"],
            }
            for each in json.loads(order.get("changes") or "[]")
        ]
        about = {name: unit[name] for name in ("unit_id", "unit", "kind", "type", "agency", "agency_name")}
        tasks = tasks_of(head, own, posts, travel_model(), unit)
        sheets.append(
            {**_titled(head), **about, **said, "state": order.get("state"), "changes": changes, "tasks": tasks}
        )
    return sheets


def _titled(head: Mapping[str, Any]) -> dict[str, Any]:
    names = (
        "operation_id",
        "operation",
        "operation_state",
        "h_hour",
        "plan_id",
        "plan_number",
        "plan_state",
        "exercise",
    )
    return {name: head[name] for name in (*names, "published_at")}


async def _posts(tx: Tx, pairs: set[tuple[str, str]]) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    wanted = [{"agency_id": agency_id, "at": at} for agency_id, at in sorted(pairs)]
    for row in await tx.run(store.POSTS_ON_DUTY, pairs=wanted):
        found.setdefault((row["agency_id"], row["at"]), []).append(row)
    return found


def _foreign(unit_id: str) -> Forbidden:
    return Forbidden(
        say("Only the unit's own agency, and those that coordinate the operation, read its orders."),
        field="orders",
        value=unit_id,
        remedy=say("ask for units of your agency"),
    )
