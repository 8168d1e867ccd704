"""Change a draft by hand, and hear at once what the checker says and what it does to each goal.

What breaks a rule may stay in a draft, named; publishing judges the whole plan again and refuses it. The operation is
read before the transaction, so the verdict is as of that moment; the places are read, changed and kept under the plan's
lock, so that two editors take turns and each sees what the other has done.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.records.laws import Laws
from opsplan.records.writing import IdempotencyKey, Writing, write
from opsplan.scheduling.answer import BrokenRule, PlacedAction, PlaceMove
from opsplan.scheduling.model import PlanState
from opsplan.scheduling.plan.judge import Weighed, weigh
from opsplan.scheduling.plan.scored import goals_now, goals_told
from opsplan.scheduling.plan.steps import Place, Step, SwapUnits, take_steps
from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.rules import check_reason, refuse_many_steps
from opsplan.scheduling.service.allowed import allow_coordinator, allow_planning
from opsplan.scheduling.service.frames import Frames
from opsplan.scheduling.service.read_facts import ReadFacts
from opsplan.scheduling.service.refusals import expect_version, plan_without_facts
from opsplan.scheduling.store.edits import NewEdit, save_edit, unit_names
from opsplan.scheduling.store.plans import StoredPlan, lock_plan, read_placed, read_plan
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock
from opsplan.vocabulary.errors import Invalid, StateConflict
from opsplan.vocabulary.sentences import say


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody wants changed in a draft, and why.

    Parameters
    ----------
    plan_id, expected_version
        The draft, and the version in which the editor saw it; None for whichever it has.
    steps
        What is to be done, in this order.
    reason
        Why, in the editor's words.
    """

    plan_id: str
    steps: tuple[Step, ...]
    reason: str
    expected_version: int | None = None


