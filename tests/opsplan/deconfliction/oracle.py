"""What deconfliction promises, in plain Python and from the words alone: each pair of plans, one after the other.

Nothing of the product is used. Distances are geodesics by geographiclib; the sides of a polygon are walked in steps of
a few metres, so where a pair lies nearer to its rule's distance than `UNSURE_M`, the oracle does not say.
"""

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

import h3
import numpy as np
from geographiclib.geodesic import Geodesic

UNSURE_M = 12.0
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FURTHER_NOTICE = datetime(9999, 12, 31, tzinfo=UTC)
ZONE_KINDS = ("NO_GO", "NO_STRIKE", "RESERVED", "RESTRICTED")
OVERT = {"RAID", "ARREST", "SEARCH", "VICTIM_EXTRACTION"}
COVERT = {"SURVEILLANCE", "UNDERCOVER_MEETING", "CONTROLLED_DELIVERY", "INFORMANT_MEETING"}
KINDS = sorted(OVERT | COVERT | {"CYBER_TAKEDOWN", "ASSET_FREEZE"})


@dataclass(frozen=True)
class Plan:
    """One claim as its owner entered it; `corners` make a polygon, else it is a circle."""

    name: str
    owner: str
    kind: str
    longitude: float
    latitude: float
    radius_m: float
    start: datetime
    end: datetime
    sensitivity: str = "OPEN"
    corners: tuple[tuple[float, float], ...] = ()
    stands: bool = True


RULES: dict[tuple[str, str], tuple[float, timedelta]] = {}
"""What stands in place of the table, by pair in any order; whoever changes it clears what `conflict` remembers."""


def rule(one: str, other: str) -> tuple[float, timedelta]:
    """Metres and time by the table that comes with the service, or what stands in its place."""
    kinds = {one, other}
    given = [RULES[pair] for pair in {(one, other), (other, one)} if pair in RULES]
    if given:
        return max(each[0] for each in given), max(each[1] for each in given)
    if not kinds <= OVERT | COVERT:
        return 0.0, timedelta(0)
    if kinds <= OVERT:
        return 1_000.0, timedelta(hours=2)
    if kinds <= COVERT:
        return 500.0, timedelta(hours=1)
    return 2_000.0, timedelta(hours=6)


def widest(kinds: list[str]) -> tuple[float, timedelta]:
    """Metres and time that are wide enough for any of the kinds beside any other."""
    rules = [rule(one, other) for one in kinds for other in KINDS]
    return max(each[0] for each in rules), max(each[1] for each in rules)


def geodesic_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    return Geodesic.WGS84.Inverse(one[1], one[0], other[1], other[0], Geodesic.DISTANCE)["s12"]


def vector(point: tuple[float, float]) -> tuple[float, float, float]:
    longitude, latitude = math.radians(point[0]), math.radians(point[1])
    return math.cos(latitude) * math.cos(longitude), math.cos(latitude) * math.sin(longitude), math.sin(latitude)


def dot(one: tuple[float, float, float], other: tuple[float, ...]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def along(one: tuple[float, float], other: tuple[float, float], steps: int) -> list[tuple[float, float]]:
    """Points of the great circle between two: their chord, cut and put back onto the sphere."""
    a, b = vector(one), vector(other)
    found = []
    for step in range(steps + 1):
        x, y, z = (p + (q - p) * step / steps for p, q in zip(a, b, strict=True))
        found.append((math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))))
    return found


@lru_cache(maxsize=10_000)
def outline(plan: Plan) -> tuple[tuple[float, float], ...]:
    """Points on the edge of a polygon, a few metres apart; of a circle its centre."""
    if not plan.corners:
        return ((plan.longitude, plan.latitude),)
    found: list[tuple[float, float]] = []
    for one, other in pairwise([*plan.corners, plan.corners[0]]):
        found += along(one, other, max(1, math.ceil(geodesic_m(one, other) / 8)))
    return tuple(found)


def holds(plan: Plan, point: tuple[float, float]) -> bool:
    """Whether a small polygon holds a point: the turns to its corners, seen from the point, make a whole one."""
    x, y, z = vector(point)
    east = (-y, x, 0.0)
    size = math.hypot(*east) or 1.0
    east = tuple(each / size for each in east)
    north = (y * east[2] - z * east[1], z * east[0] - x * east[2], x * east[1] - y * east[0])
    angles = []
    for corner in plan.corners:
        v = vector(corner)
        angles.append(math.atan2(dot(v, north), dot(v, east)))
    turns = [(b - a + math.pi) % (2 * math.pi) - math.pi for a, b in pairwise([*angles, angles[0]])]
    return abs(sum(turns)) > math.pi


def distance_m(one: Plan, other: Plan) -> float:
    """Least distance between two areas, 0 where they share a point."""
    for a, b in ((one, other), (other, one)):
        if a.corners and holds(a, outline(b)[0]):
            return 0.0
    near = nearest_m(outline(one), outline(other))
    return max(0.0, near - (0 if one.corners else one.radius_m) - (0 if other.corners else other.radius_m))


