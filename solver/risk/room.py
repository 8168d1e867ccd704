"""Giving actions room where they stand: the same plan, with other units or slightly other starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from solver.draft import Draft, Placed
from solver.facts import Facts
from solver.facts.slots import nearest
from solver.local.staffing import choose_units
from solver.problem import Action, Anchor, Mode, Problem
from solver.risk.uncertainty import Uncertainty
from solver.solution import Placement

_STARTS_TRIED = 8


@dataclass(frozen=True, slots=True)
class Roomy:
    """A plan of a problem as it is, and by how much longer each action was planned for than its mode takes."""

    placements: tuple[Placement, ...]
    slack_slots: Mapping[int, int]


def stretchable(problem: Problem) -> frozenset[int]:
    """Actions to which slack can be given.

    Not to locked ones, nor to such as another must follow within a time after their end: that might end sooner.
    """
    followed = {
        each.before for each in problem.precedences if each.anchor is Anchor.END and each.max_lag_slots is not None
    }
    free = (number for number, action in enumerate(problem.actions) if action.lock is None)
    return frozenset(number for number in free if number not in followed)


def longer(mode: Mode, ratio: float) -> Mode:
    """Give a mode that takes `ratio` times as long, rounded up, and holds as much longer what it holds to its end.

    Where it fits, the mode itself fits: it ends sooner, and what is free sooner takes nothing from others.
    """
    more_slots = max(0, ceil(mode.duration_slots * ratio) - mode.duration_slots)
    return replace(
        mode,
        duration_slots=mode.duration_slots + more_slots,
        resource_needs=tuple(
            replace(need, length_slots=need.length_slots + more_slots)
            if need.offset_slots + need.length_slots >= mode.duration_slots
            else need
            for need in mode.resource_needs
        ),
    )


def make_room(
    problem: Problem,
    placements: tuple[Placement, ...],
    actions: Sequence[int],
    quantiles: Sequence[float],
    uncertainty: Uncertainty,
) -> Roomy:
    """Return the plan with room for as many of the actions as goes, those named first before the others.

    An action has room when it could take as long as it takes at most in that share of all cases, the larger of the
    quantiles if that is possible. It keeps its mode, and starts as near as may be to where it stood.
    """
    wanted = [action for action in actions if action in stretchable(problem)]
    ratios = {action: [uncertainty.of_action(action).quantile(share) for share in quantiles] for action in wanted}
    # The longer modes stand behind those that the action has.
    many = [_with_longer(action, ratios.get(number, ())) for number, action in enumerate(problem.actions)]
    draft = Draft(Facts(replace(problem, actions=tuple(many))))
    draft.load(placements)
    rank = [float(unit.cost_per_slot) for unit in problem.units]
    for action in wanted:
        old = draft.placed[action]
        if old is not None:
            _give_room(draft, action, len(problem.actions[action].modes), len(quantiles), rank)
    found, slack = [], {}
    for each in draft.placements():
        modes = problem.actions[each.action].modes
        found.append(replace(each, mode=each.mode % len(modes)))
        more_slots = draft.facts.durations[each.action][each.mode] - modes[each.mode % len(modes)].duration_slots
        if more_slots:
            slack[each.action] = more_slots
    return Roomy(tuple(found), slack)


def _with_longer(action: Action, ratios: Sequence[float]) -> Action:
    modes = (*action.modes, *(longer(mode, ratio) for ratio in ratios for mode in action.modes))
    return replace(action, modes=modes)


def _give_room(draft: Draft, action: int, modes: int, levels: int, rank: Sequence[float]) -> None:
    """Put an action into the longest of its modes that fits, or back where it was."""
    old = draft.take(action)
    for level in range(levels):
        mode = old.mode + modes * (level + 1)
        starts = draft.starts(action, mode)
        for _ in range(_STARTS_TRIED):
            if not starts:
                break
            start_slot = nearest(starts, old.start_slot)
            units = choose_units(draft, action, mode, start_slot, rank)
            if units is not None:
                draft.put(action, Placed(mode, start_slot, units))
                return
            starts &= ~(1 << start_slot)
    draft.put(action, old)
