"""What accepted participants offer is what a schedule may use: when, and how much of it."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsplan.operations.states import ParticipantState
from opsplan.scheduling.plan.whereabouts import Whereabouts
from opsplan.scheduling.problem.calendars import availability
from opsplan.scheduling.problem.grid import Grid
from opsplan.scheduling.problem.pools import PoolKey, pool_steps
from opsplan.scheduling.problem.snapshot import (
    ReadCapacity,
    ReadOperation,
    ReadResource,
    ReadResourceClaim,
    ReadResourceOffer,
    ReadUnit,
    ReadUnitOffer,
    Snapshot,
)
from opsplan.scheduling.service import StalePlan
from tests.opsplan.scheduling.theatre import DAY, PHNOM_PENH, Theatre, at

GRID = Grid.over(DAY, DAY + timedelta(hours=10), 60)


@pytest.mark.requirement("P1")
async def test_only_what_accepted_participants_offer_is_used(theatre: Theatre) -> None:
    """The unit of an agency that is invited is not used, nor one that is not offered; once it has accepted, it is."""
    await theatre.staffed_raid()
    await theatre.unit("Unoffered", offered=False)
    guest = await theatre.guest()
    await theatre.offer(await theatre.unit_of_guest("Guest 1"), participant=guest, by=theatre.world.actor("B"))
    left_out = await theatre.left_out(await theatre.planned())
    assert left_out["Raid 1"]["codes"] == ["NO_UNIT_OF_KIND"] or "UNIT" in left_out["Raid 1"]["codes"][0]
    await theatre.reply(guest, ParticipantState.ACCEPTED)
    rows = await theatre.rows(await theatre.planned())
    assert rows["Raid 1"]["units"] == ["Guest 1"]


async def test_a_plan_of_one_who_withdraws_is_refused(theatre: Theatre) -> None:
    """What an agency offered no longer counts once it has withdrawn: the plan that uses it is not published."""
    await theatre.staffed_raid()
    guest = await theatre.guest()
    await theatre.offer(await theatre.unit_of_guest("Guest 1"), participant=guest, by=theatre.world.actor("B"))
    await theatre.reply(guest, ParticipantState.ACCEPTED)
    plan = await theatre.planned()
    await theatre.reply(guest, ParticipantState.WITHDRAWN)
    with pytest.raises(StalePlan) as refusal:
        await theatre.publish(plan)
    sentences = [each.sentence for each in refusal.value.facts["broken_rules"]]
    assert sentences == ["Raid 1 is planned with Guest 1, which was retired or is no longer offered."]


async def test_a_unit_works_within_its_offer(theatre: Theatre) -> None:
    """A unit offered from the tenth hour on is used then; when its offer moves, the plan says what is wrong."""
    await theatre.staffed_raid()
    unit = await theatre.unit("Unit 1", offered=False)
    offer = await theatre.offer(unit, start=at(10))
    plan = await theatre.planned()
    assert (await theatre.rows(plan))["Raid 1"]["start"] >= at(10)
    await theatre.change("Offer", offer, start=None, end=at(9))
    with pytest.raises(StalePlan) as refusal:
        await theatre.publish(plan)
    (broken,) = refusal.value.facts["broken_rules"]
    assert broken.rule == "calendars"
    assert "Unit 1 is offered until 2026-12-01 09:00 UTC" in broken.sentence


async def test_no_more_beds_are_used_than_are_offered(theatre: Theatre) -> None:
    """Of 40 beds 25 are offered: an action that needs 30 has no place, and has one when all are offered."""
    await theatre.bed_need(await theatre.raid())
    beds = await theatre.beds(40, offered=False)
    offer = await theatre.offer(beds, amount=25)
    assert set(await theatre.left_out(await theatre.planned())) == {"Raid 1"}
    await theatre.change("Offer", offer, amount=None)
    assert set(await theatre.rows(await theatre.planned())) == {"Raid 1"}


def hour(number: int) -> datetime:
    """Give the begin of an hour of the grid."""
    return DAY + timedelta(hours=number)


SPANS = st.tuples(st.none() | st.integers(-3, 12), st.none() | st.integers(-3, 12)).filter(
    lambda span: span[0] is None or span[1] is None or span[0] < span[1]
)


def within(span: tuple[int | None, int | None], number: int) -> bool:
    """Whether an hour lies in a span of hours."""
    return (span[0] is None or span[0] <= number) and (span[1] is None or number < span[1])


def instants(span: tuple[int | None, int | None]) -> dict[str, datetime | None]:
    """Give start and end of a span of hours."""
    start, end = (None if each is None else hour(each) for each in span)
    return {"start": start, "end": end}


@pytest.mark.requirement("P1")
@given(spans=st.lists(SPANS, min_size=1, max_size=4))
def test_a_unit_is_free_in_the_hours_of_its_offers(spans: list[tuple[int | None, int | None]]) -> None:
    """Hour by hour: a unit may be used in the operation's hours that lie in one of its offers, and in no others."""
    unit = ReadUnit("unit_1", 1, "Unit 1", "TACTICAL", 1, PHNOM_PENH, "KH", (), (), 720, 0)
    offers = [ReadUnitOffer(f"offer_{place}", 1, "A", "unit_1", **instants(span)) for place, span in enumerate(spans)]
    free = availability(unit, GRID, offers, (), (), (), lambda _: (0, 0))
    found = {slot for each in free for slot in range(each.start_slot, each.end_slot)}
    assert found == {number for number in range(10) if any(within(span, number) for span in spans)}
    assert all(one.end_slot < two.start_slot for one, two in pairwise(free))
    why = Whereabouts(Snapshot(1, OPERATION, unit_offers=tuple(offers)))
    for number in range(10):
        said = why.why("unit_1", hour(number), hour(number + 1))
        assert said.startswith("is offered ") != (number in found)


