"""Asking the graph for what is held of pools, and holding claims against it."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from opsplan.deconfliction.rules.capacity import capacity_meetings
from opsplan.deconfliction.rules.footprint import Footprint, Hiding, footprint_of, holds_as_seen
from opsplan.deconfliction.rules.holds import Pool, hulls_of
from opsplan.deconfliction.rules.ledger import Ledger
from opsplan.deconfliction.rules.meeting import Meeting
from opsplan.deconfliction.store import capacity as store
from opsplan.graph.transaction import Tx
from opsplan.records.writing.batches import read_in_batches
from opsplan.vocabulary.clock import instant_from_text, instant_text


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """A pool in a time: from when until when, exclusive."""

    pool: Pool
    start: datetime
    end: datetime


def stretches_of(claims: Iterable[Footprint], hiding: Hiding) -> list[Stretch]:
    """Give where claims hold of pools, as they are looked for."""
    return [Stretch(pool, *hull) for each in claims for pool, hull in hulls_of(holds_as_seen(each, hiding)).items()]


async def held_by(tx: Tx, claims: Sequence[Footprint], hiding: Hiding) -> Iterator[tuple[Footprint, list[Meeting]]]:
    """Give, claim by claim, what it meets in pools of which more is held than there is; claims hold of pools."""
    ledgers = [ledger for ledger, _ in await ledgers_over(tx, stretches_of(claims, hiding), claims, hiding)]
    of_claim: dict[str, list[Ledger]] = {each.claim_id: [] for each in claims}
    for ledger in ledgers:
        for each in ledger.claims:
            if each.claim_id in of_claim:
                of_claim[each.claim_id].append(ledger)
    return ((each, capacity_meetings(each, of_claim[each.claim_id])) for each in claims)


async def ledgers_over(
    tx: Tx, stretches: Iterable[Stretch], claims: Sequence[Footprint], hiding: Hiding
) -> list[tuple[Ledger, frozenset[str]]]:
    """Give what is held of pools in some times, each with the ids of those that are in conflict there as it stands.

    `claims` are taken as they are given, whatever the graph has of them, as they may not be entered yet; the times are
    theirs.
    """
    merged = _merged(stretches)
    rows = await read_in_batches(tx, store.POOLS, map(_probe, range(len(merged)), merged), name="probes")
    given = {each.claim_id for each in claims}
    mine = _by_stretch(merged, claims, hiding)
    found: list[tuple[Ledger, frozenset[str]]] = []
    for row in sorted(rows, key=lambda each: each["number"]):
        stretch = merged[row["number"]]
        others = [footprint_of(each) for each in row["claims"] if each["id"] not in given]
        met = frozenset(each["id"] for each in row["claims"] if each["is_met"])
        available = [
            (instant_from_text(start), instant_from_text(end), amount) for start, end, amount in row["available"]
        ]
        found.append((Ledger(stretch.pool, [*mine.get(row["number"], ()), *others], available, hiding), met))
    return found


def _by_stretch(merged: Sequence[Stretch], claims: Iterable[Footprint], hiding: Hiding) -> dict[int, list[Footprint]]:
    """Give the claims by the place of the stretch in which each holds of its pool."""
    begins = [(each.pool, each.start) for each in merged]
    found: dict[int, list[Footprint]] = {}
    for each in claims:
        for own in stretches_of([each], hiding):
            # All that a claim holds of a pool was merged into one, which begins with it or before.
            found.setdefault(bisect_right(begins, (own.pool, own.start)) - 1, []).append(each)
    return found


def _merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Give the same pools and times so that no two stretches of a pool overlap."""
    found: list[Stretch] = []
    for pool, those in groupby(sorted(stretches), key=lambda each: each.pool):
        for each in those:
            if found and found[-1].pool == pool and each.start < found[-1].end:
                found[-1] = Stretch(pool, found[-1].start, max(found[-1].end, each.end))
            else:
                found.append(each)
    return found


def _probe(number: int, stretch: Stretch) -> Mapping[str, Any]:
    return {
        "number": number,
        "pool": stretch.pool.key,
        "country": stretch.pool.country,
        "kind": stretch.pool.kind,
        "language": stretch.pool.language,
        "exercise": stretch.pool.exercise,
        "start": instant_text(stretch.start),
        "end": instant_text(stretch.end),
    }
