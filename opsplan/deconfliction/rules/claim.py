"""The rules of claims and zones as they are entered."""

import json
from collections.abc import Callable, Container, Mapping
from typing import Any, Final

from opsplan.deconfliction.rules.footprint import area_of
from opsplan.deconfliction.rules.given import WronglyGiven
from opsplan.deconfliction.rules.holds import check_capacities
from opsplan.deconfliction.rules.subjects import check_subjects
from opsplan.deconfliction.rules.zone import FURTHER_NOTICE
from opsplan.geography.areas import distances_m
from opsplan.records.laws import Draft, Filled
from opsplan.records.problem import Problem
from opsplan.vocabulary.area import Circle
from opsplan.vocabulary.clock import instant_text
from opsplan.vocabulary.place import GeoPoint
from opsplan.vocabulary.sentences import say

_MOST_CORNERS: Final = 500
_SAME_PLACE_M: Final = 1.0


def fill_claim(draft: Draft) -> Filled:
    """Hold a claim to what its action is, where it has one, and its outline to being a polygon."""
    row, given = draft.row, draft.given
    if row.get("action") and not draft.is_restored:
        what = say("the claim is kept as its action {action} is", action=_only(row["action"]))
        return {}, [Problem("id", row.get("id"), what, say("change the action"), "id")]
    problems = [
        problem
        for name, check in (("outline", _no_outline), ("subjects", _no_subjects), ("capacities", _no_capacities))
        if name in given and row.get(name) is not None and (problem := check(_json(row[name]))) is not None
    ]
    return {}, problems or _two_areas(row, given)


def fill_zone(draft: Draft) -> Filled:
    """Hold a zone's outline to being a polygon, and its time to the calendar that all know."""
    row, given = draft.row, draft.given
    problems: list[Problem] = []
    if "outline" in given and row.get("outline") is not None:
        wrong = _no_outline(_json(row["outline"]))
        problems += [] if wrong is None else [wrong]
    last = instant_text(FURTHER_NOTICE)
    for name in ("start", "end"):
        if name in given and row.get(name) is not None and row[name] >= last:
            what, remedy = say("{given} is too late", given=row[name]), say("give an instant before {last}", last=last)
            problems.append(Problem(name, row[name], what, remedy, name))
    return {}, problems or _two_areas(row, given)


def _two_areas(row: Mapping[str, Any], given: Container[str]) -> list[Problem]:
    """Say where location or radius say another area than the outline does, which alone counts."""
    if row.get("outline") is None or not any(name in given for name in ("outline", "location", "radius_m")):
        return []
    if row.get("radius_m"):
        what = say("the area has an outline, which has no radius")
        return [Problem("radius_m", row["radius_m"], what, say("leave out the radius, or the outline"), "radius_m")]
    area = area_of(GeoPoint(0.0, 0.0), 0.0, _json(row["outline"]))
    away_m = distances_m(area, [Circle(row["location"], 0.0)])[0]
    if away_m > _SAME_PLACE_M:
        what = say("it lies {distance} m outside of the outline", distance=round(away_m))
        return [Problem("location", row["location"], what, say("give a point of the area"), "location")]
    return []


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _no_outline(outline: Any) -> Problem | None:
    try:
        area_of(GeoPoint(0.0, 0.0), 0.0, _corners(outline))
    except (TypeError, ValueError) as wrong:
        return _no_polygon(outline, wrong)
    return None


def _no_subjects(given: Any) -> Problem | None:
    return _wrongly_given("subjects", given, check_subjects)


def _no_capacities(given: Any) -> Problem | None:
    return _wrongly_given("capacities", given, check_capacities)


def _wrongly_given(name: str, given: Any, read: Callable[[Any], object]) -> Problem | None:
    try:
        read(given)
    except WronglyGiven as wrong:
        where = name + wrong.path
        what = say("{path}: {what}", path=where, what=wrong.what)
        return Problem(name, given, what, wrong.remedy, name)
    return None


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


def _no_polygon(given: Any, wrong: Exception) -> Problem:
    what = say("it is no polygon: {wrong}", wrong=str(wrong))
    return Problem(
        "outline", given, what, say("give 3 to 500 corners, [longitude, latitude] each, in order"), "outline"
    )
