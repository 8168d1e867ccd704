"""Whom to call at each agency that takes part or approves: a desk on duty by day and by night, in its own time."""

from collections.abc import Iterator

from opsplan.exercise.rows.naming import duty_phone, reference
from opsplan.exercise.rows.participation import taking_part
from opsplan.exercise.scenario import Row, Scenario
from opsplan.exercise.words import PREFIX

_DESK = "DESK-1"
_SHIFTS = (("DAY", "08:00", "20:00"), ("NIGHT", "20:00", "08:00"))


def contact_points(scenario: Scenario) -> Iterator[Row]:
    """Yield one duty desk for each agency that takes part in the operation, or approves for one that does."""
    for code in _called(scenario):
        country = code.split("-")[1]
        land = scenario.theatre.lands.get(country)
        languages = ["en", *(each for each in scenario.theatre.spoken(country) if each != "en")] if land else ["en"]
        yield {
            "owner": code,
            "external_id": _DESK,
            "post": f"{PREFIX}duty desk",
            "phone": duty_phone(code),
            "secure_channel": f"I-24/7 {code}",
            "languages": languages,
            "time_zone": land.cities[0].zone if land else "UTC",
            "agency": code,
        }


def duty_shifts(scenario: Scenario) -> Iterator[Row]:
    """Yield the rota of each desk: it is never without one on duty."""
    for code in _called(scenario):
        for name, begins, ends in _SHIFTS:
            yield {
                "owner": code,
                "external_id": f"{_DESK}-{name}",
                "from_local": begins,
                "until_local": ends,
                "contact_point": reference(code, _DESK),
            }


def _called(scenario: Scenario) -> list[str]:
    parts = taking_part(scenario)
    return sorted({*parts, *(authority for _, authority in parts.values() if authority is not None)})
