"""What units together can carry: capacities that follow from needs and hold at every slot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import or_

from solver.network import LaggedProject

_MOST_CREWS = 40
_MOST_UNITED = 12


@dataclass(frozen=True, slots=True)
class Crew:
    """A set of units and, per action, how many of them it takes at least."""

    size: int
    demands: dict[int, int]


def crews_of(project: LaggedProject, actions: Iterable[int]) -> list[Crew]:
    """Return the crews that bind most.

    For a set of units that is the union of some needs' candidates, an action takes at least as many of them as all its
    needs ask whose candidates lie inside; the set has only so many (Hall's condition, slot by slot). The model follows
    without them, but its relaxation does not see them.
    """
    chosen = list(actions)
    masks = {
        need.units: reduce(or_, (1 << unit for unit in need.units), 0)
        for action in chosen
        for need in project.needs[action]
    }
    kinds = sorted(set(masks.values()))
    work = dict.fromkeys(kinds, 0)
    for action in chosen:
        for need in project.needs[action]:
            work[masks[need.units]] += need.count * project.durations[action]
    # With many kinds of need, only unions of the few that are asked most.
    ranked = sorted(kinds, key=lambda kind: (-work[kind] / max(1, kind.bit_count()), kind))
    unions = set(kinds)
    if kinds:
        unions.add(reduce(or_, kinds))
    for count in range(2, min(len(ranked), _MOST_UNITED) + 1):
        unions |= {reduce(or_, some) for some in combinations(ranked[:_MOST_UNITED], count)}
    loaded = sorted(
        unions,
        key=lambda union: (
            -sum(work[kind] for kind in kinds if not kind & ~union) / max(1, union.bit_count()),
            union.bit_count(),
            union,
        ),
    )
    crews = []
    for union in loaded[:_MOST_CREWS]:
        demands = {}
        for action in chosen:
            amount = sum(need.count for need in project.needs[action] if not masks[need.units] & ~union)
            if amount:
                demands[action] = amount
        if sum(demands.values()) > union.bit_count():
            crews.append(Crew(union.bit_count(), demands))
    return crews
