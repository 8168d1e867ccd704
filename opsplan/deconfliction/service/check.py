"""`opsplan check-graph` on claims: entries, conflicts and notices, held against what claims and rules say.

All of it is made anew from claims and rules, in batches and by the same index as commits use, and compared with what
stands. Nothing is mended here.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from opsplan.deconfliction.rules.capacity import RULE as CAPACITY_RULE
from opsplan.deconfliction.rules.footprint import Footprint, Hiding, as_indexed, footprint_of
from opsplan.deconfliction.rules.keys import blind_key
from opsplan.deconfliction.rules.meeting import Meeting
from opsplan.deconfliction.service.capacity import hold_entries
from opsplan.deconfliction.service.deconflict import entries_row
from opsplan.deconfliction.service.hiding import read_hiding
from opsplan.deconfliction.service.looking import all_meetings, read_rules
from opsplan.deconfliction.service.telling import FIGURES, figures_of
from opsplan.deconfliction.store import checking as store
from opsplan.deconfliction.store.capacity import REVIEWS as POOL_REVIEWS
from opsplan.deconfliction.store.separation import REVIEWS
from opsplan.graph.driver import Graph
from opsplan.graph.query import Query
from opsplan.graph.transaction import Tx
from opsplan.records.integrity import Finding
from opsplan.vocabulary.sensitivity import Sensitivity

_BATCH = 500
_SHOWN = 5
_MENDED: Final = "; change its place and back, and it is made anew"


@dataclass(frozen=True, slots=True)
class _Broken:
    """What is wrong with a claim, by rule, place and words."""

    rule: str
    where: str
    message: str


_FAULTS: Final = {
    name: _Broken(rule, where, message)
    for name, rule, where, message in (
        ("entries", "ENTRIES", "Claim", "it is not found where it is, but elsewhere or nowhere" + _MENDED),
        ("holds", "ENTRIES", "Claim", "it is not found by what it holds of pools" + _MENDED),
        ("missing", "CONFLICTS", "Conflict", "this claim conflicts with another, and no conflict says so" + _MENDED),
        ("stale", "CONFLICTS", "Conflict", "a conflict of this claim stands that is none" + _MENDED),
        ("twice", "CONFLICTS", "Conflict", "two conflicts of this claim say the same; retire one"),
        ("figures", "CONFLICTS", "Conflict", "figures or rule of a conflict of this claim are others" + _MENDED),
        ("untold", "NOTICES", "Notice", "a conflict of this claim is not told to its owner" + _MENDED),
        ("told", "NOTICES", "Notice", "its owner is told of a conflict that is none" + _MENDED),
        ("told_twice", "NOTICES", "Notice", "its owner is told twice of one conflict; retire one notice"),
        ("key", "NOTICES", "Notice", "the key, or whom to call, of a notice on this claim is another" + _MENDED),
    )
}


async def check_claims(graph: Graph, told: Callable[[str], None] = lambda _: None) -> list[Finding]:
    """Hold what claims have brought about against the claims, and give what is wrong.

    While a changed rule is carried through, conflicts and notices are between two rules and not compared. A claim that
    something is wrong with is looked at twice, as others commit meanwhile.
    """
    told("claims")
    suspects: set[str] = set()
    async for batch in _all_claims(graph):
        suspects |= {each for found in (await _look(graph, batch)).values() for each in found}
    broken: dict[str, list[str]] = {}
    for batch in _batches(sorted(suspects)):
        for name, found in (await _look(graph, batch)).items():
            broken.setdefault(name, []).extend(found)
    findings = [
        Finding(fault.rule, fault.where, len(broken[name]), tuple(broken[name][:_SHOWN]), fault.message)
        for name, fault in _FAULTS.items()
        if name in broken
    ]
    for label, query in (("ClaimEntry", store.STRAY_ENTRIES), ("ClaimHold", store.STRAY_HOLDS)):
        (stray,) = await graph.read(partial(_run, query=query))
        if stray["count"]:
            some = tuple(stray["some"])
            findings.append(Finding("ENTRIES", label, stray["count"], some, "it is no claim's; delete it"))
    return findings


async def _all_claims(graph: Graph) -> AsyncIterator[Sequence[str]]:
    """Give the ids of all claims, in their order, batch by batch."""
    after = ""
    while rows := await graph.read(partial(_ids_after, after=after)):
        yield rows
        after = rows[-1]


async def _run(tx: Tx, query: Query) -> list[dict[str, Any]]:
    return await tx.run(query)


async def _ids_after(tx: Tx, after: str) -> list[str]:
    return [row["id"] for row in await tx.run(store.CLAIM_IDS, after=after, most=_BATCH)]


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))


async def _look(graph: Graph, ids: Sequence[str]) -> dict[str, list[str]]:
    """Give which claims of a batch each fault is found at."""
    return await graph.read(partial(_look_in, ids=ids))


async def _look_in(tx: Tx, ids: Sequence[str]) -> dict[str, list[str]]:
    rows = await tx.run(store.CLAIMS_AS_THEY_STAND, ids=ids)
    footprints = {row["id"]: footprint_of(row) for row in rows if row["stands"]}
    broken: dict[str, list[str]] = {}
    hiding = await read_hiding(tx)
    for row in rows:
        if _entries_of(row["entries"]) != _expected_entries(footprints.get(row["id"]), hiding):
            broken.setdefault("entries", []).append(row["id"])
        if not _is_held_as(row, footprints.get(row["id"]), hiding):
            broken.setdefault("holds", []).append(row["id"])
    if await tx.run(REVIEWS) or await tx.run(POOL_REVIEWS):
        return broken
    table = (await read_rules(tx)).table
    met = {one.claim_id: found for one, found in await all_meetings(tx, list(footprints.values()), table, hiding)}
    for row in rows:
        one = footprints.get(row["id"])
        meetings = met.get(row["id"], [])
        faults = _faults_of_conflicts(row["conflicts"], meetings)
        faults |= _faults_of_notices(row["notices"], {} if one is None else _to_tell(one, meetings))
        for fault in faults:
            broken.setdefault(fault, []).append(row["id"])
    return broken


def _expected_entries(footprint: Footprint | None, hiding: Hiding) -> set[tuple[Any, ...]]:
    if footprint is None:
        return set()
    seen = as_indexed(footprint, hiding)
    row = entries_row(seen.area, seen.time)
    return {
        (at, row["center"]["longitude"], row["center"]["latitude"], row["reach_m"], row["start"], row["end"])
        for at in row["entries"]
    }


def _is_held_as(row: Mapping[str, Any], footprint: Footprint | None, hiding: Hiding) -> bool:
    """Whether the holds that stand are those of the claim, and it has its place in their order if it has any."""
    expected = [] if footprint is None else sorted(list(each.values()) for each in hold_entries(footprint, hiding))
    has_its_place = (row["held_since"] is not None) == bool(expected)
    return has_its_place and sorted(row["holds"]) == expected


def _entries_of(rows: Iterable[Sequence[Any]]) -> set[tuple[Any, ...]]:
    """Give the entries that stand; two alike are as wrong as one too few."""
    found = [tuple(each) for each in rows]
    return set(found) if len(set(found)) == len(found) else {("twice",)}


def _faults_of_conflicts(rows: Sequence[Mapping[str, Any]], meetings: Sequence[Meeting]) -> set[str]:
    should = {each.mark: each for each in meetings}
    stand = {row["mark"]: row for row in rows}
    faults = {"missing"} if should.keys() - stand.keys() else set()
    faults |= {"stale"} if stand.keys() - should.keys() else set()
    faults |= {"twice"} if len(stand) < len(rows) else set()
    both = should.keys() & stand.keys()
    if any(_figures(figures_of(should[mark])) != _figures(stand[mark]) for mark in both):
        faults.add("figures")
    return faults


def _figures(conflict: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is the same from whichever of the two claims a conflict is looked at."""
    beside = ("facts",) if conflict["rule"] == CAPACITY_RULE else ()
    return {name: conflict.get(name) for name in ("severity", *FIGURES, *beside)}


