"""Solving with an eye on whether it is still wanted."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ortools.sat.python import cp_model

WATCH_SECONDS = 0.05


def solve_watched(solver: cp_model.CpSolver, model: cp_model.CpModel, over: Callable[[], bool]) -> int:
    """Solve in a thread of its own and return CP-SAT's status.

    The caller's signals and stop flag are served while C++ computes: `over` is asked twenty times a second, and once
    it says so, the search is stopped. CP-SAT by itself would take SIGINT away from the caller, and end the process.
    """
    solver.parameters.catch_sigint_signal = False
    results: list[int] = []
    thread = threading.Thread(target=lambda: results.append(int(solver.solve(model))), daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(WATCH_SECONDS)
        if over():
            solver.stop_search()
    return results[0]
