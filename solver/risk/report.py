"""The figures about what may go wrong with a plan."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Frequency:
    """In how many of so many simulated courses of a plan something happened.

    Examples
    --------
    >>> often = Frequency(2_500, 10_000)
    >>> often.probability, round(often.standard_error, 4)
    (0.25, 0.0043)
    >>> Frequency(0, 10_000).standard_error > 0
    True
    """

    hits: int
    runs: int

    @property
    def probability(self) -> float:
        """The estimate: the share of the courses."""
        return self.hits / self.runs

    @property
    def standard_error(self) -> float:
        """The standard error of the estimate.

        Of the share with two hits and two misses added (Agresti and Coull 1998: Approximate is better than exact for
        interval estimation of binomial proportions), so that what never happened is not taken for impossible.
        """
        share = (self.hits + 2) / (self.runs + 4)
        return sqrt(share * (1 - share) / (self.runs + 4))


@dataclass(frozen=True, slots=True)
class ActionRisk:
    """What may go wrong with one placed action.

    Parameters
    ----------
    action
        Which.
    overruns
        It breaks `windows`, `forbidden_hours`, `claims`, `warrants`, `calendars` or `precedence`.
    windows, forbidden_hours, claims, warrants, calendars
        It lasts beyond its window (or the horizon), into forbidden hours, into what others claim, beyond its warrant,
        beyond the availability of one of its units.
    precedence
        It starts outside the lags to a predecessor.
    late
        It ends after its due slot.
    starts_late
        It cannot start when it is planned to.
    holds_up
        One of its units comes too late to its next action, so that this one cannot start when it is planned to.
    mean_delay_minutes
        By how much later than planned it starts, on average over all courses.
    """

    action: int
    overruns: Frequency
    windows: Frequency
    forbidden_hours: Frequency
    claims: Frequency
    warrants: Frequency
    calendars: Frequency
    precedence: Frequency
    late: Frequency
    starts_late: Frequency
    holds_up: Frequency
    mean_delay_minutes: float


@dataclass(frozen=True, slots=True)
class UnitRisk:
    """What may go wrong for one unit.

    An action of it cannot start in time, or lasts beyond its availability; or its duty grows too long.
    """

    unit: int
    starts_late: Frequency
    calendars: Frequency
    duty_and_rest: Frequency


@dataclass(frozen=True, slots=True)
class GroupRisk:
    """The starts of a group lie farther apart than its tolerance."""

    group: int
    simultaneity: Frequency


@dataclass(frozen=True, slots=True)
class ResourceRisk:
    """More of a resource is needed at some time than there is.

    `mean_shortage` is by how much at worst, on average over all courses.
    """

    resource: int
    capacity: Frequency
    mean_shortage: float


@dataclass(frozen=True, slots=True)
class CountryRisk:
    """What may go wrong for one country, as a host, with its resources, and for its units.

    Parameters
    ----------
    country
        Which.
    overruns
        Any action that it hosts overruns.
    capacity
        Any of its resources runs short.
    units
        Any of its units breaks `calendars` or `duty_and_rest`.
    """

    country: int
    overruns: Frequency
    capacity: Frequency
    units: Frequency


@dataclass(frozen=True, slots=True)
class PlanRisk:
    """What may go wrong with a plan.

    Parameters
    ----------
    runs, seed
        How many courses were simulated, from which seed.
    any_breach
        Any rule comes to be broken: an action overruns, a group strikes apart, a unit's duty grows too long, a
        resource runs short.
    overruns, simultaneity, duty_and_rest, capacity
        Each of these by itself: any action, group, unit, resource.
    late
        Any action ends after its due slot.
    mean_breaches
        Actions that overrun, groups apart, units on duty for too long and resources that run short, on average over
        all courses.
    mean_breaches_standard_error
        The standard error of that mean.
    actions, units, groups, resources, countries
        Each by itself, as far as the plan uses them, by index.
    """

    runs: int
    seed: int
    any_breach: Frequency
    overruns: Frequency
    simultaneity: Frequency
    duty_and_rest: Frequency
    capacity: Frequency
    late: Frequency
    mean_breaches: float
    mean_breaches_standard_error: float
    actions: tuple[ActionRisk, ...]
    units: tuple[UnitRisk, ...]
    groups: tuple[GroupRisk, ...]
    resources: tuple[ResourceRisk, ...]
    countries: tuple[CountryRisk, ...]
