"""A valid plan with its facts, and what a fault is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from tests.oracle import Facts, Placement, Plan, check
from tests.oracle.facts import Action, Mode, Unit, UnitNeed
from tests.stories.plan_faults.edits import staffed

STEP = timedelta(minutes=15)
_MOST = 400


@dataclass(frozen=True, slots=True)
class Scene:
    """A valid plan and its facts, with what faults look up."""

    facts: Facts
    plan: Plan

    def action(self, placement: Placement) -> Action:
        """Give a placement's action."""
        return self.facts.actions[placement.action_id]

    def mode(self, placement: Placement) -> Mode:
        """Give a placement's mode."""
        found = self.action(placement).mode(placement.mode_id)
        assert found is not None
        return found

    def placement(self, action_id: str) -> Placement | None:
        """Give an action's place."""
        return next((each for each in self.plan.placements if each.action_id == action_id), None)

    def starts(self, placement: Placement) -> Iterator[datetime]:
        """Give the starts at which the action would lie in its window."""
        window = self.action(placement).window
        start = window.start
        while start + self.mode(placement).duration <= window.end:
            yield start
            start += STEP

    def serves(self, unit: Unit) -> list[Placement]:
        """Give a unit's places, by start."""
        return sorted((each for each in self.plan.placements if unit.id in each.staff), key=lambda each: each.start)

    def needs(self) -> Iterator[tuple[Placement, UnitNeed]]:
        """Give every need of every placed mode."""
        for placement in self.plan.placements:
            for need in self.mode(placement).unit_needs:
                yield placement, need

    def units(self, need: UnitNeed, **wrong: bool) -> list[Unit]:
        """Give units that fit a need but for what is named as wrong (kind, type, languages); idle ones first."""
        busy = {unit for placement in self.plan.placements for unit in placement.staff}
        fit = [
            unit
            for unit in self.facts.units.values()
            if (unit.kind == need.kind) != wrong.get("kind", False)
            and (unit.type <= need.type) != wrong.get("type", False)
            and (need.languages <= unit.languages) != wrong.get("languages", False)
        ]
        return sorted(fit, key=lambda unit: (unit.id in busy, unit.id))

    def permitted(self) -> Iterator[tuple[Placement, UnitNeed, Unit]]:
        """Give for every need each unit that fits it, may act there, and is not sent there already."""
        for placement, need in self.needs():
            for unit in self.units(need):
                if self.action(placement).country in unit.may_act_in and unit.id not in placement.staff:
                    yield placement, need, unit

    def replaced(self, placement: Placement, need: UnitNeed, unit: Unit) -> Plan:
        """Send `unit` in the place of the need's first unit."""
        others = placement.staffing[need.id][1:]
        return self.filled(placement, need, tuple(sorted((unit.id, *others))))

    def filled(self, placement: Placement, need: UnitNeed, units: Sequence[str]) -> Plan:
        """Fill a need with these units."""
        return staffed(self.plan, placement, {**placement.staffing, need.id: tuple(units)})


@dataclass(frozen=True, slots=True)
class Fault:
    """A way to break a rule by one change of the plan; its candidates come most fitting first."""

    name: str
    rule: str
    candidates: Callable[[Scene], Iterator[Plan]]
    expressible: bool = True
    """Whether a solution of the solver can say it: that has no ends, no local times, only slots, each action once."""


def first_alone(fault: Fault, scene: Scene) -> Plan:
    """Give the first candidate that breaks its rule alone; else the one that breaks fewest others besides.

    Raises
    ------
    LookupError
        When no candidate breaks the rule.
    """
    best: tuple[int, Plan] | None = None
    for plan in islice(fault.candidates(scene), _MOST):
        broken = {breach.rule for breach in check(scene.facts, plan)}
        if broken == {fault.rule}:
            return plan
        if fault.rule in broken and (best is None or len(broken) < best[0]):
            best = (len(broken), plan)
    if best is None:
        raise LookupError(f"no candidate of {fault.name} breaks {fault.rule}")
    return best[1]
