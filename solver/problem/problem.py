"""The problem as a whole: every noun, and every reference between them checked."""

from __future__ import annotations

from dataclasses import dataclass

from solver.errors import InvalidProblem
from solver.problem.action import Action, Mode
from solver.problem.limits import LARGEST_MINUTES, LARGEST_SLOT, check_integer, check_name
from solver.problem.order import find_cycle
from solver.problem.place import Country, Site, Travel
from solver.problem.project import Project
from solver.problem.relation import Group, Precedence
from solver.problem.resource import Resource
from solver.problem.unit import Unit

MOST_ACTIONS = 100_000
MOST_UNITS = 200_000
NO_TRAVEL = Travel()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be scheduled. Nouns refer to one another by index into these tuples.

    Time is counted in slots of `slot_minutes` minutes from an epoch that the solver does not know; an instant
    that is no multiple of a slot is the caller's to round (towards the safe side).

    Parameters
    ----------
    slot_minutes
        Length of a slot; used only to turn minutes of travel into slots.
    horizon_slots
        Actions lie inside ``[0, horizon_slots)``.
    countries, unit_kinds, skills, resource_kinds
        The names that indices stand for.
    sites, travel, units, resources, actions, precedences, groups, projects
        See their classes.

    Raises
    ------
    InvalidProblem
        When a reference points nowhere, a lock names units that do not exist, precedences form a cycle (the
        path is in the value), or there are more than 100,000 actions or 200,000 units.
    """

    slot_minutes: int
    horizon_slots: int
    countries: tuple[Country, ...] = ()
    unit_kinds: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    resource_kinds: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()
    travel: Travel = NO_TRAVEL
    units: tuple[Unit, ...] = ()
    resources: tuple[Resource, ...] = ()
    actions: tuple[Action, ...] = ()
    precedences: tuple[Precedence, ...] = ()
    groups: tuple[Group, ...] = ()
    projects: tuple[Project, ...] = ()

    def __post_init__(self) -> None:
        check_integer("slot_minutes", self.slot_minutes, 1, LARGEST_MINUTES)
        check_integer("horizon_slots", self.horizon_slots, 1, LARGEST_SLOT)
        if len(self.actions) > MOST_ACTIONS:
            raise InvalidProblem("actions", len(self.actions), f"give at most {MOST_ACTIONS} actions")
        if len(self.units) > MOST_UNITS:
            raise InvalidProblem("units", len(self.units), f"give at most {MOST_UNITS} units")
        for field in ("unit_kinds", "skills", "resource_kinds"):
            for position, name in enumerate(getattr(self, field)):
                check_name(f"{field}[{position}]", name)
        self._check_places()
        self._check_units()
        self._check_resources()
        self._check_actions()
        self._check_relations()

    def travel_slots(self, origin: int, destination: int) -> int | None:
        """Slots from site `origin` to site `destination`, minutes rounded up; None when there is no way.

        Examples
        --------
        >>> from solver.problem.place import Leg
        >>> here_and_there = (Site("here", 0), Site("there", 0))
        >>> travel = Travel((), (Leg(0, 1, 31),))
        >>> problem = Problem(15, 96, (Country("A"),), sites=here_and_there, travel=travel)
        >>> problem.travel_slots(0, 1), problem.travel_slots(1, 0), problem.travel_slots(1, 1)
        (3, None, 0)
        """
        minutes = self.travel.minutes(self.sites, origin, destination)
        return None if minutes is None else -(-minutes // self.slot_minutes)

    def host(self, action: int) -> int:
        """Index of the country where action `action` takes place."""
        return self.sites[self.actions[action].site].country

    def _reference(self, path: str, index: int, field: str) -> None:
        size = len(getattr(self, field))
        if not 0 <= index < size:
            known = f"{field} has {size} entries, counted from 0" if size else f"{field} is empty"
            raise InvalidProblem(path, index, f"name an index in {field}: {known}")

    def _check_places(self) -> None:
        hubs = len(self.travel.hub_minutes)
        for position, site in enumerate(self.sites):
            self._reference(f"sites[{position}].country", site.country, "countries")
            if site.hub is not None and site.hub >= hubs:
                raise InvalidProblem(
                    f"sites[{position}].hub", site.hub, f"travel.hub_minutes has {hubs} hubs, counted from 0"
                )
        for position, leg in enumerate(self.travel.legs):
            self._reference(f"travel.legs[{position}].origin", leg.origin, "sites")
            self._reference(f"travel.legs[{position}].destination", leg.destination, "sites")

    def _check_units(self) -> None:
        for position, unit in enumerate(self.units):
            path = f"units[{position}]"
            self._reference(f"{path}.kind", unit.kind, "unit_kinds")
            self._reference(f"{path}.home", unit.home, "sites")
            self._reference(f"{path}.owner", unit.owner, "countries")
            for country in unit.permitted:
                self._reference(f"{path}.permitted", country, "countries")
            for skill in unit.skills:
                self._reference(f"{path}.skills", skill, "skills")

    def _check_resources(self) -> None:
        for position, resource in enumerate(self.resources):
            self._reference(f"resources[{position}].kind", resource.kind, "resource_kinds")
            if resource.country is not None:
                self._reference(f"resources[{position}].country", resource.country, "countries")

    def _check_actions(self) -> None:
        for position, action in enumerate(self.actions):
            path = f"actions[{position}]"
            self._reference(f"{path}.site", action.site, "sites")
            if action.project is not None:
                self._reference(f"{path}.project", action.project, "projects")
            for mode_number, mode in enumerate(action.modes):
                self._check_mode(f"{path}.modes[{mode_number}]", mode)
            for units in (action.lock.units or ()) if action.lock else ():
                for unit in units:
                    self._reference(f"{path}.lock.units", unit, "units")
            for units in action.kept.units if action.kept else ():
                for unit in units:
                    self._reference(f"{path}.kept.units", unit, "units")

    def _check_mode(self, path: str, mode: Mode) -> None:
        for position, need in enumerate(mode.unit_needs):
            self._reference(f"{path}.unit_needs[{position}].kind", need.kind, "unit_kinds")
            for skill in need.skills:
                self._reference(f"{path}.unit_needs[{position}].skills", skill, "skills")
        for position, use in enumerate(mode.resource_needs):
            self._reference(f"{path}.resource_needs[{position}].resource", use.resource, "resources")

    def _check_relations(self) -> None:
        for position, precedence in enumerate(self.precedences):
            self._reference(f"precedences[{position}].before", precedence.before, "actions")
            self._reference(f"precedences[{position}].after", precedence.after, "actions")
        for position, group in enumerate(self.groups):
            for action in group.actions:
                self._reference(f"groups[{position}].actions", action, "actions")
        cycle = find_cycle(len(self.actions), ((p.before, p.after) for p in self.precedences))
        if cycle is not None:
            names = " -> ".join(self.actions[action].name for action in cycle)
            raise InvalidProblem("precedences", names, "the precedences form a cycle; drop one of these")
