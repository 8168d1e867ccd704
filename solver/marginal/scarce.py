"""What is scarce in a plan: used to the last where an action that is left out, or late, could have used one more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from solver.draft import Draft
from solver.facts import Facts
from solver.marginal.addition import Addition, MoreOfResource, OneMoreUnit
from solver.problem import Problem
from solver.score import lateness_of
from solver.solution import Placement


@dataclass(frozen=True, slots=True)
class Scarce:
    """Something of which one more might help.

    Parameters
    ----------
    addition
        What one more would be. Of the units of one owner, kind and type, that is one like the unit with most work
        among those that could serve what waits.
    waiting
        The actions, left out or late, that lack it at some time at which they could start otherwise; sorted.
    """

    addition: Addition
    waiting: tuple[int, ...]


def scarce(problem: Problem, placements: tuple[Placement, ...]) -> tuple[Scarce, ...]:
    """Return what is scarce in a valid plan, that for which the most weight waits first; mandatory actions before all.

    An action waits when it is not placed, or ends after its due slot. Units of one owner, kind and type are scarce
    when a waiting action needs such units and, at some start that its windows, forbidden hours, others' claims and
    warrants allow, fewer of those that may serve it are free than it needs. A resource is scarce when at some such
    start less of it is left than the action needs. Looked at one by one: what is scarce need not be enough to place
    the action.
    """
    facts = Facts(problem)
    draft = Draft(facts)
    draft.load(placements)
    late = {each.action for each in placements if lateness_of(problem, each)}
    waiting = [action for action in range(len(problem.actions)) if draft.placed[action] is None or action in late]
    work = [sum(stint.end_slot - stint.start_slot for stint in day) for day in draft.days]
    units: dict[tuple[int, int, int], tuple[set[int], set[int]]] = {}
    resources: dict[int, set[int]] = {}
    for action in waiting:
        # A late action stands in nobody's way but its own.
        old = draft.take(action) if draft.placed[action] is not None else None
        for unit in _lacking_units(draft, action):
            owner = problem.units[unit].owner, problem.units[unit].kind, problem.units[unit].type
            like, actions = units.setdefault(owner, (set(), set()))
            like.add(unit)
            actions.add(action)
        for resource in _lacking_resources(draft, action):
            resources.setdefault(resource, set()).add(action)
        if old is not None:
            draft.put(action, old)
    found = [
        Scarce(OneMoreUnit(max(like, key=lambda unit: (work[unit], -unit))), tuple(sorted(actions)))
        for like, actions in (units[key] for key in sorted(units))
    ]
    found += [Scarce(MoreOfResource(each), tuple(sorted(resources[each]))) for each in sorted(resources)]
    return tuple(sorted(found, key=lambda each: _worth(problem, each)))


def _worth(problem: Problem, found: Scarce) -> tuple[int, int]:
    """What waits for it: mandatory actions, then weight; smaller is more."""
    actions = [problem.actions[action] for action in found.waiting]
    return -sum(action.mandatory for action in actions), -sum(action.weight for action in actions)


def _lacking_units(draft: Draft, action: int) -> Iterator[int]:
    """Units of the sort of which an action has too few free at some start."""
    facts = draft.facts
    for mode, allowed in enumerate(facts.starts[action]):
        for need in range(len(facts.problem.actions[action].modes[mode].unit_needs)):
            if allowed & ~draft.need_starts(action, mode, need):
                yield from facts.candidates(action, mode, need)


def _lacking_resources(draft: Draft, action: int) -> Iterator[int]:
    """Resources of which an action finds too little at some start."""
    for mode, allowed in enumerate(draft.facts.starts[action]):
        for resource, amount, offset_slots, length_slots in draft.facts.demands[action][mode]:
            if allowed & draft.profiles[resource].blocked_starts(amount, offset_slots, length_slots):
                yield resource
