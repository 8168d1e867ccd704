"""Advise on slots: where an action could go beside a plan, nothing else moved. Nothing is written."""

import asyncio
from collections.abc import Sequence

from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.scheduling.answer import PlacedAction
from opsplan.scheduling.plan.advice import Advice, advise
from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.problem.proposed import Proposed, with_proposed
from opsplan.scheduling.service.frames import Frames
from opsplan.scheduling.service.proposed_action import DescribedAction, read_proposed, refuse_both_or_none
from opsplan.scheduling.store.plans import read_placed, read_plan
from opsplan.vocabulary.errors import Invalid, NotFound
from opsplan.vocabulary.sentences import say

MOST_SLOTS = 100
"""Slots that one answer may list."""
SHORTEST_PART_MINUTES = 5
"""Into no shorter parts are intervals cut."""


async def advise_slots(
    graph: Graph,
    *,
    frames: Frames,
    plan_id: str,
    action_id: str | None = None,
    described: DescribedAction | None = None,
    first: int = 10,
    longest_minutes: int = 360,
    agency_id: str | None = None,
) -> Advice:
    """Give the best slots for one action beside a plan, as the operation stands now.

    Parameters
    ----------
    plan_id
        The plan, in whatever state.
    action_id, described
        An action of the operation, or one that nobody has entered: exactly one of both.
    first
        How many slots at most.
    longest_minutes
        Intervals of starts are cut into parts of at most so long, each with its own best start.
    agency_id
        Whose a described action would be: it need not keep away from what its owner claims elsewhere.

    Raises
    ------
    NotFound
        When there is no such plan or compound, or no such action in play.
    Invalid
        When both actions or none are given, a number is out of range, or the description breaks a law of its nouns.
    CyclicPrecedence
        When precedences form a circle, with those described.
    """
    refuse_both_or_none(action_id, described)
    _refuse_beyond("first", first, 1, MOST_SLOTS)
    _refuse_beyond("longest", longest_minutes, SHORTEST_PART_MINUTES, None)
    plan = await graph.read(lambda tx: read_plan(tx, plan_id))
    frame = await frames.of(plan.operation_id)

    async def work(tx: Tx) -> tuple[Sequence[PlacedAction], Proposed | None]:
        proposed = None if described is None else await read_proposed(tx, described, frame.snapshot, agency_id)
        return await read_placed(tx, plan_id), proposed

    rows, proposed = await graph.read(work)
    return await asyncio.to_thread(_advised, rows, frame, action_id, proposed, first, longest_minutes)


def _advised(
    rows: Sequence[PlacedAction],
    frame: Frame,
    action_id: str | None,
    proposed: Proposed | None,
    first: int,
    longest_minutes: int,
) -> Advice:
    if proposed is not None:
        frame = Frame.over(with_proposed(frame.snapshot, proposed))
        action_id = proposed.action.id
    if action_id not in frame.index.action_ids:
        raise NotFound(
            say("The plan's operation has no action {action_id} in play.", action_id=action_id),
            field="actionId",
            value=action_id,
            remedy=say("give the id of one of its actions, neither cancelled nor aborted nor retired"),
        )
    number = frame.index.action_ids.index(action_id)
    return advise(rows, frame, number, first=first, longest_minutes=longest_minutes)


def _refuse_beyond(field: str, value: int, low: int, high: int | None) -> None:
    if value < low or (high is not None and value > high):
        remedy = (
            say("give at least {low}", low=low) if high is None else say("give {low} to {high}", low=low, high=high)
        )
        raise Invalid(
            say("{field}: {value} is refused; {remedy}.", field=field, value=value, remedy=remedy),
            field=field,
            value=value,
            remedy=remedy,
        )
