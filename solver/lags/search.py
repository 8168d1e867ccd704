"""The search as a whole: decide the blocks, then anneal and relax until the budget is used or all is proven."""

from __future__ import annotations

from dataclasses import asdict

from solver.budget import MOVES_PER_DETERMINISTIC_SECOND, Meter
from solver.chance import Chance
from solver.compiled.lags.annealer import Annealer
from solver.cpsat.lags.solve import ExactSolver
from solver.incumbent import Incumbent
from solver.lags.blocks import decide_blocks
from solver.lags.bound import least_end_slot
from solver.lags.companion import Companion
from solver.lags.ending import Ending
from solver.lags.metering import Metering
from solver.lags.relaxing import Relaxing
from solver.lags.shared import Shared
from solver.network import LaggedProject, Network, Schedule
from solver.problem import Problem

_CHUNK_WORK = 40
_SHARE = 0.5
_LEAST_SHARE = 0.1
_FADE = 0.6


def search(problem: Problem, project: LaggedProject, meter: Meter, incumbent: Incumbent) -> Ending:
    """Look for the shortest plan of all actions, and tell each better one.

    One worker takes turns between annealing and relaxing, by work alone, so that a budget of work gives the same plan
    on every run; each further worker relaxes beside it.

    Parameters
    ----------
    problem
        What is asked.
    project
        The same, as `solver.network.read_project` has read it.
    meter, incumbent
        The solve's; a complete plan that the incumbent has is where the search begins.
    """
    return _Search(problem, project, meter, incumbent).run()


class _Search:
    def __init__(self, problem: Problem, project: LaggedProject, meter: Meter, incumbent: Incumbent) -> None:
        self._problem = problem
        self._project = project
        self._meter = meter
        self._metering = Metering(meter)
        self._incumbent = incumbent
        self._chance = Chance(meter.budget.seed)
        self._told: Schedule | None = None

    def run(self) -> Ending:
        network = Network(self._project)
        if not network.holds():
            return Ending.IMPOSSIBLE
        shared = Shared(least_end_slot(network))
        placements = self._incumbent.placements
        if placements is not None and len(placements) == len(self._project.durations):
            self._told = Schedule.of_placements(self._project, placements)
            shared.offer(self._told)
        exact = ExactSolver(network)
        blocks = decide_blocks(network, exact, self._chance, self._metering)
        if blocks.impossible is not None:
            return Ending.IMPOSSIBLE
        annealer = Annealer(network, blocks.offsets, self._chance.bits() >> 1)
        shared.offer(annealer.schedule())
        self._tell(shared)
        relaxing = Relaxing(network, exact, Chance(self._chance.bits()))
        companions = [
            Companion(Relaxing(network, exact, Chance(self._chance.bits())), shared)
            for _ in range(self._meter.budget.workers - 1)
        ]
        try:
            self._take_turns(annealer, relaxing, shared, companions)
        finally:
            for companion in companions:
                companion.stop()
            for companion in companions:
                companion.join()
        self._tell(shared)
        self._incumbent.settle()
        if shared.impossible:
            return Ending.IMPOSSIBLE
        if shared.best is not None:
            _prove_the_rest(self._incumbent)
        return Ending.PROVEN if shared.is_decided else Ending.OVER

    def _take_turns(self, annealer: Annealer, relaxing: Relaxing, shared: Shared, companions: list[Companion]) -> None:
        """Give each way its share of the work; annealing's falls with every cycle that brings nothing."""
        share = 1.0 if companions else _SHARE
        annealed = relaxed = 0
        gained = False
        while not self._metering.over() and not shared.is_decided:
            if annealed * (1 - share) <= relaxed * share:
                work = annealer.run(_CHUNK_WORK)
                self._meter.spend(work)
                annealed += work
                if annealer.renewed:
                    gained |= shared.offer(annealer.schedule())
                if annealer.is_cold:
                    share = share if gained else max(_LEAST_SHARE, share * _FADE)
                    gained = False
                    if shared.best is not None:
                        annealer.adopt(shared.best)
                    annealer.begin_cycle()
            else:
                effort = self._metering.effort()
                relaxed += self._metering.spend(relaxing.step(shared, effort))
            for companion in companions:
                self._meter.spend(int(companion.work() * MOVES_PER_DETERMINISTIC_SECOND))
            self._tell(shared)

    def _tell(self, shared: Shared) -> None:
        """Pass on a better plan, and what is proven of all plans that place everything as it does."""
        best = shared.best
        if best is None:
            return
        if best is not self._told:
            self._told = best
            self._incumbent.offer(best.placements())
        project = self._problem.projects[0]
        span_slots = max(0, shared.least_end_slot - project.release_slot)
        self._incumbent.prove(project_delay=max(0, span_slots - project.least_slots), makespan=span_slots)


def _prove_the_rest(incumbent: Incumbent) -> None:
    """Note that every goal but the project's end is the same in all plans that place everything."""
    assert incumbent.score is not None
    value = asdict(incumbent.score)
    del value["project_delay"], value["makespan"]
    incumbent.prove(**value)
