"""A conflict in the graph's words, as it is kept and told."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToldCause:
    """A rule that takes part in a conflict: its name (docs/solver.md), a sentence, and what it is about."""

    rule: str
    sentence: str
    action_ids: tuple[str, ...]
    unit_ids: tuple[str, ...]
    facts: Plain


@dataclass(frozen=True, slots=True)
class ToldRelaxation:
    """A change that helps.

    Parameters
    ----------
    kind, sentence, facts, action_ids, unit_ids
        What is changed: a key of ``solver.COSTS``, in words, and about what.
    resolves
        ``REQUEST``, ``ACTIONS`` or ``CONFLICT``.
    cost
        What it is ranked by.
    smallest
        Whether it is proven that less does not do.
    """

    kind: str
    sentence: str
    action_ids: tuple[str, ...]
    unit_ids: tuple[str, ...]
    facts: Plain
    resolves: str
    cost: int
    smallest: bool


@dataclass(frozen=True, slots=True)
class ToldConflict:
    """A conflict: whether its set is shown to be minimal, its rules, and what would help, the best first."""

    feasibility: str
    minimal: bool
    causes: tuple[ToldCause, ...]
    relaxations: tuple[ToldRelaxation, ...]

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        return asdict(self)


def conflict_from_json(kept: Plain) -> ToldConflict:
    """Give a conflict that was kept as JSON."""

    def about(each: Plain) -> dict[str, Any]:
        return {**each, "action_ids": tuple(each["action_ids"]), "unit_ids": tuple(each["unit_ids"])}

    return ToldConflict(
        kept["feasibility"],
        kept["minimal"],
        tuple(ToldCause(**about(each)) for each in kept["causes"]),
        tuple(ToldRelaxation(**about(each)) for each in kept["relaxations"]),
    )
