"""Results of actions: reported, several in one call, and corrected by others that take their place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opsplan.access.rules import Verb, require
from opsplan.conduct.model import LONGEST_NOTE, REPORTED_RESULT, ResultState
from opsplan.conduct.rules import (
    MOST_RESULTS,
    RESULT_STEPS,
    refuse_not_begun,
    refuse_other_reporter,
    refuse_same,
    refuse_stranger,
    wrong_in_result,
)
from opsplan.conduct.service.reporting import check_rows, lock_action
from opsplan.conduct.store import LOCK_RESULT
from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.records.problem import invalid
from opsplan.records.reason import reason_given
from opsplan.records.writing import IdempotencyKey, Writing, write
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock
from opsplan.vocabulary.errors import Conflict, Invalid, NotFound
from opsplan.vocabulary.sentences import say

_KEPT = ("kind", "number", "item", "worth", "currency", "at", "note")


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be said instead of a result.

    Attributes
    ----------
    result_id
        The result that is wrong.
    values
        By name, what is different; None takes a value away, what is not named stays.
    reason
        Why.
    """

    result_id: str
    values: Mapping[str, Any]
    reason: str


async def report_results(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    action_id: str,
    results: Sequence[Mapping[str, Any]],
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> list[str]:
    """Keep what an action has come to, all or nothing, and give the results' ids in the order given.

    Parameters
    ----------
    results
        By name, as `REPORTED_RESULT` declares: kind, number, item, worth, currency, at, note.

    Raises
    ------
    Forbidden
        When the actor's agency has nothing to do with the action.
    StateConflict
        When the action has not begun.
    NotFound, Invalid
        As their names say.
    """
    require(actor, Verb.CHANGE)
    if not 0 < len(results) <= MOST_RESULTS:
        raise Invalid(
            say("input.results: {count:,} are given.", count=len(results)),
            field="input.results",
            value=len(results),
            remedy=say("report 1 to {most_results} results in one call", most_results=MOST_RESULTS),
        )
    paths = [f"input.results[{place}]" for place in range(len(results))]
    rows = check_rows(REPORTED_RESULT, [{**each, "action": action_id} for each in results], paths, clock())
    problems = [each for row, path in zip(rows, paths, strict=True) for each in wrong_in_result(row, path)]
    if problems:
        raise invalid(problems)

    async def work(writing: Writing) -> list[str]:
        action = await lock_action(writing, action_id)
        refuse_stranger(actor, action.reporters.all, "input.actionId", action_id)
        refuse_not_begun(action.state, "input.actionId", action_id)
        owner_id = actor.agency_id or action.reporters.owner_id
        return await writing.create(REPORTED_RESULT, rows, owner_id=owner_id, on_behalf=True)

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)


async def correct_result(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    correction: Correction,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Put another result in the place of one, and give its id; the first stays to be read, and counts no more.

    Raises
    ------
    Conflict
        When it was corrected before: the correction is what can be corrected.
    Forbidden
        When the actor's agency has reported neither it nor what it corrects, and does not coordinate the operation.
    NotFound, Invalid
        As their names say.
    """
    require(actor, Verb.CHANGE)
    refuse_same(correction.values)
    why = reason_given(correction.reason, LONGEST_NOTE, remedy=say("say why the result is corrected"))

    async def work(writing: Writing) -> str:
        stands = await writing.tx.single(LOCK_RESULT, id=correction.result_id)
        if stands is None:
            raise NotFound(
                say("There is no ReportedResult {result_id}.", result_id=correction.result_id),
                field="input.resultId",
                value=correction.result_id,
                remedy=say("give the id of a result"),
            )
        before, action_id = stands["properties"], stands["action_id"]
        reporters = (await lock_action(writing, action_id, "input.resultId")).reporters
        refuse_other_reporter(actor, {*stands["reported_by"], *reporters.coordinator_ids}, correction.result_id)
        if stands["corrected_by"] is not None:
            raise _corrected(correction.result_id, stands["corrected_by"])
        values = dict(correction.values)
        if values.get("number") == 0:
            # Nothing is worth nothing.
            values = {"worth": None, "currency": None, **values}
        given = {**{name: before.get(name) for name in _KEPT}, **values, "action": action_id}
        (row,) = check_rows(REPORTED_RESULT, [given], ["input"], clock() if "at" in correction.values else None)
        problems = wrong_in_result(row, "input")
        if problems:
            raise invalid(problems)
        await writing.transition(
            REPORTED_RESULT, correction.result_id, ResultState.CORRECTED, RESULT_STEPS, why, by_others=True
        )
        corrected = {**row, "corrects": correction.result_id, "reason": why}
        owner_id = actor.agency_id or before["owner_id"]
        return (await writing.create(REPORTED_RESULT, [corrected], owner_id=owner_id, on_behalf=True))[0]

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, reason=why, idempotency=idempotency)


def _corrected(result_id: str, by: str) -> Conflict:
    return Conflict(
        say("input.resultId: {result_id} was corrected before, by {by}.", result_id=result_id, by=by),
        field="input.resultId",
        value=result_id,
        remedy=say("read that one, and correct it where it is wrong"),
        corrected_by=by,
    )
