"""The planted plan as a solution of the solver's problem: for tests and benchmarks, never for a run."""

from opsplan.exercise.exercise import Exercise
from opsplan.exercise.rows.actions import mode_name, task_name
from opsplan.exercise.rows.means import unit_name
from opsplan.exercise.shape import instant
from opsplan.exercise.world import Need, Task
from opsplan.scheduling.problem import Index
from solver import Bounds, Outcome, Placement, Problem, Solution, UnitNeed, score


def planted_solution(exercise: Exercise, problem: Problem, index: Index) -> Solution:
    """Give the planted plan in the numbers of a problem that was translated from the exercise's records.

    Records are found by their names, which the translator keeps, so that it does not matter which ids the graph gave.

    Raises
    ------
    KeyError
        When the problem was not translated from this exercise.
    ValueError
        When a planted start is no slot of the problem's grid.
    """
    scenario = exercise.scenario
    action_at = {action.name: number for number, action in enumerate(problem.actions)}
    unit_at = {unit.name: number for number, unit in enumerate(problem.units)}
    placements = []
    for task in scenario.world.planted():
        assert task.start is not None
        number = action_at[task_name(scenario, task)]
        start_slot = index.grid.slot_at(instant(scenario.start, task.start))
        if start_slot is None:
            raise ValueError(f"the planted start of {problem.actions[number].name} begins no slot of the problem")
        mode = _mode(problem, number, task)
        units = tuple(
            tuple(sorted(unit_at[unit_name(team)] for team in _same(problem, need, task).teams))
            for need in problem.actions[number].modes[mode].unit_needs
        )
        placements.append(Placement(number, mode, start_slot, units))
    placements.sort(key=lambda placement: placement.action)
    return Solution(Outcome.FEASIBLE, tuple(placements), score(problem, placements), Bounds())


def _mode(problem: Problem, number: int, task: Task) -> int:
    names = [mode.name for mode in problem.actions[number].modes]
    return names.index(mode_name(task.planted_way, task.way))


def _same(problem: Problem, wanted: UnitNeed, task: Task) -> Need:
    """The planted need of that kind: no two needs of a planted way are of one kind."""
    kind = problem.unit_kinds[wanted.kind]
    return next(need for need in task.way.needs if need.kind.value == kind)
