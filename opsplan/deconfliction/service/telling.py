"""Writing conflicts and the notices to each side, in the transaction that brings them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from opsplan.deconfliction.model import CONFLICT, NOTICE, ConflictState, NoticeState, Severity
from opsplan.deconfliction.rules.footprint import Footprint
from opsplan.deconfliction.rules.keys import blind_key
from opsplan.deconfliction.rules.meeting import Meeting
from opsplan.deconfliction.rules.settling import acknowledge_by, settle_by
from opsplan.deconfliction.service.voiding import void_resolutions
from opsplan.deconfliction.store import claims as store
from opsplan.graph.transaction import Tx
from opsplan.records.values import canonical_json
from opsplan.records.writing.batches import read_in_batches, write_in_batches
from opsplan.records.writing.unit import BATCH_ROWS, ChangeKind, Unit
from opsplan.vocabulary.clock import instant_from_text, instant_text
from opsplan.vocabulary.ids import mint
from opsplan.vocabulary.sensitivity import Sensitivity

FIGURES = ("rule", "rule_version", "distance_m", "margin_m", "gap_minutes", "margin_minutes", "score")


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
            changed += _judged_anew(unit, before["properties"], each)
        notices.add(each, conflict_id)
    for mark, row in standing.items():
        if mark not in met and row["properties"]["state"] != ConflictState.GONE.name:
            changed += unit.changed(CONFLICT, row["properties"], {"state": ConflictState.GONE.name})
            notices.drop(mark, row["sides"])
    await write_in_batches(unit.tx, store.CHANGE_RECORDS, changed)
    await notices.write(unit, new)


def _judged_anew(unit: Unit, before: Mapping[str, Any], meeting: Meeting) -> list[dict[str, Any]]:
    """Give the row of a conflict that still holds: it is open again if a plan is another one than it was for."""
    stands_for = _stands_for(meeting)
    is_open_again = before["state"] == ConflictState.GONE.name or before.get("stands_for") != stands_for
    after = {**figures_of(meeting), **({"state": ConflictState.OPEN.name} if is_open_again else {})}
    return unit.changed(CONFLICT, before, after, beside={"stands_for": stands_for})


def _stands_for(meeting: Meeting) -> str:
    """Give what stands for the two plans as each is known to the other side; it is kept and never told."""
    pairs = sorted(((meeting.one, meeting.other), (meeting.other, meeting.one)), key=lambda pair: pair[0].claim_id)
    return "|".join(mine.key if mine.is_read_by(other.owner_id) else mine.cover_key for mine, other in pairs)


def figures_of(meeting: Meeting) -> dict[str, Any]:
    """Give what a conflict says of how near its two come, by which rule, and why."""
    return {name: getattr(meeting, name) for name in FIGURES} | {
        "severity": meeting.severity.name,
        "sentence": str(meeting.sentence),
        "facts": canonical_json(dict(meeting.facts)) if meeting.facts else None,
    }


def _made(unit: Unit, meeting: Meeting) -> dict[str, Any]:
    conflict_id = mint(CONFLICT.name)
    # The claim that was touched came to the one that was there.
    first, second = meeting.other, meeting.one
    told = {"kind": meeting.kind.name, "state": ConflictState.OPEN.name, **figures_of(meeting)}
    standard = unit.standard_of_made(first.owner_id, exercise=first.exercise)
    sides = {"first": first.claim_id, "second": second.claim_id}
    unit.note(conflict_id, CONFLICT.name, ChangeKind.CREATED, None, {**told, **sides})
    kept = {"id": conflict_id, "mark": meeting.mark, "stands_for": _stands_for(meeting)}
    return {**sides, "properties": {**standard, **told, **kept}}


class _Notices:
    """What each side is to be told."""

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known
        self._plain: dict[str, dict[str, Any]] = {}
        self._blind: set[tuple[str, str]] = set()
        self._gone: set[str] = set()
        self._fresh: set[str] = set()

    def add(self, meeting: Meeting, conflict_id: str) -> None:
        """Add a meeting: each side that may know of the other is told of it, or whom to call."""
        is_of_new = meeting.one.claim_id not in self._known
        for mine, other in ((meeting.one, meeting.other), (meeting.other, meeting.one)):
            mark = _mark(mine.claim_id, meeting.mark)
            if is_of_new:
                # Of what is new nobody has been told yet.
                self._fresh.add(mark)
            if other.is_read_by(mine.owner_id):
                self._plain[mark] = {
                    **_row(mine, other, conflict_id),
                    "severity": meeting.severity,
                    "stands_for": _stands_for(meeting),
                }
            else:
                # What was told when it could be seen does not hold any more.
                self._gone.add(mark)
                if other.sensitivity is Sensitivity.POINTER:
                    self._blind.add((mine.claim_id, other.owner_id))
            if not self._known.isdisjoint((mine.claim_id, other.claim_id)):
                # It may have been hidden before.
                self._blind.add((mine.claim_id, other.owner_id))

    def drop(self, mark: str, sides: Sequence[Sequence[str]]) -> None:
        """Take back what was told of a conflict that is gone, by its sides: claim and owner of each."""
        for (mine, _), (_, owner) in (sides, sides[::-1]):
            self._gone.add(_mark(mine, mark))
            self._blind.add((mine, owner))

    async def write(self, unit: Unit, conflicts: Sequence[Mapping[str, Any]]) -> None:
        """Write them all, and the conflicts that are new with them."""
        rows = dict(self._plain)
        gone = set(self._gone)
        pairs = [{"claim_id": claim, "contact_id": contact} for claim, contact in sorted(self._blind)]
        if pairs:
            # What is asked next goes by the conflicts that stand.
            await _create(unit.tx, conflicts, ())
            conflicts = ()
        for row in await read_in_batches(unit.tx, store.HIDDEN_MET, pairs, name="pairs"):
            mark = f"{row['claim_id']}|call|{row['contact_id']}"
            if row["cover_keys"]:
                key = blind_key(row["owner_id"], row["cover_keys"])
                rows[mark] = {
                    **row,
                    "key": key,
                    "is_blind": True,
                    "conflict_id": None,
                    # Nothing of what is hidden shows in how soon an answer is asked for.
                    "severity": Severity.SERIOUS,
                    "stands_for": f"{row['own_key']}|{key}",
                }
            else:
                gone.add(mark)
        await self._keep(unit, conflicts, rows, gone - rows.keys())

    async def _keep(
        self,
        unit: Unit,
        conflicts: Sequence[Mapping[str, Any]],
        rows: Mapping[str, Mapping[str, Any]],
        gone: set[str],
    ) -> None:
        marks = sorted({*rows, *gone} - self._fresh)
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        found = await read_in_batches(unit.tx, store.NOTICES, marks, name="marks")
        there: dict[str, Mapping[str, Any]] = {row["mark"]: row["properties"] for row in found}
        again: list[str] = []
        for mark, row in rows.items():
            before = there.get(mark)
            if before is None:
                new.append(_new_notice(unit, mark, row))
            elif before.get("stands_for") != row["stands_for"] or before["state"] == NoticeState.GONE.name:
                told_anew = _sent(unit, row) | {"acknowledged_at": None, "acknowledged_by": None, "escalated_at": None}
                beside = {"stands_for": row["stands_for"], "escalated_to": None, "to_be_called": True}
                changed += unit.changed(NOTICE, before, told_anew, beside=beside)
                again.append(before["id"])
        over = sorted(mark for mark in gone & there.keys() if there[mark]["state"] != NoticeState.GONE.name)
        for mark in over:
            changed += unit.changed(NOTICE, there[mark], {"state": NoticeState.GONE.name})
        await _create(unit.tx, conflicts, new)
        await write_in_batches(unit.tx, store.CHANGE_RECORDS, changed)
        if again:
            await unit.tx.run(store.TELL_ANEW, ids=again)
        await void_resolutions(unit, again, [there[mark]["id"] for mark in over])


async def _create(tx: Tx, conflicts: Sequence[Mapping[str, Any]], notices: Sequence[Mapping[str, Any]]) -> None:
    """Create conflicts and then notices: in one statement where there are few of both, as there mostly are."""
    if len(conflicts) + len(notices) <= BATCH_ROWS:
        if conflicts or notices:
            # It goes with what is written next: the commit's end, mostly.
            tx.ask(store.CREATE_TOLD, conflicts=conflicts, notices=notices)
        return
    for start in range(0, len(conflicts), BATCH_ROWS):
        await tx.run(store.CREATE_TOLD, conflicts=conflicts[start : start + BATCH_ROWS], notices=[])
    for start in range(0, len(notices), BATCH_ROWS):
        await tx.run(store.CREATE_TOLD, conflicts=[], notices=notices[start : start + BATCH_ROWS])


def _mark(claim_id: str, conflict: str) -> str:
    return f"{claim_id}|{conflict}"


def _row(mine: Footprint, other: Footprint, conflict_id: str) -> dict[str, Any]:
    return {
        "claim_id": mine.claim_id,
        "owner_id": mine.owner_id,
        "exercise": mine.exercise,
        "start": instant_text(mine.time.start),
        "contact_id": other.owner_id,
        "key": other.key,
        "is_blind": False,
        "conflict_id": conflict_id,
    }


def _sent(unit: Unit, row: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a notice says that is sent now: its key, and until when it is to be acknowledged and resolved."""
    now = instant_from_text(unit.now)
    return {
        "state": NoticeState.SENT.name,
        "key": row["key"],
        "acknowledge_by": instant_text(acknowledge_by(row["severity"], now)),
        "settle_by": instant_text(settle_by(instant_from_text(row["start"]), now)),
    }


def _new_notice(unit: Unit, mark: str, row: Mapping[str, Any]) -> dict[str, Any]:
    notice_id = mint(NOTICE.name)
    told = {"is_blind": row["is_blind"], **_sent(unit, row)}
    refers = {"claim": row["claim_id"], "contact": row["contact_id"], "conflict": row["conflict_id"]}
    unit.note(notice_id, NOTICE.name, ChangeKind.CREATED, None, {**told, **refers})
    standard = unit.standard_of_made(row["owner_id"], exercise=row["exercise"])
    return {
        "claim_id": row["claim_id"],
        "contact_id": row["contact_id"],
        "conflict_id": row["conflict_id"],
        "properties": {**standard, **told, "id": notice_id, "mark": mark, "stands_for": row["stands_for"]},
    }
