"""What a search tells beside a plan, in the graph's words: slack, and what one more of something would be worth."""

from collections.abc import Iterable, Mapping
from typing import Any

from opsplan.scheduling.plan.scored import GOALS, MORE_IS_BETTER, in_units
from opsplan.scheduling.problem import Index
from solver import Problem


def slack_told(told: Mapping[str, Any], index: Index) -> dict[str, Any]:
    """Give goals and risk before and after, and the minutes of slack that each action got."""
    before, after = told["score_before"], told["score_after"]
    return {
        "goals": [
            {
                "goal": goal,
                "before": in_units(goal, before[goal], index),
                "after": in_units(goal, after[goal], index),
                "better": _better(goal),
            }
            for goal in GOALS
        ],
        "risk_before": told["risk_before"],
        "risk_after": told["risk_after"],
        "plans_tried": told["plans"],
        "slack": [
            {"action_id": index.action_ids[action], "minutes": slots * index.grid.slot_minutes}
            for action, slots in told["slack_slots"]
        ],
    }


def marginal_values_told(told: Iterable[Mapping[str, Any]], problem: Problem, index: Index) -> list[dict[str, Any]]:
    """Give each value with what is added: a unit like another, or more of a pool."""
    return [
        {
            **_addition(each, problem, index),
            "amount": each["amount"],
            "waiting_action_ids": [index.action_ids[action] for action in each["waiting"]],
            "is_estimate": each["is_estimate"],
            "goals": [_goal(goal, index) for goal in each["goals"] if goal["goal"] in GOALS],
        }
        for each in told
    ]


def _addition(each: Mapping[str, Any], problem: Problem, index: Index) -> dict[str, Any]:
    if "like_unit" in each:
        unit = problem.units[each["like_unit"]]
        return {
            "about": "unit",
            "like_unit_id": index.unit_ids[each["like_unit"]],
            "kind": problem.unit_kinds[unit.kind],
            "type": unit.type,
            "country": problem.countries[unit.owner].name,
        }
    pool = index.pools[each["resource"]]
    return {"about": "resource", "kind": pool.kind, "language": pool.language or None, "country": pool.country}


def _goal(goal: Mapping[str, Any], index: Index) -> dict[str, Any]:
    name = goal["goal"]
    values = {
        each: None if goal[each] is None else in_units(name, goal[each], index)
        for each in ("without", "with_it", "least", "most")
    }
    change = in_units(name, goal["with_it"] - goal["without"], index)
    return {"goal": name, **values, "change": change, "better": _better(name)}


def _better(goal: str) -> str:
    return "more" if goal in MORE_IS_BETTER else "less"
