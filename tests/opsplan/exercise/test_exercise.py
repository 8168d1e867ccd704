"""What an exercise holds: its shape, its shares, its names, its ground."""

import itertools
import re
import unicodedata
from collections import Counter
from datetime import datetime

import pytest

from opsplan.exercise import SHAPES, START, Obstacle, Size
from opsplan.geography.places import cities
from opsplan.geography.territory import default_territories
from opsplan.nouns import CATALOGUE
from opsplan.records.declaration import Kind
from opsplan.vocabulary.place import GeoPoint
from tests.opsplan.exercise.made import exercise
from tests.opsplan.exercise.snapshots import checked_rows, code

SMALL_SEEDS = range(1, 16)
ALL = [*itertools.product([Size.SMALL], SMALL_SEEDS), (Size.FULL, 1)]


@pytest.mark.requirement("Q2")
@pytest.mark.parametrize(
    ("size", "countries", "actions", "units"), [(Size.SMALL, 12, 40, 200), (Size.FULL, 116, 400, 2_000)]
)
def test_sizes_are_those_asked_for(size: Size, countries: int, actions: int, units: int) -> None:
    """So many countries with agencies, actions and units; four regional coordination units, 15 specialised units."""
    made = exercise(size, 1)
    agencies = list(made.rows("Agency"))
    assert len({row["country"] for row in agencies if row["kind"] == "NCB"}) == countries
    assert len(list(made.rows("Action"))) == actions
    assert len(list(made.rows("Unit"))) == units
    assert sum(row["code"].startswith("EX-REGION-") for row in agencies) == 4
    assert sum(row["code"].startswith("EX-SPECIAL-") for row in agencies) == 15
    kinds = {row["kind"] for row in agencies}
    assert kinds >= {"NCB", "POLICE", "FIU", "PROSECUTOR", "CONSULATE", "NGO", "INTERNATIONAL"}


def test_huge_has_ten_thousand_actions_and_twenty_thousand_units() -> None:
    """The shape of the largest size is declared as asked for."""
    shape = SHAPES[Size.HUGE]
    assert (shape.countries, shape.actions, shape.units, shape.planted) == (116, 10_000, 20_000, 9_500)


def test_the_operation_lasts_six_days() -> None:
    """Start, end and H-hour stand six days apart and inside; four coordination units coordinate."""
    (operation,) = exercise(Size.SMALL, 1).rows("Operation")
    start, end = (datetime.fromisoformat(operation[name]) for name in ("start", "end"))
    assert start == START
    assert (end - start).days == 6
    assert start < datetime.fromisoformat(operation["h_hour"]) < end
    assert len(operation["coordinators"]) == 4


@pytest.mark.parametrize(("size", "seed"), ALL)
def test_shares_are_those_asked_for(size: Size, seed: int) -> None:
    """A fifth in groups, three tenths with a foreign unit, a twentieth impossible, ten country-days at capacity."""
    found = exercise(size, seed).figures
    assert found.planted + found.unplaceable == found.actions
    assert found.unplaceable == found.actions // 20
    assert found.grouped >= 0.20 * found.actions
    assert found.foreign >= 0.30 * found.actions
    assert found.days_at_capacity >= 10


def test_foreign_units_belong_to_agencies_of_other_countries() -> None:
    """Counted from the rows alone: the planted unit's agency lies in another country than the action."""
    made = exercise(Size.FULL, 1)
    country_of = {row["code"]: row.get("country") for row in made.rows("Agency")}
    host_of = {f"{row['owner']}/{row['external_id']}": row["country"] for row in made.rows("Action")}
    foreign = 0
    for planted in made.planted:
        owners = {unit.partition("/")[0] for units in planted.units for unit in units}
        foreign += any(country_of[owner] != host_of[planted.action] for owner in owners)
    assert foreign == made.figures.foreign


def test_groups_hold_two_or_more_actions_of_several_countries() -> None:
    """Groups have two to four members or, where one cannot, two; most span countries."""
    made = exercise(Size.FULL, 1)
    members: dict[str, list[str]] = {}
    for row in made.rows("Action"):
        if "group" in row:
            members.setdefault(row["group"], []).append(row["country"])
    assert len(members) == len(list(made.rows("SimultaneityGroup")))
    assert all(2 <= len(countries) <= 4 for countries in members.values())
    assert sum(len(set(countries)) > 1 for countries in members.values()) > len(members) / 2


def test_obstacles_are_of_every_kind() -> None:
    """The twenty impossible actions of the full size show every obstacle; small ones vary with the seed."""
    assert {each.obstacle for each in exercise(Size.FULL, 1).unplaceable} == set(Obstacle)
    seen = {each.obstacle for seed in SMALL_SEEDS for each in exercise(Size.SMALL, seed).unplaceable}
    assert len(seen) >= 8


@pytest.mark.parametrize("size", [Size.SMALL, Size.FULL])
def test_every_row_passes_the_product_s_checks(size: Size) -> None:
    """No row of any noun has a problem, and no external id stands twice with one owner."""
    made = exercise(size, 1)
    for noun in made.nouns:
        ids = Counter(row["id"] for row in checked_rows(made, noun))
        assert ids, noun
        assert max(ids.values()) == 1, noun