async def edit_plan(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    frames: Frames,
    edit: Edit,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> dict[str, Any]:
    """Change a draft, and give ``plan_id``, ``edit_id`` and the ``verdict`` (`verdict_as_json`).

    Raises
    ------
    Forbidden
        When the actor may not schedule the operation.
    NotFound, VersionConflict
        As their names say.
    StateConflict
        When the plan is no draft, or its operation is over.
    Invalid
        When a step says nothing, or all together change nothing.
    CyclicPrecedence
        When precedences of the operation form a circle, so that nothing can be judged.
    """
    edit = _check(edit)
    held = await _held_against(graph, frames, edit.plan_id)

    async def work(writing: Writing) -> dict[str, Any]:
        plan = await lock_plan(writing.tx, edit.plan_id)
        await _allow(writing.tx, actor, plan)
        expect_version(plan, edit.expected_version)
        return await _edit(writing, plan, held, edit)

    return await write(
        graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency, reason=edit.reason
    )


async def weigh_plan(
    graph: Graph, actor: Actor, *, frames: Frames, plan_id: str, steps: Sequence[Step] = ()
) -> dict[str, Any]:
    """Give the verdict on a plan as the operation stands now, as if `steps` were taken; nothing is changed.

    A plan of any state is judged, and no step is needed.

    Raises
    ------
    Forbidden, NotFound, Invalid, CyclicPrecedence
        As `edit_plan`.
    """
    refuse_many_steps(len(steps), "steps")
    held = await _held_against(graph, frames, plan_id)

    async def work(tx: Tx) -> tuple[tuple[PlacedAction, ...], dict[str, str]]:
        plan = await read_plan(tx, plan_id)
        await allow_coordinator(tx, actor, plan.operation_id)
        return await read_placed(tx, plan_id), await unit_names(tx, _units_in(steps))

    rows, units = await graph.read(work)
    _, weighed = await asyncio.to_thread(_taken, rows, steps, held, units, "steps")
    verdict = verdict_as_json(weighed)
    # That it was published itself is no news about it.
    verdict["changes"] = [each for each in verdict["changes"] if each["id"] != plan_id]
    return verdict


def verdict_as_json(weighed: Weighed) -> dict[str, Any]:
    """Give a verdict as JSON: ``broken_rules``, ``claims_met``, ``changes`` and ``goals``."""
    return {
        "broken_rules": _rules(weighed.verdict.broken),
        "claims_met": _rules(weighed.verdict.claims_met),
        "changes": [{**asdict(each), "sentence": each.sentence} for each in weighed.verdict.changes],
        "goals": goals_told(weighed.goals),
    }


def _rules(broken: Sequence[BrokenRule]) -> list[dict[str, Any]]:
    return [
        {"rule": each.rule, "sentence": each.sentence, "facts": dict(each.facts), "actions": list(each.action_ids)}
        for each in broken
    ]


@dataclass(frozen=True, slots=True)
class _Held:
    """What a draft is held against: the operation as it stands, and what its run had read."""

    frame: Frame
    read: ReadFacts

    @property
    def names(self) -> dict[str, str]:
        """Names of the records that were read."""
        return {fact.id: fact.name for fact in self.read.facts.values()}


async def _held_against(graph: Graph, frames: Frames, plan_id: str) -> _Held:
    plan = await graph.read(lambda tx: read_plan(tx, plan_id))
    read = await frames.facts_of_run(plan.run_id)
    if read is None:
        raise plan_without_facts(plan_id)
    return _Held(await frames.of(plan.operation_id), read)


async def _allow(tx: Tx, actor: Actor, plan: StoredPlan) -> None:
    await allow_planning(tx, actor, plan.operation_id)
    if plan.state is not PlanState.DRAFT:
        raise StateConflict(
            say(
                "planId: plan {plan_number} is {plan_state}; only a DRAFT is changed by hand.",
                plan_number=plan.number,
                plan_state=plan.state,
            ),
            field="planId",
            value=plan.id,
            remedy=say(
                "make a proposed plan a draft again (withdrawProposal); of a published one, request a "
                "new schedule from it (requestSchedule with fromPlanId), and edit that draft"
            ),
        )


async def _edit(writing: Writing, plan: StoredPlan, held: _Held, edit: Edit) -> dict[str, Any]:
    rows = await read_placed(writing.tx, plan.id)
    units = await unit_names(writing.tx, _units_in(edit.steps))
    after, weighed = await asyncio.to_thread(_taken, rows, edit.steps, held, units)
    before = {row.action_id: row for row in rows}
    moves = tuple(
        PlaceMove(action_id, before.get(action_id), after.get(action_id))
        for action_id in sorted({*before, *after})
        if before.get(action_id) != after.get(action_id)
    )
    if not moves:
        raise Invalid(
            say("input.steps: after them every action is where it was."),
            field="input.steps",
            value=len(edit.steps),
            remedy=say("give at least one step that changes something"),
        )
    verdict = verdict_as_json(weighed)
    new = NewEdit(
        edit.reason,
        moves,
        verdict["broken_rules"],
        verdict["goals"],
        goals_now(weighed.goals),
        weighed.placed,
    )
    edit_id = await save_edit(writing, plan, new, held.names)
    return {"plan_id": plan.id, "edit_id": edit_id, "verdict": verdict}


def _taken(
    rows: Sequence[PlacedAction],
    steps: Sequence[Step],
    held: _Held,
    units: Mapping[str, str],
    path: str = "input.steps",
) -> tuple[dict[str, PlacedAction], Weighed]:
    before = {row.action_id: row for row in rows}
    after = take_steps(before, steps, held.frame.index, units, path)
    return after, weigh(rows, after.values(), held.read.facts, held.frame, units)


def _units_in(steps: Sequence[Step]) -> set[str]:
    """Give the units that steps would send somewhere."""
    found: set[str] = set()
    for step in steps:
        if isinstance(step, SwapUnits):
            found |= {step.unit_id, step.other_unit_id}
        elif isinstance(step, Place):
            found |= {unit for _, units in step.staffing for unit in units}
    return found


def _check(edit: Edit) -> Edit:
    reason = check_reason(edit.reason)
    if not edit.steps:
        raise Invalid(
            say("input.steps: there are none."),
            field="input.steps",
            value=0,
            remedy=say("give at least one step, such as move"),
        )
    refuse_many_steps(len(edit.steps), "input.steps")
    return replace(edit, reason=reason)
