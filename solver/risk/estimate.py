"""How often what goes wrong with a plan, by simulation."""

from __future__ import annotations

from math import sqrt

import numpy as np

from solver.budget import Stop
from solver.errors import InvalidProblem
from solver.problem import Problem
from solver.problem.limits import check_integer
from solver.risk import counting
from solver.risk.course import Courses, Flags, Weather, carry_out
from solver.risk.network import Network, make_network
from solver.risk.report import (
    ActionRisk,
    CountryRisk,
    Frequency,
    GroupRisk,
    PlanRisk,
    ResourceRisk,
    UnitRisk,
)
from solver.risk.uncertainty import Uncertainty
from solver.solution import Placement
from solver.verify.form import well_formed

MOST_RUNS = 1_000_000
COURSES_AT_ONCE = 4_096
"""Few enough for the memory: 400 actions with 2,000 units take some 100 MB; more at once are hardly faster."""

_OF_ACTION = (
    "overruns",
    "windows",
    "forbidden_hours",
    "claims",
    "warrants",
    "calendars",
    "precedence",
    "late",
    "starts_late",
    "holds_up",
)
_OF_PLAN = ("any_breach", "overruns", "simultaneity", "duty_and_rest", "capacity", "late")


def estimate_risk(
    problem: Problem,
    placements: tuple[Placement, ...],
    uncertainty: Uncertainty,
    *,
    runs: int = 100_000,
    seed: int = 1,
    stop: Stop | None = None,
) -> PlanRisk:
    """Return how often what goes wrong when a plan is carried out, over so many simulated courses of it.

    Parameters
    ----------
    problem, placements
        The plan. It need not be valid: what it breaks itself is broken in every course.
    uncertainty
        The distributions.
    runs
        How many courses, 1 to 1,000,000. A frequency of 100,000 has a standard error of at most 0.0016.
    seed
        Equal seeds give equal figures, with one release of NumPy.
    stop
        Asked after each few thousand courses; once it returns True, the figures are of those done so far.

    Raises
    ------
    InvalidProblem
        When the plan names what does not exist, the uncertainty does not belong to the problem, or a number is out of
        range.
    """
    check_integer("runs", runs, 1, MOST_RUNS)
    check_integer("seed", seed, 0, 2**31 - 1)
    uncertainty.check(problem)
    malformed = next(well_formed(problem, placements), None)
    if malformed is not None:
        raise InvalidProblem("placements", malformed.message, "give a plan of this problem")
    network = make_network(problem, placements)
    weather = Weather(problem, network, uncertainty, seed)
    tally = Tally(problem, network, uncertainty)
    left = runs
    while left:
        size = min(left, COURSES_AT_ONCE)
        tally.count(carry_out(network, weather.draw(size)), size)
        left -= size
        if stop is not None and stop():
            break
    return tally.report(seed)


class Tally:
    """Counts over the courses of one plan, some at a time."""

    def __init__(self, problem: Problem, network: Network, uncertainty: Uncertainty) -> None:
        self._problem = problem
        self._network = network
        self._uncertainty = uncertainty
        self._hits: dict[tuple[str, int, str], int] = {}
        self._sums: dict[tuple[str, int], float] = {}
        self._runs = 0
        self._breaches = self._breaches_squared = 0.0

    def count(self, courses: Courses, size: int) -> None:
        """Count `size` courses in."""
        self._runs += size
        once = _Once(self._problem, self._network, self._uncertainty, courses, size)
        once.look()
        for key, flags in once.found.items():
            self._hits[key] = self._hits.get(key, 0) + int(np.count_nonzero(flags))
        for place, total in once.sums.items():
            self._sums[place] = self._sums.get(place, 0.0) + total
        self._breaches += float(np.sum(once.breaches))
        self._breaches_squared += float(np.sum(np.square(once.breaches)))

    def report(self, seed: int) -> PlanRisk:
        """Give the figures so far."""
        runs, mean = self._runs, self._breaches / self._runs
        variance = max(0.0, self._breaches_squared / runs - mean * mean)
        return PlanRisk(
            runs=runs,
            seed=seed,
            **{name: self._frequency("plan", 0, name) for name in _OF_PLAN},
            mean_breaches=mean,
            mean_breaches_standard_error=sqrt(variance / runs),
            actions=tuple(
                ActionRisk(
                    index,
                    **{name: self._frequency("action", index, name) for name in _OF_ACTION},
                    mean_delay_minutes=self._sums.get(("action", index), 0.0) / runs,
                )
                for index in sorted(self._network.position)
            ),
            units=tuple(
                UnitRisk(
                    day.unit,
                    self._frequency("unit", day.unit, "starts_late"),
                    self._frequency("unit", day.unit, "calendars"),
                    self._frequency("unit", day.unit, "duty_and_rest"),
                )
                for day in self._network.days
            ),
            groups=tuple(
                GroupRisk(index, self._frequency("group", index, "simultaneity"))
                for index, group in enumerate(self._problem.groups)
                if sum(action in self._network.position for action in group.actions) > 1
            ),
            resources=tuple(
                ResourceRisk(
                    index,
                    self._frequency("resource", index, "capacity"),
                    self._sums.get(("resource", index), 0.0) / runs,
                )
                for index in self._network.uses
            ),
            countries=tuple(
                CountryRisk(
                    country,
                    self._frequency("country", country, "overruns"),
                    self._frequency("country", country, "capacity"),
                    self._frequency("country", country, "units"),
                )
                for country in self._countries()
            ),
        )

    def _countries(self) -> list[int]:
        problem = self._problem
        found = {problem.host(action) for action in self._network.position}
        found |= {problem.units[day.unit].owner for day in self._network.days}
        belonging = (problem.resources[index].country for index in self._network.uses)
        return sorted(found | {country for country in belonging if country is not None})

    def _frequency(self, about: str, index: int, name: str) -> Frequency:
        return Frequency(self._hits.get((about, index, name), 0), self._runs)


