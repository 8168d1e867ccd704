"""Rings of points on the Earth, seen as unit vectors: the smallest cap round them, and where they cross themselves.

A point's unit vector is the upward normal of the ellipsoid there (its n-vector): no seam at the antimeridian, no poles.
"""

import math
import re
from collections.abc import Sequence
from itertools import combinations
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from opsplan.vocabulary.place import GeoPoint

Vectors = NDArray[np.float64]

_PIVOTS: Final = 200
_WIDER: Final = 1.0 + 1e-12
_LOCATION: Final = re.compile(r"\[(\S+) (\S+)\]")


def normals_of(points: Sequence[GeoPoint]) -> Vectors:
    """Give the unit vectors of points, shape (n, 3)."""
    degrees = np.radians([(point.longitude, point.latitude) for point in points])
    sines, cosines = np.sin(degrees), np.cos(degrees)
    return np.column_stack((cosines[:, 1] * cosines[:, 0], cosines[:, 1] * sines[:, 0], sines[:, 1]))


def some_cap(vectors: Vectors) -> tuple[Vectors, float] | None:
    """Give a cap that holds all of these unit vectors: quickly found where they take little of the Earth.

    As `smallest_cap`, but round the mean of the points where that does.
    """
    middle = vectors.mean(axis=0)
    length = math.sqrt(middle @ middle)
    if length > 0.5:
        center = middle / length
        chord = float(_chords(vectors, center).max())
        if chord < 1.0:
            return center, chord
    return smallest_cap(vectors)


def smallest_cap(vectors: Vectors) -> tuple[Vectors, float] | None:
    """Give the smallest cap that holds all of these unit vectors, if they lie within less than a hemisphere.

    The caps through two or three of the points are tried, beginning with few of them; while a point lies outside, the
    farthest joins those that hold it (the pivot rule of Gärtner, *Fast and robust smallest enclosing balls*, 1999).

    Returns
    -------
    The centre as a unit vector, and the chord (on the unit sphere) from it to the farthest point; None where the points
    take a hemisphere or more.
    """
    middle = vectors.mean(axis=0)
    length = math.sqrt(middle @ middle)
    center = middle / length if length > 1e-9 else vectors[0]
    held = [int(np.argmax(_chords(vectors, center)))]
    center, chord = vectors[held[0]], 0.0
    for _ in range(_PIVOTS):
        chords = _chords(vectors, center)
        farthest = int(np.argmax(chords))
        if chords[farthest] <= chord * _WIDER or farthest in held:
            return _within_hemisphere(center, float(chords[farthest]))
        smallest = _cap_of_few(vectors, [*held, farthest])
        if smallest is None:
            return None
        held, center, chord = smallest
    return _within_hemisphere(center, float(_chords(vectors, center).max()))


def crossing_of(vectors: Vectors, center: Vectors) -> tuple[float, float] | None:
    """Give a point where a ring crosses or touches itself, as longitude and latitude in degrees, if there is one.

    Seen from the Earth's centre (the gnomonic projection round `center`, within less than a hemisphere), great circles
    are straight lines, so the planar question is the same.

    Parameters
    ----------
    vectors
        The ring's points, shape (n, 3), each on the side of `center`.
    center
        The middle of the projection, a unit vector.
    """
    east, north = axes_of(center)
    heights = vectors @ center
    plane = shapely.polygons(np.column_stack((vectors @ east / heights, vectors @ north / heights)))
    if shapely.is_valid(plane):
        return None
    found = _LOCATION.search(str(shapely.is_valid_reason(plane)))
    x, y = (float(found[1]), float(found[2])) if found else (0.0, 0.0)
    place = center + x * east + y * north
    return (
        math.degrees(math.atan2(place[1], place[0])),
        math.degrees(math.atan2(place[2], math.hypot(place[0], place[1]))),
    )


def following(rows: Vectors) -> Vectors:
    """Give for each row of a ring the next one, the first for the last; as `numpy.roll`, in a fifth of its time."""
    return np.concatenate((rows[1:], rows[:1]))


def axes_of(center: Vectors) -> tuple[Vectors, Vectors]:
    """Give two unit vectors that stand upright on a unit vector and on each other."""
    least = int(np.argmin(np.abs(center)))
    across = _cross(np.eye(3)[least], center)
    across /= math.sqrt(across @ across)
    return across, _cross(center, across)


def _chords(vectors: Vectors, center: Vectors) -> Any:
    # Differences, not scalar products: close points would lose their digits.
    apart = vectors - center
    return np.sqrt(np.einsum("ij,ij->i", apart, apart))


def _cap_of_few(vectors: Vectors, few: list[int]) -> tuple[list[int], Vectors, float] | None:
    best: tuple[list[int], Vectors, float] | None = None
    for count in (2, 3):
        for chosen in combinations(few, count):
            center = _center_of(vectors[list(chosen)])
            if center is None:
                continue
            chord = float(_chords(vectors[list(chosen)], center).max())
            if (best is None or chord < best[2]) and _chords(vectors[few], center).max() <= chord * _WIDER:
                best = list(chosen), center, chord
    return best


def _center_of(points: Vectors) -> Vectors | None:
    start, *others = points
    if len(others) == 1:
        middle = start + others[0]
    else:
        # The circle through three points of space, by differences, which keep their digits when the points are close.
        one, other = others[0] - start, others[1] - start
        upright = _cross(one, other)
        twice = 2.0 * (upright @ upright)
        if twice == 0.0:
            return None
        middle = start + _cross((one @ one) * other - (other @ other) * one, upright) / twice
    length = math.sqrt(middle @ middle)
    return middle / length if length > 0.0 else None


def _within_hemisphere(center: Vectors, chord: float) -> tuple[Vectors, float] | None:
    return (center, chord) if chord < math.sqrt(2.0) - 1e-9 else None


def _cross(one: Vectors, other: Vectors) -> Vectors:
    # numpy's `cross` takes ten times as long for a single pair.
    (a, b, c), (d, e, f) = one.tolist(), other.tolist()
    return np.array((b * f - c * e, c * d - a * f, a * e - b * d))
