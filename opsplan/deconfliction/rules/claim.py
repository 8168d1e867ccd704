"""The rules of claims as they are entered."""

import json
from typing import Any, Final

from opsplan.deconfliction.rules.footprint import area_of
from opsplan.geography.areas import bounding_circle
from opsplan.records.laws import Draft, Filled
from opsplan.records.problem import Problem
from opsplan.vocabulary.place import GeoPoint
from opsplan.vocabulary.sentences import say

_MOST_CORNERS: Final = 500


def fill_claim(draft: Draft) -> Filled:
    """Hold a claim to having an area, and fill in the circle round a polygon."""
    row, given = draft.row, draft.given
    if row.get("action") and not draft.is_restored:
        what = say("the claim is kept as its action {action} is", action=_only(row["action"]))
        return {}, [Problem("id", row.get("id"), what, say("change the action"), "id")]
    if not draft.is_new and not given & {"location", "radius_m", "outline"}:
        return {}, []
    outline = row.get("outline")
    if outline is None:
        return ({}, []) if row.get("location") is not None else ({}, [_nowhere()])
    if isinstance(outline, str):
        outline = json.loads(outline)
    try:
        circle = bounding_circle(area_of(GeoPoint(0.0, 0.0), 0.0, _corners(outline)))
    except (TypeError, ValueError) as wrong:
        return {}, [_no_polygon(row.get("outline"), wrong)]
    overruled = [name for name in ("location", "radius_m") if name in given and name in row and "outline" in given]
    if overruled and draft.is_new and not draft.is_restored and row.get("location") is not None:
        return {}, [_both(row.get("location"))]
    return {"location": circle.center, "radius_m": circle.radius_m}, []


def _only(found: Any) -> Any:
    return found[0] if isinstance(found, list | tuple) else found


def _corners(outline: Any) -> list[list[float]]:
    if not isinstance(outline, list) or not 3 <= len(outline) <= _MOST_CORNERS:
        raise ValueError("it is no list of 3 to 500 corners")
    for corner in outline:
        is_pair = isinstance(corner, list) and len(corner) == 2
        if not is_pair or not all(isinstance(each, int | float) and not isinstance(each, bool) for each in corner):
            raise ValueError("a corner is a list of longitude and latitude, in degrees")
    return outline


def _nowhere() -> Problem:
    what = say("the claim has no area")
    return Problem("location", None, what, say("give a location and radius_m, or an outline"), "location")


def _both(location: Any) -> Problem:
    what = say("the claim has an outline, from which its circle is found")
    return Problem("location", location, what, say("give one of the two, location or outline"), "location")


def _no_polygon(given: Any, wrong: Exception) -> Problem:
    what = say("it is no polygon: {wrong}", wrong=str(wrong))
    return Problem(
        "outline", given, what, say("give 3 to 500 corners, [longitude, latitude] each, in order"), "outline"
    )
