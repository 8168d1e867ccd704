"""A plan as the API serves it, written as a solution for `python -m solver verify`, by the names in `problem.json`.

Slots are counted from the operation's start, which in the exercise stands on the grid.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.oracle import Facts, Placement, Plan
from tests.oracle.facts import UnitNeed


class SolutionFile:
    """Writes plans of one operation for one problem; the rest of the solution (its score) is the original's."""

    def __init__(self, facts: Facts, problem: bytes, solution: bytes) -> None:
        self._facts = facts
        self._problem: dict[str, Any] = json.loads(problem)["problem"]
        self._solution: dict[str, Any] = json.loads(solution)
        self._slot = timedelta(minutes=self._problem["slot_minutes"])
        self._action = _numbered(self._problem["actions"])
        self._unit = _numbered(self._problem["units"])

    def of(self, plan: Plan) -> bytes:
        """Write the plan."""
        placements = [self._placement(each) for each in plan.placements]
        body = {**self._solution["solution"], "placements": sorted(placements, key=lambda each: each["action"])}
        return json.dumps({**self._solution, "solution": body}).encode()

    def _placement(self, placement: Placement) -> dict[str, Any]:
        action = self._facts.actions[placement.action_id]
        number = self._action[action.name]
        modes = self._problem["actions"][number]["modes"]
        mode = action.mode(placement.mode_id)
        slot, off = divmod(placement.start - self._facts.span.start, self._slot)
        if off:
            raise ValueError(f"{action.name} does not start on a slot")
        if mode is None:
            return {"action": number, "mode": len(modes), "start_slot": slot, "units": []}
        chosen = _numbered(modes)[mode.name]
        waiting = [(need, placement.staffing[need.id]) for need in mode.unit_needs if need.id in placement.staffing]
        units = []
        for asked in modes[chosen]["unit_needs"]:
            found = next((pair for pair in waiting if self._same(asked, pair[0])), None)
            if found is not None:
                waiting.remove(found)
                # A unit that does not exist gets a number that none has.
                units.append(sorted(self._unit_number(unit) for unit in found[1]))
        return {"action": number, "mode": chosen, "start_slot": slot, "units": units}

    def _unit_number(self, unit_id: str) -> int:
        unit = self._facts.units.get(unit_id)
        return len(self._unit) if unit is None else self._unit[unit.name]

    def _same(self, asked: Mapping[str, Any], need: UnitNeed) -> bool:
        skills = frozenset(self._problem["skills"][skill] for skill in asked["skills"])
        kind = self._problem["unit_kinds"][asked["kind"]]
        return (kind, asked["type"], asked["count"], skills) == (need.kind, need.type, need.count, need.languages)


def _numbered(rows: list[dict[str, Any]]) -> dict[str, int]:
    numbers = {row["name"]: number for number, row in enumerate(rows)}
    if len(numbers) != len(rows):
        raise ValueError("two have one name: they cannot be told apart")
    return numbers
