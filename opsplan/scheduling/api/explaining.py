"""`planExplanation`, `whyNot`, `scheduleConflict`: why a plan is as it is, what else could be, why none is."""

from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from opsplan.access.rules import Verb, require
from opsplan.calls.context import Context
from opsplan.reading.complete.marker import StoredRecord, StoredRecords
from opsplan.reading.types.enums import enum_of
from opsplan.reading.types.scalars import DateTimeText, JsonValue
from opsplan.scheduling.answer import BrokenRule as Broken
from opsplan.scheduling.answer import PlacedAction
from opsplan.scheduling.api.comparison import PlanPlace, place_of
from opsplan.scheduling.api.refusals import BrokenRule
from opsplan.scheduling.api.verdicts import GoalChange, goals_from_json
from opsplan.scheduling.plan.bound import Bound, OtherUnit
from opsplan.scheduling.plan.conflicts import ToldConflict
from opsplan.scheduling.plan.scored import goals_told
from opsplan.scheduling.rules import check_seconds
from opsplan.scheduling.service import Alternative, conflict_of_run, explain_action, weigh_alternative
from opsplan.scheduling.service.explain import ActionExplained, AlternativeWeighed, Ask
from opsplan.scheduling.worker import SchedulingOffice
from opsplan.vocabulary.clock import instant_from_text, instant_text


class Feasibility(StrEnum):
    """Whether all that must be placed can be."""

    POSSIBLE = "POSSIBLE"
    IMPOSSIBLE = "IMPOSSIBLE"
    UNDECIDED = "UNDECIDED"


class Resolves(StrEnum):
    """How much a change resolves: the whole REQUEST, the ACTIONS of the conflict, or this CONFLICT of theirs alone."""

    REQUEST = "REQUEST"
    ACTIONS = "ACTIONS"
    CONFLICT = "CONFLICT"


FeasibilityEnum: Any = enum_of(Feasibility)
ResolvesEnum: Any = enum_of(Resolves)

Seconds = Annotated[
    int, strawberry.argument(description="How long the solver may take: 1 to 20 seconds. It may end without an answer.")
]


