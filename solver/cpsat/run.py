"""Running a model: limits, hint, stop, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from ortools.sat.python import cp_model

from solver.budget import MOVES_PER_DETERMINISTIC_SECOND, Meter
from solver.cpsat.variables import Variables
from solver.cpsat.watch import solve_watched
from solver.errors import ModelInvalid
from solver.solution import Placement

_MOVES_PER_RUN = 10
_SIZE_PER_MOVE = 20


class Status(Enum):
    """What a run has shown."""

    OPTIMAL = "OPTIMAL"
    FEASIBLE = "FEASIBLE"
    INFEASIBLE = "INFEASIBLE"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one run, beside the meter's.

    Parameters
    ----------
    seconds
        Wall seconds; None for no limit of its own. Ignored when the budget counts work alone.
    deterministic_seconds
        CP-SAT's own measure of work.
    workers
        Threads.
    seed
        CP-SAT's random seed.
    plainly
        Whether to do without linear relaxation, which costs more than it brings where only a better plan of few
        actions on resources is looked for.
    """

    seconds: float | None
    deterministic_seconds: float
    workers: int
    seed: int
    plainly: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """The result of one run.

    Parameters
    ----------
    status
        What is shown about the objective.
    value
        The best objective value found; None without a solution.
    bound
        No solution of this model is better; None when nothing is known.
    placements
        The free actions as placed in the best solution; None without a solution.
    """

    status: Status
    value: int | None
    bound: int | None
    placements: tuple[Placement, ...] | None


def run(
    variables: Variables,
    objective: cp_model.LinearExpr,
    maximise: bool,
    limits: Limits,
    meter: Meter,
    hint: Iterable[Placement] = (),
) -> Run:
    """Optimise one objective over a model.

    Parameters
    ----------
    variables
        The built model; its objective and hint are replaced.
    objective, maximise
        What to optimise.
    limits, meter
        When to stop; the meter is charged for the work, and its stop flag is watched twenty times a second.
    hint
        A plan to start from; placements of actions that are not free are ignored.

    Raises
    ------
    ModelInvalid
        When CP-SAT refuses the model.
    """
    model = variables.model
    if maximise:
        model.maximize(objective)
    else:
        model.minimize(objective)
    _give_hint(variables, hint)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = limits.workers
    solver.parameters.random_seed = limits.seed
    solver.parameters.max_deterministic_time = limits.deterministic_seconds
    if limits.plainly:
        solver.parameters.linearization_level = 0
    timed = meter.budget.seconds is not None
    if timed and limits.seconds is not None:
        solver.parameters.max_time_in_seconds = max(limits.seconds, 0.01)
    status = solve_watched(solver, model, meter.over)
    meter.spend(_work(variables, solver.deterministic_time))
    if status == cp_model.MODEL_INVALID:
        raise ModelInvalid(model.validate())
    if status == cp_model.INFEASIBLE:
        return Run(Status.INFEASIBLE, None, None, None)
    if status == cp_model.UNKNOWN:
        return Run(Status.UNKNOWN, None, None, None)
    placements = _read(variables, solver)
    shown = Status.OPTIMAL if status == cp_model.OPTIMAL else Status.FEASIBLE
    return Run(shown, round(solver.objective_value), round(solver.best_objective_bound), placements)


def _work(variables: Variables, deterministic_seconds: float) -> int:
    """Moves that building and solving the model count as."""
    building = _MOVES_PER_RUN + (len(variables.services) + len(variables.pairs)) // _SIZE_PER_MOVE
    return building + int(deterministic_seconds * MOVES_PER_DETERMINISTIC_SECOND)


def _give_hint(variables: Variables, hint: Iterable[Placement]) -> None:
    model = variables.model
    model.clear_hints()  # type: ignore[no-untyped-call]
    placed = {placement.action: placement for placement in hint if placement.action in variables.present}
    if not placed:
        return
    serving = {
        (placement.action, placement.mode, need, unit)
        for placement in placed.values()
        for need, units in enumerate(placement.units)
        for unit in units
    }
    for action in variables.free:
        placement = placed.get(action)
        if placement is not None:
            model.add_hint(variables.starts[action], placement.start_slot)
        for mode in range(len(variables.facts.durations[action])):
            model.add_hint(variables.modes[action, mode], placement is not None and placement.mode == mode)
    for service in variables.services:
        key = (service.action, service.mode, service.need, service.unit)
        model.add_hint(service.literal, key in serving)


def _read(variables: Variables, solver: cp_model.CpSolver) -> tuple[Placement, ...]:
    chosen: dict[int, dict[int, list[int]]] = {}
    for service in variables.services:
        if solver.boolean_value(service.literal):
            chosen.setdefault(service.action, {}).setdefault(service.need, []).append(service.unit)
    placements = []
    for action in variables.free:
        for mode, needs in enumerate(variables.problem.actions[action].modes):
            if solver.boolean_value(variables.modes[action, mode]):
                units = tuple(
                    tuple(sorted(chosen.get(action, {}).get(need, ()))) for need in range(len(needs.unit_needs))
                )
                placements.append(Placement(action, mode, solver.value(variables.starts[action]), units))
    return tuple(placements)
