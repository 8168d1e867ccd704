"""Cancel a run: at once when it waits, within a second when it runs."""

from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.records.writing import IdempotencyKey, Writing, write
from opsplan.scheduling.model import RunState
from opsplan.scheduling.service.allowed import allow_coordinator
from opsplan.scheduling.store.runs import change_run, lock_run
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock
from opsplan.vocabulary.errors import StateConflict
from opsplan.vocabulary.sentences import say


async def cancel_run(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    run_id: str,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Cancel a run and give its id. The worker that executes it is told by the record, and keeps the best plan so far.

    Asking again for a run that is being cancelled changes nothing.

    Raises
    ------
    NotFound
        When there is no such run.
    Forbidden
        When the actor may not schedule its operation.
    StateConflict
        When the run has ended.
    """

    async def work(writing: Writing) -> str:
        run = await lock_run(writing.tx, run_id)
        await allow_coordinator(writing.tx, actor, run.operation_id)
        if run.state is RunState.QUEUED:
            by = actor.agency_code or actor.subject
            changes = {"state": RunState.CANCELLED, "finished_at": writing.now, "reason": f"Cancelled by {by}."}
            await change_run(writing, run, changes)
        elif run.state is not RunState.RUNNING:
            raise StateConflict(
                say("The run has ended already: it is {run_state}.", run_state=run.state),
                field="runId",
                value=run_id,
                remedy=say("cancel a run that is QUEUED or RUNNING"),
            )
        elif run.properties.get("cancel_requested_at") is None:
            await change_run(writing, run, {"cancel_requested_at": writing.now})
        return run_id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)
