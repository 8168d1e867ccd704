"""A host's part of a plan: what is in it, and that nothing else is."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from opsplan.scheduling.consent.parts import (
    BindingGroup,
    PlannedPart,
    SentUnit,
    action_ids,
    fingerprint,
    part_documents,
)

COUNTRIES = ("KH", "TH", "VN", None)
START = datetime(2026, 12, 1, tzinfo=UTC)
GROUPS = (BindingGroup("group_1", "Doors", 15), BindingGroup("group_2", "Money", 60))
AUTHORITIES = {country: (f"agency_{country}",) for country in COUNTRIES if country is not None}

_units = st.lists(
    st.builds(
        SentUnit, st.sampled_from([f"unit_{n}" for n in range(9)]), st.text(max_size=5), st.sampled_from(COUNTRIES)
    ),
    max_size=4,
    unique_by=lambda unit: unit.id,
).map(tuple)


@st.composite
def plans(draw: st.DrawFn) -> list[PlannedPart]:
    """Plans of up to eight actions in three countries and at sea."""
    rows = []
    for number in range(draw(st.integers(1, 8))):
        start = START + timedelta(minutes=5 * draw(st.integers(0, 500)))
        rows.append(
            PlannedPart(
                f"action_{number}",
                draw(st.text(max_size=8)),
                draw(st.sampled_from(["RAID", "ARREST"])),
                draw(st.none() | st.tuples(st.floats(-180, 180), st.floats(-90, 90))),
                draw(st.sampled_from(COUNTRIES)),
                f"mode_{number}",
                "Mode",
                start,
                start + timedelta(minutes=draw(st.integers(1, 300))),
                draw(st.sampled_from([None, "group_1", "group_2"])),
                draw(_units),
            )
        )
    return rows


def documents(rows: list[PlannedPart]) -> dict[str, str]:
    """Give each country's document."""
    made = part_documents("operation_1", rows, GROUPS, AUTHORITIES)
    return {country: document for (country, _), document in made.items()}


def concerns(row: PlannedPart) -> set[str | None]:
    """Tell, another way than the code does, whose part an action is in."""
    return {row.country} | {unit.country for unit in row.units}


def begins(rows: list[PlannedPart]) -> dict[str | None, datetime]:
    """Give when each group begins."""
    return {group: min(row.start for row in rows if row.group_id == group) for group in {row.group_id for row in rows}}


@pytest.mark.requirement("P4")
@given(plans(), st.data())
def test_a_part_is_the_same_whatever_others_change(rows: list[PlannedPart], data: st.DataObject) -> None:
    """Any change of one action leaves the fingerprints of all countries alone that it does not concern, neither before
    nor after, but for the times of the groups that bind their own actions."""
    place = data.draw(st.integers(0, len(rows) - 1))
    other = data.draw(plans())[0]
    changed = replace(other, action_id=rows[place].action_id)
    after = [*rows[:place], changed, *rows[place + 1 :]]
    touched = concerns(rows[place]) | concerns(changed)
    moved = {group for group in begins(rows) | begins(after) if begins(rows).get(group) != begins(after).get(group)}
    one, two = documents(rows), documents(after)
    for country in AUTHORITIES:
        bound = {row.group_id for row in rows if country in concerns(row)} & (moved - {None})
        if country not in touched and not bound:
            assert one.get(country) == two.get(country)


@pytest.mark.requirement("P4")
@given(plans(), st.data())
def test_a_part_tells_every_change_of_its_own(rows: list[PlannedPart], data: st.DataObject) -> None:
    """Time, place, kind, name, mode and units of an action on its soil, and the times of its own units abroad, are in a
    country's fingerprint."""
    place = data.draw(st.integers(0, len(rows) - 1))
    row = rows[place]
    later = row.start + timedelta(minutes=5)
    changed = data.draw(
        st.sampled_from(
            [
                replace(row, start=later),
                replace(row, end=row.end + timedelta(minutes=5)),
                replace(row, kind="SEARCH"),
                replace(row, name=f"{row.name}!"),
            ]
        )
    )
    after = [*rows[:place], changed, *rows[place + 1 :]]
    one, two = documents(rows), documents(after)
    for country in concerns(row) - {None}:
        assert fingerprint(one[str(country)]) != fingerprint(two[str(country)])
    if row.country is not None:
        for own in (replace(row, mode_id="mode_other"), replace(row, point=(1.5, 2.5)), replace(row, units=())):
            if own != row:
                there = documents([*rows[:place], own, *rows[place + 1 :]])
                assert one[row.country] != there[row.country]


@given(plans())
def test_a_document_is_canonical_and_in_no_order_of_chance(rows: list[PlannedPart]) -> None:
    """It is RFC 8785's text of itself, and the same for rows in any order."""
    for document in documents(rows).values():
        assert rfc8785.dumps(json.loads(document)).decode() == document
    assert documents(rows) == documents(rows[::-1])


def test_what_a_part_holds() -> None:
    """Own soil whole, own units abroad with nobody else's, the group that binds, nothing beside."""
    at_home = PlannedPart(
        "action_1",
        "Raid Heron",
        "RAID",
        (104.92, 11.56),
        "KH",
        "mode_1",
        "By day",
        START,
        START + timedelta(hours=2),
        "group_1",
        (SentUnit("unit_2", "Lotus", "TH"), SentUnit("unit_1", "Naga", "KH")),
    )
    abroad = replace(
        at_home, action_id="action_2", name="Raid Crane", country="TH", start=START + timedelta(minutes=10)
    )
    elsewhere = replace(at_home, action_id="action_3", country="VN", units=(), group_id="group_2")
    part = json.loads(documents([elsewhere, abroad, at_home])["KH"])
    assert [each["actionId"] for each in part["actions"]] == ["action_1"]
    assert [each["unitId"] for each in part["actions"][0]["units"]] == ["unit_1", "unit_2"]
    assert [(each["actionId"], each["country"]) for each in part["abroad"]] == [("action_2", "TH")]
    assert [each["unitId"] for each in part["abroad"][0]["units"]] == ["unit_1"]
    assert part["groups"] == [
        {"groupId": "group_1", "name": "Doors", "start": "2026-12-01T00:00:00.000Z", "toleranceMinutes": 15}
    ]
    assert action_ids(part) == {"action_1", "action_2"}
    assert part["authorityId"] == "agency_KH"
