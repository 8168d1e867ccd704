"""`planRisk`: what may go wrong with a plan, by simulation."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from opsplan.access.rules import Verb, require
from opsplan.calls.context import Context
from opsplan.operations.model import ActionKind
from opsplan.reading.complete.marker import StoredRecord
from opsplan.reading.types.enums import enum_of
from opsplan.reading.types.scalars import JsonValue
from opsplan.scheduling.risk import DEFAULT_SPREADS, Spreads
from opsplan.scheduling.service import risk_of_plan
from opsplan.scheduling.worker import SchedulingOffice
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say
from solver import InvalidProblem
from solver.risk import Distribution, Spread

ActionKindEnum: Any = enum_of(ActionKind)
DistributionEnum: Any = strawberry.enum(
    Distribution,
    name="SpreadDistribution",
    description="What the three points of a spread are: smallest, most likely and largest value of a TRIANGULAR one, "
    "the 10 %, 50 % and 90 % points of a shifted LOGNORMAL one.",
)


@strawberry.input(description="How far something may differ from what is planned, in thousandths of the latter.")
class SpreadInput:
    """For `Spread`."""

    optimistic_permille: int = strawberry.field(description="The smallest, or the 10 % point.")
    likely_permille: int = strawberry.field(description="The most likely, or the 50 % point.")
    pessimistic_permille: int = strawberry.field(description="The largest, or the 90 % point.")
    distribution: DistributionEnum = strawberry.field(
        default=Distribution.LOGNORMAL, description="The form of the distribution."
    )


@strawberry.input(description="The spread of the durations of one kind of action.")
class ActionSpreadInput:
    """For `Spreads.actions`."""

    kind: ActionKindEnum = strawberry.field(description="Which kind.")
    spread: SpreadInput = strawberry.field(description="Its spread.")


@strawberry.input(
    description="What differs from what is planned, and how far. What is left out is as opsplan assumes; the answer "
    "says what was taken."
)
class SpreadsInput:
    """For `Spreads`."""

    actions: list[ActionSpreadInput] = strawberry.field(
        default_factory=list, description="Durations, by kind of action."
    )
    road: SpreadInput | None = strawberry.field(default=None, description="Time on the way by road.")
    air: SpreadInput | None = strawberry.field(default=None, description="Time on the way by way of airports.")
    victims: SpreadInput | None = strawberry.field(default=None, description="Victims found against those expected.")


@strawberry.type(description="How probable something is, by simulation.")
class RiskFigure:
    """One estimate."""

    probability: float = strawberry.field(description="The estimate, 0 to 1.")
    standard_error: float = strawberry.field(
        description="Its standard error: two of them to either side hold the true value in 95 of 100 cases."
    )


@strawberry.type(description="A resource of a host country that may run short.")
class ResourceRisk:
    """One pool."""

    country: str = strawberry.field(description="Code of the country.")
    kind: str = strawberry.field(description="Kind of the resource.")
    language: str | None = strawberry.field(description="Its language, where it has one.")
    capacity: RiskFigure = strawberry.field(description="More of it is needed at some time than there is.")
    mean_shortage: float = strawberry.field(description="By how much at worst, on average over all courses.")


@strawberry.type(description="What may go wrong for one country.")
class CountryRisk:
    """One country."""

    country: str = strawberry.field(description="Its code.")
    overruns: RiskFigure = strawberry.field(description="An action that it hosts overruns.")
    capacity: RiskFigure = strawberry.field(description="A resource of it runs short.")
    units: RiskFigure = strawberry.field(
        description="A unit of it is kept beyond its availability, or on duty for too long."
    )


def risk_queries(nouns: Mapping[str, Any]) -> type:
    """Make the Strawberry type that has the query as its field; `nouns` are the types of records by name."""
    action_type, unit_type, group_type = nouns["Action"], nouns["Unit"], nouns["SimultaneityGroup"]

    @strawberry.type(description="What may go wrong with one action of a plan.")
    class ActionRisk:
        """One action."""

        action_id: strawberry.ID = strawberry.field(description="Which action.")
        overruns: RiskFigure = strawberry.field(description="Any of the next six.")
        windows: RiskFigure = strawberry.field(description="It lasts beyond its window.")
        forbidden_hours: RiskFigure = strawberry.field(description="It lasts into quiet hours.")
        claims: RiskFigure = strawberry.field(description="It lasts until it is too near to what others claim.")
        warrants: RiskFigure = strawberry.field(description="It lasts beyond its warrant.")
        calendars: RiskFigure = strawberry.field(description="It lasts beyond the availability of one of its units.")
        precedence: RiskFigure = strawberry.field(description="It starts outside the time after another that is asked.")
        late: RiskFigure = strawberry.field(description="It ends after it is due.")
        starts_late: RiskFigure = strawberry.field(description="It cannot start when it is planned to.")
        holds_up: RiskFigure = strawberry.field(description="One of its units comes too late to what it does next.")
        mean_delay_minutes: float = strawberry.field(
            description="By how much later than planned it starts, on average over all courses."
        )
        action: action_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_action, description="The action's record."
        )

    @strawberry.type(description="What may go wrong for one unit of a plan.")
    class UnitRisk:
        """One unit."""

        unit_id: strawberry.ID = strawberry.field(description="Which unit.")
        starts_late: RiskFigure = strawberry.field(description="An action of it cannot start when it is planned to.")
        calendars: RiskFigure = strawberry.field(description="It is kept beyond its availability.")
        duty_and_rest: RiskFigure = strawberry.field(description="It is on duty for too long.")
        unit: unit_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_unit, description="The unit's record."
        )

    @strawberry.type(description="A group of a plan that may strike apart.")
    class GroupRisk:
        """One group."""

        group_id: strawberry.ID = strawberry.field(description="Which group.")
        simultaneity: RiskFigure = strawberry.field(description="Its starts lie farther apart than its tolerance.")
        group: group_type = strawberry.field(  # type: ignore[valid-type]
            resolver=_group, description="The group's record."
        )

    @strawberry.type(description="What may go wrong with a plan, over so many simulated courses of it.")
    class PlanRisk:
        """The whole."""

        plan_id: strawberry.ID = strawberry.field(description="Which plan.")
        runs: int = strawberry.field(description="Courses that were simulated.")
        seed: int = strawberry.field(description="The seed of their chance.")
        any_breach: RiskFigure = strawberry.field(description="Any of the next four.")
        overruns: RiskFigure = strawberry.field(description="Any action overruns.")
        simultaneity: RiskFigure = strawberry.field(description="Any group strikes apart.")
        duty_and_rest: RiskFigure = strawberry.field(description="Any unit is on duty for too long.")
        capacity: RiskFigure = strawberry.field(description="Any resource runs short: beds, for one.")
        late: RiskFigure = strawberry.field(description="Any action ends after it is due.")
        mean_breaches: float = strawberry.field(
            description="Actions that overrun, groups apart, units on duty for too long and resources that run short, "
            "on average over all courses."
        )
        mean_breaches_standard_error: float = strawberry.field(description="The standard error of that mean.")
        actions: list[ActionRisk] = strawberry.field(description="Each action of the plan.")
        units: list[UnitRisk] = strawberry.field(description="Each unit that it sends.")
        groups: list[GroupRisk] = strawberry.field(description="Each group that it places.")
        resources: list[ResourceRisk] = strawberry.field(description="Each resource that it uses.")
        countries: list[CountryRisk] = strawberry.field(description="Each country that it concerns.")
        not_simulated: list[strawberry.ID] = strawberry.field(
            description="Actions of the plan whose places cannot be expressed any more, as records have changed."
        )
        spreads: JsonValue = strawberry.field(
            description="The spreads that were taken: three points in thousandths and the form of each, and the source."
        )

    async def resolve(
        info: Info[Context, None],
        plan_id: Annotated[strawberry.ID, strawberry.argument(description="Which plan, draft or not.")],
        runs: Annotated[
            int,
            strawberry.argument(
                description="Courses to be simulated, 1 to 100,000; of some hundred actions 20,000 take a few seconds."
            ),
        ] = 20_000,
        seed: Annotated[int, strawberry.argument(description="Seed of their chance, 0 to 2,147,483,647.")] = 1,
        spreads: Annotated[
            SpreadsInput | None, strawberry.argument(description="Spreads of your own; opsplan's assumptions, else.")
        ] = None,
    ) -> Any:
        require(info.context.actor, Verb.READ)
        office = info.context.part(SchedulingOffice)
        taken = spreads_of(spreads)
        found = await risk_of_plan(
            info.context.graph, office.frames, office.simulations, plan_id, runs=runs, seed=seed, spreads=taken
        )
        figures = dict(found.figures)
        return PlanRisk(
            plan_id=plan_id,
            not_simulated=[strawberry.ID(each) for each in found.not_simulated],
            spreads=JsonValue(taken.as_json()),
            actions=[ActionRisk(**_figures(each)) for each in figures.pop("actions")],
            units=[UnitRisk(**_figures(each)) for each in figures.pop("units")],
            groups=[GroupRisk(**_figures(each)) for each in figures.pop("groups")],
            resources=[ResourceRisk(**_figures(each)) for each in figures.pop("resources")],
            countries=[CountryRisk(**_figures(each)) for each in figures.pop("countries")],
            **_figures(figures),
        )

    @strawberry.type
    class RiskQueries:
        """Part of `Query`."""

        plan_risk: PlanRisk = strawberry.field(
            resolver=resolve,
            description="What may go wrong with a plan when durations, ways and numbers of victims are not as planned: "
            "by simulation in the operation as it stands. docs/solver.md says how a plan is carried out there.",
        )

    return RiskQueries


def spreads_of(given: SpreadsInput | None) -> Spreads:
    """Make the spreads that hold of what was given.

    Raises
    ------
    Invalid
        When three points make no distribution of their form, or a kind stands there twice.
    """
    if given is None:
        return DEFAULT_SPREADS
    actions = dict(DEFAULT_SPREADS.actions)
    seen: set[str] = set()
    for number, each in enumerate(given.actions):
        if each.kind.value in seen:
            raise Invalid(
                say("spreads.actions: {kind} stands there twice.", kind=each.kind.value),
                field=f"spreads.actions[{number}].kind",
                value=each.kind.value,
                remedy=say("give each kind once"),
            )
        seen.add(each.kind.value)
        actions[each.kind.value] = _spread(each.spread, f"spreads.actions[{number}].spread")
    own: dict[str, Any] = {
        name: _spread(value, f"spreads.{name}")
        for name in ("road", "air", "victims")
        if (value := getattr(given, name)) is not None
    }
    source = (
        DEFAULT_SPREADS.source
        if not (given.actions or own)
        else f"Given with the question; else {DEFAULT_SPREADS.source}"
    )
    return replace(DEFAULT_SPREADS, actions=actions, source=source, **own)


def _spread(given: SpreadInput, field: str) -> Spread:
    try:
        return Spread(given.optimistic_permille, given.likely_permille, given.pessimistic_permille, given.distribution)
    except InvalidProblem as refusal:
        point, *rest = refusal.path.split("_")
        path = f"{field}.{point}{''.join(each.title() for each in rest)}"
        remedy = say("{remedy}", remedy=refusal.remedy)
        raise Invalid(
            say("{field}: {value} is refused; {remedy}.", field=path, value=refusal.value, remedy=remedy),
            field=path,
            value=refusal.value,
            remedy=remedy,
        ) from refusal


def _figures(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: RiskFigure(**value) if isinstance(value, dict) else value for name, value in told.items()}


def _action(root: strawberry.Parent[Any]) -> Any:
    return StoredRecord("Action", root.action_id)


def _unit(root: strawberry.Parent[Any]) -> Any:
    return StoredRecord("Unit", root.unit_id)


def _group(root: strawberry.Parent[Any]) -> Any:
    return StoredRecord("SimultaneityGroup", root.group_id)