class _Once:
    """One look at some courses: what happened in each."""

    def __init__(
        self, problem: Problem, network: Network, uncertainty: Uncertainty, courses: Courses, size: int
    ) -> None:
        self._problem = problem
        self._network = network
        self._uncertainty = uncertainty
        self._courses = courses
        self.found: dict[tuple[str, int, str], Flags] = {}
        self.sums: dict[tuple[str, int], float] = {}
        self.breaches = np.zeros(size)

    def look(self) -> None:
        if not self._network.steps:
            return
        late_starts = self._actions()
        self._units(late_starts)
        self._groups()
        self._resources()

    def _mark(self, about: str, index: int | None, name: str, flags: Flags) -> None:
        if index is None or not flags.any():
            return
        key = (about, index, name)
        self.found[key] = self.found[key] | flags if key in self.found else flags

    def _breach(self, name: str, flags: Flags) -> None:
        if not flags.any():
            return
        self._mark("plan", 0, name, flags)
        self._mark("plan", 0, "any_breach", flags)
        self.breaches += flags

    def _actions(self) -> list[Flags]:
        problem, courses = self._problem, self._courses
        lags = counting.breaks_lags(problem, self._network, courses)
        next_ones = counting.too_late_for_next(self._network, courses)
        away = self._outside_calendars()
        late_starts = []
        for position, step in enumerate(self._network.steps):
            action = step.placement.action
            start, end = courses.starts[position], courses.ends[position]
            never = np.zeros(len(start), dtype=np.bool_)
            broken = {
                "windows": counting.outside_windows(problem, step, start, end),
                "forbidden_hours": counting.in_forbidden_hours(problem, step, start, end),
                "claims": counting.in_claims(problem, step, start, end),
                "warrants": counting.outside_warrants(problem, step, start, end),
                "calendars": away.get(position, never),
                "precedence": lags.get(position, never),
            }
            overruns = np.logical_or.reduce(list(broken.values()))
            late, late_start = counting.is_late(problem, step, end), start > step.start_minutes
            late_starts.append(late_start)
            told = {"late": late, "starts_late": late_start, "holds_up": next_ones.get(position, never)}
            for name, flags in {"overruns": overruns, **broken, **told}.items():
                self._mark("action", action, name, flags)
            self._mark("country", problem.host(action), "overruns", overruns)
            self._mark("plan", 0, "late", late)
            self._breach("overruns", overruns)
            self.sums["action", action] = float(np.sum(start - step.start_minutes))
        return late_starts

    def _outside_calendars(self) -> dict[int, Flags]:
        """By position, whether the action lasts beyond the availability of any of its units."""
        found: dict[int, Flags] = {}
        known: dict[tuple[int, object], Flags] = {}
        for day in self._network.days:
            unit = self._problem.units[day.unit]
            for position in day.positions:
                key = (position, unit.availability)
                if key not in known:
                    start, end = self._courses.starts[position], self._courses.ends[position]
                    step = self._network.steps[position]
                    known[key] = counting.outside(self._problem, step, unit.availability, start, end)
                flags = known[key]
                self._mark("unit", day.unit, "calendars", flags)
                self._mark("country", unit.owner, "units", flags)
                if flags.any():
                    found[position] = found[position] | flags if position in found else flags
        return found

    def _units(self, late_starts: list[Flags]) -> None:
        known: dict[object, Flags] = {}
        for day in self._network.days:
            unit = self._problem.units[day.unit]
            for position in day.positions:
                self._mark("unit", day.unit, "starts_late", late_starts[position])
            # Many units have the same day.
            key = (day.positions, day.ways, unit.duty)
            if key not in known:
                known[key] = counting.duty_too_long(self._problem, day, self._courses)
            self._mark("unit", day.unit, "duty_and_rest", known[key])
            self._mark("country", unit.owner, "units", known[key])
            self._breach("duty_and_rest", known[key])

    def _groups(self) -> None:
        for index, group in enumerate(self._problem.groups):
            flags = counting.apart(self._problem, group, self._network, self._courses)
            if flags is not None:
                self._mark("group", index, "simultaneity", flags)
                self._breach("simultaneity", flags)

    def _resources(self) -> None:
        for index, uses in self._network.uses.items():
            lacking = counting.shortage(self._problem, index, uses, self._network, self._courses, self._uncertainty)
            if lacking is None:
                continue
            short = lacking > 0
            self._mark("resource", index, "capacity", short)
            self._mark("country", self._problem.resources[index].country, "capacity", short)
            self._breach("capacity", short)
            self.sums["resource", index] = float(np.sum(lacking))
