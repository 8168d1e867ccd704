"""What a schedule comes to, by goal, country and resource: plain JSON values, kept with a scenario's run."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from opsplan.scheduling.answer import PlacedAction, UnplacedAction
from opsplan.scheduling.plan.scored import goals_as_json, in_units
from opsplan.scheduling.problem import Index
from opsplan.vocabulary.clock import instant_text
from solver import Placement, Problem, Resource, Solution, parts
from solver.score import burdens, served_by_unit

FILE = "scenario.json"
"""The name of the file that keeps them."""


def figures(
    solution: Solution,
    problem: Problem,
    index: Index,
    placed: Sequence[PlacedAction],
    unplaced: Sequence[UnplacedAction],
) -> dict[str, Any]:
    """Give all figures of a solved scenario."""
    plan = solution.placements
    return {
        "format": "opsplan.scheduling/scenario",
        "version": 1,
        "goals": goals_as_json(solution, problem, index),
        "countries": _countries(plan, problem, index),
        "resources": _resources(plan, problem, index),
        "placed": [_place(each) for each in placed],
        "unplaced": [
            {"action_id": each.action_id, "codes": list(each.codes), "sentence": each.sentence} for each in unplaced
        ],
    }


def _place(each: PlacedAction) -> dict[str, Any]:
    return {
        "action_id": each.action_id,
        "start": instant_text(each.start),
        "end": instant_text(each.end),
        "mode_id": each.mode_id,
        "unit_ids": list(each.unit_ids),
    }


def _countries(plan: tuple[Placement, ...], problem: Problem, index: Index) -> list[dict[str, Any]]:
    """Of each country: what is placed on its soil, and what its units bear."""
    hosted = Counter(problem.host(action) for action in range(len(problem.actions)))
    placed: Counter[int] = Counter()
    weight: Counter[int] = Counter()
    victims: Counter[int] = Counter()
    late: Counter[int] = Counter()
    told = parts(problem, plan)
    for each in plan:
        host, action = problem.host(each.action), problem.actions[each.action]
        placed[host] += 1
        weight[host] += action.weight
        victims[host] += action.expected_victims
        late[host] += told.lateness.get(("action", each.action), 0)
    cost = _cost_by_owner(plan, problem)
    burden = burdens(problem, plan)
    busy = Counter(problem.units[unit].owner for unit in served_by_unit(plan))
    owners = {unit.owner for unit in problem.units}
    return [
        {
            "country": country.name,
            "actions": hosted[number],
            "placed": placed[number],
            "weight": weight[number],
            "victims": victims[number],
            "lateness": in_units("lateness", late[number], index),
            "units_used": busy[number],
            "unit_cost": in_units("cost", cost[number], index),
            "burden_permille": burden.get(number, 0),
        }
        for number, country in enumerate(problem.countries)
        if hosted[number] or number in owners
    ]


def _cost_by_owner(plan: tuple[Placement, ...], problem: Problem) -> Counter[int]:
    """What units cost in action and on the road, by their owners."""
    cost: Counter[int] = Counter()
    for (about, number), value in parts(problem, plan).cost.items():
        if about == "unit":
            cost[problem.units[number].owner] += value
    for unit, served in served_by_unit(plan).items():
        slots = sum(each.end_slot(problem) - each.start_slot for each in served)
        cost[problem.units[unit].owner] += slots * problem.units[unit].cost_per_slot
    return cost


def _resources(plan: tuple[Placement, ...], problem: Problem, index: Index) -> list[dict[str, Any]]:
    """Of each pool: the most that is used at once, for how long all of it is, and what is left out that needs it."""
    uses: dict[int, list[tuple[int, int, int]]] = {}
    for each in plan:
        for need in problem.actions[each.action].modes[each.mode].resource_needs:
            start = each.start_slot + need.offset_slots
            uses.setdefault(need.resource, []).append((start, start + need.length_slots, need.amount))
    placed = {each.action for each in plan}
    wanting: Counter[int] = Counter()
    for number, action in enumerate(problem.actions):
        if number not in placed:
            wanting.update({need.resource for mode in action.modes for need in mode.resource_needs})
    rows = []
    for number, (pool, resource) in enumerate(zip(index.pools, problem.resources, strict=True)):
        peak, full_slots = _peak(resource, uses.get(number, ()))
        rows.append(
            {
                "country": pool.country,
                "kind": pool.kind,
                "language": pool.language or None,
                "most_there": max((step.capacity for step in resource.steps), default=0),
                "peak_used": peak,
                "full_minutes": full_slots * problem.slot_minutes,
                "left_out_that_need_it": wanting[number],
            }
        )
    return rows


def _peak(resource: Resource, uses: Iterable[tuple[int, int, int]]) -> tuple[int, int]:
    """The most used at once, and the slots in which something is used and nothing is left."""
    turns: dict[int, int] = {step.from_slot: 0 for step in resource.steps}
    for start, end, amount in uses:
        turns[start] = turns.get(start, 0) + amount
        turns[end] = turns.get(end, 0) - amount
    slots = sorted(turns)
    used = peak = full = 0
    for slot, following in zip(slots, [*slots[1:], None], strict=True):
        used += turns[slot]
        peak = max(peak, used)
        if used and following is not None and used >= resource.capacity_at(slot):
            full += following - slot
    return peak, full


def by_key(rows: Iterable[Mapping[str, Any]], *names: str) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    """Give rows by what they are about."""
    return {tuple(row[name] for name in names): row for row in rows}
