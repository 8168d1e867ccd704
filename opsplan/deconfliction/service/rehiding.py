"""Other cells and hours for what is hidden: all of it is entered and judged anew in one transaction.

Whoever commits meanwhile waits; whoever commits afterwards knows of it (`hiding`). So no pair of plans is ever compared
by two kinds of cells, and no true conflict missed.
"""

import structlog

from opsplan.deconfliction.rules.footprint import Hiding
from opsplan.deconfliction.rules.zone import once as once_crossed
from opsplan.deconfliction.service.capacity import enter_holds, tell_other_holders
from opsplan.deconfliction.service.crossings import keep_crossings
from opsplan.deconfliction.service.deconflict import enter_claims, once
from opsplan.deconfliction.service.hiding import read_hiding, take_for_granted
from opsplan.deconfliction.service.looking import all_meetings, read_rules
from opsplan.deconfliction.service.telling import tell
from opsplan.deconfliction.service.zones import crossings_of_claims, crossings_of_zones, enter_zones
from opsplan.deconfliction.store import hiding as store
from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.records.writing import Writing, write
from opsplan.records.writing.sequence import hold_sequence
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import Clock

_log = structlog.get_logger("opsplan.deconfliction")
_LONGEST_S = 3_600.0
"""How long it may take; a thousand hidden claims take some seconds."""
_CHANGER = Actor("machine:deconfliction", roles=frozenset({Role.ADMINISTRATOR}), reads_all=True)


async def hide_by(graph: Graph, clock: Clock, laws: Laws, *, resolution: int | None, hours: int | None) -> None:
    """Have hidden claims and zones be compared by these cells and hours from now on.

    Parameters
    ----------
    resolution, hours
        As `Hiding`; what is None stays as the graph has it.
    """
    before = await graph.read(read_hiding)
    after = Hiding(before.resolution if resolution is None else resolution, before.hours if hours is None else hours)
    if after == before:
        return
    hidden = 0

    async def work(writing: Writing) -> None:
        nonlocal hidden
        hidden = await _enter_anew(writing, after)

    await write(graph, _CHANGER, clock, work, laws=laws, request_id="cells of hidden claims", timeout_s=_LONGEST_S)
    # It stands now, and this process takes it for granted from here on.
    await graph.read(read_hiding)
    _log.warning(
        "hidden_by_other_cells",
        resolution=after.resolution,
        hours=after.hours,
        resolution_before=before.resolution,
        hours_before=before.hours,
        entered_anew=hidden,
    )


async def _enter_anew(unit: Writing, hiding: Hiding) -> int:
    """Enter and judge all that is hidden by its new cells and hours, and give how many those are."""
    tx = unit.tx
    await hold_sequence(tx)
    await tx.run(store.SET_HIDING, resolution=hiding.resolution, hours=hiding.hours, now=unit.now)
    take_for_granted(unit, hiding)
    claim_ids = [row["id"] for row in await tx.run(store.HIDDEN_CLAIMS)]
    zone_ids = [row["id"] for row in await tx.run(store.HIDDEN_ZONES)]
    touched = await enter_claims(unit, set(), frozenset(), frozenset(claim_ids))
    zones, _ = await enter_zones(unit, zone_ids, anew=True)
    table = (await read_rules(tx)).table
    meetings = await all_meetings(tx, touched.standing, table, hiding)
    await enter_holds(unit, touched.standing)
    await tell(unit, claim_ids, once(meetings))
    await tell_other_holders(unit, touched.standing, touched.held)
    crossed = [*await crossings_of_claims(unit, touched.standing), *await crossings_of_zones(unit, zones)]
    await keep_crossings(unit, [*claim_ids, *zone_ids], once_crossed(crossed), ())
    return len(claim_ids) + len(zone_ids)
