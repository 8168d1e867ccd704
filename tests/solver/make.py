"""Builders: the smallest country, site, unit and action, with what a test names changed."""

from __future__ import annotations

from typing import Any

from solver import (
    Action,
    Country,
    Interval,
    Mode,
    Placement,
    Problem,
    Site,
    Travel,
    Unit,
    UnitNeed,
)

HORIZON = 40


def a_unit(**changes: Any) -> Unit:
    """A unit of kind 0, type 2, at home at site 0 in country 0, always available and permitted at home."""
    fields: dict[str, Any] = {
        "name": "unit",
        "kind": 0,
        "type": 2,
        "home": 0,
        "owner": 0,
        "permitted": (0,),
        "availability": (Interval(0, HORIZON),),
    }
    return Unit(**(fields | changes))


def an_action(duration_slots: int = 4, **changes: Any) -> Action:
    """An action at site 0 that needs one unit of kind 0, type 2, anywhere in the horizon."""
    fields: dict[str, Any] = {
        "name": "raid",
        "site": 0,
        "modes": (Mode(duration_slots, (UnitNeed(0, 2, 1),)),),
        "windows": (Interval(0, HORIZON),),
    }
    return Action(**(fields | changes))


def a_problem(**changes: Any) -> Problem:
    """Two countries, three sites (0 and 1 in country 0, 2 in country 1), one unit, one action, no travel at all."""
    fields: dict[str, Any] = {
        "slot_minutes": 15,
        "horizon_slots": HORIZON,
        "countries": (Country("A"), Country("B")),
        "unit_kinds": ("assault", "medical"),
        "skills": ("khmer", "thai"),
        "resource_kinds": ("beds", "raids"),
        "sites": (Site("a0", 0), Site("a1", 0), Site("b0", 1)),
        "travel": Travel(),
        "units": (a_unit(),),
        "actions": (an_action(),),
    }
    return Problem(**(fields | changes))


def at(action: int, start_slot: int, *units: tuple[int, ...], mode: int = 0) -> Placement:
    """A placement."""
    return Placement(action, mode, start_slot, units)
