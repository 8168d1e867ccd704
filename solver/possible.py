"""Which actions could be placed in an otherwise empty plan, by necessary conditions: what they refuse is impossible."""

from __future__ import annotations

from collections.abc import Iterable

from solver.facts import Facts


def possible_bundles(facts: Facts, alone: Iterable[tuple[int, ...]] | None = None) -> list[tuple[int, ...]]:
    """Return the bundles that are not impossible by themselves.

    A bundle is impossible when a member has no start that leaves it enough units and resources with nothing else
    placed, when its members have no starts close enough together, or when a required predecessor is impossible.

    Parameters
    ----------
    alone
        The bundles for which the first two do not hold, see `RaidSearch.possible`; found here when not given.
    """
    if alone is None:
        # Here and not above: a process that only translates or verifies never needs numba.
        from solver.compiled.raids import RaidSearch

        alone = RaidSearch(facts, 1).possible()
    possible = set(alone)
    lost = [bundle for bundle in facts.bundles if bundle not in possible]
    while lost:
        for action in lost.pop():
            for link in facts.links[action]:
                follower = facts.bundles[facts.bundle_of[link.other]]
                if link.leads and link.required and follower in possible:
                    possible.remove(follower)
                    lost.append(follower)
    return [bundle for bundle in facts.bundles if bundle in possible]


def travel_is_consistent(facts: Facts, actions: tuple[int, ...]) -> bool:
    """Whether no detour by way of another action's site, its duration included, beats a direct way between
    two.

    Where this holds, asking for travel between every two actions of a unit is the same as between consecutive
    ones, and what the models prove is proven. Where it does not, they are stricter than the rules and prove
    nothing.
    """
    sites = sorted({facts.sites[action] for action in actions})
    shortest: dict[int, int] = {}
    for action in actions:
        site = facts.sites[action]
        shortest[site] = min(shortest.get(site, 1 << 30), *facts.durations[action])
    way = [[facts.way(one, other) for other in sites] for one in sites]
    for middle, stop_slots in enumerate(shortest[site] for site in sites):
        onwards = way[middle]
        for row in way:
            there = row[middle] + stop_slots
            if any(direct > there + onward for direct, onward in zip(row, onwards, strict=True)):
                return False
    return True
