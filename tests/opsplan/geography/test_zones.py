"""Time zones: names, other names, the sea."""

import pytest

from opsplan.geography.errors import UnknownTimeZone
from opsplan.geography.zones import canonical, known_zone, nautical_zone, zones_by_country


def test_a_known_zone_is_given() -> None:
    """An IANA name gives its zone, other names of it too."""
    assert known_zone("Asia/Phnom_Penh").key == "Asia/Phnom_Penh"
    assert known_zone("Asia/Saigon").key == "Asia/Saigon"
    assert canonical("Asia/Saigon") == canonical("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("Bangkok", "Asia/Bangkok"), ("Asia/Phnom Penh", "Asia/Phnom_Penh"), ("Europe/Berln", "Europe/Berlin")],
)
def test_a_wrong_zone_is_answered_with_the_one_that_was_meant(wrong: str, meant: str) -> None:
    """The error names field, value and the likely zone."""
    with pytest.raises(UnknownTimeZone, match="site zone") as refusal:
        known_zone(wrong, field="site zone")
    assert refusal.value.facts["suggestions"][0] == meant
    assert refusal.value.value == wrong


@pytest.mark.parametrize("nonsense", ["", "../../etc/passwd", "/etc/localtime", "Factory", "+07:00"])
def test_no_path_or_offset_is_taken_for_a_zone(nonsense: str) -> None:
    """Only names of the database are zones: a path reads no file."""
    with pytest.raises(UnknownTimeZone):
        known_zone(nonsense)


def test_ships_keep_the_zone_of_their_longitude() -> None:
    """Nautical zones are fifteen degrees wide, with POSIX signs, and exist."""
    assert [nautical_zone(longitude) for longitude in (-180.0, -7.6, 0.0, 7.4, 7.6, 104.9, 180.0)] == [
        "Etc/GMT+12",
        "Etc/GMT+1",
        "Etc/GMT",
        "Etc/GMT",
        "Etc/GMT-1",
        "Etc/GMT-7",
        "Etc/GMT-12",
    ]
    for longitude in range(-180, 181):
        known_zone(nautical_zone(float(longitude)))


def test_the_zone_table_is_read_whole() -> None:
    """The large countries have all their zones, the small ones theirs."""
    assert len(zones_by_country()["RU"]) > 20
    assert zones_by_country()["SG"] == ("Asia/Singapore",)
    assert len(zones_by_country()) == 247
