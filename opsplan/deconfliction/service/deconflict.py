"""No two claims meet without their owners knowing: what follows from every write that touches a claim.

What can be done alone is done first. Then the commit sequence is held, so that of two commits at once the second sees
the first; under it the claims are held against all others, the keys shown against those needed, and conflicts and
notices written. They are there when the claim is, or none of it is.
"""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from opsplan.deconfliction.model import CLAIM
from opsplan.deconfliction.rules.footprint import Footprint, Hiding, as_indexed, footprint_of, shape_of
from opsplan.deconfliction.rules.index import entries_of, seeks_for
from opsplan.deconfliction.rules.keys import Needed, needed_keys
from opsplan.deconfliction.rules.meeting import Meeting, meetings_of, reach_of
from opsplan.deconfliction.rules.separation import DEFAULT_TABLE, SeparationTable
from opsplan.deconfliction.service.telling import tell
from opsplan.deconfliction.store import claims as store
from opsplan.geography.areas import bounding_circle
from opsplan.graph.transaction import Tx
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.unit import BATCH_ROWS, ChangeKind, Unit
from opsplan.vocabulary.area import Area
from opsplan.vocabulary.clock import instant_text
from opsplan.vocabulary.errors import KeysMissing
from opsplan.vocabulary.interval import Interval
from opsplan.vocabulary.sentences import say

HIDING = Hiding()
_COMMITS = frozenset({"Action", "Operation", "Plan"})
"""Nouns whose changes decide where and when actions are."""
_PROBES = 500
"""Claims looked round for in one statement."""


@dataclass(frozen=True, slots=True)
class _Touched:
    """What a write has done to claims: those that stand otherwise than before, and those that stand no more.

    `committed` are those for which whoever writes has to show what he has seen.
    """

    standing: tuple[Footprint, ...]
    gone: tuple[str, ...]
    committed: frozenset[str]


async def deconflict(unit: Unit) -> None:
    """Hold the claims that this write has touched against all others. A consequence of every write.

    Raises
    ------
    KeysMissing
        When the write does not show the keys of all that its claims conflict with; those that are missing are in its
        facts.
    """
    changed = [each for each in unit.changes if each["noun"] == CLAIM.name]
    if not changed:
        return
    new = frozenset(each["record_id"] for each in changed if each["kind"] == ChangeKind.CREATED)
    touched = await _enter(unit, sorted({each["record_id"] for each in changed}), new)
    if not touched.standing and not touched.gone:
        return
    # From here on nobody else commits: what is found now is all there is.
    await hold_sequence(unit.tx)
    table = DEFAULT_TABLE.replaced_by(await unit.tx.run(store.RULES_IN_FORCE))
    meetings = await _meetings(unit.tx, touched.standing, table)
    _refuse_unseen(unit, touched.committed, meetings)
    old = [each.claim_id for each in touched.standing if each.claim_id not in new]
    await tell(unit, [*old, *touched.gone], _once(meetings))


async def _enter(unit: Unit, ids: Sequence[str], new: frozenset[str]) -> _Touched:
    """Enter the claims under their cells and spells of time, with a new key where they are other than before."""
    standing: list[Footprint] = []
    gone: list[str] = []
    committed: set[str] = set()
    # That an agency leaves an operation, or a site is found to lie elsewhere, waits for nobody: it is told.
    is_commit = any(map(_commits, unit.changes))
    for start in range(0, len(ids), BATCH_ROWS):
        rows: list[dict[str, Any]] = []
        for claim in await unit.tx.run(store.CLAIMS, ids=ids[start : start + BATCH_ROWS]):
            if not claim["stands"]:
                gone.append(claim["id"])
                continue
            footprint = footprint_of(claim)
            seen = as_indexed(footprint, HIDING)
            shape = shape_of(footprint.area, footprint.time, footprint.kind.name, footprint.sensitivity)
            cover_shape = shape_of(seen.area, seen.time, "", footprint.sensitivity)
            readers = sorted(footprint.read_by)
            has_moved = claim["shape"] != shape
            if not has_moved and claim["shown_to"] == readers:
                continue
            kept: dict[str, Any] = {"shown_to": readers}
            if has_moved:
                if is_commit or claim["action_id"] is None:
                    committed.add(claim["id"])
                cover = claim["cover_key"] if claim["cover_shape"] == cover_shape else secrets.token_hex(16)
                footprint = replace(footprint, key=f"key-{secrets.token_hex(16)}", cover_key=cover)
                kept |= {"key": footprint.key, "cover_key": cover, "shape": shape, "cover_shape": cover_shape}
            standing.append(footprint)
            at = _entries(seen.area, seen.time) if has_moved else {"entries": [], "center": None}
            rows.append({"id": claim["id"], "properties": kept, **at})
        again = [row["id"] for row in rows if row["entries"] and row["id"] not in new]
        if again:
            await unit.tx.run(store.TAKE_OUT, ids=again)
        if rows:
            await unit.tx.run(store.ENTER, rows=rows)
    for start in range(0, len(gone), BATCH_ROWS):
        await unit.tx.run(store.TAKE_OUT, ids=gone[start : start + BATCH_ROWS])
        await unit.tx.run(store.FORGET_SHAPE, ids=gone[start : start + BATCH_ROWS])
    return _Touched(tuple(standing), tuple(gone), frozenset(committed))


