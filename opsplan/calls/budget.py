"""What each agency may use of the service: cost within a minute, and operations at once.

Each agency has two accounts: one for what it asks in general, and one for urgent changes (the status of the hour, a
stop), which the first can never use up. What is refused costs nothing; what has begun stays charged, whatever becomes
of it. The accounts are those of one process.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.errors import RateLimited
from opsplan.vocabulary.sentences import say

WINDOW_S = 60
"""The budget holds for any span of this many seconds."""

_SLICE_S = 1.0
_WAITING_PER_PLACE = 5
_MOST_ACCOUNTS = 10_000


@dataclass(frozen=True, slots=True)
class Share:
    """What an agency may use.

    Attributes
    ----------
    cost
        Cost within any `WINDOW_S` seconds.
    at_once
        Operations under way at once; further ones wait a little for a place.
    """

    cost: int
    at_once: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account stands: its limit, what is left of it, and whole seconds until all of it is there again."""

    limit: int
    remaining: int
    reset_s: int


@dataclass(slots=True)
class _Slice:
    """Charges that leave the window together, with the last of them."""

    first_s: float
    last_s: float
    cost: int


class Account:
    """One agency's use of the service. It belongs to one event loop.

    Parameters
    ----------
    share
        What it may use.
    wait_s
        Seconds for which an operation waits for a place.
    monotonic
        Seconds of a clock that never goes back.
    """

    def __init__(self, share: Share, *, wait_s: float = 2.0, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.share = share
        self._wait_s = wait_s
        self._monotonic = monotonic
        self._slices: deque[_Slice] = deque()
        self._spent = 0
        self._places = asyncio.Semaphore(share.at_once)
        self._under_way = 0
        self._waiting = 0

    @property
    def is_idle(self) -> bool:
        """Whether nothing would be lost if it were opened anew."""
        return not (self._spent_by_now() or self._under_way or self._waiting)

    def standing(self) -> Standing:
        """Tell how it stands."""
        remaining = max(0, self.share.cost - self._spent_by_now())
        reset_s = self._leaves_in_s(self._slices[-1]) if self._slices else 0
        return Standing(self.share.cost, remaining, reset_s)

    def charge(self, cost: int) -> None:
        """Charge an operation that is about to begin.

        Raises
        ------
        RateLimited
            If it does not fit into what is left; then nothing is charged.
        """
        if self._spent_by_now() + cost > self.share.cost:
            raise self._over_budget(cost)
        self._add(cost)

    def debit(self, cost: int) -> None:
        """Charge what is under way and cannot be refused any more; what is over the budget, later ones wait for."""
        self._spent_by_now()
        self._add(cost)

    def place(self) -> "_Place":
        """Hold one of the places for operations under way for a block, after a short wait when all are taken.

        Raises
        ------
        RateLimited
            If no place becomes free in time; or if nothing is left of the budget, so that waiting would be in vain.
        """
        return _Place(self)

    async def _begin(self) -> None:
        if self._spent_by_now() >= self.share.cost:
            raise self._over_budget(1)
        await self._take_place()
        self._under_way += 1

    def _end(self) -> None:
        self._under_way -= 1
        self._places.release()

    async def _take_place(self) -> None:
        if not self._places.locked():
            await self._places.acquire()
            return
        if self._waiting >= _WAITING_PER_PLACE * self.share.at_once:
            raise self._crowded()
        self._waiting += 1
        try:
            async with asyncio.timeout(self._wait_s):
                await self._places.acquire()
        except TimeoutError:
            raise self._crowded() from None
        finally:
            self._waiting -= 1

    def _add(self, cost: int) -> None:
        now_s = self._monotonic()
        last = self._slices[-1] if self._slices else None
        if last is not None and now_s - last.first_s < _SLICE_S:
            last.last_s = now_s
            last.cost += cost
        else:
            self._slices.append(_Slice(now_s, now_s, cost))
        self._spent += cost

    def _spent_by_now(self) -> int:
        """What was spent within the window that ends now."""
        begins_s = self._monotonic() - WINDOW_S
        while self._slices and self._slices[0].last_s <= begins_s:
            self._spent -= self._slices.popleft().cost
        return self._spent

    def _leaves_in_s(self, charged: _Slice) -> int:
        return max(1, math.ceil(charged.last_s + WINDOW_S - self._monotonic()))

    def _over_budget(self, cost: int) -> RateLimited:
        spent, wait_s = self._spent, WINDOW_S
        for each in self._slices:
            spent -= each.cost
            if spent + cost <= self.share.cost:
                wait_s = self._leaves_in_s(each)
                break
        remaining = max(0, self.share.cost - self._spent)
        return RateLimited(
            say(
                "Your agency may use {limit:,} in {window_s} s, and {remaining:,} of it is left.",
                limit=self.share.cost,
                window_s=WINDOW_S,
                remaining=remaining,
            ),
            retry_after_s=wait_s,
            remedy=say(
                "ask again in {wait_s} s, or for less: smaller pages, fewer levels, fewer counts", wait_s=wait_s
            ),
            over="BUDGET",
            cost=cost,
            limit=self.share.cost,
            remaining=remaining,
        )

    def _crowded(self) -> RateLimited:
        return RateLimited(
            say(
                "Your agency has {at_once} operations under way, as many as it may have at once.",
                at_once=self.share.at_once,
            ),
            retry_after_s=max(1, math.ceil(self._wait_s)),
            remedy=say("wait for their answers before asking more"),
            over="OPERATIONS_AT_ONCE",
            limit=self.share.at_once,
        )


class _Place:
    """A place that is held for a block."""

    __slots__ = ("_account",)

    def __init__(self, account: Account) -> None:
        self._account = account

    async def __aenter__(self) -> None:
        await self._account._begin()

    async def __aexit__(self, *_: object) -> None:
        self._account._end()


class Budgets:
    """The accounts of all agencies.

    Parameters
    ----------
    ordinary, urgent
        What each agency may use, in general and for urgent changes.
    wait_s, monotonic
        As of an `Account`.
    """

    def __init__(
        self,
        ordinary: Share,
        urgent: Share,
        *,
        wait_s: float = 2.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shares = (ordinary, urgent)
        self._wait_s = wait_s
        self._monotonic = monotonic
        self._accounts: dict[tuple[str, bool], Account] = {}

    def of(self, actor: Actor, *, urgent: bool = False) -> Account:
        """Give the account that an actor's operations go to: that of the agency, an administrator's too.

        Actors without an agency (commands on this machine) have one by their own name.
        """
        holder = actor.agency_id or actor.subject
        account = self._accounts.get((holder, urgent))
        if account is None:
            if len(self._accounts) >= _MOST_ACCOUNTS:
                self._accounts = {key: each for key, each in self._accounts.items() if not each.is_idle}
            account = Account(self._shares[urgent], wait_s=self._wait_s, monotonic=self._monotonic)
            self._accounts[holder, urgent] = account
        return account


class Bill:
    """What one operation is charged.

    Parameters
    ----------
    account
        Who pays.
    may_be_refused
        Whether a charge may still be refused; what is under way and must be finished goes to the account all the same.
    """

    __slots__ = ("_prepaid", "account", "charged", "may_be_refused")

    def __init__(self, account: Account, *, may_be_refused: bool = True) -> None:
        self.account = account
        self.may_be_refused = may_be_refused
        self.charged = 0
        self._prepaid = 0

    def prepay(self, cost: int) -> None:
        """Charge what is foreseen, before anything is done; raises as `charge`."""
        self.charge(cost)
        self._prepaid += cost

    def charge(self, cost: int) -> None:
        """Charge a cost, as far as it was not foreseen.

        Raises
        ------
        RateLimited
            If it may be refused and does not fit.
        """
        foreseen = min(cost, self._prepaid)
        self._prepaid -= foreseen
        if cost > foreseen:
            pay = self.account.charge if self.may_be_refused else self.account.debit
            pay(cost - foreseen)
            self.charged += cost - foreseen
