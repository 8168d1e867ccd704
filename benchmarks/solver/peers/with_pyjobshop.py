"""PyJobShop on the same problem: L. Lan and J. Berkhout, "PyJobShop: solving scheduling problems with constraint
programming in Python", 2025; <https://pyjobshop.org>.

``python -m benchmarks.solver.peers.with_pyjobshop --seconds S --workers W --seed N`` runs in the virtual environment of
requirements/bench.lock. PyJobShop does not choose workers by skill: problems with units are not for it.
"""

import argparse
import json
import sys
from typing import Any

from pyjobshop import Model, SolveStatus

_OUTCOMES = {
    SolveStatus.OPTIMAL: "OPTIMAL",
    SolveStatus.FEASIBLE: "FEASIBLE",
    SolveStatus.INFEASIBLE: "INFEASIBLE",
}


def _built(problem: dict[str, Any]) -> tuple[Any, list[list[Any]]]:
    """Return PyJobShop's model, and the modes of each action in it."""
    model = Model()
    resources = []
    for resource in problem["resources"]:
        capacity = resource["steps"][0][1]
        add = model.add_renewable if resource["renewable"] else model.add_consumable
        resources.append(add(capacity=capacity, name=resource["name"]))
    jobs = [
        model.add_job(due_date=project["release_slot"] + project["least_slots"], name=project["name"])
        for project in problem["projects"]
    ]
    tasks: list[Any] = []
    modes: list[list[Any]] = []
    for action in problem["actions"]:
        # No window means never: no task fits into no time.
        window = action["windows"][0] if action["windows"] else (0, 0)
        task = model.add_task(
            job=jobs[action["project"]], earliest_start=window[0], latest_end=window[1], name=action["name"]
        )
        tasks.append(task)
        modes.append([])
        for mode in action["modes"]:
            needs = mode["resource_needs"]
            used = [resources[need["resource"]] for need in needs]
            amounts = [need["amount"] for need in needs]
            modes[-1].append(model.add_mode(task, used, mode["duration_slots"], amounts))
    for precedence in problem["precedences"]:
        before, after = tasks[precedence["before"]], tasks[precedence["after"]]
        is_start = precedence["anchor"] == "START"
        forth = model.add_start_before_start if is_start else model.add_end_before_start
        back = model.add_start_before_start if is_start else model.add_start_before_end
        forth(before, after, precedence["min_lag_slots"])
        if precedence["max_lag_slots"] is not None:
            back(after, before, -precedence["max_lag_slots"])
    if len(jobs) == 1 and jobs[0].due_date == 0:
        model.set_objective(weight_makespan=1)
    else:
        model.set_objective(weight_total_tardiness=1)
    return model, modes


def main() -> None:
    """Read the problem, solve it and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    problem = json.load(sys.stdin)["problem"]
    model, modes = _built(problem)
    result = model.solve(
        solver="ortools",
        time_limit=options.seconds,
        display=False,
        num_workers=options.workers,
        random_seed=options.seed,
    )
    outcome = _OUTCOMES.get(result.status, "OUT_OF_TIME")
    placements = []
    if outcome in ("OPTIMAL", "FEASIBLE"):
        position_of = {id(mode): position for position, mode in enumerate(model.modes)}
        for action, (choices, task) in enumerate(zip(modes, result.best.tasks, strict=True)):
            chosen = [position_of[id(mode)] for mode in choices].index(task.mode)
            placements.append({"action": action, "mode": chosen, "start_slot": task.start, "units": []})
    print(json.dumps({"event": "result", "solution": {"outcome": outcome, "placements": placements}}), flush=True)


if __name__ == "__main__":
    main()