def _commits(change: Mapping[str, Any]) -> bool:
    """Whether a change decides where and when actions are; their further steps wait for nobody."""
    is_step = change["noun"] == "Action" and change["kind"] == ChangeKind.STATE
    return change["noun"] in _COMMITS and (not is_step or json.loads(change["after"])["state"] == "COORDINATED")


def _entries(area: Area, time: Interval) -> dict[str, Any]:
    circle = bounding_circle(area)
    return {
        "entries": entries_of(area, time),
        "center": {"longitude": circle.center.longitude, "latitude": circle.center.latitude},
        "reach_m": circle.radius_m,
        "start": instant_text(time.start),
        "end": instant_text(time.end),
    }


async def _meetings(
    tx: Tx, standing: Sequence[Footprint], table: SeparationTable
) -> list[tuple[Footprint, list[Meeting]]]:
    """Give what each of the claims meets, those among them included."""
    found: list[tuple[Footprint, list[Meeting]]] = []
    for start in range(0, len(standing), _PROBES):
        batch = standing[start : start + _PROBES]
        near: list[list[Footprint]] = [[] for _ in batch]
        for row in await tx.run(store.NEAR, probes=[_probe(place, each, table) for place, each in enumerate(batch)]):
            near[row["number"]].append(footprint_of(row))
        found += [(each, meetings_of(each, others, table, HIDING)) for each, others in zip(batch, near, strict=True)]
    return found


def _probe(number: int, footprint: Footprint, table: SeparationTable) -> dict[str, Any]:
    area, time, margin_m = reach_of(footprint, table, HIDING)
    circle = bounding_circle(area)
    seeks = seeks_for(area, time, margin_m)
    return {
        "number": number,
        "owner_id": footprint.owner_id,
        "exercise": footprint.exercise,
        "center": {"longitude": circle.center.longitude, "latitude": circle.center.latitude},
        "reach_m": circle.radius_m + margin_m,
        "start": instant_text(time.start),
        "end": instant_text(time.end),
        "numbers": seeks.numbers,
        "ranges": seeks.ranges,
    }


def _refuse_unseen(unit: Unit, committed: frozenset[str], meetings: Iterable[tuple[Footprint, list[Meeting]]]) -> None:
    """Refuse a write that does not show the keys of all that its claims conflict with, but for each other."""
    missing: dict[str, Needed] = {}
    for footprint, met in meetings:
        if footprint.claim_id not in committed:
            continue
        for needed in needed_keys(footprint, [each for each in met if each.other.claim_id not in committed]):
            if needed.key not in unit.seen:
                missing.setdefault(needed.key, needed)
    if missing:
        raise KeysMissing(
            say(
                "It conflicts with {count} claims or agencies' hidden work whose keys you have not shown.",
                count=len(missing),
            ),
            field="seen",
            remedy=say("read what is missing, settle it with its owners or change your plan, and show the keys"),
            missing=tuple(_told(each) for each in missing.values()),
        )


def _told(needed: Needed) -> dict[str, Any]:
    """Give what is told of a key: of one that stands for what is hidden, whom to call and nothing else."""
    met = needed.meeting
    return {
        "key": needed.key,
        "contact_id": needed.contact_id,
        "claim_id": None if met is None else met.other.claim_id,
        "kind": None if met is None else met.kind.name,
        "rule": None if met is None else met.rule,
        "rule_version": None if met is None else met.rule_version,
        "severity": None if met is None else met.severity.name,
        "distance_m": None if met is None else met.distance_m,
        "gap_minutes": None if met is None else met.gap_minutes,
    }


def _once(meetings: Iterable[tuple[Footprint, list[Meeting]]]) -> Iterator[Meeting]:
    """Give each pair once, though both of its claims may have been touched."""
    seen: set[str] = set()
    for _, met in meetings:
        for each in met:
            if each.mark not in seen:
                seen.add(each.mark)
                yield each
