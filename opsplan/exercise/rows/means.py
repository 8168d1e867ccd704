"""Units with their absences, resources with their capacities, quiet hours."""

from collections.abc import Iterator

from opsplan.exercise.rows.naming import (
    agency_code,
    at,
    length,
    pool_id,
    pool_owner,
    reference,
    spoken,
    unit_id,
    unit_owner,
)
from opsplan.exercise.scenario import Row, Scenario
from opsplan.exercise.shape import HORIZON_SLOTS, SLOTS_PER_DAY
from opsplan.exercise.words import PREFIX
from opsplan.exercise.world import Team

_LONGEST_BEFORE = 2 * SLOTS_PER_DAY


def unit_name(team: Team) -> str:
    """Name a unit; no two of an exercise have one name."""
    return f"{PREFIX}{spoken(team.kind)} {team.type} {team.home.city} {team.number + 1:05d}"


def units(scenario: Scenario) -> Iterator[Row]:
    """Yield the units."""
    for team in scenario.world.teams:
        owner = unit_owner(team)
        yield {
            "owner": owner,
            "external_id": unit_id(team),
            "name": unit_name(team),
            "kind": team.kind.value,
            "type": team.type,
            "home": {"longitude": team.home.longitude, "latitude": team.home.latitude},
            "languages": list(dict.fromkeys((*team.languages, *scenario.theatre.spoken(team.country)))),
            "permitted_countries": list(team.permitted),
            "max_duty_minutes": length(team.max_duty),
            "min_rest_minutes": length(team.min_rest),
            "cost_per_hour": team.cost_per_hour,
            "agency": owner,
        }


def absences(scenario: Scenario) -> Iterator[Row]:
    """Yield what a unit's calendar leaves out of the operation's time."""
    for team in scenario.world.teams:
        for number, (first, last) in enumerate(_gaps(team), start=1):
            yield {
                "owner": unit_owner(team),
                "external_id": f"{unit_id(team)}-A{number}",
                "start": at(scenario.start, first),
                "end": at(scenario.start, last),
                "reason": f"{PREFIX}other duties",
                "unit": reference(unit_owner(team), unit_id(team)),
            }


def _gaps(team: Team) -> Iterator[tuple[int, int]]:
    assert team.calendar is not None
    first, last = team.calendar
    before, after = -_LONGEST_BEFORE, HORIZON_SLOTS + _LONGEST_BEFORE
    if first >= last:
        yield before, after
        return
    if first > 0:
        yield before, first
    if last < HORIZON_SLOTS:
        yield last, after


def resources(scenario: Scenario) -> Iterator[Row]:
    """Yield the resources."""
    for pool in scenario.pools:
        row: Row = {
            "owner": pool_owner(pool),
            "external_id": pool_id(pool),
            "name": f"{PREFIX}{pool.kind.value.replace('_', ' ').lower()} {pool.language} "
            f"{scenario.theatre.lands[pool.country].cities[0].city}".replace("  ", " "),
            "kind": pool.kind.value,
            "country": pool.country,
        }
        yield row | {"language": pool.language} if pool.language else row


def capacities(scenario: Scenario) -> Iterator[Row]:
    """Yield the capacities over time."""
    for pool in scenario.pools:
        for number, (first, last, amount) in enumerate(scenario.world.capacities[pool], start=1):
            yield {
                "owner": pool_owner(pool),
                "external_id": f"{pool_id(pool)}-C{number:02d}",
                "start": at(scenario.start, first),
                "end": at(scenario.start, last),
                "amount": amount,
                "resource": reference(pool_owner(pool), pool_id(pool)),
            }


def quiet_hours(scenario: Scenario) -> Iterator[Row]:
    """Yield the hours in which countries forbid house searches."""
    for code, land in scenario.theatre.lands.items():
        if land.quiet is not None:
            yield {
                "owner": agency_code(code, "PROSECUTOR"),
                "external_id": "QUIET-1",
                "from_local": land.quiet.from_local,
                "until_local": land.quiet.until_local,
                "action_kinds": [kind.value for kind in land.quiet.kinds],
                "country": code,
            }
