"""`requestWhatIf`, `cancelWhatIf`, `whatIfOutcome`: the operation as it might be, beside the operation as it is."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from opsplan.access.rules import Verb, require
from opsplan.calls.context import Context
from opsplan.calls.refusals import payload
from opsplan.reading.complete.marker import StoredRecord
from opsplan.reading.types.enums import enum_of
from opsplan.reading.types.scalars import DateTimeText, JsonValue
from opsplan.scheduling.api.carrying import Key, carry_out, record
from opsplan.scheduling.api.scenario_inputs import ScenarioInput, scenarios_of
from opsplan.scheduling.model import SCHEDULE_RUN, WHAT_IF, RunState
from opsplan.scheduling.rules import Basis, Options
from opsplan.scheduling.service import (
    cancel_what_if,
    outcome_of_what_if,
    request_what_if,
)
from opsplan.scheduling.worker import SchedulingOffice
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say

RunStateEnum: Any = enum_of(RunState)


@strawberry.input(description="Of which operation, what might be, and what each search may spend.")
class RequestWhatIfInput:
    """Input of `requestWhatIf`."""

    operation_id: strawberry.ID = strawberry.field(description="The operation.")
    scenarios: list[ScenarioInput] = strawberry.field(description="What might be: 1 to 12 scenarios.")
    budget_seconds: int = strawberry.field(
        default=60, description="Seconds of search, 1 to 3,600, for the baseline and for each scenario."
    )
    workers: int | None = strawberry.field(
        default=None, description="Search threads of each, 1 to 64; as the service is set up, when left out."
    )
    seed: int = strawberry.field(default=1, description="Seed of each search's choices, 0 to 2,147,483,647.")
    slack_permille: int | None = strawberry.field(
        default=None, description="Plan each with slack, as `requestSchedule` does; 500 to 999 thousandths."
    )
    marginal_values: int = strawberry.field(
        default=0,
        description="Of the baseline, estimate what one more of each of so many scarce units and resources is worth, 0 "
        "to 20, and tell it in the run's `marginalValues`; that takes as long as its search once more.",
    )
    from_plan_id: strawberry.ID | None = strawberry.field(
        default=None, description="A plan of the operation to start from: what is pinned in it stays where it is."
    )
    fewest_changes: bool = strawberry.field(
        default=False, description="With `fromPlanId`: change as few of its orders as the first goals allow."
    )


@strawberry.input(description="Which what-if.")
class CancelWhatIfInput:
    """Input of `cancelWhatIf`."""

    what_if_id: strawberry.ID = strawberry.field(description="The what-if to be cancelled.")


@strawberry.type(description="A goal of a scenario beside the baseline.")
class ScenarioGoal:
    """One goal."""

    goal: str = strawberry.field(description="Stable name of the goal, such as `placed_weight`; see docs/solver.md.")
    before: float = strawberry.field(description="Its value for the baseline.")
    after: float = strawberry.field(description="Its value for the scenario.")
    change: float = strawberry.field(
        description="`after` less `before`: the difference between the best schedules found, and an estimate unless "
        "the bounds equal the values."
    )
    better: str = strawberry.field(description="Whether `more` or `less` of it is better.")
    bound_before: float | None = strawberry.field(description="What is proven of the baseline; null: nothing.")
    bound_after: float | None = strawberry.field(description="What is proven of the scenario; null: nothing.")


@strawberry.type(description="A country in a scenario, beside the baseline (`...Before`).")
class ScenarioCountry:
    """One country, as a host and with its units."""

    country: str = strawberry.field(description="Its code.")
    actions: int = strawberry.field(description="Actions on its soil.")
    actions_before: int = strawberry.field(description="The same of the baseline.")
    placed: int = strawberry.field(description="How many of these are placed.")
    placed_before: int = strawberry.field(description="The same of the baseline.")
    weight: int = strawberry.field(description="The priority weight of these.")
    weight_before: int = strawberry.field(description="The same of the baseline.")
    victims: int = strawberry.field(description="The victims expected at these.")
    victims_before: int = strawberry.field(description="The same of the baseline.")
    lateness: float = strawberry.field(description="Their lateness, in minutes times priority.")
    lateness_before: float = strawberry.field(description="The same of the baseline.")
    units_used: int = strawberry.field(description="How many of its units are sent anywhere.")
    units_used_before: int = strawberry.field(description="The same of the baseline.")
    unit_cost: float = strawberry.field(description="What its units cost in action and on the road.")
    unit_cost_before: float = strawberry.field(description="The same of the baseline.")
    burden_permille: int = strawberry.field(description="The share of its units' time that is spent in action.")
    burden_permille_before: int = strawberry.field(description="The same of the baseline.")


@strawberry.type(description="A resource of a host country in a scenario, beside the baseline (`...Before`).")
class ScenarioResource:
    """One pool."""

    country: str = strawberry.field(description="Code of the country.")
    kind: str = strawberry.field(description="Kind of the resource.")
    language: str | None = strawberry.field(description="Its language, where it has one.")
    most_there: int = strawberry.field(description="The most that is there at any time.")
    most_there_before: int = strawberry.field(description="The same of the baseline.")
    peak_used: int = strawberry.field(description="The most that is used at any time.")
    peak_used_before: int = strawberry.field(description="The same of the baseline.")
    full_minutes: int = strawberry.field(description="For how long all of it is in use.")
    full_minutes_before: int = strawberry.field(description="The same of the baseline.")
    left_out_that_need_it: int = strawberry.field(
        description="Modes of actions that are left out and need it: whether for want of it, their reasons say."
    )
    left_out_that_need_it_before: int = strawberry.field(description="The same of the baseline.")


def what_ifs(nouns: Mapping[str, Any]) -> tuple[type, type]:
    """Make the Strawberry types that have the query and the mutations; `nouns` are the types of records by name."""
    run_type, what_if_type, action_type = nouns[SCHEDULE_RUN.name], nouns[WHAT_IF.name], nouns["Action"]
    requested = payload("RequestWhatIfResult", what_if_type, "The what-if, waiting; or why the request was refused.")
    cancelled = payload("CancelWhatIfResult", what_if_type, "The what-if, cancelled or about to be; or why it is not.")

    @strawberry.type(description="Where a scenario has an action. It is no plan, and binds nobody.")
    class ScenarioPlace:
        """One place."""

        action_id: strawberry.ID = strawberry.field(description="Which action.")
        start: DateTimeText = strawberry.field(description="Start.")
        end: DateTimeText = strawberry.field(description="End, exclusive.")
        mode_id: strawberry.ID = strawberry.field(description="The mode in which it is done.")
        unit_ids: list[strawberry.ID] = strawberry.field(
            description="The units that do it; those that the scenario adds have ids of their own."
        )
        action: action_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_action, description="The action's record."
        )

    @strawberry.type(description="What a scenario leaves out, and why.")
    class ScenarioLeftOut:
        """One action without a place."""

        action_id: strawberry.ID = strawberry.field(description="Which action.")
        codes: list[str] = strawberry.field(description="Codes of the reasons.")
        sentence: str = strawberry.field(description="The reasons in words.")
        action: action_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_action, description="The action's record."
        )

    @strawberry.type(description="What came of one scenario, beside the baseline.")
    class ScenarioOutcome:
        """One scenario."""

        name: str = strawberry.field(description="Its name.")
        changes: JsonValue = strawberry.field(description="What it changes, each under its kind.")
        state: RunStateEnum = strawberry.field(description="How its run stands.")
        reason: str | None = strawberry.field(description="Why it failed, was cancelled, or waits again.")
        goals: list[ScenarioGoal] = strawberry.field(
            description="Each goal, in the strict order; empty until both ended."
        )
        countries: list[ScenarioCountry] = strawberry.field(description="Each country with actions or units.")
        resources: list[ScenarioResource] = strawberry.field(description="Each resource that is needed or offered.")
        gained: list[strawberry.ID] = strawberry.field(description="Actions that it places and the baseline does not.")
        lost: list[strawberry.ID] = strawberry.field(description="Actions that the baseline places and it does not.")
        moved: list[strawberry.ID] = strawberry.field(description="Actions that both place, at other times.")
        restaffed: list[strawberry.ID] = strawberry.field(
            description="Actions that both place at the same time, in another mode or with other units."
        )
        placed: list[ScenarioPlace] = strawberry.field(description="Where it has each action that it places.")
        left_out: list[ScenarioLeftOut] = strawberry.field(description="What it leaves out.")
        run: run_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_run, description="Its run, whose files are the problem, the solution and all figures."
        )
        run_id: strawberry.Private[str]

    @strawberry.type(description="What came of a what-if so far.")
    class WhatIfOutcome:
        """The whole comparison."""

        ended: bool = strawberry.field(description="Whether every scenario has ended.")
        same_records: bool | None = strawberry.field(
            description="Whether all that ended was made from the same records; false: something was committed between "
            "their searches, and is part of the differences. Null while fewer than two have ended."
        )
        baseline: ScenarioOutcome = strawberry.field(
            description="The operation as it is: every scenario is held against it."
        )
        scenarios: list[ScenarioOutcome] = strawberry.field(
            description="The scenarios, in the order in which they were given."
        )

    def told(outcome: Any) -> Any:
        figures, differences = outcome.figures or {}, outcome.differences or {}
        return ScenarioOutcome(
            name=outcome.run.scenario,
            changes=JsonValue(json.loads(outcome.run.changes)),
            state=outcome.run.state,
            reason=outcome.run.reason,
            goals=[ScenarioGoal(**each) for each in differences.get("goals", ())],
            countries=[ScenarioCountry(**each) for each in differences.get("countries", ())],
            resources=[ScenarioResource(**each) for each in differences.get("resources", ())],
            **{name: differences.get(name, []) for name in ("gained", "lost", "moved", "restaffed")},
            placed=[ScenarioPlace(**each) for each in figures.get("placed", ())],
            left_out=[ScenarioLeftOut(**each) for each in figures.get("unplaced", ())],
            run_id=outcome.run.id,
        )

    async def resolve(
        info: Info[Context, None],
        what_if_id: Annotated[strawberry.ID, strawberry.argument(description="Which what-if.")],
    ) -> Any:
        require(info.context.actor, Verb.READ)
        found = await outcome_of_what_if(info.context.graph, what_if_id)
        baseline, *others = [told(each) for each in found.outcomes]
        return WhatIfOutcome(ended=found.ended, same_records=found.same_records, baseline=baseline, scenarios=others)

    @strawberry.type
    class WhatIfQueries:
        """Part of `Query`."""

        what_if_outcome: WhatIfOutcome = strawberry.field(
            resolver=resolve,
            description="What came of a what-if so far: each scenario beside the baseline, by goal, country and "
            "resource.",
        )

    @strawberry.type
    class WhatIfMutations:
        """Part of `Mutation`."""

        request_what_if: requested = strawberry.field(  # type: ignore[valid-type]
            resolver=_request,
            description="Have an operation searched as it might be, in several scenarios beside one another and beside "
            "the operation as it is, with one budget and one seed. Nothing is written to the records, and no plan is "
            "made. `whatIfOutcome` compares; each run tells its progress by `scheduleProgress`.",
        )
        cancel_what_if: cancelled = strawberry.field(  # type: ignore[valid-type]
            resolver=_cancel,
            description="Cancel what still waits or runs of a what-if, within a second; what was found is kept.",
        )

    return WhatIfQueries, WhatIfMutations


async def _request(
    info: Info[Context, None],
    given: Annotated[
        RequestWhatIfInput, strawberry.argument(name="input", description="What might be, and what it may cost.")
    ],
    idempotency_key: Key = None,
) -> Any:
    office = info.context.part(SchedulingOffice)

    async def ask(**common: Any) -> str:
        workers = office.solver_workers if given.workers is None else given.workers
        what_if_id = await request_what_if(
            **common,
            frames=office.frames,
            operation_id=given.operation_id,
            scenarios=scenarios_of(given.scenarios),
            options=Options(given.budget_seconds, workers, given.seed, given.slack_permille, given.marginal_values),
            basis=_basis(given),
        )
        office.worker.nudge(what_if_id)
        return what_if_id

    return await carry_out(info, ask, given, idempotency_key, record(WHAT_IF.name))


def _basis(given: RequestWhatIfInput) -> Basis | None:
    if given.from_plan_id is not None:
        return Basis(given.from_plan_id, given.fewest_changes)
    if given.fewest_changes:
        raise Invalid(
            say("input.{field}: there is no plan to start from.", field="fewestChanges"),
            field="input.fewestChanges",
            value=True,
            remedy=say("name the plan as fromPlanId"),
        )
    return None


async def _cancel(
    info: Info[Context, None],
    given: Annotated[CancelWhatIfInput, strawberry.argument(name="input", description="Which what-if.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        what_if_id = await cancel_what_if(**common, what_if_id=given.what_if_id)
        found = await outcome_of_what_if(info.context.graph, what_if_id)
        for each in found.outcomes:
            info.context.part(SchedulingOffice).worker.nudge(each.run.id)
        return what_if_id

    return await carry_out(info, ask, given, idempotency_key, record(WHAT_IF.name))


def _run(root: strawberry.Parent[Any]) -> Any:
    return StoredRecord(SCHEDULE_RUN.name, root.run_id)


def _action(root: strawberry.Parent[Any]) -> Any:
    return StoredRecord("Action", root.action_id)
