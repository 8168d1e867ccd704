"""Making a plan more like the earlier one, earlier, cheaper and fairer while everything placed stays placed."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable

from solver.budget import Meter
from solver.chance import Chance
from solver.draft import Draft, Placed
from solver.draft.day import Stint
from solver.facts import Facts
from solver.facts.slots import nth, span
from solver.local.roads import road_slots
from solver.local.staffing import match
from solver.score import changes_of, makespan, project_delay

_STARTS_TRIED = 4
_URGENT_BIAS = 0.5


class PolishingSearch:
    """Hill climbing on changes, delays of projects, lateness, cost and burden, one action at a time.

    A move takes one action out and puts it back, in any mode, at a start that is no later than it must be,
    with the cheapest units, or where the earlier plan has it. It is kept when these goals, in strict order, do not get
    worse.

    Parameters
    ----------
    facts, draft
        The plan to change.
    movable
        The actions that may be moved.
    chance
        Source of random choices.
    """

    def __init__(self, facts: Facts, draft: Draft, movable: list[int], chance: Chance) -> None:
        self.facts = facts
        self.draft = draft
        self.chance = chance
        problem = facts.problem
        self._movable = movable
        self._offered = [0] * len(problem.countries)
        for unit in problem.units:
            for interval in unit.availability:
                slots = min(interval.end_slot, problem.horizon_slots) - max(interval.start_slot, 0)
                self._offered[unit.owner] += max(0, slots)
        self._loads = [0] * len(problem.countries)
        self.restart_from_draft()

    def restart_from_draft(self) -> None:
        """Take the draft, changed by someone else, as the state to go on from."""
        self._loads = [0] * len(self._loads)
        for unit, day in enumerate(self.draft.days):
            slots = sum(stint.end_slot - stint.start_slot for stint in day)
            self._loads[self.facts.problem.units[unit].owner] += slots

    def run(self, meter: Meter, share: float, steps: int, on_better: Callable[[], None]) -> None:
        """Make moves until `steps` in a row gained nothing or `share` of the budget is used."""
        placed = [action for action in self._movable if self.draft.placed[action] is not None]
        urgent = self._urgent(placed)
        since = 0
        while placed and since < steps and not meter.over(share):
            meter.spend(1)
            since += 1
            pool = urgent if urgent and self.chance.share() < _URGENT_BIAS else placed
            action = self.chance.pick(pool)
            if self._move(action):
                since = 0
                urgent = self._urgent(placed)
                on_better()

    def _urgent(self, placed: list[int]) -> list[int]:
        """The actions that are other than in the earlier plan; where there are none, those that are late."""
        here = self.draft.placed
        changed = [action for action in self.facts.kept if here[action] and self._changes(action, here[action])]
        return changed or [action for action in placed if self._late_slots(action) > 0]

    def _changes(self, action: int, placed: Placed | None) -> int:
        return changes_of(self.facts.problem, action, placed and placed.placement(action))

    def _late_slots(self, action: int) -> int:
        placed = self.draft.placed[action]
        due_slot = self.facts.problem.actions[action].due_slot
        if placed is None or due_slot is None:
            return 0
        return max(0, placed.start_slot + self.facts.durations[action][placed.mode] - due_slot)

    def _move(self, action: int) -> bool:
        """Try one move; True when it made the plan better."""
        draft = self.draft
        before_late, before_burden = self._late_slots(action), self._burden()
        old = draft.take(action)
        before_changes = self._changes(action, old)
        before_cost = self._cost(action, old)
        self._count(old, action, -1)
        before_projects = self._projects_if(action, old)
        best: tuple[tuple[int, ...], Placed] | None = None
        for candidate in self._candidates(action, before_late):
            late_slots = self._late_if(action, candidate)
            cost = self._cost(action, candidate)
            self._count(candidate, action, 1)
            projects = self._projects_if(action, candidate)
            key = (self._changes(action, candidate), *projects, late_slots, cost, self._burden())
            self._count(candidate, action, -1)
            if best is None or key < best[0]:
                best = (key, candidate)
        now = (before_changes, *before_projects, before_late, before_cost, before_burden)
        chosen = best[1] if best is not None and best[0] <= now else old
        draft.put(action, chosen)
        self._count(chosen, action, 1)
        return best is not None and best[0] < now

    def _candidates(self, action: int, most_late_slots: int) -> list[Placed]:
        facts, draft = self.facts, self.draft
        due_slot = facts.problem.actions[action].due_slot
        kept = facts.problem.actions[action].kept
        result: list[Placed] = []
        for mode, duration_slots in enumerate(facts.durations[action]):
            starts = draft.starts(action, mode)
            if kept is not None and kept.mode == mode and kept.start_slot >= 0 and starts >> kept.start_slot & 1:
                units = self._cheapest_units(action, mode, kept.start_slot, kept.units)
                if units is not None:
                    result.append(Placed(mode, kept.start_slot, units))
            if due_slot is not None:
                starts &= span(0, max(0, due_slot + most_late_slots - duration_slots + 1))
            if not starts:
                continue
            tried = {(starts & -starts).bit_length() - 1}
            for _ in range(_STARTS_TRIED - 1):
                tried.add(nth(starts, self.chance.below(starts.bit_count())))
            for start_slot in sorted(tried):
                units = self._cheapest_units(action, mode, start_slot)
                if units is not None:
                    result.append(Placed(mode, start_slot, units))
        return result

    def _cheapest_units(
        self, action: int, mode: int, start_slot: int, first: tuple[tuple[int, ...], ...] = ()
    ) -> tuple[tuple[int, ...], ...] | None:
        """Choose units for each need: those in `first` as far as they are free, then the cheapest."""
        facts, draft = self.facts, self.draft
        needs = facts.problem.actions[action].modes[mode].unit_needs
        free: list[list[int]] = []
        for number in range(len(needs)):
            before = first[number] if first else ()
            priced = [
                (unit not in before, self._unit_cost(unit, action, mode, start_slot), self._share(unit), unit)
                for unit, available in facts.staff(action, mode, number)
                if available >> start_slot & 1 and draft.free_starts(unit, action, mode, available) >> start_slot & 1
            ]
            priced.sort()
            free.append([unit for *_, unit in priced])
        return match(free, [need.count for need in needs])

    def _unit_cost(self, unit: int, action: int, mode: int, start_slot: int) -> int:
        """What the unit's service adds to the cost, its change of roads included."""
        facts = self.facts
        cost_per_slot = facts.problem.units[unit].cost_per_slot
        if not cost_per_slot:
            return 0
        duration_slots = facts.durations[action][mode]
        day = self.draft.days[unit]
        longer = list(day)
        insort(longer, Stint(start_slot, start_slot + duration_slots, facts.sites[action], action))
        roads = road_slots(facts, unit, longer) - road_slots(facts, unit, day)
        return cost_per_slot * (duration_slots + roads)

    def _projects_if(self, action: int, placed: Placed) -> tuple[int, int]:
        """Delay and makespan of the projects with the action, which is now out, placed so."""
        problem = self.facts.problem
        if not problem.projects:
            return 0, 0
        plan = (*self.draft.placements(), placed.placement(action))
        return project_delay(problem, plan), makespan(problem, plan)

    def _cost(self, action: int, placed: Placed) -> int:
        """What placing the action so, which is now out, adds to the cost."""
        total = self.facts.problem.actions[action].modes[placed.mode].cost
        for units in placed.units:
            for unit in units:
                total += self._unit_cost(unit, action, placed.mode, placed.start_slot)
        return total

    def _late_if(self, action: int, placed: Placed) -> int:
        due_slot = self.facts.problem.actions[action].due_slot
        if due_slot is None:
            return 0
        return max(0, placed.start_slot + self.facts.durations[action][placed.mode] - due_slot)

    def _count(self, placed: Placed, action: int, sign: int) -> None:
        slots = sign * self.facts.durations[action][placed.mode]
        for units in placed.units:
            for unit in units:
                self._loads[self.facts.problem.units[unit].owner] += slots

    def _share(self, unit: int) -> int:
        owner = self.facts.problem.units[unit].owner
        return 1000 * self._loads[owner] // max(1, self._offered[owner])

    def _burden(self) -> int:
        return max(
            (
                -(-1000 * load // offered)
                for load, offered in zip(self._loads, self._offered, strict=True)
                if load and offered
            ),
            default=0,
        )
