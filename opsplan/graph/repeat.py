"""Attempts at one transaction: how long each may take, and which failures are worth another.

A transaction is repeated only when that is safe and may help (a deadlock, a connection lost before the commit);
time-outs, exhausted memory and commits of unknown outcome never are.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from opsplan.graph.failures import DRIVER_FAILURES, is_deadlock, may_run_again, ours
from opsplan.vocabulary.errors import TimedOut
from opsplan.vocabulary.sentences import say

Result = TypeVar("Result")

_FIRST_PAUSE_S = 0.005
# A server that is not there needs longer than a lock that is held.
_FIRST_PAUSE_UNREACHABLE_S = 0.05


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a transaction may take and how often it may be repeated.

    Parameters
    ----------
    timeout_s
        Seconds that one attempt may take on the server, which ends it then.
    attempts
        How often it may be tried in all.
    total_s
        Seconds after its begin from which it is not tried again.
    longest_pause_s
        The pause between attempts grows, with jitter, up to this many seconds.
    silence_s
        Seconds beyond `timeout_s` after which a server that keeps silent is hung up on. It ends a statement by
        itself, but up to two seconds late.
    """

    timeout_s: float = 30.0
    attempts: int = 200
    total_s: float = 15.0
    longest_pause_s: float = 0.5
    silence_s: float = 5.0


async def repeat(
    attempt: Callable[[], Awaitable[Result]], doing: str, bounds: Bounds, timeout_s: float, attempts: int
) -> Result:
    """Do something until it succeeds, fails for good, or has had its time.

    Parameters
    ----------
    doing
        Name of the query or kind of transaction, for the text of errors.
    timeout_s
        Seconds that the server gives one attempt.

    Raises
    ------
    OpsplanError, QueryFailed
        As `opsplan.graph.failures` says; `TimedOut` too where the server keeps silent. What is no failure of the driver
        passes through.
    """
    began = time.monotonic()
    patience_s = timeout_s + bounds.silence_s
    tried = 0
    while True:
        tried += 1
        attempt_began = time.monotonic()
        try:
            async with asyncio.timeout(patience_s) as patience:
                return await attempt()
        except TimeoutError as failure:
            if not patience.expired():
                raise
            raise TimedOut(
                say("Neo4j kept silent for {patience_s:g} s during {doing}.", patience_s=patience_s, doing=doing),
                remedy=say("look whether the server is overloaded or cut off"),
            ) from failure
        except DRIVER_FAILURES as failure:
            spent_s = time.monotonic() - began
            if not may_run_again(failure) or tried >= attempts or spent_s >= bounds.total_s:
                out_of_time = time.monotonic() - attempt_began >= timeout_s
                raise ours(failure, doing=doing, out_of_time=out_of_time) from failure
            await asyncio.sleep(_pause_s(failure, bounds.longest_pause_s, tried))


def _pause_s(failure: BaseException, longest_s: float, tried: int) -> float:
    first_s = _FIRST_PAUSE_S if is_deadlock(failure) else _FIRST_PAUSE_UNREACHABLE_S
    return random.uniform(0.0, min(longest_s, first_s * 2.0 ** min(tried, 10)))
