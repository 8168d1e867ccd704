"""A plain simulator of one course, written from docs/solver.md alone: dictionaries, loops, amounts piece by piece."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from itertools import pairwise

from solver import Anchor, Interval, Mode, Placement, Problem
from solver.risk import Distribution, Spread, Uncertainty

Draw = Callable[[str, int, int], float]
"""Gives a ratio: of ``duration`` of an action, ``way`` to an action from a site, or ``victims`` of an action."""
Happened = set[tuple[str, int, str]]
"""What happened in one course, as (about, index, name), with the names of `solver.risk`."""


class Plain:
    """One plan, carried out course after course."""

    def __init__(self, problem: Problem, plan: tuple[Placement, ...], uncertainty: Uncertainty) -> None:
        self.problem = problem
        self.plan = {each.action: each for each in plan}
        self.uncertainty = uncertainty
        self.slot = problem.slot_minutes
        self.order = self._order()
        self.served: dict[int, list[Placement]] = {}
        for action in self.order:
            for unit in sorted(set(self.plan[action].all_units())):
                self.served.setdefault(unit, []).append(self.plan[action])
        self.takes = self._takes()

    def _order(self) -> list[int]:
        """By planned start; of equal starts, who has more predecessors in a row comes later; then by index."""
        depth: dict[int, int] = {}

        def deep(action: int) -> int:
            if action not in depth:
                before = [deep(each.before) + 1 for each in self.problem.precedences if each.after == action]
                depth[action] = max(before, default=0)
            return depth[action]

        return sorted(self.plan, key=lambda action: (self.plan[action].start_slot, deep(action), action))

    def _mode(self, action: int) -> Mode:
        return self.problem.actions[action].modes[self.plan[action].mode]

    def _takes(self) -> list[tuple[int, int, int, int]]:
        """Who takes over a piece of a resource from whom: (taker, need of it, giver, need of it)."""
        found = []
        rank = {action: number for number, action in enumerate(self.order)}
        for number, resource in enumerate(self.problem.resources):
            if not resource.renewable:
                continue
            uses = [
                (self.plan[action].start_slot + need.offset_slots, rank[action], action, position, need)
                for action in self.order
                for position, need in enumerate(self._mode(action).resource_needs)
                if need.resource == number
            ]
            uses.sort(key=lambda use: use[:2])
            # Each piece: since when it is free, who had it, in the order in which they came free.
            pieces: list[tuple[int, tuple[int, int] | None]] = []
            held: list[tuple[int, int, tuple[int, int]]] = []
            capacity = 0
            for now in sorted({*(use[0] for use in uses), *(step.from_slot for step in resource.steps)}):
                back = sorted(each for each in held if each[0] <= now)
                held = [each for each in held if each[0] > now]
                pieces.extend((until, who) for until, _, who in back)
                there = resource.capacity_at(now)
                if there > capacity:
                    pieces = [(now, None)] * (there - capacity) + pieces
                elif there < capacity:
                    del pieces[max(0, len(pieces) - (capacity - there)) :]
                capacity = there
                for _, _, action, position, need in (use for use in uses if use[0] == now):
                    for _, who in pieces[: need.amount]:
                        runs = self._mode(action).duration_slots
                        if who is not None and need.offset_slots < runs and rank[who[0]] < rank[action]:
                            found.append((action, position, *who))
                    del pieces[: need.amount]
                    held += [(now + need.length_slots, rank[action], (action, position))] * need.amount
        return sorted(set(found))

    def course(self, draw: Draw) -> Happened:
        """Carry the plan out once."""
        problem, slot = self.problem, self.slot
        start: dict[int, float] = {}
        end: dict[int, float] = {}
        journey: dict[tuple[int, int], float] = {}

        def way(origin: int, action: int) -> float:
            if (origin, action) not in journey:
                minutes = problem.travel.minutes(problem.sites, origin, problem.actions[action].site)
                journey[origin, action] = (minutes or 0) * draw("way", action, origin)
            return journey[origin, action]

        def longer(action: int) -> float:
            return max(0.0, end[action] - start[action] - self._mode(action).duration_slots * slot)

        def until(action: int, position: int) -> float:
            need = self._mode(action).resource_needs[position]
            last = start[action] + (need.offset_slots + need.length_slots) * slot
            holds_on = need.offset_slots + need.length_slots >= self._mode(action).duration_slots
            return last + longer(action) if holds_on else last

        for action in self.order:
            placed = self.plan[action]
            ready = [float(placed.start_slot * slot)]
            for each in problem.precedences:
                if each.after == action and each.before in start:
                    anchor = end if each.anchor is Anchor.END else start
                    ready.append(anchor[each.before] + each.min_lag_slots * slot)
            for unit in set(placed.all_units()):
                earlier = [each for each in self.served[unit] if each.action in start]
                if earlier:
                    origin = problem.actions[earlier[-1].action].site
                    ready.append(end[earlier[-1].action] + way(origin, action))
                stint = self._stint(unit, placed)
                if stint is not None and (not earlier or self._stint(unit, earlier[-1]) != stint):
                    ready.append(stint * slot + way(problem.units[unit].home, action))
            for taker, position, giver, given in self.takes:
                if taker == action:
                    offset = self._mode(action).resource_needs[position].offset_slots
                    ready.append(until(giver, given) - offset * slot)
            start[action] = max(ready)
            end[action] = start[action] + self._mode(action).duration_slots * slot * draw("duration", action, 0)
        return self._looked_at(start, end, way, until, draw)

    def _stint(self, unit: int, placed: Placement) -> int | None:
        for interval in self.problem.units[unit].availability:
            if interval.holds(placed.start_slot, placed.end_slot(self.problem)):
                return interval.start_slot
        return None

    def _looked_at(
        self,
        start: dict[int, float],
        end: dict[int, float],
        way: Callable[[int, int], float],
        until: Callable[[int, int], float],
        draw: Draw,
    ) -> Happened:
        problem, slot = self.problem, self.slot
        found: Happened = set()

        def inside(intervals: tuple[Interval, ...], action: int) -> bool:
            spans = ((each.start_slot * slot, each.end_slot * slot) for each in intervals)
            return any(first <= start[action] and end[action] <= last for first, last in spans)

        for number, placed in self.plan.items():
            action = problem.actions[number]
            hard = set()
            if end[number] > problem.horizon_slots * slot or not inside(action.windows, number):
                hard.add("windows")
            if any(start[number] < f.end_slot * slot and f.start_slot * slot < end[number] for f in action.forbidden):
                hard.add("forbidden_hours")
            if any(start[number] < c.end_slot * slot and c.start_slot * slot < end[number] for c in action.claimed):
                hard.add("claims")
            if action.warrants is not None and not inside(action.warrants, number):
                hard.add("warrants")
            for unit in placed.all_units():
                if not inside(problem.units[unit].availability, number):
                    hard.add("calendars")
                    found |= {("unit", unit, "calendars"), ("country", problem.units[unit].owner, "units")}
            for each in problem.precedences:
                if each.after == number and each.before in self.plan:
                    anchor = (end if each.anchor is Anchor.END else start)[each.before]
                    early = start[number] < anchor + each.min_lag_slots * slot
                    late = each.max_lag_slots is not None and start[number] > anchor + each.max_lag_slots * slot
                    if early or late:
                        hard.add("precedence")
            found |= {("action", number, name) for name in hard}
            if hard:
                found |= {("action", number, "overruns"), ("country", problem.host(number), "overruns")}
                found |= {("plan", 0, "overruns"), ("plan", 0, "any_breach")}
            if action.due_slot is not None and end[number] > action.due_slot * slot:
                found |= {("action", number, "late"), ("plan", 0, "late")}
            if start[number] > placed.start_slot * slot:
                found.add(("action", number, "starts_late"))
                found |= {("unit", unit, "starts_late") for unit in placed.all_units()}
        for unit, served in self.served.items():
            for one, other in pairwise(served):
                if end[one.action] + way(problem.actions[one.action].site, other.action) > other.start_slot * slot:
                    found.add(("action", one.action, "holds_up"))
            if self._on_duty_too_long(unit, start, end, way):
                found |= {("unit", unit, "duty_and_rest"), ("country", problem.units[unit].owner, "units")}
                found |= {("plan", 0, "duty_and_rest"), ("plan", 0, "any_breach")}
        for number, group in enumerate(problem.groups):
            starts = [start[action] for action in group.actions if action in start]
            if len(starts) > 1 and max(starts) > min(starts) + group.tolerance_slots * slot:
                found |= {("group", number, "simultaneity"), ("plan", 0, "simultaneity"), ("plan", 0, "any_breach")}
        for number, resource in enumerate(problem.resources):
            if self._lacks(number, start, until, draw):
                found |= {("resource", number, "capacity"), ("plan", 0, "capacity"), ("plan", 0, "any_breach")}
                if resource.country is not None:
                    found.add(("country", resource.country, "capacity"))
        return found

    def _on_duty_too_long(
        self, unit: int, start: dict[int, float], end: dict[int, float], way: Callable[[int, int], float]
    ) -> bool:
        duty = self.problem.units[unit].duty
        if duty is None:
            return False
        served = [each.action for each in self.served[unit]]
        began = start[served[0]]
        for number, action in enumerate(served):
            if number:
                before = served[number - 1]
                there = end[before] + way(self.problem.actions[before].site, action)
                if start[action] >= there + duty.min_rest_slots * self.slot:
                    began = start[action]
            if end[action] > began + duty.max_duty_slots * self.slot:
                return True
        return False

    def _lacks(self, number: int, start: dict[int, float], until: Callable[[int, int], float], draw: Draw) -> bool:
        problem, slot = self.problem, self.slot
        resource = problem.resources[number]
        grows = resource.kind in self.uncertainty.victim_resource_kinds
        uses = []
        for action in self.plan:
            for position, need in enumerate(self._mode(action).resource_needs):
                if need.resource == number:
                    amount, expected = need.amount, problem.actions[action].expected_victims
                    if grows and expected:
                        amount = math.ceil(amount * round(draw("victims", action, 0) * expected) / expected)
                    uses.append((start[action] + need.offset_slots * slot, until(action, position), amount))
        if not resource.renewable:
            return sum(amount for _, _, amount in uses) > resource.steps[0].capacity
        moments = {begin for begin, _, _ in uses} | {float(step.from_slot * slot) for step in resource.steps}
        for now in moments:
            used = sum(amount for begin, last, amount in uses if begin <= now < last)
            if used > resource.capacity_at(math.floor(now / slot)):
                return True
        return False


def drawn_by(rng: random.Random, uncertainty: Uncertainty) -> Callable[[], Draw]:
    """Draws of its own, by the standard library's distributions; call it once for each course."""
    ways = {(each.origin, each.destination): each.spread for each in uncertainty.ways}

    def course() -> Draw:
        known: dict[tuple[str, int, int], float] = {}

        def draw(kind: str, action: int, origin: int) -> float:
            key = (kind, action, origin)
            if key not in known:
                spread = {"duration": uncertainty.of_action(action), "victims": uncertainty.victims}.get(kind)
                known[key] = one_of(rng, uncertainty.way if spread is None else spread)
            return known[key]

        return draw

    assert not ways, "the simulator's user knows which site an action has; tests of ways give the same spread to all"
    return course


def one_of(rng: random.Random, spread: Spread) -> float:
    """One ratio of a spread."""
    low, middle, high = (
        each / 1000 for each in (spread.optimistic_permille, spread.likely_permille, spread.pessimistic_permille)
    )
    if low == high:
        return low
    if spread.distribution is Distribution.TRIANGULAR:
        return rng.triangular(low, high, middle)
    # shift + exp(mu + sigma z): its 10 %, 50 % and 90 % points by z = -1.2816, 0, 1.2816.
    sigma = math.log((high - middle) / (middle - low)) / 1.2815515655446004
    shift = (low * high - middle * middle) / (low + high - 2 * middle)
    return shift + rng.lognormvariate(math.log(middle - shift), sigma)
