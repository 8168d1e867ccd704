"""The variables and rules of a lagged project in CP-SAT."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from ortools.sat.python import cp_model

from solver.cpsat.lags.crews import Crew
from solver.network import Network, Schedule


class LagModel:
    """The project, or some of its actions alone, with all rules and the last end as a variable.

    Parameters
    ----------
    network
        The project and its distances.
    actions
        Those that the model has; lags to others are left out.
    last_end_slot
        No action ends later.
    crews
        Of these actions or more, see `solver.cpsat.lags.crews`.
    at_any_time
        Whether starts are counted from an instant that is open: then the project's first and last starts are left out,
        and units and capacities are taken to be there all the time that they ever are.
    fixed_teams
        Units that are given for some of the actions, one tuple per need.

    Attributes
    ----------
    starts
        Start variables by action.
    serving
        Literals by action, need and unit.
    end
        The last end.
    """

    def __init__(
        self,
        network: Network,
        actions: Iterable[int],
        last_end_slot: int,
        crews: Sequence[Crew] = (),
        *,
        at_any_time: bool = False,
        fixed_teams: Mapping[int, tuple[tuple[int, ...], ...]] | None = None,
    ) -> None:
        self.model = cp_model.CpModel()
        self.network = network
        self.project = project = network.project
        self.actions = tuple(actions)
        self.last_end_slot = last_end_slot
        self.starts: dict[int, cp_model.IntVar] = {}
        self.intervals: dict[int, cp_model.IntervalVar] = {}
        self.serving: dict[tuple[int, int, int], cp_model.IntVar] = {}
        self._at_any_time = at_any_time
        self._fixed_teams = fixed_teams or {}
        for action in self.actions:
            first, last = 0, last_end_slot - project.durations[action]
            if not at_any_time:
                first, last = network.first_starts[action], min(last, network.last_starts[action])
            self.starts[action] = self.model.new_int_var(first, max(first, last), f"start {action}")
            if last < first:
                self.model.add_bool_or([])
            self.intervals[action] = self.model.new_fixed_size_interval_var(
                self.starts[action], project.durations[action], f"action {action}"
            )
        self.end = self.model.new_int_var(0, last_end_slot, "end")
        for action in self.actions:
            self.model.add(self.end >= self.starts[action] + project.durations[action])
        self._keep_lags()
        self._keep_capacities()
        self._send_units()
        for crew in crews:
            users = [action for action in crew.demands if action in self.starts]
            amounts = [crew.demands[action] for action in users]
            if sum(amounts) > crew.size:
                self.model.add_cumulative([self.intervals[action] for action in users], amounts, crew.size)

    def _keep_lags(self) -> None:
        for arc in self.project.arcs:
            if arc.before in self.starts and arc.after in self.starts:
                self.model.add(self.starts[arc.after] >= self.starts[arc.before] + arc.lag_slots)

    def _keep_capacities(self) -> None:
        for resource, steps in enumerate(self.project.capacities):
            users = [action for action in self.actions if self.project.demands[action][resource]]
            amounts = [self.project.demands[action][resource] for action in users]
            most = max((capacity for _, capacity in steps), default=0)
            intervals = [self.intervals[action] for action in users]
            if not users:
                continue
            edges = [(0, 0), *steps, (self.last_end_slot, 0)] if not self._at_any_time else []
            for (from_slot, capacity), (until_slot, _) in pairwise(edges):
                low, high = max(from_slot, 0), min(until_slot, self.last_end_slot)
                if low < high and capacity < most:
                    # What is not there is used up by an interval of its own.
                    intervals.append(self.model.new_fixed_size_interval_var(low, high - low, ""))
                    amounts.append(most - capacity)
            if sum(amounts) > most:
                self.model.add_cumulative(intervals, amounts, most)

    def _send_units(self) -> None:
        busy: dict[int, list[cp_model.IntervalVar]] = {}
        for action in self.actions:
            team = self._fixed_teams.get(action)
            sent: dict[int, list[cp_model.IntVar]] = {}
            for number, need in enumerate(self.project.needs[action]):
                if team is not None:
                    for unit in team[number]:
                        busy.setdefault(unit, []).append(self.intervals[action])
                    continue
                literals = []
                for unit in need.units:
                    literal = self.model.new_bool_var(f"send {action} {number} {unit}")
                    self.serving[action, number, unit] = literal
                    sent.setdefault(unit, []).append(literal)
                    literals.append(literal)
                self.model.add(sum(literals) == need.count)
            for unit, ways in sent.items():
                if len(ways) == 1:
                    chosen = ways[0]
                else:
                    chosen = self.model.new_bool_var(f"send {action} {unit}")
                    self.model.add(sum(ways) == chosen)
                busy.setdefault(unit, []).append(
                    self.model.new_optional_fixed_size_interval_var(
                        self.starts[action], self.project.durations[action], chosen, ""
                    )
                )
        for unit, stints in busy.items():
            for from_slot, until_slot in () if self._at_any_time else self.project.away[unit]:
                stints.append(self.model.new_fixed_size_interval_var(from_slot, until_slot - from_slot, ""))
            self.model.add_no_overlap(stints)

    def hint(self, schedule: Schedule) -> None:
        """Begin from a plan."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for action, start in self.starts.items():
            self.model.add_hint(start, schedule.starts[action])
        for (action, need, unit), literal in self.serving.items():
            self.model.add_hint(literal, unit in schedule.teams[action][need])

    def read(self, solver: cp_model.CpSolver) -> tuple[dict[int, int], dict[int, tuple[tuple[int, ...], ...]]]:
        """Return starts and teams of the model's actions as solved."""
        teams: dict[int, tuple[tuple[int, ...], ...]] = {}
        for action in self.actions:
            teams[action] = self._fixed_teams.get(action) or tuple(
                tuple(unit for unit in need.units if solver.boolean_value(self.serving[action, number, unit]))
                for number, need in enumerate(self.project.needs[action])
            )
        return {action: solver.value(start) for action, start in self.starts.items()}, teams
