"""Writing conflicts and the notices to each side, in the transaction that brings them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from opsplan.deconfliction.model import CONFLICT, NOTICE, ConflictState, NoticeState
from opsplan.deconfliction.rules.footprint import Footprint
from opsplan.deconfliction.rules.keys import blind_key
from opsplan.deconfliction.rules.meeting import Meeting
from opsplan.deconfliction.store import claims as store
from opsplan.records.declaration import Noun
from opsplan.records.writing.unit import BATCH_ROWS, ChangeKind, Unit
from opsplan.vocabulary.ids import mint
from opsplan.vocabulary.sensitivity import Sensitivity

FIGURES = ("severity", "rule", "rule_version", "distance_m", "margin_m", "gap_minutes", "margin_minutes")


async def tell(
    unit: Unit, known: Sequence[str], meetings: Iterable[Meeting], *, rules: Collection[str] | None = None
) -> None:
    """Have conflicts and notices be as the claims that were touched now stand.

    Parameters
    ----------
    unit
        The write; it holds the commit sequence.
    known
        Ids of the touched claims that were there before, those that are gone included.
    meetings
        What the touched claims meet, each pair once.
    rules
        By which rules, where what is met by others stays as it is; by all, when None.
    """
    rows = await unit.tx.run(store.STANDING, ids=known) if known else []
    standing = {row["mark"]: row for row in rows if rules is None or row["properties"]["rule"] in rules}
    notices = _Notices(frozenset(known))
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    met: set[str] = set()
    for each in meetings:
        met.add(each.mark)
        before = standing.get(each.mark)
        if before is None:
            made = _made(unit, each)
            new.append(made)
            conflict_id = made["properties"]["id"]
        else:
            conflict_id = before["properties"]["id"]
            changed += _changed(
                unit, CONFLICT, before["properties"], {"state": ConflictState.OPEN.name, **figures_of(each)}
            )
        notices.add(each, conflict_id)
    for mark, row in standing.items():
        if mark not in met and row["properties"]["state"] != ConflictState.GONE.name:
            changed += _changed(unit, CONFLICT, row["properties"], {"state": ConflictState.GONE.name})
            notices.drop(row["sides"])
    await _in_batches(unit, store.CREATE_CONFLICTS, new)
    await _in_batches(unit, store.CHANGE_RECORDS, changed)
    await notices.write(unit)


def figures_of(meeting: Meeting) -> dict[str, Any]:
    """Give what a conflict says of how near its two come, and by which rule."""
    return {name: getattr(meeting, name) for name in FIGURES} | {"severity": meeting.severity.name}


def _made(unit: Unit, meeting: Meeting) -> dict[str, Any]:
    conflict_id = mint(CONFLICT.name)
    # The claim that was touched came to the one that was there.
    first, second = meeting.other, meeting.one
    told = {"kind": meeting.kind.name, "state": ConflictState.OPEN.name, **figures_of(meeting)}
    standard = unit.standard_of_made(first.owner_id, exercise=first.exercise)
    sides = {"first": first.claim_id, "second": second.claim_id}
    unit.note(conflict_id, CONFLICT.name, ChangeKind.CREATED, None, {**told, **sides})
    return {**sides, "properties": {**standard, **told, "id": conflict_id, "mark": meeting.mark}}


def _changed(unit: Unit, noun: Noun, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the row that makes a record what it is to be, if it is other than that."""
    other = {name: value for name, value in after.items() if before.get(name) != value}
    if not other:
        return []
    is_move = "state" in other
    was = {name: before.get(name) for name in other}
    unit.note(before["id"], noun.name, ChangeKind.STATE if is_move else ChangeKind.CHANGED, was, other)
    return [{"id": before["id"], "properties": {**other, "changed_at": unit.now, "changed_by": unit.actor.subject}}]


