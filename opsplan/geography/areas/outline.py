"""A polygon on the unit sphere: its edges as arrays, what it holds, what it crosses, how far points are from it."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from opsplan.geography.geodesy import Vectors, degrees_of
from opsplan.vocabulary.area import Polygon
from opsplan.vocabulary.rings import axes_of, following, normals_of, some_cap

_Flags = NDArray[np.bool_]
_Numbers = NDArray[np.float64]

_AT_ONCE: Final = 500_000
"""Pairs of points and edges in one array, so that memory stays small."""

_RUN: Final = 50
"""Edges that are held by one cap, so that most of a border with thousands is passed over at once."""


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
        A cap that holds the polygon: a unit vector and a radius in radians, below a quarter turn.
    runs
        Where runs of successive edges start.
    run_centers, run_reaches
        A cap that holds each run: unit vectors, shape (runs, 3), and radii in radians, shape (runs,).
    """

    degrees: _Numbers
    starts: Vectors
    tangents: Vectors
    poles: Vectors
    lengths: _Numbers
    center: Vectors
    reach: float
    runs: NDArray[np.intp]
    run_centers: Vectors
    run_reaches: _Numbers

    @classmethod
    def of(cls, polygon: Polygon) -> "Outline":
        """Make a polygon ready."""
        starts = normals_of(polygon.ring)
        cap = some_cap(starts)
        assert cap is not None, "a polygon lies within less than a hemisphere"
        # From chords: they keep the digits of edges that are short.
        steps = following(starts) - starts
        chords_squared = np.einsum("ij,ij->i", steps, steps)
        center, reach = cap[0], 2.0 * math.asin(0.5 * cap[1])
        runs, run_centers, run_reaches = _runs(starts, center, reach)
        tangents = _unit(steps + 0.5 * chords_squared[:, None] * starts)
        return cls(
            degrees=degrees_of(polygon.ring),
            starts=starts,
            tangents=tangents,
            poles=_unit(_cross(starts, tangents)),
            lengths=2.0 * np.arcsin(np.minimum(1.0, 0.5 * np.sqrt(chords_squared))),
            center=center,
            reach=reach,
            runs=runs,
            run_centers=run_centers,
            run_reaches=run_reaches,
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
            starts_right = _cross(some, beyond[None, :]) @ self.starts.T > 0.0
            passed = starts_right != np.concatenate((starts_right[:, 1:], starts_right[:, :1]), axis=1)
            passed &= (some @ self.poles.T > 0.0) != beyond_sides
            held[part] = passed.sum(axis=1) % 2 == 1
        return held & (points @ self.center > 0.0)

    def crosses(self, other: "Outline") -> bool:
        """Tell whether an edge of this one crosses an edge of another; touching is left to distances."""
        meeting = _angles(self.run_centers, other.run_centers) <= (
            self.run_reaches[:, None] + other.run_reaches[None, :] + _NOISE
        )
        own_ends, other_ends = following(self.starts), following(other.starts)
        for number, meets in enumerate(meeting):
            rows = self._run(number)
            columns = np.flatnonzero(np.repeat(meets, np.diff(other.runs, append=len(other.starts))))
            # In rows are edges of this one, in columns those of the other.
            before = self.poles[rows] @ other.starts[columns].T
            after = self.poles[rows] @ other_ends[columns].T
            own_before = self.starts[rows] @ other.poles[columns].T
            own_after = own_ends[rows] @ other.poles[columns].T
            # The last condition keeps out edges that meet each other's antipodes.
            if np.any((before * after < 0.0) & (own_before * own_after < 0.0) & (before * own_before < 0.0)):
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
        to_runs = _angles(points, self.run_centers)
        closest = to_runs - self.run_reaches
        # Some point of a run is no farther than its cap.
        limits: _Numbers = (to_runs + self.run_reaches).min(axis=1)
        for run in np.argsort(closest.min(axis=0)):
            if not each:
                limits = np.full_like(limits, limits.min())
            some = np.flatnonzero(closest[:, run] <= limits * slack + _NOISE)
            edges = self._run(run)
            for part in self._parts(len(some)):
                rows = some[part]
                distances = self.distances(points[rows], edges)
                limits[rows] = np.minimum(limits[rows], distances.min(axis=1))
                row, column = np.nonzero(distances <= limits[rows][:, None] * slack + _NOISE)
                found.append((rows[row], column + edges.start, distances[row, column]))
        point, edge, distance = (np.concatenate(column) for column in zip(*found, strict=True))
        kept = distance <= (limits[point] if each else limits.min()) * slack + _NOISE
        return point[kept], edge[kept], distance[kept]

    def least_distances(self, points: Vectors) -> _Numbers:
        """Give the least spherical distances from unit vectors (n, 3) to the edges in radians, shape (n,)."""
        least = np.full(len(points), np.inf)
        for part in self._parts(len(points)):
            point, _, distance = self.near(points[part], 1.0, each=True)
            np.minimum.at(least[part], point, distance)
        return least

    def distances(self, points: Vectors, edges: slice = slice(None)) -> _Numbers:
        """Give the spherical distances from unit vectors (n, 3) to some edges in radians, shape (n, edges)."""
        ends = following(self.starts)[edges]
        along = np.arctan2(points @ self.tangents[edges].T, points @ self.starts[edges].T)
        between = (along > 0.0) & (along < self.lengths[edges])
        to_ends = np.minimum(_angles(points, self.starts[edges]), _angles(points, ends))
        return np.where(between, np.arcsin(np.minimum(1.0, np.abs(points @ self.poles[edges].T))), to_ends)

    def _run(self, number: int) -> slice:
        start = int(self.runs[number])
        return slice(start, min(start + _RUN, len(self.starts)))

    def _parts(self, count: int) -> list[slice]:
        step = max(1, _AT_ONCE // len(self.starts))
        return [slice(start, min(count, start + step)) for start in range(0, count, step)]


_NOISE: Final = 1e-12
"""Radians; a few micrometres, far more than the rounding of unit vectors."""


def _runs(starts: Vectors, center: Vectors, reach: float) -> tuple[NDArray[np.intp], Vectors, _Numbers]:
    count = len(starts)
    runs = np.arange(0, count, _RUN)
    if len(runs) == 1:
        return runs, center[None, :], np.array([reach])
    # A run's last edge ends where the next run starts.
    corners = [starts[np.arange(start, min(start + _RUN, count) + 1) % count] for start in range(0, count, _RUN)]
    centers = _unit(np.array([some.mean(axis=0) for some in corners]))
    reaches = np.array([_angles(some, middle[None, :]).max() for some, middle in zip(corners, centers, strict=True)])
    # Beyond a quarter turn a cap may hold the ends of an edge and not the edge.
    reaches[reaches > 1.5] = np.pi
    return runs, centers, reaches


def _cross(ones: Vectors, others: Vectors) -> Vectors:
    # As `numpy.cross`, in a third of its time for few vectors.
    x, y, z = ones.T
    u, v, w = others.T
    return np.stack((y * w - z * v, z * u - x * w, x * v - y * u), axis=1)


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None])


def _angles(points: Vectors, others: Vectors) -> _Numbers:
    apart = points[:, None, :] - others[None, :, :]
    half_chords = 0.5 * np.sqrt(np.einsum("ijk,ijk->ij", apart, apart))
    return np.asarray(2.0 * np.arcsin(np.minimum(1.0, half_chords)))
