"""Tests of the rules of operations, actions, orders, resources and quiet hours, pure and through the writer."""

import asyncio
import graphlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsplan.operations.rules import RULES, circle_in
from opsplan.records.laws import Draft
from opsplan.records.writing import Writing
from opsplan.vocabulary.errors import Forbidden, Invalid, OpsplanError
from opsplan.vocabulary.place import GeoPoint
from tests.opsplan.records.conftest import world as world  # the fixture
from tests.opsplan.records.world import ADMINISTRATOR, World, checked, noun

PHNOM_PENH, BRIDGE = GeoPoint(104.92, 11.56), GeoPoint(102.6, 17.96)
OPERATION = {
    "id": "operation_0",
    "state": "PLANNING",
    "start": "2026-12-01T00:00:00.000Z",
    "end": "2026-12-07T00:00:00.000Z",
}
ACTION = {
    "operation": "operation_0",
    "window_start": "2026-12-01T04:00:00.000Z",
    "window_end": "2026-12-01T16:00:00.000Z",
    "state": "DRAFT",
}


def filled(
    name: str, row: dict[str, Any], *, given: set[str] | None = None, **referred: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Apply a noun's rule to a row; all of it is given, unless said otherwise."""
    fill = RULES[name].fill
    assert fill is not None
    names = frozenset(row if given is None else given)
    draft = Draft(row, names, {key: [value] for key, value in referred.items()}, is_new=given is None)
    values, problems = fill(draft)
    return values, [problem.sentence for problem in problems]


def compound(point: GeoPoint, *country: str) -> dict[str, Any]:
    """Give a compound as the writer looks it up."""
    return {"id": "compound_0", "location": point, "country": list(country)}


@pytest.mark.parametrize(
    ("row", "site", "expected"),
    [
        ({}, None, {}),
        ({"location": PHNOM_PENH}, None, {"country": "country_kh"}),
        ({"location": BRIDGE}, None, {"country": None}),
        ({"location": BRIDGE, "country": "country_th"}, None, {"country": "country_th"}),
        (
            {"compound": "compound_0"},
            compound(PHNOM_PENH, "country_kh"),
            {"location": PHNOM_PENH, "country": "country_kh"},
        ),
        ({"compound": "compound_0"}, compound(BRIDGE, "country_th"), {"location": BRIDGE, "country": "country_th"}),
        ({"compound": "compound_0"}, compound(BRIDGE), {"location": BRIDGE, "country": None}),
        (
            {"compound": "compound_0", "location": PHNOM_PENH},
            compound(BRIDGE, "country_th"),
            {"country": "country_kh"},
        ),
    ],
)
def test_place_and_host_country_follow_from_the_site(
    row: dict[str, Any], site: dict[str, Any] | None, expected: dict[str, Any]
) -> None:
    """An action takes the point of its compound and the country decided for it, unless it has a place of its own."""
    referred = {"operation": OPERATION} | ({"compound": site} if site else {})
    assert filled("Action", {**ACTION, **row}, **referred) == (expected, [])


def test_a_new_site_moves_the_action() -> None:
    """An action that is given another compound moves there, though it had a place before."""
    row = {**ACTION, "location": PHNOM_PENH, "country": "country_kh", "compound": "compound_0"}
    values, problems = filled(
        "Action", row, given={"compound"}, operation=OPERATION, compound=compound(BRIDGE, "country_la")
    )
    assert (values, problems) == ({"location": BRIDGE, "country": "country_la"}, [])


@pytest.mark.parametrize(
    ("row", "referred", "said"),
    [
        ({"window_start": "2026-11-30T00:00:00.000Z"}, {}, "window_start: 2026-11-30T00:00:00.000Z is before the oper"),
        ({"window_end": "2026-12-08T00:00:00.000Z"}, {}, "window_end: 2026-12-08T00:00:00.000Z is after the operat"),
        ({}, {"operation": {**OPERATION, "state": "CLOSED"}}, "operation: the operation is CLOSED; choose one that is"),
        (
            {"group": "g"},
            {"group": {"id": "g", "operation": ["operation_1"]}},
            "group: the group belongs to another op",
        ),
        ({"location": PHNOM_PENH, "country": "country_th"}, {}, "country: TH is given, but longitude 104.92"),
    ],
)
def test_an_action_fits_its_operation(row: dict[str, Any], referred: dict[str, Any], said: str) -> None:
    """Its window lies within the frame, its group is of the same operation, which is still being planned."""
    problems = filled("Action", {**ACTION, **row}, **{"operation": OPERATION, **referred})[1]
    assert len(problems) == 1
    assert problems[0].startswith(said)


@pytest.mark.parametrize(
    ("state", "remedy"), [("ACTIVATED", "abort it"), ("DONE", "leave it"), ("CANCELLED", "leave it")]
)
def test_an_action_that_is_cleared_or_over_stands(state: str, remedy: str) -> None:
    """From ACTIVATED on, time and place stand; other fields may still change."""
    row = {**ACTION, "state": state}
    problems = filled("Action", row, given={"window_end", "priority"}, operation=OPERATION)[1]
    assert problems == [f"window_end: the action is {state}: its time and place stand; {remedy}"]
    assert filled("Action", row, given={"priority"}, operation=OPERATION)[1] == []


def test_h_hour_lies_within_the_frame() -> None:
    """An H-hour outside the operation's frame is refused."""
    row = {"start": OPERATION["start"], "end": OPERATION["end"], "h_hour": OPERATION["end"]}
    assert "lies outside the operation's frame" in filled("Operation", row)[1][0]
    assert filled("Operation", {**row, "h_hour": OPERATION["start"]}) == ({}, [])


def test_orders_are_between_two_actions_of_one_operation() -> None:
    """An action is not before itself, nor before one of another operation."""
    first, second = {"id": "a", "operation": ["o"]}, {"id": "b", "operation": ["o"]}
    row = {"before": "a", "after": "b"}
    assert filled("Precedence", row, before=first, after=second) == ({}, [])
    assert "cannot come before itself" in filled("Precedence", row, before=first, after=first)[1][0]
    elsewhere = {**second, "operation": ["p"]}
    assert "different operations" in filled("Precedence", row, before=first, after=elsewhere)[1][0]


@pytest.mark.parametrize(
    ("name", "row", "said"),
    [
        ("Resource", {"kind": "INTERPRETER", "language": "km"}, None),
        ("Resource", {"kind": "INTERPRETER", "language": "xq"}, "no ISO 639 language code; give a code such as km"),
        ("ResourceNeed", {"resource_kind": "BED", "language": "km"}, "only interpreters have a language"),
        ("QuietHours", {"action_kinds": ["RAID"]}, None),
        ("QuietHours", {"action_kinds": ["RAIDS"]}, "'RAIDS' is no kind of action; did you mean RAID?"),
    ],
)
def test_words_of_a_vocabulary_are_held_to_it(name: str, row: dict[str, Any], said: str | None) -> None:
    """Languages and kinds that there are not are refused with a suggestion."""
    problems = filled(name, row)[1]
    assert (not problems) if said is None else said in problems[0]


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=30))
def test_circles_are_found_where_there_are_any(pairs: list[tuple[int, int]]) -> None:
    """A circle is found exactly where the standard library finds no order, and each of its steps is an edge."""
    edges = [(str(first), str(second)) for first, second in pairs]
    circle = circle_in(edges)
    sorter = graphlib.TopologicalSorter[str]()
    for first, second in edges:
        sorter.add(second, first)
    try:
        sorter.prepare()
        assert circle is None
    except graphlib.CycleError:
        assert circle
        assert len(set(circle)) == len(circle)
        assert set(zip(circle, [*circle[1:], circle[0]], strict=True)) <= set(edges)


