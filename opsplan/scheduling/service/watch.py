"""Published plans stay watched: whatever a write takes away from one is marked in the transaction of that write.

A write that changes what plans rest on takes the commit sequence, so that no plan is published and nothing else commits
meanwhile. From what it changed follow the subjects that rules are about: actions, units, pools, groups. Of every
published plan that has places for them, these places are judged by the solver's checker against the graph as it will
stand, together with all others that share a unit, pool, group or precedence with them, so that each subject is looked
at whole. What is broken about a subject is marked as `PlanBreach`, what was marked about it and holds again is cleared.
The cost goes with the places concerned, not with the size of the operation.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from opsplan.operations.service import belonging_within
from opsplan.operations.states import OUT_OF_PLAY, OVER
from opsplan.records.writing import ChangeKind
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.unit import Unit
from opsplan.scheduling.model import PlanState
from opsplan.scheduling.plan.judge import APPROVAL, MANDATORY, broken_now
from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.problem.pools import PoolKey
from opsplan.scheduling.store import breaches as store
from opsplan.scheduling.store.changes import READ_NOUNS
from opsplan.scheduling.store.reading import read_part
from opsplan.vocabulary.ids import prefix_in

_WATCHED = frozenset({*READ_NOUNS, "Plan"})
_NO_MATTER = frozenset(
    {"name", "code_name", "description", "conditions", "reason", "reference", "source", "marking", "external_id"}
    | {"notes", "aliases", "expected_victims", "priority", "due", "cost", "cost_per_hour", "reply_by", "h_hour"}
    | {"duty_phone", "duty_email", "coordinators", "targets", "approving_authority", "issued_by", "capacity"}
)
"""What of a record no rule asks for: a change of these alone breaks nothing."""
_RESTS_NOTHING = frozenset(
    {"ActionMode", "Agency", "Compound", "Operation", "Participant", "Resource", "SimultaneityGroup", "Unit"}
)
"""Nouns of which a record that has just been created is nothing that any plan rests on yet."""
_STEPS: Mapping[str, frozenset[str]] = {
    # Steps towards activation lock a place where it is; only those that take an action out of play change anything.
    "Action": frozenset(state.name for state in OUT_OF_PLAY),
    "Operation": frozenset(state.name for state in OVER),
    "Plan": frozenset({PlanState.PUBLISHED.name, PlanState.SUPERSEDED.name}),
}
"""Of nouns with states that matter in part: the states in which they do."""
_POOL_NAMES: Mapping[str, Mapping[str, str]] = {
    "Resource": {"kind": "kind", "language": "language"},
    "ResourceNeed": {"resource_kind": "kind", "language": "language"},
    "Action": {"country": "country"},
    "Compound": {"country": "country"},
}
"""By noun: which of its names say which part of the pool that it has to do with."""


@dataclass(slots=True)
class Subjects:
    """What is to be looked at: `changed` actions, those and what is `bound` to them, units, pools and groups."""

    changed: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    pools: set[PoolKey] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)

    def cover(self, rule: str, facts: Mapping[str, Any], action_ids: Iterable[str]) -> bool:
        """Whether a breach is about one of them, so that it was looked at whole."""
        if rule == APPROVAL:
            # Only the authority mends it.
            return False
        if rule == "capacity":
            return facts.get("resource") in {pool.title for pool in self.pools}
        if rule == "simultaneity":
            return facts.get("group_id") in self.groups
        if rule in ("precedence", "locks"):
            return not self.changed.isdisjoint(action_ids)
        if {facts.get("unit_id"), facts.get("record_id")} & self.units:
            return True
        wide = self.changed if "unit_id" in facts else self.changed | self.bound
        return not wide.isdisjoint(action_ids)


async def watch_published_plans(unit: Unit) -> None:
    """Mark what the write breaks of published plans, and clear what it mends. A consequence of every write."""
    changes = [each for each in unit.changes if each["noun"] in _WATCHED and _matters(each)]
    if not changes:
        return
    commit = await hold_sequence(unit.tx)
    over = {each["record_id"] for each in changes if each["noun"] == "Operation" and each["kind"] == ChangeKind.STATE}
    plans_over = await store.plans_of_operations(unit.tx, over) if over else []
    for plan_id in plans_over:
        await store.clear(unit, await store.open_breaches(unit.tx, plan_id))
    if not await store.any_published(unit.tx):
        return
    plans = {each["record_id"] for each in changes if each["noun"] == "Plan"}
    records = {*_touched(each for each in changes if each["record_id"] not in over | plans), *plans, *plans_over}
    subjects = await _subjects(unit, changes, records)
    sharing = await store.operations_sharing(unit.tx, records, subjects.changed) if subjects.pools else set()
    concerned = await store.plans_concerned(
        unit.tx,
        action_ids=subjects.changed | subjects.bound,
        unit_ids=subjects.units,
        pools=subjects.pools,
        sharing=sharing,
    )
    for each in concerned:
        # What has just been published was judged for that, as a whole.
        if each.plan_id not in plans:
            await _judge(unit, each, subjects, commit, await _cause(unit, each, changes))


async def _cause(unit: Unit, concerned: store.Concerned, changes: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Give the id and noun of the record to be named as what a plan's breaches come from.

    The first that belongs to the plan's own operation, or that everybody may know of: a write may change something of
    another operation as well, which is not for all who read this plan.
    """
    readership, catalogue = unit.laws.readership, unit.laws.catalogue
    first = changes[0]
    if readership.is_open(catalogue[first["noun"]]):
        return first["record_id"], first["noun"]
    ids = [each["record_id"] for each in changes]
    own = await belonging_within(unit.tx, catalogue, concerned.operation_id, ids)
    for each in changes:
        if each["record_id"] in own or readership.is_open(catalogue[each["noun"]]):
            return each["record_id"], each["noun"]
    return concerned.plan_id, "Plan"


