"""A second checker for RCPSP/max files (``.sch``), from the format's description alone.

A lag w from i to j says ``start(j) >= start(i) + w``. It shares no code with ``solver``.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from benchmarks.solver.verdict import Verdict, most_in_use

Plan = Mapping[int, int]
"""Start of each activity; activities that take no time may be left out."""


def check(path: Path, plan: Plan) -> Verdict:
    """Return the plan's makespan, the end of whatever ends last, or the first violation."""
    lines = [line.split() for line in path.read_text(encoding="latin-1").splitlines() if line.strip()]
    nodes, resources = int(lines[0][0]) + 2, int(lines[0][1])
    lags = []
    for words in lines[1 : 1 + nodes]:
        node, count = int(words[0]), int(words[2])
        weights = re.findall(r"\[\s*(-?\d+)\s*\]", " ".join(words[3 + count :]))
        lags += [(node, int(after), int(w)) for after, w in zip(words[3 : 3 + count], weights, strict=True)]
    works = [[int(word) for word in words] for words in lines[1 + nodes : 1 + 2 * nodes]]
    durations = [work[2] for work in works]
    # The last activity ends the project: it starts once all others have ended.
    lags += [(node, nodes - 1, durations[node]) for node in range(nodes - 1)]
    starts = _completed(plan, durations, lags)
    if starts is None:
        return Verdict(fault="no start of the activities that take no time keeps the lags")
    for node in range(nodes):
        if node not in starts:
            return Verdict(fault=f"activity {node} is missing")
        if starts[node] < 0:
            return Verdict(fault=f"activity {node} starts at {starts[node]}")
    for before, after, lag in lags:
        if starts[after] < starts[before] + lag:
            return Verdict(fault=f"activity {after} starts {starts[after] - starts[before]} after {before}, not {lag}")
    capacities = [int(word) for word in lines[1 + 2 * nodes]] if resources else []
    for position, capacity in enumerate(capacities):
        uses = [(work[3 + position], starts[work[0]], starts[work[0]] + work[2]) for work in works]
        most, since = most_in_use(uses)
        if most > capacity:
            return Verdict(fault=f"{most} of resource {position + 1} are used at {since}, {capacity} are there")
    return Verdict(max(starts[node] + durations[node] for node in range(nodes)))


def _completed(plan: Plan, durations: list[int], lags: list[tuple[int, int, int]]) -> dict[int, int] | None:
    """Return the plan with what takes no time at its earliest start; None when nothing settles."""
    starts = dict(plan)
    free = [node for node, duration in enumerate(durations) if duration == 0 and node not in plan]
    for node in free:
        starts[node] = 0
    for _ in range(len(free) + 1):
        changed = False
        for before, after, lag in lags:
            # The source, activity 0, is where time begins.
            if after in free and after and before in starts and starts[after] < starts[before] + lag:
                starts[after] = starts[before] + lag
                changed = True
        if not changed:
            return starts
    return None
