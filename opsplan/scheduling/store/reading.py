"""Everything that a schedule of an operation depends on, read in a given transaction: of all actions, or of some."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from opsplan.graph.transaction import Tx
from opsplan.operations.states import LOCKED, OUT_OF_PLAY
from opsplan.scheduling.answer import PlacedAction
from opsplan.scheduling.problem import snapshot as read
from opsplan.scheduling.rules import refuse_too_large
from opsplan.scheduling.store import statements
from opsplan.scheduling.store.standing import no_operation
from opsplan.scheduling.store.statements import Both
from opsplan.vocabulary.clock import instant_from_text, instant_text

_REACH = timedelta(days=60)
"""How far before its start and after its end what others use may still matter: ways, rest and held resources."""

_OUT_OF_PLAY = sorted(OUT_OF_PLAY)
_LOCKED = sorted(LOCKED)


async def read_operation(tx: Tx, operation_id: str, commit: int, pins_of: str | None = None) -> read.Snapshot:
    """Read everything, with what is pinned in the plan `pins_of`; consistent only while no commit lands.

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
    return await _read(tx, operation_id, commit, None, pins_of)


async def read_part(
    tx: Tx, operation_id: str, commit: int, *, action_ids: Sequence[str], unit_ids: Sequence[str]
) -> read.Snapshot:
    """Read what some actions and units of an operation depend on; raises `NotFound` as `read_operation`.

    Its groups are those of the actions; precedences lead to the actions from wherever they come. Units are those named,
    as far as they are offered, and those that locks of the actions bind.
    """
    return await _read(tx, operation_id, commit, _Part(sorted(action_ids), sorted(unit_ids)))


@dataclass(frozen=True, slots=True)
class _Part:
    actions: list[str]
    units: list[str]


async def _read(
    tx: Tx, operation_id: str, commit: int, part: _Part | None, pins_of: str | None = None
) -> read.Snapshot:
    operation = await tx.single(statements.OPERATION, operation=operation_id)
    if operation is None:
        raise no_operation(operation_id)
    whole = {"operation": operation_id}

    async def rows(both: Both) -> list[dict[str, Any]]:
        query = both.all if part is None else both.some
        known = {**whole, "out_of_play": _OUT_OF_PLAY, "locked": _LOCKED, "actions": part.actions if part else None}
        return await tx.run(query, **{name: known[name] for name in query.parameters})

    start, end = instant_from_text(operation["start"]), instant_from_text(operation["end"])
    reach = {"start": instant_text(start - _REACH), "end": instant_text(end + _REACH)}
    actions = tuple(_action(row) for row in await rows(statements.ACTIONS))
    hosts = sorted({action.country for action in actions if action.country is not None})
    locks = tuple(_lock(row) for row in await rows(statements.LOCKS))
    units = await _units(tx, whole, part, locks)
    unit_ids = [unit.id for unit in units]
    unit_claims = tuple(
        _unit_claim(row)
        for row in await tx.run(statements.UNIT_CLAIMS, units=unit_ids, **whole, out_of_play=_OUT_OF_PLAY, **reach)
    )
    countries = None if part is None else hosts
    resources = tuple(
        read.ReadResource(**row) for row in await tx.run(statements.RESOURCES, **whole, countries=countries)
    )
    resource_ids = [resource.id for resource in resources]
    return read.Snapshot(
        commit=commit,
        operation=read.ReadOperation(
            operation["id"],
            operation["version"],
            operation["name"],
            instant_from_text(operation["h_hour"]),
            start,
            end,
            bool(operation["exercise"]),
        ),
        actions=actions,
        modes=tuple(read.ReadMode(**_with_cost(row)) for row in await rows(statements.MODES)),
        unit_needs=tuple(_unit_need(row) for row in await rows(statements.UNIT_NEEDS)),
        resource_needs=tuple(
            read.ReadResourceNeed(**{**row, "after_start_minutes": row["after_start_minutes"] or 0})
            for row in await rows(statements.RESOURCE_NEEDS)
        ),
        groups=tuple(
            read.ReadGroup(**{**row, "tolerance_minutes": row["tolerance_minutes"] or 0})
            for row in await rows(statements.GROUPS)
        ),
        precedences=tuple(_precedence(row) for row in await rows(statements.PRECEDENCES)),
        warrants=tuple(read.ReadWarrant(**_span(row)) for row in await rows(statements.WARRANTS)),
        units=units,
        unit_offers=tuple(
            read.ReadUnitOffer(**_open_span(row))
            for row in await tx.run(statements.UNIT_OFFERS, **whole, units=unit_ids)
        ),
        absences=tuple(
            read.ReadAbsence(**_span(row)) for row in await tx.run(statements.ABSENCES, units=unit_ids, **reach)
        ),
        resources=resources,
        resource_offers=tuple(
            read.ReadResourceOffer(**_open_span(row))
            for row in await tx.run(statements.RESOURCE_OFFERS, **whole, resources=resource_ids)
        ),
        capacities=tuple(
            read.ReadCapacity(**_span(row))
            for row in await tx.run(statements.CAPACITIES, resources=resource_ids, start=reach["start"])
        ),
        quiet_hours=tuple(
            _quiet(row)
            for row in await tx.run(statements.QUIET_HOURS, countries=hosts, exercise=bool(operation["exercise"]))
        ),
        unit_claims=unit_claims,
        resource_claims=tuple(
            _resource_claim(row)
            for row in await tx.run(
                statements.RESOURCE_CLAIMS, resources=resource_ids, **whole, out_of_play=_OUT_OF_PLAY
            )
        ),
        locks=locks,
        pins=() if pins_of is None else await _pins(tx, operation_id, pins_of),
        published=tuple(read.ReadPlan(**row) for row in await tx.run(statements.PUBLISHED, **whole)),
        # Only the ways around other operations' use of units ask for places that the part does not hold.
        all_places=await _places(tx, operation_id) if part is not None and unit_claims else None,
    )


