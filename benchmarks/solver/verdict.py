"""What a checker answers: a value, or the first rule that a plan breaks."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """A plan's value, or why it has none.

    Parameters
    ----------
    value
        The goal's value, when every rule is kept.
    fault
        The first violation, in words.
    makespan
        Of several projects, from the first release to the last end.
    """

    value: int | None = None
    fault: str | None = None
    makespan: int | None = None


class Violation(Exception):
    """A rule is broken; the message says which and where."""


def most_in_use(uses: Iterable[tuple[int, int, int]]) -> tuple[int, int]:
    """Return the most that is in use at once, and since when; each use is ``(amount, from, until)``.

    Examples
    --------
    >>> most_in_use([(2, 0, 4), (3, 2, 6), (9, 4, 4)])
    (5, 2)
    """
    changes: dict[int, int] = {}
    for amount, start, end in uses:
        if start < end:
            changes[start] = changes.get(start, 0) + amount
            changes[end] = changes.get(end, 0) - amount
    used, most, since = 0, 0, 0
    for instant in sorted(changes):
        used += changes[instant]
        if used > most:
            most, since = used, instant
    return most, since
