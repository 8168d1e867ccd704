"""Compare two plans of one operation, or two versions of one: what moved, why, and what it cost."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.scheduling.answer import PlacedAction, Reason
from opsplan.scheduling.plan.compare import (
    Causes,
    Difference,
    RuleDifference,
    UnitDifference,
    changes_by_record,
    differences,
    rule_differences,
    undone,
    unit_differences,
)
from opsplan.scheduling.plan.contrasted import MOST_TRIED, Tried
from opsplan.scheduling.plan.judge import broken_now
from opsplan.scheduling.plan.placed import placements_of
from opsplan.scheduling.plan.scored import GoalChange, goal_changes
from opsplan.scheduling.problem.facts import Change
from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.problem.index import HindranceCode
from opsplan.scheduling.service.frames import Frames
from opsplan.scheduling.service.read_facts import ReadFacts
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
class GoalShare:
    """How much more of a goal an action's own place adds in the second plan."""

    goal: str
    change: float


@dataclass(frozen=True, slots=True)
class Explained:
    """A difference, why there is one, and what the action's own place does to each goal (its units' roads aside)."""

    difference: Difference
    reasons: tuple[Reason, ...]
    shares: tuple[GoalShare, ...]

    @property
    def cost_change(self) -> float:
        """How much more it costs in the second."""
        return next((each.change for each in self.shares if each.goal == "cost"), 0.0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the second differs from the first: by actions, units, rules, and each goal as the operation stands now.

    `placed` and `units_used` count the actions that each places and the units that it sends: (first, second).
    """

    differences: tuple[Explained, ...]
    units: tuple[UnitDifference, ...]
    rules: tuple[RuleDifference, ...]
    goals: tuple[GoalChange, ...]
    placed: tuple[int, int]
    units_used: tuple[int, int]


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
    read = [await frames.facts_of_run(side.plan.run_id) for side in (before, after)]
    return await asyncio.to_thread(_compared, before, after, frame, read)


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


def _compared(before: _Side, after: _Side, frame: Frame, read: Sequence[ReadFacts | None]) -> Comparison:
    told = [fact for facts in read if facts is not None for fact in facts.facts.values()]
    names = {fact.id: fact.name for fact in (*told, *frame.facts.values())}
    found = differences(before.rows, after.rows)
    tried = Tried(before.rows, after.rows, frame, names)
    tryable = {each.action_id for each in found[:MOST_TRIED]}
    causes = Causes(
        _by_hand(before, after),
        _changes(before, after, *read),
        lambda each: tried.reasons(each) if each.action_id in tryable else (),
    )
    first, _ = placements_of(before.rows, frame.index)
    second, _ = placements_of(after.rows, frame.index)
    goals = goal_changes(first, second, frame)
    shares = _shares(goals)
    return Comparison(
        tuple(Explained(each, causes.of(each), shares.get(each.action_id, ())) for each in found),
        unit_differences(before.rows, after.rows),
        rule_differences(*(broken_now(side.rows, frame, names).rules for side in (before, after))),
        goals,
        (len(before.rows), len(after.rows)),
        (_used(before.rows), _used(after.rows)),
    )


def _changes(
    before: _Side, after: _Side, first: ReadFacts | None, second: ReadFacts | None
) -> Mapping[str, tuple[Change, ...]]:
    if before.plan.run_id == after.plan.run_id or first is None or second is None:
        return {}
    return changes_by_record(first.facts, second.facts)


def _shares(goals: Sequence[GoalChange]) -> dict[str, tuple[GoalShare, ...]]:
    """Give what each action's own place adds to the change of each goal, where it adds anything."""
    found: dict[str, list[GoalShare]] = {}
    for goal in goals:
        for part in goal.parts:
            if part.about == "action":
                found.setdefault(part.id, []).append(GoalShare(goal.goal, part.change))
    return {action_id: tuple(shares) for action_id, shares in found.items()}


def _used(rows: Iterable[PlacedAction]) -> int:
    return len({unit for row in rows for unit in row.unit_ids})
