"""Choosing among ways to search by what each has brought."""

from __future__ import annotations

from collections.abc import Iterable

from solver.chance import Chance

BETTER, CHANGED, NOTHING = 1.0, 0.2, 0.0
"""What a use is worth: a better plan, another that is as good or proof that there is none better, or nothing."""

_REACTION = 0.1
_LEAST = 0.05


class Wheel:
    """Ways that are drawn by weight, as in adaptive large neighbourhood search (Ropke, Pisinger 2006).

    After each use the weight moves a tenth of the way towards what the use was worth, and never below a floor, so that
    what was useless for long is tried now and then. No clock is asked, so that equal runs draw alike.

    Parameters
    ----------
    ways
        Their names.

    Examples
    --------
    >>> wheel = Wheel(("one", "other"))
    >>> for _ in range(50):
    ...     wheel.reward("one", NOTHING)
    >>> wheel.weights["one"] < wheel.weights["other"]
    True
    """

    def __init__(self, ways: Iterable[str]) -> None:
        self.weights = dict.fromkeys(ways, BETTER)

    def pick(self, chance: Chance) -> str:
        """Draw a way."""
        left = chance.share() * sum(self.weights.values())
        for way, weight in self.weights.items():
            left -= weight
            if left < 0:
                return way
        return way

    def reward(self, way: str, worth: float) -> None:
        """Note what a use of the way was worth."""
        weight = self.weights[way]
        self.weights[way] = max(_LEAST, (1 - _REACTION) * weight + _REACTION * worth)
