"""Solving models of a lagged project: a block alone, the whole, a neighbourhood of a plan."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from ortools.sat.python import cp_model

from solver.cpsat.lags.crews import crews_of
from solver.cpsat.lags.model import LagModel
from solver.cpsat.lags.order import order_of
from solver.cpsat.watch import solve_watched
from solver.errors import ModelInvalid
from solver.network import Network, Schedule

_UNITS_FACTOR = 10.0
"""CP-SAT's measure leaves out much of what the choice of units costs."""
_CONSTRAINTS_PER_SECOND = 60_000


class Shown(Enum):
    """What a solve has shown."""

    BEST = "BEST"
    """A plan, and that the model has no better one."""
    FOUND = "FOUND"
    """A plan."""
    NONE = "NONE"
    """That the model has no plan."""
    NOTHING = "NOTHING"


@dataclass(frozen=True, slots=True)
class Effort:
    """Limits of one solve.

    Parameters
    ----------
    deterministic_seconds
        CP-SAT's own measure of work.
    seconds
        Wall seconds; None for no limit.
    seed
        CP-SAT's random seed.
    over
        Asked many times a second whether to stop.
    """

    deterministic_seconds: float
    seconds: float | None
    seed: int
    over: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a solve: what is shown, the work to be charged, a lower bound on the last end, and the plan."""

    shown: Shown
    deterministic_seconds: float
    least_end_slot: int
    starts: dict[int, int] | None = None
    teams: dict[int, tuple[tuple[int, ...], ...]] | None = None

    def schedule(self, network: Network) -> Schedule | None:
        """Return the plan of a model that has all actions; None without one."""
        if self.starts is None or self.teams is None:
            return None
        actions = range(len(network.project.durations))
        return Schedule.of(
            network.project, (self.starts[action] for action in actions), (self.teams[action] for action in actions)
        )


class ExactSolver:
    """Solves models of one project; threads may share it.

    Parameters
    ----------
    network
        The project and its distances.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._actions = range(len(network.project.durations))
        self._crews = crews_of(network.project, self._actions)

    def block(self, block: tuple[int, ...], effort: Effort) -> Answer:
        """Plan a block alone and at any time, ending as early as it can.

        No plan of a block alone means that there is none of the whole. Starts that keep the lags lie so close together
        that the model needs no horizon. Units and capacities are taken to be there all the time that they ever are.
        """
        paths = self._network.distances[self._network.block_of[block[0]]]
        last_end_slot = int(-paths.min()) + max(self._network.project.durations[action] for action in block)
        return _solve(LagModel(self._network, block, last_end_slot, self._crews, at_any_time=True), effort)

    def whole(self, schedule: Schedule | None, least_end_slot: int, effort: Effort) -> Answer:
        """Look for a plan that ends before `schedule`, or for any, with everything free.

        `NONE` proves that there is none. `least_end_slot` is a bound that is proven.
        """
        last_end_slot = self._network.project.horizon_slots if schedule is None else schedule.end_slot - 1
        model = LagModel(self._network, self._actions, last_end_slot, self._crews)
        model.model.add(model.end >= least_end_slot)
        if schedule is not None:
            model.hint(schedule)
        return _solve(model, effort)

    def neighbourhood(
        self,
        schedule: Schedule,
        free: Collection[int],
        effort: Effort,
        plainly: bool = False,
        leanings: Mapping[int, int] | None = None,
    ) -> Answer:
        """Look for a plan that ends before `schedule` and keeps the order and the teams of all that is not free.

        Starts stay open, only their order is kept (Godard, Laborie and Nuijten 2005). `plainly` leaves out rewriting
        the model and its linear relaxation: where units are chosen, these take longer than all else, and help now and
        then. With `leanings` it may end as late as `schedule`; among plans of one end those are better in which the sum
        of starts, each times its action's leaning, is less.
        """
        project = self._network.project
        kept = [action for action in self._actions if action not in free]
        teams = {action: schedule.teams[action] for action in kept}
        last_end_slot = schedule.end_slot if leanings else schedule.end_slot - 1
        model = LagModel(self._network, self._actions, last_end_slot, self._crews, fixed_teams=teams)
        for before, after in sorted(order_of(project, schedule, kept)):
            model.model.add(model.starts[after] >= model.starts[before] + project.durations[before])
        model.hint(schedule)
        return _solve(model, effort, plainly, leanings or {})


def _solve(
    model: LagModel, effort: Effort, plainly: bool = False, leanings: Mapping[int, int] = MappingProxyType({})
) -> Answer:
    """Run CP-SAT with one worker, and charge what it has cost."""
    # No sum of leaning starts outweighs one slot of the end.
    weight = 1 + model.last_end_slot * sum(map(abs, leanings.values()))
    model.model.minimize(weight * model.end + sum(leaning * model.starts[each] for each, leaning in leanings.items()))
    factor = _UNITS_FACTOR if model.serving else 1.0
    building_seconds = len(model.model.proto.constraints) / _CONSTRAINTS_PER_SECOND
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = effort.seed
    solver.parameters.max_deterministic_time = effort.deterministic_seconds / factor
    if plainly:
        solver.parameters.cp_model_presolve = False
        solver.parameters.linearization_level = 0
    if effort.seconds is not None:
        solver.parameters.max_time_in_seconds = max(effort.seconds, 0.01)
    status = solve_watched(solver, model.model, effort.over)
    work = solver.deterministic_time * factor + building_seconds
    if status == cp_model.MODEL_INVALID:
        raise ModelInvalid(model.model.validate())
    if status == cp_model.INFEASIBLE:
        return Answer(Shown.NONE, work, model.last_end_slot + 1)
    if status == cp_model.UNKNOWN:
        return Answer(Shown.NOTHING, work, 0 if leanings else max(0, round(solver.best_objective_bound)))
    shown = Shown.BEST if status == cp_model.OPTIMAL else Shown.FOUND
    return Answer(shown, work, 0 if leanings else round(solver.best_objective_bound), *model.read(solver))
