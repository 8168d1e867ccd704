"""Spans of duty and their gaps against a minute by minute reading of the wall clock, over changes of clocks too."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsplan.graph.driver import Graph
from opsplan.jurisdiction.model import Weekday
from opsplan.jurisdiction.rota import Shift, gaps, on_duty

ZONES = ("UTC", "Asia/Phnom_Penh", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu")
CHANGES = (
    datetime(2026, 3, 8, 6, tzinfo=UTC),
    datetime(2026, 10, 25, tzinfo=UTC),
    datetime(2026, 4, 4, 12, tzinfo=UTC),
)
CLOCKS = st.builds(lambda hour, minute: f"{hour:02}:{minute:02}", st.integers(0, 23), st.sampled_from((0, 15, 30, 59)))
SHIFTS = st.builds(
    Shift,
    zone=st.sampled_from(ZONES),
    from_local=CLOCKS,
    until_local=CLOCKS,
    days=st.lists(st.sampled_from([day.name for day in Weekday]), max_size=3, unique=True).map(tuple),
)


def is_on(shift: Shift, at: datetime) -> bool:
    """Read the wall clock of the post at one instant."""
    clock = at.astimezone(ZoneInfo(shift.zone))
    now, today = f"{clock:%H:%M}", f"{clock:%A}".upper()
    yesterday = f"{clock.date() - timedelta(days=1):%A}".upper()
    wanted = shift.days or tuple(day.name for day in Weekday)
    if shift.from_local < shift.until_local:
        return shift.from_local <= now < shift.until_local and today in wanted
    return (now >= shift.from_local and today in wanted) or (now < shift.until_local and yesterday in wanted)


@pytest.mark.requirement("P2")
@settings(deadline=None)
@given(shifts=st.lists(SHIFTS, max_size=3), around=st.sampled_from(CHANGES), hours=st.integers(1, 40))
def test_gaps_are_the_minutes_without_anybody(shifts: list[Shift], around: datetime, hours: int) -> None:
    """Every few minutes: a gap is where no shift shows on its own clock, and nowhere else."""
    start, end = around - timedelta(hours=hours), around + timedelta(hours=hours)
    found = gaps(shifts, start, end)
    assert all(start <= first < last <= end for first, last in found)
    assert all(one[1] < two[0] for one, two in pairwise(found))
    at = start
    while at < end:
        in_gap = any(first <= at < last for first, last in found)
        assert in_gap != any(is_on(shift, at) for shift in shifts), at
        at += timedelta(minutes=7)


@pytest.mark.requirement("P2")
def test_a_night_is_longer_when_clocks_go_back() -> None:
    """In the night in which New York's clocks go back a shift of eight hours takes nine, in spring seven."""
    night = Shift("America/New_York", "22:00", "06:00", ("SATURDAY",))
    autumn = on_duty(night, datetime(2026, 10, 31, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC))
    assert sum((last - first for first, last in autumn), timedelta()) == timedelta(hours=9)
    spring = on_duty(night, datetime(2026, 3, 7, 6, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC))
    assert sum((last - first for first, last in spring), timedelta()) == timedelta(hours=7)


def test_a_shift_is_on_the_rota_from_when_until_when() -> None:
    """Before it begins to hold and after it has ended, a shift covers nothing."""
    start = datetime(2026, 12, 1, tzinfo=UTC)
    always = Shift("UTC", "00:00", "00:00", (), start + timedelta(hours=3), start + timedelta(hours=5))
    assert gaps([always], start, start + timedelta(hours=8)) == (
        (start, start + timedelta(hours=3)),
        (start + timedelta(hours=5), start + timedelta(hours=8)),
    )


async def test_the_server_knows_every_zone(graph: Graph) -> None:
    """Whatever zone a contact point may name, Neo4j reckons in it as Python does, in January and in July."""
    names = sorted(name for name in available_timezones() if "/" in name or name == "UTC")
    for at in (datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC)):
        rows = await graph.read_rows(
            "UNWIND $names AS name "
            "RETURN name, toString(localdatetime(datetime({datetime: datetime($at), timezone: name})))",
            {"names": names, "at": at.isoformat()},
        )
        theirs = {name: datetime.fromisoformat(text) for name, text in rows}
        ours = {name: at.astimezone(ZoneInfo(name)).replace(tzinfo=None) for name in names}
        assert {name for name in names if theirs[name] != ours[name]} == set()
