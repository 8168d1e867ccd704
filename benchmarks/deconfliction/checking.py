"""One check per call, both sides in turns, and that they answer alike."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.deconfliction.claims import Claim
from benchmarks.deconfliction.ours import Ours
from opsplan.deconfliction.rules.separation import DEFAULT_TABLE
from opsplan.geography.areas import distances_m

if TYPE_CHECKING:
    # Its driver need not be there.
    from benchmarks.deconfliction.theirs import Theirs

TOLERANCE_M = 1.0
"""Sides may differ by what lies so near the limit: PostGIS takes the place of the least distance from a sphere, and
edges of polygons for geodesics, where ours are great circles of that sphere (decision 0044)."""


class Differs(Exception):
    """The two sides answer one check differently, and not at the limit."""


@dataclass(slots=True)
class Checked:
    """What checks at one size took, in seconds each, and what came of them.

    Attributes
    ----------
    size
        How many claims there were.
    ours, theirs, graphql
        Seconds of each check: of our store, of PostGIS, and of a refusal through the API.
    met
        Claims met, of all checks.
    at_the_limit
        Claims of which one side says that they are met and the other not, as they lie within `TOLERANCE_M` of the
        limit.
    farthest_m
        By how much the two sides differ at most in a distance that both give.
    """

    size: int
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    graphql: list[float] = field(default_factory=list)
    met: int = 0
    at_the_limit: int = 0
    farthest_m: float = 0.0


async def check_all(
    size: int, checks: Sequence[Claim], by_id: Callable[[str], Claim], ours: Ours, theirs: "Theirs | None", rounds: int
) -> Checked:
    """Ask each check of both sides, by turns; the first round is for both to get warm, and counts for nothing.

    Raises
    ------
    Differs
        If the answers differ by more than lies at the limit.
    """
    checked = Checked(size)
    for number in range(rounds + 1):
        for place, each in enumerate(checks):
            found: dict[str, float] = {}
            there: dict[str, float] | None = None
            # Who is asked second finds what the first has left in the processor's caches.
            for is_ours in (True, False) if (place + number) % 2 else (False, True):
                begun = time.perf_counter()
                if is_ours:
                    found = await ours.check(each)
                    took = checked.ours
                elif theirs is not None:
                    there = theirs.check(each)
                    took = checked.theirs
                else:
                    continue
                if number:
                    took.append(time.perf_counter() - begun)
            if number == 0:
                checked.met += len(found)
                if there is not None:
                    _compare(each, found, there, by_id, checked)
    return checked


def _compare(
    check: Claim,
    found: Mapping[str, float],
    there: Mapping[str, float],
    by_id: Callable[[str], Claim],
    checked: Checked,
) -> None:
    for each in found.keys() & there.keys():
        # Ours says 0 for what overlaps; PostGIS' figure less both radii is then below.
        checked.farthest_m = max(checked.farthest_m, abs(found[each] - max(there[each], 0.0)))
    if checked.farthest_m > TOLERANCE_M:
        raise Differs(f"{check}: the distances differ by {checked.farthest_m:.3f} m")
    for each in found.keys() ^ there.keys():
        other = by_id(each)
        limit_m = DEFAULT_TABLE.of(check.kind, other.kind).distance_m
        away_m = float(distances_m(check.area, [other.area])[0])
        if abs(away_m - limit_m) > TOLERANCE_M:
            who = "opsplan" if each in found else "PostGIS"
            raise Differs(f"{check} meets {other} by {who} alone: {away_m:.3f} m apart, and {limit_m} m is the limit")
        checked.at_the_limit += 1
