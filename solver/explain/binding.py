"""What holds a placed action: which rules bind its time and its units, and how far it could move by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from solver.errors import InvalidProblem
from solver.explain.blocked import check_plan
from solver.problem import Problem
from solver.solution import Placement
from solver.verify import Breach, verify

_MOST_OTHERS = 200


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another unit for a need of a placed action, in place of any that fills it.

    Parameters
    ----------
    unit
        Index of the unit.
    need
        Index of the need in the action's mode.
    breaches
        What that would break with nothing else moved; empty when it could go.
    """

    unit: int
    need: int
    breaches: tuple[Breach, ...]


@dataclass(frozen=True, slots=True)
class Binding:
    """The hold on a placed action, nothing else moved.

    Parameters
    ----------
    action, start_slot
        Which action, and where it is.
    earliest_slot, latest_slot
        It could start at every slot from the one to the other, in its mode with its units.
    earlier, later
        What breaks one slot before the earliest and one after the latest start: the rules that bind its time.
    alternatives
        Per need, the other units of the kind: first those that could go, then those that break the least; at most
        200 units are looked at.
    """

    action: int
    start_slot: int
    earliest_slot: int
    latest_slot: int
    earlier: tuple[Breach, ...]
    later: tuple[Breach, ...]
    alternatives: tuple[Alternative, ...]

    @property
    def slack_slots(self) -> int:
        """By how many slots it can move in all."""
        return self.latest_slot - self.earliest_slot


def binding(problem: Problem, placements: tuple[Placement, ...], action: int) -> Binding:
    """Return which rules bind the time and the units of a placed action, by the checker alone.

    Parameters
    ----------
    problem
        What was asked.
    placements
        A valid plan with the action.
    action
        Index of the action. Where it is locked, its lock is what binds it.

    Raises
    ------
    InvalidProblem
        When the plan breaks a rule or does not place the action.
    """
    check_plan(problem, placements)
    found = next((placement for placement in placements if placement.action == action), None)
    if found is None:
        raise InvalidProblem("action", action, "name an action that the plan places")
    return _Binder(problem, placements, found).binding()


class _Binder:
    def __init__(self, problem: Problem, placements: tuple[Placement, ...], placement: Placement) -> None:
        self._problem = problem
        self._placement = placement
        self._others = _bearing_upon(problem, placements, placement)
        self._by_unit: dict[int, list[Placement]] = {}
        for each in placements:
            if each.action != placement.action:
                for unit in each.all_units():
                    self._by_unit.setdefault(unit, []).append(each)

    def binding(self) -> Binding:
        start_slot = self._placement.start_slot
        earliest, earlier = self._reach(-1)
        latest, later = self._reach(1)
        return Binding(self._placement.action, start_slot, earliest, latest, earlier, later, self._alternatives())

    def _reach(self, step: int) -> tuple[int, tuple[Breach, ...]]:
        """The furthest start that can be reached slot by slot, and what breaks one further."""
        slot = self._placement.start_slot
        while True:
            moved = replace(self._placement, start_slot=slot + step)
            breaches = self._breaches(moved, self._others)
            if breaches:
                return slot, breaches
            slot += step

    def _breaches(self, placement: Placement, others: Iterable[Placement]) -> tuple[Breach, ...]:
        """What is broken, as far as the action has to do with it: the others keep all rules by themselves."""
        plan = tuple(sorted((placement, *others), key=lambda each: each.action))
        breaches = verify(self._problem, plan)
        return tuple(breach for breach in breaches if self._is_about(breach, placement))

    def _is_about(self, breach: Breach, placement: Placement) -> bool:
        facts = breach.facts
        if breach.rule == "simultaneity":
            return placement.action in self._problem.groups[int(facts["group"])].actions
        if breach.rule == "capacity":
            return facts["resource"] in _used(self._problem, placement)
        if breach.rule == "duty_and_rest":
            return facts["unit"] in placement.all_units()
        return placement.action in (facts.get("action"), facts.get("other"), facts.get("before"))

    def _alternatives(self) -> tuple[Alternative, ...]:
        placement, problem = self._placement, self._problem
        assigned = set(placement.all_units())
        found: list[Alternative] = []
        for number, need in enumerate(problem.actions[placement.action].modes[placement.mode].unit_needs):
            kin = [unit for unit, each in enumerate(problem.units) if each.kind == need.kind and unit not in assigned]
            # Those that fit best first: where there are very many, the others need not be looked at.
            host = problem.host(placement.action)
            kin.sort(key=lambda unit: (host not in problem.units[unit].permitted, problem.units[unit].type > need.type))
            found.extend(self._instead(number, unit) for unit in kin[:_MOST_OTHERS])
        return tuple(sorted(found, key=lambda each: (each.need, len(each.breaches), each.unit)))

    def _instead(self, need: int, unit: int) -> Alternative:
        staff = tuple(sorted((*self._placement.units[need][1:], unit)))
        units = tuple(staff if number == need else each for number, each in enumerate(self._placement.units))
        sent = replace(self._placement, units=units)
        breaches = self._breaches(sent, self._by_unit.get(unit, ()))
        # Who goes out makes no difference to who comes in, but for a lock.
        theirs = tuple(breach for breach in breaches if breach.rule == "locks" or breach.facts.get("unit") == unit)
        return Alternative(unit, need, theirs)


def _used(problem: Problem, placement: Placement) -> set[int]:
    return {need.resource for need in problem.actions[placement.action].modes[placement.mode].resource_needs}


def _bearing_upon(problem: Problem, placements: tuple[Placement, ...], placement: Placement) -> list[Placement]:
    """The placements that share a unit or a resource with one, or are tied to it: the others cannot break with it."""
    action, units = placement.action, set(placement.all_units())
    used = _used(problem, placement)
    tied = {number for group in problem.groups if action in group.actions for number in group.actions}
    for precedence in problem.precedences:
        if action in (precedence.before, precedence.after):
            tied |= {precedence.before, precedence.after}
    return [
        each
        for each in placements
        if each.action != action
        and (each.action in tied or not units.isdisjoint(each.all_units()) or not used.isdisjoint(_used(problem, each)))
    ]
