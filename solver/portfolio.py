"""Who searches when: construction, compiled local search and exact neighbourhoods in turn, under one budget."""

from __future__ import annotations

from collections.abc import Iterable

from solver.adaptive import BETTER, CHANGED, NOTHING, Wheel
from solver.budget import Meter
from solver.chance import Chance
from solver.compiled.raids import RaidSearch
from solver.cpsat.model import CHANGES, goals_of
from solver.cpsat.order import PLACING, POLISHING
from solver.cpsat.repair import Repair, repair
from solver.cpsat.run import Limits
from solver.draft import Draft
from solver.facts import Facts
from solver.incumbent import Incumbent
from solver.neighbourhood import WAYS, Neighbourhoods
from solver.score import changes, changes_of, score
from solver.solution import Placement

Bundle = tuple[int, ...]

_CONSTRUCTIONS = (
    ("tightest", "earliest"),
    ("tightest", "latest"),
    ("heaviest", "latest"),
    ("densest", "anywhere"),
    ("tightest", "calm"),
)
"""In what order bundles are inserted, and at which starts; the first gives the first plan."""

_CONSTRUCT_SHARE = 0.05
_BUNDLES_AT_ONCE = 200
_STEPS_AT_ONCE = 200
_STEPS_PER_MOVE = 8
"""So many compiled steps count as one unit of work: they take as long as 1/2,000 of CP-SAT's deterministic second."""
_PATIENCE_STEPS = 4_000
_PATIENCE_PER_BUNDLE = 100
"""So many steps, and so many more for each bundle that waits, may bring nothing before neighbourhoods are tried."""
_STIR_STEPS = 2_000
"""Of the compiled search, to leave a plan whose neighbourhoods have all been tried."""
_FIRST_SIZE = 30
_LARGEST_SIZE = 150
_GROWTH = 1.5
_SHRINK = 0.7
"""Actions in a neighbourhood: larger after one that was solved to its end, smaller after one that was not."""
_REPAIR_SECONDS = 3.0
_REPAIR_DETERMINISTIC_SECONDS = 3.0
_POLISH_SIZE = 8
_LARGEST_POLISH_SIZE = 24
"""The same where all that is placed stays placed: several goals are then optimised one after the other."""
_POLISH_ROUNDS = 8
"""Neighbourhoods between two turns of the compiled moves."""


