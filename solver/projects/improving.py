"""Neighbourhoods of the best plan, solved exactly side by side (Shaw 1998), until the budget is used."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from solver.adaptive import BETTER, CHANGED, NOTHING, Wheel
from solver.budget import Budget, Meter
from solver.chance import Chance
from solver.cpsat.projects import all_placed
from solver.cpsat.run import Limits, Run, Status, run
from solver.cpsat.watch import WATCH_SECONDS
from solver.draft import Draft
from solver.facts import Facts
from solver.incumbent import Incumbent
from solver.projects.neighbourhoods import WAYS, Neighbourhoods
from solver.score import makespan, project_delay
from solver.solution import Placement
from solver.verify import verify

_DETERMINISTIC_SECONDS = 0.2
_FIRST_SIZE, _SMALLEST_SIZE = 20.0, 5.0
_GROWTH, _SHRINK = 1.1, 0.9
_BOUNDLESS = 10**15

Plan = tuple[Placement, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A neighbourhood that is being solved.

    Parameters
    ----------
    way, size
        How it was chosen, and how many actions were asked for.
    free
        The actions that it decides.
    version
        How many other plans had been taken over when it was begun.
    meter
        Counts its work; its thread asks no other.
    """

    way: str
    size: float
    free: tuple[int, ...]
    version: int
    meter: Meter


def improve(facts: Facts, meter: Meter, incumbent: Incumbent, seed: int) -> bool:
    """Improve the best plan until the budget is used; True when it is proven that there is no better one.

    As many neighbourhoods as there are workers are solved at a time, each with one thread and all of different actions.
    What one finds is taken over where the plan that the others have changed meanwhile still allows it. With one worker
    that is never in question, and the choices follow from seed and work alone.
    """
    return _Improving(facts, meter, incumbent, seed).run()


class _Improving:
    def __init__(self, facts: Facts, meter: Meter, incumbent: Incumbent, seed: int) -> None:
        assert incumbent.placements is not None
        self._facts = facts
        self._meter = meter
        self._incumbent = incumbent
        self._chance = Chance(seed)
        self._draft = Draft(facts)
        self._draft.load(incumbent.placements)
        self._wheel = Wheel(WAYS)
        self._sizes = dict.fromkeys(WAYS, _FIRST_SIZE)
        self._neighbourhoods = Neighbourhoods(facts, self._chance)
        self._neighbourhoods.look_at(incumbent.placements)
        self._version = 0
        self._stop = threading.Event()
        self._running: dict[Future[Run], Attempt] = {}

    def run(self) -> bool:
        self._incumbent.enter("polish")
        with ThreadPoolExecutor(max_workers=self._meter.budget.workers) as threads:
            try:
                while not self._meter.over():
                    while len(self._running) < self._meter.budget.workers and self._begin(threads):
                        pass
                    if self._collect():
                        return True
            finally:
                self._stop.set()
                self._incumbent.settle()
        return False

    def _begin(self, threads: ThreadPoolExecutor) -> bool:
        """Choose a neighbourhood and have it solved; False when all that was chosen is being decided already."""
        way = self._wheel.pick(self._chance)
        size = self._sizes[way]
        busy = {action for attempt in self._running.values() for action in attempt.free}
        free = tuple(sorted(self._neighbourhoods.by(way, int(size)) - busy))
        if not free:
            return False
        placed = [self._draft.take(action) for action in free]
        variables, value = all_placed(self._facts, self._draft, free)
        hint = tuple(each.placement(action) for action, each in zip(free, placed, strict=True))
        for action, each in zip(free, placed, strict=True):
            self._draft.put(action, each)
        meter = Meter(Budget(seconds=None, work=_BOUNDLESS, workers=1), stop=self._stop.is_set)
        attempt = Attempt(way, size, free, self._version, meter)
        limits = Limits(None, _DETERMINISTIC_SECONDS, 1, self._chance.below(1 << 30), plainly=True)
        self._running[threads.submit(run, variables, value, False, limits, meter, hint)] = attempt
        return True

    def _collect(self) -> bool:
        """Wait a moment for what is being solved; True when the whole problem has been."""
        done, _ = wait(self._running, timeout=WATCH_SECONDS, return_when=FIRST_COMPLETED)
        for future in done:
            attempt, found = self._running.pop(future), future.result()
            self._meter.spend(attempt.meter.work)
            if found.placements is not None:
                self._judge(attempt, found.placements, found.status is Status.OPTIMAL)
                if found.status is Status.OPTIMAL and len(attempt.free) == len(self._facts.sites):
                    return True
        return False

    def _judge(self, attempt: Attempt, placements: Plan, is_best: bool) -> None:
        """Take the answer over where it is no worse, and learn from it how to go on."""
        worth = self._take_over(attempt, placements)
        self._wheel.reward(attempt.way, worth)
        if worth != BETTER:
            factor = _GROWTH if is_best else _SHRINK
            largest = float(len(self._facts.sites))
            self._sizes[attempt.way] = min(max(attempt.size * factor, _SMALLEST_SIZE), largest)

    def _take_over(self, attempt: Attempt, placements: Plan) -> float:
        """Put the answer into the plan where that keeps all rules and is no worse; tell what that was worth."""
        decided = {placement.action: placement for placement in placements}
        before = self._draft.placements()
        after = tuple(decided.get(placement.action, placement) for placement in before)
        then, now = self._value(before), self._value(after)
        if after == before or now > then:
            return NOTHING
        if attempt.version != self._version and verify(self._facts.problem, after):
            return NOTHING
        self._version += 1
        self._draft.load(after)
        self._neighbourhoods.look_at(after)
        if now == then:
            return CHANGED
        self._incumbent.offer(after)
        return BETTER

    def _value(self, plan: Plan) -> tuple[int, int]:
        return project_delay(self._facts.problem, plan), makespan(self._facts.problem, plan)
