"""A polygon on the unit sphere: its edges as arrays, what it holds, what it crosses, how far points are from it."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from opsplan.geography.geodesy import Vectors, degrees_of
from opsplan.vocabulary.area import Polygon
from opsplan.vocabulary.rings import axes_of, normals_of, smallest_cap

_Flags = NDArray[np.bool_]
_Numbers = NDArray[np.float64]

_AT_ONCE: Final = 500_000
"""Pairs of points and edges in one array, so that memory stays small."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A polygon made ready: edge i goes from vertex i to the next, `starts[i] * cos(t) + tangents[i] * sin(t)`.

    Attributes
    ----------
    degrees
        The vertices as longitude and latitude, shape (n, 2).
    starts
        The vertices as unit vectors, shape (n, 3).
    tangents
        Unit vectors along the edges at their starts, shape (n, 3).
    poles
        Unit vectors that stand upright on the planes of the edges, shape (n, 3).
    lengths
        Of the edges, in radians of the sphere, below pi; shape (n,).
    center, reach
        The smallest cap that holds the polygon: a unit vector and a radius in radians, below a quarter turn.
    """

    degrees: _Numbers
    starts: Vectors
    tangents: Vectors
    poles: Vectors
    lengths: _Numbers
    center: Vectors
    reach: float

    @classmethod
    def of(cls, polygon: Polygon) -> "Outline":
        """Make a polygon ready."""
        starts = normals_of(polygon.ring)
        cap = smallest_cap(starts)
        assert cap is not None, "a polygon lies within less than a hemisphere"
        # From chords: they keep the digits of edges that are short.
        steps = np.roll(starts, -1, axis=0) - starts
        chords_squared = np.einsum("ij,ij->i", steps, steps)
        tangents = _unit(steps + 0.5 * chords_squared[:, None] * starts)
        return cls(
            degrees=degrees_of(polygon.ring),
            starts=starts,
            tangents=tangents,
            poles=_unit(np.cross(starts, tangents)),
            lengths=2.0 * np.arcsin(np.minimum(1.0, 0.5 * np.sqrt(chords_squared))),
            center=cap[0],
            reach=2.0 * math.asin(0.5 * cap[1]),
        )

    def holds(self, points: Vectors) -> _Flags:
        """Tell which of these unit vectors (n, 3) lie inside.

        From each point a ray goes to one point of the horizon of `center`, which lies outside, and crosses the edges an
        odd number of times where the point is inside. Seen from the Earth's centre this is the planar test.
        """
        beyond, _ = axes_of(self.center)
        beyond_sides = self.poles @ beyond > 0.0
        held = np.zeros(len(points), dtype=np.bool_)
        for part in self._parts(len(points)):
            some = points[part]
            starts_right = np.cross(some, beyond) @ self.starts.T > 0.0
            passed = starts_right != np.roll(starts_right, -1, axis=1)
            passed &= (some @ self.poles.T > 0.0) != beyond_sides
            held[part] = passed.sum(axis=1) % 2 == 1
        return held & (points @ self.center > 0.0)

    def crosses(self, other: "Outline") -> bool:
        """Tell whether an edge of this one crosses an edge of another; touching is left to distances."""
        for part in self._parts(len(self.starts), len(other.starts)):
            # In rows are edges of this one, in columns those of the other.
            ahead = self.poles[part] @ other.starts.T
            after = np.roll(ahead, -1, axis=1)
            own = self.starts[part] @ other.poles.T
            own_after = np.roll(self.starts, -1, axis=0)[part] @ other.poles.T
            # The last condition keeps out edges that meet each other's antipodes.
            if np.any((ahead * after < 0.0) & (own * own_after < 0.0) & (ahead * own < 0.0)):
                return True
        return False

    def near(self, points: Vectors, slack: float, *, each: bool) -> tuple[NDArray[np.intp], NDArray[np.intp], _Numbers]:
        """Give pairs of points and edges whose spherical distance is at most `slack` times the least.

        Parameters
        ----------
        points
            Unit vectors, shape (n, 3).
        slack
            A factor, 1 or more.
        each
            Whether the least distance is that of each point, or of all points together.

        Returns
        -------
        Indices of points and of edges, and the distances in radians, each of shape (k,).
        """
        found: list[tuple[NDArray[np.intp], NDArray[np.intp], _Numbers]] = []
        least = math.inf
        for part in self._parts(len(points)):
            distances = self.distances(points[part])
            limits = distances.min(axis=1)
            if not each:
                least = min(least, float(limits.min()))
                limits = np.full_like(limits, least)
            rows, columns = np.nonzero(distances <= limits[:, None] * slack + _NOISE)
            found.append((rows + part.start, columns, distances[rows, columns]))
        point, edge, distance = (np.concatenate(column) for column in zip(*found, strict=True))
        if each:
            return point, edge, distance
        kept = distance <= least * slack + _NOISE
        return point[kept], edge[kept], distance[kept]

    def least_distances(self, points: Vectors) -> _Numbers:
        """Give the least spherical distances from unit vectors (n, 3) to the edges in radians, shape (n,)."""
        least = np.empty(len(points))
        for part in self._parts(len(points)):
            least[part] = self.distances(points[part]).min(axis=1)
        return least

    def distances(self, points: Vectors) -> _Numbers:
        """Give the spherical distances from unit vectors (n, 3) to each edge in radians, shape (n, edges)."""
        along = self.offsets(points)
        between = (along > 0.0) & (along < self.lengths)
        to_starts = _angles(points, self.starts)
        to_ends = np.minimum(to_starts, np.roll(to_starts, -1, axis=1))
        return np.where(between, np.arcsin(np.minimum(1.0, np.abs(points @ self.poles.T))), to_ends)

    def offsets(self, points: Vectors) -> _Numbers:
        """Give where on each edge's great circle points come nearest, in radians from its start, shape (n, edges)."""
        return np.arctan2(points @ self.tangents.T, points @ self.starts.T)

    def _parts(self, count: int, width: int | None = None) -> list[slice]:
        step = max(1, _AT_ONCE // (width or len(self.starts)))
        return [slice(start, min(count, start + step)) for start in range(0, count, step)]


_NOISE: Final = 1e-12
"""Radians; a few micrometres, far more than the rounding of unit vectors."""


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None])


def _angles(points: Vectors, others: Vectors) -> _Numbers:
    apart = points[:, None, :] - others[None, :, :]
    half_chords = 0.5 * np.sqrt(np.einsum("ijk,ijk->ij", apart, apart))
    return np.asarray(2.0 * np.arcsin(np.minimum(1.0, half_chords)))
