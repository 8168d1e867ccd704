"""Actions that are coordinated claim their footprint, and keep it as they are: what follows from writes of actions.

An action claims from COORDINATED until it is over; what it holds of beds and the like it holds on to when it is done,
as those who were found need them for days. Its time and units are those of the published plan that places it, else its
window; what it holds of pools are the needs of the mode that the plan has chosen, in its host country. Who reads the
claim reads the action: the sensitivity is the closer one of the action's and its operation's, and the readers are the
operation's.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from opsplan.deconfliction.model import CLAIM
from opsplan.deconfliction.store import actions as store
from opsplan.operations.states import ActionState
from opsplan.records.values import canonical_json
from opsplan.records.writing.row import plain
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.unit import BATCH_ROWS, ChangeKind, Unit
from opsplan.vocabulary.ids import mint
from opsplan.vocabulary.place import GeoPoint
from opsplan.vocabulary.sensitivity import Sensitivity

CLAIMING = sorted(
    state.name
    for state in (ActionState.COORDINATED, ActionState.NOTIFIED, ActionState.ACTIVATED, ActionState.UNDER_WAY)
)
_NO_MATTER = frozenset({"due", "priority", "mandatory", "expected_victims", "group", "source", "marking"})
_PLANS_THAT_HOLD = frozenset({"PUBLISHED", "SUPERSEDED"})
_OF_OPERATIONS = frozenset({"sensitivity", "coordinators", "h_hour"})
_OF_SITES = frozenset({"location", "country"})
_BESIDE = ("read_by", "operation_id", "h_hour", "site_id")
_CONCERNING = frozenset({"Operation", "Participant", "Plan", "Compound", "ResourceNeed"})


async def claim_footprints(unit: Unit) -> None:
    """Have each action's claim be as the action is after this write. A consequence of every write."""
    changed = sorted({each["record_id"] for each in unit.changes if _concerns(each)})
    ids: set[str] = set()
    for start in range(0, len(changed), BATCH_ROWS):
        batch = changed[start : start + BATCH_ROWS]
        ids |= {row["id"] for row in await unit.tx.run(store.ACTIONS_CONCERNED, ids=batch, claiming=CLAIMING)}
    if not ids:
        return
    # Two writers at once, of an action and of its operation's readers, would each miss what the other does.
    await hold_sequence(unit.tx)
    ordered = sorted(ids)
    for start in range(0, len(ordered), BATCH_ROWS):
        await _keep(unit, ordered[start : start + BATCH_ROWS])


def _concerns(change: Mapping[str, Any]) -> bool:
    if change["noun"] == "Action":
        return _matters(change)
    return change["noun"] in _CONCERNING and _reaches_actions(change)


def _matters(change: Mapping[str, Any]) -> bool:
    """Whether a change of an action may be one of its footprint."""
    after = json.loads(change["after"] or "{}")
    if change["kind"] == ChangeKind.CREATED:
        return after.get("state") in CLAIMING
    return change["kind"] != ChangeKind.CHANGED or not after.keys() <= _NO_MATTER


def _reaches_actions(change: Mapping[str, Any]) -> bool:
    if change["kind"] == ChangeKind.CREATED and change["noun"] in ("Operation", "Plan", "Compound"):
        return False
    if change["noun"] == "Plan":
        after = json.loads(change["after"] or "{}")
        return change["kind"] == ChangeKind.STATE and after.get("state") in _PLANS_THAT_HOLD
    if change["kind"] != ChangeKind.CHANGED or change["noun"] == "Participant":
        return True
    names = json.loads(change["after"] or "{}").keys()
    of_noun = {"Compound": _OF_SITES, "Operation": _OF_OPERATIONS}.get(change["noun"])
    return of_noun is None or not of_noun.isdisjoint(names)


