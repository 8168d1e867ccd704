"""Tests of values: each kind takes what its declaration says, in every form, and refuses the rest with a remedy."""

import math
from datetime import UTC, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsplan.records import values
from opsplan.records.check import to_stored
from opsplan.records.declaration import Kind, Property
from opsplan.records.values import Wrong
from opsplan.targets.model import CompoundStatus, SchemeType
from opsplan.vocabulary.clock import instant_from_text
from opsplan.vocabulary.place import GeoPoint


def of(kind: Kind, **facts: Any) -> Any:
    """Give the function for a property of a kind."""
    return to_stored(Property("value", kind, "A value.", **facts))


RIGHT = [
    (of(Kind.TEXT), "  Heron Court ", "Heron Court"),
    (of(Kind.TEXT), "Cafe\u0301", "Café"),
    (of(Kind.TEXT), "ភ្នំពេញ", "ភ្នំពេញ"),
    (of(Kind.TEXT), 4711, "4711"),
    (of(Kind.TEXT), 4711.0, "4711"),
    (of(Kind.LONG_TEXT), "one\r\ntwo\tthree", "one\ntwo\tthree"),
    (of(Kind.TEXT_LIST), ["a", "b", "a"], ["a", "b"]),
    (of(Kind.TEXT_LIST), r"one; two\; and a half;", ["one", "two; and a half"]),
    (of(Kind.INTEGER), "40", 40),
    (of(Kind.INTEGER), 40.0, 40),
    (of(Kind.FLOAT), "11.5", 11.5),
    (of(Kind.FLOAT), 11, 11.0),
    (of(Kind.FLOAT, decimals=2, maximum=1e6), "0.29", 0.29),
    (of(Kind.BOOLEAN), "Yes", True),
    (of(Kind.BOOLEAN), 0, False),
    (of(Kind.INSTANT), "2026-12-01T04:00:00Z", "2026-12-01T04:00:00.000Z"),
    (of(Kind.INSTANT), "2026-12-01 11:00+07:00", "2026-12-01T04:00:00.000Z"),
    (of(Kind.INSTANT), "2026-12-01T04:00:00.123456z", "2026-12-01T04:00:00.123Z"),
    (of(Kind.INSTANT), datetime(2026, 12, 1, 4, tzinfo=UTC), "2026-12-01T04:00:00.000Z"),
    (of(Kind.LOCAL_TIME), "21:30", "21:30"),
    (of(Kind.LOCAL_TIME), time(6, 0), "06:00"),
    (of(Kind.MINUTES), "PT2H", 120),
    (of(Kind.MINUTES), "P1DT1H30M", 1530),
    (of(Kind.MINUTES), "P2W", 20160),
    (of(Kind.MINUTES), "PT90S".replace("90", "120"), 2),
    (of(Kind.MINUTES), "45", 45),
    (of(Kind.MINUTES), 45, 45),
    (of(Kind.MINUTES), timedelta(hours=1), 60),
    (of(Kind.POINT), {"longitude": "104.9", "latitude": 11.6}, GeoPoint(104.9, 11.6)),
    (of(Kind.POINT), "104.9, 11.6", GeoPoint(104.9, 11.6)),
    (of(Kind.POINT), [104.9, 11.6], GeoPoint(104.9, 11.6)),
    (of(Kind.POINT), GeoPoint(104.9, 11.6), GeoPoint(104.9, 11.6)),
    (of(Kind.CHOICE, choices=CompoundStatus), "confirmed", "CONFIRMED"),
    (of(Kind.CHOICE, choices=SchemeType), "voice phishing", "VOICE_PHISHING"),
    (of(Kind.CHOICE_LIST, choices=SchemeType), "ROMANCE;task-job", ["ROMANCE", "TASK_JOB"]),
    (of(Kind.COUNTRY_CODES), "kh;TH", ["KH", "TH"]),
    (of(Kind.LANGUAGES), ["km", "EN", "khm"], ["km", "en", "khm"]),
    (of(Kind.ZONES), ["Asia/Phnom_Penh"], ["Asia/Phnom_Penh"]),
    (of(Kind.JSON), {"b": 1, "a": [None]}, '{"a":[null],"b":1}'),
    (of(Kind.JSON), '{"b": 1}', '{"b":1}'),
]


@pytest.mark.parametrize(("stored", "raw", "expected"), RIGHT)
def test_a_value_is_stored_as_its_kind_says(stored: Any, raw: Any, expected: Any) -> None:
    """Every form in which a value may come is stored as the one form of its kind."""
    got = stored(raw)
    assert got == expected
    assert type(got) is type(expected)


