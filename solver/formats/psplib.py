"""PSPLIB: one project, single mode (``.sm``) and multi mode (``.mm``); the two share one grammar.

R. Kolisch and A. Sprecher, "PSPLIB - a project scheduling problem library", European Journal of Operational Research
96 (1997), 205-216.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from solver.formats.place import a_job, a_resource, at_one_place, checked_horizon
from solver.formats.precedences import end_to_start, without_knots
from solver.formats.rows import MOST_NUMBERS, Row, Rows, refuse
from solver.problem import Mode, Problem, Project, ResourceNeed
from solver.problem.limits import LARGEST_COST, LARGEST_SLOT
from solver.problem.problem import MOST_ACTIONS


@dataclass(frozen=True, slots=True)
class Way:
    """One mode of a job as the file has it: its number, its slots and what it needs of every resource."""

    number: int
    duration_slots: int
    amounts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """A job as the file has it; `line` is where its successors stand."""

    line: int
    successors: tuple[int, ...]
    ways: tuple[Way, ...]

    def is_knot(self) -> bool:
        """Whether it takes no time, as the first and the last job do."""
        return self.ways[0].duration_slots == 0


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """What a ``.sm`` or ``.mm`` file says.

    Parameters
    ----------
    file
        Its name.
    jobs
        By number, from 1, in this order.
    capacities
        Of the renewable and then of the nonrenewable resources.
    renewable_count
        How many of them are renewable.
    release_slot
        Before which no job may start.
    capacity_line
        Where the capacities stand.
    """

    file: str
    jobs: dict[int, Job]
    capacities: tuple[int, ...]
    renewable_count: int
    release_slot: int
    capacity_line: int

    def resource_name(self, position: int) -> str:
        """Return what the file calls resource `position`, for example ``R 1`` or ``N 2``."""
        nonrenewable = position - self.renewable_count
        return f"N {nonrenewable + 1}" if nonrenewable >= 0 else f"R {position + 1}"

    def longest_slots(self) -> int:
        """Return the sum of the jobs' longest durations: within that many slots some best plan ends."""
        return sum(max(way.duration_slots for way in job.ways) for job in self.jobs.values())

    def real_jobs(self) -> dict[int, Job]:
        """Return the jobs that take time."""
        return {number: job for number, job in self.jobs.items() if not job.is_knot()}

    def pairs(self) -> list[tuple[int, int]]:
        """Return which real jobs follow one another; a cycle is refused with its line."""
        successors = {number: job.successors for number, job in self.jobs.items()}
        knots = [number for number, job in self.jobs.items() if job.is_knot()]
        return without_knots(successors, knots, self._refuse)

    def _refuse(self, job: int, value: str, remedy: str) -> NoReturn:
        refuse(self.file, self.jobs[job].line, value, remedy)


def read_psplib(file: str, text: bytes) -> Problem:
    """Return the problem of a ``.sm`` or ``.mm`` file: the goal `project_delay` is its makespan, counted from slot 0.

    Job j is the action ``job j``, its modes in the file's order under the file's numbers. The horizon is the release
    date and the longest durations of all jobs: where no job runs in a slot after the release, all that comes later
    could come earlier.

    Raises
    ------
    InvalidProblem
        With the file, the line, the value and the remedy.
    """
    project = parse_psplib(file, text)
    horizon_slots = checked_horizon(file, project.capacity_line, project.release_slot + project.longest_slots())
    resources = tuple(
        a_resource(project.resource_name(position), capacity, renewable=position < project.renewable_count)
        for position, capacity in enumerate(project.capacities)
    )
    window = (project.release_slot, horizon_slots)
    jobs = project.real_jobs()
    return at_one_place(
        horizon_slots,
        tuple(a_job(f"job {number}", modes_of(job, range(len(resources))), window) for number, job in jobs.items()),
        end_to_start(project.pairs(), {number: action for action, number in enumerate(jobs)}),
        (Project("project"),),
        resources,
    )


def modes_of(job: Job, resource_of: range | list[int]) -> tuple[Mode, ...]:
    """Return the job's modes; `resource_of` gives the index in the problem of each of the file's resources."""
    return tuple(
        Mode(
            way.duration_slots,
            resource_needs=tuple(
                ResourceNeed(resource_of[position], amount, 0, way.duration_slots)
                for position, amount in enumerate(way.amounts)
                if amount
            ),
            name=f"mode {way.number}",
        )
        for way in job.ways
    )


