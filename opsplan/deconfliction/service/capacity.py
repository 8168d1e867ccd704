"""Holds of pools: entering them in the order in which they came, and telling others what changes for them.

A claim that moves, is gone or is read by others, and a capacity that changes, may bring others into conflict or out of
it. These are told in the same transaction where they are few, else by and by (`review_next_pool`).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from opsplan.deconfliction.rules.capacity import RULE
from opsplan.deconfliction.rules.footprint import Footprint, Hiding, footprint_of
from opsplan.deconfliction.rules.holds import (
    Hold,
    Pool,
    holds_from_plain,
    holds_no_more,
    hulls_of,
    plain_holds,
    veiled_holds,
)
from opsplan.deconfliction.service.hiding import hiding_of, hold_hiding
from opsplan.deconfliction.service.holding import Stretch, held_by, ledgers_over, stretches_of
from opsplan.deconfliction.service.telling import tell
from opsplan.deconfliction.store import capacity as store
from opsplan.graph.driver import Graph
from opsplan.operations.model import CAPACITY, RESOURCE
from opsplan.records.laws import Laws
from opsplan.records.values import canonical_json
from opsplan.records.writing import Writing, write
from opsplan.records.writing.batches import read_in_batches, write_in_batches
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.unit import ChangeKind, Unit
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import Clock, instant_from_text, instant_text
from opsplan.vocabulary.sensitivity import Sensitivity

AT_ONCE = 300
"""Claims judged anew in the transaction of a change; nobody else commits meanwhile."""
BATCH = 100
"""Claims judged anew in one transaction of a review."""
NO_HOLDS: Final[Mapping[str, None]] = {"held": None, "held_since": None}
"""What is kept on a claim that holds nothing."""
_REVIEWER = Actor("machine:deconfliction", roles=frozenset({Role.ADMINISTRATOR}), reads_all=True)
_ALWAYS: Final = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


def in_its_place(claim: Footprint, held: str | None, hiding: Hiding) -> Footprint:
    """Give a claim with its place in the order of those that hold, if it may keep it: while it holds no more.

    `held` is what it held as it was entered. Where it was or is hidden, what may be told of its holds decides, so that
    the order tells no more.
    """
    if held is None or not claim.holds:
        return replace(claim, held_since=None) if claim.held_since is not None else claim
    sensitivity, before = _read(held)
    after = claim.holds
    if Sensitivity.OPEN is not sensitivity or Sensitivity.OPEN is not claim.sensitivity:
        before, after = (veiled_holds(each, hiding.hours) for each in (before, after))
    return claim if holds_no_more(after, before) else replace(claim, held_since=None)


async def enter_holds(unit: Unit, standing: Iterable[Footprint]) -> None:
    """Have claims be found by what they hold; whoever runs it holds the commit sequence."""
    rows = [
        {
            "id": each.claim_id,
            "held": _written(each),
            "held_since": each.held_since,
            "pools": hold_entries(each, hiding_of(unit)),
        }
        for each in standing
        if each.holds
    ]
    await write_in_batches(unit.tx, store.ENTER_HOLDS, rows)


def hold_entries(claim: Footprint, hiding: Hiding) -> list[dict[str, str]]:
    """Give the entries by which what a claim holds is found."""
    return [
        {"pool": each.pool.key, "start": instant_text(each.start), "end": instant_text(each.end)}
        for each in stretches_of([claim], hiding)
    ]


async def tell_other_holders(unit: Unit, standing: Iterable[Footprint], held: Mapping[str, str]) -> None:
    """Tell others that hold of the same pools what changes for them, as claims hold otherwise than before.

    `held` is what each of the claims that were touched has held before. Those that stand have been told of.
    """
    after = {each.claim_id: each for each in standing}
    stretches: list[Stretch] = []
    for claim_id, text in held.items():
        claim = after.get(claim_id)
        # A claim that comes last anew takes nothing from those who came before.
        keeps_its_place = claim is not None and claim.held_since is not None
        if claim is None or text != _written(claim) or not keeps_its_place:
            now = claim.holds if claim is not None and keeps_its_place else ()
            stretches += [Stretch(pool, *hull) for pool, hull in hulls_of([*_read(text)[1], *now]).items()]
    if stretches:
        await _judge_over(unit, stretches, frozenset(after))


async def watch_capacities(unit: Unit) -> None:
    """Have conflicts be as there now is more or less of a pool. A consequence of every write."""
    changes = [
        each
        for each in unit.changes
        if each["noun"] == CAPACITY.name or (each["noun"] == RESOURCE.name and each["kind"] != ChangeKind.CREATED)
    ]
    if not changes:
        return
    # What is committed before is judged here, what is committed afterwards knows what there is.
    await hold_sequence(unit.tx)
    await hold_hiding(unit)
    ids = sorted({each["record_id"] for each in changes})
    now = {row["id"]: row for row in await read_in_batches(unit.tx, store.CAPACITY_CHANGED, ids)}
    stretches = {_stretch(row) for row in now.values()}
    for each in changes:
        before = json.loads(each["before"] or "{}")
        if each["record_id"] in now and not before.keys().isdisjoint(("kind", "language", "start", "end")):
            stretches.add(_stretch({**now[each["record_id"]], **before}))
    await _judge_over(unit, stretches, frozenset())


def _stretch(row: Mapping[str, Any]) -> Stretch:
    """Give the pool of a resource, and the time of an entry of its capacity; of the resource itself, all time."""
    pool = Pool(row["country"], row["kind"], row["language"] or "", bool(row["exercise"]))
    if row["start"] is None:
        return Stretch(pool, *_ALWAYS)
    return Stretch(pool, instant_from_text(row["start"]), instant_from_text(row["end"]))


async def _judge_over(unit: Unit, stretches: Iterable[Stretch], but: frozenset[str]) -> None:
    """Have the conflicts in pools and times be as they now are, but for those claims, which have been judged."""
    concerned: dict[str, Footprint] = {}
    pools: set[str] = set()
    for ledger, met in await ledgers_over(unit.tx, stretches, (), hiding_of(unit)):
        for each in ledger.claims:
            if each.claim_id not in but and (each.claim_id in met or ledger.is_tight_for(each)):
                concerned[each.claim_id] = each
                pools.add(ledger.pool.key)
    if len(concerned) > AT_ONCE:
        await unit.tx.run(store.KEEP_REVIEW, pools=sorted(pools), now=unit.now)
    elif concerned:
        await _judge(unit, [concerned[each] for each in sorted(concerned)])


async def _judge(unit: Unit, claims: Sequence[Footprint]) -> None:
    """Have all conflicts in pools of some claims be as they now are."""
    found = await held_by(unit.tx, claims, hiding_of(unit))
    once = {each.mark: each for _, met in found for each in met}
    await tell(unit, [each.claim_id for each in claims], once.values(), rules=frozenset({RULE}))


async def review_next_pool(graph: Graph, clock: Clock, laws: Laws) -> bool:
    """Judge the next claims of a pool that is judged anew by and by, if there is one; say whether there was.

    Any number of processes may do it at once: each does what comes next when it is its turn to commit.
    """
    reviews = await graph.read(lambda tx: tx.run(store.REVIEWS))
    if not reviews:
        return False
    review = reviews[0]

    async def work(writing: Writing) -> None:
        await hold_sequence(writing.tx)
        await hold_hiding(writing)
        if review not in await writing.tx.run(store.REVIEWS):
            return
        rows = await writing.tx.run(store.NEXT_HOLDERS, pool=review["pool"], after=review["after"], most=BATCH)
        ids = [row["id"] for row in rows]
        claims = [footprint_of(row) for row in await writing.tx.run(store.HOLDERS, ids=ids)]
        if claims:
            await _judge(writing, claims)
        if len(ids) < BATCH:
            await writing.tx.run(store.END_REVIEW, pool=review["pool"])
        else:
            await writing.tx.run(store.MOVE_REVIEW, pool=review["pool"], after=ids[-1])

    await write(graph, _REVIEWER, clock, work, laws=laws, request_id=f"review {review['pool']}")
    return True


def _written(claim: Footprint) -> str:
    """Give in one text what a claim holds and who reads it: what it counts for others."""
    return canonical_json([claim.sensitivity.name, sorted(claim.read_by), plain_holds(claim.holds)])


def _read(held: str) -> tuple[Sensitivity, tuple[Hold, ...]]:
    """Give of such a text how it was told of, and what was held."""
    sensitivity, _, holds = json.loads(held)
    return Sensitivity(sensitivity), holds_from_plain(holds)
