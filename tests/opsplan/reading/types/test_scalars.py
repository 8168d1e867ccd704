"""Scalars take what the graph stores and refuse the rest with a remedy."""

from datetime import UTC, datetime, timedelta

import pytest
from graphql import GraphQLError

from opsplan.reading.types import scalars
from opsplan.vocabulary.place import GeoPoint


@pytest.mark.parametrize(
    ("scalar", "given", "stored"),
    [
        (scalars.DateTimeText, "2026-12-01T11:00:00+07:00", "2026-12-01T04:00:00.000Z"),
        (scalars.DateTimeText, "2026-12-01T04:00:00Z", "2026-12-01T04:00:00.000Z"),
        (scalars.LocalTimeText, "21:30", "21:30"),
        (scalars.DurationMinutes, "PT2H30M", 150),
        (scalars.DurationMinutes, "P1D", 1440),
        (scalars.CountryCodeText, "kh", "KH"),
        (scalars.LanguageCodeText, "KM", "km"),
        (scalars.TimeZoneName, "Asia/Phnom_Penh", "Asia/Phnom_Penh"),
        (GeoPoint, {"longitude": 104.9, "latitude": 11.6}, GeoPoint(104.9, 11.6)),
        (scalars.JsonValue, {"a": [1, None]}, {"a": [1, None]}),
    ],
)
def test_a_value_becomes_what_is_stored(scalar: object, given: object, stored: object) -> None:
    """Each scalar's input is the stored value in its canonical form."""
    parse = scalars.SCALARS[scalar].parse_value
    assert parse is not None
    assert parse(given) == stored


@pytest.mark.parametrize(
    ("scalar", "given", "word"),
    [
        (scalars.DateTimeText, "2026-12-01T04:00:00", "zone"),
        (scalars.DateTimeText, "tomorrow", "ISO 8601"),
        (scalars.DateTimeText, 1_700_000_000, "ISO 8601"),
        (scalars.LocalTimeText, "25:00", "21:30"),
        (scalars.DurationMinutes, 90, "PT2H"),
        (scalars.DurationMinutes, "PT1S", "whole minutes"),
        (scalars.DurationMinutes, "P1M", "month"),
        (scalars.CountryCodeText, "KHM", "KH"),
        (scalars.CountryCodeText, "XX", "country code"),
        (scalars.LanguageCodeText, "Khmer", "km"),
        (scalars.TimeZoneName, "Phnom Penh", "IANA"),
        (GeoPoint, {"longitude": 11.6, "latitude": 104.9}, "swapped"),
        (GeoPoint, {"longitude": 181, "latitude": 0}, "-180 to 180"),
        (GeoPoint, {"lon": 1, "lat": 2}, "longitude"),
    ],
)
def test_a_wrong_value_is_refused_with_a_remedy(scalar: object, given: object, word: str) -> None:
    """A naive instant, a month as a duration, an unknown country, swapped coordinates: each says what to do."""
    parse = scalars.SCALARS[scalar].parse_value
    assert parse is not None
    with pytest.raises(GraphQLError, match=word):
        parse(given)


@pytest.mark.parametrize(
    ("scalar", "value", "shown"),
    [
        (scalars.DateTimeText, datetime(2026, 12, 1, 4, tzinfo=UTC), "2026-12-01T04:00:00.000Z"),
        (scalars.DateTimeText, "2026-12-01T04:00:00.000Z", "2026-12-01T04:00:00.000Z"),
        (scalars.DurationMinutes, 150, "PT2H30M"),
        (scalars.DurationMinutes, timedelta(hours=3), "PT3H"),
        (GeoPoint, GeoPoint(1.0, 2.0), {"longitude": 1.0, "latitude": 2.0}),
    ],
)
def test_a_value_of_an_ordinary_resolver_is_shown_alike(scalar: object, value: object, shown: object) -> None:
    """What other rooms' resolvers give looks as compiled reads show it."""
    serialize = scalars.SCALARS[scalar].serialize
    assert serialize is not None
    assert serialize(value) == shown
