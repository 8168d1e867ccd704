"""Request a schedule: the run is queued at once, and executed elsewhere."""

from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.records.laws import Laws
from opsplan.records.writing import IdempotencyKey, Writing, write
from opsplan.scheduling.model import SCHEDULE_RUN, RunState
from opsplan.scheduling.rules import MOST_OPEN_RUNS, Basis, Options, refuse_too_large
from opsplan.scheduling.service.allowed import allow_planning
from opsplan.scheduling.store.plans import read_plan
from opsplan.scheduling.store.runs import LOCK_OPERATION, OPEN_RUNS
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock, instant_text
from opsplan.vocabulary.errors import Conflict, Invalid
from opsplan.vocabulary.sentences import say


async def request_schedule(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    operation_id: str,
    options: Options,
    basis: Basis | None = None,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Queue a run for the operation and give its id.

    Raises
    ------
    Forbidden
        When the actor may not schedule the operation.
    NotFound
        When there is no such operation in force, or no such plan.
    Invalid
        When the plan is of another operation.
    OperationTooLarge
        When it holds more than one schedule may; nothing of it is read then.
    StateConflict
        When the operation is over.
    Conflict
        When too many runs of the operation wait or run already.
    """

    async def work(writing: Writing) -> str:
        standing = await allow_planning(writing.tx, actor, operation_id)
        refuse_too_large(standing.actions, standing.units)
        await writing.tx.run(LOCK_OPERATION, operation=operation_id)
        row = await writing.tx.single(OPEN_RUNS, operation=operation_id)
        if row is not None and row["open"] >= MOST_OPEN_RUNS:
            raise Conflict(
                say("{open} runs of this operation wait or run already.", open=row["open"]),
                field="operationId",
                value=operation_id,
                remedy=say("wait for one to end, or cancel one"),
            )
        new = {
            "state": RunState.QUEUED.name,
            "operation": operation_id,
            "budget_seconds": options.budget_seconds,
            "workers": options.workers,
            "seed": options.seed,
            "avoids_claims": options.avoids_claims,
            "attempts": 0,
        }
        if options.slack_permille is not None:
            new["slack_permille"] = options.slack_permille
        if options.additions:
            new["additions"] = options.additions
        if basis is not None:
            new["from_plan"] = await plan_of_operation(writing.tx, operation_id, basis.plan_id)
            new["fewest_changes"] = basis.fewest_changes
            new["leaves_out_refused"] = basis.leaves_out_refused
            if basis.frozen_until is not None:
                new["frozen_until"] = instant_text(basis.frozen_until)
        # An administrator without an agency acts for the operation's owner.
        owner_id = standing.owner_id if actor.is_administrator else actor.agency_id
        return (await writing.create(SCHEDULE_RUN, [new], owner_id=owner_id))[0]

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)


async def plan_of_operation(tx: Tx, operation_id: str, plan_id: str) -> str:
    """Give a plan's id, if it is the operation's.

    Raises
    ------
    NotFound, Invalid
        When there is no such plan, or it is another operation's.
    """
    plan = await read_plan(tx, plan_id, field="fromPlanId")
    if plan.operation_id != operation_id:
        raise Invalid(
            say("fromPlanId: the plan is of another operation."),
            field="fromPlanId",
            value=plan_id,
            remedy=say("give a plan of the operation {operation_id}", operation_id=operation_id),
        )
    return plan_id
