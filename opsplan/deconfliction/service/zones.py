"""No plan crosses a zone without both sides' knowing: what follows from every write that touches a claim or a zone.

As with conflicts, what can be done alone is done first; then the commit sequence is held, and claims are held against
zones and zones against claims. So of a zone that is entered and an action that is activated at once, one sees the
other: either the action is refused, or its crossing stands, and is told, when the zone is there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from opsplan.deconfliction.model import CLAIM, ZONE, ZONE_CROSSING
from opsplan.deconfliction.rules.footprint import Footprint, Hiding, footprint_of, shape_of
from opsplan.deconfliction.rules.index import entries_of, probe_of, whereabouts
from opsplan.deconfliction.rules.zone import (
    Crossing,
    ZoneFootprint,
    claim_shape,
    crossings_of,
    once,
    zone_as_indexed,
    zone_footprint_of,
)
from opsplan.deconfliction.service.clearing import activated_by
from opsplan.deconfliction.service.crossings import keep_crossings
from opsplan.deconfliction.service.deconflict import MADE
from opsplan.deconfliction.service.hiding import hiding_of, hold_hiding
from opsplan.deconfliction.service.zones_near import MOST_PROBES, zones_near
from opsplan.deconfliction.store import claims, zones
from opsplan.records.writing.batches import read_in_batches
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.unit import BATCH_ROWS, ChangeKind, Unit


async def watch_zones(unit: Unit) -> None:
    """Keep crossings as they are after a write of zones or releases, or one that activates. A consequence of each.

    Of a write of claims alone only what was shown of them is covered again where they have changed: it comes before
    their conflicts are told, and nobody waits for it.
    """
    if _is_of_claims_alone(unit):
        # What is new has been shown to nobody.
        await _claims(unit, sorted({*_changed(unit, CLAIM.name)} - _made_by(unit)))
    else:
        await _keep(unit)


async def watch_zones_of_claims(unit: Unit) -> None:
    """Keep crossings as they are after a write of claims alone, once their conflicts are judged."""
    if _is_of_claims_alone(unit):
        await _keep(unit)


def _is_of_claims_alone(unit: Unit) -> bool:
    others = any(each["noun"] in (ZONE.name, ZONE_CROSSING.name) for each in unit.changes)
    return not others and bool(_changed(unit, CLAIM.name)) and not activated_by(unit)


async def _keep(unit: Unit) -> None:
    changed = {noun: _changed(unit, noun) for noun in (CLAIM.name, ZONE.name, ZONE_CROSSING.name)}
    # What is activated is looked at anew, whatever is kept of it.
    activated = activated_by(unit)
    if not any(changed.values()) and not activated:
        return
    standing, gone_zones = await enter_zones(unit, changed[ZONE.name])
    # What this write has written, nobody else changes before it ends.
    footprints, gone_claims = await _claims(unit, changed[CLAIM.name])
    # From here on nobody else commits: what is found now is all there is.
    await hold_sequence(unit.tx)
    await hold_hiding(unit)
    claimed = {row["id"] for row in await read_in_batches(unit.tx, zones.CLAIMS_OF_ACTIONS, activated)}
    begun = sorted(claimed - {*changed[CLAIM.name]})
    footprints += (await _claims(unit, begun))[0]
    crossings = once([*await crossings_of_claims(unit, footprints), *await crossings_of_zones(unit, standing)])
    looked_at = [each.claim_id for each in footprints] + [each.zone_id for each in standing]
    new = _made_by(unit)
    known = [each for each in (*looked_at, *gone_claims, *gone_zones) if each not in new]
    await keep_crossings(unit, known, crossings, changed[ZONE_CROSSING.name])


def _made_by(unit: Unit) -> set[str]:
    return {each["record_id"] for each in unit.changes if each["kind"] == ChangeKind.CREATED}


def _changed(unit: Unit, noun: str) -> list[str]:
    return sorted({each["record_id"] for each in unit.changes if each["noun"] == noun})


async def enter_zones(unit: Unit, ids: Sequence[str], *, anew: bool = False) -> tuple[list[ZoneFootprint], list[str]]:
    """Enter zones under their cells and spells of time; give those that stand, and the ids of those that do not.

    Those that are where they were are left as they are, unless they are to be entered `anew`.
    """
    tx = unit.tx
    standing: list[ZoneFootprint] = []
    gone: list[str] = []
    for start in range(0, len(ids), BATCH_ROWS):
        moved: list[dict[str, Any]] = []
        out: list[str] = []
        for row in await tx.run(zones.ZONES, ids=ids[start : start + BATCH_ROWS]):
            if not row["stands"]:
                gone.append(row["id"])
                out.append(row["id"])
                continue
            zone = zone_footprint_of(row)
            shape = shape_of(zone.area, zone.time, zone.kind.name, zone.sensitivity)
            if anew or shape != row["shape"]:
                standing.append(zone)
                out.append(zone.zone_id)
                moved.append({"id": zone.zone_id, "shape": shape, **_entries(zone, hiding_of(unit))})
        if out:
            await tx.run(zones.TAKE_ZONES_OUT, ids=out)
        if moved:
            await tx.run(zones.ENTER_ZONES, rows=moved)
    return standing, gone


def _entries(zone: ZoneFootprint, hiding: Hiding) -> dict[str, Any]:
    area, time = zone_as_indexed(zone, hiding)
    return {"entries": entries_of(area, time, lasting=True), **whereabouts(area, time)}


async def _claims(unit: Unit, ids: Sequence[str]) -> tuple[list[Footprint], list[str]]:
    """Read claims as they now stand, and the ids of those that stand no more.

    A claim that was shown to whoever was asked for a release was so as it was then.
    """
    made: Mapping[str, Footprint] = unit.left.get(MADE, {})
    standing: list[Footprint] = [made[each] for each in ids if each in made]
    gone: list[str] = []
    covered: list[str] = []
    ids = [each for each in ids if each not in made]
    for start in range(0, len(ids), BATCH_ROWS):
        for row in await unit.tx.run(claims.CLAIMS, ids=ids[start : start + BATCH_ROWS]):
            footprint = footprint_of(row)
            if row["shown_for_release"] and (not row["stands"] or claim_shape(footprint) != row["shown_as"]):
                covered.append(row["id"])
                footprint = footprint_of({**row, "read_by": row["read_by_itself"]})
            if row["stands"]:
                standing.append(footprint)
            else:
                gone.append(row["id"])
    if covered:
        await unit.tx.run(zones.COVER_CLAIMS, ids=covered)
    return standing, gone


async def crossings_of_claims(unit: Unit, footprints: Sequence[Footprint]) -> list[Crossing]:
    """Give the crossings of claims with all zones."""
    by_zone: dict[str, tuple[ZoneFootprint, list[Footprint]]] = {}
    for footprint, row in await zones_near(unit, footprints):
        _, near = by_zone.setdefault(row["id"], (zone_footprint_of(row), []))
        near.append(footprint)
    return [each for zone, near in by_zone.values() for each in crossings_of(zone, near, hiding_of(unit))]


async def crossings_of_zones(unit: Unit, standing: Sequence[ZoneFootprint]) -> list[Crossing]:
    """Give the crossings of zones with all claims."""
    hiding = hiding_of(unit)
    found: list[Crossing] = []
    for start in range(0, len(standing), MOST_PROBES):
        batch = standing[start : start + MOST_PROBES]
        near: list[list[Footprint]] = [[] for _ in batch]
        probes = [probe_of(number, each, *zone_as_indexed(each, hiding)) for number, each in enumerate(batch)]
        for row in await unit.tx.run(zones.CLAIMS_NEAR, probes=probes):
            near[row["number"]].append(footprint_of(row))
        found += [each for zone, some in zip(batch, near, strict=True) for each in crossings_of(zone, some, hiding)]
    return found
