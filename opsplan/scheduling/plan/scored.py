"""A plan's score in the graph's words: goals in their strict order, in people's units, and the parts they sum up."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.problem.index import Index
from solver import PartOf, Parts, Placement, Problem, Solution, parts

GOALS = ("missing_mandatory", "placed_weight", "victims", "changes", "lateness", "cost", "burden_permille")
"""The goals of an operation in their strict order; the solver's goals of projects are not among them."""

MORE_IS_BETTER = frozenset({"placed_weight", "victims"})

CHANGES = "changes"
"""The goal that only schedules have that keep to an earlier plan."""

Number = int | float

_FINE = 6
"""Decimal places of costs that are compared, so that parts sum to their difference."""


def goals_as_json(solution: Solution, problem: Problem, index: Index) -> list[dict[str, Any]]:
    """Give each goal with its value and its proven bound (null while nothing is proven).

    Changes are no goal of a schedule that was not to keep to an earlier plan. Cost is in whole units of the operation's
    currency and parts of them, lateness in minutes times priority.
    """
    bounds, values = asdict(solution.bounds), asdict(solution.score)
    return [
        {
            "goal": goal,
            "value": in_units(goal, values[goal], index),
            "bound": None if bounds[goal] is None else in_units(goal, bounds[goal], index),
            "better": "more" if goal in MORE_IS_BETTER else "less",
        }
        for goal in GOALS
        if goal != CHANGES or _keeps_to_a_plan(problem)
    ]


def _keeps_to_a_plan(problem: Problem) -> bool:
    return any(action.kept is not None for action in problem.actions)


def in_units(goal: str, value: int, index: Index, *, places: int = 2) -> Number:
    """Give a goal's value, as the solver counts it, in people's units; cost to so many decimal places."""
    if goal == "lateness":
        return value * index.grid.slot_minutes
    if goal == "cost":
        scaled = value / index.cost_scale
        return int(scaled) if scaled == int(scaled) else round(scaled, places)
    return value


@dataclass(frozen=True, slots=True)
class Part:
    """What one action, one unit's roads or one country's burden add to a goal's change; `id` is a country's code."""

    about: Literal["action", "unit", "country"]
    id: str
    change: Number


@dataclass(frozen=True, slots=True)
class GoalChange:
    """A goal's value for one plan and for another, and the parts, which sum to the difference."""

    goal: str
    before: Number
    after: Number
    parts: tuple[Part, ...] = ()

    @property
    def change(self) -> Number:
        """How much more the second has."""
        difference = self.after - self.before
        return difference if isinstance(difference, int) else round(difference, _FINE)

    @property
    def better(self) -> str:
        """Whether ``more`` or ``less`` of it is better."""
        return "more" if self.goal in MORE_IS_BETTER else "less"


def goal_changes(before: Iterable[Placement], after: Iterable[Placement], frame: Frame) -> tuple[GoalChange, ...]:
    """Tell how two plans of one operation differ in each goal, in the strict order, both held against the frame."""
    return next(goal_changes_of_each(before, (after,), frame))


def goal_changes_of_each(
    before: Iterable[Placement], each_after: Iterable[Iterable[Placement]], frame: Frame
) -> Iterator[tuple[GoalChange, ...]]:
    """Yield of each of several plans how it differs from one, which is taken apart but once."""
    first = parts(frame.problem, before)
    for after in each_after:
        yield _goal_changes(first, parts(frame.problem, after), frame)


def _goal_changes(first: Parts, second: Parts, frame: Frame) -> tuple[GoalChange, ...]:
    sums = [
        (goal, getattr(first, goal), getattr(second, goal))
        for goal in GOALS
        if goal != CHANGES or _keeps_to_a_plan(frame.problem)
    ]
    return tuple(
        GoalChange(
            goal,
            in_units(goal, sum(old.values()), frame.index, places=_FINE),
            in_units(goal, sum(new.values()), frame.index, places=_FINE),
            tuple(_differences(goal, old, new, frame)),
        )
        for goal, old, new in sums
    )


def goals_told(changes: Iterable[GoalChange]) -> list[dict[str, Any]]:
    """Give changes of goals as JSON, with their parts."""
    return [
        {
            "goal": each.goal,
            "before": each.before,
            "after": each.after,
            "change": each.change,
            "better": each.better,
            "parts": [asdict(part) for part in each.parts],
        }
        for each in changes
    ]


def goals_now(changes: Iterable[GoalChange]) -> list[dict[str, Any]]:
    """Give each goal's value after a change, as `goals_as_json` does; nothing is proven of what was made by hand."""
    return [
        {"goal": each.goal, "value": round(each.after, 2), "bound": None, "better": each.better} for each in changes
    ]


def _differences(goal: str, before: Mapping[PartOf, int], after: Mapping[PartOf, int], frame: Frame) -> Iterator[Part]:
    """Give the parts that differ, the largest first."""
    index = frame.index
    changes = {key: after.get(key, 0) - before.get(key, 0) for key in {*before, *after}}
    for (about, number), change in sorted(changes.items(), key=lambda item: (-abs(item[1]), item[0])):
        if change:
            part = in_units(goal, change, index, places=_FINE)
            if about == "project":
                continue  # operations have none
            if about == "country":
                yield Part(about, frame.problem.countries[number].name, part)
            else:
                yield Part(about, (index.action_ids if about == "action" else index.unit_ids)[number], part)
