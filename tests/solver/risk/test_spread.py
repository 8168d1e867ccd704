"""Distributions by three points."""

from __future__ import annotations

import numpy as np
import pytest

from solver import InvalidProblem
from solver.risk import Distribution, Spread

FORMS = [
    Spread(500, 1000, 2000),
    Spread(1000, 1000, 1500),
    Spread(800, 1200, 1200),
    Spread(900, 1000, 1300, Distribution.LOGNORMAL),
    Spread(500, 1000, 2000, Distribution.LOGNORMAL),
]


@pytest.mark.parametrize("spread", FORMS, ids=str)
def test_draws_have_the_quantiles_that_are_told(spread: Spread) -> None:
    """As many draws lie below a quantile as its share says."""
    drawn = spread.draw(np.random.default_rng(3), 200_000)
    for share in (0.05, 0.1, 0.5, 0.9, 0.99):
        assert np.mean(drawn <= spread.quantile(share)) == pytest.approx(share, abs=0.005)
    assert drawn.min() >= 0


def test_the_points_of_a_lognormal_are_its_tenth_half_and_nine_tenths() -> None:
    """They are its 10 %, 50 % and 90 % points."""
    spread = Spread(850, 1000, 1500, Distribution.LOGNORMAL)
    assert [spread.quantile(share) for share in (0.1, 0.5, 0.9)] == pytest.approx([0.85, 1.0, 1.5])


@pytest.mark.parametrize(
    ("points", "form", "path"),
    [
        ((1000, 900, 1200), Distribution.TRIANGULAR, "likely_permille"),
        ((800, 1000, 999), Distribution.TRIANGULAR, "pessimistic_permille"),
        ((-1, 1000, 1200), Distribution.TRIANGULAR, "optimistic_permille"),
        ((1000, 1000, 1200), Distribution.LOGNORMAL, "optimistic_permille"),
        ((800, 1000, 1249), Distribution.LOGNORMAL, "pessimistic_permille"),
    ],
)
def test_points_that_make_no_distribution_are_refused(
    points: tuple[int, int, int], form: Distribution, path: str
) -> None:
    """Refused with the point that does not fit."""
    with pytest.raises(InvalidProblem) as refused:
        Spread(*points, form)
    assert refused.value.path == path
