"""Which actions bear upon which: by units that both could use, resources, and ties, at times that meet."""

from __future__ import annotations

from collections.abc import Iterator

from solver.facts import Facts

_RESOURCE_WEIGHT = 0.5
_TIE_WEIGHT = 4.0


class Related:
    """Ranks actions by how much they compete with others, without any plan.

    Parameters
    ----------
    facts
        The problem's facts.
    actions
        The actions that are ranked.
    """

    def __init__(self, facts: Facts, actions: tuple[int, ...]) -> None:
        self._facts = facts
        self._actions = actions
        self._units = {action: self._candidates(action) for action in actions}
        self._resources = {action: self._used(action) for action in actions}
        self._times = {action: self._span(action) for action in actions}
        self._ties: dict[int, set[int]] = {}
        for action in actions:
            tied = {link.other for link in facts.links[action]} | set(facts.bundles[facts.bundle_of[action]])
            self._ties[action] = tied - {action}

    def growing(self, seed: int) -> Iterator[tuple[int, ...]]:
        """Yield the seed with the actions that bear upon it most, each time about twice as many, to the last."""
        near = [seed]
        scores: dict[int, float] = {}
        newest = [seed]
        while True:
            for one in newest:
                for other in self._actions:
                    weight = self._weight(one, other)
                    if weight:
                        scores[other] = scores.get(other, 0.0) + weight
            chosen = set(near)
            ranked = sorted((each for each in scores if each not in chosen), key=lambda each: (-scores[each], each))
            newest = ranked[: max(3, len(near))]
            if not newest:
                return
            near += newest
            yield tuple(near)

    def _weight(self, one: int, other: int) -> float:
        weight = _TIE_WEIGHT if other in self._ties[one] else 0.0
        (from_one, until_one), (from_other, until_other) = self._times[one], self._times[other]
        if from_one < until_other and from_other < until_one:
            mine, others = self._units[one], self._units[other]
            common = (mine & others).bit_count()
            if common:
                # Whoever depends on few units suffers most from another who wants them.
                weight += common / min(mine.bit_count(), others.bit_count())
            weight += _RESOURCE_WEIGHT * len(self._resources[one] & self._resources[other])
        return weight

    def _candidates(self, action: int) -> int:
        units = 0
        for mode, wanted in enumerate(self._facts.problem.actions[action].modes):
            for need in range(len(wanted.unit_needs)):
                for unit in self._facts.candidates(action, mode, need):
                    units |= 1 << unit
        return units

    def _used(self, action: int) -> set[int]:
        return {use[0] for uses in self._facts.demands[action] for use in uses}

    def _span(self, action: int) -> tuple[int, int]:
        """From the first possible start to the last possible end, what resources are held beyond it included."""
        first, last = self._facts.horizon_slots, 0
        for mode, starts in enumerate(self._facts.starts[action]):
            if starts:
                reach = [self._facts.durations[action][mode]]
                reach += [offset + length for _, _, offset, length in self._facts.demands[action][mode]]
                first = min(first, (starts & -starts).bit_length() - 1)
                last = max(last, starts.bit_length() + max(reach))
        return first, last
