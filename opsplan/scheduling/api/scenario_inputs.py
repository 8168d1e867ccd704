"""What a scenario changes, as callers give it: an object with exactly one kind of change in it."""

from collections.abc import Sequence
from typing import Any

import strawberry

from opsplan.reading.types.scalars import DateTimeText
from opsplan.scheduling.scenario import Change, Scenario
from opsplan.scheduling.scenario.text import INSTANTS, KINDS
from opsplan.vocabulary.clock import instant_from_text
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say


@strawberry.input(description="A unit cannot be used for a time.")
class UnitAwayInput:
    """For `UnitAway`."""

    unit_id: strawberry.ID = strawberry.field(description="A unit that is offered to the operation.")
    start: DateTimeText | None = strawberry.field(default=None, description="From when; the operation's start, else.")
    end: DateTimeText | None = strawberry.field(default=None, description="Until when; the operation's end, else.")


@strawberry.input(description="Further units like one that is offered.")
class UnitAddedInput:
    """For `UnitAdded`."""

    like_unit_id: strawberry.ID = strawberry.field(
        description="The unit whose kind, type, home, languages, permissions, limits and offers they have."
    )
    count: int = strawberry.field(default=1, description="How many, 1 to 100.")


@strawberry.input(description="More or less of a resource of a host country, for a time.")
class ResourceChangedInput:
    """For `ResourceChanged`."""

    country: str = strawberry.field(description="Code of the host country.")
    kind: str = strawberry.field(description="Kind of the resource, as its record has it.")
    by: int = strawberry.field(description="How much more; negative: less, but never less than none.")
    language: str | None = strawberry.field(default=None, description="Its language, where it has one.")
    start: DateTimeText | None = strawberry.field(default=None, description="From when; always, else.")
    end: DateTimeText | None = strawberry.field(default=None, description="Until when; for ever, else.")


@strawberry.input(description="An action that does not take place.")
class ActionLeftOutInput:
    """For `ActionLeftOut`."""

    action_id: strawberry.ID = strawberry.field(description="An action that is in play, and not locked.")


@strawberry.input(description="An action that matters more, or less.")
class ActionWeighedInput:
    """For `ActionWeighed`."""

    action_id: strawberry.ID = strawberry.field(description="An action that is in play.")
    mandatory: bool | None = strawberry.field(default=None, description="Whether it must be placed.")
    priority: int | None = strawberry.field(default=None, description="Its priority, 1 to 1,000.")


@strawberry.input(description="An action that may take place at other times.")
class WindowChangedInput:
    """For `WindowChanged`."""

    action_id: strawberry.ID = strawberry.field(description="An action that is in play, and not locked.")
    start: DateTimeText | None = strawberry.field(default=None, description="Where its window begins.")
    end: DateTimeText | None = strawberry.field(default=None, description="Where its window ends.")
    due: DateTimeText | None = strawberry.field(default=None, description="When it is due.")


@strawberry.input(description="A warrant for an action that needs one, beside those that it has.")
class WarrantGrantedInput:
    """For `WarrantGranted`."""

    action_id: strawberry.ID = strawberry.field(description="An action with warrants, in play and not locked.")
    start: DateTimeText = strawberry.field(description="From when it holds.")
    end: DateTimeText = strawberry.field(description="Until when.")


@strawberry.input(description="A unit that may act in a further country.")
class UnitPermittedInput:
    """For `UnitPermitted`."""

    unit_id: strawberry.ID = strawberry.field(description="A unit that is offered to the operation.")
    country: str = strawberry.field(description="Code of a country that hosts an action.")


@strawberry.input(
    description="Windows, due times and warrants of all actions, or of those of one country, that lie later or earlier."
)
class HHourMovedInput:
    """For `HHourMoved`."""

    by_minutes: int = strawberry.field(description="How many minutes later; negative: earlier.")
    country: str | None = strawberry.field(
        default=None, description="Code of the country whose actions move; all, and H-hour with them, else."
    )


@strawberry.input(description="One change of a scenario. Give exactly one of its kinds.")
class ScenarioChangeInput:
    """For `Change`."""

    unit_away: UnitAwayInput | None = strawberry.field(default=None, description="A unit is away.")
    unit_added: UnitAddedInput | None = strawberry.field(default=None, description="Units are added.")
    resource_changed: ResourceChangedInput | None = strawberry.field(
        default=None, description="There is more or less of a resource."
    )
    action_left_out: ActionLeftOutInput | None = strawberry.field(default=None, description="An action is left out.")
    action_weighed: ActionWeighedInput | None = strawberry.field(
        default=None, description="An action is mandatory or not, or has another priority."
    )
    window_changed: WindowChangedInput | None = strawberry.field(
        default=None, description="An action's window or due time is another."
    )
    warrant_granted: WarrantGrantedInput | None = strawberry.field(default=None, description="A warrant is granted.")
    unit_permitted: UnitPermittedInput | None = strawberry.field(
        default=None, description="A unit may act in a further country."
    )
    h_hour_moved: HHourMovedInput | None = strawberry.field(default=None, description="H-hour is moved.")


@strawberry.input(description="A scenario: a name, and what is otherwise than in the records.")
class ScenarioInput:
    """For `Scenario`."""

    name: str = strawberry.field(description="A name of its own, of 1 to 200 characters.")
    changes: list[ScenarioChangeInput] = strawberry.field(description="What is otherwise: 1 to 200 changes.")


def scenarios_of(given: Sequence[ScenarioInput]) -> tuple[Scenario, ...]:
    """Make scenarios of what was given.

    Raises
    ------
    Invalid
        When a change has no kind, or several.
    """
    return tuple(
        Scenario(
            each.name,
            tuple(
                _change(change, f"input.scenarios[{number}].changes[{place}]")
                for place, change in enumerate(each.changes)
            ),
        )
        for number, each in enumerate(given)
    )


def _change(given: ScenarioChangeInput, field: str) -> Change:
    kinds = {_PYTHON_NAMES[kind]: kind for kind in KINDS}
    named = [name for name in kinds if getattr(given, name) is not None]
    if len(named) != 1:
        remedy = say("give exactly one of {kinds}", kinds=", ".join(kinds.values()))
        raise Invalid(
            say("{field}: {count} kinds of change are given; {remedy}.", field=field, count=len(named), remedy=remedy),
            field=field,
            value=[kinds[name] for name in named],
            remedy=remedy,
        )
    (name,) = named
    values: dict[str, Any] = {
        key: instant_from_text(value) if key in INSTANTS and value is not None else value
        for key, value in vars(getattr(given, name)).items()
    }
    change: Change = KINDS[kinds[name]](**values)
    return change


_PYTHON_NAMES = {kind: "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in kind) for kind in KINDS}