def parse_psplib(file: str, text: bytes) -> ProjectFile:
    """Return what the file says, every number checked; raises as `read_psplib` does, cycles aside."""
    rows = Rows(file, text)
    head = _head(rows)
    net = [_net_row(rows, number, head.jobs) for number in range(1, head.jobs + 1)]
    _heading(rows, "REQUESTS/DURATIONS", "jobnr.")
    resources = head.renewable + head.nonrenewable
    jobs = {
        number: Job(line, successors, _ways(rows, number, mode_count, resources))
        for number, (line, mode_count, successors) in enumerate(net, 1)
    }
    if all(job.is_knot() for job in jobs.values()):
        refuse(file, rows.line, f"{head.jobs} jobs", "give at least one job with a duration")
    _heading(rows, "RESOURCEAVAILABILITIES", *(("R", "N") if resources else ()))
    capacities: tuple[int, ...] = ()
    if resources:
        row = rows.next("the capacity of each resource")
        row.count(resources, "the capacity of each resource")
        capacities = row.integers(0, "a capacity", high=LARGEST_COST)
    capacity_line = rows.line
    rows.end()
    return ProjectFile(file, jobs, capacities, head.renewable, head.release_slot, capacity_line)


@dataclass(slots=True)
class _Head:
    jobs: int
    renewable: int
    nonrenewable: int
    release_slot: int


_LABELS = {
    "projects": re.compile(r"projects"),
    "jobs": re.compile(r"jobs\b.*"),
    "renewable": re.compile(r"-\s*renewable"),
    "nonrenewable": re.compile(r"-\s*nonrenewable"),
    "doubly constrained": re.compile(r"-\s*doubly constrained"),
}
_MOST = {"projects": 1, "jobs": MOST_ACTIONS, "doubly constrained": 0}


def _head(rows: Rows) -> _Head:
    """Read all before the net: how many jobs and resources, and the release date."""
    told: dict[str, int] = {}
    release_slot = 0
    while True:
        row = rows.next("the head of the file, which ends with PRECEDENCE RELATIONS:")
        text = str(row)
        if text.upper().startswith("PRECEDENCE RELATIONS"):
            break
        if text.startswith("pronr."):
            release_slot = rows.next("the project's number, jobs and release date").integer(2, "the release date")
            continue
        label, colon, value = text.partition(":")
        for name, pattern in _LABELS.items():
            if colon and pattern.fullmatch(label.strip()):
                words = tuple(value.split())
                told[name] = Row(row.file, row.line, words).integer(
                    0, f"the number of {name}", 1 if name in ("projects", "jobs") else 0, _MOST.get(name, MOST_NUMBERS)
                )
    for name in ("jobs", "renewable", "nonrenewable"):
        if name not in told:
            row.refuse(f"tell the number of {name} in a line above this one")
    heading = rows.next("the heading of the net, jobnr. #modes #successors")
    if not str(heading).startswith("jobnr."):
        heading.refuse("give the heading jobnr. #modes #successors successors")
    return _Head(told["jobs"], told["renewable"], told["nonrenewable"], release_slot)


def _net_row(rows: Rows, number: int, jobs: int) -> tuple[int, int, tuple[int, ...]]:
    """Read a job's line in the net: where it stands, how many modes, and the successors."""
    row = rows.next(f"the successors of job {number}")
    if row.integer(0, "the job's number") != number:
        row.refuse(f"give job {number} here, the jobs stand in order", row.words[0])
    mode_count = row.integer(1, "the number of modes", 1, MOST_NUMBERS)
    count = row.integer(2, "the number of successors", 0, jobs)
    row.count(3 + count, f"job, modes, successors and {count} jobs")
    successors = row.integers(3, "a successor", 1, jobs)
    return row.line, mode_count, successors


def _ways(rows: Rows, number: int, mode_count: int, resources: int) -> tuple[Way, ...]:
    """Read a job's modes: its first line begins with the job, the others with the mode."""
    ways = []
    for mode in range(1, mode_count + 1):
        row = rows.next(f"mode {mode} of job {number}")
        skipped = 0
        if mode == 1:
            if row.integer(0, "the job's number") != number:
                row.refuse(f"give mode 1 of job {number} here, the jobs stand in order", row.words[0])
            skipped = 1
        row.count(skipped + 2 + resources, f"mode {mode} of job {number}, its duration and {resources} amounts")
        if row.integer(skipped, "the mode's number") != mode:
            row.refuse(f"give mode {mode} of job {number} here, the modes stand in order", row.words[skipped])
        duration_slots = row.integer(skipped + 1, "the duration", 0, LARGEST_SLOT)
        amounts = row.integers(skipped + 2, "an amount", 0, LARGEST_COST)
        if duration_slots == 0 and (any(amounts) or mode_count > 1):
            row.refuse("give a duration of at least 1: only a job of one mode that needs nothing may take no time", 0)
        ways.append(Way(mode, duration_slots, amounts))
    return tuple(ways)


def _heading(rows: Rows, title: str, *columns: str) -> None:
    """Pass over a title and the line with the columns' names."""
    row = rows.next(f"the title {title}:")
    # Some libraries write RESOURCE AVAILABILITIES.
    if not str(row).upper().replace(" ", "").startswith(title):
        row.refuse(f"give the title {title}: here, after what was counted in the head")
    if columns:
        row = rows.next("the names of the columns")
        if not str(row).startswith(columns):
            row.refuse(f"give the names of the columns, beginning with {' or '.join(columns)}")
