"""A published plan stays watched: whatever a write takes away from it is marked in the transaction of that write.

A write that concerns places of a published plan takes the commit sequence, so that no plan is published and nothing
else commits meanwhile. Then these places, and those that share units, pools, groups or precedences with them, are
judged by the solver's checker against the graph as it will stand. What they break is marked as `PlanBreach`, and what
was marked and holds again is cleared. The cost goes with the places concerned, not with the size of the operation.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from opsplan.operations.states import OUT_OF_PLAY
from opsplan.records.writing import ChangeKind
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.unit import Unit
from opsplan.scheduling.plan.judge import BETWEEN_ACTIONS, broken_now
from opsplan.scheduling.store.breaches import (
    Concerned,
    any_published,
    bound_to,
    clear,
    concerned_by,
    mark_broken,
    open_breaches,
    read_near,
)
from opsplan.scheduling.store.changes import READ_NOUNS
from opsplan.scheduling.store.reading import read_part
from opsplan.vocabulary.ids import prefix_in

_WATCHED = frozenset(READ_NOUNS)
_NO_MATTER = frozenset(
    {"name", "code_name", "description", "conditions", "reason", "reference", "source", "marking", "external_id"}
    | {"notes", "aliases", "expected_victims", "priority", "due", "cost", "cost_per_hour", "reply_by", "h_hour"}
    | {"duty_phone", "duty_email", "coordinators", "targets", "approving_authority", "issued_by", "capacity"}
)
"""What of a record no rule asks for: a change of these alone breaks nothing."""


async def watch_published_plans(unit: Unit) -> None:
    """Mark what the write breaks of published plans, and clear what it mends. A consequence of every write."""
    concerning = [each for each in unit.changes if each["noun"] in _WATCHED and _matters(each)]
    if not concerning:
        return
    commit = await hold_sequence(unit.tx)
    if not await any_published(unit.tx):
        return
    causes = {each["record_id"]: each["noun"] for each in concerning}
    for concerned in await concerned_by(unit.tx, _touched(concerning)):
        await _judge(unit, concerned, commit, causes)


def _matters(change: Mapping[str, Any]) -> bool:
    if change["kind"] == ChangeKind.STATE and change["noun"] == "Action":
        # The steps towards activation lock a place where it is; only those that take it out of play change anything.
        return json.loads(change["after"])["state"] in {state.name for state in OUT_OF_PLAY}
    if change["kind"] != ChangeKind.CHANGED:
        return True
    return not json.loads(change["after"] or "{}").keys() <= _NO_MATTER


def _touched(changes: Iterable[Mapping[str, Any]]) -> set[str]:
    """Give the records that changed and those that they referred to before: a way that was cut is found as well."""
    found = set()
    for each in changes:
        found.add(each["record_id"])
        for value in json.loads(each["before"] or "{}").values():
            for text in value if isinstance(value, list) else (value,):
                if isinstance(text, str) and prefix_in(text) is not None:
                    found.add(text)
    return found


async def _judge(unit: Unit, concerned: Concerned, commit: int, causes: Mapping[str, str]) -> None:
    tx = unit.tx
    near = await read_near(tx, concerned.plan_id, concerned.action_ids)
    actions = {row.action_id for row in near.rows} | await bound_to(tx, concerned.action_ids)
    units = {each for row in near.rows for each in row.unit_ids}
    now = await read_part(tx, concerned.operation_id, commit, action_ids=sorted(actions), unit_ids=sorted(units))
    found = broken_now(near.rows, now, near.names)
    broken = {each.mark: each for each in found.rules if concerned.action_ids.intersection(each.action_ids)}
    standing = {each.mark: each for each in await open_breaches(tx, concerned.plan_id)}
    new = [each for mark, each in broken.items() if mark not in standing]
    mended = [
        each
        for mark, each in standing.items()
        if mark not in broken
        and concerned.action_ids & each.action_ids
        # With places lost, rules between actions were not looked at.
        and not (found.is_partial and each.rule in BETWEEN_ACTIONS)
    ]
    if new:
        await mark_broken(unit, concerned.plan_id, new, next(iter(causes.items())))
    if mended:
        await clear(unit, mended)
