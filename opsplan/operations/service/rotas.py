"""Whoever takes part can be called at every instant: gaps in the rotas of participants are told before they come.

After each write that concerns a rota, the whole time that is left of the operations concerned is looked through in the
transaction of that write, and what is not covered is kept as `RotaGap`, whose events tell of it. An agency without any
contact point cannot take part.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from opsplan.jurisdiction.rota import Shift, Span, gaps
from opsplan.operations.model import PARTICIPANT, ROTA_GAP, GapState
from opsplan.operations.store import (
    CLOSE_GAPS,
    CREATE_GAPS,
    PARTICIPANTS_CONCERNED,
    ROTAS_OF_PARTICIPANTS,
)
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.unit import ChangeKind, Unit
from opsplan.vocabulary.clock import instant_from_text, instant_text
from opsplan.vocabulary.errors import Conflict
from opsplan.vocabulary.ids import mint
from opsplan.vocabulary.sentences import say

_AHEAD = timedelta(days=90)
"""From how long before an operation starts its participants' rotas are looked through."""

_CONCERNING: Mapping[str, frozenset[str] | None] = {
    "ContactPoint": frozenset({"time_zone"}),
    "DutyShift": None,
    "Participant": frozenset({"state"}),
    "Operation": frozenset({"start", "end"}),
}
"""Nouns whose changes may concern a rota; where only some of what a change changes does, these."""


async def watch_rotas(unit: Unit) -> None:
    """Keep the gaps of participants' rotas as they are after this write. A consequence of every write.

    Raises
    ------
    Conflict
        When an agency that takes part would have nobody to call.
    """
    ids = sorted({each["record_id"] for each in unit.changes if _concerns(each)})
    if not ids:
        return
    # Two writers of one rota at once would each see the other's shift still there.
    await hold_sequence(unit.tx)
    participants = [row["id"] for row in await unit.tx.run(PARTICIPANTS_CONCERNED, ids=ids)]
    for row in await unit.tx.run(ROTAS_OF_PARTICIPANTS, ids=participants):
        if row["is_over"]:
            await _keep(unit, row, ())
        elif not row["posts"]:
            raise _nobody(row)
        else:
            await _keep(unit, row, _gaps(unit, row))


def _concerns(change: Mapping[str, Any]) -> bool:
    if change["noun"] not in _CONCERNING:
        return False
    names = _CONCERNING[change["noun"]]
    if change["kind"] != ChangeKind.CHANGED or names is None:
        return True
    return not names.isdisjoint(json.loads(change["after"] or "{}"))


def _gaps(unit: Unit, row: Mapping[str, Any]) -> tuple[Span, ...]:
    shifts = [_shift(post["time_zone"], shift) for post in row["posts"] for shift in post["shifts"]]
    end = instant_from_text(row["end"])
    start = max(instant_from_text(unit.now), instant_from_text(row["start"]) - _AHEAD)
    return gaps(shifts, start, end) if start < end else ()


def _shift(zone: str, shift: Mapping[str, Any]) -> Shift:
    return Shift(
        zone,
        shift["from_local"],
        shift["until_local"],
        tuple(shift["days"] or ()),
        _instant(shift["start"]),
        _instant(shift["end"]),
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else instant_from_text(text)


async def _keep(unit: Unit, row: Mapping[str, Any], found: Iterable[Span]) -> None:
    """Keep these gaps and close all others of the participant; one that has begun goes on while its end is the same."""
    wanted = {instant_text(end): instant_text(start) for start, end in found}
    standing = {gap["end"]: gap for gap in row["gaps"]}
    mended = [gap["id"] for end, gap in standing.items() if not _is_kept(gap, wanted.get(end), unit.now)]
    kept = {end for end, gap in standing.items() if gap["id"] not in mended}
    new = [(start, end) for end, start in sorted(wanted.items()) if end not in kept]
    if mended:
        closed = {"state": GapState.CLOSED.name, "closed_at": unit.now}
        stamp = {"changed_at": unit.now, "changed_by": unit.actor.subject}
        await unit.tx.run(CLOSE_GAPS, ids=mended, properties={**closed, **stamp})
        for each in mended:
            unit.note(each, ROTA_GAP.name, ChangeKind.STATE, {"state": GapState.OPEN.name, "closed_at": None}, closed)
    if new:
        standard = unit.standard_of_made(row["owner_id"], exercise=row["exercise"])
        rows = [
            {**standard, "id": mint(ROTA_GAP.name), "state": GapState.OPEN.name, "start": start, "end": end}
            for start, end in new
        ]
        await unit.tx.run(CREATE_GAPS, participant=row["id"], rows=rows)
        for made in rows:
            told = {name: made[name] for name in ("state", "start", "end")}
            unit.note(made["id"], ROTA_GAP.name, ChangeKind.CREATED, None, {**told, "participant": row["id"]})


def _is_kept(gap: Mapping[str, Any], start: str | None, now: str) -> bool:
    """Whether a gap of the same end is the same still: it begins when it did, or has begun and only time has passed."""
    return start == gap["start"] or (start is not None and gap["start"] < now == start)


def _nobody(row: Mapping[str, Any]) -> Conflict:
    return Conflict(
        say(
            "Agency {agency} takes part in operation {operation} and would have no contact point to call.",
            agency=row["agency"],
            operation=row["operation"],
        ),
        field="agency",
        value=row["owner_id"],
        remedy=say(
            "enter a ContactPoint of the agency with its shifts first, or withdraw its {participant_name}",
            participant_name=PARTICIPANT.name,
        ),
        participant_id=row["id"],
    )
