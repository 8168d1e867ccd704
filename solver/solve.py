"""The front door: a problem and a budget in, a verified solution out."""

from __future__ import annotations

from solver.budget import Budget, Clock, Meter, Stop
from solver.problem import Problem
from solver.progress import OnProgress
from solver.solution import Placement, Solution
from solver.verify.form import usable


def make_ready() -> None:
    """Load what every solve needs, compiled code included, for callers who still wait for their problem."""
    import solver.stages  # noqa: F401
    from solver.compiled.raids import warm

    warm()


def warm() -> None:
    """Have all compiled searches made, which takes a minute once and is kept; so that no budget pays for it."""
    from solver.compiled.lags.annealer import warm as warm_lags
    from solver.compiled.lists import warm as warm_lists

    make_ready()
    warm_lists()
    warm_lags()


def solve(
    problem: Problem,
    budget: Budget | None = None,
    *,
    clock: Clock | None = None,
    stop: Stop | None = None,
    hint: tuple[Placement, ...] = (),
    on_progress: OnProgress | None = None,
) -> Solution:
    """Return the best plan found within the budget.

    Parameters
    ----------
    problem
        What is asked.
    budget
        Limits; by default 60 seconds with two workers.
    clock
        Such as ``time.monotonic``; needed when the budget limits seconds.
    stop
        Asked many times a second; once it returns True the solve ends within a second, with the best plan so
        far.
    hint
        A plan to begin with; placements in it that do not fit any more, or speak of what is not there, are dropped.
    on_progress
        Told of every better plan, verified, at most four times a second.

    Returns
    -------
    Solution
        Its placements keep every rule: they have passed `solver.verify`.

    Raises
    ------
    InvalidProblem
        When the budget limits seconds and there is no clock.
    ModelInvalid
        When the solver finds a defect of its own.
    """
    # Here and not above: OR-Tools takes half a second and 80 MB, and a process that only translates, verifies or
    # explains never needs it.
    from solver.stages import run_stages

    return run_stages(problem, Meter(budget or Budget(), clock, stop), usable(problem, hint), on_progress)
