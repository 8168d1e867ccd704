"""`reportAvailability`: a unit is away, or back, and published plans say at once what that breaks."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from opsplan.calls.context import Context
from opsplan.calls.refusals import payload
from opsplan.calls.urgency import URGENT, URGENT_WORDS
from opsplan.operations.model import UNIT, UNIT_ABSENCE
from opsplan.operations.service import Availability
from opsplan.reading.complete.marker import StoredRecord, StoredRecords
from opsplan.reading.types.scalars import DateTimeText
from opsplan.scheduling.api.carrying import Key, carry_out
from opsplan.scheduling.model import PLAN, PLAN_BREACH
from opsplan.scheduling.service import Reported, report_unit
from opsplan.vocabulary.clock import instant_from_text


@strawberry.input(description="Which unit, whether it is there, and when.")
class ReportAvailabilityInput:
    """Input of `reportAvailability`."""

    unit_id: strawberry.ID = strawberry.field(description="A unit of your agency.")
    available: bool = strawberry.field(description="Whether it can be used in that time.")
    start: DateTimeText = strawberry.field(description="From when.")
    end: DateTimeText = strawberry.field(description="Until when, exclusive.")
    reason: str | None = strawberry.field(
        default=None, description="Why, in up to 200 characters; everybody who reads the absence reads it."
    )


def availability_mutations(nouns: Mapping[str, Any]) -> type:
    """Make the Strawberry type that has the mutation as its field; `nouns` are the types of records by name."""
    unit_type, absence_type = nouns[UNIT.name], nouns[UNIT_ABSENCE.name]
    breach_type, plan_type = nouns[PLAN_BREACH.name], nouns[PLAN.name]

    @strawberry.type(description="A report of a unit's availability, and what it breaks.")
    class AvailabilityReported:
        """What `reportAvailability` gives."""

        reported: strawberry.Private[Reported]
        unit: unit_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_unit, description="The unit."
        )
        absences: list[absence_type] = strawberry.field(  # type: ignore[valid-type]
            resolver=_absences,
            description="Its absences that say so: made, cut short, or retired; or those that said so before.",
        )
        breaches: list[breach_type] = strawberry.field(  # type: ignore[valid-type]
            resolver=_breaches,
            description="What published plans now break about the unit, marked in the same transaction; those "
            "concerned read it in `PlanBreach.told`.",
        )
        plans_to_replan: list[plan_type] = strawberry.field(  # type: ignore[valid-type]
            resolver=_plans,
            description="The published plans that are broken. They keep force until others are published in their "
            "place; `requestSchedule` with `fromPlanId` and `fewestChanges` makes one that tells as few people "
            "otherwise as it can.",
        )

    told = payload("ReportAvailabilityResult", AvailabilityReported, "What is now known; or why it was not taken.")

    async def report(
        info: Info[Context, None],
        given: Annotated[
            ReportAvailabilityInput, strawberry.argument(name="input", description="Which unit, whether, and when.")
        ],
        idempotency_key: Key = None,
    ) -> Any:
        async def ask(**common: Any) -> Reported:
            start, end = instant_from_text(given.start), instant_from_text(given.end)
            return await report_unit(
                **common, report=Availability(given.unit_id, given.available, start, end, given.reason)
            )

        return await carry_out(
            info, ask, given, idempotency_key, lambda reported: AvailabilityReported(reported=reported)
        )

    @strawberry.type
    class AvailabilityMutations:
        """Part of `Mutation`."""

        report_availability: told = strawberry.field(  # type: ignore[valid-type]
            resolver=report,
            description="Say that a unit of your agency is away for a time, or there again. Its absences are made, cut "
            f"or retired accordingly, and published plans that rest on it are marked at once. {URGENT_WORDS}",
            metadata=URGENT,
        )

    return AvailabilityMutations


def _unit(root: strawberry.Parent[Any]) -> Any:
    return StoredRecord(UNIT.name, root.reported.unit_id)


def _absences(root: strawberry.Parent[Any]) -> Any:
    return StoredRecords(UNIT_ABSENCE.name, root.reported.absence_ids)


def _breaches(root: strawberry.Parent[Any]) -> Any:
    return StoredRecords(PLAN_BREACH.name, root.reported.breach_ids)


def _plans(root: strawberry.Parent[Any]) -> Any:
    return StoredRecords(PLAN.name, root.reported.plan_ids)
