"""An exercise's rows as the snapshot that the graph would give after loading them: checked by the product's own checks,
sorted as the store sorts; ids are the references. Only the store itself is left out."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from opsplan.exercise import Exercise
from opsplan.nouns import CATALOGUE
from opsplan.records.check import check_row
from opsplan.scheduling.problem import Index, Snapshot, make_problem
from opsplan.scheduling.problem import snapshot as read
from opsplan.scheduling.problem.clearances import binding
from opsplan.vocabulary.clock import instant_from_text
from solver import Problem


def checked_rows(exercise: Exercise, noun: str) -> Iterator[dict[str, Any]]:
    """Give the stored values of a noun's rows, with the reference as `id`; fail on the first that is wrong."""
    for row in exercise.rows(noun):
        stored, problems = check_row(CATALOGUE[noun], row)
        assert not problems, f"{noun} {row.get('external_id')}: {problems[0].sentence}"
        yield stored | {"id": f"{stored.get('owner')}/{stored['external_id']}", "version": 1}


def translated(exercise: Exercise) -> tuple[Problem, Index]:
    """Give the exercise as the solver's problem."""
    return make_problem(snapshot_of(exercise))


def snapshot_of(exercise: Exercise) -> Snapshot:
    """Give the exercise as the store would read it."""
    (operation,) = checked_rows(exercise, "Operation")
    country_of = {row["code"]: code(row.get("country")) for row in checked_rows(exercise, "Agency")}
    actions = sorted(map(_action, checked_rows(exercise, "Action")), key=lambda row: (row.name, row.id))
    name_of = {action.id: action.name for action in actions}
    precedences = [
        read.ReadPrecedence(
            id=row["id"],
            version=1,
            before_id=row["before"],
            after_id=row["after"],
            before_name=name_of[row["before"]],
            before_state="DRAFT",
            min_lag_minutes=row["min_lag_minutes"],
            max_lag_minutes=row.get("max_lag_minutes"),
        )
        for row in checked_rows(exercise, "Precedence")
    ]
    start, end = instant_from_text(operation["start"]), instant_from_text(operation["end"])
    h_hour = instant_from_text(operation["h_hour"])
    made = Snapshot(
        commit=1,
        operation=read.ReadOperation(operation["id"], 1, operation["code_name"], h_hour, start, end, True),
        actions=tuple(actions),
        modes=_sorted("ActionMode", exercise, _mode, lambda row: (row.name, row.id)),
        unit_needs=_sorted(
            "UnitNeed", exercise, _unit_need, lambda row: (row.kind, row.type, row.count, row.languages, row.id)
        ),
        resource_needs=_sorted(
            "ResourceNeed", exercise, _resource_need, lambda row: (row.kind, row.language or "", row.id)
        ),
        groups=_sorted("SimultaneityGroup", exercise, _group, lambda row: (row.name, row.id)),
        precedences=tuple(sorted(precedences, key=lambda row: (row.before_name, name_of[row.after_id], row.id))),
        warrants=_sorted("Warrant", exercise, _warrant, lambda row: (row.start, row.end, row.id)),
        units=_sorted("Unit", exercise, lambda row: _unit(row, country_of), lambda row: (row.name, row.id)),
        unit_offers=tuple(
            read.ReadUnitOffer(row["id"], 1, row["owner"], unit)
            for row in checked_rows(exercise, "Offer")
            for unit in row.get("units") or ()
        ),
        absences=_sorted("UnitAbsence", exercise, _absence, lambda row: (row.start, row.end, row.id)),
        resources=_sorted("Resource", exercise, _resource, lambda row: (row.name, row.id)),
        resource_offers=tuple(
            read.ReadResourceOffer(row["id"], 1, row["owner"], resource)
            for row in checked_rows(exercise, "Offer")
            for resource in row.get("resources") or ()
        ),
        capacities=_sorted("Capacity", exercise, _capacity, lambda row: (row.start, row.end, row.amount, row.id)),
        quiet_hours=_sorted("QuietHours", exercise, _quiet, lambda row: (row.country, row.from_local, row.id)),
    )
    claims = _sorted("Claim", exercise, _claim, lambda row: (row.start, row.end, row.id))
    return replace(made, claims=binding(claims, made))


