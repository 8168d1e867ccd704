"""Countries: complete, symmetric, helpful when a code is wrong."""

from zoneinfo import ZoneInfo

import pycountry
import pytest
import shapely

from opsplan.geography.borders.load import load_borders
from opsplan.geography.countries import countries, country, is_country, suggested_codes
from opsplan.geography.errors import UnknownCountry


def test_every_country_of_the_standard_is_there() -> None:
    """The rows are the 249 of ISO 3166-1, each once, by alpha-2 code."""
    codes = [row.code for row in countries()]
    assert codes == sorted({entry.alpha_2 for entry in pycountry.countries})
    assert len(codes) == 249


def test_a_row_tells_what_planners_need() -> None:
    """Cambodia's row has its codes, names, zone and neighbours."""
    row = country("KH")
    assert (row.alpha3, row.numeric, row.name, row.official_name) == ("KHM", "116", "Cambodia", "Kingdom of Cambodia")
    assert row.continent == "AS"
    assert row.time_zones == ("Asia/Phnom_Penh",)
    assert row.neighbours == ("LA", "TH", "VN")


def test_neighbours_are_symmetric() -> None:
    """Whoever is a neighbour has that neighbour, and nobody borders on itself."""
    for row in countries():
        assert row.code not in row.neighbours
        for neighbour in row.neighbours:
            assert row.code in country(neighbour).neighbours, (row.code, neighbour)


def test_neighbours_agree_with_the_map() -> None:
    """Neighbours by GeoNames are those whose polygons touch, but for four pairs with a reason."""
    polygons = load_borders().polygons
    owners = load_borders().owners
    touching = set()
    for one, other in shapely.STRtree(polygons).query(shapely.buffer(polygons, 0.0005), predicate="intersects").T:
        if owners[one] != owners[other] and is_country(owners[one]) and is_country(owners[other]):
            touching.add((owners[one], owners[other]))
    listed = {(row.code, neighbour) for row in countries() for neighbour in row.neighbours}
    through_kosovo, through_the_golan, at_one_point = ("AL", "RS"), ("IL", "SY"), ("NA", "ZW")
    assert {tuple(sorted(pair)) for pair in listed - touching} == {through_kosovo, through_the_golan}
    assert {tuple(sorted(pair)) for pair in touching - listed} == {at_one_point}


def test_time_zones_exist_in_all_but_two_uninhabited_territories() -> None:
    """Every zone can be loaded; only Bouvet Island and Heard and McDonald Islands have none."""
    assert {row.code for row in countries() if not row.time_zones} == {"BV", "HM"}
    for row in countries():
        for zone in row.time_zones:
            ZoneInfo(zone)


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("UK", "GB"),
        ("EL", "GR"),
        ("kh", "KH"),
        ("KHM", "KH"),
        ("116", "KH"),
        ("Cambodia", "KH"),
        ("Cambodja", "KH"),
        ("Burma", "MM"),
        ("Ivory Coast", "CI"),
        ("Viet Nam", "VN"),
        ("ZR", "CD"),
        (" TH ", "TH"),
    ],
)
def test_a_wrong_code_is_answered_with_the_one_that_was_meant(wrong: str, meant: str) -> None:
    """The error names field, value and the likely code."""
    with pytest.raises(UnknownCountry, match=r"input\.country") as refusal:
        country(wrong, field="input.country")
    assert refusal.value.code == "UNKNOWN_COUNTRY"
    assert refusal.value.value == wrong
    assert refusal.value.facts["suggestions"][0] == meant
    assert meant in (refusal.value.remedy or "")


@pytest.mark.parametrize("nonsense", ["", "X", "XX", "XK", "1", "kk park", "ก", "A" * 1000])
def test_nonsense_is_refused_with_an_example(nonsense: str) -> None:
    """Where nothing is near, the remedy shows what a code looks like."""
    assert suggested_codes(nonsense) == ()
    with pytest.raises(UnknownCountry) as refusal:
        country(nonsense)
    assert "KH for Cambodia" in (refusal.value.remedy or "")


def test_is_country_takes_codes_alone() -> None:
    """Small letters, alpha-3 and reserved codes are none."""
    assert is_country("GB")
    assert not any(map(is_country, ("gb", "GBR", "UK", "XK", "")))