def _matters(change: Mapping[str, Any]) -> bool:
    if change["noun"] == "Plan" and change["kind"] != ChangeKind.STATE:
        return False
    if change["kind"] == ChangeKind.STATE:
        states = _STEPS.get(change["noun"])
        return states is None or json.loads(change["after"])["state"] in states
    if change["kind"] == ChangeKind.CREATED:
        if change["noun"] == "Action":
            # A new one is in no plan; but a plan without what is mandatory, or without all of a group, is broken.
            after = json.loads(change["after"])
            return bool(after.get("mandatory") or after.get("group"))
        return change["noun"] not in _RESTS_NOTHING
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
                # A country alone says nothing of what was there.
                if isinstance(text, str) and prefix_in(text) not in (None, "country", "operation"):
                    found.add(text)
    return found


async def _subjects(unit: Unit, changes: Iterable[Mapping[str, Any]], records: set[str]) -> Subjects:
    tx = unit.tx
    actions = await store.actions_of(tx, records)
    bound = await store.bound_to(tx, actions)
    pools_by_record = await store.pools_of(tx, records)
    found = Subjects(actions, bound, await store.units_of(tx, records))
    found.groups = {each for each in records if prefix_in(each) == "simultaneity_group"}
    ties = await store.ties_of(tx, actions)
    for tie in ties:
        found.units |= tie.unit_ids
        found.pools |= tie.pools
        found.groups |= tie.group_ids
    found.pools.update(*pools_by_record.values())
    tied = {pool for tie in ties for pool in tie.pools}
    for each in changes:
        of_record = pools_by_record.get(each["record_id"], set())
        found.pools |= _pools_before(each, tied if each["noun"] != "Resource" else of_record)
    return found


def _pools_before(change: Mapping[str, Any], now: set[PoolKey]) -> set[PoolKey]:
    """Give the pools that a change had to do with before, by those that it has to do with now."""
    before, names = json.loads(change["before"] or "{}"), _POOL_NAMES.get(change["noun"], {})
    was = {part: before[name] for name, part in names.items() if name in before}
    if not was or ("country" in was and not was["country"]):
        return set()
    if "country" in was:
        was["country"] = str(was["country"]).removeprefix("country_").upper()
    if "language" in was:
        was["language"] = was["language"] or ""
    return {replace(pool, **was) for pool in now}


async def _judge(
    unit: Unit, concerned: store.Concerned, subjects: Subjects, commit: int, cause: tuple[str, str]
) -> None:
    tx = unit.tx
    tied = subjects.changed | subjects.bound
    places = await store.read_some_places(tx, concerned.plan_id, concerned.action_ids | tied)
    rows = {row.action_id for row in places.rows}
    # With the actions that groups and precedences bind to these, else they would seem to be out of play.
    actions = rows | tied | await store.bound_to(tx, rows | tied)
    units = {each for row in places.rows for each in row.unit_ids}
    now = await read_part(tx, concerned.operation_id, commit, action_ids=sorted(actions), unit_ids=sorted(units))
    found = broken_now(places.rows, Frame.over(now), places.names)
    broken = {
        each.mark: each
        for each in found.rules
        if subjects.cover(each.rule, each.facts, each.action_ids)
        and (each.rule != MANDATORY or not subjects.changed.isdisjoint(each.action_ids))
    }
    standing = {each.mark: each for each in await store.open_breaches(tx, concerned.plan_id)}
    new = [each for mark, each in broken.items() if mark not in standing]
    other = [(standing[mark], each) for mark, each in broken.items() if mark in standing]
    mended = [
        each
        for mark, each in standing.items()
        if mark not in broken
        and subjects.cover(each.rule, each.facts, each.action_ids)
        # What is said of a place that cannot be expressed any more cannot be judged anew.
        and (each.rule == "well_formed" or found.lost_ids.isdisjoint(each.action_ids))
    ]
    await store.mark_broken(unit, concerned.plan_id, new, cause)
    await store.renew(unit, other, cause)
    await store.clear(unit, mended)
