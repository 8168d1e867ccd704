"""Breaches of published plans in the graph: what a change concerns is found, marked, and cleared again."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opsplan.graph.query import Query
from opsplan.graph.transaction import Tx
from opsplan.records.values import canonical_json
from opsplan.records.writing import ChangeKind
from opsplan.records.writing.unit import Unit
from opsplan.scheduling.answer import BrokenRule, PlacedAction
from opsplan.scheduling.model import PLAN_BREACH, BreachState
from opsplan.scheduling.problem.pools import PoolKey
from opsplan.scheduling.store import watch_statements as statements
from opsplan.scheduling.store.rows import placed_from_row
from opsplan.vocabulary.ids import mint

_BATCH_IDS = 2_000


@dataclass(frozen=True, slots=True)
class Concerned:
    """A published plan, and the actions whose places in it a change concerns."""

    plan_id: str
    operation_id: str
    action_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tie:
    """What an action has to do with: its groups, the pools that its modes draw on, the units that plans send to it."""

    group_ids: frozenset[str]
    pools: frozenset[PoolKey]
    unit_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Places:
    """Places of a plan, with the names of what they rest on."""

    rows: tuple[PlacedAction, ...]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OpenBreach:
    """A breach that was marked and stands."""

    id: str
    mark: str
    rule: str
    facts: Mapping[str, Any]
    action_ids: tuple[str, ...]


async def any_published(tx: Tx) -> bool:
    """Whether any plan at all is published."""
    return await tx.single(statements.ANY_PUBLISHED) is not None


async def actions_of(tx: Tx, record_ids: Iterable[str]) -> set[str]:
    """Give the actions that records are, belong to or bear upon."""
    return await _ids(tx, statements.ACTIONS_OF_RECORDS, record_ids)


async def units_of(tx: Tx, record_ids: Iterable[str]) -> set[str]:
    """Give the units that records are, belong to, offer, keep away or, as plans, send."""
    return await _ids(tx, statements.UNITS_OF_RECORDS, record_ids)


async def pools_of(tx: Tx, record_ids: Iterable[str]) -> dict[str, set[PoolKey]]:
    """Give the pools that resources, capacities, offers, participants or plans bear upon, by record."""
    found: dict[str, set[PoolKey]] = {}
    for some in _batches(record_ids):
        for row in await tx.run(statements.POOLS_OF_RECORDS, ids=some):
            if row["country"] is not None:
                pool = PoolKey(row["country"], row["kind"], row["language"] or "")
                found.setdefault(row["record_id"], set()).add(pool)
    return found


async def ties_of(tx: Tx, action_ids: Iterable[str]) -> list[Tie]:
    """Give what actions have to do with."""
    ties: list[Tie] = []
    for some in _batches(action_ids):
        for row in await tx.run(statements.TIES_OF_ACTIONS, actions=some):
            pools = {PoolKey(row["country"], kind, language or "") for kind, language in row["needs"] if row["country"]}
            ties.append(Tie(frozenset(row["groups"]), frozenset(pools), frozenset(row["units"])))
    return ties


async def bound_to(tx: Tx, action_ids: Iterable[str]) -> set[str]:
    """Give the actions that groups and precedences bind to some actions, placed or not."""
    found: set[str] = set()
    for some in _batches(action_ids):
        found.update(row["id"] for row in await tx.run(statements.BOUND_TO, actions=some))
    return found


async def operations_sharing(tx: Tx, record_ids: Iterable[str], action_ids: Iterable[str]) -> set[str]:
    """Give the operations to which resources of these records, or of the actions' operations, are offered."""
    found: set[str] = set()
    for some in _batches(record_ids):
        found.update(row["id"] for row in await tx.run(statements.OPERATIONS_SHARING, ids=some, actions=[]))
    for some in _batches(action_ids):
        found.update(row["id"] for row in await tx.run(statements.OPERATIONS_SHARING, ids=[], actions=some))
    return found


async def plans_concerned(
    tx: Tx, *, action_ids: Iterable[str], unit_ids: Iterable[str], pools: Iterable[PoolKey], sharing: Iterable[str]
) -> list[Concerned]:
    """Give the published plans that rest on these, with the actions whose places do.

    Plans of any operation may rest on actions and units; on pools, those of the operations `sharing` them.
    """
    listed = [{"country": each.country, "kind": each.kind, "language": each.language} for each in sorted(pools)]
    rows = await tx.run(
        statements.PLANS_CONCERNED,
        actions=sorted(action_ids),
        units=sorted(unit_ids),
        pools=listed,
        sharing=sorted(sharing),
    )
    return [Concerned(row["plan_id"], row["operation_id"], frozenset(row["action_ids"])) for row in rows]


async def plans_of_operations(tx: Tx, operation_ids: Iterable[str]) -> list[str]:
    """Give the published plans of operations."""
    return sorted(await _ids(tx, statements.PLANS_OF_OPERATIONS, operation_ids))


