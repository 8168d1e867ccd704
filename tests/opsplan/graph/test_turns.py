"""Turns of the writers of one process: first come first served, never lost, and not waited for without end."""

import asyncio

import pytest

from opsplan.graph.driver import Graph
from opsplan.graph.turns import MOST_RETURNS, Turns
from opsplan.records.writing.sequence import hold_sequence


async def test_turns_begin_in_the_order_in_which_they_were_asked_for():
    """Of twenty that ask, one at a time goes on, the longest waiting first."""
    turns = Turns()
    order: list[int] = []
    at_once = 0

    async def one(number: int) -> None:
        nonlocal at_once
        turn = await turns.take()
        at_once += 1
        assert at_once == 1
        order.append(number)
        await asyncio.sleep(0)
        at_once -= 1
        turns.end(turn)

    await asyncio.gather(*(one(number) for number in range(20)))
    assert order == list(range(20))


async def test_whoever_is_let_return_is_the_first_a_few_times():
    """Whose turn comes to nothing again and again is before all others three times, and then behind them."""
    turns = Turns()
    order: list[str] = []

    async def one(who: str, *, comes_to_nothing: bool = False) -> None:
        turn = await turns.take(who)
        order.append(who)
        if comes_to_nothing:
            turns.let_return(turn, who)
        turns.end(turn)

    await one("A", comes_to_nothing=True)
    for number in range(MOST_RETURNS + 1):
        holding = await turns.take()
        others = [asyncio.create_task(one("B")), asyncio.create_task(one("A", comes_to_nothing=True))]
        await asyncio.sleep(0)
        turns.end(holding)
        await asyncio.gather(*others)
        assert order[-2:] == (["A", "B"] if number < MOST_RETURNS else ["B", "A"])


async def test_a_turn_that_is_given_up_lets_the_next_begin():
    """Cancelled while it waits, or when it has just begun, a turn holds nobody up."""
    turns = Turns()
    first = await turns.take()
    waiting = [asyncio.create_task(turns.take()) for _ in range(4)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    turns.end(first)
    # It has begun, and is cancelled before its task has heard of it.
    waiting[1].cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting[1]
    second = await waiting[2]
    assert not waiting[3].done()
    turns.end(second)
    turns.end(second)
    turns.end(await waiting[3])
    turns.end(await turns.take())


async def test_a_turn_that_lasts_too_long_is_not_waited_for():
    """The next begins beside it, and the row goes on as if it had ended; its own end then changes nothing."""
    turns = Turns(longest_s=0.02)
    slow = await turns.take()
    second = await asyncio.wait_for(turns.take(), 5)
    third = asyncio.create_task(turns.take())
    await asyncio.sleep(0)
    turns.end(slow)
    await asyncio.sleep(0)
    assert not third.done()
    turns.end(second)
    turns.end(await third)


async def test_a_turn_ends_with_its_transaction(empty_graph: Graph):
    """However it ends: committed, refused, or cancelled in the middle."""

    async def held(after: str) -> None:
        async def work(tx) -> None:
            await hold_sequence(tx)
            await tx.take_turn()
            if after == "refused":
                raise LookupError
            if after == "cancelled":
                await asyncio.sleep(60)

        await empty_graph.write(work)

    await held("committed")
    with pytest.raises(LookupError):
        await held("refused")
    cancelled = asyncio.create_task(held("cancelled"))
    await asyncio.sleep(0.1)
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    await asyncio.wait_for(held("committed"), 20)
