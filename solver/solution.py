"""What is answered: placements, their score, what was proven, and how the solve ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

from solver.errors import InvalidProblem
from solver.problem import Problem


class Outcome(Enum):
    """How a solve ended.

    Every outcome but a conflict of locks comes with the best plan found, which keeps all rules.
    """

    OPTIMAL = "OPTIMAL"
    """All mandatory actions are placed and no plan is better in the strict order of goals: proven."""
    FEASIBLE = "FEASIBLE"
    """All mandatory actions are placed; a better plan may exist."""
    INFEASIBLE = "INFEASIBLE"
    """Proven: no plan keeps all locks, or none places all mandatory actions (the best other is given)."""
    OUT_OF_TIME = "OUT_OF_TIME"
    """The budget ended with mandatory or locked actions unplaced and nothing proven about them."""
    CANCELLED = "CANCELLED"
    """The caller's stop flag ended the solve."""


@dataclass(frozen=True, slots=True)
class Placement:
    """One action in the plan.

    Parameters
    ----------
    action
        Index of the action.
    mode
        Index of the chosen mode in the action's modes.
    start_slot
        First slot; the action holds ``[start_slot, start_slot + duration)``.
    units
        One tuple of unit indices per unit need of the mode, in the order of the needs; each sorted.
    """

    action: int
    mode: int
    start_slot: int
    units: tuple[tuple[int, ...], ...] = ()

    def end_slot(self, problem: Problem) -> int:
        """First slot after the action."""
        return self.start_slot + problem.actions[self.action].modes[self.mode].duration_slots

    def all_units(self) -> tuple[int, ...]:
        """Every unit of every need."""
        return tuple(unit for units in self.units for unit in units)


@dataclass(frozen=True, slots=True)
class Score:
    """The goals' values in strict order; see ``solver.score`` for how each is computed.

    Parameters
    ----------
    missing_mandatory
        Mandatory actions that are not placed; fewer is better.
    placed_weight
        Sum of the weights of placed actions; more is better.
    victims
        Sum of the expected victims of placed actions; more is better.
    changes
        Orders that are other than in an earlier plan, see ``solver.score.changes_of``; fewer is better, and 0 where
        there is none.
    project_delay
        Sum over projects of the slots from release to the end of the last placed action, less the project's least,
        never below 0; less is better, and 0 where there is no project.
    makespan
        Slots from the first release of a project to the end of the last placed action of any; less is better, and 0
        where there is no project.
    lateness
        Sum over placed actions of weight x slots that its end lies after its due slot; less is better.
    cost
        Cost of the modes, and of the units' slots in action and on the road; less is better.
    burden_permille
        Largest share of its units' available slots, in thousandths rounded up, that any owner country spends
        in action; less is better.
    """

    missing_mandatory: int
    placed_weight: int
    victims: int
    changes: int
    project_delay: int = field(default=0, kw_only=True)
    makespan: int = field(default=0, kw_only=True)
    lateness: int
    cost: int
    burden_permille: int

    def key(self) -> tuple[int, ...]:
        """The values as a tuple that is smaller, in the order of tuples, exactly when the plan is better.

        Examples
        --------
        >>> Score(0, 5, 9, 7, 0, 0, 0).key() < Score(0, 4, 99, 0, 0, 0, 0).key()
        True
        """
        return (
            self.missing_mandatory,
            -self.placed_weight,
            -self.victims,
            self.changes,
            self.project_delay,
            self.makespan,
            self.lateness,
            self.cost,
            self.burden_permille,
        )


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is proven about the best possible values.

    The value for a goal holds for every plan that is equal to the incumbent in all goals before it; None
    means that nothing is proven. So `missing_mandatory` holds for all plans, `placed_weight` for all that
    miss as few. For a goal of which more is better the bound is an upper one, else a lower one.
    """

    missing_mandatory: int | None = None
    placed_weight: int | None = None
    victims: int | None = None
    changes: int | None = None
    project_delay: int | None = field(default=None, kw_only=True)
    makespan: int | None = field(default=None, kw_only=True)
    lateness: int | None = None
    cost: int | None = None
    burden_permille: int | None = None

    def gap(self, score: Score) -> float | None:
        """Relative gap of the placed weight to its bound, from 0 (proven best) to 1; None without a bound.

        Examples
        --------
        >>> Bounds(0, 200).gap(Score(0, 150, 0, 0, 0, 0, 0))
        0.25
        """
        if self.placed_weight is None:
            return None
        if self.placed_weight <= 0:
            return 0.0
        return max(0.0, (self.placed_weight - score.placed_weight) / self.placed_weight)


@dataclass(frozen=True, slots=True)
class Solution:
    """The answer to a solve.

    Parameters
    ----------
    outcome
        How the solve ended.
    placements
        The placed actions, sorted by action, each action at most once; all others are unplaced.
    score
        The goals' values of these placements.
    bounds
        What is proven.
    """

    outcome: Outcome
    placements: tuple[Placement, ...]
    score: Score
    bounds: Bounds = Bounds()

    def __post_init__(self) -> None:
        for position, (earlier, later) in enumerate(pairwise(self.placements)):
            if later.action <= earlier.action:
                raise InvalidProblem(
                    f"placements[{position + 1}].action",
                    later.action,
                    "sort by action and place each action once",
                )

    def unplaced(self, problem: Problem) -> tuple[int, ...]:
        """Indices of the actions that are not placed, in order."""
        placed = {placement.action for placement in self.placements}
        return tuple(action for action in range(len(problem.actions)) if action not in placed)
