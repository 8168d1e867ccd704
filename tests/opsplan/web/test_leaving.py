"""A caller who leaves: a query is ended at once, a change is finished."""

import asyncio
import time

import httpx
import pytest
from starlette.requests import Request

from opsplan.web.endpoint import while_connected
from opsplan.web.requests import RefusedRequest
from tests.opsplan.web.conftest import Api


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


async def test_what_must_be_finished_is_finished():
    """Once it has begun, a change is done and answered although its caller has left; before, it is not begun."""
    for has_begun in (True, False):
        leaves, begun, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def work(has_begun=has_begun, begun=begun, done=done):
            if has_begun:
                begun.set()
            await asyncio.sleep(0.2)
            done.set()

        asyncio.get_running_loop().call_later(0.05, leaves.set)
        doing = while_connected(work(), _request(leaves), unless=begun)
        if has_begun:
            await doing
        else:
            with pytest.raises(RefusedRequest):
                await doing
        assert done.is_set() is has_begun


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


# By real HTTP: the service, a query that computes for minutes, and the server's own list of transactions.

NEST = '{name: {eq: "nobody"}}'
for _ in range(2):
    NEST = f"{{targets: {{some: {{actions: {{some: {NEST}}}}}}}}}"
LONG_READ = f"actions(first: 1, where: {NEST}) {{ nodes {{ id }} }}"
DENSE = """CREATE (o:Record:Operation {id: 'operation_1', sensitivity: 'OPEN'}) WITH o UNWIND range(1, 60) AS n
CREATE (:Record:Action {id: 'action_' + n, name: 'EXERCISE ' + n})-[:PART_OF]->(o), (:Record:Target {id: 'target_' + n})
WITH count(*) AS made MATCH (a:Action), (t:Target) CREATE (a)-[:CONCERNS]->(t)"""


async def _running(graph):
    """Give how many statements that go over actions' targets run on the server."""
    rows = await graph.read_rows(
        "SHOW TRANSACTIONS YIELD currentQuery "
        "WHERE currentQuery CONTAINS 'CONCERNS' AND NOT currentQuery STARTS WITH 'SHOW' RETURN count(*)"
    )
    return rows[0][0]


async def _until_running(graph, wanted):
    for _ in range(200):
        if (await _running(graph) > 0) is wanted:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"running is still {not wanted}")


@pytest.mark.parametrize("query", [f"{{ {LONG_READ} }}", f"{{ viewer {{ subject }} {LONG_READ} }}"])
async def test_a_caller_who_hangs_up_ends_the_transaction_on_the_server(service, world, query):
    """The server's own list shows the query's transaction while the caller waits, and soon after it has left no more.

    Compiled whole, and mixed with fields that resolvers answer: left alone, either would run for its whole time-out.
    """
    await world.run_outside(DENSE)
    async with httpx.AsyncClient(base_url=service.url, timeout=30) as client:
        asking = asyncio.create_task(Api(client, service.token()).post(query))
        await _until_running(world, True)
        await asyncio.sleep(0.5)
        assert await _running(world) == 1
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    begun = time.monotonic()
    await _until_running(world, False)
    assert time.monotonic() - begun < 5
