"""From rows of JSON, as the API serves them, to facts and plan."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from tests.oracle.facts import (
    LOCKED,
    OUT_OF_PLAY,
    TOLD,
    Action,
    Airport,
    Elsewhere,
    Facts,
    Gazetteer,
    Group,
    LockedPlace,
    Mode,
    Network,
    Point,
    Pool,
    Precedence,
    QuietHours,
    Resource,
    ResourceNeed,
    Span,
    Town,
    Unit,
    UnitNeed,
)
from tests.oracle.plan import Placement, Plan

Row: TypeAlias = Mapping[str, Any]

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
_EVER = Span(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
_OVER = frozenset({"CLOSED", "CANCELLED"})


@dataclass(frozen=True, slots=True)
class Served:
    """All that was fetched: the operation's row, and rows by list."""

    operation: Row
    lists: Mapping[str, Sequence[Row]]


def read_plan(plan: Row, placements: Iterable[Row]) -> Plan:
    """Read a plan and its places."""
    return Plan(
        id=plan["id"],
        number=plan["number"],
        state=plan["state"],
        operation_id=plan["operation"]["id"],
        placements=tuple(_placement(row) for row in placements),
    )


def read_network(lists: Mapping[str, Sequence[Row]]) -> Network:
    """Read airports, large towns, and the largest town of every country."""
    largest = [
        _town({**town, "country": {"code": row["code"]}})
        for row in lists["countries"]
        for town in row["cities"]["nodes"]
    ]
    airports = tuple(
        Airport(
            row["code"],
            row["icao"] or "",
            row["name"],
            row["country"]["code"],
            _point(row["location"]),
            row["timeZone"],
        )
        for row in lists["airports"]
    )
    return Network(airports, (*largest, *(_town(row) for row in lists["towns"])))


def read_facts(served: Served, network: Network) -> Facts:
    """Read everything else."""
    operation, lists = served.operation, served.lists
    return Facts(
        operation_id=operation["id"],
        span=_span(operation),
        h_hour=instant(operation["hHour"]),
        actions=_actions(lists),
        groups={row["id"]: Group(row["id"], row["name"], length(row["tolerance"])) for row in lists["groups"]},
        precedences=tuple(_precedence(row) for row in lists["precedences"]),
        units=_units(lists, operation["id"]),
        resources=_resources(lists, operation["id"]),
        quiet_hours=tuple(_quiet_hours(row) for row in lists["quiet_hours"]),
        gazetteer=Gazetteer(
            zones={row["code"]: tuple(row["timeZones"]) for row in lists["zones"]},
            settled=tuple(_town(row) for row in lists["settled"]),
            network=network,
        ),
        elsewhere=tuple(_elsewhere(row) for row in lists["elsewhere"] if _holds(row)),
        locks={
            row["action"]["id"]: LockedPlace(
                row["action"]["id"],
                row["mode"]["id"],
                instant(row["start"]),
                _staffing(row["staffing"]),
                row["action"]["state"] in LOCKED,
            )
            for row in lists["own_places"]
            if row["action"]["state"] in LOCKED | TOLD
        },
    )


def instant(text: str) -> datetime:
    """Read an instant; one without a zone is refused.

    Raises
    ------
    ValueError
        For a text that is no instant.
    """
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    return read


def length(text: str | None) -> timedelta:
    """Read a length of time such as ``PT2H30M``; none given is none.

    Raises
    ------
    ValueError
        For a text that is no such length.
    """
    found = _DURATION.fullmatch(text or "PT0M")
    if found is None:
        raise ValueError(f"{text!r} is no length of time in days, hours and minutes")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def _placement(row: Row) -> Placement:
    return Placement(
        action_id=row["action"]["id"],
        mode_id=row["mode"]["id"],
        start=instant(row["start"]),
        end=instant(row["end"]),
        staffing=_staffing(row["staffing"]),
        unit_ids=tuple(unit["id"] for unit in row["units"]["nodes"]),
        local_start=datetime.fromisoformat(row["localStart"]),
        time_zone=row["timeZone"],
        h_offset_minutes=row["hOffsetMinutes"],
    )


