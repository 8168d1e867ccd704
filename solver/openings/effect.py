"""What placing one more action does to each goal, without counting the whole plan again."""

from __future__ import annotations

from bisect import insort
from dataclasses import replace

from solver.draft import Draft
from solver.draft.day import Stint
from solver.local.roads import road_slots
from solver.openings.choose import Burdens
from solver.score import changes_of, cost_in_action, lateness_of, makespan, project_delay, score
from solver.solution import Placement, Score


class Effect:
    """Scores of a plan with one action added.

    Parameters
    ----------
    draft
        Holds the plan, without the action.
    action
        Which action.
    """

    def __init__(self, draft: Draft, action: int) -> None:
        self._draft = draft
        self._action = action
        self._problem = draft.facts.problem
        self.before: Score = score(self._problem, draft.placements())
        """Without the action."""
        self.burdens = Burdens(*self._loads())

    def of(self, placement: Placement) -> Score:
        """Give the score with the action placed so, equal to that of `solver.score`."""
        problem, before = self._problem, self.before
        action = problem.actions[self._action]
        duration_slots = action.modes[placement.mode].duration_slots
        units = placement.all_units()
        served: dict[int, int] = {}
        for unit in units:
            owner = problem.units[unit].owner
            served[owner] = served.get(owner, 0) + duration_slots
        roads = sum(self.road_price(unit, placement.start_slot, duration_slots) for unit in units)
        burdened = [self.burdens.of(owner, slots) for owner, slots in served.items()]
        return replace(
            before,
            missing_mandatory=before.missing_mandatory - action.mandatory,
            placed_weight=before.placed_weight + action.weight,
            victims=before.victims + action.expected_victims,
            changes=before.changes
            - changes_of(problem, self._action, None)
            + changes_of(problem, self._action, placement),
            **self._projects(placement),
            lateness=before.lateness + lateness_of(problem, placement),
            cost=before.cost + cost_in_action(problem, placement) + roads,
            burden_permille=max([before.burden_permille, *burdened]),
        )

    def _projects(self, placement: Placement) -> dict[str, int]:
        """Delay and makespan of the projects, where the problem has any."""
        problem = self._problem
        if not problem.projects:
            return {}
        plan = (*self._draft.placements(), placement)
        return {"project_delay": project_delay(problem, plan), "makespan": makespan(problem, plan)}

    def road_price(self, unit: int, start_slot: int, duration_slots: int) -> int:
        """Cost of what the unit is longer (or shorter) on the road when it serves the action from this start."""
        facts = self._draft.facts
        cost_per_slot = self._problem.units[unit].cost_per_slot
        if not cost_per_slot:
            return 0
        day = self._draft.days[unit]
        longer = list(day)
        insort(longer, Stint(start_slot, start_slot + duration_slots, facts.sites[self._action], self._action))
        return cost_per_slot * (road_slots(facts, unit, longer) - road_slots(facts, unit, day))

    def _loads(self) -> tuple[dict[int, int], dict[int, int]]:
        """Slots available and slots in action, by owner country, as `solver.score.burdens` counts them."""
        offered: dict[int, int] = {}
        used: dict[int, int] = {}
        horizon_slots = self._problem.horizon_slots
        for index, unit in enumerate(self._problem.units):
            for interval in unit.availability:
                slots = min(interval.end_slot, horizon_slots) - max(interval.start_slot, 0)
                offered[unit.owner] = offered.get(unit.owner, 0) + max(0, slots)
            for stint in self._draft.days[index]:
                used[unit.owner] = used.get(unit.owner, 0) + stint.end_slot - stint.start_slot
        return offered, used
