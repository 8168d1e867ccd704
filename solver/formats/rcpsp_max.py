"""RCPSP/max: one project with generalised time lags, in the files of ProGen/max (``.sch``).

C. Schwindt, "Generation of resource-constrained project scheduling problems subject to temporal constraints",
Technical Report WIOR-543, Universität Karlsruhe, 1998; the single-mode form.
"""

from __future__ import annotations

from dataclasses import dataclass

from solver.formats.lags import Lags, Net, precedences, reduced
from solver.formats.place import a_job, a_resource, at_one_place, checked_horizon
from solver.formats.rows import MOST_NUMBERS, Row, Rows, refuse
from solver.problem import Mode, Problem, Project, ResourceNeed
from solver.problem.limits import LARGEST_COST, LARGEST_SLOT
from solver.problem.problem import MOST_ACTIONS


@dataclass(frozen=True, slots=True)
class _Work:
    """An activity's line in the second part: where it stands, its duration and what it needs."""

    line: int
    duration_slots: int
    amounts: tuple[int, ...]


def read_rcpsp_max(file: str, text: bytes) -> Problem:
    """Return the problem of a ``.sch`` file: the goal `project_delay` is its makespan.

    Activity i is the action ``activity i``. The makespan is when the last activity ends, the last dummy included:
    where a lag to that dummy is longer than the activity, the dummy stays as the action ``sink`` of one slot, and the
    project's `least_slots` of 1 takes that slot off again. Lags that contradict one another are read as they are;
    the problem then has no plan. See `lags` for the horizon and for the form of the rest.

    Raises
    ------
    InvalidProblem
        With the file, the line, the value and the remedy.
    """
    rows = Rows(file, text)
    head = rows.next("the numbers of activities and resources")
    activities = head.integer(0, "the number of activities", 1, MOST_ACTIONS)
    resources = head.integer(1, "the number of renewable resources", 0, MOST_NUMBERS)
    for position in range(2, len(head.words)):
        head.integer(position, "the number of resources of other kinds, which this reader does not know,", 0, 0)
    lags: Lags = {}
    for number in range(activities + 2):
        _read_lags(rows, number, activities + 2, lags)
    works = [_read_work(rows, number, resources) for number in range(activities + 2)]
    _check_dummies(file, works)
    capacities: tuple[int, ...] = ()
    if resources:
        row = rows.next("the capacity of each resource")
        row.count(resources, "the capacity of each resource")
        capacities = row.integers(0, "a capacity", high=LARGEST_COST)
    end_line = rows.line
    rows.end()
    net = reduced([work.duration_slots for work in works], lags)
    checked_horizon(file, end_line, net.horizon_slots)
    return _problem(net, works, capacities)


def _problem(net: Net, works: list[_Work], capacities: tuple[int, ...]) -> Problem:
    actions = []
    for job in net.jobs:
        is_sink = job == len(works) - 1
        work = works[job]
        needs = tuple(
            ResourceNeed(resource, amount, 0, work.duration_slots)
            for resource, amount in enumerate(work.amounts)
            if amount
        )
        mode = Mode(1 if is_sink else work.duration_slots, resource_needs=needs)
        actions.append(a_job("sink" if is_sink else f"activity {job}", (mode,), net.windows[job]))
    resources = tuple(a_resource(f"R {number}", capacity) for number, capacity in enumerate(capacities, 1))
    projects = (Project("project", 0, 1 if net.keeps_sink else 0),)
    return at_one_place(net.horizon_slots, tuple(actions), precedences(net), projects, resources)


def _read_lags(rows: Rows, number: int, nodes: int, lags: Lags) -> None:
    """Read an activity's line in the first part: number, modes, successors, and a lag in brackets for each."""
    row = rows.next(f"the successors of activity {number}")
    _check_number(row, number)
    count = row.integer(2, "the number of successors", 0, nodes)
    row.count(3 + 2 * count, f"activity, modes, successors, {count} activities and {count} lags in brackets")
    for position in range(3, 3 + count):
        successor = row.integer(position, "a successor", 0, nodes - 1)
        word = row.words[position + count]
        if not (word.startswith("[") and word.endswith("]")):
            row.refuse("give each successor's lag in brackets, as in [-3]", word)
        inside = Row(row.file, row.line, (word[1:-1].strip(),))
        lag = inside.integer(0, "a lag", -LARGEST_SLOT, LARGEST_SLOT)
        pair = (number, successor)
        lags[pair] = max(lag, lags.get(pair, lag))


def _read_work(rows: Rows, number: int, resources: int) -> _Work:
    """Read an activity's line in the second part: number, mode, duration and an amount of each resource."""
    row = rows.next(f"duration and needs of activity {number}")
    _check_number(row, number)
    row.count(3 + resources, f"activity, mode, duration and {resources} amounts")
    duration_slots = row.integer(2, "the duration", 0, LARGEST_SLOT)
    amounts = row.integers(3, "an amount", 0, LARGEST_COST)
    if duration_slots == 0 and any(amounts):
        row.refuse("give a duration of at least 1: only an activity that needs nothing may take no time", 0)
    return _Work(row.line, duration_slots, amounts)


def _check_number(row: Row, number: int) -> None:
    if row.integer(0, "the activity's number") != number:
        row.refuse(f"give activity {number} here, the activities stand in order", row.words[0])
    row.integer(1, "the mode, of which each activity has one,", 1, 1)


def _check_dummies(file: str, works: list[_Work]) -> None:
    for work in (works[0], works[-1]):
        if work.duration_slots:
            refuse(file, work.line, work.duration_slots, "give the first and the last activity a duration of 0")
    if not any(work.duration_slots for work in works):
        refuse(file, works[-1].line, 0, "give at least one activity a duration")
