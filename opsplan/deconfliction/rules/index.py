"""The index of claims: under which numbers a claim is entered, and under which others are looked for.

A number stands for a cell of the Earth and a spell of time. A claim is entered under the H3 cells of one resolution
that hold its area: the finest at which these are few. Its time is cut into spells of one length, in the same way. A
claim of a house and an hour has one or two entries; so has one of a country and a year. Whoever looks for claims round
an area asks for all its cells and spells of each resolution and length; where an area holds too many cells of a
resolution, for all numbers that lie in its cells of a coarser one, as these stand in a row.

Zones are entered in the same way, in an index of their own. One that is in force until further notice, or for longer
than a few of the longest spells, is entered under its cells alone (`lasting`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from opsplan.geography.areas import bounding_circle, cells_over, resolution_for
from opsplan.vocabulary.area import Area
from opsplan.vocabulary.clock import instant_text
from opsplan.vocabulary.interval import Interval

RESOLUTIONS: Final = (5, 2, 0)
"""Of H3, the finest first: cells of about 10, 180 and 1,200 km."""
SPELL_DAYS: Final = (1, 64, 4096)
"""Lengths of the spells of time, the shortest first."""

_MOST_SPELLS: Final = 8
_OVERHANG_M: Final = {5: 25_000.0, 2: 450_000.0}
"""By how much cells may stick out of the coarser cell that holds their numbers: twice their own reach, at the most."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SPELL_BITS: Final = 20
_TIME_BITS: Final = _SPELL_BITS + 2
_LASTING: Final = len(SPELL_DAYS) << _SPELL_BITS
"""In place of a spell's number: at all times."""
_FINEST: Final = 15
_DIGIT_BITS: Final = 3


class Owned(Protocol):
    """What has an owner and lies in one of the two worlds: a claim, a zone."""

    @property
    def owner_id(self) -> str:
        """Whose it is."""
        ...

    @property
    def exercise(self) -> bool:
        """In which world."""
        ...


@dataclass(frozen=True, slots=True)
class Seeks:
    """Numbers under which claims are looked for: one by one, and from a first to a last."""

    numbers: tuple[int, ...]
    ranges: tuple[tuple[int, int], ...]


def entries_of(area: Area, time: Interval, *, lasting: bool = False) -> list[int]:
    """Give the numbers under which a claim, or a zone, is entered; `lasting` is for what may have no end."""
    resolution = resolution_for(area, 0.0, RESOLUTIONS)
    lengths = _spells_of_each_length(time)
    longest = range(_LASTING, _LASTING + 1) if lasting else lengths[-1]
    spells = next((each for each in lengths if len(each) <= _MOST_SPELLS), longest)
    return [_cell_bits(cell) << _TIME_BITS | spell for cell in cells_over(area, 0.0, resolution) for spell in spells]


def seeks_for(area: Area, time: Interval, margin_m: float, *, lasting: bool = False) -> Seeks:
    """Give where all claims are entered that come within `margin_m` of an area in a time; many others may be, too.

    `lasting` says that those without an end are looked for as well.
    """
    fit = resolution_for(area, margin_m, RESOLUTIONS)
    lengths = _spells_of_each_length(time)
    within = [cell for each in RESOLUTIONS if each <= fit for cell in cells_over(area, margin_m, each)]
    ranges = list(_finer(area, margin_m, fit))
    if len(lengths[0]) > 2 * _MOST_SPELLS:
        # Of a time that long, all spells of a cell are read, and those outside it left out by their claims' times.
        ranges += [(bits << _TIME_BITS, (bits + 1 << _TIME_BITS) - 1) for bits in map(_cell_bits, within)]
        return Seeks((), tuple(ranges))
    spells = [spell for each in lengths for spell in each] + ([_LASTING] if lasting else [])
    return Seeks(tuple(_cell_bits(cell) << _TIME_BITS | spell for cell in within for spell in spells), tuple(ranges))


def whereabouts(area: Area, time: Interval, margin_m: float = 0.0) -> dict[str, Any]:
    """Give centre, reach and time of what is entered, or looked for within `margin_m`, as statements have them."""
    circle = bounding_circle(area)
    return {
        "center": {"longitude": circle.center.longitude, "latitude": circle.center.latitude},
        "reach_m": circle.radius_m + margin_m,
        "start": instant_text(time.start),
        "end": instant_text(time.end),
    }


def probe_of(
    number: int, owned: Owned, area: Area, time: Interval, margin_m: float = 0.0, *, lasting: bool = False
) -> dict[str, Any]:
    """Give what a claim or a zone is looked round with: whose it is, and where and when; `number` tells it again."""
    seeks = seeks_for(area, time, margin_m, lasting=lasting)
    return {
        "number": number,
        "owner_id": owned.owner_id,
        "exercise": owned.exercise,
        **whereabouts(area, time, margin_m),
        "numbers": seeks.numbers,
        "ranges": seeks.ranges,
    }


def _finer(area: Area, margin_m: float, fit: int) -> Iterator[tuple[int, int]]:
    """Give the ranges of all cells of finer resolutions than fit an area."""
    for finer in RESOLUTIONS:
        if finer > fit:
            # A cell lies nearly, but not wholly, within the coarser one that holds its number.
            for cell in cells_over(area, margin_m + _OVERHANG_M[finer], fit):
                lowest, highest = _within(cell, fit, finer)
                yield _cell_bits(lowest) << _TIME_BITS, (_cell_bits(highest) + 1 << _TIME_BITS) - 1


def _within(cell: int, resolution: int, finer: int) -> tuple[int, int]:
    """Give the lowest and the highest number of the cells of a finer resolution that lie in a cell.

    H3 numbers a cell by its resolution (bits 52 to 55), its base cell (45 to 51) and, from the coarsest on, one digit
    of three bits for each finer step (https://h3geo.org/docs/core-library/h3Indexing).
    """
    lowest, highest = cell, cell
    for step in range(resolution + 1, finer + 1):
        shift = _DIGIT_BITS * (_FINEST - step)
        lowest &= ~(0b111 << shift)
        highest = (highest & ~(0b111 << shift)) | (0b110 << shift)
    grown = (finer - resolution) << 52
    return lowest + grown, highest + grown


def _cell_bits(cell: int) -> int:
    """Give resolution, base cell and the digits down to the finest resolution in use, and nothing else of a cell."""
    return (cell >> 52 & 0xF) << 22 | cell >> 30 & 0x3FFFFF


def _spells_of_each_length(time: Interval) -> list[range]:
    return [_spells(time, length) for length in range(len(SPELL_DAYS))]


def _spells(time: Interval, length: int) -> range:
    """Give the numbers of the spells of a length that a time touches; those before 1970 count as one."""
    days = timedelta(days=SPELL_DAYS[length])
    first = (time.start - _EPOCH) // days
    last = (time.end - _EPOCH - timedelta(microseconds=1)) // days
    most = (1 << _SPELL_BITS) - 1
    low, high = (min(max(each, 0), most) + (length << _SPELL_BITS) for each in (first, last))
    return range(low, high + 1)