def nearest_m(ones: tuple[tuple[float, float], ...], others: tuple[tuple[float, float], ...]) -> float:
    """Least geodesic distance between two lists of points: of the pairs that are nearest on the sphere, the least."""
    a, b = (np.array([vector(each) for each in points]) for points in (ones, others))
    chords = np.linalg.norm(a[:, None, :] - b[None, :, :], axis=2)
    # The sphere's distances and the ellipsoid's differ by less than one part in a hundred.
    close = np.argwhere(chords <= chords.min() * 1.012 + 1e-9)
    return min(geodesic_m(ones[i], others[j]) for i, j in close)


class Cells:
    """By which cells and hours what is hidden is covered; `covering` chooses others."""

    resolution = 5
    hours = 6


@contextmanager
def covering(resolution: int, hours: int) -> Iterator[None]:
    """Have the oracle cover what is hidden otherwise while the block runs."""
    before = Cells.resolution, Cells.hours
    try:
        Cells.resolution, Cells.hours = resolution, hours
        conflict.cache_clear()
        crossing.cache_clear()
        yield
    finally:
        Cells.resolution, Cells.hours = before
        conflict.cache_clear()
        crossing.cache_clear()


def covered(plan: Plan) -> Plan:
    """What may be told of a hidden plan: a circle round its cell, as wide as the least power of two of km holds it."""
    around_km = plan.radius_m / 1000
    size = 1.0
    while size < around_km:
        size *= 2
    longitude, latitude, reach = round_cell(h3.latlng_to_cell(plan.latitude, plan.longitude, Cells.resolution))
    spell = timedelta(hours=Cells.hours)
    start = plan.start - (plan.start - EPOCH) % spell
    end = plan.end + (-(plan.end - EPOCH)) % spell
    return replace(
        plan, longitude=longitude, latitude=latitude, radius_m=reach + size * 1000, start=start, end=end, corners=()
    )


@lru_cache(maxsize=10_000)
def round_cell(cell: str) -> tuple[float, float, float]:
    """Centre of an H3 cell, and how far away its furthest corner is."""
    latitude, longitude = h3.cell_to_latlng(cell)
    corners = h3.cell_to_boundary(cell)
    return longitude, latitude, max(geodesic_m((longitude, latitude), (each[1], each[0])) for each in corners)


def is_far_from(one: Plan, other: Plan, lengths: Iterable[float]) -> bool:
    """Whether the distance of two areas is sure to be more or less than each of some, be they hidden or not."""
    for a in (one, covered(one)):
        for b in (other, covered(other)):
            away = distance_m(a, b)
            if any(abs(away - metres) < 45 and (metres or away) for metres in lengths):
                return False
    return True


@lru_cache(maxsize=100_000)
def conflict(one: Plan, other: Plan) -> bool | None:
    """Whether two plans conflict; None where the oracle does not say."""
    if one.owner == other.owner or not (one.stands and other.stands):
        return False
    hidden = [each for each in (one, other) if each.sensitivity != "OPEN"]
    metres, buffer = rule(one.kind, other.kind)
    unsure = UNSURE_M if one.corners or other.corners else 0.01
    if hidden:
        metres, buffer = widest([each.kind for each in (one, other) if each.sensitivity == "OPEN"] or KINDS)
        one, other = (covered(each) if each.sensitivity != "OPEN" else each for each in (one, other))
        unsure = max(unsure, 40.0)
    if not (one.start < other.end + buffer and other.start < one.end + buffer):
        return False
    away = distance_m(one, other)
    return None if abs(away - metres) < unsure and (metres or away) else away <= metres


def gap_m(one: Plan, other: Plan) -> float:
    """Least distance between two areas; what two circles share is negative, and 0 where a polygon holds the other."""
    for a, b in ((one, other), (other, one)):
        if a.corners and holds(a, outline(b)[0]):
            return -math.inf
    near = nearest_m(outline(one), outline(other))
    return near - (0 if one.corners else one.radius_m) - (0 if other.corners else other.radius_m)


@lru_cache(maxsize=100_000)
def crossing(claim: Plan, zone: Plan) -> tuple[str, bool] | None:
    """Say who is told that a claim crosses a zone, and whether by the crossing itself or only by whom to call.

    Gives ``CLAIM`` (the claim's owner learns of it; the zone's does where it may know of the claim), ``ZONE`` (the
    zone's owner alone), or nothing where there is nothing to tell. Raises `ValueError` where the oracle does not say.
    """
    is_own = claim.owner == zone.owner
    if not (claim.stands and zone.stands) or (is_own and zone.kind not in ("NO_GO", "NO_STRIKE")):
        return None
    knows_zone = is_own or zone.sensitivity == "OPEN"
    knows_claim = is_own or claim.sensitivity == "OPEN"
    unsure = UNSURE_M if claim.corners or zone.corners else 0.01
    told = ("CLAIM", knows_zone)
    if not knows_zone and zone.sensitivity == "POINTER":
        zone, unsure = covered(zone), 40.0
    elif not knows_zone:
        told = ("ZONE", knows_claim)
        if not knows_claim and claim.sensitivity == "SILENT":
            return None
        if not knows_claim:
            claim, zone, unsure = covered(claim), covered(zone), 60.0
    if not (claim.start < zone.end and zone.start < claim.end):
        return None
    away = gap_m(claim, zone)
    if abs(away) < unsure:
        raise ValueError("too near to say")
    return told if away < 0 else None
