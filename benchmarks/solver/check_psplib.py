"""A second checker for PSPLIB's ``.sm`` and ``.mm`` files, from their description alone.

It takes a well-formed file as it comes and shares no code with ``solver``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.solver.verdict import Verdict, Violation, most_in_use

Plan = Mapping[int, tuple[int, int]]
"""Start and mode (as the file numbers it) of each job; jobs that take no time may be left out."""


@dataclass(frozen=True, slots=True)
class Project:
    """A file's content: successors, modes as (duration, amounts), capacities, how many of them come back, release."""

    successors: dict[int, list[int]]
    modes: dict[int, dict[int, tuple[int, list[int]]]]
    capacities: list[int]
    renewable: int
    release: int


def check(path: Path, plan: Plan) -> Verdict:
    """Return the plan's makespan, from time 0, or the first violation."""
    try:
        project = parse(path)
        whole = completed(project, plan, project.release)
        check_jobs(project, whole, project.release, "")
        for position, capacity in enumerate(project.capacities):
            check_amount(uses(project, whole, position), capacity, position < project.renewable, f"{position + 1}")
    except Violation as violation:
        return Verdict(fault=str(violation))
    return Verdict(last_end(project, whole))


def parse(path: Path) -> Project:
    """Return the content of a ``.sm`` or ``.mm`` file."""
    lines = path.read_text(encoding="latin-1").splitlines()
    labels = [line.split(":")[0].strip() for line in lines]
    below = {label: number for number, label in enumerate(labels) if ":" in lines[number]}
    titles = {label.replace(" ", ""): number for number, label in enumerate(labels) if label.isupper()}
    head = {label: lines[number].split(":")[1].split() for label, number in below.items()}
    count = next(int(words[0]) for label, words in head.items() if label.startswith("jobs"))
    renewable = next(int(words[0]) for label, words in head.items() if label.endswith("- renewable"))
    successors: dict[int, list[int]] = {}
    first = titles["PRECEDENCERELATIONS"] + 2
    for line in lines[first : first + count]:
        job, _modes, how_many, *after = (int(word) for word in line.split())
        successors[job] = after[:how_many]
    modes: dict[int, dict[int, tuple[int, list[int]]]] = {}
    job = 0
    width = len(lines[titles["RESOURCEAVAILABILITIES"] + 2].split())
    for line in lines[titles["REQUESTS/DURATIONS"] + 3 :]:
        if line.startswith("*"):
            break
        numbers = [int(word) for word in line.split()]
        if len(numbers) == width + 3:
            job = numbers.pop(0)
        modes.setdefault(job, {})[numbers[0]] = (numbers[1], numbers[2:])
    capacities = [int(word) for word in lines[titles["RESOURCEAVAILABILITIES"] + 2].split()]
    about = next((number for number, line in enumerate(lines) if line.startswith("pronr.")), None)
    release = 0 if about is None else int(lines[about + 1].split()[2])
    return Project(successors, modes, capacities, renewable, release)


def completed(project: Project, plan: Plan, release: int) -> dict[int, tuple[int, int]]:
    """Return the plan with each job that was left out at the end of those before it; they must take no time.

    Raises Violation when one does, or when the plan names a job or mode that is not in the file.
    """
    for job, (_, mode) in plan.items():
        if mode not in project.modes.get(job, {}):
            raise Violation(f"job {job} has no mode {mode}" if job in project.modes else f"there is no job {job}")
    whole = dict(plan)
    before: dict[int, list[int]] = {job: [] for job in project.successors}
    for job, after in project.successors.items():
        for successor in after:
            before[successor].append(job)
    left_out = [job for job in project.successors if job not in whole]
    while left_out:
        ready = [job for job in left_out if all(earlier in whole for earlier in before[job])]
        if not ready:
            raise Violation(f"jobs {left_out} wait for one another")
        for job in ready:
            if project.modes[job] != {1: (0, [0] * len(project.capacities))}:
                raise Violation(f"job {job} is missing")
            whole[job] = (max((end(project, whole, earlier) for earlier in before[job]), default=release), 1)
        left_out = [job for job in left_out if job not in whole]
    return whole


def check_jobs(project: Project, plan: Plan, release: int, prefix: str) -> None:
    """Raise Violation when a job starts before the release or before a predecessor ends."""
    for job, (start, _) in plan.items():
        if start < release:
            raise Violation(f"{prefix}job {job} starts at {start}, before {release}")
    for job, after in project.successors.items():
        for successor in after:
            if plan[successor][0] < end(project, plan, job):
                raise Violation(f"{prefix}job {successor} starts before job {job} ends")


def uses(project: Project, plan: Plan, position: int) -> list[tuple[int, int, int]]:
    """Return each job's use of a resource as (amount, from, until)."""
    return [
        (project.modes[job][mode][1][position], start, end(project, plan, job)) for job, (start, mode) in plan.items()
    ]


def check_amount(used: list[tuple[int, int, int]], capacity: int, is_renewable: bool, name: str) -> None:
    """Raise Violation when more is used than there is: at once of what comes back, in all of what does not."""
    most, since = most_in_use(used) if is_renewable else (sum(amount for amount, _, _ in used), 0)
    if most > capacity:
        when = f" at {since}" if is_renewable else " in all"
        raise Violation(f"{most} of resource {name} are used{when}, {capacity} are there")


def end(project: Project, plan: Plan, job: int) -> int:
    """Return when a job ends."""
    start, mode = plan[job]
    return start + project.modes[job][mode][0]


def last_end(project: Project, plan: Plan) -> int:
    """Return when the last job ends."""
    return max(end(project, plan, job) for job in plan)