async def _in_batches(unit: Unit, query: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    for start in range(0, len(rows), BATCH_ROWS):
        await unit.tx.run(query, rows=rows[start : start + BATCH_ROWS])


class _Notices:
    """What each side is to be told."""

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known
        self._plain: dict[str, dict[str, Any]] = {}
        self._blind: set[tuple[str, str]] = set()
        self._gone: set[str] = set()

    def add(self, meeting: Meeting, conflict_id: str) -> None:
        """Add a meeting: each side that may know of the other is told of it, or whom to call."""
        for mine, other in ((meeting.one, meeting.other), (meeting.other, meeting.one)):
            if other.is_read_by(mine.owner_id):
                self._plain[_mark(mine.claim_id, other.claim_id)] = _row(mine, other, conflict_id)
            else:
                # What was told when it could be seen does not hold any more.
                self._gone.add(_mark(mine.claim_id, other.claim_id))
                if other.sensitivity is Sensitivity.POINTER:
                    self._blind.add((mine.claim_id, other.owner_id))
            if not self._known.isdisjoint((mine.claim_id, other.claim_id)):
                # It may have been hidden before.
                self._blind.add((mine.claim_id, other.owner_id))

    def drop(self, sides: Sequence[Sequence[str]]) -> None:
        """Take back what was told of a conflict that is gone, by its sides: claim and owner of each."""
        for (mine, _), (other, owner) in (sides, sides[::-1]):
            self._gone.add(_mark(mine, other))
            self._blind.add((mine, owner))

    async def write(self, unit: Unit) -> None:
        """Write them all."""
        rows = dict(self._plain)
        gone = set(self._gone)
        pairs = [{"claim_id": claim, "contact_id": contact} for claim, contact in sorted(self._blind)]
        for start in range(0, len(pairs), BATCH_ROWS):
            for row in await unit.tx.run(store.HIDDEN_MET, pairs=pairs[start : start + BATCH_ROWS]):
                mark = f"{row['claim_id']}|call|{row['contact_id']}"
                if row["cover_keys"]:
                    key = blind_key(row["owner_id"], row["cover_keys"])
                    rows[mark] = {**row, "key": key, "is_blind": True, "conflict_id": None}
                else:
                    gone.add(mark)
        await self._keep(unit, rows, gone - rows.keys())

    async def _keep(self, unit: Unit, rows: Mapping[str, Mapping[str, Any]], gone: set[str]) -> None:
        marks = sorted({*rows, *gone})
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        there: dict[str, Mapping[str, Any]] = {}
        for start in range(0, len(marks), BATCH_ROWS):
            found = await unit.tx.run(store.NOTICES, marks=marks[start : start + BATCH_ROWS])
            there |= {row["mark"]: {name: row[name] for name in ("id", "state", "key")} for row in found}
        for mark, row in rows.items():
            before = there.get(mark)
            if before is None:
                new.append(_new_notice(unit, mark, row))
            elif before["key"] != row["key"] or before["state"] == NoticeState.GONE.name:
                changed += _changed(unit, NOTICE, before, {"state": NoticeState.SENT.name, "key": row["key"]})
        for mark in sorted(gone & there.keys()):
            changed += _changed(unit, NOTICE, there[mark], {"state": NoticeState.GONE.name})
        await _in_batches(unit, store.CREATE_NOTICES, new)
        await _in_batches(unit, store.CHANGE_RECORDS, changed)


def _mark(claim_id: str, other_id: str) -> str:
    return f"{claim_id}|{other_id}"


def _row(mine: Footprint, other: Footprint, conflict_id: str) -> dict[str, Any]:
    return {
        "claim_id": mine.claim_id,
        "owner_id": mine.owner_id,
        "exercise": mine.exercise,
        "contact_id": other.owner_id,
        "key": other.key,
        "is_blind": False,
        "conflict_id": conflict_id,
    }


def _new_notice(unit: Unit, mark: str, row: Mapping[str, Any]) -> dict[str, Any]:
    notice_id = mint(NOTICE.name)
    told = {"state": NoticeState.SENT.name, "is_blind": row["is_blind"], "key": row["key"]}
    refers = {"claim": row["claim_id"], "contact": row["contact_id"], "conflict": row["conflict_id"]}
    unit.note(notice_id, NOTICE.name, ChangeKind.CREATED, None, {**told, **refers})
    standard = unit.standard_of_made(row["owner_id"], exercise=row["exercise"])
    return {
        "claim_id": row["claim_id"],
        "contact_id": row["contact_id"],
        "conflict_id": row["conflict_id"],
        "properties": {**standard, **told, "id": notice_id, "mark": mark},
    }
