"""What binds a placed action, in the graph's words: its slack, the rules that end it, and who else could go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opsplan.scheduling.answer import BrokenRule
from opsplan.scheduling.plan.breaches import broken_rules
from opsplan.scheduling.problem.frame import Frame
from solver import Breach, Placement


@dataclass(frozen=True, slots=True)
class OtherUnit:
    """A unit that could fill a need of a placed action in place of one that does, or what that would break."""

    unit_id: str
    need_id: str
    broken: tuple[BrokenRule, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """How far a placed action could move by itself, in its mode with its units, and what ends that.

    `earlier` and `later` are what breaks five minutes, a slot, before the earliest and after the latest start.
    """

    start: datetime
    earliest: datetime
    latest: datetime
    earlier: tuple[BrokenRule, ...]
    later: tuple[BrokenRule, ...]
    others: tuple[OtherUnit, ...]


def told_binding(found: Mapping[str, Any], placement: Placement, frame: Frame, most_others: int) -> Bound:
    """Say what the solver found about a placement, as its JSON has it, in the graph's words."""
    grid, needs = frame.index.grid, frame.index.need_ids[placement.action][placement.mode]

    def said(breaches: Any) -> tuple[BrokenRule, ...]:
        made = tuple(Breach(each["rule"], each["message"], each["facts"]) for each in breaches)
        return broken_rules(made, frame.problem, frame.index, frame.snapshot)

    return Bound(
        grid.instant(found["start_slot"]),
        grid.instant(found["earliest_slot"]),
        grid.instant(found["latest_slot"]),
        said(found["earlier"]),
        said(found["later"]),
        tuple(
            OtherUnit(frame.index.unit_ids[each["unit"]], needs[each["need"]], said(each["breaches"]))
            for each in found["alternatives"][:most_others]
        ),
    )
