"""Everything that a schedule of an operation depends on, read in a given transaction: of all actions, or of some."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar

from opsplan.graph.query import Query
from opsplan.graph.transaction import Tx
from opsplan.operations.states import LOCKED, OUT_OF_PLAY, TOLD
from opsplan.scheduling.problem import snapshot as read
from opsplan.scheduling.rules import Basis, refuse_too_large
from opsplan.scheduling.store import statements
from opsplan.scheduling.store.kept import Kept
from opsplan.scheduling.store.nearby import claims_near, means_claimed
from opsplan.scheduling.store.rows import (
    open_span,
    read_action,
    read_blind_notice,
    read_group,
    read_lock,
    read_precedence,
    read_quiet,
    read_resource_claim,
    read_resource_need,
    read_unit,
    read_unit_claim,
    read_unit_need,
    span,
    with_cost,
)
from opsplan.scheduling.store.standing import no_operation
from opsplan.scheduling.store.statements import Both
from opsplan.vocabulary.clock import instant_from_text, instant_text

_REACH = timedelta(days=60)
"""How far before its start and after its end what others use may still matter: ways, rest and held resources."""

Row = TypeVar("Row")

_OUT_OF_PLAY = sorted(OUT_OF_PLAY)
_LOCKED = sorted(LOCKED)
_TOLD = sorted(TOLD)


async def read_operation(
    tx: Tx, operation_id: str, commit: int, basis: Basis | None = None, kept: Kept | None = None
) -> read.Snapshot:
    """Read everything, with what the plan of the `basis` says; consistent only while no commit lands.

    With what was `kept` of an earlier reading, only what may have changed since is read again.

    Raises
    ------
    NotFound
        When there is no such operation in force.
    OperationTooLarge
        When it has more actions or units than one schedule may hold.
    """
    sizes = await tx.single(statements.SIZES, operation=operation_id)
    if sizes is None:
        raise no_operation(operation_id)
    refuse_too_large(sizes["actions"], sizes["units"])
    snapshot = await _Reading(tx, operation_id, None, kept).snapshot(commit)
    return snapshot if basis is None else await _started_from(tx, operation_id, basis, snapshot)


async def read_part(
    tx: Tx, operation_id: str, commit: int, *, action_ids: Sequence[str], unit_ids: Sequence[str]
) -> read.Snapshot:
    """Read what some actions and units of an operation depend on; raises `NotFound` as `read_operation`.

    Its groups are those of the actions; precedences lead to the actions from wherever they come. Units are those named,
    as far as they are offered, and those that locks of the actions bind.
    """
    return await _Reading(tx, operation_id, _Part(sorted(action_ids), sorted(unit_ids)), None).snapshot(commit)


@dataclass(frozen=True, slots=True)
class _Part:
    actions: list[str]
    units: list[str]


class _Reading:
    """One reading: its tables, each asked for once, or taken from what was kept."""

    def __init__(self, tx: Tx, operation_id: str, part: _Part | None, kept: Kept | None) -> None:
        self._tx = tx
        self._whole = {"operation": operation_id}
        self._operation_id = operation_id
        self._part = part
        self._kept = kept

    async def snapshot(self, commit: int) -> read.Snapshot:
        """Read all tables."""
        operation = await self._tx.single(statements.OPERATION, **self._whole)
        if operation is None:
            raise no_operation(self._operation_id)
        start, end = instant_from_text(operation["start"]), instant_from_text(operation["end"])
        reach = {"start": instant_text(start - _REACH), "end": instant_text(end + _REACH)}
        exercise = bool(operation["exercise"])
        out_of_play = {"out_of_play": _OUT_OF_PLAY}
        actions = await self._of_actions("actions", statements.ACTIONS, read_action)
        hosts = sorted({action.country for action in actions if action.country is not None})
        locks = await self._of_actions("locks", statements.LOCKS, read_lock)
        units = await self._units(locks)
        of_units = {"units": [unit.id for unit in units]}
        unit_claims = await self._table(
            "unit_claims", statements.UNIT_CLAIMS, read_unit_claim, **of_units, **self._whole, **out_of_play, **reach
        )
        countries = None if self._part is None else hosts
        resources = await self._table(
            "resources", statements.RESOURCES, lambda row: read.ReadResource(**row), **self._whole, countries=countries
        )
        of_resources = {"resources": [resource.id for resource in resources]}
        whole = read.Snapshot(
            commit=commit,
            operation=read.ReadOperation(
                operation["id"],
                operation["version"],
                operation["name"],
                instant_from_text(operation["h_hour"]),
                start,
                end,
                exercise,
            ),
            actions=actions,
            modes=await self._of_actions("modes", statements.MODES, lambda row: read.ReadMode(**with_cost(row))),
            unit_needs=await self._of_actions("unit_needs", statements.UNIT_NEEDS, read_unit_need),
            resource_needs=await self._of_actions("resource_needs", statements.RESOURCE_NEEDS, read_resource_need),
            groups=await self._of_actions("groups", statements.GROUPS, read_group),
            precedences=await self._of_actions("precedences", statements.PRECEDENCES, read_precedence),
            warrants=await self._of_actions("warrants", statements.WARRANTS, lambda row: read.ReadWarrant(**span(row))),
            units=units,
            unit_offers=await self._table(
                "unit_offers",
                statements.UNIT_OFFERS,
                lambda row: read.ReadUnitOffer(**open_span(row)),
                **self._whole,
                **of_units,
            ),
            absences=await self._table(
                "absences", statements.ABSENCES, lambda row: read.ReadAbsence(**span(row)), **of_units, **reach
            ),
            resources=resources,
            resource_offers=await self._table(
                "resource_offers",
                statements.RESOURCE_OFFERS,
                lambda row: read.ReadResourceOffer(**open_span(row)),
                **self._whole,
                **of_resources,
            ),
            capacities=await self._table(
                "capacities",
                statements.CAPACITIES,
                lambda row: read.ReadCapacity(**span(row)),
                **of_resources,
                start=reach["start"],
            ),
            quiet_hours=await self._table(
                "quiet_hours", statements.QUIET_HOURS, read_quiet, countries=hosts, exercise=exercise
            ),
            unit_claims=unit_claims,
            resource_claims=await self._table(
                "resource_claims",
                statements.RESOURCE_CLAIMS,
                read_resource_claim,
                **of_resources,
                **self._whole,
                **out_of_play,
            ),
            locks=locks,
            told=await self._of_actions("told", statements.LOCKS, read_lock, locked=_TOLD),
            published=await self._table(
                "published", statements.PUBLISHED, lambda row: read.ReadPlan(**row), **self._whole
            ),
            # Only the ways around other operations' use of units ask for places that the part does not hold.
            all_places=await _places(self._tx, self._operation_id) if self._part is not None and unit_claims else None,
        )
        # What rests on a part of an operation is judged by it, and no plan rests on what others claim near it.
        return whole if self._part is not None else await self._with_claims(whole)

    async def _with_claims(self, snapshot: read.Snapshot) -> read.Snapshot:
        """Add what others claim near the actions, and what the operation was told of the rest."""
        known = replace(
            snapshot,
            separations=await self._table(
                "separations", statements.SEPARATIONS, lambda row: read.ReadSeparation(**row)
            ),
            blind_notices=await self._table(
                "blind_notices", statements.BLIND_NOTICES, read_blind_notice, **self._whole
            ),
        )
        known = await self._with_means(known)
        if self._kept is not None and self._kept.has("claims"):
            return replace(known, claims=self._kept.table("claims"))
        return replace(known, claims=await claims_near(self._tx, known))

    async def _with_means(self, snapshot: read.Snapshot) -> read.Snapshot:
        """Add what claims take of units and pools."""
        if self._kept is not None and self._kept.has("unit_uses") and self._kept.has("pool_uses"):
            unit_uses, pool_uses = self._kept.table("unit_uses"), self._kept.table("pool_uses")
        else:
            unit_uses, pool_uses = await means_claimed(self._tx, snapshot)
        return replace(snapshot, unit_uses=unit_uses, pool_uses=pool_uses)

    async def _table(
        self, name: str, query: Query, made: Callable[[Mapping[str, Any]], Row], **parameters: Any
    ) -> tuple[Row, ...]:
        if self._kept is not None and self._kept.has(name):
            kept: tuple[Row, ...] = self._kept.table(name)
            return kept
        return tuple(made(row) for row in await self._tx.run(query, **parameters))

    async def _of_actions(
        self, name: str, both: Both, made: Callable[[Mapping[str, Any]], Row], **given: Any
    ) -> tuple[Row, ...]:
        query = both.all if self._part is None else both.some
        some = self._part.actions if self._part else None
        known = {**self._whole, "out_of_play": _OUT_OF_PLAY, "locked": _LOCKED, "actions": some, **given}
        return await self._table(name, query, made, **{each: known[each] for each in query.parameters})

    async def _units(self, locks: Sequence[read.ReadLock]) -> tuple[read.ReadUnit, ...]:
        bound = {unit for lock in locks for _, units in lock.staffing for unit in units}
        if self._part is None:
            return await self._table("units", statements.UNITS, read_unit, **self._whole, bound=sorted(bound))
        rows = await self._tx.run(statements.SOME_UNITS, **self._whole, units=sorted({*bound, *self._part.units}))
        return tuple(read_unit(row) for row in rows if row["offered"] or row["id"] in bound)


async def _started_from(tx: Tx, operation_id: str, basis: Basis, snapshot: read.Snapshot) -> read.Snapshot:
    """Add what the plan says that a schedule is made from."""
    asked = {"operation": operation_id, "plan": basis.plan_id}
    until = basis.frozen_until
    whole = basis.fewest_changes or until is not None
    rows = await tx.run(statements.EARLIER, **asked, whole=whole, out_of_play=_OUT_OF_PLAY)
    places = [read_lock(row) for row in rows]
    refused = await tx.run(statements.REFUSED, operation=operation_id) if basis.leaves_out_refused else []
    return replace(
        snapshot,
        pins=tuple(place for place, row in zip(places, rows, strict=True) if row["pinned"]),
        frozen=tuple(place for place in places if until is not None and place.start < until),
        frozen_until=until,
        earlier=tuple(places) if basis.fewest_changes else (),
        refused=tuple(
            read.ReadRefusal(each["actionId"], row["authority"], each["reason"])
            for row in refused
            for each in json.loads(row["refusals"])
            if each["actionId"] == row["action_id"]
        ),
    )


async def _places(tx: Tx, operation_id: str) -> tuple[tuple[read.Point, str | None], ...]:
    rows = await tx.run(statements.PLACES, operation=operation_id, out_of_play=_OUT_OF_PLAY)
    return tuple(((row["longitude"], row["latitude"]), row["country"]) for row in rows)
