"""A second checker for multi-skill project files (``.dzn``), from their description alone.

Each activity needs so many workers for each skill, all different, from its start to its end. It shares no code with
``solver``.
"""

import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from benchmarks.solver.verdict import Verdict

Plan = Mapping[int, tuple[int, Mapping[int, tuple[int, ...]]]]
"""Start of each activity and its workers by skill, all numbered from 1; what takes no time may be left out."""


def check(path: Path, plan: Plan) -> Verdict:
    """Return the plan's makespan, or the first violation."""
    text = re.sub(r"%.*", "", path.read_text(encoding="latin-1"))
    durations = dict(enumerate(_numbers(text, "dur"), 1))
    required = _table(text, "sreq")
    mastery = _table(text, "mastery")
    fault = _of_teams(durations, required, mastery, plan)
    if fault is not None:
        return Verdict(fault=fault)
    starts = {activity: start for activity, (start, _) in plan.items()}
    arcs = list(zip(_numbers(text, "pred"), _numbers(text, "succ"), strict=True))
    # What is left out takes no time: the earliest start after all before it.
    for _ in durations:
        for before, after in arcs:
            if after not in plan:
                starts[after] = max(starts.get(after, 0), starts.get(before, 0) + durations[before])
    for before, after in arcs:
        if starts.get(after, 0) < starts.get(before, 0) + durations[before]:
            return Verdict(fault=f"activity {after} starts before activity {before} ends")
    return Verdict(max(starts[activity] + durations[activity] for activity in starts))


def _of_teams(durations: dict[int, int], required: list[list[str]], mastery: list[list[str]], plan: Plan) -> str | None:
    """Return the first fault of activities by themselves and of workers in two places at once."""
    busy: dict[int, list[tuple[int, int, int]]] = {}
    for activity, duration in durations.items():
        if activity not in plan:
            if duration:
                return f"activity {activity} is missing"
            continue
        start, workers_of = plan[activity]
        if start < 0:
            return f"activity {activity} starts at {start}"
        team = [worker for workers in workers_of.values() for worker in workers]
        if len(set(team)) != len(team):
            return f"activity {activity} has one worker twice"
        for skill, count in enumerate(required[activity - 1], 1):
            workers = workers_of.get(skill, ())
            if len(workers) != int(count):
                return f"activity {activity} has {len(workers)} workers for skill {skill} and needs {count}"
            for worker in workers:
                if mastery[worker - 1][skill - 1] != "true":
                    return f"worker {worker} does not master skill {skill}"
        for worker in team:
            busy.setdefault(worker, []).append((start, start + duration, activity))
    for worker, times in busy.items():
        times.sort()
        for (_, end, earlier), (start, _, later) in pairwise(times):
            if start < end:
                return f"worker {worker} serves activities {earlier} and {later} at once"
    return None


def _value(text: str, name: str) -> str:
    found = re.search(rf"\b{name}\s*=([^;]*);", text)
    if found is None:
        raise ValueError(f"the file has no {name}")
    return found.group(1)


def _numbers(text: str, name: str) -> list[int]:
    return [int(word) for word in re.findall(r"-?\d+", _value(text, name))]


def _table(text: str, name: str) -> list[list[str]]:
    rows = [re.findall(r"\w+", row) for row in _value(text, name).split("|")]
    return [row for row in rows if row]