async def _pins(tx: Tx, operation_id: str, plan_id: str) -> tuple[read.ReadLock, ...]:
    rows = await tx.run(statements.PINS, operation=operation_id, plan=plan_id, out_of_play=_OUT_OF_PLAY)
    return tuple(_lock(row) for row in rows)


async def _places(tx: Tx, operation_id: str) -> tuple[tuple[read.Point, str | None], ...]:
    rows = await tx.run(statements.PLACES, operation=operation_id, out_of_play=_OUT_OF_PLAY)
    return tuple(((row["longitude"], row["latitude"]), row["country"]) for row in rows)


async def _units(
    tx: Tx, whole: Mapping[str, str], part: _Part | None, locks: Sequence[read.ReadLock]
) -> tuple[read.ReadUnit, ...]:
    bound = {unit for lock in locks for _, units in lock.staffing for unit in units}
    if part is None:
        rows = await tx.run(statements.UNITS, **whole, bound=sorted(bound))
    else:
        rows = await tx.run(statements.SOME_UNITS, **whole, units=sorted({*bound, *part.units}))
        rows = [row for row in rows if row["offered"] or row["id"] in bound]
    return tuple(_unit(row) for row in rows)


def placed_from_row(row: Mapping[str, Any]) -> PlacedAction:
    """Make a place of a plan from its row."""
    return PlacedAction(
        row["action_id"],
        row["mode_id"],
        instant_from_text(row["start"]),
        instant_from_text(row["end"]),
        row["local_start"],
        row["time_zone"],
        row["h_offset_minutes"],
        staffing_from_text(row["staffing"]),
        bool(row.get("pinned")),
    )


def _action(row: Mapping[str, Any]) -> read.ReadAction:
    return read.ReadAction(
        id=row["id"],
        version=row["version"],
        name=row["name"],
        kind=row["kind"],
        state=row["state"],
        point=_point(row["point"]),
        country=row["country"],
        window_start=instant_from_text(row["window_start"]),
        window_end=instant_from_text(row["window_end"]),
        due=_instant(row["due"]),
        priority=row["priority"] or 1,
        mandatory=bool(row["mandatory"]),
        expected_victims=row["expected_victims"] or 0,
        group_id=row["group_id"],
    )


def _with_cost(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "cost": row["cost"] or 0}


def _unit_need(row: Mapping[str, Any]) -> read.ReadUnitNeed:
    return read.ReadUnitNeed(**{**row, "languages": tuple(sorted(row["languages"] or ()))})


def _precedence(row: Mapping[str, Any]) -> read.ReadPrecedence:
    known = {name: value for name, value in row.items() if name != "after_name"}
    return read.ReadPrecedence(**{**known, "min_lag_minutes": row["min_lag_minutes"] or 0})


def _unit(row: Mapping[str, Any]) -> read.ReadUnit:
    home = _point(row["home"])
    assert home is not None
    return read.ReadUnit(
        **{
            **row,
            "home": home,
            "permitted": tuple(sorted(row["permitted"] or ())),
            "languages": tuple(sorted(row["languages"] or ())),
            "cost_per_hour": row["cost_per_hour"] or 0,
        }
    )


def _quiet(row: Mapping[str, Any]) -> read.ReadQuietHours:
    return read.ReadQuietHours(**{**row, "kinds": tuple(sorted(row["kinds"] or ()))})


def _unit_claim(row: Mapping[str, Any]) -> read.ReadUnitClaim:
    point = _point(row["point"])
    assert point is not None
    return read.ReadUnitClaim(**{**_span(row), "point": point})


def _resource_claim(row: Mapping[str, Any]) -> read.ReadResourceClaim:
    known = {name: value for name, value in row.items() if name not in {"after_start_minutes", "held_minutes"}}
    start = instant_from_text(row["start"]) + timedelta(minutes=row["after_start_minutes"] or 0)
    return read.ReadResourceClaim(**{**known, "start": start, "end": start + timedelta(minutes=row["held_minutes"])})


def _lock(row: Mapping[str, Any]) -> read.ReadLock:
    return read.ReadLock(
        id=row["id"],
        version=row["version"],
        action_id=row["action_id"],
        mode_id=row["mode_id"],
        start=instant_from_text(row["start"]),
        staffing=staffing_from_text(row["staffing"]),
    )


def staffing_from_text(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Read `PlannedAction.staffing`: need ids with the ids of the units that fill them."""
    return tuple((need, tuple(units)) for need, units in json.loads(text).items())


def _span(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "start": instant_from_text(row["start"]), "end": instant_from_text(row["end"])}


def _open_span(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "start": _instant(row["start"]), "end": _instant(row["end"])}


def _point(pair: list[float | None] | None) -> read.Point | None:
    if pair is None or pair[0] is None or pair[1] is None:
        return None
    return (pair[0], pair[1])


def _instant(text: str | None) -> datetime | None:
    return None if text is None else instant_from_text(text)
