"""Explain a plan: what keeps an action out, what binds one, what else could be; and why a run was impossible.

The solves run where the caller says (`Ask`): this room starts no processes.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.scheduling.answer import PlacedAction
from opsplan.scheduling.plan.bound import Bound, told_binding
from opsplan.scheduling.plan.breaches import broken_rules
from opsplan.scheduling.plan.clearances import tolerating
from opsplan.scheduling.plan.conflicts import Asked, ToldConflict, conflict_from_json, told_conflict
from opsplan.scheduling.plan.placed import placed_actions, placements_of
from opsplan.scheduling.plan.scored import GoalChange, goal_changes
from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.service.frames import Frames
from opsplan.scheduling.store.plans import StoredPlan, read_placed, read_plan
from opsplan.scheduling.store.runs import read_run
from opsplan.vocabulary.errors import Invalid, StateConflict
from opsplan.vocabulary.sentences import say
from solver import Ask as About
from solver import Placement, Question, question_to_json, verify

MOST_OTHER_UNITS = 50
"""Other units of which is said whether they could go."""
Answer: TypeAlias = dict[str, Any]
Ask: TypeAlias = Callable[[bytes], Awaitable[Answer]]
"""Takes a question as text (docs/solver.md) to the solver and gives its answer."""


class PlanBroken(StateConflict):
    """The plan breaks rules as things stand, so that nothing can be explained from it."""

    code = "PLAN_BROKEN"


class NoAnswer(StateConflict):
    """The solver came to no answer."""

    code = "NO_ANSWER"


@dataclass(frozen=True, slots=True)
class ActionExplained:
    """Why an action of a plan is where it is, or is not there; exactly one of the two is given."""

    action_id: str
    bound: Bound | None = None
    blocked: ToldConflict | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """What somebody would rather have of an action: that it is served by this unit, starts then, or both."""

    plan_id: str
    action_id: str
    unit_id: str | None = None
    start: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlternativeWeighed:
    """The best plan with a alternative: its outcome, goals, what else moves; or why there is none.

    Attributes
    ----------
    outcome
        As docs/solver.md: OPTIMAL or FEASIBLE where it can be had.
    goals
        Each goal of the plan as it is and of the best plan with the alternative; none where that has nothing in it.
    places
        Of the action, and of all that move with it: the place in that plan; None where it is left out.
    conflict
        Why it cannot be had.
    """

    outcome: str
    goals: tuple[GoalChange, ...]
    places: tuple[tuple[str, PlacedAction | None], ...]
    conflict: ToldConflict | None


async def explain_action(graph: Graph, frames: Frames, ask: Ask, plan_id: str, action_id: str) -> ActionExplained:
    """Explain one action of a plan, as the operation stands now.

    Raises
    ------
    NotFound, Invalid
        When there is no such plan, or no such action in play.
    PlanBroken
        When the plan breaks rules.
    NoAnswer
        When the solver ended without one.
    """
    held = await _held(graph, frames, plan_id)
    action = _action(held.frame, action_id)
    answer = await _asked(ask, Question(About.ACTION, held.frame.problem, held.placements, action))
    if "binding" in answer:
        placement = next(each for each in held.placements if each.action == action)
        bound = await asyncio.to_thread(told_binding, answer["binding"], placement, held.frame, MOST_OTHER_UNITS)
        return ActionExplained(action_id, bound=bound)
    told = await asyncio.to_thread(told_conflict, answer["conflict"], held.frame.problem, held.frame.index)
    return ActionExplained(action_id, blocked=told)


async def weigh_alternative(graph: Graph, frames: Frames, ask: Ask, alternative: Alternative) -> AlternativeWeighed:
    """Tell what would become of a plan if an action were as asked, everything else free to move.

    Raises
    ------
    NotFound, Invalid, PlanBroken, NoAnswer
        As `explain_action`.
    """
    held = await _held(graph, frames, alternative.plan_id)
    action, asked = _action(held.frame, alternative.action_id), _wanted(held.frame, alternative)
    question = Question(About.WHY_NOT, held.frame.problem, held.placements, action, asked.unit, asked.start_slot)
    answer = (await _asked(ask, question))["why_not"]
    return await asyncio.to_thread(_weighed, answer, action, asked, held)


async def conflict_of_run(graph: Graph, run_id: str) -> ToldConflict | None:
    """Give the conflict that an INFEASIBLE run found; None where there is none.

    Raises
    ------
    NotFound
        When there is no such run.
    """
    run = await graph.read(lambda tx: read_run(tx, run_id))
    kept = run.properties.get("conflict")
    return None if kept is None else conflict_from_json(json.loads(kept))


@dataclass(frozen=True, slots=True)
class _Held:
    """A plan's placements in its operation as that stands."""

    frame: Frame
    placements: tuple[Placement, ...]


