"""External ids and agency codes, and who owns what."""

from datetime import datetime
from enum import StrEnum

from opsplan.exercise.ground import Place
from opsplan.exercise.shape import SLOT_MINUTES, instant
from opsplan.exercise.world import Pool, Task, Team
from opsplan.operations.model import ResourceKind, UnitKind
from opsplan.records.values import duration_text
from opsplan.vocabulary.clock import instant_text

CODE = "EX-"
"""What every agency code of an exercise begins with."""

OPERATION = "OPERATION"
_UNIT_OWNERS = {
    UnitKind.FINANCIAL: "FIU",
    UnitKind.LIAISON: "NCB",
    UnitKind.VICTIM_SUPPORT: "NGO",
    UnitKind.MEDICAL: "NGO",
}
_RESOURCE_OWNERS = {
    ResourceKind.BED: "NGO",
    ResourceKind.SCREENER: "NGO",
    ResourceKind.CONSULAR_SLOT: "CONSULATE",
}


def spoken(kind: StrEnum) -> str:
    """Write a kind as names have it.

    >>> spoken(UnitKind.VICTIM_SUPPORT)
    'Victim Support'
    """
    return kind.value.replace("_", " ").title()


def agency_code(country: str, kind: str) -> str:
    """Give the code of a country's agency.

    >>> agency_code("KH", "NCB")
    'EX-KH-NCB'
    """
    return f"{CODE}{country}-{kind}"


def regional_code(number: int) -> str:
    """Give the code of a regional coordination unit, counted from 1."""
    return f"{CODE}REGION-{number}"


def specialised_code(number: int) -> str:
    """Give the code of a specialised unit, counted from 1."""
    return f"{CODE}SPECIAL-{number:02d}"


def duty_phone(code: str) -> str:
    """Give the number of an agency's post on duty. The country code +999 is assigned to nobody."""
    return f"+999{sum(map(ord, code)) % 9000 + 1000}{len(code):04d}"


LEAD = regional_code(1)
"""The agency that owns the operation and its groups."""


def reference(owner: str, external_id: str) -> str:
    """Refer to a record by its owner and external id."""
    return f"{owner}/{external_id}"


def unit_owner(team: Team) -> str:
    """Give the code of a unit's agency."""
    if team.specialised is not None:
        return specialised_code(team.specialised)
    return agency_code(team.country, _UNIT_OWNERS.get(team.kind, "POLICE"))


def unit_id(team: Team) -> str:
    """Give a unit's external id."""
    return f"UNIT-{team.number + 1:05d}"


def task_owner(task: Task) -> str:
    """Give the code of the agency that plans an action: the host's central bureau."""
    return agency_code(task.host, "NCB")


def task_id(task: Task) -> str:
    """Give an action's external id."""
    return f"ACT-{task.number + 1:05d}"


def task_reference(task: Task) -> str:
    """Refer to an action."""
    return reference(task_owner(task), task_id(task))


def mode_id(task: Task, way: int) -> str:
    """Give the external id of one of an action's modes."""
    return f"{task_id(task)}-M{way + 1}"


def site_id(place: Place) -> str:
    """Give the external id of the compound at a place."""
    return f"SITE-{place.number + 1:05d}"


def site_reference(place: Place) -> str:
    """Refer to the compound at a place."""
    return reference(agency_code(place.country, "NCB"), site_id(place))


def strike_id(number: int) -> str:
    """Give a group's external id, counted from 0."""
    return f"STRIKE-{number + 1:04d}"


def pool_owner(pool: Pool) -> str:
    """Give the code of the agency that keeps a resource."""
    return agency_code(pool.country, _RESOURCE_OWNERS.get(pool.kind, "POLICE"))


def pool_id(pool: Pool) -> str:
    """Give a resource's external id."""
    return "-".join(part for part in ("RES", pool.kind.value, pool.language.upper()) if part)


def at(start: datetime, slot: int) -> str:
    """Write the instant at which a slot begins."""
    return instant_text(instant(start, slot))


def length(slots: int) -> str:
    """Write a number of slots as an ISO 8601 duration.

    >>> length(6)
    'PT1H30M'
    """
    return duration_text(slots * SLOT_MINUTES)
