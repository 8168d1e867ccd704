"""How far something may differ from what is planned: a distribution by three points."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from solver.errors import InvalidProblem
from solver.problem.limits import check_integer

LARGEST_PERMILLE = 100_000
"""A hundred times what is planned."""

_TENTH_Z = NormalDist().inv_cdf(0.9)


class Distribution(Enum):
    """What the three points of a spread are, and what lies between them."""

    TRIANGULAR = "TRIANGULAR"
    """The smallest, the most likely and the largest value; densities on straight lines between them."""
    LOGNORMAL = "LOGNORMAL"
    """The 10 %, 50 % and 90 % points of a shifted lognormal distribution, which has a long tail upwards."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution of the ratio of what comes to what is planned, in thousandths of the latter.

    Three-point estimates are those of PERT (Malcolm, Roseboom, Clark, Fazar 1959: Application of a technique for
    research and development program evaluation).

    Parameters
    ----------
    optimistic_permille, likely_permille, pessimistic_permille
        The three points, in ascending order; what they are is `distribution`'s. All equal: certain.
    distribution
        The form. A lognormal one asks for ``optimistic * pessimistic >= likely ** 2``: as skew as a lognormal that
        begins at nought, or more; with less it would have values below nought.

    Raises
    ------
    InvalidProblem
        When the points are out of order or out of range, or fit no such distribution.

    Examples
    --------
    >>> round(Spread(800, 1000, 1600).quantile(0.9), 3)
    1.381
    >>> [round(Spread(900, 1000, 1300, Distribution.LOGNORMAL).quantile(share), 3) for share in (0.1, 0.5, 0.9)]
    [0.9, 1.0, 1.3]
    """

    optimistic_permille: int
    likely_permille: int
    pessimistic_permille: int
    distribution: Distribution = Distribution.TRIANGULAR

    def __post_init__(self) -> None:
        low, middle, high = self.optimistic_permille, self.likely_permille, self.pessimistic_permille
        check_integer("optimistic_permille", low, 0, LARGEST_PERMILLE)
        check_integer("likely_permille", middle, 0, LARGEST_PERMILLE)
        check_integer("pessimistic_permille", high, 0, LARGEST_PERMILLE)
        if middle < low:
            raise InvalidProblem("likely_permille", middle, f"give at least the optimistic value, {low}")
        if high < middle:
            raise InvalidProblem("pessimistic_permille", high, f"give at least the likely value, {middle}")
        if self.distribution is Distribution.LOGNORMAL and not self.is_certain:
            if low in (0, middle):
                raise InvalidProblem("optimistic_permille", low, f"give 1 to {middle - 1}, or take TRIANGULAR")
            if low * high < middle * middle:
                least = -(-middle * middle // low)
                raise InvalidProblem("pessimistic_permille", high, f"give at least {least}, or take TRIANGULAR")

    @property
    def is_certain(self) -> bool:
        """Whether all three points are one."""
        return self.optimistic_permille == self.pessimistic_permille

    def quantile(self, share: float) -> float:
        """Give the ratio that `share` of all cases stay below, for a share in the open range 0 to 1."""
        if self.is_certain:
            return self.likely_permille / 1000
        if self.distribution is Distribution.LOGNORMAL:
            shift, scale, sigma = self._lognormal()
            return shift + scale * math.exp(sigma * NormalDist().inv_cdf(share))
        low, middle, high = self._points()
        if share * (high - low) <= middle - low:
            return low + math.sqrt(share * (high - low) * (middle - low))
        return high - math.sqrt((1 - share) * (high - low) * (high - middle))

    def draw(self, chance: np.random.Generator, size: int) -> NDArray[np.float64]:
        """Draw `size` ratios."""
        if self.is_certain:
            return np.full(size, self.likely_permille / 1000)
        if self.distribution is Distribution.LOGNORMAL:
            shift, scale, sigma = self._lognormal()
            drawn: NDArray[np.float64] = chance.standard_normal(size)
            drawn *= sigma
            np.exp(drawn, out=drawn)
            drawn *= scale
            drawn += shift
            return drawn
        low, middle, high = self._points()
        share = chance.random(size)
        rising = low + np.sqrt(share * ((high - low) * (middle - low)))
        falling = high - np.sqrt((1 - share) * ((high - low) * (high - middle)))
        return np.where(share * (high - low) <= middle - low, rising, falling)

    def _points(self) -> tuple[float, float, float]:
        return self.optimistic_permille / 1000, self.likely_permille / 1000, self.pessimistic_permille / 1000

    def _lognormal(self) -> tuple[float, float, float]:
        """Shift, scale and sigma of ``shift + scale * exp(sigma * z)`` with these 10 %, 50 % and 90 % points."""
        low, middle, high = self._points()
        skew = (high - middle) / (middle - low)
        scale = (high - middle) / (skew - 1)
        return middle - scale, scale, math.log(skew) / _TENTH_Z


CERTAIN = Spread(1000, 1000, 1000)
"""Comes as planned."""
