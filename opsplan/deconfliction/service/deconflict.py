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
from opsplan.deconfliction.rules.footprint import Footprint, as_indexed, footprint_of, where_and_when
from opsplan.deconfliction.rules.holds import plain_holds
from opsplan.deconfliction.rules.index import entries_of, whereabouts
from opsplan.deconfliction.rules.meeting import Meeting
from opsplan.deconfliction.service.ahead import MOST_AHEAD, wants_more
from opsplan.deconfliction.service.capacity import NO_HOLDS, enter_holds, in_its_place, tell_other_holders
from opsplan.deconfliction.service.crowd import Crowd
from opsplan.deconfliction.service.hiding import hiding_of
from opsplan.deconfliction.service.looking import Met, meetings_ahead, meetings_at_the_commit, with_wanted
from opsplan.deconfliction.service.probing import count_probes
from opsplan.deconfliction.service.seen import hidden_met, refuse_unseen
from opsplan.deconfliction.service.telling import tell
from opsplan.deconfliction.service.wanting import subject_keys
from opsplan.deconfliction.service.zones_near import ask_zones_near
from opsplan.deconfliction.store import claims as store
from opsplan.records.values import canonical_json
from opsplan.records.writing.batches import read_in_batches
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.unit import BATCH_ROWS, ChangeKind, Unit
from opsplan.vocabulary.area import Area
from opsplan.vocabulary.clock import instant_text
from opsplan.vocabulary.interval import Interval

_COMMITS = frozenset({"Action", "Operation", "Plan"})
"""Nouns whose changes decide where and when actions are."""
_KNOWN_OF = frozenset({"Target", "Identifier", "Link"})
"""Nouns whose changes may bring claims on targets into conflict."""

MADE = "claims made"
"""Under which name a write leaves the footprints of the claims that it has made, by id."""


@dataclass(frozen=True, slots=True)
class Touched:
    """What a write has done to claims: those that stand otherwise than before, and those that stand no more.

    `committed` are those for which whoever writes has to show what he has seen; `held` is what those that held of pools
    before have held.
    """

    standing: tuple[Footprint, ...]
    gone: tuple[str, ...]
    committed: frozenset[str]
    held: Mapping[str, str]


async def deconflict(unit: Unit) -> None:
    """Hold the claims that this write has touched against all others. A consequence of every write.

    Raises
    ------
    KeysMissing
        When the write does not show the keys of all that its claims conflict with; those that are missing are in its
        facts.
    TooManyConflicts
        When it commits claims that conflict in more ways than one commit may bring.
    """
    changed = [each for each in unit.changes if each["noun"] == CLAIM.name]
    concerned = await _concerned(unit)
    if not changed and not concerned:
        return
    new = frozenset(each["record_id"] for each in changed if each["kind"] == ChangeKind.CREATED)
    touched = await enter_claims(unit, {each["record_id"] for each in changed}, new, concerned)
    if not touched.standing and not touched.gone:
        return
    await _look_ahead(unit, touched, new)
    unit.left[MADE] = {each.claim_id: each for each in touched.standing if each.claim_id in new}
    # From here on nobody else commits: what is found now is all there is.
    crowd = Crowd() if touched.committed else None
    near = await meetings_at_the_commit(unit, touched.standing, lambda: ask_zones_near(unit, touched.standing), crowd)
    meetings = await with_wanted(unit.tx, touched.standing, near, hiding_of(unit), crowd)
    await refuse_unseen(unit, touched.standing, touched.committed, meetings)
    await enter_holds(unit, touched.standing)
    old = [each.claim_id for each in touched.standing if each.claim_id not in new]
    await tell(unit, [*old, *touched.gone], once(meetings))
    await tell_other_holders(unit, touched.standing, touched.held)
    await count_probes(unit, hidden_met(touched.committed, meetings))


async def _look_ahead(unit: Unit, touched: Touched, new: frozenset[str]) -> None:
    """Refuse before the commit sequence is held, where no keys are shown and some are needed.

    Whoever begins without keys is refused most of the time where many claim one place, and need not have the others
    wait for it. What is new and takes nothing but place and time was looked at before it was written (`look_round`).
    """
    is_few = len(touched.standing) <= MOST_AHEAD
    is_looked_at = touched.committed <= new and not any(map(wants_more, touched.standing))
    if touched.committed and is_few and not is_looked_at and not unit.seen and unit.exigent is None:
        crowd = Crowd()
        near = await meetings_ahead(unit, touched.standing, crowd)
        meetings = await with_wanted(unit.tx, touched.standing, near, hiding_of(unit), crowd)
        await refuse_unseen(unit, touched.standing, touched.committed, meetings)


async def _concerned(unit: Unit) -> frozenset[str]:
    """Give the claims whose subjects, or the links that lead to them, this write has changed, and those now over."""
    over = frozenset(each["record_id"] for each in unit.changes if each["noun"] == CLAIM.name and _is_over(each))
    ids = sorted({each["record_id"] for each in unit.changes if each["noun"] in _KNOWN_OF})
    if not ids:
        return over
    # A claim that is committed meanwhile would be missed, and so would by it what is changed here.
    await hold_sequence(unit.tx)
    return over | {row["id"] for row in await read_in_batches(unit.tx, store.CONCERNED_BY, ids)}


