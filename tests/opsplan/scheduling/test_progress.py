"""The progress of runs for listeners: pushed or looked up, conflated for the slow, ended with the run."""

import asyncio
from contextlib import aclosing

import pytest

from opsplan.scheduling.model import RunState
from opsplan.scheduling.worker import ProgressFeed, RunProgress, open_worker
from opsplan.vocabulary.errors import NotFound
from tests.opsplan.scheduling.theatre import Theatre


async def heard(feed: ProgressFeed, run: str) -> list[RunProgress]:
    """Listen to a run to its end."""
    async with aclosing(feed.listen(run)) as states:
        return [each async for each in states]


async def test_a_listener_hears_a_run_from_waiting_to_its_end(theatre: Theatre) -> None:
    """A listener in the worker's process and one in another hear how a run goes, in order, and end with its plan."""
    await theatre.hard(raids=12)
    run = await theatre.request(seconds=2)
    elsewhere = ProgressFeed(theatre.graph, pause_s=0.1)
    listening = [asyncio.create_task(heard(feed, run)) for feed in (theatre.feed, elsewhere)]
    await asyncio.sleep(0.2)
    async with open_worker(theatre.worker()):
        ended = await asyncio.wait_for(asyncio.gather(*listening), 60)
    plan = await theatre.plan_of(run)
    for states in ended:
        assert states[0].state is RunState.QUEUED
        assert states[-1].state is RunState.SUCCEEDED
        assert states[-1].plan_id == plan
        assert [each.is_final for each in states] == [False] * (len(states) - 1) + [True]
        searching = [each for each in states if each.state is RunState.RUNNING and each.placed is not None]
        assert searching
        times = [each.elapsed_seconds or 0.0 for each in searching]
        assert times == sorted(times)
        weights = [each.incumbent or 0.0 for each in searching]
        assert weights == sorted(weights)
        assert all((each.placed or 0) + (each.unplaced or 0) == 12 for each in searching)


async def test_a_run_that_has_ended_is_told_once(theatre: Theatre) -> None:
    """Whoever listens to a run that has ended hears its end and nothing more; an unknown run is refused."""
    run = await theatre.request()
    await theatre.cancel(run)
    states = await heard(theatre.feed, run)
    assert [(each.state, each.is_final) for each in states] == [(RunState.CANCELLED, True)]
    with pytest.raises(NotFound):
        await heard(theatre.feed, "schedule_run_00000000000000000000000000")


async def test_a_slow_listener_skips_states_and_misses_no_end(theatre: Theatre) -> None:
    """A listener that takes its time gets the latest state each time, and the end."""
    run = await theatre.request()
    feed = ProgressFeed(theatre.graph, pause_s=0.05)
    states: list[RunProgress] = []
    async with aclosing(feed.listen(run)) as listening:
        async for each in listening:
            states.append(each)
            if len(states) == 1:
                for number in range(100):
                    feed.tell(RunProgress(run, RunState.RUNNING, 1, elapsed_seconds=float(number), placed=number))
                await asyncio.sleep(0.02)
            elif len(states) == 2:
                await theatre.cancel(run)
                feed.look(run)
    assert len(states) <= 4
    assert states[-1].state is RunState.CANCELLED


async def test_listeners_leave_nothing_behind(theatre: Theatre) -> None:
    """When the last listener of a run leaves, nobody looks the run up any more."""
    run = await theatre.request()
    before = len(asyncio.all_tasks())
    async with aclosing(theatre.feed.listen(run)) as one, aclosing(theatre.feed.listen(run)) as other:
        await anext(one)
        await anext(other)
        pending = [asyncio.ensure_future(anext(each)) for each in (one, other)]
        await asyncio.sleep(0.05)
        for each in pending:
            each.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
    assert len(asyncio.all_tasks()) == before
