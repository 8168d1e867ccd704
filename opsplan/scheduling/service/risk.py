"""Tell what may go wrong with a plan, by simulation in the operation as it stands."""

import asyncio
from dataclasses import dataclass
from typing import Any

from opsplan.graph.driver import Graph
from opsplan.scheduling.plan.placed import placements_of
from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.risk import Spreads, risk_figures, uncertainty_of
from opsplan.scheduling.service.frames import Frames
from opsplan.scheduling.store.plans import read_placed, read_plan
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say
from solver import Placement
from solver.risk import estimate_risk

MOST_RUNS = 100_000


@dataclass(frozen=True, slots=True)
class RiskOfPlan:
    """The figures, and the actions of the plan whose places cannot be expressed any more and are left out of them."""

    plan_id: str
    figures: dict[str, Any]
    not_simulated: tuple[str, ...]


async def risk_of_plan(
    graph: Graph, frames: Frames, turn: asyncio.Semaphore, plan_id: str, *, runs: int, seed: int, spreads: Spreads
) -> RiskOfPlan:
    """Simulate a plan in a thread, at its `turn`: a simulation takes a processor for seconds.

    Raises
    ------
    NotFound
        When there is no such plan.
    Invalid
        When `runs` or `seed` is out of range.
    CyclicPrecedence
        When precedences of the operation form a circle by now.
    """
    _check("runs", runs, 1, MOST_RUNS)
    _check("seed", seed, 0, 2**31 - 1)
    plan = await graph.read(lambda tx: read_plan(tx, plan_id, field="planId"))
    rows = await graph.read(lambda tx: read_placed(tx, plan_id))
    frame = await frames.of(plan.operation_id)
    placements, lost = placements_of(rows, frame.index)
    async with turn:
        figures = await asyncio.to_thread(_figures, frame, placements, runs, seed, spreads)
    return RiskOfPlan(plan_id, figures, tuple(sorted({each.action_id for each in lost})))


def _figures(frame: Frame, placements: tuple[Placement, ...], runs: int, seed: int, spreads: Spreads) -> dict[str, Any]:
    uncertainty = uncertainty_of(frame.snapshot, frame.problem, spreads, placements)
    risk = estimate_risk(frame.problem, placements, uncertainty, runs=runs, seed=seed)
    return risk_figures(risk, frame.problem, frame.index)


def _check(field: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        remedy = say("give {low:,} to {high:,}", low=low, high=high)
        raise Invalid(
            say("{field}: {value} is refused; {remedy}.", field=field, value=value, remedy=remedy),
            field=field,
            value=value,
            remedy=remedy,
        )
