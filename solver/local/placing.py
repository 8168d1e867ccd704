"""Placing as much as possible: construction, then insertion by force with growing penalties.

The idea is that of Nagata and Braysy (2009) for vehicle routes: keep a pool of what is left out, force one
bundle in by taking out what is cheapest, and raise the penalty of a bundle whenever it does not get in, so
that the search stops taking out what is hard to bring back.
"""

from __future__ import annotations

from collections.abc import Callable

from solver.budget import Meter
from solver.chance import Chance
from solver.draft import Draft, Placed
from solver.facts import Facts
from solver.facts.slots import nth, reaching, span
from solver.local.demand import unit_demand
from solver.local.ejection import Force
from solver.local.insertion import (
    bundle_tolerance,
    common_starts,
    earliest,
    insert_action,
    insert_bundle,
)
from solver.local.staffing import choose_units

Bundle = tuple[int, ...]
Taken = list[tuple[int, Placed]]

_STARTS_TRIED = 14
_SHAKEN_PER_STEP = 3
_RETRIED_PER_STEP = 4
_PENALTY_GROWTH = 0.5
MANDATORY_FACTOR = 1_000


class PlacingSearch:
    """Search for the first three goals: mandatory actions, weight, expected victims.

    Parameters
    ----------
    facts
        The problem's facts.
    draft
        The plan to change; what `bundles` do not hold stays as it is.
    bundles
        The bundles that may be placed, moved and taken out.
    chance
        Source of random choices.

    Attributes
    ----------
    pool
        The bundles that are left out.
    """

    def __init__(self, facts: Facts, draft: Draft, bundles: list[Bundle], chance: Chance) -> None:
        self.facts = facts
        self.draft = draft
        self.bundles = bundles
        self.chance = chance
        self.rank = unit_demand(facts)
        actions = facts.problem.actions
        self._gain = [float(action.weight * (MANDATORY_FACTOR if action.mandatory else 1)) for action in actions]
        self.penalty = list(self._gain)
        self._locked = {index for index, action in enumerate(actions) if action.lock is not None}
        self.pool: list[Bundle] = []

    def key(self) -> tuple[int, int, int]:
        """The first three goals of the draft as a tuple that is smaller when better."""
        missing = weight = victims = 0
        for action, placed in zip(self.facts.problem.actions, self.draft.placed, strict=True):
            if placed is not None:
                weight += action.weight
                victims += action.expected_victims
            elif action.mandatory:
                missing += 1
        return missing, -weight, -victims

    def construct(self, meter: Meter) -> None:
        """Place bundle by bundle, the mandatory and those with the fewest possible starts first, each early."""
        problem, draft = self.facts.problem, self.draft

        def urgency(bundle: Bundle) -> tuple[bool, float]:
            mandatory = any(problem.actions[action].mandatory for action in bundle)
            return not mandatory, common_starts(draft, bundle).bit_count() / (1 + len(bundle))

        waiting = sorted((b for b in self.bundles if draft.placed[b[0]] is None), key=urgency)
        # Twice: what waits for a predecessor may come later in the order than its own turn.
        for _ in range(2):
            waiting = [
                bundle for bundle in waiting if meter.over() or not insert_bundle(draft, bundle, earliest, self.rank)
            ]
        self.pool = waiting

    def run(self, meter: Meter, share: float, steps: int, on_better: Callable[[], None]) -> None:
        """Search for at most `steps` steps, until nothing is left out or `share` of the budget is used.

        Parameters
        ----------
        meter, share
            When to stop.
        steps
            Steps without a better plan after which the search gives up.
        on_better
            Called, with the draft as it then is, whenever it is better than at the start and ever since.
        """
        best, since = self.key(), 0
        while self.pool and since < steps and not meter.over(share):
            changed = self._step()
            meter.spend(1)
            since += 1
            if changed:
                now = self.key()
                if now < best:
                    best, since = now, 0
                    on_better()

    def restart_from_draft(self) -> None:
        """Take the draft, changed by someone else, as the state to go on from."""
        self.pool = [bundle for bundle in self.bundles if self.draft.placed[bundle[0]] is None]

    def anywhere(self, action: int, mode: int, starts: int) -> int:  # noqa: ARG002 - a `Prefer`
        """Prefer no start to another."""
        return nth(starts, self.chance.below(starts.bit_count()))

    def _step(self) -> bool:
        """Bring one bundle in, by force if need be, and shake the plan a little; True when more may be placed."""
        bundle = self.pool.pop(self.chance.below(len(self.pool)))
        changed = insert_bundle(self.draft, bundle, self.anywhere, self.rank)
        if not changed:
            for action in bundle:
                self.penalty[action] += self._gain[action] * _PENALTY_GROWTH / len(bundle)
            taken = self._force_bundle(bundle)
            if taken is None:
                self.pool.append(bundle)
            else:
                changed = True
                out = sorted({self.facts.bundle_of[action] for action, _ in taken})
                self.pool.extend(self.facts.bundles[number] for number in out)
                changed |= self._retry(len(out))
        self.shake(_SHAKEN_PER_STEP)
        changed |= self._retry(0)
        return changed

    def _retry(self, newest: int) -> bool:
        """Try to insert the `newest` bundles of the pool and a few others; True when one got in."""
        pool = self.pool
        tried = set(range(len(pool) - newest, len(pool)))
        tried.update(self.chance.below(len(pool)) for _ in range(min(_RETRIED_PER_STEP, len(pool))))
        placed = {
            position
            for position in sorted(tried)
            if insert_bundle(self.draft, pool[position], self.anywhere, self.rank)
        }
        self.pool = [bundle for position, bundle in enumerate(pool) if position not in placed]
        return bool(placed)

    def shake(self, moves: int) -> None:
        """Move lone actions to other starts and units; everything placed stays placed."""
        draft = self.draft
        for _ in range(moves):
            bundle = self.chance.pick(self.bundles)
            action = bundle[0]
            if len(bundle) > 1 or draft.placed[action] is None or self._is_required(action):
                continue
            before = draft.take(action)
            if not insert_bundle(draft, bundle, self.anywhere, self.rank):
                draft.put(action, before)

    def _is_required(self, action: int) -> bool:
        return any(
            link.leads and link.required and self.draft.placed[link.other] is not None
            for link in self.facts.links[action]
        )

    def _force_bundle(self, bundle: Bundle) -> Taken | None:
        """Place the bundle and return what had to go, or change nothing and return None."""
        facts, draft = self.facts, self.draft
        most = sum(self.penalty[action] for action in bundle)
        tolerance_slots = bundle_tolerance(draft, bundle)
        common = span(0, facts.horizon_slots)
        for action in bundle:
            any_mode = 0
            for starts in facts.starts[action]:
                any_mode |= starts
            common &= reaching(any_mode, tolerance_slots)
        if not common:
            return None
        within = common
        if len(bundle) > 1:
            reference_slot = self.anywhere(bundle[0], 0, common)
            within = span(reference_slot, reference_slot + tolerance_slots + 1)
        taken: Taken = []
        done: list[int] = []
        for action in bundle:
            if insert_action(draft, action, within, self.anywhere, self.rank):
                done.append(action)
                continue
            more = self._force_action(action, within, most, self._locked | set(bundle))
            if more is None:
                for other in done:
                    draft.take(other)
                for other, placed in reversed(taken):
                    draft.put(other, placed)
                return None
            most -= sum(self.penalty[other] for other, _ in more)
            taken.extend(more)
            done.append(action)
        return taken

    def _force_action(self, action: int, within: int, most: float, protected: set[int]) -> Taken | None:
        facts, draft = self.facts, self.draft
        force = Force(draft, self.penalty, protected)
        options = [(mode, starts & within) for mode, starts in enumerate(facts.starts[action])]
        options = [(mode, starts) for mode, starts in options if starts]
        if not options:
            return None
        best: tuple[float, set[int], int, int] | None = None
        for _ in range(_STARTS_TRIED):
            mode, starts = self.chance.pick(options)
            start_slot = self.anywhere(action, mode, starts)
            found = force.victims(action, mode, start_slot, most if best is None else best[0])
            if found is not None:
                best = (*found, mode, start_slot)
        if best is None:
            return None
        _, out, mode, start_slot = best
        taken = [(other, draft.take(other)) for other in sorted(out)]
        units = None
        if draft.starts(action, mode) >> start_slot & 1:
            units = choose_units(draft, action, mode, start_slot, self.rank)
        if units is None:
            for other, placed in taken:
                draft.put(other, placed)
            return None
        draft.put(action, Placed(mode, start_slot, units))
        return taken
