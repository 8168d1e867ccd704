"""A plan's score in the graph's words: goals in their strict order, in people's units."""

from typing import Any

from opsplan.scheduling.problem.index import Index
from solver import Solution

GOALS = ("missing_mandatory", "placed_weight", "victims", "lateness", "cost", "burden_permille")
"""The goals in their strict order."""

_MORE_IS_BETTER = frozenset({"placed_weight", "victims"})


def goals_as_json(solution: Solution, index: Index) -> list[dict[str, Any]]:
    """Give each goal with its value and its proven bound (null while nothing is proven).

    Cost is in whole units of the operation's currency and parts of them, lateness in minutes times priority.
    """
    per_goal = {"cost": 1 / index.cost_scale, "lateness": index.grid.slot_minutes}
    return [
        {
            "goal": goal,
            "value": _in_units(getattr(solution.score, goal), per_goal.get(goal)),
            "bound": _in_units(getattr(solution.bounds, goal), per_goal.get(goal)),
            "better": "more" if goal in _MORE_IS_BETTER else "less",
        }
        for goal in GOALS
    ]


def _in_units(value: int | None, factor: float | None) -> float | None:
    if value is None or factor is None:
        return value
    scaled = value * factor
    return int(scaled) if scaled == int(scaled) else round(scaled, 2)
