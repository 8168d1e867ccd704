"""Tests of the rules of compounds and links, pure and through the writer."""

from typing import Any

import pytest

from opsplan.records.laws import Draft
from opsplan.targets.rules import fill_compound, fill_link
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.place import GeoPoint
from tests.opsplan.records.conftest import world as world  # the fixture
from tests.opsplan.records.world import World

PHNOM_PENH, VIENTIANE_BRIDGE, MID_PACIFIC = GeoPoint(104.92, 11.56), GeoPoint(102.6, 17.96), GeoPoint(-140.0, -40.0)
BOTH_BANKS = ["country_la", "country_th"]


def filled(given: set[str] | None = None, **row: Any) -> tuple[dict[str, Any], list[str]]:
    """Fill a compound's row; all of it is given unless said otherwise."""
    draft = Draft(row, frozenset(row if given is None else given), {}, is_new=given is None)
    values, problems = fill_compound(draft)
    return values, [problem.sentence for problem in problems]


@pytest.mark.parametrize(
    ("row", "country", "candidates"),
    [
        ({"location": PHNOM_PENH}, "country_kh", []),
        ({"location": PHNOM_PENH, "country": "country_kh"}, "country_kh", []),
        ({"location": VIENTIANE_BRIDGE}, None, BOTH_BANKS),
        ({"location": VIENTIANE_BRIDGE, "country": "country_th"}, "country_th", []),
        ({"location": VIENTIANE_BRIDGE, "country": None}, None, BOTH_BANKS),
        ({"location": MID_PACIFIC}, None, []),
    ],
)
def test_the_country_follows_from_the_point(row: dict[str, Any], country: str | None, candidates: list[str]) -> None:
    """Far from borders it is certain; near one all candidates stand, unless the caller decides among them."""
    assert filled(**row) == ({"country": country, "candidate_countries": candidates}, [])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            {"location": PHNOM_PENH, "country": "country_th"},
            "country: TH is given, but longitude 104.92, latitude 11.56 lies in KH; correct the point or the country, ",
        ),
        ({"location": VIENTIANE_BRIDGE, "country": "country_vn"}, "lies in LA or TH"),
        ({"location": MID_PACIFIC, "country": "country_fr"}, "lies on the high seas"),
    ],
)
def test_a_country_where_the_point_cannot_lie_is_refused(row: dict[str, Any], said: str) -> None:
    """The refusal names the country given, the point, and where it lies."""
    assert said in filled(**row)[1][0]


def test_a_decision_stands_while_it_is_possible() -> None:
    """A country decided before is kept when the point moves along the border, and falls when it moves away."""
    moved = GeoPoint(102.61, 17.96)
    kept = filled({"location"}, location=moved, country="country_th")[0]
    assert kept == {"country": "country_th", "candidate_countries": []}
    assert filled({"location"}, location=PHNOM_PENH, country="country_th")[0]["country"] == "country_kh"
    assert filled({"name"}, location=PHNOM_PENH, country="country_th") == ({}, [])


def test_a_link_joins_two_records() -> None:
    """A record is not linked to itself."""
    same = Draft({"from": "target_0", "to": "target_0"}, frozenset({"from", "to"}), {}, is_new=True)
    assert fill_link(same)[1][0].sentence == "to: both ends are target_0; link two different records"
    other = Draft({"from": "target_0", "to": "target_1"}, frozenset({"from", "to"}), {}, is_new=True)
    assert fill_link(other) == ({}, [])


async def test_candidates_stand_in_the_graph_until_the_country_is_decided(world: World) -> None:
    """A compound on the river may lie in both countries; when one is named, it lies there and the candidates go."""
    compound = await world.compound(location=(102.6, 17.96))
    assert await world.referred(compound, "LIES_IN") == []
    assert await world.referred(compound, "MAY_LIE_IN") == BOTH_BANKS
    await world.change("Compound", compound, country="country_th")
    assert await world.referred(compound, "LIES_IN") == ["country_th"]
    assert await world.referred(compound, "MAY_LIE_IN") == []
    with pytest.raises(Invalid):
        await world.change("Compound", compound, country="country_vn")
    await world.change("Compound", compound, location=PHNOM_PENH)
    assert await world.referred(compound, "LIES_IN") == ["country_kh"]
