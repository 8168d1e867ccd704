"""The one place and the one week in which public instances happen: they know neither countries nor minutes."""

from __future__ import annotations

from solver.formats.rows import refuse
from solver.problem import (
    Action,
    CapacityStep,
    Country,
    Interval,
    Mode,
    Precedence,
    Problem,
    Project,
    Resource,
    Site,
    Unit,
)
from solver.problem.limits import LARGEST_SLOT


def at_one_place(
    horizon_slots: int,
    actions: tuple[Action, ...],
    precedences: tuple[Precedence, ...],
    projects: tuple[Project, ...],
    resources: tuple[Resource, ...] = (),
    units: tuple[Unit, ...] = (),
    skills: tuple[str, ...] = (),
) -> Problem:
    """Return the problem in which all happens at one site of one country, a period of the file being a slot."""
    return Problem(
        slot_minutes=1,
        horizon_slots=horizon_slots,
        countries=(Country("country"),),
        unit_kinds=("worker",) if units else (),
        skills=skills,
        resource_kinds=("renewable", "nonrenewable"),
        sites=(Site("site", 0),),
        units=units,
        resources=resources,
        actions=actions,
        precedences=precedences,
        projects=projects,
    )


def a_resource(name: str, capacity: int, *, renewable: bool = True) -> Resource:
    """Return a resource of which `capacity` is there from the first slot on."""
    return Resource(name, 0 if renewable else 1, None, (CapacityStep(0, capacity),), renewable)


def a_job(name: str, modes: tuple[Mode, ...], window: tuple[int, int], project: int = 0) -> Action:
    """Return an action that must be placed, inside ``[window[0], window[1])``; an empty window means never."""
    windows = (Interval(*window),) if window[0] < window[1] else ()
    return Action(name, 0, modes, windows, mandatory=True, project=project)


def checked_horizon(file: str, line: int, slots: int) -> int:
    """Return `slots`, refused where that is longer than any horizon may be."""
    if slots > LARGEST_SLOT:
        refuse(file, line, slots, f"give durations, lags and releases that add up to at most {LARGEST_SLOT} slots")
    return max(slots, 1)