def code(country_id: str | None) -> str | None:
    """Give the code in a country's id."""
    return country_id.removeprefix("country_").upper() if country_id is not None else None


def _sorted(noun: str, exercise: Exercise, made: Any, key: Any) -> tuple[Any, ...]:
    return tuple(sorted(map(made, checked_rows(exercise, noun)), key=key))


def _action(row: dict[str, Any]) -> read.ReadAction:
    point = row["location"]
    return read.ReadAction(
        id=row["id"],
        version=1,
        name=row["name"],
        kind=row["kind"],
        state="DRAFT",
        point=(point.longitude, point.latitude),
        country=code(row["country"]),
        window_start=instant_from_text(row["window_start"]),
        window_end=instant_from_text(row["window_end"]),
        due=instant_from_text(row["due"]) if "due" in row else None,
        priority=row["priority"],
        mandatory=row["mandatory"],
        expected_victims=row["expected_victims"],
        group_id=row.get("group"),
        owner_id=row["owner"],
    )


def _claim(row: dict[str, Any]) -> read.ReadClaim:
    point = row["location"]
    return read.ReadClaim(
        row["id"],
        1,
        row["name"],
        row["owner"],
        row["kind"],
        (point.longitude, point.latitude),
        row["radius_m"],
        None,
        instant_from_text(row["start"]),
        instant_from_text(row["end"]),
    )


def _mode(row: dict[str, Any]) -> read.ReadMode:
    return read.ReadMode(row["id"], 1, row["name"], row["action"], row["duration_minutes"], row["cost"])


def _unit_need(row: dict[str, Any]) -> read.ReadUnitNeed:
    languages = tuple(sorted(row.get("languages") or ()))
    return read.ReadUnitNeed(row["id"], 1, row["mode"], row["unit_kind"], row["unit_type"], row["count"], languages)


def _resource_need(row: dict[str, Any]) -> read.ReadResourceNeed:
    return read.ReadResourceNeed(
        row["id"],
        1,
        row["mode"],
        row["resource_kind"],
        row.get("language"),
        row["amount"],
        row["after_start_minutes"],
        row["held_minutes"],
    )


def _group(row: dict[str, Any]) -> read.ReadGroup:
    return read.ReadGroup(row["id"], 1, row["name"], row["tolerance_minutes"])


def _warrant(row: dict[str, Any]) -> read.ReadWarrant:
    return read.ReadWarrant(row["id"], 1, row["action"], instant_from_text(row["start"]), instant_from_text(row["end"]))


def _unit(row: dict[str, Any], country_of: dict[str, str | None]) -> read.ReadUnit:
    home = row["home"]
    return read.ReadUnit(
        id=row["id"],
        version=1,
        name=row["name"],
        kind=row["kind"],
        type=row["type"],
        home=(home.longitude, home.latitude),
        country=country_of[row["agency"]],
        permitted=tuple(row["permitted_countries"] or ()),
        languages=tuple(sorted(row.get("languages") or ())),
        max_duty_minutes=row["max_duty_minutes"],
        min_rest_minutes=row["min_rest_minutes"],
        cost_per_hour=row["cost_per_hour"],
    )


def _absence(row: dict[str, Any]) -> read.ReadAbsence:
    return read.ReadAbsence(row["id"], 1, row["unit"], instant_from_text(row["start"]), instant_from_text(row["end"]))


def _resource(row: dict[str, Any]) -> read.ReadResource:
    country = code(row["country"])
    assert country is not None
    return read.ReadResource(row["id"], 1, row["name"], row["kind"], row.get("language"), country)


def _capacity(row: dict[str, Any]) -> read.ReadCapacity:
    start, end = instant_from_text(row["start"]), instant_from_text(row["end"])
    return read.ReadCapacity(row["id"], 1, row["resource"], start, end, row["amount"])


def _quiet(row: dict[str, Any]) -> read.ReadQuietHours:
    country = code(row["country"])
    assert country is not None
    return read.ReadQuietHours(row["id"], 1, country, row["from_local"], row["until_local"], tuple(row["action_kinds"]))
