"""The least geodesic distance from points to edges of polygons, many pairs at once."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from opsplan.geography.areas.ellipsoid import (
    ECCENTRICITY_SQUARED,
    GREATEST_RADIUS_M,
    LEAST_RADIUS_M,
    SEMI_MAJOR_M,
    WGS84,
)
from opsplan.geography.areas.outline import Outline
from opsplan.geography.geodesy import Vectors, degrees_from

_Numbers = NDArray[np.float64]
_Indices = NDArray[np.intp]

_SLACK: Final = GREATEST_RADIUS_M / LEAST_RADIUS_M
"""An edge whose spherical distance is more than this times the least holds no nearest point of the ellipsoid."""

_FAR: Final = np.radians(60.0)
"""Up to here the distance to an edge has one minimum; towards a quarter turn it may have several."""

_STEPS: Final = 30
_SETTLED: Final = 1e-4 / GREATEST_RADIUS_M
_SAMPLES: Final = 33
_GOLDEN: Final = (5.0**0.5 - 1.0) / 2.0
_GOLDEN_STEPS: Final = 60


def least_distances_m(points: Vectors, degrees: _Numbers, outline: Outline) -> _Numbers:
    """Give for each point the least geodesic distance to an outline's edges in metres, shape (n,).

    Parameters
    ----------
    points, degrees
        The points as unit vectors, shape (n, 3), and as longitude and latitude, shape (n, 2).
    outline
        The polygon; whether it holds a point is not asked here.
    """
    return _least(points, degrees, outline, each=True)


def least_distance_m(points: Vectors, degrees: _Numbers, outline: Outline) -> float:
    """Give the least geodesic distance between any of the points and an outline's edges in metres."""
    return float(_least(points, degrees, outline, each=False).min())


