"""Who searches when: construction, local search and exact neighbourhoods in turn, under one budget."""

from __future__ import annotations

from solver.budget import Meter
from solver.chance import Chance
from solver.cpsat.model import CHANGES, goals_of
from solver.cpsat.order import PLACING, POLISHING
from solver.cpsat.repair import Repair, repair
from solver.cpsat.run import Limits
from solver.draft import Draft, Placed
from solver.facts import Facts
from solver.facts.slots import nearest as nearest_to
from solver.incumbent import Incumbent
from solver.local.insertion import earliest, insert_bundle
from solver.local.placing import Bundle, PlacingSearch
from solver.local.polishing import PolishingSearch
from solver.neighbourhood import Neighbourhoods
from solver.score import changes, changes_of, score
from solver.solution import Placement

_PLACING_STEPS = 60
_STIR_STEPS = 60
_WANDER_SHARE = 0.3
_FIRST_SIZE = 30
_LARGEST_SIZE = 150
_GROWTH = 1.5
_SHRINK = 0.7
_REPAIR_SECONDS = 3.0
_REPAIR_DETERMINISTIC_SECONDS = 3.0
_POLISH_SIZE = 8
_LARGEST_POLISH_SIZE = 24


class Portfolio:
    """The searches of one solve over one draft.

    Parameters
    ----------
    facts
        The problem's facts.
    draft
        Holds the locked actions, or is empty.
    bundles
        The bundles that may be placed.
    meter, incumbent
        The solve's.
    """

    def __init__(self, facts: Facts, draft: Draft, bundles: list[Bundle], meter: Meter, incumbent: Incumbent) -> None:
        self._facts = facts
        self._draft = draft
        self._meter = meter
        self._incumbent = incumbent
        self._chance = Chance(meter.budget.seed)
        self._placing = PlacingSearch(facts, draft, bundles, self._chance)
        self._bundles = bundles
        self._neighbourhoods = Neighbourhoods(facts, draft, self._chance)
        self._sizes: dict[int, float] = {}
        goals = goals_of(facts)
        self._goals_of_placing = (PLACING, *(goal for goal in goals if goal is CHANGES))
        self._polishing = tuple(goal for goal in POLISHING if goal in goals)

    def keep(self) -> None:
        """Place what an earlier plan has as it is there, and what does not fit any more as near to that as it goes."""
        actions = self._facts.problem.actions
        earlier = {index: actions[index].kept for index in self._facts.kept}
        self.adopt(
            tuple(
                Placement(index, kept.mode, kept.start_slot, tuple(tuple(sorted(units)) for units in kept.units))
                for index, kept in earlier.items()
                if kept is not None and kept.start_slot >= 0
            )
        )

        def nearest(action: int, _mode: int, starts: int) -> int:
            kept = earlier.get(action)
            return earliest(action, 0, starts) if kept is None else nearest_to(starts, kept.start_slot)

        for bundle in self._bundles:
            if self._draft.placed[bundle[0]] is None and any(action in earlier for action in bundle):
                insert_bundle(self._draft, bundle, nearest, self._placing.rank)

    def adopt(self, hint: tuple[Placement, ...]) -> None:
        """Place what still fits of an earlier plan, whole bundles only."""
        wanted = {placement.action: placement for placement in hint}
        # Twice: what waits for a predecessor may come before it.
        for _ in range(2):
            for bundle in self._bundles:
                if self._draft.placed[bundle[0]] is None and all(action in wanted for action in bundle):
                    self._adopt_bundle([wanted[action] for action in bundle])

    def _adopt_bundle(self, placements: list[Placement]) -> None:
        done: list[int] = []
        for placement in placements:
            if not self._draft.accepts(placement):
                for action in done:
                    self._draft.take(action)
                return
            self._draft.put(placement.action, Placed.of(placement))
            done.append(placement.action)

    def construct(self) -> None:
        """Make the first plan and tell it."""
        self._placing.construct(self._meter)
        self._incumbent.offer(self._draft.placements())
        self._incumbent.settle()

    def left_out(self) -> list[Bundle]:
        """Bundles that the draft does not place, though they may be possible."""
        return [bundle for bundle in self._bundles if self._draft.placed[bundle[0]] is None]

    def place(self, share: float, patience: int | None = None) -> None:
        """Improve the first three goals, and changes behind them.

        Until nothing is left out or `share` of the budget is used.
        With `patience`, give up after so many rounds without a better plan.
        """
        self._incumbent.enter("place")
        self._back_to_best()
        self._placing.restart_from_draft()
        self._placing.run(self._meter, share, _PLACING_STEPS, self._offer)
        self._back_to_best()
        rounds = 0
        while self.left_out() and not self._meter.over(share) and rounds != patience:
            rounds += 1
            if self._repair_round(share):
                rounds = 0
            else:
                self._stir(share)

    def _stir(self, share: float) -> None:
        """Every neighbourhood is at its best: leave for a plan that is as good and looks different."""
        self._placing.restart_from_draft()
        if self._chance.share() < _WANDER_SHARE:
            self._placing.run(self._meter, share, _STIR_STEPS, self._offer)
            self._back_to_best()
        self._placing.shake(len(self._bundles))
        self._meter.spend(len(self._bundles) // 4)

    def polish(self, share: float) -> None:
        """Improve the goals behind the first three, with everything placed kept placed."""
        self._incumbent.enter("polish")
        self._back_to_best()
        movable = [action for bundle in self._bundles for action in bundle]
        search = PolishingSearch(self._facts, self._draft, movable, self._chance)
        size = float(_POLISH_SIZE)
        while not self._meter.over(share):
            placed = [action for action in movable if self._draft.placed[action] is not None]
            if not placed:
                return
            search.run(self._meter, share, 2 * len(placed), self._offer)
            self._incumbent.settle()
            changed = [action for action in placed if self._changes(action)]
            for turn in range(8):
                if self._meter.over(share):
                    return
                size = self._polish_neighbourhood(changed if changed and turn % 2 else placed, size)
            search.restart_from_draft()

    def _changes(self, action: int) -> int:
        """Orders of a placed action that are other than in the earlier plan."""
        placed = self._draft.placed[action]
        assert placed is not None
        return changes_of(self._facts.problem, action, placed.placement(action))

    def _polish_neighbourhood(self, seeds: list[int], size: float) -> float:
        """Solve one neighbourhood of one of the seeds exactly; returns the size to try next."""
        seed = (self._chance.pick(seeds),)
        free = self._neighbourhoods.around(seed, int(size))
        before = self._draft.placements()
        result = repair(self._facts, self._draft, free, self._polishing, True, self._limits(), self._meter)
        after = self._draft.placements()
        problem = self._facts.problem
        if result is not Repair.NOTHING and score(problem, after).key() > score(problem, before).key():
            self._draft.load(before)
            result = Repair.NOTHING
        self._offer()
        if result is Repair.BEST:
            return min(size * 1.1, _LARGEST_POLISH_SIZE)
        return max(size * _SHRINK, 3.0)

    def _repair_round(self, share: float) -> bool:
        """Solve the neighbourhood of every bundle left out; True when one brought a better plan."""
        waiting = self.left_out()
        self._chance.shuffle(waiting)
        gained = False
        for bundle in waiting:
            if self._draft.placed[bundle[0]] is not None:
                continue
            if self._meter.over(share):
                break
            gained |= self._repair(bundle)
        return gained

    def _repair(self, bundle: Bundle) -> bool:
        number = self._facts.bundle_of[bundle[0]]
        size = self._sizes.get(number, _FIRST_SIZE)
        before_key, before = self._key(), self._draft.placements()
        free = self._neighbourhoods.around(bundle, int(size))
        result = repair(self._facts, self._draft, free, self._goals_of_placing, False, self._limits(), self._meter)
        now = self._key()
        if now > before_key:
            self._draft.load(before)
        if now < before_key:
            self._offer()
            return True
        factor = _GROWTH if result is Repair.BEST else _SHRINK
        self._sizes[number] = min(max(size * factor, 4.0), _LARGEST_SIZE)
        return False

    def _key(self) -> tuple[int, ...]:
        """The first three goals of the draft, and its changes: smaller is better."""
        return (*self._placing.key(), changes(self._facts.problem, self._draft.placements()))

    def _limits(self) -> Limits:
        left_seconds = self._meter.left_seconds()
        seconds = None if left_seconds is None else min(_REPAIR_SECONDS, left_seconds)
        budget = self._meter.budget
        return Limits(seconds, _REPAIR_DETERMINISTIC_SECONDS, budget.workers, self._chance.below(1 << 30))

    def _offer(self) -> None:
        self._incumbent.offer(self._draft.placements())

    def _back_to_best(self) -> None:
        self._incumbent.settle()
        if self._incumbent.placements is not None:
            self._draft.load(self._incumbent.placements)
