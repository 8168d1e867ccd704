"""Fields that Python computes, written again."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.make.world import Thing


def computed(thing: Thing, name: str, at: str) -> Any:
    """Give a computed field of a record as answers show it."""
    if name == "local_time":
        zone = thing.values.get("time_zone")
        return None if zone is None else _local(zone, at).isoformat(timespec="seconds")
    if name == "local_times":
        return [
            {
                "__typename": "CountryLocalTimes",
                "zone": zone,
                "localTime": (local := _local(zone, at)).isoformat(timespec="seconds"),
                "utcOffset": _duration(local),
            }
            for zone in thing.values.get("time_zones") or ()
        ]
    raise NotImplementedError(f"write the computed field {thing.noun.name}.{name} here")


def _local(zone: str, at: str) -> datetime:
    return datetime.fromisoformat(at).astimezone(ZoneInfo(zone))


def _duration(local: datetime) -> str:
    offset = local.utcoffset()
    assert offset is not None
    hours, minutes = divmod(abs(int(offset.total_seconds())) // 60, 60)
    shown = "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes or not hours else "")
    return f"-{shown}" if offset.days < 0 else shown
