"""Who takes part in the operation, and what they offer to it: everything that they have, for all of its time."""

from collections.abc import Iterator

from opsplan.exercise.rows.naming import (
    LEAD,
    OPERATION,
    agency_code,
    pool_id,
    pool_owner,
    reference,
    regional_code,
    unit_id,
    unit_owner,
)
from opsplan.exercise.scenario import Row, Scenario
from opsplan.operations.model import ParticipantRole

_OPERATION = reference(LEAD, OPERATION)


def participants(scenario: Scenario) -> Iterator[Row]:
    """Yield the participants, each entered by its own agency, which thereby has accepted."""
    for code, (role, authority) in taking_part(scenario).items():
        row: Row = {
            "owner": code,
            "external_id": _PART,
            "role": role.value,
            "operation": _OPERATION,
            "agency": code,
        }
        yield row if authority is None else row | {"approving_authority": authority}


def taking_part(scenario: Scenario) -> dict[str, tuple[ParticipantRole, str | None]]:
    """Give role and approving authority of each agency that takes part, by its code.

    The first coordination unit leads and the others look on; the central bureau of a country with actions is its host,
    for whom the prosecution service approves; whoever else has units or resources contributes.
    """
    found: dict[str, tuple[ParticipantRole, str | None]] = {}
    for number, _ in enumerate(scenario.theatre.regions, start=1):
        code = regional_code(number)
        found[code] = (ParticipantRole.LEAD if code == LEAD else ParticipantRole.OBSERVER, None)
    for country in sorted({task.host for task in scenario.world.tasks}):
        found[agency_code(country, "NCB")] = (ParticipantRole.HOST, agency_code(country, "PROSECUTOR"))
    for code in sorted(_means(scenario).keys() - found.keys()):
        found[code] = (ParticipantRole.CONTRIBUTOR, None)
    return found


def offers(scenario: Scenario) -> Iterator[Row]:
    """Yield one offer for each agency that has anything to offer."""
    for code, (units, resources) in sorted(_means(scenario).items()):
        row: Row = {
            "owner": code,
            "external_id": "OFFER-1",
            "participant": reference(code, _PART),
        }
        yield row | ({"units": units} if units else {}) | ({"resources": resources} if resources else {})


_PART = "PART-1"


def _means(scenario: Scenario) -> dict[str, tuple[list[str], list[str]]]:
    """Give references to units and to resources by the code of the agency that has them."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for team in scenario.world.teams:
        owner = unit_owner(team)
        found.setdefault(owner, ([], []))[0].append(reference(owner, unit_id(team)))
    for pool in scenario.pools:
        owner = pool_owner(pool)
        found.setdefault(owner, ([], []))[1].append(reference(owner, pool_id(pool)))
    return found
