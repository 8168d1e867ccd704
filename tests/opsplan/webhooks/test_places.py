"""Places for requests: what is slow makes room for what is quick, and never are there more than so many."""

import asyncio

from opsplan.webhooks.model import WebhookOutcome
from opsplan.webhooks.sending import Attempt
from opsplan.webhooks.worker.places import Places


class Requests:
    """Requests that take a given time, and how many were under way at once."""

    def __init__(self) -> None:
        self.under_way = 0
        self.most = 0
        self.ended = 0

    async def taking(self, seconds: float) -> Attempt:
        """Make one."""
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await asyncio.sleep(seconds)
            self.ended += 1
            return Attempt(WebhookOutcome.OK)
        finally:
            self.under_way -= 1


async def test_the_slow_make_room_or_are_broken_off() -> None:
    """Of six that hang, two go on among the slow ones and four are broken off; a quick one waits for moments."""
    places, requests = Places(2, quick_s=0.05), Requests()
    loop = asyncio.get_running_loop()
    slow = [asyncio.create_task(places.send(lambda: requests.taking(1.0), has_failed=False)) for _ in range(6)]
    await asyncio.sleep(0)
    begun = loop.time()
    assert (await places.send(lambda: requests.taking(0), has_failed=False)).is_ok
    assert loop.time() - begun < 0.6
    outcomes = [attempt.outcome for attempt in await asyncio.gather(*slow)]
    assert sorted(outcomes) == [WebhookOutcome.OK] * 2 + [WebhookOutcome.TIMED_OUT] * 4
    assert requests.most <= 4
    assert requests.under_way == 0


async def test_those_that_failed_wait_for_each_other_alone() -> None:
    """While they take all the slow places, a healthy one has its own."""
    places, requests = Places(1, quick_s=0.05), Requests()
    failing = [asyncio.create_task(places.send(lambda: requests.taking(0.3), has_failed=True)) for _ in range(2)]
    await asyncio.sleep(0)
    assert (await asyncio.wait_for(places.send(lambda: requests.taking(0), has_failed=False), 0.25)).is_ok
    assert all(attempt.is_ok for attempt in await asyncio.gather(*failing))
    assert requests.most == 2


async def test_whoever_stops_leaves_no_request_behind() -> None:
    """A teller that is cancelled takes its request with it, and gives its place back."""
    places, requests = Places(1, quick_s=0.05), Requests()
    for has_failed in (False, True):
        task = asyncio.create_task(places.send(lambda: requests.taking(60), has_failed=has_failed))
        await asyncio.sleep(0.1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0)
        assert requests.under_way == 0
    assert (await places.send(lambda: requests.taking(0), has_failed=True)).is_ok
    assert (await places.send(lambda: requests.taking(0), has_failed=False)).is_ok
