"""A second checker for MISTA 2013 files, from the challenge's description alone.

Its total project delay (TPD) is the sum, over projects, of the time from release to the end of the last job less the
critical path duration; its total makespan (TMS) runs from the first release to the last end. It shares no code with
``solver``.
"""

from collections.abc import Mapping
from pathlib import Path

from benchmarks.solver.check_psplib import check_amount, check_jobs, completed, last_end, parse, uses
from benchmarks.solver.verdict import Verdict, Violation

Plan = Mapping[tuple[int, int], tuple[int, int]]
"""Start and mode of each job by project and job, both numbered from 1; jobs that take no time may be left out."""


def check(path: Path, plan: Plan) -> Verdict:
    """Return the plan's total project delay (and makespan), or the first violation."""
    words = path.read_text(encoding="latin-1").split("\n")
    lines = [line.strip() for line in words if line.strip()]
    count = int(lines[0])
    heads = [lines[1 + 3 * number : 4 + 3 * number] for number in range(count)]
    shared = [int(word) for word in lines[2 + 3 * count].split()]
    releases = [int(head[0]) for head in heads]
    projects = [parse(path.parent / head[2].replace("\\", "/")) for head in heads]
    unknown = {project for project, _ in plan if not 1 <= project <= count}
    if unknown:
        return Verdict(fault=f"projects {sorted(unknown)} are not in the file")
    delay = 0
    together: list[list[tuple[int, int, int]]] = [[] for _ in shared]
    ends = []
    try:
        for number, project in enumerate(projects, 1):
            release = releases[number - 1]
            whole = completed(project, {job: at for (owner, job), at in plan.items() if owner == number}, release)
            check_jobs(project, whole, release, f"project {number}: ")
            for position, capacity in enumerate(shared):
                used = uses(project, whole, position)
                if capacity == -1:
                    name = f"{position + 1} of project {number}"
                    check_amount(used, project.capacities[position], position < project.renewable, name)
                else:
                    together[position].extend(used)
            ends.append(last_end(project, whole))
            delay += max(0, ends[-1] - release - int(heads[number - 1][1]))
        for position, capacity in enumerate(shared):
            if capacity != -1:
                is_renewable = position < projects[0].renewable
                check_amount(together[position], capacity, is_renewable, f"{position + 1} of all projects")
    except Violation as violation:
        return Verdict(fault=str(violation))
    return Verdict(delay, makespan=max(ends) - min(releases))
