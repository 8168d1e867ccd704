"""Agencies: six of each country, four regional coordination units, 15 specialised units; and grants to these."""

from collections.abc import Iterator

from opsplan.exercise.chance import stream
from opsplan.exercise.rows.naming import agency_code, at, duty_phone, regional_code, specialised_code, spoken
from opsplan.exercise.scenario import Row, Scenario
from opsplan.exercise.shape import HORIZON_SLOTS, SLOTS_PER_DAY
from opsplan.exercise.words import PREFIX
from opsplan.jurisdiction.model import AgencyKind, Basis

_NATIONAL = (
    ("NCB", AgencyKind.NCB, "National Central Bureau", True),
    ("POLICE", AgencyKind.POLICE, "National Police", True),
    ("FIU", AgencyKind.FIU, "Financial Intelligence Unit", False),
    ("PROSECUTOR", AgencyKind.PROSECUTOR, "Prosecution Service", True),
    ("CONSULATE", AgencyKind.CONSULATE, "Consular Service", False),
    ("NGO", AgencyKind.NGO, "Shelter and Aid", False),
)


def agencies(scenario: Scenario) -> Iterator[Row]:
    """Yield the agencies; all are marked as exercise, and with them whatever they own."""
    theatre = scenario.theatre
    for number, region in enumerate(theatre.regions, start=1):
        yield _agency(regional_code(number), f"Coordination Unit {region}", AgencyKind.INTERNATIONAL, None)
    homes = {team.specialised: team for team in scenario.world.teams if team.specialised is not None}
    for number in sorted(homes):
        team = homes[number]
        title = f"Specialised Unit {number} {spoken(team.kind)}, {team.home.city}"
        yield _agency(specialised_code(number), title, AgencyKind.INTERNATIONAL, team.country)
    for code, land in theatre.lands.items():
        for short, kind, title, territorial in _NATIONAL:
            row = _agency(agency_code(code, short), f"{title}, {land.cities[0].city}", kind, code)
            yield row | {"territorial": territorial}


def _agency(code: str, title: str, kind: AgencyKind, country: str | None) -> Row:
    row: Row = {
        "code": code,
        "external_id": code,
        "name": f"{PREFIX}{title}"[:200],
        "kind": kind.value,
        "exercise": True,
        "territorial": False,
        "duty_phone": duty_phone(code),
        # The domain .example is there for everybody's examples.
        "duty_email": f"duty@{code.lower()}.example",
    }
    return row | {"country": country} if country is not None else row


def jurisdictions(scenario: Scenario) -> Iterator[Row]:
    """Yield grants: consent of hosts to specialised units, most of them in force."""
    chance = stream(scenario.seed, "jurisdictions")
    start = scenario.start
    number = 0
    for team in scenario.world.teams:
        if team.specialised is None:
            continue
        for host in [code for code in team.permitted if code != team.country][:6]:
            number += 1
            expired = chance.random() < 0.1
            first = -SLOTS_PER_DAY * chance.randint(20, 60)
            last = first + SLOTS_PER_DAY if expired else HORIZON_SLOTS + SLOTS_PER_DAY * chance.randint(1, 60)
            yield {
                "owner": agency_code(host, "PROSECUTOR"),
                "external_id": f"GRANT-{number:04d}",
                "basis": Basis.CONSENT.value,
                "instrument": f"{PREFIX}letter of consent {number}/{start.year}",
                "start": at(start, first),
                "end": at(start, last),
                "agency": specialised_code(team.specialised),
                "over": host,
            }
