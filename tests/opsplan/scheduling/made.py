"""Small snapshots made by hand: an operation in and around Cambodia, and parts to put into it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from opsplan.scheduling.problem.snapshot import (
    ReadAbsence,
    ReadAction,
    ReadCapacity,
    ReadClaim,
    ReadLock,
    ReadMode,
    ReadOperation,
    ReadPrecedence,
    ReadQuietHours,
    ReadResource,
    ReadResourceNeed,
    ReadResourceOffer,
    ReadUnit,
    ReadUnitClaim,
    ReadUnitNeed,
    ReadWarrant,
    Snapshot,
)

DAY = datetime(2026, 12, 1, tzinfo=UTC)
PHNOM_PENH = (104.92, 11.56)
SIHANOUKVILLE = (103.52, 10.63)
BANGKOK = (100.5, 13.75)
MANILA = (120.98, 14.6)


def at(hours: float) -> datetime:
    """Give the instant so many hours after the operation's start."""
    return DAY + timedelta(hours=hours)


def operation(**changes: Any) -> ReadOperation:
    """Make an operation of two days with H-hour at 04:00 UTC of the second."""
    made = ReadOperation("operation_1", 1, "EXERCISE Lantern", at(28), at(0), at(48), exercise=True)
    return replace(made, **changes)


def action(number: int = 1, **changes: Any) -> ReadAction:
    """Make a raid in Phnom Penh that may run through both days."""
    made = ReadAction(
        f"action_{number}",
        1,
        f"EXERCISE Raid {number}",
        "RAID",
        "DRAFT",
        PHNOM_PENH,
        "KH",
        at(0),
        at(48),
    )
    return replace(made, **changes)


def mode(number: int = 1, action_number: int = 1, **changes: Any) -> ReadMode:
    """Make a mode of two hours."""
    made = ReadMode(f"action_mode_{number}", 1, f"EXERCISE Mode {number}", f"action_{action_number}", 120)
    return replace(made, **changes)


def unit_need(number: int = 1, mode_number: int = 1, **changes: Any) -> ReadUnitNeed:
    """Make a need of one tactical unit of type 2 or better."""
    return replace(ReadUnitNeed(f"unit_need_{number}", 1, f"action_mode_{mode_number}", "TACTICAL", 2, 1), **changes)


def bed_need(number: int = 1, mode_number: int = 1, **changes: Any) -> ReadResourceNeed:
    """Make a need of 30 beds for a day from the second hour on."""
    made = ReadResourceNeed(f"resource_need_{number}", 1, f"action_mode_{mode_number}", "BED", None, 30, 120, 1440)
    return replace(made, **changes)


def unit(number: int = 1, **changes: Any) -> ReadUnit:
    """Make a Cambodian tactical unit of type 1 at home in Phnom Penh."""
    made = ReadUnit(
        f"unit_{number}", 1, f"EXERCISE Unit {number}", "TACTICAL", 1, PHNOM_PENH, "KH", (), ("km", "en"), 720, 600
    )
    return replace(made, **changes)


def absence(unit_number: int, start: float, end: float) -> ReadAbsence:
    """Make an absence in hours after the operation's start."""
    return ReadAbsence(f"unit_absence_{unit_number}_{start}", 1, f"unit_{unit_number}", at(start), at(end))


def claim(unit_number: int, start: float, end: float, **changes: Any) -> ReadUnitClaim:
    """Make a use of a unit by another operation, in Phnom Penh."""
    made = ReadUnitClaim(
        f"planned_action_{unit_number}_{start}",
        1,
        f"unit_{unit_number}",
        "EXERCISE Anchor",
        "EXERCISE Elsewhere",
        PHNOM_PENH,
        "KH",
        at(start),
        at(end),
    )
    return replace(made, **changes)


def warrant(start: float, end: float, action_number: int = 1) -> ReadWarrant:
    """Make a warrant in hours after the operation's start."""
    return ReadWarrant(f"warrant_{action_number}_{start}", 1, f"action_{action_number}", at(start), at(end))


def quiet_hours(start: str = "21:00", end: str = "06:00", country: str = "KH", **changes: Any) -> ReadQuietHours:
    """Make quiet hours that bind raids and searches."""
    return replace(ReadQuietHours(f"quiet_hours_{country}", 1, country, start, end, ()), **changes)


def precedence(before: int, after: int, least: int = 0, most: int | None = None, **changes: Any) -> ReadPrecedence:
    """Make a precedence with lags in minutes."""
    made = ReadPrecedence(
        f"precedence_{before}_{after}",
        1,
        f"action_{before}",
        f"action_{after}",
        f"EXERCISE Raid {before}",
        "DRAFT",
        least,
        most,
    )
    return replace(made, **changes)


def beds(amount: int = 40, start: float = 0, end: float = 96) -> dict[str, Any]:
    """Make beds in Cambodia with their capacity, as members of a snapshot."""
    return {
        "resources": (ReadResource("resource_1", 1, "EXERCISE beds", "BED", None, "KH"),),
        "resource_offers": (ReadResourceOffer("offer_1", 1, "A", "resource_1"),),
        "capacities": (ReadCapacity("capacity_1", 1, "resource_1", at(start), at(end), amount),),
    }


def lock(start: float, action_number: int = 1, units: tuple[str, ...] = ("unit_1",), **changes: Any) -> ReadLock:
    """Make a lock on an action's first mode."""
    made = ReadLock(
        f"planned_action_{action_number}",
        1,
        f"action_{action_number}",
        f"action_mode_{action_number}",
        at(start),
        ((f"unit_need_{action_number}", units),),
    )
    return replace(made, **changes)


def snapshot(**members: Any) -> Snapshot:
    """Make a snapshot of one raid with one mode, one need and one unit, unless members say otherwise."""
    whole: dict[str, Any] = {
        "commit": 1,
        "operation": operation(),
        "actions": (action(),),
        "modes": (mode(),),
        "unit_needs": (unit_need(),),
        "units": (unit(),),
    }
    return Snapshot(**{**whole, **members})


def others_claim(start: float, end: float, **changes: Any) -> ReadClaim:
    """Make a watch by another agency at the raid's door, in hours after the operation's start."""
    fields: dict[str, Any] = {
        "id": f"claim_{start}_{end}",
        "version": 1,
        "name": "EXERCISE Watch",
        "owner_id": "agency_b",
        "kind": "SURVEILLANCE",
        "location": PHNOM_PENH,
        "radius_m": 100.0,
        "outline": None,
        "start": at(start),
        "end": at(end),
    }
    return ReadClaim(**(fields | changes))
