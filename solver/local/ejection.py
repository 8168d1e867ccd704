"""Inserting an action by force: which placed actions would have to go."""

from __future__ import annotations

from collections.abc import Sequence

from solver.draft import Draft
from solver.draft.day import Stint, blocked_starts


class Force:
    """Finds the cheapest set of actions to take out so that one action fits at a given start.

    Parameters
    ----------
    draft
        The plan.
    penalty
        Per action: what taking it out costs.
    protected
        Actions that may not be taken out.
    """

    def __init__(self, draft: Draft, penalty: Sequence[float], protected: set[int]) -> None:
        self.draft = draft
        self.penalty = penalty
        self.protected = protected

    def victims(self, action: int, mode: int, start_slot: int, most: float) -> tuple[float, set[int]] | None:
        """Return (cost, actions to take out), or None when nothing cheaper than `most` helps.

        Statically allowed starts only; the set is small, not proven smallest.
        """
        out: set[int] = set()
        for find in (self._relation_victims, self._resource_victims, self._unit_victims):
            found = find(action, mode, start_slot, out)
            if found is None:
                return None
            out = self.closure(out | found)
            if out & self.protected or self.cost(out) >= most:
                return None
        return self.cost(out), out

    def cost(self, actions: set[int]) -> float:
        """Sum of the penalties of `actions` and of all that must leave with them."""
        return sum(self.penalty[action] for action in self.closure(actions))

    def closure(self, actions: set[int]) -> set[int]:
        """The actions with the rest of their bundles and every placed action that requires one of them."""
        facts, placed = self.draft.facts, self.draft.placed
        result: set[int] = set()
        pending = list(actions)
        while pending:
            action = pending.pop()
            if action in result or placed[action] is None:
                continue
            result.add(action)
            pending.extend(facts.bundles[facts.bundle_of[action]])
            pending.extend(link.other for link in facts.links[action] if link.leads and link.required)
        return result

    def _relation_victims(self, action: int, mode: int, start_slot: int, _out: set[int]) -> set[int] | None:
        """Actions whose lags to this one would break; None when a predecessor lacks."""
        draft = self.draft
        if draft.relation_starts(action, mode) >> start_slot & 1:
            return set()
        found: set[int] = set()
        for link in draft.facts.links[action]:
            other = draft.placed[link.other]
            if other is None:
                if link.required and not link.leads:
                    return None
                continue
            if link.leads:
                anchor = start_slot + (draft.facts.durations[action][mode] if link.at_end else 0)
                lag = other.start_slot - anchor
            else:
                anchor = other.start_slot
                anchor += draft.facts.durations[link.other][other.mode] if link.at_end else 0
                lag = start_slot - anchor
            if lag < link.min_lag_slots or (link.max_lag_slots is not None and lag > link.max_lag_slots):
                if link.required and not link.leads:
                    return None
                found.add(link.other)
        for group in draft.facts.groups_of[action]:
            tolerance_slots = draft.facts.problem.groups[group].tolerance_slots
            for member in draft.facts.problem.groups[group].actions:
                other = draft.placed[member]
                if other is not None and abs(other.start_slot - start_slot) > tolerance_slots:
                    return None
        return found

    def _resource_victims(self, action: int, mode: int, start_slot: int, out: set[int]) -> set[int] | None:
        draft, chosen = self.draft, set[int]()
        for resource, amount, offset, length in draft.facts.demands[action][mode]:
            profile = draft.profiles[resource]
            if not profile.blocked_starts(amount, offset, length) >> start_slot & 1:
                continue
            low, high = start_slot + offset, start_slot + offset + length
            # Excess per segment, lowered as victims are chosen.
            short = [
                [from_slot, until_slot, amount - remaining]
                for from_slot, until_slot, remaining in profile.segments()
                if remaining < amount and from_slot < high and until_slot > low
            ]
            gone = chosen | out
            uses = [use for use in profile.uses if use[0] < high and use[1] > low]
            for use in uses:
                if use[3] in gone:
                    _relieve(short, use)
            uses = [use for use in uses if use[3] not in gone and use[3] not in self.protected]
            while any(lack > 0 for _, _, lack in short):
                best, best_ratio = None, 0.0
                for use in uses:
                    gain = sum(
                        min(lack, use[2])
                        for from_slot, until_slot, lack in short
                        if lack > 0 and use[0] < until_slot and use[1] > from_slot
                    )
                    ratio = gain / (self.penalty[use[3]] + 1e-9)
                    if gain > 0 and ratio > best_ratio:
                        best, best_ratio = use, ratio
                if best is None:
                    return None
                chosen.add(best[3])
                for use in uses:
                    if use[3] == best[3]:
                        _relieve(short, use)
                uses = [use for use in uses if use[3] != best[3]]
        return chosen

    def _unit_victims(self, action: int, mode: int, start_slot: int, out: set[int]) -> set[int] | None:
        draft, facts = self.draft, self.draft.facts
        needs = facts.problem.actions[action].modes[mode].unit_needs
        taken: set[int] = set()
        found: set[int] = set()
        for number, need in enumerate(needs):
            free: list[int] = []
            busy: list[int] = []
            for unit, available in facts.staff(action, mode, number):
                if unit not in taken and available >> start_slot & 1:
                    is_free = draft.free_starts(unit, action, mode, available) >> start_slot & 1
                    (free if is_free else busy).append(unit)
            if len(free) + len(busy) < need.count:
                return None
            taken.update(free[: need.count])
            missing = need.count - len(free)
            if missing > 0:
                options: list[tuple[float, int, set[int]]] = []
                for unit in busy:
                    blockers = self._blockers(unit, action, mode, start_slot, out | found)
                    if blockers is not None:
                        options.append((self.cost(blockers - out - found), unit, blockers))
                if len(options) < missing:
                    return None
                options.sort(key=lambda option: option[:2])
                for _, unit, blockers in options[:missing]:
                    taken.add(unit)
                    found |= blockers
        return found

    def _blockers(self, unit: int, action: int, mode: int, start_slot: int, gone: set[int]) -> set[int] | None:
        """Stints of the unit's day to remove so that it can serve; prefers the cheapest single one."""
        draft, facts = self.draft, self.draft.facts
        site, duration_slots = facts.sites[action], facts.durations[action][mode]
        duty = facts.problem.units[unit].duty
        day = [stint for stint in draft.days[unit] if stint.action not in gone]

        def fits(rest: list[Stint]) -> bool:
            return not blocked_starts(facts, duty, rest, site, duration_slots) >> start_slot & 1

        if fits(day):
            return set()
        for stint in sorted(day, key=lambda s: self.penalty[s.action]):
            if stint.action not in self.protected and fits([s for s in day if s is not stint]):
                return {stint.action}
        chosen: set[int] = set()
        while day:
            middle = start_slot + duration_slots // 2
            nearest = min(day, key=lambda s: abs((s.start_slot + s.end_slot) // 2 - middle))
            if nearest.action in self.protected:
                return None
            chosen.add(nearest.action)
            day = [s for s in day if s is not nearest]
            if fits(day):
                return chosen
        return None


def _relieve(short: list[list[int]], use: tuple[int, int, int, int]) -> None:
    for segment in short:
        if use[0] < segment[1] and use[1] > segment[0]:
            segment[2] -= use[2]
