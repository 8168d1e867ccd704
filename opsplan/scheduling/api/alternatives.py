"""`conflictAlternatives`: what would end a conflict on one's own side, the least change first."""

from typing import Annotated

import strawberry
from strawberry.types import Info

from opsplan.access.rules import Verb, require
from opsplan.calls.context import Context
from opsplan.reading.types.scalars import DateTimeText, JsonValue
from opsplan.scheduling.api.slots import SlotBlocker, SlotStaffing
from opsplan.scheduling.api.verdicts import GoalChange, goals_from_json
from opsplan.scheduling.plan.alternatives import ClearPlace
from opsplan.scheduling.plan.scored import goals_told
from opsplan.scheduling.service import propose_alternatives
from opsplan.scheduling.worker import SchedulingOffice
from opsplan.vocabulary.clock import instant_text


@strawberry.type(description="A time, and of an action a place in a plan, that is clear of all claims you may read.")
class ConflictAlternative:
    """One alternative."""

    start: DateTimeText = strawberry.field(description="When it would start.")
    end: DateTimeText = strawberry.field(description="When it would end, exclusive.")
    moved_minutes: int | None = strawberry.field(
        description="How much later than now it would start, negative for earlier; null where it has no place yet."
    )
    changed_units: int = strawberry.field(description="How many of the units that serve it now would not any more.")
    local_start: str | None = strawberry.field(
        description="Of an action: the start in its site's local time, with offset."
    )
    mode_id: strawberry.ID | None = strawberry.field(description="Of an action: its mode.")
    staffing: list[SlotStaffing] = strawberry.field(description="Of an action: its units.")
    goals: list[GoalChange] = strawberry.field(
        description="Of an action: what the place does to each goal of the plan, in their strict order."
    )


@strawberry.type(description="What would end a conflict on your side, nothing else moved. Nothing is written.")
class ConflictAlternatives:
    """The whole answer."""

    claim_id: strawberry.ID = strawberry.field(description="Your claim.")
    action_id: strawberry.ID | None = strawberry.field(description="The action that it is the footprint of.")
    plan_id: strawberry.ID | None = strawberry.field(
        description="The plan beside which the action would move: the published one, else the newest."
    )
    alternatives: list[ConflictAlternative] = strawberry.field(
        description="The least change first: by minutes moved, then by units changed, then by the goals in their "
        "strict order. What is hidden from you may still be met: that is told at commit."
    )
    total: int = strawberry.field(description="How many there are, those beyond `first` included.")
    blockers: list[SlotBlocker] = strawberry.field(description="Where there is none: why; at least one reason.")


def alternative_queries() -> type:
    """Make the Strawberry type that has the query as its field."""

    async def propose(
        info: Info[Context, None],
        conflict_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="A conflict of one of your claims.")
        ] = None,
        notice_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="A notice to you, instead of `conflictId`: for one that is blind."),
        ] = None,
        first: Annotated[int, strawberry.argument(description="How many to give, 1 to 100.")] = 10,
    ) -> ConflictAlternatives:
        context = info.context
        require(context.actor, Verb.READ)
        found = await propose_alternatives(
            context.graph,
            context.actor,
            frames=context.part(SchedulingOffice).frames,
            conflict_id=conflict_id,
            notice_id=notice_id,
            first=first,
        )
        return ConflictAlternatives(
            claim_id=strawberry.ID(found.claim_id),
            action_id=None if found.action_id is None else strawberry.ID(found.action_id),
            plan_id=None if found.plan_id is None else strawberry.ID(found.plan_id),
            alternatives=[_alternative(each) for each in found.alternatives],
            total=found.total,
            blockers=[
                SlotBlocker(code=each.code, sentence=each.sentence, facts=JsonValue(dict(each.facts)))
                for each in found.reasons
            ],
        )

    @strawberry.type
    class AlternativeQueries:
        """Part of `Query`."""

        conflict_alternatives: ConflictAlternatives = strawberry.field(
            resolver=propose,
            description="Where your action, or your bare claim, could go so that a conflict ends: clear of all claims "
            "that you may read, each held against the plan by the checker. For the two sides alone.",
        )

    return AlternativeQueries


def _alternative(each: ClearPlace) -> ConflictAlternative:
    place = each.place
    return ConflictAlternative(
        start=DateTimeText(instant_text(each.start)),
        end=DateTimeText(instant_text(each.end)),
        moved_minutes=each.moved_minutes,
        changed_units=each.changed_units,
        local_start=None if place is None else place.local_start,
        mode_id=None if place is None else strawberry.ID(place.mode_id),
        staffing=[
            SlotStaffing(need_id=strawberry.ID(need), unit_ids=[strawberry.ID(unit) for unit in units])
            for need, units in (() if place is None else place.staffing)
        ],
        goals=goals_from_json(goals_told(each.goals)),
    )
