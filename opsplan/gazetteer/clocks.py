"""What clocks on the wall show: fields that Python computes, as the rules of time zones are Python's to know."""

from collections.abc import Mapping, Sequence
from typing import Any

from opsplan.geography.local_time import local_clock
from opsplan.records.declaration import Computed, Kind, Property
from opsplan.vocabulary.clock import instant_from_text
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say

_WHEN = {"at": Kind.INSTANT}
# Before, clocks went by the sun in seconds that no offset of ISO 8601 can say; later, there is no next day to go to.
_FIRST, _LAST = "1970-", "9999-"


async def _local_time(_: Any, sources: Sequence[tuple[Any, ...]], arguments: Mapping[str, Any]) -> list[Any]:
    return [None if zone is None else _shown(zone, arguments["at"])["local_time"] for (zone,) in sources]


async def _local_times(_: Any, sources: Sequence[tuple[Any, ...]], arguments: Mapping[str, Any]) -> list[Any]:
    return [[_shown(zone, arguments["at"]) for zone in zones or ()] for (zones,) in sources]


def _shown(zone: str, at: str) -> dict[str, Any]:
    if not _FIRST <= at < _LAST:
        raise Invalid(
            say("at: clocks are not known for {at}.", at=at),
            field="at",
            value=at,
            remedy=say("give an instant from 1970 to 9998"),
        )
    local = local_clock(zone, instant_from_text(at))
    offset = local.utcoffset()
    assert offset is not None, "a zone always has an offset"
    return {
        "zone": zone,
        "local_time": local.isoformat(timespec="seconds"),
        "utc_offset_minutes": round(offset.total_seconds() / 60),
    }


LOCAL_TIME = Computed(
    "local_time",
    "What a clock there shows at an instant (now, when none is given): ISO 8601 with the offset from UTC.",
    needs=("time_zone",),
    load=_local_time,
    kind=Kind.TEXT,
    parameters=_WHEN,
)
"""The local time of a place with one time zone."""

LOCAL_TIMES = Computed(
    "local_times",
    "What clocks there show at an instant (now, when none is given), zone by zone.",
    needs=("time_zones",),
    load=_local_times,
    many=True,
    facts=(
        Property("zone", Kind.TEXT, "The IANA time zone.", required=True),
        Property("local_time", Kind.TEXT, "ISO 8601 with the offset from UTC.", required=True),
        Property("utc_offset_minutes", Kind.MINUTES, "By how much its clocks are ahead of UTC.", required=True),
    ),
    parameters=_WHEN,
)
"""The local times of a country."""
