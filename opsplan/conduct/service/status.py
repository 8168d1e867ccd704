"""A report of how an action goes: kept for good, and moving the action where it is the latest word."""

from collections.abc import Mapping
from typing import Any

from opsplan.access.rules import Verb, require
from opsplan.conduct.model import STATUS_REPORT, ReportedState
from opsplan.conduct.rules import moves, refuse_foreign_unit, refuse_nothing_said, refuse_stranger
from opsplan.conduct.service.reporting import check_rows, lock_action
from opsplan.conduct.store import MOVED_AT
from opsplan.graph.driver import Graph
from opsplan.operations.model import ACTION
from opsplan.operations.states import ACTION_STEPS
from opsplan.records.laws import Laws
from opsplan.records.writing import IdempotencyKey, Writing, write
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock


async def report_status(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    report: Mapping[str, Any],
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Keep a report of an action, and give its id; the action is moved by it where it is the latest word.

    Parameters
    ----------
    report
        By name, as `STATUS_REPORT` declares: action, unit, state, at, location, note; None for what is not said.

    Raises
    ------
    Forbidden
        When the actor's agency has nothing to do with the action, or the unit is another's.
    StateConflict
        When the action has not been activated, or cannot come to that state any more.
    NotFound, Invalid
        As their names say.
    """
    require(actor, Verb.CHANGE)
    refuse_nothing_said(report)
    (row,) = check_rows(STATUS_REPORT, [report], ["input"], clock())

    async def work(writing: Writing) -> str:
        action_id = row["action"]
        action = await lock_action(writing, action_id)
        refuse_stranger(actor, action.reporters.all, "input.actionId", action_id)
        if row.get("unit") is not None:
            refuse_foreign_unit(actor, row["unit"], action.reporters.sender_ids)
        said = None if row.get("state") is None else ReportedState[row["state"]]
        last = await writing.tx.single(MOVED_AT, action=action_id)
        steps = moves(action.state, said, row["at"], None if last is None else last["at"])
        for to in steps:
            await writing.transition(
                ACTION, action_id, to, ACTION_STEPS, f"reported as {said} of {row['at']}", by_others=True
            )
        owner_id = action.reporters.sender_ids.get(row.get("unit") or "", actor.agency_id or action.reporters.owner_id)
        made = await writing.create(STATUS_REPORT, [{**row, "moved": bool(steps)}], owner_id=owner_id, on_behalf=True)
        return made[0]

    return await write(
        graph, actor, clock, work, laws=laws, request_id=request_id, reason=row.get("note"), idempotency=idempotency
    )
