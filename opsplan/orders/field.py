"""`Unit.orders`, as a field that Python computes: the sheets of a unit, each of its parts a type of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from opsplan.calls.context import Context
from opsplan.operations.model import UNIT, UnitKind
from opsplan.operations.model.action import ActionKind
from opsplan.operations.states import ActionState, OperationState
from opsplan.orders.model import OrderState
from opsplan.orders.rules import OrderChange
from opsplan.orders.service import sheets_of_units
from opsplan.records.declaration import Computed, Kind, Noun, Part, Property


def with_orders(nouns: Iterable[Noun]) -> tuple[Noun, ...]:
    """Give the nouns, with its orders on the unit."""
    return tuple(replace(noun, computed=(*noun.computed, ORDERS)) if noun.name == UNIT.name else noun for noun in nouns)


async def _load(context: Context, sources: Sequence[tuple[Any, ...]], arguments: Mapping[str, Any]) -> Sequence[Any]:
    return await sheets_of_units(
        context.graph, context.actor, [unit_id for (unit_id,) in sources], arguments["operation_id"]
    )


def _text(name: str, description: str, *, required: bool = True) -> Property:
    return Property(name, Kind.TEXT, description, required=required)


def _instant(name: str, description: str, *, required: bool = True) -> Property:
    return Property(name, Kind.INSTANT, description, required=required)


_UNITS = Part(
    "units",
    "The other units that the plan sends there.",
    (
        _text("unit_id", "Id of the unit."),
        _text("unit", "Its name."),
        Property("kind", Kind.CHOICE, "What it is.", choices=UnitKind, required=True),
        _text("agency", "Code of its agency.", required=False),
        _text("agency_name", "Name of its agency.", required=False),
        _text("country", "The agency's country (ISO 3166-1).", required=False),
    ),
    many=True,
)
_CONTACTS = Part(
    "contacts",
    "Whom to call when it begins: posts of the lead, the hosts and all whose units go, in the order to call them.",
    (
        _text("role", "LEAD, HOST or UNIT: what the agency is there."),
        _text("agency", "The agency's code."),
        _text("agency_name", "The agency's name.", required=False),
        _text("post", "Name of the post."),
        _text("phone", "Its number.", required=False),
        _text("secure_channel", "Its name in a secure channel.", required=False),
        Property("languages", Kind.LANGUAGES, "Languages spoken there (ISO 639)."),
        _text("standing", "ON_DUTY, DEPUTY, or OFF_ROTA where nobody of the agency is on duty then."),
    ),
    many=True,
)
_ROUTE = Part(
    "route",
    "The way there, by the travel rules, from the task before it or from home.",
    (
        _text("from", "Where it begins: home, or the action before."),
        Property("minutes", Kind.MINUTES, "How long it takes.", required=True),
        _instant("leave_by", "When to leave at the latest."),
        _text("by", "ROAD or AIR."),
        _text("departure_airport", "Name and IATA code.", required=False),
        _text("arrival_airport", "Name and IATA code.", required=False),
        Property("to_departure_minutes", Kind.MINUTES, "By road to the airport."),
        Property("flight_minutes", Kind.MINUTES, "The flight, with what there is to do at airports."),
        Property("from_arrival_minutes", Kind.MINUTES, "By road from the airport."),
    ),
)
_TASKS = Part(
    "tasks",
    "What is asked, in order of time; nothing, where the unit is released.",
    (
        _text("action_id", "Id of the action."),
        _text("action", "Its name."),
        Property("kind", Kind.CHOICE, "What is done.", choices=ActionKind, required=True),
        Property("state", Kind.CHOICE, "How far it has come.", choices=ActionState, required=True),
        _text("mode", "How it is done."),
        _text("part", "The unit's own part: the kind and type of the need that it fills.", required=False),
        Property("expected_victims", Kind.INTEGER, "Victims expected there.", required=True),
        _instant("start", "Start."),
        _instant("end", "End, exclusive."),
        _text("local_start", "Start by the site's clocks: ISO 8601 with the offset from UTC."),
        _text("local_end", "End by the site's clocks."),
        _text("time_zone", "The site's IANA time zone."),
        _text("h", "Start as H±hours:minutes."),
        Property(
            "h_offset_minutes", Kind.INTEGER, "Minutes from H-hour to the start (negative: before).", required=True
        ),
        Property("location", Kind.POINT, "Where."),
        _text("compound", "The site.", required=False),
        _text("country", "The host country (ISO 3166-1).", required=False),
        _text("country_name", "Its name.", required=False),
        _text("group", "The simultaneity group with which it starts.", required=False),
        Property("tolerance_minutes", Kind.MINUTES, "Within how much of each other those start."),
        _UNITS,
        _CONTACTS,
        _ROUTE,
    ),
    many=True,
)
_CHANGES = Part(
    "changes",
    "What is other than in the order before.",
    (
        Property("kind", Kind.CHOICE, "How it differs.", choices=OrderChange, required=True),
        _text("action_id", "Id of the action."),
        _text("action", "Its name."),
        _instant("start", "When it begins; of what is dropped, when it was to begin."),
        _text("sentence", "The change in words."),
    ),
    many=True,
)
ORDERS = Computed(
    "orders",
    "The orders that hold for it, one for each operation: what, where, when, with whom, whom to call, and the way. Of "
    "one operation, or of all that are not over. Its own agency reads them, and who coordinates the operation.",
    needs=("id",),
    load=_load,
    many=True,
    parameters={"operation_id": Kind.TEXT},
    facts=(
        _text("order_id", "Id of the Tasking, to acknowledge it by."),
        Property("state", Kind.CHOICE, "Whether it was acknowledged.", choices=OrderState, required=True),
        _instant("issued_at", "When it was issued."),
        _instant("acknowledged_at", "When it was acknowledged.", required=False),
        _text("acknowledged_by", "Who acknowledged it.", required=False),
        _text("operation_id", "Id of the operation."),
        _text("operation", "Its code name."),
        Property("operation_state", Kind.CHOICE, "How far it has come.", choices=OperationState, required=True),
        _instant("h_hour", "Its H-hour.", required=False),
        _text("plan_id", "Id of the plan."),
        Property("plan_number", Kind.INTEGER, "Its number.", required=True),
        _CHANGES,
        _TASKS,
    ),
)
"""The field."""
