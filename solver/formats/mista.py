"""MISTA 2013: several multi-mode projects that share resources; the total project delay first, then the makespan.

T. Wauters, J. Kinable, P. Smet, W. Vancroonenburg, G. Vanden Berghe and J. Verstichel, "The multi-mode
resource-constrained multi-project scheduling problem: the MISTA 2013 challenge", Journal of Scheduling 19 (2016),
271-283.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from solver.formats.place import a_job, a_resource, at_one_place, checked_horizon
from solver.formats.precedences import end_to_start
from solver.formats.psplib import ProjectFile, modes_of, parse_psplib
from solver.formats.rows import MOST_NUMBERS, Row, Rows
from solver.problem import Action, Precedence, Problem, Project, Resource
from solver.problem.limits import LARGEST_COST
from solver.problem.problem import MOST_ACTIONS

LOCAL = -1
"""In the row of shared capacities: each project has its own, which its file tells."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One project: when it is released, how long its critical path is, and what its file says."""

    row: Row
    release_slot: int
    least_slots: int
    content: ProjectFile


def read_mista(file: str, text: bytes, fetch: Callable[[str], bytes]) -> Problem:
    """Return the problem of a challenge file and of the ``.mm`` files that it names, relative to it.

    Job j of project p (from 1) is the action ``project p, job j``. A project's `least_slots` is the file's critical
    path duration, so that the goal `project_delay` is the total project delay and `makespan` the total makespan. A
    mode may need more of a shared resource than there is (instances A-4 and B-1 have such): it stays in the problem,
    and no plan can use it. The horizon is the latest release and the longest durations of all jobs, as in `psplib`.

    Parameters
    ----------
    file
        Its name.
    text
        Its bytes.
    fetch
        Gives the bytes of a file that it names, relative to it; raises OSError where it cannot be read.

    Raises
    ------
    InvalidProblem
        With the file, the line, the value and the remedy; a file that cannot be read is told where it is named.
    """
    rows = Rows(file, text)
    parts = _parts(rows, fetch)
    shared = _shared_capacities(rows)
    for part in parts:
        _check_resources(part, shared)
    latest_slot = max(part.release_slot for part in parts)
    horizon_slots = checked_horizon(file, rows.line, latest_slot + sum(part.content.longest_slots() for part in parts))
    resources, resource_of = _resources(parts, shared)
    actions: list[Action] = []
    precedences: list[Precedence] = []
    for project, part in enumerate(parts):
        action_of: dict[int, int] = {}
        for number, job in part.content.real_jobs().items():
            action_of[number] = len(actions)
            name = f"project {project + 1}, job {number}"
            window = (part.release_slot, horizon_slots)
            actions.append(a_job(name, modes_of(job, resource_of[project]), window, project))
        precedences.extend(end_to_start(part.content.pairs(), action_of))
    projects = tuple(
        Project(f"project {number}", part.release_slot, part.least_slots) for number, part in enumerate(parts, 1)
    )
    return at_one_place(horizon_slots, tuple(actions), tuple(precedences), projects, tuple(resources))


def _parts(rows: Rows, fetch: Callable[[str], bytes]) -> list[_Part]:
    """Read the projects, each with the file that it names."""
    row = rows.next("the number of projects")
    row.count(1, "the number of projects")
    known: dict[str, ProjectFile] = {}
    parts: list[_Part] = []
    jobs = 0
    for number in range(1, row.integer(0, "the number of projects", 1, MOST_NUMBERS) + 1):
        release, least, naming = (
            rows.next(f"the {what} of project {number}")
            for what in ("release date", "critical path duration", "file name")
        )
        release.count(1, f"the release date of project {number}")
        least.count(1, f"the critical path duration of project {number}")
        # Lines from other systems name folders with backslashes.
        name = str(naming).replace("\\", "/")
        if name not in known:
            known[name] = _named(name, naming, fetch)
        jobs += len(known[name].jobs)
        if jobs > MOST_ACTIONS:
            naming.refuse(f"name files that have at most {MOST_ACTIONS} jobs together, with this one they have {jobs}")
        parts.append(_Part(naming, release.integer(0, "a release date"), least.integer(0, "a duration"), known[name]))
    return parts


def _named(name: str, naming: Row, fetch: Callable[[str], bytes]) -> ProjectFile:
    try:
        text = fetch(name)
    except OSError as fault:
        naming.refuse(f"name a file that can be read, relative to this one ({fault.strerror or 'no such file'})")
    except ValueError:
        naming.refuse("name a file; this is no name of one")
    return parse_psplib(name, text)


def _shared_capacities(rows: Rows) -> tuple[int, ...]:
    """Read the last two lines: how many resources a project has, and what of them is shared."""
    count_row = rows.next("the number of resources")
    count_row.count(1, "the number of resources")
    count = count_row.integer(0, "the number of resources", 0, MOST_NUMBERS)
    shared: tuple[int, ...] = ()
    if count:
        row = rows.next("the capacity of each resource, -1 where it is each project's own")
        row.count(count, "the capacity of each resource, -1 where it is each project's own")
        shared = row.integers(0, "a capacity", LOCAL, LARGEST_COST)
    rows.end()
    return shared


def _check_resources(part: _Part, shared: tuple[int, ...]) -> None:
    """Refuse a project with other resources than the challenge file counts."""
    if len(part.content.capacities) != len(shared):
        part.row.refuse(
            f"name a file with {len(shared)} resources, as the end of this file counts them; "
            f"it has {len(part.content.capacities)}"
        )


def _resources(parts: list[_Part], shared: tuple[int, ...]) -> tuple[list[Resource], list[list[int]]]:
    """Return all resources, and for each project the index of each of its own among them."""
    resources: list[Resource] = []
    resource_of: list[list[int]] = [[] for _ in parts]
    found: dict[tuple[int, bool], int] = {}
    for project, part in enumerate(parts):
        for position, capacity in enumerate(shared):
            renewable = position < part.content.renewable_count
            name = part.content.resource_name(position)
            if capacity == LOCAL:
                resource_of[project].append(len(resources))
                local = part.content.capacities[position]
                resources.append(a_resource(f"project {project + 1}, {name}", local, renewable=renewable))
                continue
            if (position, not renewable) in found:
                part.row.refuse(f"name files in which resource {position + 1}, which is shared, is of one kind")
            if (position, renewable) not in found:
                found[position, renewable] = len(resources)
                resources.append(a_resource(f"shared {name}", capacity, renewable=renewable))
            resource_of[project].append(found[position, renewable])
    return resources, resource_of
