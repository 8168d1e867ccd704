"""A plan as one self-contained HTML page: a world map, a Gantt chart by country, and what was left out and why.

The document it is made from is ``plan.json`` as `opsplan.demo` writes it: the API's answer, unchanged. The page shows
each time in UTC, in the site's local time and as H±; it needs neither a network nor a library.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from opsplan.geography.outline import WorldMap
from opsplan.pages.rendering import render
from opsplan.vocabulary.clock import h_text
from opsplan.vocabulary.place import GeoPoint

_DAY = timedelta(days=1)
_LANE_HEIGHT = 26
_GOALS = {
    "missing_mandatory": "mandatory actions left out",
    "placed_weight": "priority of all that is placed, added up",
    "victims": "expected victims reached",
    "changes": "orders that are other than in the plan that it was made from",
    "lateness": "lateness: minutes after due, times priority",
    "cost": "cost of modes, duty and travel, in the operation's currency",
    "burden_permille": "largest share of its units' time that a country gives, in thousandths",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """An action on the chart: where it begins and how long it is, in hundredths of the chart's width."""

    name: str
    kind: str
    left: float
    width: float
    lane: int
    utc: str
    local: str
    h: str
    group: str
    units: str
    victims: int
    mode: str


@dataclass(frozen=True, slots=True)
class Row:
    """A country on the chart, its bars in as many lanes as it takes that none covers another."""

    code: str
    country: str
    zones: str
    bars: Sequence[Bar]
    lanes: int

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.lanes * _LANE_HEIGHT + 8


@dataclass(frozen=True, slots=True)
class Site:
    """A place on the map."""

    x: float
    y: float
    radius: float
    label: str
    left_out: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the chart's axis, in hundredths of its width."""

    left: float
    utc: str
    h: str
    is_day: bool


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal: what it counts, what this plan has of it, and what the search has proven (empty: nothing)."""

    words: str
    value: str
    proven: str


def plan_page(document: Mapping[str, Any], world: WorldMap) -> str:
    """Write the page.

    Parameters
    ----------
    document
        ``{"plan": …, "operation": …}`` as the API serves them; instants are ISO 8601 text.
    world
        The map that sites are drawn on.
    """
    plan, operation = document["plan"], document["operation"]
    placed = sorted(plan["actions"], key=lambda each: (_country(each)["name"], each["start"], each["action"]["name"]))
    first, last = _frame(operation, placed)
    h_hour = _instant(operation["hHour"])
    span = (last - first).total_seconds()

    def at(instant: datetime) -> float:
        return round(100 * (instant - first).total_seconds() / span, 3)

    rows = [
        _row(country, list(of_country), at, span)
        for country, of_country in groupby(placed, key=lambda each: (_country(each)["code"], _country(each)["name"]))
    ]
    return render(
        "plan.html.j2",
        plan=plan,
        operation=operation,
        rows=rows,
        ticks=_ticks(first, last, h_hour, at),
        h_left=at(h_hour) if first <= h_hour <= last else None,
        sites=_sites(placed, plan["leftOut"], world),
        left_out=plan["leftOut"],
        world=world,
        countries_with_actions={row.code for row in rows},
        goals=_goals(plan["score"] or ()),
        kinds=_kinds(placed),
        exercise=bool(operation.get("exercise")),
        units=len({unit["id"] for each in placed for unit in each["units"]}),
        victims=sum(each["action"].get("expectedVictims") or 0 for each in placed),
        document=document,
    )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _country(planned: Mapping[str, Any]) -> Mapping[str, Any]:
    country: Mapping[str, Any] | None = planned["action"].get("country")
    return country or {"code": "--", "name": "Country not certain"}


def _frame(operation: Mapping[str, Any], placed: Sequence[Mapping[str, Any]]) -> tuple[datetime, datetime]:
    """Give the chart's ends: whole days (UTC) round everything that is placed, or round the operation."""
    starts = [_instant(each["start"]) for each in placed] or [_instant(operation["start"])]
    ends = [_instant(each["end"]) for each in placed] or [_instant(operation["end"])]
    first = min(starts).replace(hour=0, minute=0, second=0, microsecond=0)
    last = max(ends).replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
    return first, last


def _row(country: tuple[str, str], placed: Sequence[Mapping[str, Any]], at: Any, span: float) -> Row:
    free_from: list[datetime] = []
    bars = []
    for each in placed:
        start, end = _instant(each["start"]), _instant(each["end"])
        lane = next((number for number, free in enumerate(free_from) if free <= start), len(free_from))
        # A bar is drawn at least as wide as its label needs to be clicked, so its lane stays taken that long.
        shown_until = max(end, start + timedelta(seconds=span / 150))
        free_from[lane : lane + 1] = [shown_until]
        bars.append(
            Bar(
                name=each["action"]["name"],
                kind=each["action"]["kind"],
                left=at(start),
                width=round(at(end) - at(start), 3),
                lane=lane * _LANE_HEIGHT + 4,
                utc=f"{start:%a %d %b %H:%M} to {end:%H:%M} UTC",
                local=f"{each['localStart']} ({each['timeZone']})",
                h=h_text(each["hOffsetMinutes"]),
                group=(each["action"].get("group") or {}).get("name", ""),
                units=", ".join(unit["name"] for unit in each["units"]),
                victims=each["action"].get("expectedVictims") or 0,
                mode=each["mode"]["name"],
            )
        )
    zones = ", ".join(sorted({each["timeZone"] for each in placed}))
    return Row(country[0], country[1], zones, bars, max(1, len(free_from)))


def _ticks(first: datetime, last: datetime, h_hour: datetime, at: Any) -> list[Tick]:
    hours = 6 if last - first <= 8 * _DAY else 24
    ticks = []
    instant = first
    while instant < last:
        is_day = instant.hour == 0
        minutes = round((instant - h_hour).total_seconds() / 60)
        ticks.append(
            Tick(at(instant), f"{instant:%a %d %b}" if is_day else f"{instant:%H:%M}", h_text(minutes), is_day)
        )
        instant += timedelta(hours=hours)
    return ticks


def _sites(placed: Sequence[Mapping[str, Any]], left_out: Sequence[Mapping[str, Any]], world: WorldMap) -> list[Site]:
    sites = []
    for each, out in [*((one, False) for one in placed), *((one, True) for one in left_out)]:
        action = each["action"]
        if action.get("location") is None:
            continue
        x, y = world.canvas.place(GeoPoint(action["location"]["longitude"], action["location"]["latitude"]))
        radius = 5 + min(11.0, (action.get("expectedVictims") or 0) ** 0.5 / 2)
        when = "left out" if out else f"{each['start'][:16].replace('T', ' ')} UTC"
        sites.append(Site(x, y, round(radius, 1), f"{action['name']}: {when}", out))
    return sorted(sites, key=lambda site: -site.radius)


def _goals(score: Sequence[Mapping[str, Any]]) -> list[Goal]:
    """Give the goals in the strict order in which the document has them."""
    return [
        Goal(
            _GOALS.get(part["goal"], part["goal"]),
            f"{part['value']:,}",
            "" if part["bound"] is None else "proven best" if part["bound"] == part["value"] else f"{part['bound']:,}",
        )
        for part in score
    ]


def _kinds(placed: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Give the kinds of action on the chart, each with its words."""
    found = sorted({each["action"]["kind"] for each in placed})
    return [(kind, kind.replace("_", " ").lower()) for kind in found]