async def read_some_places(tx: Tx, plan_id: str, action_ids: Iterable[str]) -> Places:
    """Read the places that a plan has for some actions."""
    rows = await tx.run(statements.SOME_PLACES, plan=plan_id, actions=sorted(action_ids))
    names: dict[str, str] = {}
    for row in rows:
        names |= {row["action_id"]: row["action_name"], row["mode_id"]: row["mode_name"], **dict(row["units"])}
    return Places(tuple(placed_from_row(row) for row in rows), names)


async def open_breaches(tx: Tx, plan_id: str) -> tuple[OpenBreach, ...]:
    """Read what is marked of a plan and stands."""
    rows = await tx.run(statements.OPEN_BREACHES, plan=plan_id)
    return tuple(
        OpenBreach(row["id"], row["mark"], row["rule"], json.loads(row["facts"]), tuple(sorted(row["action_ids"])))
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class MarkedBreach:
    """A breach that was marked, whether it still stands or not."""

    id: str
    rule: str
    sentence: str
    action_ids: tuple[str, ...]


async def marked_breaches(tx: Tx, plan_id: str) -> tuple[MarkedBreach, ...]:
    """Read all that was ever marked of a plan."""
    rows = await tx.run(statements.MARKED_BREACHES, plan=plan_id)
    return tuple(
        MarkedBreach(row["id"], row["rule"], row["sentence"], tuple(sorted(row["action_ids"]))) for row in rows
    )


async def _ids(tx: Tx, query: Query, record_ids: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for some in _batches(record_ids):
        found.update(row["id"] for row in await tx.run(query, ids=some))
    return found


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    known = sorted(ids)
    for start in range(0, len(known), _BATCH_IDS):
        yield known[start : start + _BATCH_IDS]


async def mark_broken(unit: Unit, plan_id: str, broken: Sequence[BrokenRule], cause: tuple[str, str]) -> None:
    """Mark breaches of a plan; `cause` is the id and noun of the record whose change broke it."""
    if not broken:
        return
    owner = await unit.tx.single(statements.OWNERS_OF_PLAN, plan=plan_id)
    assert owner is not None
    concerned = sorted({action_id for each in broken for action_id in each.action_ids})
    owners = await unit.tx.run(statements.OWNERS_OF_ACTIONS, plan=plan_id, actions=concerned)
    owners_by_action = {row["action_id"]: row["owner_ids"] for row in owners}
    standard = unit.standard_of_made(owner["owner_id"], exercise=owner["exercise"])
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
        breach_id = mint(PLAN_BREACH.name)
        tells = {*owner["coordinator_ids"], *(who for action in each.action_ids for who in owners_by_action[action])}
        references = {"actions": list(each.action_ids), "told": sorted(tells)}
        rows.append(
            {
                "properties": {**told, **standard, "id": breach_id},
                "action_ids": references["actions"],
                "told": references["told"],
            }
        )
        after = {**told, "plan": plan_id, **references}
        unit.note(breach_id, PLAN_BREACH.name, ChangeKind.CREATED, None, after)
    await unit.tx.run(statements.CREATE_BREACHES, plan=plan_id, rows=rows)


async def renew(unit: Unit, breaches: Sequence[tuple[OpenBreach, BrokenRule]], cause: tuple[str, str]) -> None:
    """Say of breaches that stand what they are now, where that is something else: another time, another number."""
    rows: list[dict[str, Any]] = []
    for stands, now in breaches:
        facts = canonical_json(dict(now.facts))
        before = canonical_json(dict(stands.facts))
        if facts != before:
            told = {"sentence": now.sentence, "facts": facts, "cause_id": cause[0], "cause_noun": cause[1]}
            stamp = {"changed_at": unit.now, "changed_by": unit.actor.subject}
            rows.append({"id": stands.id, "properties": {**told, **stamp}})
            unit.note(stands.id, PLAN_BREACH.name, ChangeKind.CHANGED, {"facts": before}, told)
    if rows:
        await unit.tx.run(statements.CHANGE_BREACHES, rows=rows)


async def clear(unit: Unit, breaches: Sequence[OpenBreach]) -> None:
    """Say of breaches that they stand no more."""
    if not breaches:
        return
    cleared = {"state": BreachState.CLEARED.name, "cleared_at": unit.now}
    stamp = {"changed_at": unit.now, "changed_by": unit.actor.subject}
    rows = [{"id": each.id, "properties": {**cleared, **stamp}} for each in breaches]
    await unit.tx.run(statements.CHANGE_BREACHES, rows=rows)
    for each in breaches:
        before = {"state": BreachState.OPEN.name, "cleared_at": None}
        unit.note(each.id, PLAN_BREACH.name, ChangeKind.STATE, before, cleared)
