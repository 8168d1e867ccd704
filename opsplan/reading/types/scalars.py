"""Custom scalars: what they are in GraphQL, and the stored value that each input becomes.

An input becomes the value as the graph stores it (and as `opsplan.records.check` takes it): an instant its UTC text of
fixed width, a duration its minutes, a point a `GeoPoint`, a code its canonical form.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from opsplan.reading.values import duration_text
from opsplan.records import values
from opsplan.records.declaration import Kind
from opsplan.vocabulary.clock import instant_text
from opsplan.vocabulary.errors import sentence_end
from opsplan.vocabulary.place import GeoPoint
from opsplan.vocabulary.sentences import say

DateTimeText = NewType("DateTimeText", str)
"""An instant: UTC text of fixed width."""
LocalTimeText = NewType("LocalTimeText", str)
"""A local time of day: ``HH:MM``."""
DurationMinutes = NewType("DurationMinutes", int)
"""A duration: whole minutes."""
CountryCodeText = NewType("CountryCodeText", str)
"""An ISO 3166-1 alpha-2 code."""
LanguageCodeText = NewType("LanguageCodeText", str)
"""An ISO 639 code."""
TimeZoneName = NewType("TimeZoneName", str)
"""An IANA time zone name."""
JsonValue = NewType("JsonValue", object)
"""Any JSON value."""


def _reading(to_stored: values.ToStored) -> Callable[[Any], Any]:
    """Make a scalar's parser of a check of records, so that GraphQL and files refuse the same values."""

    def parse(raw: Any) -> Any:
        try:
            return to_stored(raw)
        except values.Wrong as wrong:
            raise GraphQLError(f"{wrong.message}; {sentence_end(wrong.remedy)}") from None

    return parse


def _instant_out(value: Any) -> Any:
    return instant_text(value) if isinstance(value, datetime) else value


def _duration_in(raw: Any) -> int:
    if not isinstance(raw, str) or raw.strip()[:1] not in ("P", "p"):
        raise values.Wrong(
            say("{value!r} is no duration", value=raw), say("give ISO 8601 in whole minutes, such as PT2H or P1DT30M")
        )
    return int(_whole_minutes(raw))


_whole_minutes = values.to_minutes(0, None)


def _duration_out(value: Any) -> str:
    minutes = int(value.total_seconds() // 60) if isinstance(value, timedelta) else int(value)
    return duration_text(minutes)


def _point_out(value: Any) -> Mapping[str, float]:
    if isinstance(value, GeoPoint):
        return {"longitude": value.longitude, "latitude": value.latitude}
    return {"longitude": value["longitude"], "latitude": value["latitude"]}


def _same(value: Any) -> Any:
    return value


SCALARS: Mapping[object, ScalarDefinition] = {
    DateTimeText: strawberry.scalar(
        name="DateTime",
        description="An instant in ISO 8601 with a zone, such as `2026-12-01T04:00:00Z` or "
        "`2026-12-01T11:00:00+07:00`; without a zone it is refused. Answers are in UTC with milliseconds.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=_instant_out,
        parse_value=_reading(values.to_instant),
    ),
    LocalTimeText: strawberry.scalar(
        name="LocalTime",
        description="A local time of day, such as `21:30`, without a zone.",
        specified_by_url="https://scalars.graphql.org/apollographql/localtime-v0.1.html",
        serialize=_same,
        parse_value=_reading(values.to_local_time),
    ),
    DurationMinutes: strawberry.scalar(
        name="Duration",
        description="A length of time in ISO 8601, in whole minutes, such as `PT2H30M` or `P1D` (24 hours). "
        "Answers are in hours and minutes.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#appendix-A",
        serialize=_duration_out,
        parse_value=_reading(_duration_in),
    ),
    CountryCodeText: strawberry.scalar(
        name="CountryCode",
        description="A country or territory by its ISO 3166-1 alpha-2 code, such as `KH`.",
        specified_by_url="https://www.iso.org/iso-3166-country-codes.html",
        serialize=_same,
        parse_value=_reading(values.to_country),
    ),
    LanguageCodeText: strawberry.scalar(
        name="LanguageCode",
        description="A language by its ISO 639-1 or 639-3 code, such as `km`.",
        specified_by_url="https://www.iso.org/iso-639-language-code",
        serialize=_same,
        parse_value=_reading(values.to_language),
    ),
    TimeZoneName: strawberry.scalar(
        name="TimeZone",
        description="An IANA time zone, such as `Asia/Phnom_Penh`.",
        specified_by_url="https://www.iana.org/time-zones",
        serialize=_same,
        parse_value=_reading(values.to_zone),
    ),
    GeoPoint: strawberry.scalar(
        name="GeoPoint",
        description='A point of WGS 84 as `{"longitude": 104.9, "latitude": 11.6}`, in degrees, '
        "east and north positive.",
        specified_by_url="https://epsg.org/crs_4326/WGS-84.html",
        serialize=_point_out,
        parse_value=_reading(values.to_point),
    ),
    JsonValue: strawberry.scalar(
        name="JSON",
        description="Any JSON value.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        serialize=_same,
        parse_value=_same,
    ),
}
"""The scalars, for `StrawberryConfig(scalar_map=...)`."""

PYTHON_TYPES: Mapping[Kind, object] = {
    Kind.TEXT: str,
    Kind.LONG_TEXT: str,
    Kind.TEXT_LIST: list[str],
    Kind.INTEGER: int,
    Kind.FLOAT: float,
    Kind.BOOLEAN: bool,
    Kind.INSTANT: DateTimeText,
    Kind.LOCAL_TIME: LocalTimeText,
    Kind.MINUTES: DurationMinutes,
    Kind.POINT: GeoPoint,
    Kind.COUNTRY_CODES: list[CountryCodeText],
    Kind.LANGUAGES: list[LanguageCodeText],
    Kind.ZONES: list[TimeZoneName],
    Kind.JSON: JsonValue,
}
"""What a Strawberry annotation says for each kind but the choices."""