def test_a_circle_of_ten_thousand_is_found_without_deep_recursion() -> None:
    """One circle through 10,000 actions is named whole."""
    edges = [(str(place), str((place + 1) % 10_000)) for place in range(10_000)]
    assert len(circle_in(edges) or []) == 10_000


async def order(world: World, first: str, second: str) -> str:
    """Put an action before another."""
    return await world.create("Precedence", before=first, after=second)


async def test_orders_in_a_circle_are_refused_with_the_path(world: World) -> None:
    """The order that closes a circle is refused and the circle is named; within one batch too."""
    operation = await world.operation()
    one, two, three = [await world.action(operation, name=name) for name in "abc"]
    await order(world, one, two)
    await order(world, two, three)
    with pytest.raises(Invalid) as met:
        await order(world, three, one)
    assert "the order would go in a circle: " in met.value.message
    assert all(action in met.value.message for action in (one, two, three))
    other = [await world.action(operation, name=name) for name in "de"]
    rows = [
        checked("Precedence", before=other[0], after=other[1]),
        checked("Precedence", before=other[1], after=other[0]),
    ]
    with pytest.raises(Invalid):
        await world.write(lambda writing: writing.create(noun("Precedence"), rows))


async def test_two_writers_cannot_close_a_circle_together(world: World) -> None:
    """Each of two orders is right alone; written at once, one of the two is refused."""
    operation = await world.operation()
    for _ in range(6):
        one, two = [await world.action(operation) for _ in range(2)]
        outcomes = await asyncio.gather(order(world, one, two), order(world, two, one), return_exceptions=True)
        assert sorted(isinstance(each, OpsplanError) for each in outcomes) == [False, True]


