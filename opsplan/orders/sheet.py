"""A sheet: all that a unit, or the agencies of a host country, need to know of what a plan asks of them. Pure.

Times stand in UTC, by the site's local clock, and as H±. The way to each task is that of the travel rules, from the
task before it or from the unit's home; it says when the unit has to leave at the latest.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from opsplan.geography.local_time import local_clock
from opsplan.geography.travel import TravelModel
from opsplan.vocabulary.clock import h_text, instant_from_text, instant_text
from opsplan.vocabulary.place import GeoPoint

Row = Mapping[str, Any]
"""A row of one of the statements in `store`."""
Posts = Mapping[tuple[str, str], Sequence[Row]]
"""The posts on duty, by agency id and instant."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit comes from: the point and its name."""

    point: GeoPoint
    name: str


def needed_contacts(head: Row, tasks: Iterable[Row]) -> set[tuple[str, str]]:
    """Give the agencies to be called about tasks, each with the instant of the task."""
    return {(agency_id, task["start"]) for task in tasks for agency_id, _ in _agencies(head, task)}


def tasks_of(
    head: Row, rows: Sequence[Row], posts: Posts, travel: TravelModel, unit: Row | None = None
) -> list[dict[str, Any]]:
    """Make the tasks of a sheet, in order of their start.

    Parameters
    ----------
    head
        The plan and its operation.
    rows
        The places that are asked for.
    posts
        Who is on duty, for all of `needed_contacts`.
    travel
        How units travel.
    unit
        Whose sheet it is; None for a country's, which has no way and no part of its own.
    """
    tasks: list[dict[str, Any]] = []
    before = None if unit is None or unit["home"] is None else Place(_point(unit["home"]), "home")
    for row in rows:
        site = None if row["point"] is None else _point(row["point"])
        tasks.append(
            {
                **{name: row[name] for name in ("action_id", "action", "kind", "state", "mode", "start", "end")},
                **_clocks(row),
                "expected_victims": row["expected_victims"] or 0,
                "location": None if site is None else {"longitude": site.longitude, "latitude": site.latitude},
                "compound": row["compound"],
                "country": row["country"],
                "country_name": row["country_name"],
                "group": None if row["group"] is None else row["group"][0],
                "tolerance_minutes": None if row["group"] is None else row["group"][1],
                "part": None if unit is None else _part(row, unit["unit_id"]),
                "units": [each for each in row["units"] if unit is None or each["unit_id"] != unit["unit_id"]],
                "contacts": _contacts(head, row, posts),
                "route": None if before is None or site is None else _route(before, site, row["start"], travel),
            }
        )
        before = Place(site, row["action"]) if site is not None and unit is not None else before
    return tasks


def _clocks(row: Row) -> dict[str, Any]:
    zone = row["time_zone"]
    start, end = (local_clock(zone, instant_from_text(row[name])) for name in ("start", "end"))
    return {
        "local_start": start.isoformat(timespec="minutes"),
        "local_end": end.isoformat(timespec="minutes"),
        "time_zone": zone,
        "h": h_text(row["h_offset_minutes"]),
        "h_offset_minutes": row["h_offset_minutes"],
    }


def _part(row: Row, unit_id: str) -> str | None:
    """Say which need of the mode the unit fills."""
    needs = {need_id: (kind, grade) for need_id, kind, grade in row["needs"]}
    for need_id, unit_ids in json.loads(row["staffing"] or "{}").items():
        if unit_id in unit_ids and need_id in needs:
            kind, grade = needs[need_id]
            return f"{kind} type {grade}"
    return None


def _agencies(head: Row, row: Row) -> list[tuple[str, str]]:
    """Give the agencies to be called about a task, each once, with what it is there: LEAD, HOST or UNIT."""
    found: dict[str, str] = dict.fromkeys(head["lead_ids"], "LEAD")
    for country, agency_id in head["hosts"]:
        if country == row["country"]:
            found.setdefault(agency_id, "HOST")
    for each in row["units"]:
        if each["agency_id"] is not None:
            found.setdefault(each["agency_id"], "UNIT")
    return list(found.items())


def _contacts(head: Row, row: Row, posts: Posts) -> list[dict[str, Any]]:
    names = ("agency", "agency_name", "post", "phone", "secure_channel", "languages", "standing")
    return [
        {"role": role, **{name: post[name] for name in names}}
        for agency_id, role in _agencies(head, row)
        for post in posts.get((agency_id, row["start"]), ())
    ]


def _route(before: Place, site: GeoPoint, start: str, travel: TravelModel) -> dict[str, Any]:
    way = travel.route(before.point, site)
    by_air = way.departure is not None and way.arrival is not None
    return {
        "from": before.name,
        "minutes": way.minutes,
        "leave_by": instant_text(instant_from_text(start) - timedelta(minutes=way.minutes)),
        "by": "AIR" if by_air else "ROAD",
        "departure_airport": None if way.departure is None else f"{way.departure.name} ({way.departure.code})",
        "arrival_airport": None if way.arrival is None else f"{way.arrival.name} ({way.arrival.code})",
        "to_departure_minutes": way.to_departure_minutes if by_air else None,
        "flight_minutes": way.flight_minutes if by_air else None,
        "from_arrival_minutes": way.from_arrival_minutes if by_air else None,
    }


def _point(point: Any) -> GeoPoint:
    return GeoPoint(point.longitude, point.latitude)
