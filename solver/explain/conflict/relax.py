"""Relaxations: single changes, each of the smallest amount that makes an impossible request possible."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeAlias

from solver.explain.conflict.cause import Cause
from solver.explain.conflict.change import COSTS, Change, changed
from solver.explain.conflict.decide import Answer, Feasibility, Oracle
from solver.explain.conflict.part import fits
from solver.problem import Problem, UnitNeed
from solver.solution import Placement

Plan: TypeAlias = tuple[Placement, ...]
_MOST_UNITS = 8
"""Units of one kind of cause for which changes are tried; those alike would do as well."""


class Resolves(Enum):
    """How much a change resolves; for each a plan has passed `solver.verify`."""

    REQUEST = "REQUEST"
    """With it all that must be placed can be."""
    ACTIONS = "ACTIONS"
    """With it the actions of the conflict can be placed under every rule; for the rest of the request more is needed,
    or that could not be decided in time."""
    CONFLICT = "CONFLICT"
    """With it this conflict is gone; the same actions have another."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A change that works.

    Parameters
    ----------
    change
        What is changed.
    resolves
        How much that resolves.
    cost
        What it costs, by `solver.COSTS`.
    smallest
        Whether it is proven that an amount smaller by one does not resolve as much; of changes without an amount
        always.
    """

    change: Change
    resolves: Resolves
    cost: int
    smallest: bool


@dataclass(frozen=True, slots=True)
class Level:
    """What a change is to make possible, and what it then resolves.

    Parameters
    ----------
    resolves
        What it resolves.
    problem
        What is to become possible.
    given
        Gives a change in terms of this problem's nouns.
    extended
        Extends a plan of the level before, with the change, to one of this level, where that is easy; None where not.
    seconds
        How long a solve about it may take.
    """

    resolves: Resolves
    problem: Problem
    given: Callable[[Change], Change] = lambda change: change
    extended: Callable[[Change, Plan], Plan | None] = lambda _change, _plan: None
    seconds: float = 20.0


def relaxations(
    problem: Problem, causes: tuple[Cause, ...], levels: Sequence[Level], oracle: Oracle
) -> tuple[Relaxation, ...]:
    """Return what would help an impossible request: what resolves most comes first, of that the cheapest.

    Parameters
    ----------
    problem
        The part of the request that the conflict is about; changes name its nouns.
    causes
        The conflict's.
    levels
        From the one that is easiest to resolve to the whole request; each needs at least the amount of the one before.
    oracle
        Asked about every change, and its budget.
    """
    reached = [_Reached(change, most) for change, most in _templates(problem, causes)]
    # All on one level before any on the next: the whole request may be large, and the budget end there.
    for level in levels:
        for each in sorted(reached, key=_Reached.cost):
            if oracle.meter.over(oracle.share):
                break
            each.climb(level, oracle)
        reached = [each for each in reached if each.relaxation is not None]
    found = [each.relaxation for each in reached if each.relaxation is not None]
    found = [each for each in found if not any(_outdoes(problem, other, each) for other in found)]
    rank = {kind: number for number, kind in enumerate(COSTS)}
    order = list(Resolves)
    return tuple(sorted(found, key=lambda each: (order.index(each.resolves), each.cost, rank[each.change.kind])))


class _Reached:
    """How far one change goes, from level to level."""

    def __init__(self, change: Change, most: int) -> None:
        self.relaxation: Relaxation | None = None
        self._change = change
        self._most = most
        self._least = 0
        self._proven = True
        self._plan: Plan = ()
        self._stuck = False

    def cost(self) -> int:
        """What it costs so far."""
        return 0 if self.relaxation is None else self.relaxation.cost

    def climb(self, level: Level, oracle: Oracle) -> None:
        """Find the smallest amount that makes the level possible too, if any does."""
        if self._stuck:
            return
        found = self._extended(level) or self._sought(level, oracle)
        if found is None:
            self._stuck = True
            return
        amount, self._plan, self._proven = found
        self._least = amount - 1
        change = replace(self._change, amount=amount)
        if change.resource is not None and level.problem.resources[change.resource].renewable:
            change = _where_needed(level.problem, change, self._plan)
        self.relaxation = Relaxation(change, level.resolves, change.cost(level.problem), self._proven)

    def _extended(self, level: Level) -> tuple[int, Plan, bool] | None:
        amount = self._least + 1
        plan = level.extended(replace(self._change, amount=amount), self._plan)
        return None if plan is None else (amount, plan, self._proven)

    def _sought(self, level: Level, oracle: Oracle) -> tuple[int, Plan, bool] | None:
        """The smallest amount that does, its plan, and whether it is proven smallest."""

        def ask(amount: int) -> Answer:
            change = level.given(replace(self._change, amount=amount))
            return oracle.ask(changed(level.problem, change), level.seconds)

        # What did for the level before may do here too, and then nothing has to be sought.
        low, proven, amount = self._least, self._proven, self._least + 1
        answer = ask(amount)
        if answer.feasibility is not Feasibility.POSSIBLE and self._most > amount:
            low, proven = amount, answer.feasibility is Feasibility.IMPOSSIBLE
            amount = self._most
            answer = ask(amount)
        if answer.feasibility is not Feasibility.POSSIBLE:
            return None
        high, plan = amount, answer.placements
        while high - low > 1:
            # Doubling first: what is asked for is mostly short beside the horizon.
            middle = min(2 * low, (low + high) // 2) if high == self._most else (low + high) // 2
            answer = ask(middle)
            if answer.feasibility is Feasibility.POSSIBLE:
                high, plan = middle, answer.placements
            else:
                low, proven = middle, answer.feasibility is Feasibility.IMPOSSIBLE
        # Of a rule that is waived, and of the least amount of all, there is no smaller one to be refuted.
        return high, plan, proven or high == 1


def _outdoes(problem: Problem, other: Relaxation, one: Relaxation) -> bool:
    """Whether a change that was found as well does as much for as little, and asks for less of the same rule."""
    if other is one or other.resolves is not one.resolves or other.cost > one.cost:
        return False
    mine, others = one.change, other.change
    lesser = {"WARRANT_GRANTED": "WARRANT_", "PRECEDENCE_WAIVED": "LAG_", "GROUP_WAIVED": "TOLERANCE_"}.get(mine.kind)
    if lesser is not None:
        same = (mine.action, mine.precedence, mine.group) == (others.action, others.precedence, others.group)
        return same and others.kind.startswith(lesser)
    if mine.need is None or others.need is None or mine.action is None or others.action is None:
        return False
    if problem.host(mine.action) != problem.host(others.action) or mine.need.kind != others.need.kind:
        return False
    asked, less = mine.need, others.need
    weaker = less.type >= asked.type and set(less.skills) <= set(asked.skills)
    equal = less.type == asked.type and set(less.skills) == set(asked.skills)
    return weaker and (not equal or others.action < mine.action)


def _templates(problem: Problem, causes: tuple[Cause, ...]) -> Iterator[tuple[Change, int]]:
    """Every change that bears upon a cause, with the largest amount that makes sense."""
    horizon = problem.horizon_slots
    for cause in causes:
        action = cause.action
        if cause.rule in ("windows", "warrants") and action is not None:
            noun = "WINDOW" if cause.rule == "windows" else "WARRANT"
            owner = problem.actions[action]
            if owner.windows if noun == "WINDOW" else owner.warrants:
                yield Change(f"{noun}_LATER", action=action), horizon
                yield Change(f"{noun}_EARLIER", action=action), horizon
            if noun == "WARRANT":
                yield Change("WARRANT_GRANTED", action=action), 1
        elif cause.rule == "forbidden_hours":
            yield Change("FORBIDDEN_HOURS_WAIVED", action=action), 1
        elif cause.rule == "claims":
            yield Change("CLAIMS_SETTLED", action=action), 1
        elif cause.rule == "unit_needs" and action is not None:
            yield from _more_units(problem, action)
        elif cause.rule == "locks":
            yield Change("LOCK_LIFTED", action=action), 1
        elif cause.rule == "stays":
            yield Change("ACTION_MOVED", action=action), 1
        elif cause.rule == "mandatory":
            yield Change("MANDATORY_DROPPED", action=action), 1
        elif cause.resource is not None:
            yield Change("CAPACITY_RAISED", resource=cause.resource), _all_amounts(problem, cause.resource)
        elif cause.precedence is not None:
            yield from _lags(problem, cause.precedence)
        elif cause.group is not None:
            yield Change("TOLERANCE_WIDER", group=cause.group), horizon
            yield Change("GROUP_WAIVED", group=cause.group), 1
        elif cause.country is not None:
            for unit in _not_permitted(problem, cause.country)[:_MOST_UNITS]:
                yield Change("UNIT_PERMITTED", unit=unit, country=cause.country), 1
        else:
            for unit in cause.units[:_MOST_UNITS]:
                if cause.rule == "duty_and_rest":
                    yield Change("DUTY_LONGER", unit=unit), horizon
                elif problem.units[unit].availability:
                    reach = horizon + max(0, -min(each.start_slot for each in problem.units[unit].availability))
                    yield Change("UNIT_AVAILABLE_LATER", unit=unit), reach
                    yield Change("UNIT_AVAILABLE_EARLIER", unit=unit), reach + _longest_way(problem, unit)


def _more_units(problem: Problem, action: int) -> Iterator[tuple[Change, int]]:
    needs: dict[tuple[int, int, tuple[int, ...]], UnitNeed] = {}
    for mode in problem.actions[action].modes:
        for need in mode.unit_needs:
            key = (need.kind, need.type, need.skills)
            if key not in needs or need.count > needs[key].count:
                needs[key] = need
    for need in needs.values():
        yield Change("UNITS_ADDED", action=action, need=replace(need, count=1)), need.count


def _lags(problem: Problem, precedence: int) -> Iterator[tuple[Change, int]]:
    relation = problem.precedences[precedence]
    reach = 2 * problem.horizon_slots + abs(relation.min_lag_slots) + abs(relation.max_lag_slots or 0)
    yield Change("LAG_SHORTER", precedence=precedence), reach
    if relation.max_lag_slots is not None:
        yield Change("LAG_LONGER", precedence=precedence), reach
    yield Change("PRECEDENCE_WAIVED", precedence=precedence), 1


def _all_amounts(problem: Problem, resource: int) -> int:
    """What all actions together could use at once."""
    return sum(
        max(sum(need.amount for need in mode.resource_needs if need.resource == resource) for mode in action.modes)
        for action in problem.actions
    )


def _not_permitted(problem: Problem, country: int) -> list[int]:
    needs = [
        need
        for number, action in enumerate(problem.actions)
        if problem.host(number) == country
        for mode in action.modes
        for need in mode.unit_needs
    ]
    return [
        number
        for number, unit in enumerate(problem.units)
        if country not in unit.permitted and any(fits(unit, need) for need in needs)
    ]


def _longest_way(problem: Problem, unit: int) -> int:
    home = problem.units[unit].home
    return max((problem.travel_slots(home, action.site) or 0 for action in problem.actions), default=0)


def _where_needed(problem: Problem, change: Change, plan: tuple[Placement, ...]) -> Change:
    """The change for the slots only in which a plan uses more than there was; that plan is its witness."""
    assert change.resource is not None
    turns: dict[int, int] = {}
    for placement in plan:
        for need in problem.actions[placement.action].modes[placement.mode].resource_needs:
            if need.resource == change.resource:
                from_slot = placement.start_slot + need.offset_slots
                turns[from_slot] = turns.get(from_slot, 0) + need.amount
                turns[from_slot + need.length_slots] = turns.get(from_slot + need.length_slots, 0) - need.amount
    resource = problem.resources[change.resource]
    edges = sorted({*turns, *(step.from_slot for step in resource.steps)})
    used, over = 0, []
    for slot, following in zip(edges, [*edges[1:], edges[-1] + 1], strict=True):
        used += turns.get(slot, 0)
        if used > resource.capacity_at(slot):
            over.append((slot, following))
    return replace(change, from_slot=over[0][0], until_slot=over[-1][1])
