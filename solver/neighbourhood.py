"""Choosing which placed actions to free together with one that is in question.

Each way knows something else of the problem: who competes for units and resources, what happens at the same hours or in
the same country, what hangs together by groups and precedences, what else is left out.
"""

from __future__ import annotations

from solver.chance import Chance
from solver.draft import Draft
from solver.facts import Facts
from solver.facts.slots import nth
from solver.local.ejection import Force

_MARGIN_SLOTS = 40
_RESOURCE_WEIGHT = 0.5
_LINK_WEIGHT = 2.0
WAYS = ("rivals", "hours", "country", "resource", "network", "left out")
"""The ways to choose a neighbourhood."""


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
        self._in_country: dict[int, list[int]] = {}
        for action, host in enumerate(facts.hosts):
            self._in_country.setdefault(host, []).append(action)

    def by(self, way: str, seeds: tuple[int, ...], size: int) -> set[int]:
        """Return the seeds with about `size` placed actions, chosen in one of the `WAYS`.

        Whole bundles, with every placed action that requires one of them.
        """
        if way == "rivals":
            return self.around(seeds, size)
        if way == "left out":
            return self.around(self._with_others_left_out(seeds), size)
        if way == "network":
            return self.around(self._with_network(seeds, size // 3), size)
        force = Force(self._draft, [1.0] * len(self._facts.sites), set())
        found = force.closure(set(seeds)) | set(seeds)
        for other in self._near(seeds[0], way):
            if len(found) >= size:
                break
            found |= force.closure({other})
        return found

    def _near(self, seed: int, way: str) -> list[int]:
        """Placed actions, the nearest to one first: in time, by country or by a resource or unit that both may use."""
        facts, draft = self._facts, self._draft
        middle_slot = self._middle_slot(seed)
        if way == "resource":
            pool = self._users_of_one_thing(seed)
        elif way == "country":
            pool = self._in_country[facts.hosts[seed]]
        else:
            pool = list(self.competitors(seed)) + self._in_country[facts.hosts[seed]]
        nearness = {
            other: abs(placed.start_slot - middle_slot) * (0.5 + self._chance.share())
            for other in dict.fromkeys(pool)
            if (placed := draft.placed[other]) is not None
        }
        if way == "country":
            nearness = {other: self._chance.share() for other in nearness}
        return sorted(nearness, key=lambda other: (nearness[other], other))

    def _middle_slot(self, action: int) -> int:
        """Any of its starts, or where it is placed."""
        placed = self._draft.placed[action]
        if placed is not None:
            return placed.start_slot
        every = 0
        for starts in self._facts.starts[action]:
            every |= starts
        return nth(every, self._chance.below(every.bit_count())) if every else 0

    def _users_of_one_thing(self, action: int) -> list[int]:
        """Placed actions that use one resource that the action would use, or one of its candidates."""
        facts, draft = self._facts, self._draft
        mode = self._chance.below(len(facts.durations[action]))
        things: list[list[int]] = [
            [use[3] for use in draft.profiles[demand[0]].uses] for demand in facts.demands[action][mode]
        ]
        for need in range(len(facts.problem.actions[action].modes[mode].unit_needs)):
            users = [stint.action for unit, _ in facts.staff(action, mode, need) for stint in draft.days[unit]]
            things.append(users)
        return self._chance.pick(things) if things else []

    def _with_others_left_out(self, seeds: tuple[int, ...]) -> tuple[int, ...]:
        """The seeds with up to three bundles that are left out as well and want to be at the same places or hours."""
        facts, draft = self._facts, self._draft
        rivals = [
            bundle
            for bundle in facts.bundles
            if draft.placed[bundle[0]] is None
            and bundle[0] not in seeds
            and facts.hosts[bundle[0]] == facts.hosts[seeds[0]]
        ]
        self._chance.shuffle(rivals)
        return (*seeds, *(action for bundle in rivals[:3] for action in bundle if action not in seeds))

    def _with_network(self, seeds: tuple[int, ...], most: int) -> tuple[int, ...]:
        """The seeds with what precedences and groups tie to them, nearest first."""
        facts = self._facts
        found = dict.fromkeys(seeds)
        for action in (queue := list(seeds)):
            tied = [link.other for link in facts.links[action]]
            tied += facts.bundles[facts.bundle_of[action]]
            for other in tied:
                if other not in found and len(found) < len(seeds) + most:
                    found[other] = None
                    queue.append(other)
        return tuple(found)

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