async def _keep(unit: Unit, ids: Sequence[str]) -> None:
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    withdrawn: list[str] = []
    over: list[str] = []
    for row in await unit.tx.run(store.FOOTPRINTS, ids=ids, claiming=CLAIMING):
        claim = row["claim"]
        is_in_force = claim is not None and claim.get("retired_at") is None
        if row["is_done"] and is_in_force and claim.get("capacities"):
            if not claim.get("is_over"):
                over.append(claim["id"])
                unit.note(claim["id"], CLAIM.name, ChangeKind.CHANGED, {"is_over": False}, {"is_over": True})
        elif not row["stands"]:
            if is_in_force:
                withdrawn.append(claim["id"])
                unit.note(claim["id"], CLAIM.name, ChangeKind.RETIRED, {"retired_at": None}, {"retired_at": unit.now})
        elif claim is None:
            new.append(_made(unit, row))
        else:
            changed += _changed(unit, row, claim)
    stamp = {"changed_at": unit.now, "changed_by": unit.actor.subject}
    if new:
        await unit.tx.run(store.CREATE_CLAIMS, rows=new)
    if changed:
        await unit.tx.run(store.CHANGE_CLAIMS, rows=changed)
    if over:
        await unit.tx.run(store.END_CLAIMS, ids=over, properties=stamp)
    if withdrawn:
        await unit.tx.run(store.WITHDRAW_CLAIMS, ids=withdrawn, properties={"retired_at": unit.now, **stamp})


def _claimed(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give what an action claims, but for place and whom it concerns."""
    levels = list(Sensitivity)
    closest = max(
        (Sensitivity(each) for each in (row["sensitivity"], row["operation_sensitivity"]) if each), key=levels.index
    )
    return {
        "name": row["name"],
        "kind": row["kind"],
        "radius_m": 0.0,
        "start": row["start"],
        "end": row["end"],
        "sensitivity": closest.name,
        "capacities": _capacities(row),
    }


def _capacities(row: Mapping[str, Any]) -> str | None:
    """Give what an action holds of the pools of its host country, as a claim is entered with it."""
    if not row["needs"] or row["country"] is None:
        return None
    needs = [{name: value for name, value in each.items() if value is not None} for each in row["needs"]]
    return canonical_json(sorted(({"country": row["country"], **each} for each in needs), key=canonical_json))


def _where(row: Mapping[str, Any]) -> GeoPoint:
    return GeoPoint(row["location"][0], row["location"][1])


def _beside(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is kept on a claim and never told."""
    return {name: row[name] for name in _BESIDE}


def _made(unit: Unit, row: Mapping[str, Any]) -> dict[str, Any]:
    claim_id = mint(CLAIM.name)
    told = _claimed(row)
    refers = {"action": row["id"], "targets": sorted(row["targets"]), "units": sorted(row["units"])}
    location = plain(_where(row))
    known = {name: value for name, value in told.items() if value is not None}
    unit.note(claim_id, CLAIM.name, ChangeKind.CREATED, None, {**known, "location": location, **refers})
    standard = unit.standard_of_made(row["owner_id"], exercise=bool(row["exercise"]))
    return {
        **refers,
        "location": location,
        "properties": {**standard, "is_over": False, **told, **_beside(row), "id": claim_id},
    }


def _changed(unit: Unit, row: Mapping[str, Any], claim: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the row that makes a claim what its action claims now, if it is other than that."""
    told = _claimed(row)
    was_at = GeoPoint(claim["location"][0], claim["location"][1])
    before = {name: claim.get(name) for name in told}
    before |= {
        "location": plain(was_at),
        "targets": sorted(row["claimed_targets"]),
        "units": sorted(row["claimed_units"]),
    }
    after = {**told, "location": plain(_where(row)), "targets": sorted(row["targets"]), "units": sorted(row["units"])}
    other = {name: value for name, value in after.items() if value != before[name]}
    is_back = claim.get("retired_at") is not None
    if not other and not is_back and all(claim.get(name) == row[name] for name in _BESIDE):
        return []
    kind = ChangeKind.RESTORED if is_back else ChangeKind.CHANGED
    was = {name: before[name] for name in other} | ({"retired_at": claim["retired_at"]} if is_back else {})
    unit.note(claim["id"], CLAIM.name, kind, was, other | ({"retired_at": None} if is_back else {}))
    stamp = {"changed_at": unit.now, "changed_by": unit.actor.subject, "retired_at": None}
    return [
        {
            "id": claim["id"],
            "properties": {**told, **_beside(row), **stamp},
            "location": after["location"],
            "targets": after["targets"],
            "units": after["units"],
        }
    ]
