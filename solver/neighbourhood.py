"""Choosing which placed actions to free together with one that is in question."""

from __future__ import annotations

from solver.chance import Chance
from solver.draft import Draft
from solver.facts import Facts
from solver.local.ejection import Force

_MARGIN_SLOTS = 40
_RESOURCE_WEIGHT = 0.5
_LINK_WEIGHT = 2.0


class Neighbourhoods:
    """Finds the competitors of actions: those that hold units or resources that the actions could use.

    Parameters
    ----------
    facts
        The problem's facts.
    draft
        The plan; asked as it is at each call.
    chance
        Makes every neighbourhood a little different.
    """

    def __init__(self, facts: Facts, draft: Draft, chance: Chance) -> None:
        self._facts = facts
        self._draft = draft
        self._chance = chance

    def around(self, seeds: tuple[int, ...], size: int) -> set[int]:
        """Return the seeds with about `size` placed actions, the strongest competitors first, then theirs.

        Whole bundles, with every placed action that requires one of them.
        """
        force = Force(self._draft, [1.0] * len(self._facts.sites), set())
        found = force.closure(set(seeds)) | set(seeds)
        weights: dict[int, float] = {}
        frontier = list(seeds)
        while frontier and len(found) < size:
            for action in frontier:
                for other, weight in self.competitors(action).items():
                    weights[other] = weights.get(other, 0.0) + weight
            ranked = sorted(
                (other for other in weights if other not in found),
                key=lambda other: (-weights[other] * (0.5 + self._chance.share()), other),
            )
            frontier = []
            # A third at a time: the next third is ranked with what these compete for.
            for other in ranked[: max(3, (size - len(found)) // 3)]:
                if other not in found and len(found) < size:
                    more = force.closure({other}) - found
                    found |= more
                    frontier.extend(sorted(more))
        return found

    def competitors(self, action: int) -> dict[int, float]:
        """Return the placed actions that stand in the way of `action`, with how much they do."""
        facts, draft = self._facts, self._draft
        weights: dict[int, float] = {}
        for link in facts.links[action]:
            if draft.placed[link.other] is not None:
                weights[link.other] = _LINK_WEIGHT
        for mode, starts in enumerate(facts.starts[action]):
            if not starts:
                continue
            low = (starts & -starts).bit_length() - 1 - _MARGIN_SLOTS
            high = starts.bit_length() + facts.durations[action][mode] + _MARGIN_SLOTS
            for number, need in enumerate(facts.problem.actions[action].modes[mode].unit_needs):
                staff = facts.staff(action, mode, number)
                for unit, _ in staff:
                    for stint in draft.days[unit]:
                        if stint.start_slot < high and stint.end_slot > low and stint.action != action:
                            share = need.count / len(staff)
                            weights[stint.action] = weights.get(stint.action, 0.0) + share
            for resource, amount, offset, length in facts.demands[action][mode]:
                for from_slot, until_slot, used, other in draft.profiles[resource].uses:
                    meets = from_slot < high + offset + length and until_slot > low + offset
                    if meets and other != action:
                        share = _RESOURCE_WEIGHT * min(1.0, used / amount)
                        weights[other] = weights.get(other, 0.0) + share
        return weights
