"""`slotAdvice`: where one action could go beside a plan, nothing else moved."""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry.types import Info

from opsplan.access.rules import Verb, require
from opsplan.calls.context import Context
from opsplan.reading.types.scalars import DateTimeText, DurationMinutes, JsonValue
from opsplan.scheduling.api.described import DescribedActionInput
from opsplan.scheduling.api.verdicts import GoalChange, goals_from_json
from opsplan.scheduling.plan.advice import AdvisedSlot
from opsplan.scheduling.plan.scored import goals_told
from opsplan.scheduling.service import advise_slots
from opsplan.scheduling.worker import SchedulingOffice
from opsplan.vocabulary.clock import instant_text

_SIX_HOURS = DurationMinutes(360)


@strawberry.type(description="Units that fill one need of a mode.")
class SlotStaffing:
    """One need with its units."""

    need_id: strawberry.ID | None = strawberry.field(
        description="The mode's unit need; null where the action was described, whose needs are in the order given."
    )
    unit_ids: list[strawberry.ID] = strawberry.field(description="The units that fill it.")


@strawberry.type(name="AdvisedSlot", description="The best start of an interval of starts at which the action fits.")
class AdvisedSlotType:
    """One slot."""

    start: DateTimeText = strawberry.field(description="The best start.")
    end: DateTimeText = strawberry.field(description="When it would end then, exclusive.")
    local_start: str = strawberry.field(description="The best start in the site's local time, with offset.")
    earliest: DateTimeText = strawberry.field(description="First start of the interval.")
    latest: DateTimeText = strawberry.field(
        description="Last start of the interval; at each start from `earliest` on, every five minutes, the action fits "
        "in this mode, though perhaps with other units."
    )
    mode_id: strawberry.ID | None = strawberry.field(description="The mode; null where the action was described.")
    mode_number: int = strawberry.field(description="Which of the action's modes, counted from 0.")
    staffing: list[SlotStaffing] = strawberry.field(
        description="The units that are best at that start: of all that are free, those with the least cost, and of "
        "these the ones that leave the burden of the most burdened country smallest."
    )
    goals: list[GoalChange] = strawberry.field(
        description="What the place does to each goal, in their strict order, against the plan as it is."
    )


@strawberry.type(description="What stands in the way of an action.")
class SlotBlocker:
    """One reason."""

    code: str = strawberry.field(description="Stable word for the reason, as in `UnplacedAction.codes`.")
    sentence: str = strawberry.field(description="The reason in words.")
    facts: JsonValue = strawberry.field(description="Ids, names, times and amounts behind the sentence.")


@strawberry.type(description="Where an action could go beside a plan, nothing else moved.")
class SlotAdvice:
    """The whole answer."""

    slots: list[AdvisedSlotType] = strawberry.field(
        description="The best first: by what they do to the goals in their strict order, then by start."
    )
    total: int = strawberry.field(description="How many slots there are, those beyond `first` included.")
    blockers: list[SlotBlocker] = strawberry.field(description="Where there is no slot: why; at least one reason.")


def slot_queries() -> type:
    """Make the Strawberry type that has the query as its field."""

    async def advise(
        info: Info[Context, None],
        plan_id: Annotated[strawberry.ID, strawberry.argument(description="The plan, in whatever state.")],
        action_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(
                description="An action of the operation. Where the plan places it, the question is where else it could "
                "go."
            ),
        ] = None,
        action: Annotated[
            DescribedActionInput | None,
            strawberry.argument(description="An action that nobody has entered, instead of `actionId`."),
        ] = None,
        first: Annotated[int, strawberry.argument(description="How many slots to give, 1 to 100.")] = 10,
        longest: Annotated[
            DurationMinutes,
            strawberry.argument(
                description="Intervals of starts are cut into parts of at most so long, each with its own best start."
            ),
        ] = _SIX_HOURS,
    ) -> SlotAdvice:
        context = info.context
        require(context.actor, Verb.READ)
        is_described = action is not None
        found = await advise_slots(
            context.graph,
            frames=context.part(SchedulingOffice).frames,
            plan_id=plan_id,
            action_id=action_id,
            described=None if action is None else action.described(),
            first=first,
            longest_minutes=longest,
            agency_id=context.actor.agency_id,
        )
        return SlotAdvice(
            slots=[_slot(each, is_described=is_described) for each in found.slots],
            total=found.total,
            blockers=[
                SlotBlocker(code=each.code, sentence=each.sentence, facts=JsonValue(dict(each.facts)))
                for each in found.reasons
            ],
        )

    @strawberry.type
    class SlotQueries:
        """Part of `Query`."""

        slot_advice: SlotAdvice = strawberry.field(
            resolver=advise,
            description="Where one action could go beside a plan as the operation stands now, nothing else moved: "
            "ranked slots with the units and what each does to the goals, or what stands in the way. Nothing is "
            "written; who may read the plan may ask.",
        )

    return SlotQueries


def _slot(slot: AdvisedSlot, *, is_described: bool) -> AdvisedSlotType:
    place = slot.place
    staffing: Sequence[tuple[str, tuple[str, ...]]] = place.staffing
    return AdvisedSlotType(
        start=DateTimeText(instant_text(place.start)),
        end=DateTimeText(instant_text(place.end)),
        local_start=place.local_start,
        earliest=DateTimeText(instant_text(slot.earliest)),
        latest=DateTimeText(instant_text(slot.latest)),
        mode_id=None if is_described else strawberry.ID(place.mode_id),
        mode_number=slot.mode,
        staffing=[
            SlotStaffing(
                need_id=None if is_described else strawberry.ID(need), unit_ids=[strawberry.ID(unit) for unit in units]
            )
            for need, units in staffing
        ],
        goals=goals_from_json(goals_told(slot.goals)),
    )
