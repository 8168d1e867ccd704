"""Who may serve an action: needs, permitted countries, calendars."""

from __future__ import annotations

from collections.abc import Iterator

from solver.problem import Problem
from solver.solution import Placement
from solver.verify.breach import Breach


def unit_needs(problem: Problem, placements: tuple[Placement, ...]) -> Iterator[Breach]:
    """Every need has its count of different units of its kind, of its type or better, with its skills."""
    for placement in placements:
        action = problem.actions[placement.action]
        everyone = placement.all_units()
        if len(set(everyone)) != len(everyone):
            yield Breach("unit_needs", f"{action.name} lists a unit twice.", {"action": placement.action})
        needs = action.modes[placement.mode].unit_needs
        for number, (need, units) in enumerate(zip(needs, placement.units, strict=True)):
            at: dict[str, int | str] = {"action": placement.action, "need": number}
            if len(units) != need.count:
                message = f"{action.name} has {len(units)} units for a need of {need.count}."
                yield Breach("unit_needs", message, at | {"given": len(units), "count": need.count})
            for index in units:
                unit = problem.units[index]
                lacks_skill = any(skill not in unit.skills for skill in need.skills)
                if unit.kind != need.kind or unit.type > need.type or lacks_skill:
                    wanted = _described(problem, need.kind, need.type, need.skills)
                    having = _described(problem, unit.kind, unit.type, unit.skills)
                    message = f"{unit.name}, {having}, does not fill the need of {action.name} for {wanted} or better."
                    yield Breach("unit_needs", message, at | {"unit": index})


def _described(problem: Problem, kind: int, number: int, skills: tuple[int, ...]) -> str:
    having = f" with {', '.join(problem.skills[skill] for skill in skills)}" if skills else ""
    return f"{problem.unit_kinds[kind]} of type {number}{having}"


def permitted_countries(problem: Problem, placements: tuple[Placement, ...]) -> Iterator[Breach]:
    """Every unit may act in the host country."""
    for placement in placements:
        host = problem.host(placement.action)
        for index in placement.all_units():
            if host not in problem.units[index].permitted:
                name = problem.actions[placement.action].name
                message = f"{problem.units[index].name} may not act in {problem.countries[host].name} for {name}."
                facts: dict[str, int | str] = {"action": placement.action, "unit": index, "country": host}
                yield Breach("permitted_countries", message, facts)


def calendars(problem: Problem, placements: tuple[Placement, ...]) -> Iterator[Breach]:
    """The whole action lies inside one availability interval of each of its units."""
    for placement in placements:
        end_slot = placement.end_slot(problem)
        for index in placement.all_units():
            unit = problem.units[index]
            if not any(interval.holds(placement.start_slot, end_slot) for interval in unit.availability):
                message = f"{unit.name} is not available for {problem.actions[placement.action].name}."
                facts: dict[str, int | str] = {
                    "action": placement.action,
                    "unit": index,
                    "start_slot": placement.start_slot,
                    "end_slot": end_slot,
                }
                yield Breach("calendars", message, facts)
