"""An action that nobody has entered, as an input: what `createAction` and its parts take, in one object."""

from dataclasses import asdict
from typing import Any

import strawberry

from opsplan.operations.model import ActionKind, ResourceKind, UnitKind
from opsplan.reading.types.enums import enum_of
from opsplan.reading.types.scalars import CountryCodeText, DateTimeText, DurationMinutes, LanguageCodeText
from opsplan.scheduling.service import DescribedAction, DescribedMode
from opsplan.vocabulary.place import GeoPoint

ActionKindEnum: Any = enum_of(ActionKind)
UnitKindEnum: Any = enum_of(UnitKind)
ResourceKindEnum: Any = enum_of(ResourceKind)


@strawberry.input(description="Units that a mode of the action needs, as in `createUnitNeed`.")
class DescribedUnitNeed:
    """One need of units."""

    unit_kind: UnitKindEnum = strawberry.field(description="Kind of unit.")
    unit_type: int | None = strawberry.field(
        default=None, description="Least capable NIMS type that will do, 1 (highest) to 4; 4 when left out."
    )
    count: int | None = strawberry.field(default=None, description="How many; 1 when left out.")
    languages: list[LanguageCodeText] | None = strawberry.field(
        default=None, description="Languages that each such unit must speak."
    )


@strawberry.input(description="An amount of a resource that a mode of the action takes up, as in `createResourceNeed`.")
class DescribedResourceNeed:
    """One need of a resource."""

    resource_kind: ResourceKindEnum = strawberry.field(description="Kind of resource.")
    amount: int = strawberry.field(description="How much.")
    language: str | None = strawberry.field(default=None, description="For interpreters: the language (ISO 639).")
    after_start: DurationMinutes | None = strawberry.field(
        default=None, description="From how long after the start; from the start on when left out."
    )
    held: DurationMinutes = strawberry.field(description="For how long.")


@strawberry.input(description="One way to do the action, as in `createActionMode`.")
class DescribedActionMode:
    """One mode."""

    duration: DurationMinutes = strawberry.field(description="How long it takes on site.")
    name: str | None = strawberry.field(default=None, description="What the answer shall call it.")
    cost: int | None = strawberry.field(
        default=None, description="What it costs beyond its units, in whole units of the operation's currency."
    )
    unit_needs: list[DescribedUnitNeed] = strawberry.field(default_factory=list, description="Units it needs.")
    resource_needs: list[DescribedResourceNeed] = strawberry.field(
        default_factory=list, description="Resources it needs."
    )


@strawberry.input(description="A time in which leave is given for the action, as in `createWarrant`.")
class DescribedWarrant:
    """One warrant."""

    start: DateTimeText = strawberry.field(description="From when it holds.")
    end: DateTimeText = strawberry.field(description="Until when, exclusive.")


@strawberry.input(description="An action of the operation that the new one is tied to, as in `createPrecedence`.")
class DescribedTie:
    """One tie."""

    action_id: strawberry.ID = strawberry.field(description="The other action.")
    min_lag: DurationMinutes | None = strawberry.field(
        default=None, description="Least time from the end of the first to the start of the second."
    )
    max_lag: DurationMinutes | None = strawberry.field(default=None, description="Most time, if any.")

    def as_row(self) -> dict[str, Any]:
        """Give it by the names of the noun."""
        return {"action": self.action_id, "min_lag_minutes": self.min_lag, "max_lag_minutes": self.max_lag}


@strawberry.input(
    name="DescribedAction",
    description="An action that nobody has entered, by what `createAction` and its parts would be given.",
)
class DescribedActionInput:
    """The action to find slots for."""

    kind: ActionKindEnum = strawberry.field(description="What is done.")
    modes: list[DescribedActionMode] = strawberry.field(description="Ways to do it, 1 to 100.")
    name: str | None = strawberry.field(default=None, description="What the answer shall call it.")
    location: GeoPoint | None = strawberry.field(default=None, description="Where; the compound's point when left out.")
    compound_id: strawberry.ID | None = strawberry.field(default=None, description="At which site.")
    country: CountryCodeText | None = strawberry.field(
        default=None, description="The host country; found from the point when left out."
    )
    window_start: DateTimeText | None = strawberry.field(
        default=None, description="Earliest start; the operation's start when left out."
    )
    window_end: DateTimeText | None = strawberry.field(
        default=None, description="When it must have ended; the operation's end when left out."
    )
    due: DateTimeText | None = strawberry.field(default=None, description="When it should have ended.")
    priority: int | None = strawberry.field(
        default=None, description="Weight of placing it, 1 to 1000; 100 when left out."
    )
    mandatory: bool | None = strawberry.field(default=None, description="Whether a plan without it is no plan.")
    expected_victims: int | None = strawberry.field(
        default=None, description="Victims expected to be reached; none when left out."
    )
    group_id: strawberry.ID | None = strawberry.field(
        default=None, description="The simultaneity group that it would start with."
    )
    warrants: list[DescribedWarrant] = strawberry.field(
        default_factory=list, description="Warrants for it; none means that it needs none."
    )
    follows: list[DescribedTie] = strawberry.field(
        default_factory=list, description="Actions that come before it, and without which it is not done."
    )
    precedes: list[DescribedTie] = strawberry.field(
        default_factory=list, description="Actions that come after it, and are not done without it."
    )

    def described(self) -> DescribedAction:
        """Give it by the names of the nouns."""
        own = ("kind", "name", "location", "country", "window_start", "window_end", "due", "priority", "mandatory")
        row = {name: getattr(self, name) for name in (*own, "expected_victims")}
        return DescribedAction(
            {**row, "compound": self.compound_id, "group": self.group_id},
            [_mode(mode) for mode in self.modes],
            [{"start": each.start, "end": each.end} for each in self.warrants],
            [each.as_row() for each in self.follows],
            [each.as_row() for each in self.precedes],
        )


def _mode(mode: DescribedActionMode) -> DescribedMode:
    return DescribedMode(
        {"name": mode.name, "duration_minutes": mode.duration, "cost": mode.cost},
        [asdict(need) for need in mode.unit_needs],
        [
            {
                "resource_kind": need.resource_kind,
                "amount": need.amount,
                "language": need.language,
                "after_start_minutes": need.after_start,
                "held_minutes": need.held,
            }
            for need in mode.resource_needs
        ],
    )
