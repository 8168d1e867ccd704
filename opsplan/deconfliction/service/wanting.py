"""Asking the graph for claims that want the same as others, or warn those whom others are after."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from opsplan.deconfliction.rules.footprint import Footprint, Hiding, footprint_of
from opsplan.deconfliction.rules.meeting import Meeting
from opsplan.deconfliction.rules.wanting import (
    SUBJECT_WITHIN,
    TIP_OFF_WITHIN,
    Way,
    share_subjects,
    share_units,
    tip_off,
)
from opsplan.deconfliction.service.crowd import Crowd
from opsplan.deconfliction.service.holding import held_by
from opsplan.deconfliction.store import claims as store
from opsplan.deconfliction.subjects import keys_of
from opsplan.graph.query import Query
from opsplan.graph.transaction import Tx
from opsplan.vocabulary.clock import instant_text

_PROBES = 500
"""Claims asked for in one statement."""

Judge = Callable[[Footprint, Mapping[str, Any], Hiding], Meeting | None]


def subject_keys(footprint: Footprint) -> list[str]:
    """Give the texts under which a claim's subjects are found."""
    return sorted({key for each in footprint.subjects for key in keys_of(each)})


async def wanted_by(
    tx: Tx, claims: Sequence[Footprint], hiding: Hiding, crowd: Crowd | None = None
) -> dict[str, list[Meeting]]:
    """Give, by the claim's id, what it meets in units, subjects, links and pools; only what it names is asked for.

    Raises
    ------
    TooManyConflicts
        When there is more than `crowd` may hold.
    """
    met: dict[str, list[Meeting]] = {}
    for query, those, ask, judge in (
        (store.SHARE_UNITS, [each for each in claims if each.unit_ids], _same_time, _units),
        (store.SHARE_SUBJECTS, [each for each in claims if each.subjects], _near, _subjects),
        (store.TIP_OFFS, [each for each in claims if each.anchor_ids], _before, _warned),
    ):
        async for one, found in _asked(tx, query, those, ask, judge, hiding):
            if crowd is not None:
                crowd.add(one, found)
            met.setdefault(one.claim_id, []).extend(found)
    holding = [each for each in claims if each.holds]
    if holding:
        for one, found in await held_by(tx, holding, hiding):
            if crowd is not None:
                crowd.add(one, found)
            met.setdefault(one.claim_id, []).extend(found)
    return met


async def _asked(
    tx: Tx,
    query: Query,
    claims: Sequence[Footprint],
    ask: Callable[[Footprint, Hiding], dict[str, Any]],
    judge: Judge,
    hiding: Hiding,
) -> AsyncIterator[tuple[Footprint, list[Meeting]]]:
    for start in range(0, len(claims), _PROBES):
        batch = claims[start : start + _PROBES]
        met: list[list[Meeting]] = [[] for _ in batch]
        probes = [_probe(number, each) | ask(each, hiding) for number, each in enumerate(batch)]
        for row in await tx.run(query, probes=probes):
            meeting = judge(batch[row["number"]], row, hiding)
            if meeting is not None:
                met[row["number"]].append(meeting)
        for one, those in zip(batch, met, strict=True):
            yield one, sorted(those, key=lambda each: each.mark)


def _probe(number: int, one: Footprint) -> dict[str, Any]:
    return {"number": number, "id": one.claim_id, "owner_id": one.owner_id, "exercise": one.exercise}


def _same_time(one: Footprint, hiding: Hiding) -> dict[str, Any]:
    return _around(one, hiding, timedelta(0))


def _near(one: Footprint, hiding: Hiding) -> dict[str, Any]:
    return {"keys": subject_keys(one), **_around(one, hiding, SUBJECT_WITHIN)}


def _before(one: Footprint, hiding: Hiding) -> dict[str, Any]:
    more = _spell(hiding)
    return {
        "start": instant_text(one.time.start - more),
        "late": instant_text(one.time.start + TIP_OFF_WITHIN + more),
        "strikes": instant_text(one.strikes_at + more),
        "early": instant_text(one.strikes_at - TIP_OFF_WITHIN - more),
    }


def _around(one: Footprint, hiding: Hiding, longest: timedelta) -> dict[str, Any]:
    """Give the time round a claim in which those lie that may conflict; of what is hidden, whole spells are seen."""
    more = longest + _spell(hiding)
    return {"start": instant_text(one.time.start - more), "end": instant_text(one.time.end + more)}


def _spell(hiding: Hiding) -> timedelta:
    """Give by how much two claims may lie further apart than they are compared: a spell each, and the bound itself."""
    return timedelta(hours=2 * hiding.hours) + (datetime.resolution)


def _units(one: Footprint, row: Mapping[str, Any], hiding: Hiding) -> Meeting | None:
    return share_units(one, footprint_of(row), row["names"], hiding)


def _subjects(one: Footprint, row: Mapping[str, Any], hiding: Hiding) -> Meeting | None:
    return share_subjects(one, footprint_of(row), hiding)


def _warned(one: Footprint, row: Mapping[str, Any], hiding: Hiding) -> Meeting | None:
    way = row["way"]
    found = Way(tuple(way["path"]), tuple(way["links"]), tuple(way["names"]))
    return tip_off(one, footprint_of(row), found, hiding)
