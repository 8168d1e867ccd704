"""Tests of rows: what is missing, unknown, of the wrong noun, or broken between two fields is told by name."""

import time
from typing import Any

import pytest

from opsplan.nouns import CATALOGUE
from opsplan.records.check import check_row
from opsplan.vocabulary.place import GeoPoint
from tests.opsplan.records.world import noun

COMPOUND = {"name": "Heron Court", "location": "104.92, 11.56"}
ACTION = {
    "name": "Raid",
    "kind": "RAID",
    "operation": "operation_0",
    "window_start": "2026-12-01T04:00:00Z",
    "window_end": "2026-12-01T16:00:00Z",
}


def sentences(name: str, given: dict[str, Any], **options: Any) -> list[str]:
    """Give the problems of a row in words."""
    return [problem.sentence for problem in check_row(noun(name), given, **options)[1]]


def test_a_right_row_gives_stored_values() -> None:
    """A row that is right gives stored values and no problem; what is not given is not there."""
    row, problems = check_row(noun("Compound"), {**COMPOUND, "capacity": "400", "country": "kh", "external_id": 17})
    assert problems == []
    assert row == {
        "name": "Heron Court",
        "location": GeoPoint(104.92, 11.56),
        "capacity": 400,
        "country": "country_kh",
        "external_id": "17",
    }


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("Compound", {"location": [1, 2]}, "row 3, column name: it is required and missing; give it, such as"),
        ("Compound", {**COMPOUND, "name": " \u00a0"}, "row 3, column name: it is required and missing; give it"),
        ("Compound", {"name": "Heron"}, 'location: it is required and missing; give it, such as {"latitude":'),
        ("Compound", {**COMPOUND, "locaton": 1}, "row 3, column locaton: Compound has no field 'locaton'; did you"),
        ("Compound", {**COMPOUND, "version": 2}, "row 3, column version: the service keeps it itself; leave it out"),
        ("Compound", {**COMPOUND, "links_from": []}, "the other record holds this reference; give it there"),
        ("Compound", {**COMPOUND, "country": "KHM"}, "'KHM' is no ISO 3166-1 alpha-2 country code; did you mean KH?"),
        ("Compound", {**COMPOUND, "country": "XX"}, "'XX' is no ISO 3166-1 alpha-2 country code; give a code such"),
        ("Compound", {**COMPOUND, "id": "target_0"}, "'target_0' is no id of a Compound"),
        ("Action", {**ACTION, "operation": "target_0"}, "is an id of another kind of record; give an id such as oper"),
        ("Action", {**ACTION, "group": "some group"}, "neither an id nor a key"),
        ("Action", {**ACTION, "targets": ["target_0", "compound_0"]}, "entry 2: 'compound_0' is an id of another"),
        ("Action", {**ACTION, "window_end": "2026-12-01T04:00:00Z"}, "window_end: 2026-12-01T04:00:00.000Z is not af"),
        ("Action", {**ACTION, "state": "GONE"}, "state: 'GONE' is unknown; did you mean DONE?"),
        ("VictimEstimate", {"low": 5, "likely": 4, "high": 9, "as_of": "2026-11-01T00:00:00Z"}, "compound: it is req"),
        ("Unit", {"type": 5}, "5 is above 4; give 1 to 4"),
        ("Agency", {"code": "kh ncb"}, "has not the form"),
    ],
)
def test_a_wrong_row_is_told_by_name(name: str, given: dict[str, Any], said: str) -> None:
    """Each thing that is wrong with a row names its field as the caller knows it, and what to do."""
    assert any(said in sentence for sentence in sentences(name, given, path="row 3, column "))


def test_rules_over_the_whole_row_are_applied() -> None:
    """An estimate whose figures do not rise is refused on the field that is out of order."""
    given = {"low": 5, "likely": 4, "high": 9, "as_of": "2026-11-01T00:00:00Z", "compound": "/C1", "nationality": "VN"}
    assert sentences("VictimEstimate", given, path="input") == [
        "input.likely: 4 is not between low 5 and high 9; give low <= likely <= high"
    ]


def test_all_problems_of_a_row_are_told_at_once() -> None:
    """A caller who made four mistakes hears of four."""
    given = {"location": "11.6, 104.9", "status": "OPEN", "capacity": -1}
    assert len(sentences("Compound", given)) == 4


@pytest.mark.parametrize(
    ("given", "stored"),
    [("KH-NCB", "KH-NCB"), ("KH-NCB/C-17", "KH-NCB/C-17"), ("/C/17", "/C/17"), ("country_kh", "country_kh")],
)
def test_references_may_be_ids_keys_or_external_ids(given: str, stored: str) -> None:
    """A reference stands as it was given until the writer finds the record; a country's code is its id."""
    union = {"basis": "CONSENT", "instrument": "x", "start": "2026-11-01T00:00:00Z", "agency": "KH-NCB"}
    row, problems = check_row(noun("Jurisdiction"), {**union, "over": given})
    assert problems == []
    assert row["over"] == stored


def test_a_change_asks_for_nothing_and_removes_with_none() -> None:
    """In a change only what is given counts: None removes, but not what is required."""
    row, problems = check_row(noun("Compound"), {"capacity": None, "notes": ""}, partial=True)
    assert (row, problems) == ({"capacity": None, "notes": None}, [])
    assert sentences("Compound", {"name": None}, partial=True) == [
        "name: it is required and cannot be removed; give a value"
    ]


def test_what_is_pinned_at_creation_is_refused_in_a_change() -> None:
    """An external id and a reference that belong to the creation cannot be given in a change."""
    assert "given at creation only" in sentences("Compound", {"external_id": "C2"}, partial=True)[0]
    assert "given at creation only" in sentences("Action", {"operation": "operation_0"}, partial=True)[0]


def test_every_nouns_own_example_is_right() -> None:
    """The examples that templates are made of pass the checks of their own noun."""
    for each in CATALOGUE:
        if each.entered:
            given = {one.name: one.example for one in each.entered_properties if one.example is not None}
            problems = check_row(each, given, partial=True)[1]
            assert not [one for one in problems if "at creation only" not in one.message], each.name


def test_a_million_rows_are_checked_in_tens_of_seconds() -> None:
    """A row of ten columns costs well under a tenth of a millisecond, so a million take about a minute at worst."""
    given = {**COMPOUND, "status": "CONFIRMED", "aliases": "a;b", "capacity": "400", "country": "KH", "source": "x"}
    began = time.process_time()
    for _ in range(5_000):
        check_row(noun("Compound"), given, path="row 3, column ")
    assert time.process_time() - began < 5_000 * 100e-6
