"""Detours: how fast a unit can be from one action to another, whatever other actions it serves in between."""

from __future__ import annotations

from dataclasses import replace

from solver.facts import FAR_SLOTS, Facts
from solver.problem import Leg, Problem, Travel


class Detours:
    """The shortest ways between actions' sites, by chains of stops in other actions.

    The models ask for travel between every two actions of a unit. Where a chain is faster than the direct way, that is
    stricter than the rule, which asks it between consecutive ones. With every way as short as its shortest chain it is
    laxer, whatever other actions the unit serves.

    Parameters
    ----------
    problem
        The whole problem: any of its actions may be a stop, for as long as it takes at least.
    """

    def __init__(self, problem: Problem) -> None:
        self._stops: dict[int, int] = {}
        for action in problem.actions:
            shortest = min(mode.duration_slots for mode in action.modes)
            self._stops[action.site] = min(shortest, self._stops.get(action.site, shortest))
        self._known: list[tuple[Travel, dict[int, tuple[int, dict[int, int]]]]] = []

    def shorter(self, facts: Facts) -> dict[tuple[int, int], int]:
        """Return the pairs of sites of a problem's actions between which a chain is faster, with its slots.

        The problem has the sites of the whole one, and some of its actions.
        """
        sites = sorted(set(facts.sites))
        found: dict[tuple[int, int], int] = {}
        for origin in sites:
            direct = {site: facts.way(origin, site) for site in sites if site != origin}
            longest_slots = max(direct.values(), default=0)
            if not longest_slots:
                continue
            known = self._from(facts, origin, longest_slots)
            found |= {(origin, site): known[site] for site, way in direct.items() if known.get(site, way) < way}
        return found

    def _from(self, facts: Facts, origin: int, longest_slots: int) -> dict[int, int]:
        """Slots to every site that can be reached faster than `longest_slots` (Dijkstra 1959)."""
        travel = facts.problem.travel
        known = next((by_origin for known, by_origin in self._known if known is travel), None)
        if known is None:
            known = {}
            self._known.append((travel, known))
        if origin not in known or known[origin][0] < longest_slots:
            known[origin] = (longest_slots, self._search(facts, origin, longest_slots))
        return known[origin][1]

    def _search(self, facts: Facts, origin: int, longest_slots: int) -> dict[int, int]:
        ways = {site: facts.way(origin, site) for site in self._stops if site != origin}
        settled: dict[int, int] = {}
        while ways:
            nearest = min(ways, key=ways.__getitem__)
            slots = ways.pop(nearest)
            if slots >= longest_slots:
                break
            settled[nearest] = slots
            onward = slots + self._stops[nearest]
            for site, so_far in ways.items():
                if onward < so_far:
                    ways[site] = min(so_far, onward + facts.way(nearest, site))
        return settled


def with_ways(problem: Problem, ways: dict[tuple[int, int], int]) -> Problem:
    """Return the problem with some ways as short as given, in slots; each shorter than it was."""
    legs = [leg for leg in problem.travel.legs if (leg.origin, leg.destination) not in ways]
    legs += [Leg(one, other, min(slots, FAR_SLOTS) * problem.slot_minutes) for (one, other), slots in ways.items()]
    return replace(problem, travel=Travel(problem.travel.hub_minutes, tuple(legs)))
