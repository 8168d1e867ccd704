"""Compare two plans of one operation, or two versions of one: what moved, why, and what it cost."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.scheduling.answer import PlacedAction, Reason
from opsplan.scheduling.plan.compare import Causes, Difference, changes_by_record, differences, undone
from opsplan.scheduling.plan.placed import placements_of
from opsplan.scheduling.plan.scored import GoalChange, goal_changes
from opsplan.scheduling.problem.facts import Change
from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.problem.index import HindranceCode
from opsplan.scheduling.service.frames import Frames
from opsplan.scheduling.store.breaches import MarkedBreach, marked_breaches
from opsplan.scheduling.store.edits import StoredEdit, read_edits
from opsplan.scheduling.store.plan_statements import LEFT_OUT_AS_REFUSED
from opsplan.scheduling.store.plans import StoredPlan, read_placed, read_plan
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """A plan as it was in one of its versions; None for the last."""

    plan_id: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """A difference, why there is one, and what it costs: of the action itself, its units' roads not counted."""

    difference: Difference
    reasons: tuple[Reason, ...]
    cost_change: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the second differs from the first: action by action, and in each goal as the operation stands now."""

    differences: tuple[Explained, ...]
    goals: tuple[GoalChange, ...]


async def compare_plans(graph: Graph, frames: Frames, first: PlanVersion, second: PlanVersion) -> Comparison:
    """Tell how the second plan differs from the first.

    Raises
    ------
    NotFound
        When there is no such plan.
    Invalid
        When the plans belong to different operations, or a plan has never had that version.
    CyclicPrecedence
        When precedences of the operation form a circle, so that no goal can be told.
    """

    async def work(tx: Tx) -> tuple[_Side, _Side]:
        return await _side(tx, first, "first"), await _side(tx, second, "second")

    before, after = await graph.read(work)
    if before.plan.operation_id != after.plan.operation_id:
        raise Invalid(
            say("The two plans belong to different operations."),
            field="second.planId",
            value=second.plan_id,
            remedy=say("give a plan of the operation {operation_id}", operation_id=before.plan.operation_id),
        )
    frame = await frames.of(before.plan.operation_id)
    changes = await _changes(frames, before.plan, after.plan)
    return await asyncio.to_thread(_compared, before, after, frame, Causes(_by_hand(before, after), changes))


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two: its places then, the edits that had made them, and what was marked of the plan."""

    plan: StoredPlan
    version: int
    rows: tuple[PlacedAction, ...]
    edits: tuple[StoredEdit, ...]
    marked: tuple[MarkedBreach, ...]
    refused: Mapping[str, Reason]


async def _side(tx: Tx, wanted: PlanVersion, field: str) -> _Side:
    plan = await read_plan(tx, wanted.plan_id, field=f"{field}.planId")
    version = plan.version if wanted.version is None else wanted.version
    if not 1 <= version <= plan.version:
        raise Invalid(
            say(
                "{field}.version: the plan has had versions 1 to {plan_version}, not {version}.",
                field=field,
                plan_version=plan.version,
                version=version,
            ),
            field=f"{field}.version",
            value=version,
            remedy=say("give 1 to {plan_version}, or none for the last", plan_version=plan.version),
        )
    edits = await read_edits(tx, plan.id)
    later = [move for edit in reversed(edits) if edit.plan_version > version for move in edit.moves]
    rows = undone(await read_placed(tx, plan.id), later)
    done = tuple(edit for edit in edits if edit.plan_version <= version)
    return _Side(plan, version, rows, done, await marked_breaches(tx, plan.id), await _refused(tx, plan.id))


async def _refused(tx: Tx, plan_id: str) -> dict[str, Reason]:
    """Give what the plan leaves out because approving authorities refused it, by action."""
    rows = await tx.run(LEFT_OUT_AS_REFUSED, plan=plan_id, code=HindranceCode.REFUSED_BY_HOST.value)
    return {row["action_id"]: Reason(HindranceCode.REFUSED_BY_HOST.value, row["sentence"], {}) for row in rows}


async def _changes(frames: Frames, first: StoredPlan, second: StoredPlan) -> Mapping[str, tuple[Change, ...]]:
    if first.run_id == second.run_id:
        return {}
    before, after = await frames.facts_of_run(first.run_id), await frames.facts_of_run(second.run_id)
    return {} if before is None or after is None else changes_by_record(before.facts, after.facts)


def _by_hand(before: _Side, after: _Side) -> dict[str, tuple[Reason, ...]]:
    """Give what was marked of the first plan, and what was done by hand to each action in either."""
    same = before.plan.id == after.plan.id
    found = {} if same else _marked(before)
    for action_id, reason in after.refused.items():
        found.setdefault(action_id, []).append(reason)
    low, high = sorted((before.version, after.version))
    between = [each for each in (*after.edits, *before.edits) if low < each.plan_version <= high]
    edits = between if same else [*before.edits, *after.edits]
    for action_id, reasons in _edits_by_action({each.id: each for each in edits}.values()).items():
        found.setdefault(action_id, []).extend(reasons)
    return {action_id: tuple(reasons) for action_id, reasons in found.items()}


def _marked(side: _Side) -> dict[str, list[Reason]]:
    found: dict[str, list[Reason]] = {}
    for breach in side.marked:
        for action_id in breach.action_ids:
            facts = {"rule": breach.rule, "breach_id": breach.id}
            found.setdefault(action_id, []).append(Reason("MARKED_BROKEN", breach.sentence, facts))
    return found


def _edits_by_action(edits: Iterable[StoredEdit]) -> dict[str, list[Reason]]:
    """Give the edits that moved an action and were not undone by later ones; a pin moves nothing."""
    found: dict[str, list[tuple[PlacedAction | None, Reason]]] = {}
    for edit in edits:
        for move in edit.moves:
            before, after = _unpinned(move.before), _unpinned(move.after)
            if before == after:
                continue
            told = found.setdefault(move.action_id, [])
            told.append((before, _edited(edit)))
            # Where it stands again as before some edit, that one and all since have come to nothing.
            first = next((number for number, (place, _) in enumerate(told) if place == after), len(told))
            del told[first:]
    return {action_id: [reason for _, reason in told] for action_id, told in found.items()}


def _unpinned(place: PlacedAction | None) -> PlacedAction | None:
    return None if place is None else replace(place, pinned=False)


def _edited(edit: StoredEdit) -> Reason:
    who = f"{edit.edited_by} ({edit.created_by})" if edit.edited_by else edit.created_by
    sentence = say(
        "Changed by hand by {who} at {created_at}Z: {reason}",
        who=who,
        created_at=edit.created_at[:16],
        reason=edit.reason,
    )
    facts = {
        "edit_id": edit.id,
        "by": edit.created_by,
        "agency": edit.edited_by,
        "at": edit.created_at,
        "reason": edit.reason,
    }
    return Reason("EDITED_BY_HAND", sentence, facts)


def _compared(before: _Side, after: _Side, frame: Frame, causes: Causes) -> Comparison:
    first, _ = placements_of(before.rows, frame.index)
    second, _ = placements_of(after.rows, frame.index)
    goals = goal_changes(first, second, frame)
    costs = _costs(goals)
    return Comparison(
        tuple(
            Explained(each, causes.of(each), costs.get(each.action_id, 0.0))
            for each in differences(before.rows, after.rows)
        ),
        goals,
    )


def _costs(goals: Sequence[GoalChange]) -> dict[str, float]:
    """Give the change of cost of each action for which it changes."""
    (cost,) = (each for each in goals if each.goal == "cost")
    return {part.id: part.change for part in cost.parts if part.about == "action"}