async def _held(graph: Graph, frames: Frames, plan_id: str) -> _Held:
    async def work(tx: Tx) -> tuple[StoredPlan, tuple[PlacedAction, ...]]:
        return await read_plan(tx, plan_id), await read_placed(tx, plan_id)

    plan, rows = await graph.read(work)
    frame = await frames.of(plan.operation_id)
    return await asyncio.to_thread(_hold, frame, plan, rows)


def _hold(frame: Frame, plan: StoredPlan, rows: tuple[PlacedAction, ...]) -> _Held:
    placements, lost = placements_of(rows, frame.index)
    frame = replace(frame, problem=tolerating(frame.problem, placements))
    breaches = () if lost else verify(frame.problem, placements)
    if lost or breaches:
        told = broken_rules(breaches[:1], frame.problem, frame.index, frame.snapshot)
        why = told[0].sentence if told else say("places of it cannot be had any more.")
        raise PlanBroken(
            say("The plan breaks rules as the operation stands now: {why}", why=why),
            field="planId",
            value=plan.id,
            remedy=say("ask `planVerdict` for all of them, and mend the draft or make a new schedule"),
        )
    return _Held(frame, placements)


def _action(frame: Frame, action_id: str) -> int:
    if action_id not in frame.index.action_ids:
        raise Invalid(
            say("The action {action_id} is not in play in the plan's operation.", action_id=action_id),
            field="actionId",
            value=action_id,
            remedy=say("give an action of the operation that is neither cancelled, aborted nor retired"),
        )
    return frame.index.action_ids.index(action_id)


def _wanted(frame: Frame, alternative: Alternative) -> Asked:
    if alternative.unit_id is None and alternative.start is None:
        raise Invalid(say("Nothing is asked."), field="unitId", value=None, remedy=say("give a unit, a start or both"))
    unit, start_slot, slot_minutes = None, None, frame.index.grid.slot_minutes
    if alternative.unit_id is not None:
        if alternative.unit_id not in frame.index.unit_ids:
            raise Invalid(
                say("The unit {unit_id} is not offered to the plan's operation.", unit_id=alternative.unit_id),
                field="unitId",
                value=alternative.unit_id,
                remedy=say("give a unit that is offered to it"),
            )
        unit = frame.index.unit_ids.index(alternative.unit_id)
        action = _action(frame, alternative.action_id)
        if not any(mode.unit_needs for mode in frame.problem.actions[action].modes):
            raise Invalid(
                say("The action needs no units."),
                field="unitId",
                value=alternative.unit_id,
                remedy=say("ask for a start"),
            )
    if alternative.start is not None:
        start_slot = frame.index.grid.slot_at(alternative.start)
        if start_slot is None or not 0 <= start_slot < frame.problem.horizon_slots:
            raise Invalid(
                say("No schedule has a start there."),
                field="start",
                value=alternative.start.isoformat(),
                remedy=say(
                    "give a multiple of {minutes} min inside the operation's time",
                    minutes=slot_minutes,
                ),
            )
    return Asked(start_slot, unit)


async def _asked(ask: Ask, question: Question) -> Answer:
    answer = await ask(await asyncio.to_thread(question_to_json, question))
    if answer["event"] == "error":
        raise NoAnswer(
            say("The solver gave no answer: {message}", message=answer["message"]),
            field="planId",
            value=None,
            remedy=say("ask again"),
        )
    return answer


def _weighed(answer: Answer, action: int, asked: Asked, held: _Held) -> AlternativeWeighed:
    index = held.frame.index
    after = tuple(
        Placement(each["action"], each["mode"], each["start_slot"], tuple(tuple(units) for units in each["units"]))
        for each in answer["placements"]
    )
    conflict = answer["conflict"]
    told = None if conflict is None else told_conflict(conflict, held.frame.problem, index, asked)
    if not after:
        return AlternativeWeighed(answer["outcome"], (), (), told)
    places = {each.action_id: each for each in placed_actions(after, index)}
    moved = tuple((index.action_ids[each], places.get(index.action_ids[each])) for each in (action, *answer["moved"]))
    return AlternativeWeighed(answer["outcome"], goal_changes(held.placements, after, held.frame), moved, told)