def _least(points: Vectors, degrees: _Numbers, outline: Outline, *, each: bool) -> _Numbers:
    point, edge, spherical = outline.near(points, _SLACK, each=each)
    pairs = _Pairs.of(points, degrees, outline, point, edge)
    group = point if each else np.zeros_like(point)
    least = np.full(len(points) if each else 1, np.inf)
    far = spherical > _FAR
    # What the nearest point of the sphere gives holds most pairs at bay.
    first, _, _ = pairs.measure(pairs.nearest)
    np.minimum.at(least, group, first)
    open_ = spherical * LEAST_RADIUS_M < least[group]
    for some, search in ((open_ & ~far, _by_spheres), (open_ & far, _by_sections)):
        if some.any():
            np.minimum.at(least, group[some], search(pairs.only(some)))
    return least


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Points against edges, one by one; places on an edge are radians of the sphere from its start."""

    degrees: _Numbers
    starts: Vectors
    tangents: Vectors
    lengths: _Numbers
    nearest: _Numbers

    @classmethod
    def of(cls, points: Vectors, degrees: _Numbers, outline: Outline, point: _Indices, edge: _Indices) -> "_Pairs":
        starts, tangents = outline.starts[edge], outline.tangents[edge]
        lengths = outline.lengths[edge]
        some = points[point]
        along = np.arctan2(np.einsum("ij,ij->i", some, tangents), np.einsum("ij,ij->i", some, starts))
        # Beside the edge the nearer of its ends; round the back of the sphere that may be the far one.
        ends = np.where(-along > np.pi - 0.5 * lengths, lengths, np.clip(along, 0.0, lengths))
        return cls(degrees[point], starts, tangents, lengths, ends)

    def only(self, some: NDArray[np.bool_] | _Indices) -> "_Pairs":
        return _Pairs(
            self.degrees[some], self.starts[some], self.tangents[some], self.lengths[some], self.nearest[some]
        )

    def measure(self, places: _Numbers) -> tuple[_Numbers, _Numbers, _Numbers]:
        """Give the distances in metres, how they change along the edge (cosine), and metres of a radian there."""
        cosines, sines = np.cos(places)[:, None], np.sin(places)[:, None]
        there = self.starts * cosines + self.tangents * sines
        along = self.tangents * cosines - self.starts * sines
        degrees = degrees_from(there)
        _, azimuths, distances = WGS84.inv(
            self.degrees[:, 0], self.degrees[:, 1], degrees[:, 0], degrees[:, 1], return_back_azimuth=False
        )
        longitudes, latitudes = np.radians(degrees[:, 0]), np.radians(degrees[:, 1])
        to_east = along[:, 1] * np.cos(longitudes) - along[:, 0] * np.sin(longitudes)
        to_north = along[:, 2] * np.cos(latitudes) - np.sin(latitudes) * (
            along[:, 0] * np.cos(longitudes) + along[:, 1] * np.sin(longitudes)
        )
        flattened = 1.0 - ECCENTRICITY_SQUARED * np.sin(latitudes) ** 2
        east_m = to_east * SEMI_MAJOR_M / np.sqrt(flattened)
        north_m = to_north * SEMI_MAJOR_M * (1.0 - ECCENTRICITY_SQUARED) / flattened**1.5
        radii = np.hypot(east_m, north_m)
        azimuths = np.radians(azimuths)
        slopes = (north_m * np.cos(azimuths) + east_m * np.sin(azimuths)) / radii
        return distances, slopes, radii


def _by_spheres(pairs: _Pairs) -> _Numbers:
    """Step to the minimum that a sphere with the same distance and slope at this place would have, until settled.

    Each step leaves less than a hundredth of the way, as ellipsoid and sphere differ by so little.
    """
    places = pairs.nearest
    least = np.full(len(places), np.inf)
    for _ in range(_STEPS):
        distances, slopes, radii = pairs.measure(places)
        np.minimum(least, distances, out=least)
        turned = distances / radii
        steps = np.arctan2(np.sin(turned) * slopes, np.cos(turned))
        ahead = np.clip(places - steps, 0.0, pairs.lengths)
        moved = np.abs(ahead - places)
        places = ahead
        if moved.max() < _SETTLED:
            return least
    unsettled = moved >= _SETTLED
    least[unsettled] = np.minimum(least[unsettled], _by_sections(pairs.only(unsettled)))
    return least


def _by_sections(pairs: _Pairs) -> _Numbers:
    """Sample the edges, then close in on every minimum among the samples by golden sections."""
    fractions = np.linspace(0.0, 1.0, _SAMPLES)
    count = len(pairs.lengths)
    rows = np.repeat(np.arange(count), _SAMPLES)
    sampled, _, _ = pairs.only(rows).measure((pairs.lengths[:, None] * fractions).ravel())
    samples = sampled.reshape(count, _SAMPLES)
    walled = np.pad(samples, ((0, 0), (1, 1)), constant_values=np.inf)
    row, column = np.nonzero((samples <= walled[:, :-2]) & (samples <= walled[:, 2:]))
    some = pairs.only(row)
    low = some.lengths * fractions[np.maximum(column - 1, 0)]
    high = some.lengths * fractions[np.minimum(column + 1, _SAMPLES - 1)]
    best = samples[row, column]
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = some.measure(left)[0], some.measure(right)[0]
    for _ in range(_GOLDEN_STEPS):
        best = np.minimum(best, np.minimum(at_left, at_right))
        if (high - low).max() < _SETTLED:
            break
        leftward = at_left <= at_right
        low, high = np.where(leftward, low, left), np.where(leftward, right, high)
        new = np.where(leftward, high - _GOLDEN * (high - low), low + _GOLDEN * (high - low))
        at_new = some.measure(new)[0]
        left, right = np.where(leftward, new, right), np.where(leftward, left, new)
        at_left, at_right = np.where(leftward, at_new, at_right), np.where(leftward, at_left, at_new)
    least: _Numbers = samples.min(axis=1)
    np.minimum.at(least, row, best)
    return least