def test_rows_refer_to_rows_made_before_them() -> None:
    """Every reference names a row of an earlier noun, or a country."""
    made = exercise(Size.SMALL, 1)
    known: set[str] = set()
    for noun in made.nouns:
        declared = CATALOGUE[noun]
        for row in checked_rows(made, noun):
            for relation in declared.entered_relations:
                given = row.get(relation.name, [])
                for each in given if isinstance(given, list) else [given]:
                    assert each in known or each.startswith("country_"), (noun, row["id"], relation.name, each)
            known.add(row["code"] if noun == "Agency" else row["id"])


def test_all_names_say_exercise() -> None:
    """Every name, alias and free text of every noun begins with EXERCISE, every agency code with EX-."""
    made = exercise(Size.FULL, 1)
    for noun in made.nouns:
        for row in made.rows(noun):
            for each in CATALOGUE[noun].properties:
                if each.kind in (Kind.TEXT, Kind.LONG_TEXT) and each.name in (
                    "name",
                    "code_name",
                    "description",
                    "instrument",
                    "reference",
                    "reason",
                    "notes",
                ):
                    assert row.get(each.name, "EXERCISE ").startswith("EXERCISE "), (noun, row)
            assert all(alias.startswith("EXERCISE ") for alias in row.get("aliases", ()))
            assert row.get("owner", row.get("code")).startswith("EX-")


def test_names_stand_in_several_scripts() -> None:
    """Aliases are written in at least ten scripts beside the Latin one."""
    scripts = {
        unicodedata.name(letter).split()[0]
        for noun in ("Compound", "Target")
        for row in exercise(Size.FULL, 1).rows(noun)
        for alias in row["aliases"]
        for letter in alias.removeprefix("EXERCISE ")
        if letter.isalpha()
    }
    assert len(scripts) >= 10, scripts


def test_identifiers_can_belong_to_nobody() -> None:
    """Phones have a country code that is not assigned, bank accounts no country, domains end in .example."""
    forms = {
        "PHONE": r"\+999\d{9}",
        "IBAN": r"XX00EXER\d{14}",
        "WALLET": r"exercise1\d{20}",
        "DOMAIN": r"exercise-[a-z]+-[a-z]+-\d{3}\.example",
        "PASSPORT": r"EX\d{7}",
        "REGISTRATION": r"EX-REG-\d{8}",
        "PLATE": r"EX-\d{5}",
    }
    schemes = Counter()
    for row in exercise(Size.FULL, 1).rows("Identifier"):
        assert re.fullmatch(forms[row["scheme"]], row["value"]), row
        schemes[row["scheme"]] += 1
    assert set(schemes) == set(forms)
    for row in exercise(Size.FULL, 1).rows("Agency"):
        assert row["duty_phone"].startswith("+999")
        assert row["duty_email"].endswith(".example")


def test_sites_lie_on_their_country_s_soil_for_certain() -> None:
    """Each action's point lies in its country by the border map; compounds put at borders, and they alone, do not."""
    made = exercise(Size.FULL, 1)
    actions = list(checked_rows(made, "Action"))
    answers = default_territories().at([row["location"] for row in actions])
    assert [answer.certain for answer in answers] == [code(row["country"]) for row in actions]
    doubtful = [row for row in checked_rows(made, "Compound") if "country" not in row]
    assert len(doubtful) >= 2
    for answer in default_territories().at([row["location"] for row in doubtful]):
        assert answer.certain is None
        assert len(answer.candidates) > 1


def test_units_are_at_home_in_real_towns() -> None:
    """Nearly every unit's home is a town of the gazetteer; the rest are island units at a site of their own country."""
    towns = {(city.location.longitude, city.location.latitude) for city in cities()}
    homes = [GeoPoint(**row["home"]) for row in exercise(Size.FULL, 1).rows("Unit")]
    real = sum((home.longitude, home.latitude) in towns for home in homes)
    assert real >= 0.97 * len(homes)


def test_networks_are_linked_to_their_sites_and_to_one_another() -> None:
    """Every action concerns a network and a person; every network operates its compounds; some are associated."""
    made = exercise(Size.FULL, 1)
    kinds = Counter(row["kind"] for row in made.rows("Target"))
    assert set(kinds) == {"NETWORK", "PERSON", "ORGANIZATION", "PHONE", "ACCOUNT", "WALLET", "DOMAIN", "VEHICLE"}
    assert all(len(row["targets"]) == 2 for row in made.rows("Action"))
    links = Counter(row["kind"] for row in made.rows("Link"))
    assert links["OPERATES"] >= 200
    assert links["ASSOCIATED_WITH"] >= 20


def test_victims_by_nationality_add_up_to_the_actions_figures() -> None:
    """The likely figures of a compound's estimates sum to the expected victims of the actions that aim at it."""
    made = exercise(Size.FULL, 1)
    expected: Counter[str] = Counter()
    for row in made.rows("Action"):
        if "compound" in row:
            expected[row["compound"]] += row["expected_victims"]
    likely: Counter[str] = Counter()
    for row in made.rows("VictimEstimate"):
        assert row["low"] <= row["likely"] <= row["high"]
        likely[row["compound"]] += row["likely"]
    assert likely == +expected


def test_a_start_off_the_grid_is_refused() -> None:
    """A start without a zone or off the quarter-hour is refused in words."""
    with pytest.raises(ValueError, match="multiple of 15 minutes"):
        exercise(Size.SMALL, 1, datetime(2026, 12, 7))
    with pytest.raises(ValueError, match="multiple of 15 minutes"):
        exercise(Size.SMALL, 1, START.replace(minute=7))
