"""A plan's risk with ids for indices, as JSON values."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from opsplan.scheduling.problem import Index
from solver import Problem
from solver.risk import Frequency, PlanRisk


def risk_figures(risk: PlanRisk, problem: Problem, index: Index) -> dict[str, Any]:
    """Give each figure: a frequency as its probability and standard error."""
    pools = [{"country": pool.country, "kind": pool.kind, "language": pool.language or None} for pool in index.pools]
    return {
        "runs": risk.runs,
        "seed": risk.seed,
        **_told(risk),
        "actions": [{"action_id": index.action_ids[each.action], **_told(each)} for each in risk.actions],
        "units": [{"unit_id": index.unit_ids[each.unit], **_told(each)} for each in risk.units],
        "groups": [{"group_id": index.group_ids[each.group], **_told(each)} for each in risk.groups],
        "resources": [{**pools[each.resource], **_told(each)} for each in risk.resources],
        "countries": [{"country": problem.countries[each.country].name, **_told(each)} for each in risk.countries],
    }


def _told(risk: Any) -> dict[str, Any]:
    return dict(_figures(risk))


def _figures(risk: Any) -> Iterable[tuple[str, Any]]:
    for field in fields(risk):
        value = getattr(risk, field.name)
        if isinstance(value, Frequency):
            yield field.name, {"probability": value.probability, "standard_error": value.standard_error}
        elif isinstance(value, float):
            yield field.name, value