def _to_tell(one: Footprint, meetings: Sequence[Meeting]) -> dict[tuple[str, str], tuple[str, str]]:
    """Give what a claim's owner is to be told: by conflict, or by whom to call, the key and whom to call."""
    told: dict[tuple[str, str], tuple[str, str]] = {}
    covers: dict[str, list[str]] = {}
    for each in meetings:
        other = each.other
        if other.is_read_by(one.owner_id):
            told["conflict", each.mark] = (other.key, other.owner_id)
        elif other.sensitivity is Sensitivity.POINTER:
            covers.setdefault(other.owner_id, []).append(other.cover_key)
    return told | {("call", owner): (blind_key(one.owner_id, those), owner) for owner, those in covers.items()}


def _faults_of_notices(
    rows: Sequence[Mapping[str, Any]], should: Mapping[tuple[str, str], tuple[str, str]]
) -> set[str]:
    stand = {
        ("call", row["contact_id"]) if row["is_blind"] else ("conflict", row["conflict"]): (
            row["key"],
            row["contact_id"],
        )
        for row in rows
    }
    faults = {"untold"} if should.keys() - stand.keys() else set()
    faults |= {"told"} if stand.keys() - should.keys() else set()
    faults |= {"told_twice"} if len(stand) < len(rows) else set()
    if any(stand[each] != should[each] for each in should.keys() & stand.keys()):
        faults.add("key")
    return faults
