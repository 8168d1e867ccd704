"""The part of a plan that one host country consents to, as a document.

It holds the actions on the country's soil, its units wherever they go, and the times of the groups that bind either.
What else is in the plan leaves no trace in it: the document of a country stays the same, byte for byte, whatever others
change, so that only those are asked again whose part is another.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785

from opsplan.vocabulary.clock import instant_text

FORMAT = "opsplan.part/1"
"""What the document is; another number when it means something else."""


@dataclass(frozen=True, slots=True)
class SentUnit:
    """A unit that a plan sends to an action; `country` is its agency's, None for an international one."""

    id: str
    name: str
    country: str | None


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A placed action with all that an authority must know of it.

    `point` is longitude and latitude, `country` the host's; both None where nobody gave them.
    """

    action_id: str
    name: str
    kind: str
    point: tuple[float, float] | None
    country: str | None
    mode_id: str
    mode: str
    start: datetime
    end: datetime
    group_id: str | None
    units: tuple[SentUnit, ...] = ()


@dataclass(frozen=True, slots=True)
class BindingGroup:
    """A simultaneity group."""

    id: str
    name: str
    tolerance_minutes: int


def countries_of(rows: Iterable[PlannedPart]) -> dict[str, list[PlannedPart]]:
    """Give, for each country that a plan concerns, the actions on its soil and those that its units go to."""
    found: dict[str, list[PlannedPart]] = defaultdict(list)
    for row in rows:
        concerned = {row.country, *(unit.country for unit in row.units)}
        for country in concerned:
            if country is not None:
                found[country].append(row)
    return found


def unhosted(rows: Iterable[PlannedPart], hosted: Collection[str]) -> list[str]:
    """Give the countries with actions on their soil that are not among those `hosted`."""
    return sorted({row.country for row in rows if row.country is not None and row.country not in hosted})


def part_documents(
    operation_id: str,
    rows: Sequence[PlannedPart],
    groups: Iterable[BindingGroup],
    authorities: Mapping[str, Iterable[str]],
) -> dict[tuple[str, str], str]:
    """Give, by country and the id of its authority, the document that the authority is asked to approve.

    Parameters
    ----------
    rows
        All placed actions of the plan.
    groups
        The operation's groups.
    authorities
        By country: the ids of the agencies that approve for it. A country without any is not asked.
    """
    binding = {group.id: group for group in groups}
    begins: dict[str, datetime] = {}
    for row in rows:
        if row.group_id is not None:
            begins[row.group_id] = min(row.start, begins.get(row.group_id, row.start))
    of_country = countries_of(rows)
    return {
        (country, authority): _text(_part(operation_id, country, authority, of_country[country], binding, begins))
        for country in sorted(of_country)
        for authority in sorted(authorities.get(country, ()))
    }


def fingerprint(document: str) -> str:
    """Give the SHA-256 of a document, in hexadecimal digits."""
    return hashlib.sha256(document.encode()).hexdigest()


def action_ids(document: Mapping[str, Any]) -> frozenset[str]:
    """Give the ids of the actions that a part, as read from its document, holds."""
    return frozenset(each["actionId"] for each in (*document["actions"], *document["abroad"]))


def _text(part: Mapping[str, Any]) -> str:
    return rfc8785.dumps(part).decode()


def _part(
    operation_id: str,
    country: str,
    authority: str,
    rows: Iterable[PlannedPart],
    binding: Mapping[str, BindingGroup],
    begins: Mapping[str, datetime],
) -> dict[str, Any]:
    here: list[dict[str, Any]] = []
    abroad: list[dict[str, Any]] = []
    bound: set[str] = set()
    for row in sorted(rows, key=lambda each: each.action_id):
        if row.group_id is not None and row.group_id in binding:
            bound.add(row.group_id)
        if row.country == country:
            here.append(_action(row))
        else:
            abroad.append(_abroad(row, country))
    return {
        "format": FORMAT,
        "statement": "The authority approves this part of the operation's plan.",
        "operationId": operation_id,
        "country": country,
        "authorityId": authority,
        "actions": here,
        "abroad": abroad,
        "groups": [
            {
                "groupId": each,
                "name": binding[each].name,
                "start": instant_text(begins[each]),
                "toleranceMinutes": binding[each].tolerance_minutes,
            }
            for each in sorted(bound)
        ],
    }


def _action(row: PlannedPart) -> dict[str, Any]:
    return {
        **_what(row),
        "mode": row.mode,
        "modeId": row.mode_id,
        "longitude": None if row.point is None else row.point[0],
        "latitude": None if row.point is None else row.point[1],
        "units": [_unit(each) for each in _sorted(row.units)],
    }


def _abroad(row: PlannedPart, country: str) -> dict[str, Any]:
    own = [each for each in row.units if each.country == country]
    return {**_what(row), "country": row.country, "units": [_unit(each) for each in _sorted(own)]}


def _what(row: PlannedPart) -> dict[str, Any]:
    return {
        "actionId": row.action_id,
        "name": row.name,
        "kind": row.kind,
        "start": instant_text(row.start),
        "end": instant_text(row.end),
    }


def _unit(unit: SentUnit) -> dict[str, Any]:
    return {"unitId": unit.id, "name": unit.name, "country": unit.country}


def _sorted(units: Iterable[SentUnit]) -> list[SentUnit]:
    return sorted(units, key=lambda each: each.id)