def explaining_queries(nouns: Mapping[str, Any]) -> type:
    """Make the Strawberry type that has the queries as its fields; `nouns` are the types of records by name."""
    action_type, unit_type = nouns["Action"], nouns["Unit"]

    @strawberry.type(description="A rule that takes part in a conflict.")
    class ConflictCause:
        """One cause."""

        rule: str = strawberry.field(
            description="Stable name: a rule such as `calendars`, or `mandatory`, `placed`, `stays` (where the plan "
            "has it) or `asked`; see docs/solver.md."
        )
        sentence: str = strawberry.field(description="The rule in words, with the names and numbers concerned.")
        facts: JsonValue = strawberry.field(description="Ids, names, times and numbers behind the sentence.")
        action_ids: strawberry.Private[tuple[str, ...]]
        unit_ids: strawberry.Private[tuple[str, ...]]
        actions: list[action_type] = strawberry.field(  # type: ignore[valid-type]
            resolver=_actions, description="The actions that it is about."
        )
        units: list[unit_type] = strawberry.field(  # type: ignore[valid-type]
            resolver=_units, description="The units that it is about."
        )

    @strawberry.type(description="A single change that would help; its amount is the smallest that was found to do.")
    class Relaxation:
        """One relaxation."""

        kind: str = strawberry.field(description="Stable name, such as `WINDOW_LATER`; see docs/solver.md.")
        resolves: ResolvesEnum = strawberry.field(description="How much it resolves, verified by a plan.")
        cost: int = strawberry.field(description="What it is ranked by; see docs/solver.md.")
        smallest: bool = strawberry.field(description="Whether it is proven that a smaller amount does not do.")
        sentence: str = strawberry.field(description="How things would be with the change.")
        facts: JsonValue = strawberry.field(description="Ids, names, times and numbers behind the sentence.")
        action_ids: strawberry.Private[tuple[str, ...]]
        unit_ids: strawberry.Private[tuple[str, ...]]
        actions: list[action_type] = strawberry.field(  # type: ignore[valid-type]
            resolver=_actions, description="The actions that it is about."
        )
        units: list[unit_type] = strawberry.field(  # type: ignore[valid-type]
            resolver=_units, description="The units that it is about."
        )

    @strawberry.type(description="Rules that contradict each other, and what would resolve that.")
    class ScheduleConflict:
        """One conflict."""

        feasibility: FeasibilityEnum = strawberry.field(
            description="IMPOSSIBLE: proven. POSSIBLE: nothing stands in the way. UNDECIDED: the time ended first."
        )
        minimal: bool = strawberry.field(
            description="Whether it is shown that none of the causes can be spared: without any one there is a plan."
        )
        causes: list[ConflictCause] = strawberry.field(description="The rules, each by itself needed for the conflict.")
        relaxations: list[Relaxation] = strawberry.field(
            description="Single changes that help: what resolves most comes first, of that the cheapest."
        )

    @strawberry.type(description="Another unit that could fill a need of a placed action, or what that would break.")
    class OtherUnitOfAction:
        """One other unit."""

        unit_id: strawberry.ID = strawberry.field(description="Which unit.")
        need_id: strawberry.ID = strawberry.field(description="Which unit need of the mode.")
        broken_rules: list[BrokenRule] = strawberry.field(
            description="What would break if it went instead of one of those that go; none when it could."
        )
        unit: unit_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_unit, description="The unit's record."
        )

    @strawberry.type(description="What binds a placed action, nothing else moved.")
    class ActionBinding:
        """One binding."""

        start: DateTimeText = strawberry.field(description="Where it starts.")
        earliest_start: DateTimeText = strawberry.field(
            description="It could start at any multiple of five minutes from here, in its mode with its units."
        )
        latest_start: DateTimeText = strawberry.field(description="To here.")
        slack_minutes: int = strawberry.field(description="The time between the two.")
        not_earlier: list[BrokenRule] = strawberry.field(description="What breaks just before the earliest start.")
        not_later: list[BrokenRule] = strawberry.field(description="What breaks just after the latest start.")
        other_units: list[OtherUnitOfAction] = strawberry.field(
            description="Who else could go: first those who could, then those who break the least; at most 50."
        )

    @strawberry.type(description="Why an action of a plan is where it is, or why it is left out, as things stand now.")
    class PlanExplanation:
        """One explanation."""

        action_id: strawberry.ID = strawberry.field(description="Which action.")
        action: action_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_action, description="The action's record."
        )
        binding: ActionBinding | None = strawberry.field(description="What binds it, where the plan places it.")
        blocked: ScheduleConflict | None = strawberry.field(
            description="What keeps it out, where the plan leaves it out; everything placed stays where it is. A "
            "change that resolves the REQUEST would place it, with all that is placed kept placed."
        )

    @strawberry.type(description="An action's place in the best plan with the change.")
    class ActionMoved:
        """One move."""

        action_id: strawberry.ID = strawberry.field(description="Which action.")
        place: PlanPlace | None = strawberry.field(description="Its place then; null when it is left out.")
        action: action_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_action, description="The action's record."
        )

    @strawberry.type(description="What would become of a plan with another unit or start for one action.")
    class WhyNot:
        """One answer."""

        outcome: str = strawberry.field(
            description="OPTIMAL or FEASIBLE: it can be had, with the goals below. INFEASIBLE: it cannot, or not "
            "without leaving out more mandatory actions. OUT_OF_TIME: nothing was shown."
        )
        goals: list[GoalChange] = strawberry.field(
            description="Each goal for the plan as it is, and for the best plan with the change; none without a plan."
        )
        moves: list[ActionMoved] = strawberry.field(description="The action itself, then all that moves with it.")
        conflict: ScheduleConflict | None = strawberry.field(description="Why it cannot be had.")

    def conflict_told(told: ToldConflict) -> ScheduleConflict:
        return ScheduleConflict(
            feasibility=Feasibility(told.feasibility),
            minimal=told.minimal,
            causes=[
                ConflictCause(
                    rule=each.rule,
                    sentence=each.sentence,
                    facts=JsonValue(dict(each.facts)),
                    action_ids=each.action_ids,
                    unit_ids=each.unit_ids,
                )
                for each in told.causes
            ],
            relaxations=[
                Relaxation(
                    kind=each.kind,
                    resolves=Resolves(each.resolves),
                    cost=each.cost,
                    smallest=each.smallest,
                    sentence=each.sentence,
                    facts=JsonValue(dict(each.facts)),
                    action_ids=each.action_ids,
                    unit_ids=each.unit_ids,
                )
                for each in told.relaxations
            ],
        )

    def binding_told(bound: Bound) -> ActionBinding:
        return ActionBinding(
            start=DateTimeText(instant_text(bound.start)),
            earliest_start=DateTimeText(instant_text(bound.earliest)),
            latest_start=DateTimeText(instant_text(bound.latest)),
            slack_minutes=int((bound.latest - bound.earliest).total_seconds()) // 60,
            not_earlier=[_rule(each) for each in bound.earlier],
            not_later=[_rule(each) for each in bound.later],
            other_units=[other_told(each) for each in bound.others],
        )

    def other_told(other: OtherUnit) -> OtherUnitOfAction:
        return OtherUnitOfAction(
            unit_id=strawberry.ID(other.unit_id),
            need_id=strawberry.ID(other.need_id),
            broken_rules=[_rule(each) for each in other.broken],
        )

    def explanation_told(found: ActionExplained) -> PlanExplanation:
        return PlanExplanation(
            action_id=strawberry.ID(found.action_id),
            binding=None if found.bound is None else binding_told(found.bound),
            blocked=None if found.blocked is None else conflict_told(found.blocked),
        )

    def answer_told(found: AlternativeWeighed) -> WhyNot:
        return WhyNot(
            outcome=found.outcome,
            goals=goals_from_json(goals_told(found.goals)),
            moves=[_move(ActionMoved, *each) for each in found.places],
            conflict=None if found.conflict is None else conflict_told(found.conflict),
        )

    async def explain(
        info: Info[Context, None],
        plan_id: Annotated[strawberry.ID, strawberry.argument(description="Which plan.")],
        action_id: Annotated[strawberry.ID, strawberry.argument(description="Which action of its operation.")],
        seconds: Seconds = 5,
    ) -> PlanExplanation:
        require(info.context.actor, Verb.READ)
        office, ask = _office(info, seconds)
        return explanation_told(await explain_action(info.context.graph, office.frames, ask, plan_id, action_id))

    async def weigh(
        info: Info[Context, None],
        plan_id: Annotated[strawberry.ID, strawberry.argument(description="Which plan.")],
        action_id: Annotated[strawberry.ID, strawberry.argument(description="Which action of its operation.")],
        unit_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="The unit that might do it instead of another.")
        ] = None,
        start: Annotated[DateTimeText | None, strawberry.argument(description="When it might start instead.")] = None,
        seconds: Seconds = 5,
    ) -> WhyNot:
        require(info.context.actor, Verb.READ)
        office, ask = _office(info, seconds)
        alternative = Alternative(plan_id, action_id, unit_id, None if start is None else instant_from_text(start))
        return answer_told(await weigh_alternative(info.context.graph, office.frames, ask, alternative))

    async def conflict(
        info: Info[Context, None],
        run_id: Annotated[strawberry.ID, strawberry.argument(description="Which run.")],
    ) -> ScheduleConflict | None:
        require(info.context.actor, Verb.READ)
        told = await conflict_of_run(info.context.graph, run_id)
        return None if told is None else conflict_told(told)

    @strawberry.type
    class ExplainingQueries:
        """Part of `Query`."""

        plan_explanation: PlanExplanation = strawberry.field(
            resolver=explain,
            description="Why an action of a plan is where it is, and how far it could move; or what keeps it out, and "
            "which single changes would place it. As the operation stands now.",
        )
        why_not: WhyNot = strawberry.field(
            resolver=weigh,
            description="What would become of a plan if one action had another start, another unit, or both: each "
            "goal and what else moves, by a solve with the change locked; or why it cannot be.",
        )
        schedule_conflict: ScheduleConflict | None = strawberry.field(
            resolver=conflict,
            description="Why a run was INFEASIBLE: a minimal set of rules that contradict each other, and the cheapest "
            "changes that would resolve that, each verified. Null where none was found, or none was sought.",
        )

    return ExplainingQueries


def _office(info: Info[Context, None], seconds: int) -> tuple[SchedulingOffice, Ask]:
    check_seconds(seconds)
    office = info.context.part(SchedulingOffice)
    return office, partial(office.inquiries.ask, seconds=seconds)


def _rule(broken: Broken) -> BrokenRule:
    return BrokenRule(rule=broken.rule, sentence=broken.sentence, facts=JsonValue(dict(broken.facts)))


def _move(kind: Any, action_id: str, place: PlacedAction | None) -> Any:
    return kind(action_id=strawberry.ID(action_id), place=place_of(place))


def _action(root: strawberry.Parent[Any]) -> Any:
    return StoredRecord("Action", root.action_id)


def _actions(root: strawberry.Parent[Any]) -> Any:
    return StoredRecords("Action", root.action_ids)


def _unit(root: strawberry.Parent[Any]) -> Any:
    return StoredRecord("Unit", root.unit_id)


def _units(root: strawberry.Parent[Any]) -> Any:
    return StoredRecords("Unit", root.unit_ids)
