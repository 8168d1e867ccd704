"""Budgets: what is let through in any minute, what a refusal costs and says, and who waits for a place how long."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsplan.calls.budget import WINDOW_S, Account, Bill, Budgets, Share
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.errors import RateLimited

LIMIT = 100
PAUSES = st.floats(0, 90, allow_nan=False) | st.sampled_from([0.0, 0.5, 0.999, 1.0, 59.0, 59.999, 60.0, 61.0])
CHARGES = st.lists(st.tuples(PAUSES, st.integers(1, LIMIT)), max_size=60)


class Seconds:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


def account(limit: int = LIMIT, at_once: int = 2, wait_s: float = 0.05) -> tuple[Account, Seconds]:
    clock = Seconds()
    return Account(Share(limit, at_once), wait_s=wait_s, monotonic=clock), clock


def refusal_of(one: Account, cost: int) -> RateLimited | None:
    """Charge, and give the refusal; None when it was let through."""
    try:
        one.charge(cost)
    except RateLimited as refused:
        return refused
    return None


@pytest.mark.requirement("G2")
@given(CHARGES)
@settings(max_examples=400)
def test_no_sequence_of_charges_lets_more_than_the_budget_through_in_any_minute(charges):
    """Whatever is asked whenever: no more than the limit is let through in any span of 60 s; a refusal costs nothing.

    What fits by the plain sum of the last minute is never refused but for charges less than a second from its edge.
    """
    one, clock = account()
    let_through: list[tuple[float, int]] = []
    for pause_s, cost in charges:
        clock.now_s += pause_s
        before = one.standing()
        near = sum(each for at_s, each in let_through if clock.now_s - WINDOW_S - 1 < at_s)
        refusal = refusal_of(one, cost)
        if refusal is None:
            let_through.append((clock.now_s, cost))
        else:
            assert one.standing() == before
            assert near + cost > LIMIT
            assert refusal.facts["remaining"] == before.remaining < cost
        assert (
            0
            <= one.standing().remaining
            <= LIMIT - sum(each for at_s, each in let_through if clock.now_s - WINDOW_S < at_s)
        )
    for begins_s, _ in let_through:
        assert sum(cost for at_s, cost in let_through if begins_s <= at_s < begins_s + WINDOW_S) <= LIMIT


@given(CHARGES, st.integers(1, LIMIT))
@settings(max_examples=200)
def test_after_the_time_that_a_refusal_tells_the_same_is_let_through(charges, cost):
    """Whoever waits as long as told, and asks nothing else meanwhile, is served; a second less would not do."""
    one, clock = account()
    for pause_s, each in charges:
        clock.now_s += pause_s
        refusal_of(one, each)
    clock.now_s += 0.25
    refusal = refusal_of(one, cost)
    if refusal is not None:
        assert 1 <= refusal.retry_after_s <= WINDOW_S
        clock.now_s += refusal.retry_after_s - 1
        assert refusal_of(one, cost) is not None
        clock.now_s += 1
        one.charge(cost)


def test_the_standing_tells_when_all_is_there_again():
    """The whole budget is there 60 s after the last charge; an unused account has nothing to wait for."""
    one, clock = account()
    assert (one.standing().remaining, one.standing().reset_s) == (LIMIT, 0)
    one.charge(30)
    clock.now_s += 10.5
    one.charge(20)
    assert (one.standing().remaining, one.standing().reset_s) == (50, 60)
    clock.now_s += 49.5
    assert (one.standing().remaining, one.standing().reset_s) == (80, 11)
    clock.now_s += 10.5
    assert (one.standing().remaining, one.standing().reset_s) == (LIMIT, 0)


def test_what_cannot_be_refused_any_more_is_waited_for_by_others():
    """A debit goes through beyond the limit; until it has left the window, charges are refused."""
    one, clock = account()
    one.debit(LIMIT + 40)
    assert one.standing().remaining == 0
    with pytest.raises(RateLimited) as refused:
        one.charge(1)
    assert refused.value.retry_after_s == WINDOW_S
    clock.now_s += WINDOW_S
    one.charge(LIMIT)


def test_what_is_kept_does_not_grow_with_charges_or_their_size():
    """A hundred thousand charges of a minute, of any cost, are kept in some sixty slices."""
    one, clock = account(limit=10**15)
    for _ in range(100_000):
        clock.now_s += 0.0006
        one.charge(10**6)
    assert len(one._slices) <= 62
    assert one.standing().remaining == 10**15 - 10**11


async def test_places_are_taken_in_turn_and_waited_for_shortly():
    """As many as allowed are let in at once; one more waits, gets the first free place, or is refused in time."""
    one, _ = account()
    order: list[str] = []

    async def work(name: str, until: asyncio.Event) -> None:
        async with one.place():
            order.append(name)
            await until.wait()

    first, second, rest = asyncio.Event(), asyncio.Event(), asyncio.Event()
    tasks = [asyncio.create_task(work("a", first)), asyncio.create_task(work("b", second))]
    await asyncio.sleep(0)
    tasks.append(asyncio.create_task(work("c", rest)))
    await asyncio.sleep(0.01)
    assert order == ["a", "b"]
    first.set()
    await asyncio.sleep(0.01)
    assert order == ["a", "b", "c"]
    with pytest.raises(RateLimited) as refused:
        await work("d", rest)
    assert refused.value.facts["over"] == "OPERATIONS_AT_ONCE"
    assert refused.value.retry_after_s >= 1
    second.set()
    rest.set()
    await asyncio.gather(*tasks)
    assert one.standing().remaining == LIMIT
    assert one.is_idle


async def test_who_leaves_while_waiting_takes_no_place():
    """A wait that is cancelled leaves the places as they were, also when it is cancelled as a place becomes free."""
    one, _ = account(at_once=1, wait_s=5)
    for pause_s in (0.0, 0.01):
        hold = one.place()
        await hold.__aenter__()
        waiting = [asyncio.create_task(one.place().__aenter__()) for _ in range(3)]
        await asyncio.sleep(pause_s)
        for each in waiting:
            each.cancel()
        await hold.__aexit__(None, None, None)
        await asyncio.gather(*waiting, return_exceptions=True)
        async with one.place():
            pass
        assert one.is_idle


async def test_only_so_many_wait():
    """Beyond five per place nobody waits: a flood is refused at once."""
    one, _ = account(at_once=1, wait_s=30)
    async with one.place():
        waiting = [asyncio.create_task(one.place().__aenter__()) for _ in range(5)]
        await asyncio.sleep(0)
        with pytest.raises(RateLimited):
            await asyncio.wait_for(one.place().__aenter__(), 1)
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_who_has_nothing_left_does_not_wait_for_a_place():
    """With an empty budget a place would be waited for in vain."""
    one, _ = account(wait_s=30)
    one.charge(LIMIT)
    with pytest.raises(RateLimited) as refused:
        await asyncio.wait_for(one.place().__aenter__(), 1)
    assert refused.value.facts["over"] == "BUDGET"


def test_each_agency_has_its_own_accounts():
    """Two people of one agency share; another agency, and urgent changes, do not. Administrators are no exception."""
    budgets = Budgets(Share(100, 1), Share(50, 1))
    anna, ben = Actor("anna", "agency_1", "A"), Actor("ben", "agency_1", "A", frozenset({Role.ADMINISTRATOR}))
    assert budgets.of(anna) is budgets.of(ben)
    assert budgets.of(anna) is not budgets.of(Actor("anna", "agency_2", "B"))
    assert budgets.of(anna) is not budgets.of(anna, urgent=True)
    assert budgets.of(anna, urgent=True).share == Share(50, 1)
    machine = Actor("machine:root", roles=frozenset({Role.ADMINISTRATOR}))
    assert budgets.of(machine) is not budgets.of(anna)


def test_accounts_that_nobody_uses_are_given_up():
    """Ten thousand agencies that asked once do not stay in memory; one that has spent keeps its account."""
    clock = Seconds()
    budgets = Budgets(Share(100, 1), Share(50, 1), monotonic=clock)
    spender = budgets.of(Actor("x", "agency_spender"))
    spender.charge(1)
    for number in range(25_000):
        budgets.of(Actor("x", f"agency_{number}"))
    assert len(budgets._accounts) <= 10_001
    assert budgets.of(Actor("x", "agency_spender")) is spender


def test_what_was_foreseen_is_charged_once():
    """A bill draws on what was paid in advance; what comes beyond is refused, or debited once it must be finished."""
    one, _ = account()
    bill = Bill(one)
    bill.prepay(60)
    bill.charge(40)
    bill.charge(30)
    assert (bill.charged, one.standing().remaining) == (70, 30)
    with pytest.raises(RateLimited):
        bill.charge(31)
    assert (bill.charged, one.standing().remaining) == (70, 30)
    bill.may_be_refused = False
    bill.charge(31)
    assert (bill.charged, one.standing().remaining) == (101, 0)