class Portfolio:
    """The searches of one solve.

    Parameters
    ----------
    facts
        The problem's facts.
    draft
        Holds the locked actions, or is empty; from then on the plan on which exact neighbourhoods work.
    search
        The compiled search, with an empty plan.
    bundles
        The bundles that may be placed.
    meter, incumbent
        The solve's.
    """

    def __init__(
        self,
        facts: Facts,
        draft: Draft,
        search: RaidSearch,
        bundles: list[Bundle],
        meter: Meter,
        incumbent: Incumbent,
    ) -> None:
        self._facts = facts
        self._draft = draft
        self._search = search
        self._meter = meter
        self._incumbent = incumbent
        self._chance = Chance(meter.budget.seed)
        self._bundles = bundles
        self._neighbourhoods = Neighbourhoods(facts, draft, self._chance)
        self._wheel = Wheel(WAYS)
        self._polishing_wheel = Wheel(WAYS[:-1])
        self._sizes: dict[tuple[str, int], float] = {}
        self._polish_size = float(_POLISH_SIZE)
        goals = goals_of(facts)
        self._goals_of_placing = (PLACING, *(goal for goal in goals if goal is CHANGES))
        self._polishing = tuple(goal for goal in POLISHING if goal in goals)
        search.allow(bundles)
        search.load(draft.placements())

    # -- the first plan

    def keep(self) -> None:
        """Place what an earlier plan has as it is there, and what does not fit any more as near to that as it goes."""
        actions = self._facts.problem.actions
        earlier = {index: kept for index in self._facts.kept if (kept := actions[index].kept) is not None}
        self.adopt(
            Placement(index, kept.mode, kept.start_slot, tuple(tuple(sorted(units)) for units in kept.units))
            for index, kept in earlier.items()
            if kept.start_slot >= 0
        )
        self._search.keep_near(bundle for bundle in self._bundles if any(action in earlier for action in bundle))

    def adopt(self, hint: Iterable[Placement]) -> None:
        """Place what still fits of an earlier plan, whole bundles only."""
        self._search.adopt(hint)

    def construct(self) -> None:
        """Make the first plan and tell it; where nothing is there to begin with, make others too and keep the best."""
        begin = self._search.best()
        fresh = len(begin) == len(self._draft.placements())
        best, best_key = begin, self._search.key()
        for number, (order, preference) in enumerate(_CONSTRUCTIONS):
            if number and (not fresh or self._meter.over(_CONSTRUCT_SHARE)):
                break
            self._search.load(begin)
            self._construct(order, preference)
            if self._search.keep_if_better() and self._search.key() < best_key:
                best, best_key = self._search.best(), self._search.key()
                self._incumbent.offer(best)
            if number == 0:
                self._incumbent.offer(best)
                self._incumbent.settle()
        self._search.load(best)
        self._incumbent.settle()

    def _construct(self, order: str, preference: str) -> None:
        bundles = self._search.order(order)
        # Twice: what waits for a predecessor may come later in the order than its own turn.
        for _ in range(2):
            for first in range(0, len(bundles), _BUNDLES_AT_ONCE):
                if self._meter.over():
                    return
                last = min(first + _BUNDLES_AT_ONCE, len(bundles))
                self._search.construct(bundles, first, last, preference)
                self._meter.spend((last - first) // _STEPS_PER_MOVE)

    # -- the first goals

    def left_out(self) -> list[Bundle]:
        """Bundles that the best plan does not place, though they may be possible."""
        self._back_to_best()
        return [bundle for bundle in self._bundles if self._draft.placed[bundle[0]] is None]

    def place(self, share: float, rounds: int | None = None) -> None:
        """Improve the first three goals, and changes behind them.

        Until nothing is left out or `share` of the budget is used. With `rounds`, give up after so many neighbourhoods
        per bundle left out without a better plan.
        """
        self._incumbent.enter("place")
        self._back_to_best()
        self._place_by_force(share, None)
        fruitless = 0
        while (left_out := self.left_out()) and not self._meter.over(share):
            if self._repair(self._chance.pick(left_out)):
                fruitless = 0
                continue
            fruitless += 1
            if rounds is not None and fruitless >= rounds * len(left_out):
                break
            if fruitless % len(left_out) == 0:
                self._stir(share)

    def _place_by_force(self, share: float, steps: int | None) -> None:
        """Let the compiled search go on from the best plan until nothing better has come for long, or for `steps`."""
        search, meter = self._search, self._meter
        patience = _PATIENCE_STEPS + _PATIENCE_PER_BUNDLE * search.waiting
        since = made = 0
        untold = False
        while search.waiting and since < patience and (steps is None or made < steps) and not meter.over(share):
            now, better = search.place(_STEPS_AT_ONCE)
            meter.spend(_STEPS_AT_ONCE // _STEPS_PER_MOVE)
            made += _STEPS_AT_ONCE
            since = now if better else since + now
            untold |= better
            if untold and self._incumbent.is_due():
                self._incumbent.offer(search.best())
                untold = False
        if untold:
            self._incumbent.offer(search.best())
        search.back()

    def _stir(self, share: float) -> None:
        """Every neighbourhood is at its best: leave for a plan that is as good and looks different."""
        self._search.forget_penalties()
        self._place_by_force(share, _STIR_STEPS)
        self._search.shake(len(self._bundles))
        self._search.keep_if_as_good()
        self._meter.spend(len(self._bundles) // _STEPS_PER_MOVE)
        self._draft.load(self._search.best())

    def _repair(self, bundle: Bundle) -> bool:
        """Solve a neighbourhood of a bundle left out; True when that brought a better plan."""
        way = self._wheel.pick(self._chance)
        sized = (way, self._facts.bundle_of[bundle[0]])
        size = self._sizes.get(sized, _FIRST_SIZE)
        before_key, before = self._key(), self._draft.placements()
        free = self._neighbourhoods.by(way, bundle, int(size))
        result = repair(self._facts, self._draft, free, self._goals_of_placing, False, self._limits(), self._meter)
        now = self._key()
        if now > before_key:
            self._draft.load(before)
        if now < before_key:
            self._wheel.reward(way, BETTER)
            self._take_over()
            return True
        self._wheel.reward(way, NOTHING if result is Repair.NOTHING else CHANGED)
        factor = _GROWTH if result is Repair.BEST else _SHRINK
        self._sizes[sized] = min(max(size * factor, 4.0), _LARGEST_SIZE)
        return False

    def _key(self) -> tuple[int, ...]:
        """The first three goals of the draft, and its changes: smaller is better."""
        problem, placed = self._facts.problem, self._draft.placed
        missing = weight = victims = 0
        for action, here in zip(problem.actions, placed, strict=True):
            if here is not None:
                weight += action.weight
                victims += action.expected_victims
            elif action.mandatory:
                missing += 1
        changed = changes(problem, self._draft.placements()) if self._facts.kept else 0
        return missing, -weight, -victims, changed

    # -- the later goals

    def polish(self, share: float) -> None:
        """Improve the goals behind the first three, with everything placed kept placed."""
        self._incumbent.enter("polish")
        self._back_to_best()
        movable = [action for bundle in self._bundles for action in bundle if self._draft.placed[action] is not None]
        while movable and not self._meter.over(share):
            self._polish_by_moves(share, 2 * len(movable))
            changed = [action for action in movable if self._changes(action)]
            for turn in range(_POLISH_ROUNDS):
                if self._meter.over(share):
                    break
                self._polish_neighbourhood(changed if changed and turn % 2 else movable)
            self._incumbent.settle()

    def _polish_by_moves(self, share: float, patience: int) -> None:
        since = 0
        while since < patience and not self._meter.over(share):
            better = self._search.polish(_STEPS_AT_ONCE)
            since = 0 if better else since + _STEPS_AT_ONCE
            self._meter.spend(_STEPS_AT_ONCE // _STEPS_PER_MOVE)
            if better and self._incumbent.is_due():
                self._incumbent.offer(self._search.best())
        self._draft.load(self._search.best())
        self._incumbent.offer(self._search.best())

    def _changes(self, action: int) -> int:
        """Orders of a placed action that are other than in the earlier plan."""
        placed = self._draft.placed[action]
        assert placed is not None
        return changes_of(self._facts.problem, action, placed.placement(action))

    def _polish_neighbourhood(self, seeds: list[int]) -> None:
        """Solve one neighbourhood of one of the seeds exactly."""
        way = self._polishing_wheel.pick(self._chance)
        seed = (self._chance.pick(seeds),)
        free = self._neighbourhoods.by(way, seed, int(self._polish_size))
        problem, before = self._facts.problem, self._draft.placements()
        result = repair(self._facts, self._draft, free, self._polishing, True, self._limits(), self._meter)
        now, then = score(problem, self._draft.placements()).key(), score(problem, before).key()
        if now > then:
            self._draft.load(before)
            result = Repair.NOTHING
        elif result is not Repair.NOTHING:
            self._take_over()
        worth = BETTER if now < then else NOTHING if result is Repair.NOTHING else CHANGED
        self._polishing_wheel.reward(way, worth)
        if result is Repair.BEST:
            self._polish_size = min(self._polish_size * 1.1, _LARGEST_POLISH_SIZE)
        else:
            self._polish_size = max(self._polish_size * _SHRINK, 3.0)

    # -- keeping the two plans and the incumbent together

    def _limits(self) -> Limits:
        left_seconds = self._meter.left_seconds()
        seconds = None if left_seconds is None else min(_REPAIR_SECONDS, left_seconds)
        budget = self._meter.budget
        return Limits(seconds, _REPAIR_DETERMINISTIC_SECONDS, budget.workers, self._chance.below(1 << 30))

    def _take_over(self) -> None:
        """Let the compiled search have the draft, and offer it."""
        placements = self._draft.placements()
        self._search.load(placements)
        self._incumbent.offer(placements)

    def _back_to_best(self) -> None:
        self._incumbent.settle()
        if self._incumbent.placements is not None:
            self._draft.load(self._incumbent.placements)
            self._search.load(self._incumbent.placements)
