"""Chance with a stream of its own for each part, so that a change in one part leaves the bytes of the others alone."""

from random import Random


def stream(seed: int, part: str) -> Random:
    """Give the stream of one part of the exercise; seeded by text, it does not depend on the hash seed.

    >>> stream(7, "units").random() == stream(7, "units").random() != stream(7, "names").random()
    True
    """
    return Random(f"{seed}/{part}")


def steps(chance: Random, low: int, high: int, step: int = 2) -> int:
    """Draw a multiple of `step` from the closed range `low` to `high`, both taken up to multiples of it.

    >>> steps(stream(1, "doctest"), 3, 9, 4) in (4, 8, 12)
    True
    """
    return step * chance.randint(-(-low // step), max(-(-low // step), -(-high // step)))
