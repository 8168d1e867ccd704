"""The best plan so far: checked before anyone sees it, and told when it gets better."""

from __future__ import annotations

from dataclasses import replace

from solver.budget import Meter
from solver.errors import ModelInvalid
from solver.problem import Problem
from solver.progress import OnProgress, Progress
from solver.score import score
from solver.solution import Bounds, Placement, Score
from solver.verify import verify

_TELL_SECONDS = 0.25
_TELL_WORK = 500
_CHECKING_SHARE = 0.2
"""Of the time between two plans told, this much may go into scoring, checking and telling one."""


class Incumbent:
    """Keeps the best plan and the bounds of one solve.

    Parameters
    ----------
    problem
        What is asked.
    meter
        For the times in the reports.
    on_progress
        Told of every better plan, at most four times a second.
    """

    def __init__(self, problem: Problem, meter: Meter, on_progress: OnProgress | None) -> None:
        self._problem = problem
        self._meter = meter
        self._on_progress = on_progress
        self._waiting: tuple[Placement, ...] | None = None
        self._told_seconds = float("-inf")
        self._told_work = -_TELL_WORK
        self._pause_seconds = _TELL_SECONDS
        self.stage = "construct"
        self.bounds = Bounds()
        self.placements: tuple[Placement, ...] | None = None
        self.score: Score | None = None

    def is_due(self) -> bool:
        """Whether a plan that is offered now would be told at once; so large plans need not be read out for nothing."""
        if self._meter.budget.seconds is not None:
            return self._meter.elapsed_seconds() - self._told_seconds >= self._pause_seconds
        return self._meter.work - self._told_work >= _TELL_WORK

    def offer(self, placements: tuple[Placement, ...]) -> None:
        """Take a plan that is better, or hold it back a moment when many come at once."""
        self._waiting = placements
        if self.is_due():
            self.settle()

    def settle(self) -> None:
        """Check and tell the plan that is held back, if any and if it is better.

        Raises
        ------
        ModelInvalid
            When it breaks a rule: then the search has a defect, and the plan goes no further.
        """
        placements, self._waiting = self._waiting, None
        if placements is None or (self._meter.cancelled and self._is_slow()):
            return
        begun_seconds = self._meter.elapsed_seconds()
        value = score(self._problem, placements)
        if self.score is not None and value.key() >= self.score.key():
            return
        breaches = verify(self._problem, placements)
        if breaches:
            raise ModelInvalid(f"the search made a plan that breaks {breaches[0].rule}: {breaches[0].message}")
        self.placements, self.score = placements, value
        self.tell()
        spent_seconds = self._meter.elapsed_seconds() - begun_seconds
        self._pause_seconds = max(_TELL_SECONDS, spent_seconds / _CHECKING_SHARE)

    def _is_slow(self) -> bool:
        """Whether a plan is there already and checking another would keep a caller waiting who has said stop."""
        return self.placements is not None and self._pause_seconds > _TELL_SECONDS

    def enter(self, stage: str) -> None:
        """Begin a stage, with everything held back settled."""
        self.settle()
        self.stage = stage

    def prove(self, **bounds: int) -> None:
        """Note bounds that are proven."""
        self.bounds = replace(self.bounds, **bounds)

    def is_proven(self, *goals: str) -> bool:
        """Whether the best plan meets its bounds in these goals."""
        return self.score is not None and all(getattr(self.score, goal) == getattr(self.bounds, goal) for goal in goals)

    def tell(self) -> None:
        """Report the state as it is."""
        self._told_seconds, self._told_work = self._meter.elapsed_seconds(), self._meter.work
        if self._on_progress is not None and self.placements is not None and self.score is not None:
            unplaced = len(self._problem.actions) - len(self.placements)
            self._on_progress(
                Progress(
                    self._told_seconds,
                    self._meter.work,
                    self.stage,
                    self.placements,
                    self.score,
                    self.bounds,
                    unplaced,
                )
            )
