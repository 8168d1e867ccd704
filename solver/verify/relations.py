"""What ties actions together: precedence, simultaneity, locks."""

from __future__ import annotations

from collections.abc import Iterator

from solver.problem import Anchor, Problem
from solver.solution import Placement
from solver.verify.breach import Breach


def precedence(problem: Problem, placements: tuple[Placement, ...]) -> Iterator[Breach]:
    """Lags are kept where both actions are placed; a required predecessor is placed."""
    placed = {placement.action: placement for placement in placements}
    for index, relation in enumerate(problem.precedences):
        if relation.after not in placed:
            continue
        later = placed[relation.after]
        names = [problem.actions[action].name for action in (relation.before, relation.after)]
        facts: dict[str, int | str] = {
            "precedence": index,
            "before": relation.before,
            "action": relation.after,
        }
        if relation.before not in placed:
            if relation.required:
                yield Breach("precedence", f"{names[1]} is placed without {names[0]}, which it needs.", facts)
            continue
        earlier = placed[relation.before]
        at_end = relation.anchor is Anchor.END
        lag_slots = later.start_slot - (earlier.end_slot(problem) if at_end else earlier.start_slot)
        too_late = relation.max_lag_slots is not None and lag_slots > relation.max_lag_slots
        if lag_slots < relation.min_lag_slots or too_late:
            message = f"{names[1]} starts {lag_slots} slots after {names[0]}, outside the lags allowed."
            yield Breach("precedence", message, facts | {"lag_slots": lag_slots})


def simultaneity(problem: Problem, placements: tuple[Placement, ...]) -> Iterator[Breach]:
    """Of a group all are placed or none, and the starts differ by no more than the tolerance."""
    start_slots = {placement.action: placement.start_slot for placement in placements}
    for index, group in enumerate(problem.groups):
        label = group.name or f"group {index}"
        placed = [start_slots[action] for action in group.actions if action in start_slots]
        if not placed:
            continue
        facts: dict[str, int | str] = {"group": index, "placed": len(placed), "members": len(group.actions)}
        if len(placed) < len(group.actions):
            message = f"Only {len(placed)} of {len(group.actions)} actions of {label} are placed."
            yield Breach("simultaneity", message, facts)
        elif max(placed) - min(placed) > group.tolerance_slots:
            spread_slots = max(placed) - min(placed)
            message = f"The starts of {label} lie {spread_slots} slots apart."
            yield Breach("simultaneity", message, facts | {"spread_slots": spread_slots})


def locks(problem: Problem, placements: tuple[Placement, ...]) -> Iterator[Breach]:
    """Locked actions are placed as locked."""
    placed = {placement.action: placement for placement in placements}
    for index, action in enumerate(problem.actions):
        if action.lock is None:
            continue
        lock, placement = action.lock, placed.get(index)
        if placement is None:
            yield Breach("locks", f"{action.name} is locked and not placed.", {"action": index})
            continue
        for field, locked, actual in (
            ("start_slot", lock.start_slot, placement.start_slot),
            ("mode", lock.mode, placement.mode),
        ):
            if locked is not None and locked != actual:
                facts: dict[str, int | str] = {"action": index, "field": field, "locked": locked, "actual": actual}
                yield Breach("locks", f"{action.name} is locked to another {field}.", facts)
        if lock.units is not None and [set(units) for units in lock.units] != [set(units) for units in placement.units]:
            yield Breach("locks", f"{action.name} is locked to other units.", {"action": index, "field": "units"})
