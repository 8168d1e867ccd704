"""What of a problem is uncertain, and how far."""

from __future__ import annotations

from dataclasses import dataclass

from solver.errors import InvalidProblem
from solver.problem import Problem
from solver.problem.limits import LARGEST_AMOUNT, check_distinct, check_integer
from solver.risk.spread import CERTAIN, Spread


@dataclass(frozen=True, slots=True)
class WaySpread:
    """How far the time on the way from one site to another may differ from the minutes of the problem."""

    origin: int
    destination: int
    spread: Spread

    def __post_init__(self) -> None:
        check_integer("origin", self.origin, 0, LARGEST_AMOUNT)
        check_integer("destination", self.destination, 0, LARGEST_AMOUNT)


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """The distributions of durations, ways and numbers of victims.

    Parameters
    ----------
    durations
        One spread per action of the problem, of the duration of whichever mode it is placed in; none at all: certain.
    way
        Of all ways that `ways` does not name.
    ways
        Ways with spreads of their own, by road or by air, say; each ordered pair of sites at most once.
    victims
        Of the number of victims found, against `Action.expected_victims`; the number is rounded.
    victim_resource_kinds
        Indices in `Problem.resource_kinds` of what is needed in proportion to the victims found (beds, interpreters):
        a need of amount a then takes up ``ceil(a * found / expected)``.
    """

    durations: tuple[Spread, ...] = ()
    way: Spread = CERTAIN
    ways: tuple[WaySpread, ...] = ()
    victims: Spread = CERTAIN
    victim_resource_kinds: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        check_distinct("victim_resource_kinds", self.victim_resource_kinds)
        pairs = [(each.origin, each.destination) for each in self.ways]
        if len(set(pairs)) != len(pairs):
            raise InvalidProblem("ways", len(pairs), "give each ordered pair of sites once")

    def check(self, problem: Problem) -> None:
        """Refuse what does not belong to the problem.

        Raises
        ------
        InvalidProblem
            When there is another number of spreads than actions, or a site or kind of resource that does not exist.
        """
        if self.durations and len(self.durations) != len(problem.actions):
            remedy = f"give one spread per action, {len(problem.actions)}, or none"
            raise InvalidProblem("uncertainty.durations", len(self.durations), remedy)
        for position, each in enumerate(self.ways):
            for field, site in (("origin", each.origin), ("destination", each.destination)):
                if site >= len(problem.sites):
                    path = f"uncertainty.ways[{position}].{field}"
                    raise InvalidProblem(path, site, f"name one of the {len(problem.sites)} sites, from 0")
        for position, kind in enumerate(self.victim_resource_kinds):
            if kind >= len(problem.resource_kinds):
                path = f"uncertainty.victim_resource_kinds[{position}]"
                remedy = f"name one of the {len(problem.resource_kinds)} kinds of resources, from 0"
                raise InvalidProblem(path, kind, remedy)

    def of_action(self, action: int) -> Spread:
        """Give the spread of an action's duration."""
        return self.durations[action] if self.durations else CERTAIN
