"""A caller who leaves: a query is ended at once, a change is finished."""

import asyncio

import pytest
from starlette.requests import Request

from opsplan.web.endpoint import while_connected
from opsplan.web.requests import RefusedRequest


def _request(leaves: asyncio.Event) -> Request:
    """Give a request whose caller leaves when `leaves` is set, as an ASGI server tells it."""
    told = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive():
        message = next(told, None)
        if message is None:
            await leaves.wait()
            return {"type": "http.disconnect"}
        return message

    return Request({"type": "http", "method": "POST", "headers": []}, receive)


async def test_work_is_cancelled_when_the_caller_leaves():
    """The work is cancelled at once, and with it its transaction on the server."""
    leaves, cancelled = asyncio.Event(), asyncio.Event()

    async def work():
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    asyncio.get_running_loop().call_later(0.05, leaves.set)
    with pytest.raises(RefusedRequest):
        await asyncio.wait_for(while_connected(work(), _request(leaves)), 5)
    assert cancelled.is_set()


async def test_work_is_done_and_answered_while_the_caller_stays():
    """Who stays gets the answer, and what the work raises."""

    async def work():
        await asyncio.sleep(0.01)
        return "done"

    async def fail():
        raise ValueError("as expected")

    assert await while_connected(work(), _request(asyncio.Event())) == "done"
    with pytest.raises(ValueError, match="as expected"):
        await while_connected(fail(), _request(asyncio.Event()))


async def test_a_time_out_from_outside_ends_the_work_too():
    """The limit of the whole request reaches the work, and is told as such."""
    cancelled = asyncio.Event()

    async def work():
        try:
            await asyncio.sleep(60)
        finally:
            cancelled.set()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await while_connected(work(), _request(asyncio.Event()))
    await asyncio.wait_for(cancelled.wait(), 5)
