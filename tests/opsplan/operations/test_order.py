"""Orders of actions, through the writer: no write leaves them in a circle, whichever way it comes about."""

import asyncio

import pytest

from opsplan.records.writing.items import ItemOutcome, upsert_items
from opsplan.vocabulary.clock import system_clock
from opsplan.vocabulary.errors import Invalid
from tests.opsplan.records.conftest import world as world  # the fixture
from tests.opsplan.records.world import World, checked, noun


async def actions(world: World, count: int) -> list[str]:
    """Give so many actions of one operation."""
    operation = await world.operation()
    return [await world.action(operation) for _ in range(count)]


async def order(world: World, before: str, after: str) -> str:
    """Let an action come before another."""
    return await world.create("Precedence", before=before, after=after)


async def orders(world: World, *of: str) -> set[tuple[str, str]]:
    """Give the orders in force of some actions."""
    rows = await world.graph.read_rows(
        "MATCH (a:Action)<-[:BEFORE]-(p:Precedence)-[:AFTER]->(b:Action) "
        "WHERE a.id IN $of AND p.retired_at IS NULL RETURN a.id, b.id",
        {"of": list(of)},
    )
    return {(first, second) for first, second in rows}


async def test_an_order_that_closes_a_circle_is_refused_with_its_path(world: World) -> None:
    """The refusal names every action along it, and nothing is written."""
    first, second, third = await actions(world, 3)
    await order(world, first, second)
    await order(world, second, third)
    before = await orders(world, first, second, third)
    with pytest.raises(Invalid, match="in a circle") as refused:
        await order(world, third, first)
    assert refused.value.field == "after"
    assert all(each in refused.value.message for each in (first, second, third))
    with pytest.raises(Invalid, match="cannot come before itself"):
        await order(world, first, first)
    assert await orders(world, first, second, third) == before


async def test_restoring_an_order_may_not_close_a_circle(world: World) -> None:
    """What was retired comes back only where it still fits."""
    first, second = await actions(world, 2)
    retired = await order(world, first, second)
    await world.retire("Precedence", retired)
    await order(world, second, first)

    async def restore(writing):
        await writing.restore(noun("Precedence"), [(retired, None)], "meant it")

    with pytest.raises(Invalid, match="in a circle"):
        await world.write(restore)
    assert await orders(world, first, second) == {(second, first)}


async def test_of_two_orders_at_once_that_close_a_circle_one_is_made(world: World) -> None:
    """Racing writers see each other, though neither order alone is wrong."""
    for _ in range(5):
        first, second = await actions(world, 2)
        ended = await asyncio.gather(order(world, first, second), order(world, second, first), return_exceptions=True)
        assert sorted(type(each).__name__ for each in ended) == ["Invalid", "str"]


async def test_of_many_orders_in_one_call_the_one_that_closes_a_circle_is_refused(world: World) -> None:
    """PARTIAL takes the others, ATOMIC none; the refusal is that of the item."""
    first, second, third = await actions(world, 3)
    pairs = [(first, second), (second, third), (third, first)]
    items = [
        checked("Precedence", before=before, after=after, external_id=f"order-{place}", owner=world.agencies["A"])
        for place, (before, after) in enumerate(pairs)
    ]
    for is_atomic in (True, False):
        said = await upsert_items(
            world.graph,
            world.actor(),
            system_clock,
            laws=world.laws,
            noun=noun("Precedence"),
            items=items,
            is_atomic=is_atomic,
            request_id="test",
        )
        outcomes = [each.outcome for each in said]
        refused = [each for each in said if each.outcome is ItemOutcome.REFUSED]
        assert len(refused) == 1
        assert "in a circle" in refused[0].refusal.message
        rest = {ItemOutcome.NOT_APPLIED} if is_atomic else {ItemOutcome.CREATED}
        assert {each for each in outcomes if each is not ItemOutcome.REFUSED} == rest
    assert len(await orders(world, first, second, third)) == 2
