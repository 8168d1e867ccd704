"""The operation, its groups, actions, modes, needs, precedences and warrants."""

from collections.abc import Iterator

from opsplan.exercise.rows.intelligence import HAS_SITE, site_name, task_targets
from opsplan.exercise.rows.naming import (
    LEAD,
    OPERATION,
    agency_code,
    at,
    length,
    mode_id,
    reference,
    regional_code,
    site_reference,
    spoken,
    strike_id,
    task_id,
    task_owner,
    task_reference,
)
from opsplan.exercise.scenario import Row, Scenario
from opsplan.exercise.shape import H_HOUR_SLOT, HORIZON_SLOTS
from opsplan.exercise.words import PREFIX
from opsplan.exercise.world import Task, Way
from opsplan.records.values import duration_text

_OPERATION = reference(LEAD, OPERATION)


def operations(scenario: Scenario) -> Iterator[Row]:
    """Yield the operation; the regional coordination units coordinate it."""
    yield {
        "owner": LEAD,
        "external_id": OPERATION,
        "code_name": f"{PREFIX}Lantern {scenario.size.value} {scenario.seed}",
        "description": f"{PREFIX}operation against invented networks: nothing in it is real.",
        "h_hour": at(scenario.start, H_HOUR_SLOT),
        "start": at(scenario.start, 0),
        "end": at(scenario.start, HORIZON_SLOTS),
        "coordinators": [regional_code(number) for number in range(1, len(scenario.theatre.regions) + 1)],
    }


def groups(scenario: Scenario) -> Iterator[Row]:
    """Yield the simultaneity groups."""
    for number, strike in enumerate(scenario.world.strikes):
        yield {
            "owner": LEAD,
            "external_id": strike_id(number),
            "name": f"{PREFIX}Strike {number + 1:04d}",
            "tolerance_minutes": duration_text(strike.tolerance),
            "operation": _OPERATION,
        }


def task_name(scenario: Scenario, task: Task) -> str:
    """Name an action; no two of an exercise have one name."""
    site = site_name(scenario, task.place).text.removeprefix(PREFIX)
    return f"{PREFIX}{task.number + 1:05d} {spoken(task.kind)} at {site}, {task.place.city}"


def mode_name(number: int, way: Way) -> str:
    """Name a mode, counted from 0; no two of an action have one name."""
    count = sum(need.count for need in way.needs)
    return f"{PREFIX}way {number + 1}: {count} unit{'s' if count != 1 else ''}"


def actions(scenario: Scenario) -> Iterator[Row]:
    """Yield the actions."""
    for task in scenario.world.tasks:
        place = task.place
        row: Row = {
            "owner": task_owner(task),
            "external_id": task_id(task),
            "name": task_name(scenario, task),
            "kind": task.kind.value,
            "location": {"longitude": place.longitude, "latitude": place.latitude},
            "window_start": at(scenario.start, task.window[0]),
            "window_end": at(scenario.start, task.window[1]),
            "priority": task.weight,
            "mandatory": task.mandatory,
            "expected_victims": task.victims,
            "operation": _OPERATION,
            "targets": list(task_targets(scenario, task)),
            "country": task.host,
        }
        if task.due is not None:
            row["due"] = at(scenario.start, task.due)
        if task.kind in HAS_SITE:
            row["compound"] = site_reference(task.place)
        strike = scenario.strike_of.get(task.number)
        if strike is not None:
            row["group"] = reference(LEAD, strike_id(strike))
        yield row


def modes(scenario: Scenario) -> Iterator[Row]:
    """Yield the modes."""
    for task in scenario.world.tasks:
        for number, way in enumerate(task.ways):
            yield {
                "owner": task_owner(task),
                "external_id": mode_id(task, number),
                "name": mode_name(number, way),
                "duration_minutes": length(way.duration),
                "cost": way.cost,
                "action": task_reference(task),
            }


def unit_needs(scenario: Scenario) -> Iterator[Row]:
    """Yield the units that modes need."""
    for task in scenario.world.tasks:
        for number, way in enumerate(task.ways):
            for place, need in enumerate(way.needs, start=1):
                row: Row = {
                    "owner": task_owner(task),
                    "external_id": f"{mode_id(task, number)}-N{place}",
                    "unit_kind": need.kind.value,
                    "unit_type": need.type,
                    "count": need.count,
                    "mode": reference(task_owner(task), mode_id(task, number)),
                }
                yield row | {"languages": list(need.languages)} if need.languages else row


def resource_needs(scenario: Scenario) -> Iterator[Row]:
    """Yield the resources that modes need."""
    for task in scenario.world.tasks:
        for number, way in enumerate(task.ways):
            for place, hold in enumerate(way.holds, start=1):
                row: Row = {
                    "owner": task_owner(task),
                    "external_id": f"{mode_id(task, number)}-R{place}",
                    "resource_kind": hold.pool.kind.value,
                    "amount": hold.amount,
                    "after_start_minutes": length(hold.offset),
                    "held_minutes": length(hold.length),
                    "mode": reference(task_owner(task), mode_id(task, number)),
                }
                yield row | {"language": hold.pool.language} if hold.pool.language else row


def precedences(scenario: Scenario) -> Iterator[Row]:
    """Yield the precedences."""
    for number, order in enumerate(scenario.world.orders, start=1):
        row: Row = {
            "owner": task_owner(order.after),
            "external_id": f"ORDER-{number:05d}",
            "min_lag_minutes": length(order.min_lag),
            "before": task_reference(order.before),
            "after": task_reference(order.after),
        }
        yield row if order.max_lag is None else row | {"max_lag_minutes": length(order.max_lag)}


def warrants(scenario: Scenario) -> Iterator[Row]:
    """Yield the warrants, issued by the host's prosecutors."""
    for task in scenario.world.tasks:
        for number, (first, last) in enumerate(task.warrants, start=1):
            yield {
                "owner": task_owner(task),
                "external_id": f"{task_id(task)}-W{number}",
                "reference": f"{PREFIX}order {task.number + 1}/{scenario.start.year}",
                "start": at(scenario.start, first),
                "end": at(scenario.start, last),
                "action": task_reference(task),
                "issued_by": agency_code(task.host, "PROSECUTOR"),
            }
