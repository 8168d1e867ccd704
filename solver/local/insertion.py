"""Inserting a bundle where it fits, nothing else moved."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from solver.draft import Draft, Placed
from solver.facts.slots import listed, reaching
from solver.local.staffing import choose_units

Prefer = Callable[[int, int, int], int]
"""(action, mode, starts): which of the starts, a set that is not empty, to try first."""

_MOST_TRIES = 6


def insert_action(draft: Draft, action: int, within: int, prefer: Prefer, rank: Sequence[float]) -> bool:
    """Place one action at a start in the set `within`; False, and nothing changed, when it fits at none tried."""
    modes = range(len(draft.facts.durations[action]))
    options = [(mode, draft.starts(action, mode) & within) for mode in modes]
    options = [(mode, starts) for mode, starts in options if starts]
    for _ in range(_MOST_TRIES):
        if not options:
            return False
        picked = [(prefer(action, mode, starts), mode) for mode, starts in options]
        start_slot, mode = min(picked)
        units = choose_units(draft, action, mode, start_slot, rank)
        if units is not None:
            draft.put(action, Placed(mode, start_slot, units))
            return True
        options = [(m, starts & ~(1 << start_slot) if m == mode else starts) for m, starts in options]
        options = [(m, starts) for m, starts in options if starts]
    return False


def insert_bundle(draft: Draft, bundle: tuple[int, ...], prefer: Prefer, rank: Sequence[float]) -> bool:
    """Place all actions of a bundle or none."""
    everywhere = (1 << draft.facts.horizon_slots) - 1
    if len(bundle) == 1:
        return insert_action(draft, bundle[0], everywhere, prefer, rank)
    common = common_starts(draft, bundle)
    for _ in range(_MOST_TRIES):
        if not common:
            return False
        reference_slot = prefer(bundle[0], 0, common)
        common &= ~(1 << reference_slot)
        if _insert_near(draft, bundle, reference_slot, prefer, rank):
            return True
    return False


def common_starts(draft: Draft, bundle: tuple[int, ...], to_come: Container[int] = ()) -> int:
    """Slots r such that each member, taken alone, could start in ``[r, r + tolerance]``.

    Predecessors in `to_come`, and those in the bundle, are not missed.
    """
    facts = draft.facts
    common = (1 << facts.horizon_slots) - 1
    tolerance_slots = bundle_tolerance(draft, bundle)
    for action in bundle:
        any_mode = 0
        for mode in range(len(facts.durations[action])):
            any_mode |= draft.starts(action, mode, to_come or bundle)
        common &= reaching(any_mode, tolerance_slots)
        if not common:
            break
    return common


def bundle_tolerance(draft: Draft, bundle: tuple[int, ...]) -> int:
    """How far apart the starts of the bundle may lie: the widest tolerance among its groups, summed over them."""
    groups = {group for action in bundle for group in draft.facts.groups_of[action]}
    return sum(draft.facts.problem.groups[group].tolerance_slots for group in groups)


def _insert_near(
    draft: Draft, bundle: tuple[int, ...], reference_slot: int, prefer: Prefer, rank: Sequence[float]
) -> bool:
    within = ((1 << bundle_tolerance(draft, bundle) + 1) - 1) << reference_slot
    done: list[int] = []
    for action in bundle:
        if not insert_action(draft, action, within, prefer, rank):
            for placed in done:
                draft.take(placed)
            return False
        done.append(action)
    return True


def earliest(action: int, mode: int, starts: int) -> int:  # noqa: ARG001 - a `Prefer`
    """Prefer the earliest start."""
    return next(listed(starts))