def _staffing(given: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {need: tuple(units) for need, units in given.items()}


def _actions(lists: Mapping[str, Sequence[Row]]) -> dict[str, Action]:
    needs = _by(lists["unit_needs"], lambda row: row["mode"]["id"])
    holds = _by(lists["resource_needs"], lambda row: row["mode"]["id"])
    modes = _by(lists["modes"], lambda row: row["action"]["id"])
    warrants = _by(lists["warrants"], lambda row: row["action"]["id"])
    actions = {}
    for row in lists["actions"]:
        point, country = _place(row)
        actions[row["id"]] = Action(
            id=row["id"],
            name=row["name"],
            kind=row["kind"],
            state=row["state"],
            window=Span(instant(row["windowStart"]), instant(row["windowEnd"])),
            point=point,
            country=country,
            mandatory=bool(row["mandatory"]),
            group_id=row["group"]["id"] if row["group"] else None,
            modes=tuple(
                Mode(
                    mode["id"],
                    mode["name"],
                    length(mode["duration"]),
                    tuple(_unit_need(need) for need in needs[mode["id"]]),
                    tuple(_resource_need(need) for need in holds[mode["id"]]),
                )
                for mode in modes[row["id"]]
            ),
            warrants=tuple(_span(warrant) for warrant in warrants[row["id"]]),
        )
    return actions


def _place(action: Row) -> tuple[Point | None, str | None]:
    """Give an action's point and host country: its own, else its compound's."""
    compound = action["compound"] or {}
    point = action["location"] or compound.get("location")
    country = action["country"] or compound.get("country")
    return (_point(point) if point else None), (country["code"] if country else None)


def _unit_need(row: Row) -> UnitNeed:
    return UnitNeed(row["id"], row["unitKind"], row["unitType"], row["count"], frozenset(row["languages"]))


def _resource_need(row: Row) -> ResourceNeed:
    after, held = length(row["afterStart"]), length(row["held"])
    return ResourceNeed(row["resourceKind"], row["language"], row["amount"], after, held)


def _precedence(row: Row) -> Precedence:
    most = length(row["maxLag"]) if row["maxLag"] is not None else None
    before = row["before"]["id"] if row["before"] else ""
    return Precedence(before, row["after"]["id"], length(row["minLag"]), most)


def _offers(row: Row, operation_id: str) -> list[tuple[Span, int | None]]:
    """Give the offers of a unit or resource to the operation by participants that have accepted, with their amounts."""
    return [
        (
            Span(
                _EVER.start if offer["start"] is None else instant(offer["start"]),
                _EVER.end if offer["end"] is None else instant(offer["end"]),
            ),
            offer["amount"],
        )
        for offer in row["offers"]["nodes"]
        if offer["participant"]["operation"]["id"] == operation_id and offer["participant"]["state"] == "ACCEPTED"
    ]


def _units(lists: Mapping[str, Sequence[Row]], operation_id: str) -> dict[str, Unit]:
    absences = _by([*lists["absences"], *lists["bound_absences"]], lambda row: row["unit"]["id"])
    rows = [(row, True) for row in lists["units"]] + [(row, False) for row in lists["bound_units"]]
    return {
        row["id"]: Unit(
            id=row["id"],
            name=row["name"],
            kind=row["kind"],
            type=row["type"],
            home=_point(row["home"]),
            country=row["agency"]["country"]["code"] if row["agency"]["country"] else None,
            permitted=frozenset(row["permittedCountries"]),
            languages=frozenset(row["languages"]),
            max_duty=length(row["maxDuty"]),
            min_rest=length(row["minRest"]),
            absences=tuple(sorted(_span(absence) for absence in absences[row["id"]])),
            offers=tuple(sorted(span for span, _ in _offers(row, operation_id))) if offered else (),
        )
        for row, offered in rows
    }


def _resources(lists: Mapping[str, Sequence[Row]], operation_id: str) -> tuple[Resource, ...]:
    capacities = _by(lists["capacities"], lambda row: row["resource"]["id"])
    return tuple(
        Resource(
            id=row["id"],
            pool=Pool(row["country"]["code"], row["kind"], row["language"]),
            capacities=tuple((_span(entry), entry["amount"]) for entry in capacities[row["id"]]),
            offers=tuple(_offers(row, operation_id)),
            offered_to=frozenset(each["id"] for each in row["offeredTo"]["nodes"]),
        )
        for row in lists["resources"]
    )


def _quiet_hours(row: Row) -> QuietHours:
    first, last = (_minute_of_day(row[name]) for name in ("fromLocal", "untilLocal"))
    return QuietHours(row["country"]["code"], first, last, frozenset(row["actionKinds"]))


def _holds(row: Row) -> bool:
    """Whether a place in another operation's published plan still takes anything up."""
    operation, action = row["plan"]["operation"], row["action"]
    over = operation["state"] in _OVER or operation["retiredAt"] is not None
    return not (over or action["state"] in OUT_OF_PLAY or action["retiredAt"] is not None or None in _place(action))


def _elsewhere(row: Row) -> Elsewhere:
    point, country = _place(row["action"])
    assert point is not None
    assert country is not None
    return Elsewhere(
        operation_id=row["plan"]["operation"]["id"],
        action_name=row["action"]["name"],
        span=_span(row),
        point=point,
        country=country,
        unit_ids=frozenset(unit["id"] for unit in row["units"]["nodes"]),
        resource_needs=tuple(_resource_need(need) for need in row["mode"]["resourceNeeds"]["nodes"]),
    )


def _town(row: Row) -> Town:
    point, inhabitants = _point(row["location"]), row["population"] or 0
    return Town(row["name"], row["country"]["code"], point, inhabitants, row["timeZone"])


def _span(row: Row) -> Span:
    return Span(instant(row["start"]), instant(row["end"]))


def _point(pair: Mapping[str, float]) -> Point:
    return Point(pair["longitude"], pair["latitude"])


def _minute_of_day(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _by(rows: Iterable[Row], parent: Callable[[Row], str]) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[parent(row)].append(row)
    return found
