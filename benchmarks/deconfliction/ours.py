"""opsplan's side: its store, asked from the benchmark's own process."""

import secrets
from collections.abc import Sequence
from typing import Any

from benchmarks.deconfliction.claims import Claim
from opsplan.deconfliction.rules.index import entries_of
from opsplan.deconfliction.service.looking import meetings_now
from opsplan.geography.areas import bounding_circle
from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.nouns import LAWS
from opsplan.records.writing import Writing, write
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.area import Circle
from opsplan.vocabulary.clock import instant_text, system_clock
from opsplan.vocabulary.errors import KeysMissing

# What a claim is after it was committed: its record, and its entries in the index.
_LOAD = """
UNWIND $rows AS row
CREATE (c:Record:Claim)
SET c = row.properties, c.location = point(row.center)
WITH c, row, point(row.center) AS center
UNWIND row.entries AS at
CREATE (entry:ClaimEntry)-[:ENTRY_OF]->(c)
SET entry = {at: at, center: center, reach_m: row.reach_m, start: row.properties.start, end: row.properties.end,
             owner_id: row.properties.owner_id}
"""
_NOUN = LAWS.catalogue["Claim"]


class Ours:
    """The claims in the graph.

    Parameters
    ----------
    graph
        The graph.
    agency_ids
        The agencies that claim, by their numbers.
    """

    def __init__(self, graph: Graph, agency_ids: Sequence[str]) -> None:
        self._graph = graph
        self._agency_ids = list(agency_ids)

    async def load(self, batch: Sequence[Claim]) -> None:
        """Load claims past the service, as they stand after they were committed."""
        rows = [_row(each, self._agency_ids) for each in batch]

        async def work(tx: Tx) -> None:
            await tx.run(_LOAD, rows=rows)

        await self._graph.write(work, timeout_s=300.0)

    async def check(self, claim: Claim) -> dict[str, float]:
        """Give the ids of all that a claim would meet, and how near they come in metres."""
        ((_, met),) = await meetings_now(self._graph, [claim.footprint(self._agency_ids)])
        return {each.other.claim_id: each.distance_m or 0.0 for each in met}

    async def commit(self, claim: Claim, seen: Sequence[str]) -> list[str] | None:
        """Commit a claim with keys; None when it was let in, else the keys that are missing."""
        circle = bounding_circle(claim.area)
        row = {**stored(claim), "location": circle.center}
        owner = self._agency_ids[claim.owner]
        actor = Actor("machine:bench", agency_id=owner, agency_code="", roles=frozenset({Role.PLANNER}))

        async def work(writing: Writing) -> list[str]:
            return await writing.create(_NOUN, [row])

        try:
            await write(
                self._graph, actor, system_clock, work, laws=LAWS, request_id="bench", seen=seen, in_turn=bool(seen)
            )
        except KeysMissing as refused:
            return [each["key"] for each in refused.facts["missing"]]
        return None


def stored(claim: Claim) -> dict[str, Any]:
    """Give kind, area and time of a claim as they are stored, but for its point."""
    is_circle = isinstance(claim.area, Circle)
    made = {
        "kind": claim.kind.name,
        "radius_m": claim.area.radius_m if isinstance(claim.area, Circle) else 0.0,
        "start": instant_text(claim.time.start),
        "end": instant_text(claim.time.end),
    }
    return made if is_circle else {**made, "outline": _outline(claim)}


def _outline(claim: Claim) -> str:
    assert not isinstance(claim.area, Circle)
    return str([[each.longitude, each.latitude] for each in claim.area.ring])


def _row(claim: Claim, agency_ids: Sequence[str]) -> dict[str, Any]:
    circle = bounding_circle(claim.area)
    now = "2026-12-01T00:00:00.000Z"
    by = {"created_at": now, "created_by": "machine:bench", "changed_at": now, "changed_by": "machine:bench"}
    standard = {"id": claim.id, "owner_id": agency_ids[claim.owner], "exercise": False, "version": 1, **by}
    keys = {"key": f"key-{secrets.token_hex(16)}", "cover_key": secrets.token_hex(16)}
    return {
        "properties": {**standard, **stored(claim), **keys, "marking": "TLP_AMBER", "sensitivity": "OPEN"},
        "center": {"longitude": circle.center.longitude, "latitude": circle.center.latitude},
        "reach_m": circle.radius_m,
        "entries": entries_of(claim.area, claim.time),
    }