async def test_a_retired_order_closes_no_circle(world: World) -> None:
    """Orders out of force do not count; bringing one back that closes a circle is refused."""
    operation = await world.operation()
    one, two = [await world.action(operation) for _ in range(2)]
    first = await order(world, one, two)
    await world.retire("Precedence", first)
    await order(world, two, one)
    with pytest.raises(Invalid):
        await world.write(lambda writing: writing.restore(noun("Precedence"), [(first, None)]))


async def test_the_frame_keeps_its_actions_inside(world: World) -> None:
    """A frame that would leave an action outside is refused; together with the action it may move."""
    operation = await world.operation()
    action = await world.action(operation)
    with pytest.raises(Invalid) as met:
        await world.change("Operation", operation, start="2026-12-01T12:00:00.000Z", h_hour="2026-12-01T12:00:00.000Z")
    assert action in met.value.message

    async def both(writing: Writing) -> None:
        later = {"start": "2026-12-01T12:00:00.000Z", "h_hour": "2026-12-01T12:00:00.000Z"}
        await writing.change(noun("Operation"), [{"id": operation, **later}])
        await writing.change(noun("Action"), [{"id": action, "window_start": "2026-12-01T12:00:00.000Z"}])

    await world.write(both)


async def test_an_action_lands_on_its_compounds_soil(world: World) -> None:
    """Through the writer: point and host country come from the compound and stand in the graph."""
    site = await world.compound(location=(102.6, 17.96), country="TH")
    action = await world.action(await world.operation(), compound=site)
    assert await world.referred(action, "ON_SOIL_OF") == ["country_th"]
    kept = await world.properties(action)
    assert (kept["location"].longitude, kept["location"].latitude) == (102.6, 17.96)


async def test_groups_take_only_their_operations_actions(world: World) -> None:
    """An action joins a group of its own operation, whose owner it needs to be."""
    operation, other = await world.operation(), await world.operation()
    group = await world.create("SimultaneityGroup", name="g", operation=other)
    with pytest.raises(Invalid) as met:
        await world.action(operation, group=group)
    assert met.value.field == "group"
    await world.action(other, group=group)
    with pytest.raises(Forbidden):
        await world.change("Action", await world.action(operation), actor=world.actor("B"), group=group)
    await world.change("Action", await world.action(other), actor=ADMINISTRATOR, group=group)
