"""Claims of agencies that plan elsewhere."""

from collections.abc import Iterator

from opsplan.exercise.elsewhere import KIND
from opsplan.exercise.rows.intelligence import site_name
from opsplan.exercise.rows.naming import agency_code, at
from opsplan.exercise.scenario import Row, Scenario
from opsplan.exercise.words import PREFIX
from opsplan.vocabulary.sensitivity import Sensitivity


def claims(scenario: Scenario) -> Iterator[Row]:
    """Yield the claims, each of the police of the country that it lies in, for all to read."""
    for number, each in enumerate(scenario.world.elsewhere, start=1):
        place = each.task.place
        site = site_name(scenario, place).text.removeprefix(PREFIX)
        yield {
            "owner": agency_code(place.country, "POLICE"),
            "external_id": f"CLAIM-{number:04d}",
            "name": f"{PREFIX}Observation of {site}",
            "kind": KIND.value,
            "location": {"longitude": place.longitude, "latitude": place.latitude},
            "radius_m": each.radius_m,
            "start": at(scenario.start, each.first),
            "end": at(scenario.start, each.last),
            "sensitivity": Sensitivity.OPEN.value,
        }
