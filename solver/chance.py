"""Reproducible chance: the same seed gives the same choices on every machine and Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

_MASK = (1 << 64) - 1
Item = TypeVar("Item")


class Chance:
    """A SplitMix64 generator (Steele, Lea, Flood 2014): one 64-bit state, no global, no operating system.

    Examples
    --------
    >>> Chance(7).below(10) == Chance(7).below(10)
    True
    """

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def bits(self) -> int:
        """Return the next 64 random bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return z ^ (z >> 31)

    def below(self, bound: int) -> int:
        """Return an integer from 0 to ``bound - 1``."""
        return (self.bits() * bound) >> 64

    def share(self) -> float:
        """Return a number from 0 (in) to 1 (out)."""
        return (self.bits() >> 11) / (1 << 53)

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one of `items`, which are not empty."""
        return items[self.below(len(items))]

    def shuffle(self, items: list[Item]) -> None:
        """Put `items` in random order, in place."""
        for position in range(len(items) - 1, 0, -1):
            other = self.below(position + 1)
            items[position], items[other] = items[other], items[position]
