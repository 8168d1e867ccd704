"""Countries, sites and the minutes of travel between sites."""

from __future__ import annotations

from dataclasses import dataclass, field

from solver.errors import InvalidProblem
from solver.problem.limits import LARGEST_AMOUNT, LARGEST_MINUTES, check_integer, check_name


@dataclass(frozen=True, slots=True)
class Country:
    """A country, known by its index in `Problem.countries`; `name` serves messages only."""

    name: str

    def __post_init__(self) -> None:
        check_name("name", self.name)


@dataclass(frozen=True, slots=True)
class Site:
    """A place where actions happen or units are at home.

    Parameters
    ----------
    name
        For messages only.
    country
        Index of the country that the site lies in: the host country of every action there.
    hub
        Index of the hub (airport) that serves the site, a row of `Travel.hub_minutes`; None when none does.
    access_minutes
        Minutes from the site to its hub, and from the hub to the site, waiting at the hub included.
    """

    name: str
    country: int
    hub: int | None = None
    access_minutes: int = 0

    def __post_init__(self) -> None:
        check_name("name", self.name)
        check_integer("country", self.country, 0, LARGEST_AMOUNT)
        if self.hub is not None:
            check_integer("hub", self.hub, 0, LARGEST_AMOUNT)
        check_integer("access_minutes", self.access_minutes, 0, LARGEST_MINUTES)


@dataclass(frozen=True, slots=True)
class Leg:
    """A direct way from one site to another, in one direction, in minutes."""

    origin: int
    destination: int
    minutes: int

    def __post_init__(self) -> None:
        check_integer("origin", self.origin, 0, LARGEST_AMOUNT)
        check_integer("destination", self.destination, 0, LARGEST_AMOUNT)
        check_integer("minutes", self.minutes, 0, LARGEST_MINUTES)


def _check_minutes(path: str, row: tuple[int | None, ...]) -> None:
    """Refuse what is no length of a way; by whole rows, since a matrix has a cell for each pair of hubs."""
    known = [minutes for minutes in row if minutes is not None]
    if set(map(type, known)) <= {int} and (not known or (min(known) >= 0 and max(known) <= LARGEST_MINUTES)):
        return
    for column, minutes in enumerate(row):
        if minutes is not None:
            check_integer(f"{path}[{column}]", minutes, 0, LARGEST_MINUTES)


@dataclass(frozen=True, slots=True)
class Travel:
    """Travel times in a form that grows with the sites, not with their pairs.

    Minutes from a site to itself are 0. Otherwise they are the smaller of the direct leg, where one is given,
    and ``access(origin) + hub_minutes[hub(origin)][hub(destination)] + access(destination)``, where both
    sites have hubs and the hubs are joined. With neither, the destination cannot be reached. A caller with a
    full matrix gives it as legs.

    Parameters
    ----------
    hub_minutes
        ``hub_minutes[g][h]``: minutes from hub g to hub h, None where there is no connection. Square.
    legs
        Direct ways; each ordered pair at most once.
    """

    hub_minutes: tuple[tuple[int | None, ...], ...] = ()
    legs: tuple[Leg, ...] = ()
    _minutes_by_pair: dict[tuple[int, int], int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for row_number, row in enumerate(self.hub_minutes):
            path = f"hub_minutes[{row_number}]"
            if len(row) != len(self.hub_minutes):
                raise InvalidProblem(path, len(row), f"give one entry per hub, {len(self.hub_minutes)}")
            _check_minutes(path, row)
        by_pair: dict[tuple[int, int], int] = {}
        for position, leg in enumerate(self.legs):
            pair = (leg.origin, leg.destination)
            if pair in by_pair or leg.origin == leg.destination:
                raise InvalidProblem(f"legs[{position}]", pair, "give each ordered pair of two sites once")
            by_pair[pair] = leg.minutes
        object.__setattr__(self, "_minutes_by_pair", by_pair)

    def minutes(self, sites: tuple[Site, ...], origin: int, destination: int) -> int | None:
        """Minutes from site `origin` to site `destination`; None when there is no way.

        Examples
        --------
        >>> sites = (Site("a", 0, 0, 30), Site("b", 0, 1, 45), Site("c", 0))
        >>> travel = Travel(((0, 120), (120, 0)), (Leg(0, 2, 20),))
        >>> travel.minutes(sites, 0, 1), travel.minutes(sites, 0, 2), travel.minutes(sites, 1, 2)
        (195, 20, None)
        """
        if origin == destination:
            return 0
        best = self._minutes_by_pair.get((origin, destination))
        here, there = sites[origin], sites[destination]
        if here.hub is not None and there.hub is not None:
            between = self.hub_minutes[here.hub][there.hub]
            if between is not None:
                by_hub = here.access_minutes + between + there.access_minutes
                best = by_hub if best is None else min(best, by_hub)
        return best
