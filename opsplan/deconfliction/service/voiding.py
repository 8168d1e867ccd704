"""Resolutions that no longer fit the plans they were made for."""

from collections.abc import Sequence

from opsplan.deconfliction.model import CONFLICT, NOTICE, RESOLUTION, ConflictState, NoticeState, ResolutionState
from opsplan.deconfliction.service.sides import change
from opsplan.deconfliction.store import settling as store
from opsplan.records.writing.unit import ChangeKind, Unit


async def void_resolutions(unit: Unit, reopened: Sequence[str], gone: Sequence[str]) -> None:
    """Make void what was proposed or signed on notices that are sent again, and what was only proposed on those gone.

    What was signed on a notice that is gone has been done, as a plan that was to yield has: it stays to be read.
    """
    proposed, signed = ResolutionState.PROPOSED.name, ResolutionState.SIGNED.name
    opened: set[str] = set()
    for notices, states in ((reopened, [proposed, signed]), (gone, [proposed])):
        if not notices:
            continue
        stamp = {"changed_at": unit.now, "changed_by": unit.actor.subject, "decided_at": unit.now}
        void = {"state": ResolutionState.VOID.name, **stamp}
        for row in await unit.tx.run(store.VOID, ids=list(notices), states=states, properties=void):
            unit.note(row["id"], RESOLUTION.name, ChangeKind.STATE, {"state": row["state"]}, {"state": void["state"]})
            if row["state"] == signed:
                opened |= set(row["ends"])
    if opened:
        await _open_again(unit, sorted(opened))


async def _open_again(unit: Unit, ids: Sequence[str]) -> None:
    """Open the conflicts of a void resolution: behind a blind notice also those whose plans are as they were."""
    for row in await unit.tx.run(store.CONFLICTS, ids=ids):
        if row["properties"]["state"] == ConflictState.RESOLVED.name:
            await change(unit, CONFLICT, row["properties"], {"state": ConflictState.OPEN.name})
    for row in await unit.tx.run(store.NOTICES_OF, conflicts=ids):
        if row["properties"]["state"] == NoticeState.RESOLVED.name:
            await change(unit, NOTICE, row["properties"], {"state": NoticeState.ACKNOWLEDGED.name})
