"""Rows of the statements, made into the rows of a snapshot and of plans."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from opsplan.deconfliction.rules.holds import Pool, holds_of
from opsplan.scheduling.answer import PlacedAction
from opsplan.scheduling.problem import snapshot as read
from opsplan.vocabulary.clock import instant_from_text
from opsplan.vocabulary.interval import Interval


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


def read_action(row: Mapping[str, Any]) -> read.ReadAction:
    """Make an action of its row."""
    return read.ReadAction(
        id=row["id"],
        version=row["version"],
        name=row["name"],
        kind=row["kind"],
        state=row["state"],
        point=point_of(row["point"]),
        country=row["country"],
        window_start=instant_from_text(row["window_start"]),
        window_end=instant_from_text(row["window_end"]),
        due=_instant(row["due"]),
        priority=row["priority"] or 1,
        mandatory=bool(row["mandatory"]),
        expected_victims=row["expected_victims"] or 0,
        group_id=row["group_id"],
        owner_id=row["owner_id"],
    )


def with_cost(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give a mode's row, at no cost where none was given."""
    return {**row, "cost": row["cost"] or 0}


def read_unit_need(row: Mapping[str, Any]) -> read.ReadUnitNeed:
    """Make a need of units."""
    return read.ReadUnitNeed(**{**row, "languages": tuple(sorted(row["languages"] or ()))})


def read_resource_need(row: Mapping[str, Any]) -> read.ReadResourceNeed:
    """Make a need of a resource."""
    return read.ReadResourceNeed(**{**row, "after_start_minutes": row["after_start_minutes"] or 0})


def read_group(row: Mapping[str, Any]) -> read.ReadGroup:
    """Make a simultaneity group."""
    return read.ReadGroup(**{**row, "tolerance_minutes": row["tolerance_minutes"] or 0})


def read_precedence(row: Mapping[str, Any]) -> read.ReadPrecedence:
    """Make a precedence."""
    known = {name: value for name, value in row.items() if name != "after_name"}
    return read.ReadPrecedence(**{**known, "min_lag_minutes": row["min_lag_minutes"] or 0})


def read_unit(row: Mapping[str, Any]) -> read.ReadUnit:
    """Make a unit."""
    home = point_of(row["home"])
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


def read_quiet(row: Mapping[str, Any]) -> read.ReadQuietHours:
    """Make quiet hours."""
    return read.ReadQuietHours(**{**row, "kinds": tuple(sorted(row["kinds"] or ()))})


def read_unit_claim(row: Mapping[str, Any]) -> read.ReadUnitClaim:
    """Make another operation's use of a unit."""
    point = point_of(row["point"])
    assert point is not None
    return read.ReadUnitClaim(**{**span(row), "point": point})


def read_resource_claim(row: Mapping[str, Any]) -> read.ReadResourceClaim:
    """Make another operation's use of a pool."""
    known = {name: value for name, value in row.items() if name not in {"after_start_minutes", "held_minutes"}}
    start = instant_from_text(row["start"]) + timedelta(minutes=row["after_start_minutes"] or 0)
    return read.ReadResourceClaim(**{**known, "start": start, "end": start + timedelta(minutes=row["held_minutes"])})


def read_claim(row: Mapping[str, Any]) -> read.ReadClaim:
    """Make a claim of somebody else."""
    return read.ReadClaim(**{**_claimed(row), "settled_with": tuple(sorted(row["settled_with"]))})


def read_blind_notice(row: Mapping[str, Any]) -> read.ReadBlindNotice:
    """Make a blind notice."""
    return read.ReadBlindNotice(**_claimed(row))


def read_pool_use(row: Mapping[str, Any], but: str = "") -> read.ReadPoolUse:
    """Make what claims hold of a pool, `but` for one of them, of each claim's id, start, end and capacities."""
    pool = Pool(row["country"], row["kind"], row["language"], bool(row["exercise"]))
    holds = (
        each
        for claim_id, start, end, capacities in row["held"]
        if claim_id != but
        for each in holds_of(
            capacities, Interval(instant_from_text(start), instant_from_text(end)), exercise=pool.exercise
        )
    )
    return read.ReadPoolUse(
        pool.country,
        pool.kind,
        pool.language or None,
        tuple((each.start, each.end, each.amount) for each in holds if each.pool == pool),
        tuple((instant_from_text(start), instant_from_text(end), amount) for start, end, amount in row["available"]),
    )


def _claimed(row: Mapping[str, Any]) -> dict[str, Any]:
    point = point_of(row["location"])
    assert point is not None
    return {**span(row), "location": point, "name": row["name"] or row["kind"], "radius_m": row["radius_m"] or 0.0}


def read_lock(row: Mapping[str, Any]) -> read.ReadLock:
    """Make the place that a lock or a pin keeps."""
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


def span(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give a row with its start and end as instants."""
    return {**row, "start": instant_from_text(row["start"]), "end": instant_from_text(row["end"])}


def open_span(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give a row with its start and end as instants, or None."""
    return {**row, "start": _instant(row["start"]), "end": _instant(row["end"])}


def point_of(pair: list[float | None] | None) -> read.Point | None:
    """Make a point of longitude and latitude, or None where there is none."""
    if pair is None or pair[0] is None or pair[1] is None:
        return None
    return (pair[0], pair[1])


def _instant(text: str | None) -> datetime | None:
    return None if text is None else instant_from_text(text)
