"""Derived lists and named filters, in Python."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.make.world import Thing, World

Pairs = list[tuple[Thing, dict[str, Any]]]
"""Records with the facts of their edges."""


def derived(world: World, thing: Thing, name: str, arguments: dict[str, Any], now: str) -> Pairs:
    """Give a derived list of a record."""
    match thing.noun.name, name:
        case "Country", "jurisdictions":
            return [(each, {}) for each in _based_in(world, thing) if each.values["territorial"]]
        case "Compound", "jurisdictions":
            return _jurisdictions(world, thing, arguments.get("at") or now)
        case "Agency", "jurisdiction_over":
            at = arguments.get("at") or now
            found = []
            for compound in world.of("Compound"):
                found += [(compound, facts) for agency, facts in _jurisdictions(world, compound, at) if agency is thing]
            return found
        case "Compound", "targets":
            return [(each, {}) for each in _neighbours(world, thing) if each.noun.name == "Target"]
        case "Target", "compounds":
            return [(each, {}) for each in _neighbours(world, thing) if each.noun.name == "Compound"]
        case "Agency", "on_duty":
            return _on_duty(world, thing, arguments.get("at") or now)
        case "Operation", "units":
            return [(each, {}) for each in _offered(world, thing, "OFFERS")]
        case "Operation", "resources":
            return [(each, {}) for each in _offered(world, thing, "OFFERS_RESOURCE")]
        case "Unit" | "Resource", "offered_to":
            kind = "OFFERS" if thing.noun.name == "Unit" else "OFFERS_RESOURCE"
            return [(each, {}) for each in world.of("Operation") if thing in _offered(world, each, kind)]
        case _, "network":
            return _network(world, thing, arguments["depth"])
    raise NotImplementedError(f"write the derived list {thing.noun.name}.{name} here")


def named_filter(world: World, thing: Thing, name: str, value: Any, now: str) -> bool:
    """Tell whether a named filter lets a record through."""
    match thing.noun.name, name:
        case "Compound", "jurisdiction_of":
            agency = world.things.get(value)
            if agency is None or agency.noun.name != "Agency":
                return False
            return any(each is agency for each, _ in _jurisdictions(world, thing, now))
        case _, "linked_within":
            start = world.things.get(value["id"])
            return start is not None and thing.id in _reached(world, start, value.get("hops") or 2)
        case "Target", "identifier":
            marks = _back(world, "IDENTIFIES", thing)
            return any(_live(each) and each.values["value"] == value for each in marks)
    raise NotImplementedError(f"write the filter {thing.noun.name}.{name} here")


def _live(thing: Thing) -> bool:
    return thing.values.get("retired_at") is None


def _forth(world: World, kind: str, thing: Thing) -> list[Thing]:
    return [world.things[end] for name, start, end in world.links if name == kind and start == thing.id]


def _back(world: World, kind: str, thing: Thing) -> list[Thing]:
    return [world.things[start] for name, start, end in world.links if name == kind and end == thing.id]


def _based_in(world: World, country: Thing) -> list[Thing]:
    return _back(world, "BASED_IN", country)


def _on_duty(world: World, agency: Thing, at: str) -> Pairs:
    posts = [each for each in _back(world, "CONTACT_OF", agency) if _live(each)]
    present = [each for each in posts if any(_covers(shift, each, at) for shift in _back(world, "SHIFT_OF", each))]
    found: Pairs = []
    for post in posts:
        if post in present:
            found.append((post, {"standing": "ON_DUTY"}))
        elif any(chief in present for chief in _back(world, "DEPUTY_IS", post)):
            found.append((post, {"standing": "DEPUTY"}))
        elif not present:
            found.append((post, {"standing": "OFF_ROTA"}))
    return found


def _covers(shift: Thing, post: Thing, at: str) -> bool:
    values = shift.values
    if not _live(shift) or (values["start"] or "") > at or (values["end"] or "9999") <= at:
        return False
    clock = datetime.fromisoformat(at).astimezone(ZoneInfo(post.values["time_zone"]))
    first, last = (time.fromisoformat(values[name]) for name in ("from_local", "until_local"))
    begins = [clock.date()] if first < last else [clock.date(), clock.date() - timedelta(days=1)]
    for day in begins:
        wanted = values["days"] is None or f"{day:%A}".upper() in values["days"]
        over = day if first < last else day + timedelta(days=1)
        local = clock.replace(tzinfo=None)
        if wanted and datetime.combine(day, first) <= local < datetime.combine(over, last):
            return True
    return False


def _offered(world: World, operation: Thing, kind: str) -> list[Thing]:
    found: list[Thing] = []
    for participant in _back(world, "PARTICIPATES_IN", operation):
        if _live(participant) and participant.values["state"] == "ACCEPTED":
            for offer in _back(world, "OFFERED_BY", participant):
                found += [each for each in _forth(world, kind, offer) if _live(offer) and each not in found]
    return found


def _jurisdictions(world: World, compound: Thing, at: str) -> Pairs:
    found: dict[str, list[tuple[str, bool, str | None]]] = {}
    countries = [(each, True) for each in _forth(world, "LIES_IN", compound)]
    countries += [(each, False) for each in _forth(world, "MAY_LIE_IN", compound)]
    for country, certain in countries:
        for agency in _based_in(world, country):
            if agency.values["territorial"] and _one_world(agency, compound):
                found.setdefault(agency.id, []).append(("TERRITORIAL", certain, None))
    grounds = [(compound, True), *countries]
    for ground, certain in grounds:
        for grant in _back(world, "OVER", ground):
            values = grant.values
            if _live(grant) and values["start"] <= at and (values["end"] is None or values["end"] > at):
                for agency in _forth(world, "GRANTED_TO", grant):
                    if ground is compound or _one_world(agency, compound):
                        found.setdefault(agency.id, []).append((values["basis"], certain, values["instrument"]))
    return [
        (
            world.things[agency],
            {
                "bases": sorted({basis for basis, _, _ in reasons}),
                "certain": any(certain for _, certain, _ in reasons),
                "instruments": sorted({instrument for _, _, instrument in reasons if instrument is not None}),
            },
        )
        for agency, reasons in found.items()
    ]


def _one_world(one: Thing, other: Thing) -> bool:
    """Whether both are of an exercise, or both are not: over a country, only then has the one to do with the other."""
    return bool(one.values["exercise"]) == bool(other.values["exercise"])


def _steps(world: World, thing: Thing) -> Iterator[tuple[tuple[str, str, str], tuple[str, str, str], Thing]]:
    """Each way over one live link: the relationship into it, the one out of it, and where it leads."""
    ends = [each for each in world.links if each[0] in ("LINKS_FROM", "LINKS_TO")]
    for first in ends:
        if first[2] == thing.id and _live(world.things[first[1]]):
            for second in ends:
                if second != first and second[1] == first[1]:
                    yield first, second, world.things[second[2]]


def _neighbours(world: World, thing: Thing) -> list[Thing]:
    return list({each.id: each for _, _, each in _steps(world, thing)}.values())


def _network(world: World, thing: Thing, depth: int) -> Pairs:
    hops = {thing.id: 0}
    waiting = deque([thing])
    while waiting:
        here = waiting.popleft()
        if hops[here.id] < depth:
            for each in _neighbours(world, here):
                if each.id not in hops:
                    hops[each.id] = hops[here.id] + 1
                    waiting.append(each)
    others = [world.things[each] for each in hops if each != thing.id]
    return [(each, {"hops": hops[each.id]}) for each in others if each.noun.name == "Target"]


def _reached(world: World, start: Thing, hops: int) -> set[str]:
    """What else ways of up to so many links lead to, none using a relationship twice."""
    found: set[str] = set()

    def walk(here: Thing, left: int, used: frozenset[tuple[str, str, str]]) -> None:
        for first, second, there in _steps(world, here):
            if first not in used and second not in used:
                found.add(there.id)
                if left > 1:
                    walk(there, left - 1, used | {first, second})

    walk(start, hops, frozenset())
    return found - {start.id}
