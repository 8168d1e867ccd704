"""`editPlan` and `planVerdict`: a draft changed by hand, or only weighed."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from opsplan.calls.context import Context
from opsplan.calls.refusals import payload
from opsplan.reading.complete.marker import StoredRecord
from opsplan.reading.types.scalars import DateTimeText
from opsplan.scheduling.api.carrying import Key, carry_out
from opsplan.scheduling.api.verdicts import PlanVerdict, verdict_from_json
from opsplan.scheduling.model import PLAN, PLAN_EDIT
from opsplan.scheduling.plan import steps
from opsplan.scheduling.service import Edit, edit_plan, weigh_plan
from opsplan.scheduling.worker import SchedulingOffice
from opsplan.vocabulary.clock import instant_from_text


@strawberry.input(description="Which units fill one unit need of the mode.")
class StaffingInput:
    """One need with its units."""

    need_id: strawberry.ID = strawberry.field(description="The mode's unit need.")
    unit_ids: list[strawberry.ID] = strawberry.field(description="The units that fill it.")


@strawberry.input(description="Gives an action a place: one that was left out, or another mode or team to one placed.")
class PlaceActionInput:
    """For `Place`."""

    action_id: strawberry.ID = strawberry.field(description="Which action.")
    start: DateTimeText = strawberry.field(description="When it begins.")
    mode_id: strawberry.ID = strawberry.field(description="In which of its modes.")
    staffing: list[StaffingInput] = strawberry.field(
        default_factory=list, description="Units for each unit need of the mode."
    )


@strawberry.input(description="Lets an action begin at another time, in the same mode with the same units.")
class MoveActionInput:
    """For `Move`."""

    action_id: strawberry.ID = strawberry.field(description="Which action.")
    start: DateTimeText = strawberry.field(description="When it is to begin.")


@strawberry.input(description="Lets two actions begin each when the other was to.")
class SwapStartsInput:
    """For `SwapStarts`."""

    action_id: strawberry.ID = strawberry.field(description="One action.")
    other_action_id: strawberry.ID = strawberry.field(description="The other.")


@strawberry.input(description="Sends another unit to an action; or lets two actions exchange a unit each.")
class SwapUnitsInput:
    """For `SwapUnits`."""

    action_id: strawberry.ID = strawberry.field(description="Which action.")
    unit_id: strawberry.ID = strawberry.field(description="The unit that the plan sends there.")
    other_unit_id: strawberry.ID = strawberry.field(description="The unit that goes instead.")
    other_action_id: strawberry.ID | None = strawberry.field(
        default=None, description="The action that the other unit is taken from; the first one goes there in exchange."
    )


@strawberry.input(one_of=True, description="One step of a change by hand: exactly one of these.")
class PlanStep:
    """One step."""

    place: PlaceActionInput | None = strawberry.field(default=strawberry.UNSET, description="Give it a place.")
    move: MoveActionInput | None = strawberry.field(
        default=strawberry.UNSET, description="Let it begin at another time."
    )
    swap_starts: SwapStartsInput | None = strawberry.field(
        default=strawberry.UNSET, description="Let two actions exchange their starts."
    )
    swap_units: SwapUnitsInput | None = strawberry.field(
        default=strawberry.UNSET, description="Send another unit, or exchange two."
    )
    pin: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Have schedules made from this plan keep this action where it is."
    )
    unpin: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Let schedules move this action again."
    )
    drop: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Take this action out of the plan."
    )

    def as_step(self) -> steps.Step:
        """Give the step that the caller chose; an input object is true, whatever it holds."""
        if self.place:
            staffing = tuple((each.need_id, tuple(each.unit_ids)) for each in self.place.staffing)
            start = instant_from_text(self.place.start)
            return steps.Place(self.place.action_id, start, self.place.mode_id, staffing)
        if self.move:
            return steps.Move(self.move.action_id, instant_from_text(self.move.start))
        if self.swap_starts:
            return steps.SwapStarts(self.swap_starts.action_id, self.swap_starts.other_action_id)
        if self.swap_units:
            swap = self.swap_units
            return steps.SwapUnits(swap.action_id, swap.unit_id, swap.other_unit_id, swap.other_action_id)
        # Of these an empty text is given too.
        for given, step in ((self.pin, steps.Pin), (self.unpin, _unpinned), (self.drop, steps.Drop)):
            if given is not None and given is not strawberry.UNSET:
                return step(given)
        raise AssertionError("unreachable: one of them is given, the schema says so")


def _unpinned(action_id: str) -> steps.Step:
    return steps.Pin(action_id, pinned=False)


@strawberry.input(description="Which draft, what is to be done in it, and why.")
class EditPlanInput:
    """Input of `editPlan`."""

    plan_id: strawberry.ID = strawberry.field(description="The draft to be changed.")
    steps: list[PlanStep] = strawberry.field(description="What is to be done, in this order; 1 to 1,000 steps.")
    reason: str = strawberry.field(description="Why, for whoever reads the plan later.")
    expected_version: int | None = strawberry.field(
        default=None, description="Its version as you read it; when it has changed since, it is refused."
    )


def editing(nouns: Mapping[str, Any]) -> tuple[type, type]:
    """Make the Strawberry types that have the query and the mutation; `nouns` are the types of records by name."""
    plan_type, edit_type = nouns[PLAN.name], nouns[PLAN_EDIT.name]

    @strawberry.type(description="A draft that was changed by hand, and what the checker says of it now.")
    class PlanEdited:
        """What `editPlan` gives."""

        plan_id: strawberry.Private[str]
        edit_id: strawberry.Private[str]
        verdict: PlanVerdict = strawberry.field(
            description="What it breaks, as the operation stood when the steps were taken, and what they did to each "
            "goal. A draft that breaks rules is kept, but cannot be published."
        )

        plan: plan_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_plan, description="The draft."
        )
        edit: edit_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_edit, description="The record of who changed it, when and why."
        )

    edited = payload("EditPlanResult", PlanEdited, "The draft, changed, with the verdict; or why it is not.")

    def told(answer: Mapping[str, Any]) -> PlanEdited:
        return PlanEdited(
            plan_id=answer["plan_id"], edit_id=answer["edit_id"], verdict=verdict_from_json(answer["verdict"])
        )

    async def change(
        info: Info[Context, None],
        given: Annotated[EditPlanInput, strawberry.argument(name="input", description="Which draft, what, and why.")],
        idempotency_key: Key = None,
    ) -> Any:
        async def ask(**common: Any) -> dict[str, Any]:
            frames = info.context.part(SchedulingOffice).frames
            wanted = tuple(each.as_step() for each in given.steps)
            wish = Edit(given.plan_id, wanted, given.reason, given.expected_version)
            return await edit_plan(**common, frames=frames, edit=wish)

        return await carry_out(info, ask, given, idempotency_key, told)

    @strawberry.type
    class EditingMutations:
        """Part of `Mutation`."""

        edit_plan: edited = strawberry.field(  # type: ignore[valid-type]
            resolver=change,
            description="Change a draft by hand: move, swap, pin, drop or place actions. The checker's verdict and the "
            "change of each goal come back; what breaks a rule may stay in a draft, but is never published.",
        )

    return _queries(), EditingMutations


def _plan(root: strawberry.Parent[Any]) -> Any:
    return StoredRecord(PLAN.name, root.plan_id)


def _edit(root: strawberry.Parent[Any]) -> Any:
    return StoredRecord(PLAN_EDIT.name, root.edit_id)


def _queries() -> type:
    async def weigh(
        info: Info[Context, None],
        plan_id: Annotated[strawberry.ID, strawberry.argument(description="The plan to be judged.")],
        taken: Annotated[
            list[PlanStep], strawberry.argument(name="steps", description="Steps to be tried, as in `editPlan`.")
        ] = (),  # type: ignore[assignment]
    ) -> PlanVerdict:
        context = info.context
        told = await weigh_plan(
            context.graph,
            context.actor,
            frames=context.part(SchedulingOffice).frames,
            plan_id=plan_id,
            steps=[each.as_step() for each in taken],
        )
        return verdict_from_json(told)

    @strawberry.type
    class VerdictQueries:
        """Part of `Query`."""

        plan_verdict: PlanVerdict = strawberry.field(
            resolver=weigh,
            description="What the checker says of a plan as the operation stands now, as if the steps were taken; "
            "nothing is changed. For agencies that own or coordinate the operation.",
        )

    return VerdictQueries
