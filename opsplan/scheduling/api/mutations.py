"""`requestSchedule`, `cancelScheduleRun`, `publishPlan`."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from opsplan.calls.context import Context
from opsplan.calls.refusals import payload
from opsplan.calls.urgency import URGENT, URGENT_WORDS
from opsplan.reading.types.scalars import DateTimeText
from opsplan.scheduling.api.carrying import Key, carry_out, record
from opsplan.scheduling.api.refusals import ApprovalsMissing, ChangesToAccept, StalePlan
from opsplan.scheduling.model import PLAN, SCHEDULE_RUN
from opsplan.scheduling.rules import Basis, Options
from opsplan.scheduling.service import Wish, cancel_run, publish_plan, request_schedule
from opsplan.scheduling.worker import SchedulingOffice
from opsplan.vocabulary.clock import instant_from_text
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say

_MOST_ACCEPTED = 10_000


@strawberry.input(description="For which operation, and what the search may spend.")
class RequestScheduleInput:
    """Input of `requestSchedule`."""

    operation_id: strawberry.ID = strawberry.field(description="The operation to be scheduled.")
    budget_seconds: int = strawberry.field(default=60, description="Seconds of search, 1 to 3,600.")
    workers: int | None = strawberry.field(
        default=None, description="Search threads, 1 to 64; as the service is set up, when left out."
    )
    seed: int = strawberry.field(default=1, description="Seed of the search's choices, 0 to 2,147,483,647.")
    slack_permille: int | None = strawberry.field(
        default=None,
        description="Plan with slack where it lowers the risk of overrun, at no cost to the goals before lateness: so "
        "much that it suffices in so many thousandths of an action's cases, 500 to 999. Half of the budget is for it.",
    )
    marginal_values: int = strawberry.field(
        default=0,
        description="Afterwards, estimate what one more of each of so many scarce units and resources is worth, 0 to "
        "20; that takes as long as the search once more.",
    )
    avoid_claims: bool = strawberry.field(
        default=True,
        description="Keep actions away from what others claim too near them, by the separation rules that are not "
        "ADVISORY, as far as all who read the operation may know of it; and from the cell and hours of blind notices. "
        "Without it, what the plan meets is told at commit.",
    )
    from_plan_id: strawberry.ID | None = strawberry.field(
        default=None, description="A plan of the operation to start from: what is pinned in it stays where it is."
    )
    fewest_changes: bool = strawberry.field(
        default=False,
        description="With `fromPlanId`: change as few of its orders as the first goals allow, before lateness and "
        "cost. For a replan of what is published.",
    )
    frozen_until: DateTimeText | None = strawberry.field(
        default=None,
        description="With `fromPlanId`: what starts before this in that plan stays exactly as it is there (start, mode "
        "and units), and nothing else starts before it. Where something of it cannot stay, the run ends INFEASIBLE and "
        "names it.",
    )
    leave_out_refused: bool = strawberry.field(
        default=False,
        description="With `fromPlanId`: leave out the actions that approving authorities have refused, in it or in "
        "earlier plans of the operation, and not approved since.",
    )


@strawberry.input(description="Which run.")
class CancelScheduleRunInput:
    """Input of `cancelScheduleRun`."""

    run_id: strawberry.ID = strawberry.field(description="The run to be cancelled.")


@strawberry.input(description="A changed record that the publisher has looked at and accepts.")
class AcceptedChange:
    """One accepted change, as `ChangesToAccept` listed it."""

    id: strawberry.ID = strawberry.field(description="Id of the record.")
    version: int = strawberry.field(description="Its version, as listed.")


@strawberry.input(description="Which plan, and which changes of its facts are accepted.")
class PublishPlanInput:
    """Input of `publishPlan`."""

    plan_id: strawberry.ID = strawberry.field(description="The plan to be published.")
    expected_version: int | None = strawberry.field(
        default=None, description="Its version as you read it; when it has changed since, it is refused."
    )
    accepted_changes: list[AcceptedChange] = strawberry.field(
        default_factory=list, description="Changes that `ChangesToAccept` listed and that you accept."
    )
    seen: list[str] = strawberry.field(
        default_factory=list,
        description="The keys of all that its coordinated actions conflict with, to show that you have seen it. A "
        "refusal names those that are missing.",
    )
    exigent_reason: str | None = strawberry.field(
        default=None,
        description="Why it cannot wait for keys that are missing, in an emergency: it is published without them, all "
        "whom it conflicts with are told (`Override`), and it has to be justified within 24 hours.",
    )


def schedule_mutations(nouns: Mapping[str, Any]) -> type:
    """Make the Strawberry type that has the mutations as its fields; `nouns` are the types of records by name."""
    run, plan = nouns[SCHEDULE_RUN.name], nouns[PLAN.name]
    requested = payload("RequestScheduleResult", run, "The run, waiting; or why the request was refused.")
    cancelled = payload("CancelScheduleRunResult", run, "The run, cancelled or about to be; or why it is not.")
    refusals = (StalePlan, ChangesToAccept, ApprovalsMissing)
    published = payload("PublishPlanResult", plan, "The plan, published; or why it is not.", refusals)

    @strawberry.type
    class ScheduleMutations:
        """Part of `Mutation`."""

        request_schedule: requested = strawberry.field(  # type: ignore[valid-type]
            resolver=_request,
            description="Have a schedule made for an operation. The run is given at once; the subscription "
            "`scheduleProgress` tells how it goes.",
        )
        cancel_schedule_run: cancelled = strawberry.field(  # type: ignore[valid-type]
            resolver=_cancel,
            description=f"Cancel a run, within a second; the best plan so far is kept. {URGENT_WORDS}",
            metadata=URGENT,
        )
        publish_plan: published = strawberry.field(  # type: ignore[valid-type]
            resolver=_publish,
            description="Publish a plan in place of the operation's earlier one. It is judged against the graph as it "
            "is now: what breaks rules is refused, what changed otherwise must be accepted, and every host must have "
            "approved its part as it is (`proposePlan`).",
        )

    return ScheduleMutations


async def _request(
    info: Info[Context, None],
    given: Annotated[
        RequestScheduleInput, strawberry.argument(name="input", description="Which operation, and what it may cost.")
    ],
    idempotency_key: Key = None,
) -> Any:
    office = info.context.part(SchedulingOffice)

    async def ask(**common: Any) -> str:
        workers = office.solver_workers if given.workers is None else given.workers
        options = Options(
            given.budget_seconds, workers, given.seed, given.slack_permille, given.marginal_values, given.avoid_claims
        )
        run_id = await request_schedule(**common, operation_id=given.operation_id, options=options, basis=_basis(given))
        office.worker.nudge(run_id)
        return run_id

    return await carry_out(info, ask, given, idempotency_key, record(SCHEDULE_RUN.name))


def _basis(given: RequestScheduleInput) -> Basis | None:
    if given.from_plan_id is not None:
        frozen_until = None if given.frozen_until is None else instant_from_text(given.frozen_until)
        return Basis(given.from_plan_id, given.fewest_changes, given.leave_out_refused, frozen_until)
    for field, wished in (
        ("fewestChanges", given.fewest_changes),
        ("frozenUntil", given.frozen_until),
        ("leaveOutRefused", given.leave_out_refused),
    ):
        if wished:
            raise Invalid(
                say("input.{field}: there is no plan to start from.", field=field),
                field=f"input.{field}",
                value=wished,
                remedy=say("name the plan as fromPlanId"),
            )
    return None


async def _cancel(
    info: Info[Context, None],
    given: Annotated[CancelScheduleRunInput, strawberry.argument(name="input", description="Which run.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        run_id = await cancel_run(**common, run_id=given.run_id)
        info.context.part(SchedulingOffice).worker.nudge(run_id)
        return run_id

    return await carry_out(info, ask, given, idempotency_key, record(SCHEDULE_RUN.name))


async def _publish(
    info: Info[Context, None],
    given: Annotated[
        PublishPlanInput, strawberry.argument(name="input", description="Which plan, and what is accepted.")
    ],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        if len(given.accepted_changes) > _MOST_ACCEPTED:
            raise Invalid(
                say(
                    "input.acceptedChanges: {count:,} are too many.",
                    count=len(given.accepted_changes),
                ),
                field="input.acceptedChanges",
                value=len(given.accepted_changes),
                remedy=say(
                    "give at most {most_accepted:,}; with so many changes, request a new schedule",
                    most_accepted=_MOST_ACCEPTED,
                ),
            )
        accepted = {str(each.id): each.version for each in given.accepted_changes}
        frames = info.context.part(SchedulingOffice).frames
        wish = Wish(given.plan_id, given.expected_version, accepted, frozenset(given.seen), given.exigent_reason)
        return await publish_plan(**common, frames=frames, wish=wish)

    return await carry_out(info, ask, given, idempotency_key, record(PLAN.name))
