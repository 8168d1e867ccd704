"""What a model is about: which actions are free, and what stays around them."""

from __future__ import annotations

from dataclasses import dataclass

from solver.draft import Draft
from solver.facts import Facts


@dataclass(frozen=True, slots=True)
class Scope:
    """The free actions of a model.

    Parameters
    ----------
    facts
        The problem's facts.
    around
        A draft in which the free actions are not placed; what is placed in it stays as it is. None for an
        empty one.
    free
        The free actions, whole bundles, with all placed actions that require one of them.
    wide
        Offer every unit of a need's kind, so that the rules themselves refuse those that do not fit. Slower,
        and equal in result; it lets a single rule be left out.
    """

    facts: Facts
    around: Draft | None
    free: tuple[int, ...]
    wide: bool = False
