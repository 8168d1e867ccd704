"""One consistent snapshot of an operation.

Neo4j reads what is committed, statement by statement, so a transaction of several statements may see half of a commit
that lands between them. Every writer takes the commit sequence as its last act and holds it until it has committed;
so the number is read before and after, each time holding the sequence for a moment (which waits for whoever holds
it): where both are equal, nothing was committed in between. After some failed tries the sequence is held while reading.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.operations.states import LOCKED, OUT_OF_PLAY
from opsplan.scheduling.problem import snapshot as read
from opsplan.scheduling.rules import refuse_too_large
from opsplan.scheduling.store import statements
from opsplan.vocabulary.clock import instant_from_text, instant_text
from opsplan.vocabulary.errors import NotFound

_TRIES = 3
_TIMEOUT_S = 180.0
"""The largest operations are read longer than an ordinary transaction may take."""

_REACH = timedelta(days=60)
"""How far before its start and after its end what others use may still matter: ways, rest and held resources."""

_OUT_OF_PLAY = sorted(OUT_OF_PLAY)
_LOCKED = sorted(LOCKED)


async def take_snapshot(graph: Graph, operation_id: str) -> read.Snapshot:
    """Read the operation as it stands now.

    Raises
    ------
    NotFound
        When there is no such operation in force.
    OperationTooLarge
        When it has more actions or units than one schedule may hold; found before any of them is read.
    """
    for _ in range(_TRIES):
        before = await graph.write(fence)
        reading = partial(_read_as_of, operation_id, before)
        found = await graph.read(reading, timeout_s=_TIMEOUT_S)
        if await graph.write(fence) == before:
            return found

    async def held(tx: Tx) -> read.Snapshot:
        return await read_operation(tx, operation_id, await fence(tx))

    return await graph.write(held, timeout_s=_TIMEOUT_S)


async def _read_as_of(operation_id: str, commit: int, tx: Tx) -> read.Snapshot:
    return await read_operation(tx, operation_id, commit)


async def fence(tx: Tx) -> int:
    """Hold the commit sequence until this transaction ends, and give the number of the last commit."""
    row = await tx.single(statements.FENCE)
    assert row is not None
    return int(row["number"])


async def read_operation(tx: Tx, operation_id: str, commit: int) -> read.Snapshot:
    """Read everything in the given transaction; consistent only while no commit lands."""
    operation = await tx.single(statements.OPERATION, operation=operation_id)
    if operation is None:
        raise no_operation(operation_id)
    sizes = await tx.single(statements.SIZES, operation=operation_id)
    assert sizes is not None
    refuse_too_large(sizes["actions"], sizes["units"])
    start, end = instant_from_text(operation["start"]), instant_from_text(operation["end"])
    whole = {"operation": operation_id}
    in_play = {"operation": operation_id, "out_of_play": _OUT_OF_PLAY}
    reach = {"start": instant_text(start - _REACH), "end": instant_text(end + _REACH)}
    actions = tuple(_action(row) for row in await tx.run(statements.ACTIONS, **in_play))
    locks = tuple(_lock(row) for row in await tx.run(statements.LOCKS, **whole, locked=_LOCKED))
    bound = sorted({unit for lock in locks for _, units in lock.staffing for unit in units})
    units = tuple(_unit(row) for row in await tx.run(statements.UNITS, **whole, bound=bound))
    unit_ids = [unit.id for unit in units]
    hosts = sorted({action.country for action in actions if action.country is not None})
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
        modes=tuple(read.ReadMode(**_with_cost(row)) for row in await tx.run(statements.MODES, **in_play)),
        unit_needs=tuple(_unit_need(row) for row in await tx.run(statements.UNIT_NEEDS, **in_play)),
        resource_needs=tuple(
            read.ReadResourceNeed(**{**row, "after_start_minutes": row["after_start_minutes"] or 0})
            for row in await tx.run(statements.RESOURCE_NEEDS, **in_play)
        ),
        groups=tuple(
            read.ReadGroup(**{**row, "tolerance_minutes": row["tolerance_minutes"] or 0})
            for row in await tx.run(statements.GROUPS, **whole)
        ),
        precedences=tuple(_precedence(row) for row in await tx.run(statements.PRECEDENCES, **in_play)),
        warrants=tuple(read.ReadWarrant(**_span(row)) for row in await tx.run(statements.WARRANTS, **in_play)),
        units=units,
        absences=tuple(
            read.ReadAbsence(**_span(row)) for row in await tx.run(statements.ABSENCES, units=unit_ids, **reach)
        ),
        resources=tuple(read.ReadResource(**row) for row in await tx.run(statements.RESOURCES, **whole)),
        capacities=tuple(
            read.ReadCapacity(**_span(row))
            for row in await tx.run(statements.CAPACITIES, **whole, start=reach["start"])
        ),
        quiet_hours=tuple(
            _quiet(row)
            for row in await tx.run(statements.QUIET_HOURS, countries=hosts, exercise=bool(operation["exercise"]))
        ),
        unit_claims=tuple(
            _unit_claim(row) for row in await tx.run(statements.UNIT_CLAIMS, units=unit_ids, **in_play, **reach)
        ),
        resource_claims=tuple(_resource_claim(row) for row in await tx.run(statements.RESOURCE_CLAIMS, **in_play)),
        locks=locks,
        published=tuple(read.ReadPlan(**row) for row in await tx.run(statements.PUBLISHED, **whole)),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What a service needs to know of an operation before it lets somebody schedule it."""

    id: str
    name: str
    state: str
    owner_id: str
    exercise: bool
    coordinator_ids: tuple[str, ...]
    actions: int
    units: int


async def read_standing(tx: Tx, operation_id: str) -> Standing:
    """Read who may schedule the operation, and how large it is.

    Raises
    ------
    NotFound
        When there is no such operation in force.
    """
    operation = await tx.single(statements.OPERATION, operation=operation_id)
    sizes = await tx.single(statements.SIZES, operation=operation_id)
    if operation is None or sizes is None:
        raise no_operation(operation_id)
    return Standing(
        operation["id"],
        operation["name"],
        operation["state"],
        operation["owner_id"],
        bool(operation["exercise"]),
        tuple(operation["coordinator_ids"]),
        sizes["actions"],
        sizes["units"],
    )


def no_operation(operation_id: str) -> NotFound:
    """Make the refusal of an operation that is not there."""
    return NotFound(
        f"There is no operation {operation_id} in force.",
        field="operationId",
        value=operation_id,
        remedy="give the id of an operation that is not retired",
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


def _point(pair: list[float | None] | None) -> read.Point | None:
    if pair is None or pair[0] is None or pair[1] is None:
        return None
    return (pair[0], pair[1])


def _instant(text: str | None) -> datetime | None:
    return None if text is None else instant_from_text(text)
