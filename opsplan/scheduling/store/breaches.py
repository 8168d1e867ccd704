"""Breaches of published plans in the graph: what a change concerns is found, marked, and cleared again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opsplan.graph.transaction import Tx
from opsplan.records.values import canonical_json
from opsplan.records.writing import ChangeKind
from opsplan.records.writing.unit import Unit
from opsplan.scheduling.answer import BrokenRule, PlacedAction
from opsplan.scheduling.model import PLAN_BREACH, BreachState
from opsplan.scheduling.store import watch_statements as statements
from opsplan.scheduling.store.reading import placed_from_row
from opsplan.vocabulary.ids import mint
from opsplan.vocabulary.marking import Marking

_BATCH_IDS = 2_000


@dataclass(frozen=True, slots=True)
class Concerned:
    """A published plan and the actions of it that a change concerns."""

    plan_id: str
    operation_id: str
    action_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Near:
    """Places of a plan, with the names of what they rest on."""

    rows: tuple[PlacedAction, ...]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OpenBreach:
    """A breach that was marked and stands."""

    id: str
    mark: str
    rule: str
    action_ids: frozenset[str]


async def any_published(tx: Tx) -> bool:
    """Whether any plan at all is published."""
    return await tx.single(statements.ANY_PUBLISHED) is not None


async def concerned_by(tx: Tx, record_ids: Iterable[str]) -> tuple[Concerned, ...]:
    """Give the published plans, and of each the actions, that rest on any of the records."""
    ids = sorted(record_ids)
    found: dict[tuple[str, str], set[str]] = {}
    for start in range(0, len(ids), _BATCH_IDS):
        for query in (statements.CONCERNED, statements.CONCERNED_BY_POOLS):
            for row in await tx.run(query, ids=ids[start : start + _BATCH_IDS]):
                found.setdefault((row["plan_id"], row["operation_id"]), set()).update(row["action_ids"])
    return tuple(Concerned(plan, operation, frozenset(actions)) for (plan, operation), actions in sorted(found.items()))


async def read_near(tx: Tx, plan_id: str, action_ids: Iterable[str]) -> Near:
    """Read the places of actions in a plan, and those that share units, pools, groups or precedences with them."""
    rows = await tx.run(statements.NEAR, plan=plan_id, actions=sorted(action_ids))
    names: dict[str, str] = {}
    for row in rows:
        names |= {row["action_id"]: row["action_name"], row["mode_id"]: row["mode_name"], **dict(row["units"])}
    return Near(tuple(placed_from_row(row) for row in rows), names)


async def bound_to(tx: Tx, action_ids: Iterable[str]) -> frozenset[str]:
    """Give the actions that groups and precedences bind to some actions, placed or not."""
    return frozenset(row["id"] for row in await tx.run(statements.BOUND_TO, actions=sorted(action_ids)))


async def open_breaches(tx: Tx, plan_id: str) -> tuple[OpenBreach, ...]:
    """Read what is marked of a plan and stands."""
    rows = await tx.run(statements.OPEN_BREACHES, plan=plan_id)
    return tuple(OpenBreach(row["id"], row["mark"], row["rule"], frozenset(row["action_ids"])) for row in rows)


async def mark_broken(unit: Unit, plan_id: str, broken: Sequence[BrokenRule], cause: tuple[str, str]) -> None:
    """Mark breaches of a plan; `cause` is the id and noun of the record whose change broke it."""
    owner = await unit.tx.single(statements.OWNER_OF_PLAN, plan=plan_id)
    assert owner is not None
    rows: list[dict[str, Any]] = []
    for each in broken:
        told = {
            "state": BreachState.OPEN.name,
            "rule": each.rule,
            "sentence": each.sentence,
            "facts": canonical_json(dict(each.facts)),
            "cause_id": cause[0],
            "cause_noun": cause[1],
            "mark": each.mark,
        }
        standard = {
            "id": mint(PLAN_BREACH.name),
            "owner_id": owner["owner_id"],
            "exercise": owner["exercise"],
            "version": 1,
            "marking": Marking.TLP_AMBER.name,
            "created_at": unit.now,
            "created_by": unit.actor.subject,
            "changed_at": unit.now,
            "changed_by": unit.actor.subject,
        }
        rows.append({"properties": {**told, **standard}, "action_ids": list(each.action_ids)})
        after = {**told, "plan": plan_id, "actions": list(each.action_ids)}
        unit.note(standard["id"], PLAN_BREACH.name, ChangeKind.CREATED, None, after)
    await unit.tx.run(statements.CREATE_BREACHES, plan=plan_id, rows=rows)


async def clear(unit: Unit, breaches: Sequence[OpenBreach]) -> None:
    """Say of breaches that they stand no more."""
    if not breaches:
        return
    cleared = {"state": BreachState.CLEARED.name, "cleared_at": unit.now}
    stamp = {"changed_at": unit.now, "changed_by": unit.actor.subject}
    await unit.tx.run(statements.CLEAR_BREACHES, ids=[each.id for each in breaches], properties={**cleared, **stamp})
    for each in breaches:
        before = {"state": BreachState.OPEN.name, "cleared_at": None}
        unit.note(each.id, PLAN_BREACH.name, ChangeKind.STATE, before, cleared)
