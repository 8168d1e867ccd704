"""The plain model: the problem put to CP-SAT as a textbook puts it, without hints, search of its own or decomposition.

``python -m benchmarks.solver.peers.plain --seconds S --workers W --seed N`` reads a problem whose actions are all
mandatory and at one site, as public instances have them.
"""

import argparse
import json
import sys
from typing import Any

from ortools.sat.python import cp_model

from solver import Anchor, Outcome, Problem, problem_from_json

_OUTCOMES = {
    cp_model.OPTIMAL: Outcome.OPTIMAL,
    cp_model.FEASIBLE: Outcome.FEASIBLE,
    cp_model.INFEASIBLE: Outcome.INFEASIBLE,
}


class _Model:
    """Starts, ends and presences of modes and units, and the constraints on them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.model = cp_model.CpModel()
        self.starts: list[Any] = []
        self.ends: list[Any] = []
        self.modes: list[list[Any]] = []
        self.sent: dict[tuple[int, int, int, int], Any] = {}
        self._uses: dict[int, list[tuple[Any, Any, int]]] = {}
        self._stints: dict[int, list[Any]] = {}
        for index in range(len(problem.actions)):
            self._add_action(index)
        self._add_resources()
        for stints in self._stints.values():
            self.model.add_no_overlap(stints)
        self._add_precedences()
        self.delay = self._add_delay()
        self.model.minimize(self.delay)

    def _add_action(self, index: int) -> None:
        action = self.problem.actions[index]
        # No window means never: no mode fits into no time.
        windows = [[window.start_slot, window.end_slot] for window in action.windows] or [[0, 0]]
        domain = cp_model.Domain.from_intervals(windows)
        start = self.model.new_int_var_from_domain(domain, f"start {index}")
        end = self.model.new_int_var_from_domain(domain, f"end {index}")
        presences = []
        for number, mode in enumerate(action.modes):
            present = self.model.new_bool_var(f"mode {index} {number}")
            interval = self.model.new_optional_interval_var(
                start, mode.duration_slots, end, present, f"interval {index} {number}"
            )
            presences.append(present)
            for need in mode.resource_needs:
                self._uses.setdefault(need.resource, []).append((interval, present, need.amount))
            self._add_units(index, number, start, end, present)
        self.model.add_exactly_one(presences)
        self.starts.append(start)
        self.ends.append(end)
        self.modes.append(presences)

    def _add_units(self, index: int, number: int, start: Any, end: Any, present: Any) -> None:
        mode = self.problem.actions[index].modes[number]
        by_unit: dict[int, list[Any]] = {}
        for position, need in enumerate(mode.unit_needs):
            team = []
            for unit, candidate in enumerate(self.problem.units):
                if candidate.kind == need.kind and set(need.skills) <= set(candidate.skills):
                    sent = self.model.new_bool_var(f"sent {index} {number} {position} {unit}")
                    self.sent[index, number, position, unit] = sent
                    team.append(sent)
                    by_unit.setdefault(unit, []).append(sent)
            self.model.add(sum(team) == need.count * present)
        for unit, roles in by_unit.items():
            busy = self.model.new_bool_var(f"busy {index} {number} {unit}")
            self.model.add(sum(roles) == busy)
            self._stints.setdefault(unit, []).append(
                self.model.new_optional_interval_var(
                    start, mode.duration_slots, end, busy, f"stint {index} {number} {unit}"
                )
            )

    def _add_resources(self) -> None:
        for index, uses in self._uses.items():
            resource = self.problem.resources[index]
            capacity = resource.steps[0].capacity
            if resource.renewable:
                self.model.add_cumulative([use[0] for use in uses], [use[2] for use in uses], capacity)
            else:
                self.model.add(sum(present * amount for _, present, amount in uses) <= capacity)

    def _add_precedences(self) -> None:
        for precedence in self.problem.precedences:
            anchors = self.starts if precedence.anchor is Anchor.START else self.ends
            lag = self.starts[precedence.after] - anchors[precedence.before]
            self.model.add(lag >= precedence.min_lag_slots)
            if precedence.max_lag_slots is not None:
                self.model.add(lag <= precedence.max_lag_slots)

    def _add_delay(self) -> Any:
        delays = []
        for index, project in enumerate(self.problem.projects):
            delay = self.model.new_int_var(0, self.problem.horizon_slots, f"delay {index}")
            for number, action in enumerate(self.problem.actions):
                if action.project == index:
                    self.model.add(delay >= self.ends[number] - project.release_slot - project.least_slots)
            delays.append(delay)
        return sum(delays)

    def placements(self, solver: cp_model.CpSolver) -> list[dict[str, Any]]:
        """Return the plan as our text format writes it."""
        plan = []
        for index, action in enumerate(self.problem.actions):
            mode = next(number for number, present in enumerate(self.modes[index]) if solver.value(present))
            units = [
                [
                    unit
                    for unit in range(len(self.problem.units))
                    if (index, mode, position, unit) in self.sent
                    and solver.value(self.sent[index, mode, position, unit])
                ]
                for position in range(len(action.modes[mode].unit_needs))
            ]
            start = solver.value(self.starts[index])
            plan.append({"action": index, "mode": mode, "start_slot": start, "units": units})
        return plan


class _Teller(cp_model.CpSolverSolutionCallback):
    """Writes each better value with its time."""

    def on_solution_callback(self) -> None:
        """Write the value of the solution that was just found."""
        found = {"missing_mandatory": 0, "project_delay": round(self.objective_value)}
        print(json.dumps({"event": "progress", "elapsed_seconds": self.wall_time, "score": found}), flush=True)


def main() -> None:
    """Read the problem, solve it and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    built = _Model(problem_from_json(sys.stdin.buffer.read()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = options.seconds
    solver.parameters.num_workers = options.workers
    solver.parameters.random_seed = options.seed
    status = solver.solve(built.model, _Teller())
    outcome = _OUTCOMES.get(status, Outcome.OUT_OF_TIME)
    has_plan = outcome in (Outcome.OPTIMAL, Outcome.FEASIBLE)
    placements = built.placements(solver) if has_plan else []
    print(json.dumps({"event": "result", "solution": {"outcome": outcome.value, "placements": placements}}))


if __name__ == "__main__":
    main()