def _is_over(change: Mapping[str, Any]) -> bool:
    """Whether a change says that a claim's action is done."""
    return change["kind"] == ChangeKind.CHANGED and bool(json.loads(change["after"] or "{}").get("is_over"))


async def _read(unit: Unit, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Read claims; where they are on targets, as these stand at the commit."""
    rows = await unit.tx.run(store.CLAIMS, ids=ids)
    if any(row["targets"] for row in rows):
        await hold_sequence(unit.tx)
        rows = await unit.tx.run(store.CLAIMS, ids=ids)
    return rows


async def enter_claims(unit: Unit, changed: set[str], new: frozenset[str], concerned: frozenset[str]) -> Touched:
    """Enter the claims under their cells and spells of time, with a new key where they are other than before."""
    ids = sorted(changed | concerned)
    standing: list[Footprint] = []
    gone: list[str] = []
    committed: set[str] = set()
    held: dict[str, str] = {}
    # That an agency leaves an operation, or a site is found to lie elsewhere, waits for nobody: it is told.
    is_commit = any(map(_commits, unit.changes))
    for start in range(0, len(ids), BATCH_ROWS):
        rows: list[dict[str, Any]] = []
        for claim in await _read(unit, ids[start : start + BATCH_ROWS]):
            before = {} if claim["held"] is None else {claim["id"]: claim["held"]}
            if not claim["stands"]:
                gone.append(claim["id"])
                held |= before
                continue
            footprint = footprint_of(claim)
            seen = as_indexed(footprint, hiding_of(unit))
            shape, cover_shape, readers = _shape(footprint), _shape(seen, covered=True), sorted(footprint.read_by)
            has_moved = claim["shape"] != shape or claim["cover_shape"] != cover_shape
            if not has_moved and claim["shown_to"] == readers and claim["id"] not in concerned:
                continue
            held |= before
            footprint = in_its_place(footprint, claim["held"], hiding_of(unit))
            kept: dict[str, Any] = {"shown_to": readers, **(NO_HOLDS if before and not footprint.holds else {})}
            if has_moved:
                if claim["id"] in changed and (is_commit or claim["action_id"] is None):
                    committed.add(claim["id"])
                cover = claim["cover_key"] if claim["cover_shape"] == cover_shape else secrets.token_hex(16)
                footprint = replace(footprint, key=f"key-{secrets.token_hex(16)}", cover_key=cover)
                kept |= {"key": footprint.key, "cover_key": cover, "shape": shape, "cover_shape": cover_shape}
            standing.append(footprint)
            at = entries_row(seen.area, seen.time) if has_moved else {"entries": [], "center": None}
            rows.append({"id": claim["id"], "properties": kept, **at})
        again = [row["id"] for row in rows if row["entries"] and row["id"] not in new]
        if again:
            unit.tx.ask(store.TAKE_OUT, ids=again)
        if rows:
            unit.tx.ask(store.ENTER, rows=rows)
        entered = {row["id"] for row in rows if row["entries"]}
        subjects = [
            {"id": each.claim_id, "keys": keys}
            for each in standing
            if each.claim_id in entered and (keys := subject_keys(each))
        ]
        if subjects:
            unit.tx.ask(store.ENTER_SUBJECTS, rows=subjects)
        if len(rows) > MOST_AHEAD:
            await unit.tx.run_asked()
    for start in range(0, len(gone), BATCH_ROWS):
        await unit.tx.run(store.TAKE_OUT, ids=gone[start : start + BATCH_ROWS])
        await unit.tx.run(store.FORGET_SHAPE, ids=gone[start : start + BATCH_ROWS])
    return Touched(tuple(standing), tuple(gone), frozenset(committed), held)


def _commits(change: Mapping[str, Any]) -> bool:
    """Whether a change decides where and when actions are; their further steps wait for nobody."""
    is_step = change["noun"] == "Action" and change["kind"] == ChangeKind.STATE
    return change["noun"] in _COMMITS and (not is_step or json.loads(change["after"])["state"] == "COORDINATED")


def entries_row(area: Area, time: Interval) -> dict[str, Any]:
    """Give the entries of a claim, by area and time as it is looked for."""
    return {"entries": entries_of(area, time), **whereabouts(area, time)}


def _shape(footprint: Footprint, *, covered: bool = False) -> str:
    """Give in one text all that a key stands for: of what is hidden, what may be told of it."""
    told = [*where_and_when(footprint.area, footprint.time), footprint.sensitivity.name]
    if not covered:
        subjects = sorted(repr(each) for each in footprint.subjects)
        strikes = instant_text(footprint.strikes_at)
        means = [sorted(footprint.unit_ids), sorted(footprint.anchor_ids)]
        told += [footprint.kind.name, strikes, subjects, *means]
    if footprint.holds:
        told.append(plain_holds(footprint.holds))
    return canonical_json(told)


def once(meetings: Iterable[Met]) -> Iterator[Meeting]:
    """Give each pair once, though both of its claims may have been touched."""
    seen: set[str] = set()
    for _, met in meetings:
        for each in met:
            if each.mark not in seen:
                seen.add(each.mark)
                yield each
