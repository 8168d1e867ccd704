"""`scheduleProgress`: how a run goes, until it has ended."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from opsplan.access.rules import Verb, require
from opsplan.calls.context import Context
from opsplan.reading.complete.marker import StoredRecord
from opsplan.reading.types.enums import enum_of
from opsplan.scheduling.model import PLAN, SCHEDULE_RUN, RunState
from opsplan.scheduling.worker import RunProgress, SchedulingOffice

RunStateEnum: Any = enum_of(RunState)


def progress_subscriptions(nouns: Mapping[str, Any]) -> type:
    """Make the Strawberry type that has the subscription as its field; `nouns` are the types of records by name."""
    run_type, plan_type = nouns[SCHEDULE_RUN.name], nouns[PLAN.name]

    @strawberry.type(description="A schedule run at one moment.")
    class ScheduleProgress:
        """How a run stands."""

        run_id: strawberry.ID = strawberry.field(description="Which run.")
        state: RunStateEnum = strawberry.field(description="How it stands.")
        attempts: int = strawberry.field(description="How often it was begun.")
        stage: str | None = strawberry.field(description="What the search is doing, such as `place` or `prove`.")
        elapsed_seconds: float | None = strawberry.field(description="Seconds of search so far.")
        placed: int | None = strawberry.field(description="Actions placed by the best plan so far.")
        unplaced: int | None = strawberry.field(description="Actions that it leaves out.")
        incumbent: float | None = strawberry.field(description="Priority weight that it places.")
        bound: float | None = strawberry.field(
            description="Proven upper bound of that weight; null while nothing is proven."
        )
        gap: float | None = strawberry.field(description="Relative gap between the two, 0 (proven best) to 1.")
        reason: str | None = strawberry.field(description="Why it failed, was cancelled, or waits again.")
        final: bool = strawberry.field(description="Whether this is the last that comes.")
        run: run_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_run, description="The run's record, as it stands now."
        )
        plan: plan_type | None = strawberry.field(  # type: ignore[valid-type]
            resolver=_plan, description="The plan that it made; null until it has ended with one."
        )
        plan_id: strawberry.Private[str | None] = None

    async def source(
        info: Info[Context, None],
        run_id: Annotated[strawberry.ID, strawberry.argument(description="Which run.")],
    ) -> AsyncGenerator[Any, None]:
        require(info.context.actor, Verb.READ)
        feed = info.context.part(SchedulingOffice).feed
        async with aclosing(feed.listen(run_id)) as states:
            async for each in states:
                yield ScheduleProgress(**_told(each))

    @strawberry.type
    class ScheduleSubscriptions:
        """Part of `Subscription`."""

        schedule_progress: AsyncGenerator[ScheduleProgress, None] = strawberry.subscription(
            resolver=source,
            description="Tells how a schedule run goes: at once how it stands, then each better plan, and at last how "
            "it ended. Several states may come as one when they follow each other fast.",
        )

    return ScheduleSubscriptions


def _told(progress: RunProgress) -> dict[str, Any]:
    return {
        "run_id": strawberry.ID(progress.run_id),
        "state": progress.state,
        "attempts": progress.attempts,
        "stage": progress.stage,
        "elapsed_seconds": progress.elapsed_seconds,
        "placed": progress.placed,
        "unplaced": progress.unplaced,
        "incumbent": progress.incumbent,
        "bound": progress.bound,
        "gap": progress.gap,
        "reason": progress.reason,
        "final": progress.is_final,
        "plan_id": progress.plan_id,
    }


def _run(root: strawberry.Parent[Any]) -> Any:
    return StoredRecord(SCHEDULE_RUN.name, root.run_id)


def _plan(root: strawberry.Parent[Any]) -> Any:
    return None if root.plan_id is None else StoredRecord(PLAN.name, root.plan_id)
