"""Forbidden local hours: right over every change of the clocks."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from opsplan.geography.errors import UnknownTimeZone
from opsplan.geography.local_time import LocalHours, forbidden_intervals, local_clock
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.interval import Interval

NIGHT = LocalHours.parse("21:00", "06:00")
MINUTE = timedelta(minutes=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shown(zone: str, hours: LocalHours, start: str, end: str) -> list[tuple[str, str]]:
    """Give the intervals as text, to be read at a glance."""
    found = forbidden_intervals(zone, hours, Interval(utc(start), utc(end)))
    return [(f"{each.start:%m-%d %H:%M}", f"{each.end:%m-%d %H:%M}") for each in found]


def test_nights_of_a_zone_without_summer_time() -> None:
    """In Phnom Penh (UTC+7) nights run from 14:00 to 23:00 UTC, cut to the span that was asked for."""
    assert shown("Asia/Phnom_Penh", NIGHT, "2026-11-23T15:00", "2026-11-25T00:00") == [
        ("11-23 15:00", "11-23 23:00"),
        ("11-24 14:00", "11-24 23:00"),
    ]


def test_the_night_in_which_clocks_go_forward_is_an_hour_shorter() -> None:
    """Berlin, 29 March 2026: 21:00 is 20:00 UTC, 06:00 is 04:00 UTC."""
    assert shown("Europe/Berlin", NIGHT, "2026-03-28T12:00", "2026-03-29T12:00") == [("03-28 20:00", "03-29 04:00")]


def test_the_night_in_which_clocks_go_back_is_an_hour_longer() -> None:
    """New York, 1 November 2026: 21:00 is 01:00 UTC, 06:00 is 11:00 UTC."""
    assert shown("America/New_York", NIGHT, "2026-10-31T16:00", "2026-11-01T16:00") == [("11-01 01:00", "11-01 11:00")]


def test_skipped_hours_forbid_nothing() -> None:
    """Between 02:15 and 02:45 there is no time in Berlin on 29 March 2026, and half an hour on the day after."""
    hours = LocalHours.parse("02:15", "02:45")
    assert shown("Europe/Berlin", hours, "2026-03-29T00:00", "2026-03-30T12:00") == [("03-30 00:15", "03-30 00:45")]


def test_hours_that_begin_in_the_gap_begin_after_it() -> None:
    """From 02:30 to 04:00 on that day means from 03:00 on, when the skipped hour is over."""
    hours = LocalHours.parse("02:30", "04:00")
    assert shown("Europe/Berlin", hours, "2026-03-29T00:00", "2026-03-29T12:00") == [("03-29 01:00", "03-29 02:00")]


def test_hours_shown_twice_are_forbidden_twice() -> None:
    """Between 02:15 and 02:45 there are two half hours in Berlin on 25 October 2026."""
    hours = LocalHours.parse("02:15", "02:45")
    assert shown("Europe/Berlin", hours, "2026-10-25T00:00", "2026-10-25T12:00") == [
        ("10-25 00:15", "10-25 00:45"),
        ("10-25 01:15", "10-25 01:45"),
    ]


def test_half_an_hour_of_summer_time() -> None:
    """Lord Howe Island goes back by thirty minutes on 5 April 2026: 21:00 is 10:00 UTC, 06:00 is 19:30."""
    assert shown("Australia/Lord_Howe", NIGHT, "2026-04-04T09:00", "2026-04-05T00:00") == [
        ("04-04 10:00", "04-04 19:30")
    ]


def test_a_day_that_never_was() -> None:
    """Samoa skipped 30 December 2011: the night before ends in the night after."""
    assert shown("Pacific/Apia", NIGHT, "2011-12-29T12:00", "2011-12-31T12:00") == [
        ("12-29 12:00", "12-29 16:00"),
        ("12-30 07:00", "12-30 16:00"),
        ("12-31 07:00", "12-31 12:00"),
    ]


def test_hours_before_the_span_reach_into_it() -> None:
    """A span that begins and ends in one night is forbidden whole."""
    assert shown("Asia/Bangkok", NIGHT, "2026-11-23T18:00", "2026-11-23T18:01") == [("11-23 18:00", "11-23 18:01")]


def test_an_end_is_not_forbidden() -> None:
    """Intervals are half-open: at 06:00 sharp the night is over, and a span of the day alone has none."""
    assert shown("UTC", NIGHT, "2026-11-23T06:00", "2026-11-23T21:00") == []


ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Asia/Phnom_Penh",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Pacific/Apia",
    "Pacific/Chatham",
    "America/St_Johns",
    "Asia/Gaza",
    "UTC",
)
CHANGES = [utc(text) for text in ("2011-12-30T10:00", "2026-03-29T01:00", "2026-10-25T01:00", "2026-04-04T15:00")]


@settings(max_examples=150, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    start=st.one_of(
        st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
        st.builds(
            lambda change, hours: change + timedelta(minutes=hours), st.sampled_from(CHANGES), st.integers(-2000, 60)
        ),
    ),
    minutes=st.integers(1, 3 * 1440),
    hours=st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda pair: pair[0] != pair[1]),
)
@example(zone="Europe/Berlin", start=utc("2026-10-24T23:00"), minutes=600, hours=(150, 149))
def test_intervals_equal_a_scan_minute_by_minute(
    zone: str, start: datetime, minutes: int, hours: tuple[int, int]
) -> None:
    """A minute is in an interval exactly when the clock on the wall shows a forbidden time."""
    start = start.replace(second=0, microsecond=0)
    span = Interval(start, start + minutes * MINUTE)
    forbidden = LocalHours(*hours)
    found = forbidden_intervals(zone, forbidden, span)
    assert all(one.end < other.start for one, other in pairwise(found))
    assert all(span.start <= each.start and each.end <= span.end for each in found)
    wall = ZoneInfo(zone)
    for number in range(minutes):
        instant = start + number * MINUTE
        expected = forbidden.hold(instant.astimezone(wall))
        assert any(each.contains(instant) for each in found) == expected, instant


def test_years_are_scanned_quickly_and_whole() -> None:
    """Ten years have 3,652 nights and one more that is cut at both ends."""
    found = forbidden_intervals("Europe/Paris", NIGHT, Interval(utc("2026-01-01T00:00"), utc("2036-01-01T00:00")))
    assert len(found) == 3653


def test_spans_may_come_in_any_zone() -> None:
    """A span written in another offset gives the same instants, in UTC."""
    other = ZoneInfo("America/Bogota")
    span = Interval(utc("2026-03-28T12:00").astimezone(other), utc("2026-03-29T12:00").astimezone(other))
    (night,) = forbidden_intervals("Europe/Berlin", NIGHT, span)
    assert (night.start, night.end) == (utc("2026-03-28T20:00"), utc("2026-03-29T04:00"))
    assert night.start.tzinfo is UTC


def test_the_local_clock() -> None:
    """19:30 UTC is half past two in the morning in Bangkok."""
    assert f"{local_clock('Asia/Bangkok', utc('2026-11-23T19:30')):%d %H:%M %z}" == "24 02:30 +0700"


def test_an_unknown_zone_is_refused() -> None:
    """A wrong zone is named with the one that was meant."""
    with pytest.raises(UnknownTimeZone, match="Berln"):
        forbidden_intervals("Europe/Berln", NIGHT, Interval(utc("2026-01-01T00:00"), utc("2026-01-02T00:00")))


@pytest.mark.parametrize(
    "text", ["", "24:00", "9:00", "21:60", "21.00", "21:00:00", "noon", " 21:00", "21:00\n", "２１:00"]
)
def test_a_wrong_local_time_is_refused(text: str) -> None:
    """Local times are written HH:MM; the error names field and value."""
    with pytest.raises(Invalid) as refusal:
        LocalHours.parse(text, "06:00")
    assert (refusal.value.field, refusal.value.value) == ("from_local", text)


@pytest.mark.parametrize("pair", [(0, 0), (-1, 5), (0, 1440)])
def test_wrong_hours_are_refused(pair: tuple[int, int]) -> None:
    """Equal ends and minutes that no day has are no hours."""
    with pytest.raises(Invalid):
        LocalHours(*pair)