OPERATION = ReadOperation("operation_1", 1, "Lantern", hour(4), hour(0), hour(10))


@pytest.mark.requirement("P1")
@given(
    capacities=st.lists(st.tuples(st.integers(0, 1), SPANS, st.integers(0, 9)), max_size=6),
    offers=st.lists(st.tuples(st.integers(0, 1), SPANS, st.none() | st.integers(1, 9)), max_size=4),
    claims=st.lists(st.tuples(SPANS, st.integers(1, 9)), max_size=3),
)
def test_a_pool_holds_what_is_offered_of_it(
    capacities: list[tuple[int, tuple[int | None, int | None], int]],
    offers: list[tuple[int, tuple[int | None, int | None], int | None]],
    claims: list[tuple[tuple[int | None, int | None], int]],
) -> None:
    """Hour by hour: of each resource what is held, as far as it is offered, and of both no more than others leave."""
    bounded = [(each, (span[0] or -3, span[1] or 12), amount) for each, span, amount in capacities]
    bounded = [entry for entry in bounded if entry[1][0] < entry[1][1]]
    taken = [((span[0] or -3, span[1] or 12), amount) for span, amount in claims]
    taken = [entry for entry in taken if entry[0][0] < entry[0][1]]
    snapshot = Snapshot(
        1,
        OPERATION,
        resources=tuple(ReadResource(f"resource_{each}", 1, "beds", "BED", None, "KH") for each in range(2)),
        capacities=tuple(
            ReadCapacity(f"capacity_{place}", 1, f"resource_{each}", hour(span[0]), hour(span[1]), amount)
            for place, (each, span, amount) in enumerate(bounded)
        ),
        resource_offers=tuple(
            ReadResourceOffer(f"offer_{place}", 1, "A", f"resource_{each}", **instants(span), amount=amount)
            for place, (each, span, amount) in enumerate(offers)
        ),
        resource_claims=tuple(
            ReadResourceClaim(
                f"planned_{place}", 1, "Anchor", "Raid", "KH", "BED", None, amount, hour(span[0]), hour(span[1])
            )
            for place, (span, amount) in enumerate(taken)
        ),
    )
    steps = pool_steps(snapshot, GRID)[PoolKey("KH", "BED")]
    for number in range(-5, 15):
        held = [sum(n for each, span, n in bounded if each == which and within(span, number)) for which in range(2)]
        offered = 0
        for which in range(2):
            amounts = [n for each, span, n in offers if each == which and within(span, number)]
            offered += held[which] if None in amounts else min(held[which], sum(n or 0 for n in amounts))
        used = sum(n for span, n in taken if within(span, number))
        expected = max(0, min(offered, sum(held) - used))
        assert next((each.capacity for each in reversed(steps) if each.from_slot <= number), 0) == expected
