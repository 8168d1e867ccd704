"""Writing crossings, and what is told of them to whoever may not know all, in the transaction that brings them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from opsplan.deconfliction.model import ZONE_CROSSING, ZONE_NOTICE, CrossingState
from opsplan.deconfliction.rules.zone import Crossing
from opsplan.deconfliction.store import zones as store
from opsplan.records.writing.batches import read_in_batches, write_in_batches
from opsplan.records.writing.unit import ChangeKind, Unit
from opsplan.vocabulary.clock import instant_text
from opsplan.vocabulary.ids import mint

_UNDECIDED: Final = {
    "state": CrossingState.OPEN.name,
    **dict.fromkeys(("asked", "asked_at", "watch_asked_at", "decided", "decided_at", "decided_in_place")),
}
"""Of a crossing that is new, or of other things than before: what was decided was so of those."""


@dataclass(slots=True)
class _Calls:
    """Whom sides may have to call: by claim or zone, the agencies on the other side."""

    of_claims: set[tuple[str, str]] = field(default_factory=set)
    of_zones: set[tuple[str, str]] = field(default_factory=set)

    def add(self, claim_id: str, claim_owner_id: str, zone_id: str, zone_owner_id: str) -> None:
        """Note both sides of a crossing."""
        self.of_claims.add((claim_id, zone_owner_id))
        self.of_zones.add((zone_id, claim_owner_id))


async def keep_crossings(
    unit: Unit, known: Sequence[str], crossings: Mapping[tuple[str, str], Crossing], decided: Sequence[str]
) -> None:
    """Have crossings, and what is told of them, be as claims and zones now stand.

    Parameters
    ----------
    unit
        The write; it holds the commit sequence.
    known
        Ids of the claims and zones that were held against all others and were there before, those that are gone
        included.
    crossings
        What these and new ones cross or are crossed by, by claim and zone.
    decided
        Ids of crossings that the write itself has changed, such as by a release.
    """
    calls = _Calls()
    new = dict(crossings)
    changed: list[dict[str, Any]] = []
    for row in await read_in_batches(unit.tx, store.CROSSINGS_OF, known):
        crossing = new.pop((row["claim_id"], row["zone_id"]), None)
        after = {"state": CrossingState.GONE.name} if crossing is None else _as_it_stands(crossing, row["properties"])
        changed += unit.changed(ZONE_CROSSING, row["properties"], after)
        calls.add(row["claim_id"], row["claim_owner_id"], row["zone_id"], row["zone_owner_id"])
    for each in new.values():
        calls.add(each.claim.claim_id, each.claim.owner_id, each.zone.zone_id, each.zone.owner_id)
    for row in await read_in_batches(unit.tx, store.SIDES_OF_CROSSINGS, decided):
        calls.add(row["claim_id"], row["claim_owner_id"], row["zone_id"], row["zone_owner_id"])
    await write_in_batches(unit.tx, store.CREATE_CROSSINGS, [_made(unit, each) for each in new.values()])
    await write_in_batches(unit.tx, store.CHANGE_CROSSINGS, changed)
    await _tell(unit, calls)


def _figures(crossing: Crossing) -> dict[str, Any]:
    overlap = crossing.overlap
    return {
        "overlap_start": None if overlap is None else instant_text(overlap.start),
        "overlap_end": None if overlap is None else instant_text(overlap.end),
        "stands_for": crossing.stands_for,
    }


def _as_it_stands(crossing: Crossing, before: Mapping[str, Any]) -> dict[str, Any]:
    is_same = before["stands_for"] == crossing.stands_for and before["state"] != CrossingState.GONE.name
    return _figures(crossing) if is_same else {**_UNDECIDED, **_figures(crossing)}


def _made(unit: Unit, crossing: Crossing) -> dict[str, Any]:
    crossing_id = mint(ZONE_CROSSING.name)
    told = {"state": CrossingState.OPEN.name, **_figures(crossing)}
    claim_id, zone_id = crossing.ids
    unit.note(crossing_id, ZONE_CROSSING.name, ChangeKind.CREATED, None, {**told, "claim": claim_id, "zone": zone_id})
    standard = unit.standard_of_made(crossing.zone.owner_id, exercise=crossing.zone.exercise)
    return {"claim": claim_id, "zone": zone_id, "properties": {**standard, **told, "id": crossing_id}}


async def _tell(unit: Unit, calls: _Calls) -> None:
    """Tell each side whom to call where it may not know of what it meets, once for all that an agency has there."""
    rows: dict[str, dict[str, Any]] = {}
    for side, query, pairs in (
        ("claim", store.HIDDEN_ZONES_CROSSED, calls.of_claims),
        ("zone", store.HIDDEN_CLAIMS_CROSSING, calls.of_zones),
    ):
        asked = [{"record_id": record_id, "contact_id": contact_id} for record_id, contact_id in sorted(pairs)]
        for row in await read_in_batches(unit.tx, query, asked, name="pairs"):
            rows[f"{row['record_id']}|call|{row['contact_id']}"] = {**row, "side": side}
    there = {row["mark"]: row for row in await read_in_batches(unit.tx, store.ZONE_NOTICES, sorted(rows), name="marks")}
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for mark, row in rows.items():
        state = _state_of_all(row["states"])
        if mark in there:
            changed += unit.changed(ZONE_NOTICE, there[mark], {"state": state.name})
        elif state is not CrossingState.GONE:
            new.append(_new_notice(unit, mark, row, state))
    await write_in_batches(unit.tx, store.CREATE_ZONE_NOTICES, new)
    await write_in_batches(unit.tx, store.CHANGE_CROSSINGS, changed)


def _state_of_all(states: Sequence[str]) -> CrossingState:
    """Give how far it is with all that one agency has there: as far as the one that has come least."""
    found = {CrossingState(each) for each in states}
    for each in (CrossingState.REFUSED, CrossingState.OPEN, CrossingState.REQUESTED, CrossingState.RELEASED):
        if each in found:
            return each
    return CrossingState.GONE


def _new_notice(unit: Unit, mark: str, row: Mapping[str, Any], state: CrossingState) -> dict[str, Any]:
    notice_id = mint(ZONE_NOTICE.name)
    refers = {row["side"]: row["record_id"], "contact": row["contact_id"]}
    unit.note(notice_id, ZONE_NOTICE.name, ChangeKind.CREATED, None, {"state": state.name, **refers})
    standard = unit.standard_of_made(row["owner_id"], exercise=row["exercise"])
    return {
        "record_id": row["record_id"],
        "contact_id": row["contact_id"],
        "properties": {**standard, "state": state.name, "id": notice_id, "mark": mark},
    }
