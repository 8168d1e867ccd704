"""Points: longitude first, and told when the two look swapped."""

from collections.abc import Mapping, Sequence
from typing import Any

from opsplan.records.values.number import number
from opsplan.records.values.wrong import Wrong
from opsplan.vocabulary.place import GeoPoint
from opsplan.vocabulary.sentences import say


def to_point(raw: Any) -> GeoPoint:
    """Read a point: a mapping, a pair (longitude, latitude), or the same as text parted by a comma."""
    if isinstance(raw, GeoPoint):
        return raw
    remedy = say('give {{"longitude": 104.9, "latitude": 11.6}}, or as text "104.9, 11.6" (longitude first)')
    pair: Sequence[Any]
    if isinstance(raw, Mapping):
        if set(raw) != {"longitude", "latitude"}:
            raise Wrong(say("{value!r} has not exactly longitude and latitude", value=dict(raw)), remedy)
        pair = (raw["longitude"], raw["latitude"])
    elif isinstance(raw, str):
        pair = raw.split(",")
    elif isinstance(raw, Sequence):
        pair = raw
    else:
        pair = ()
    if len(pair) != 2:
        raise Wrong(say("{value!r} is no point", value=raw), remedy)
    try:
        longitude, latitude = number(pair[0]), number(pair[1])
    except Wrong as wrong:
        raise Wrong(wrong.message, remedy) from None
    if not -180.0 <= longitude <= 180.0:
        raise Wrong(say("longitude {longitude:g} is outside -180 to 180", longitude=longitude), remedy)
    if not -90.0 <= latitude <= 90.0:
        swapped = -90.0 <= longitude <= 90.0 and -180.0 <= latitude <= 180.0
        outside = say("latitude {latitude:g} is outside -90 to 90", latitude=latitude)
        if swapped:
            outside = say(
                "{outside}; longitude {longitude:g} would be a latitude: the two look swapped",
                outside=outside,
                longitude=longitude,
            )
        raise Wrong(outside, remedy)
    return GeoPoint(longitude, latitude)