WRONG = [
    (of(Kind.TEXT), "a\x00b", "U+0000"),
    (of(Kind.TEXT), "a\x1bb", "U+001B"),
    (of(Kind.TEXT), "\ud800", "U+D800"),
    (of(Kind.TEXT), "a\ufffe", "U+FFFE"),
    (of(Kind.TEXT), "two\nlines", "line break"),
    (of(Kind.TEXT, max_length=3), "four", "at most 3 characters"),
    (of(Kind.TEXT, pattern="[a-z]+"), "A", "of the form [a-z]+"),
    (of(Kind.TEXT), True, "give a text"),
    (of(Kind.TEXT), ["a"], "give a text"),
    (of(Kind.TEXT_LIST), 7, "no list"),
    (of(Kind.TEXT_LIST, max_length=2), ["a", "b", "c"], "at most 2"),
    (of(Kind.TEXT_LIST), ["a", None], "entry 2 is empty"),
    (of(Kind.TEXT_LIST), ["a", "b\x00"], "entry 2: it holds the character U+0000"),
    (of(Kind.INTEGER), "4.5", "no whole number"),
    (of(Kind.INTEGER), True, "no whole number"),
    (of(Kind.INTEGER), "9" * 19, "no whole number"),
    (of(Kind.INTEGER, minimum=0, maximum=10), -1, "give 0 to 10"),
    (of(Kind.INTEGER, maximum=1_000_000), 2_000_000, "give 1,000,000 or less"),
    (of(Kind.FLOAT), "nan", "no number"),
    (of(Kind.FLOAT), math.inf, "no number"),
    (of(Kind.FLOAT, decimals=2, maximum=1e6), 0.295, "more than 2 decimals"),
    (of(Kind.FLOAT), "1_0", "no number"),
    (of(Kind.BOOLEAN), "perhaps", "give true or false"),
    (of(Kind.BOOLEAN), 2, "give true or false"),
    (of(Kind.INSTANT), "2026-12-01T04:00:00", "has no time zone"),
    (of(Kind.INSTANT), datetime(2026, 12, 1), "has no time zone"),
    (of(Kind.INSTANT), "2026-02-30T04:00:00Z", "no instant of the calendar"),
    (of(Kind.INSTANT), "1 December 2026", "no instant"),
    (of(Kind.INSTANT), 20261201, "no instant"),
    (of(Kind.INSTANT), "9999-12-31T23:00:00-05:00", "outside the years"),
    (of(Kind.LOCAL_TIME), "24:00", "no local time"),
    (of(Kind.LOCAL_TIME), "21:30Z", "no local time"),
    (of(Kind.MINUTES), "P1M", "no fixed length"),
    (of(Kind.MINUTES), "PT30S", "whole minutes"),
    (of(Kind.MINUTES), "PT", "no duration"),
    (of(Kind.MINUTES), -5, "no duration"),
    (of(Kind.MINUTES, minimum=60, maximum=120), "PT10M", "give PT1H to PT2H"),
    (of(Kind.POINT), [11.6, 104.9], "the two look swapped"),
    (of(Kind.POINT), {"longitude": 181, "latitude": 0}, "longitude 181 is outside -180 to 180"),
    (of(Kind.POINT), {"lon": 1, "lat": 2}, "has not exactly longitude and latitude"),
    (of(Kind.POINT), "104.9", "is no point"),
    (of(Kind.POINT), "a,b", "no number"),
    (of(Kind.CHOICE, choices=CompoundStatus), "CONFRIMED", "did you mean CONFIRMED?"),
    (of(Kind.CHOICE, choices=CompoundStatus), 7, "give one of SUSPECTED"),
    (of(Kind.COUNTRY_CODES), ["KHM"], "did you mean KH?"),
    (of(Kind.COUNTRY_CODES), "Cambodia", "did you mean KH?"),
    (of(Kind.COUNTRY_CODES), ["UK"], "did you mean GB?"),
    (of(Kind.COUNTRY_CODES), ["ZZ"], "no ISO 3166-1"),
    (of(Kind.LANGUAGES), ["Khmer"], "did you mean km?"),
    (of(Kind.ZONES), ["Asia/Pnom_Penh"], "did you mean Asia/Phnom_Penh?"),
    (of(Kind.JSON), "{", "is no JSON"),
    (of(Kind.JSON), {"a": math.nan}, "cannot be written as JSON"),
]


@pytest.mark.parametrize(("stored", "raw", "said"), WRONG)
def test_a_wrong_value_is_refused_with_a_remedy(stored: Any, raw: Any, said: str) -> None:
    """What no kind stores is refused, and the words say what is wrong or what to do."""
    with pytest.raises(Wrong) as refused:
        stored(raw)
    assert said in f"{refused.value.message}; {refused.value.remedy}"
    assert refused.value.remedy


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)))
def test_lists_survive_their_way_through_one_text(parts: list[str]) -> None:
    """A list written into a cell and parted again is the same list, whatever stands in it."""
    assert values.parted(values.joined(parts)) == parts


@given(st.integers(0, 10**7))
def test_minutes_survive_their_way_through_iso_8601(minutes: int) -> None:
    """A duration written as text and read again is the same number of minutes."""
    assert of(Kind.MINUTES)(values.duration_text(minutes)) == minutes


@given(st.datetimes(datetime(1900, 1, 1), datetime(2900, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_instants_are_the_same_instant_in_any_zone(naive: datetime, offset_minutes: int) -> None:
    """An instant keeps its milliseconds in UTC, whatever offset it came with, and sorts as text like time."""
    instant = naive.replace(
        tzinfo=timezone(timedelta(minutes=offset_minutes)), microsecond=naive.microsecond // 1000 * 1000
    )
    stored = of(Kind.INSTANT)(instant.isoformat())
    assert instant_from_text(stored) == instant
    assert stored == of(Kind.INSTANT)(instant)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner)))
def test_no_raw_value_breaks_a_check(raw: Any) -> None:
    """Whatever JSON value a caller sends, a check gives a value or a refusal in words, never another failure."""
    for kind in Kind:
        choices = CompoundStatus if kind in (Kind.CHOICE, Kind.CHOICE_LIST) else None
        try:
            of(kind, choices=choices)(raw)
        except Wrong as wrong:
            (wrong.message + wrong.remedy).encode()
