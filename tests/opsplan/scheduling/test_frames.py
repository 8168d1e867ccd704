"""Operations kept at hand: after whatever change, what is given equals what is read anew."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from opsplan.graph.driver import Graph
from opsplan.operations.states import ParticipantState
from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.problem.snapshot import Snapshot
from opsplan.scheduling.service import Frames
from opsplan.scheduling.store.changes import CLAIM_NOUNS, READ_NOUNS
from opsplan.scheduling.store.kept import OTHER, RESTS_ON
from opsplan.scheduling.store.snapshot import take_snapshot
from opsplan.scheduling.worker import open_worker
from tests.opsplan.scheduling.test_publish import Ids, prepared
from tests.opsplan.scheduling.test_watch import BREAKING
from tests.opsplan.scheduling.theatre import PHNOM_PENH, SIHANOUKVILLE, Theatre, at

Change = Callable[[Theatre, Ids], Awaitable[Any]]


async def a_rival_plan(theatre: Theatre, ids: Ids) -> None:
    """Publish a plan of another operation that uses the same unit."""
    other = await Theatre(theatre.world).open(code_name="Anchor")
    await other.staffed_raid("Elsewhere", location=SIHANOUKVILLE)
    await other.offer(ids["unit"])
    await other.publish(await other.planned())


async def a_guest_and_its_unit(theatre: Theatre, ids: Ids) -> None:
    """Let another agency take part and offer a unit."""
    del ids
    guest = await theatre.guest()
    await theatre.offer(await theatre.unit_of_guest("Guest 1"), participant=guest, by=theatre.world.actor("B"))
    await theatre.reply(guest, ParticipantState.ACCEPTED)


async def a_group(theatre: Theatre, ids: Ids) -> None:
    """Tie two actions to one start."""
    group = await theatre.create("SimultaneityGroup", name="Together", operation=theatre.operation, tolerance_minutes=5)
    for name in ("raid", "other"):
        await theatre.change("Action", ids[name], group=group)


GENTLE: dict[str, Change] = {
    "more beds": lambda t, _: t.beds(10, name="more beds"),
    "a bed need": lambda t, ids: t.bed_need(ids["other"], 5),
    "another priority": lambda t, ids: t.world.change("Action", ids["raid"], priority=7),
    "a due time": lambda t, ids: t.change("Action", ids["raid"], due=at(20)),
    "a unit": lambda t, _: t.unit("Unit 9", home=PHNOM_PENH),
    "a guest": a_guest_and_its_unit,
    "another raid": lambda t, _: t.staffed_raid("Raid 3"),
    "a group": a_group,
    "quiet hours": lambda t, _: t.create(
        "QuietHours", country="KH", from_local="01:00", until_local="03:00", action_kinds=["RAID"]
    ),
    "a later H-hour": lambda t, _: t.change("Operation", t.operation, h_hour=at(30)),
    "a longer operation": lambda t, _: t.change("Operation", t.operation, end=at(60)),
    "a rival plan": a_rival_plan,
}
"""Changes that leave room for the next."""

ALONE: dict[str, Change] = {
    **{what: step for what, (step, _, _) in BREAKING.items()},
    "published": lambda t, ids: t.publish(ids["plan"]),
}


def contents(snapshot: Snapshot) -> Snapshot:
    """Give a snapshot without the number of the commit at which it was read."""
    return replace(snapshot, commit=0)


async def follows(frames: Frames, theatre: Theatre, change: Change, ids: Ids) -> None:
    """Make a change, and hold the frame at hand against the one that a process without one would make."""
    before = await frames.of(theatre.operation)
    await change(theatre, ids)
    now = await frames.of(theatre.operation)
    fresh = Frame.over(await take_snapshot(theatre.graph, theatre.operation))
    assert contents(now.snapshot) == contents(fresh.snapshot)
    assert (now.problem, now.index, now.facts) == (fresh.problem, fresh.index, fresh.facts)
    assert contents(now.snapshot) != contents(before.snapshot)


@pytest.mark.parametrize("what", ALONE)
async def test_what_is_kept_follows_a_change(theatre: Theatre, graph: Graph, what: str) -> None:
    """Whatever breaks a plan shows in the frame at hand."""
    await follows(Frames(graph), theatre, ALONE[what], await prepared(theatre))


async def test_what_is_kept_follows_one_change_after_the_other(theatre: Theatre, graph: Graph) -> None:
    """A frame that has been brought up to date again and again is still the one made anew."""
    ids, frames = await prepared(theatre), Frames(graph)
    for change in GENTLE.values():
        await follows(frames, theatre, change, ids)


async def test_questions_to_hosts_leave_what_is_at_hand(theatre: Theatre, graph: Graph) -> None:
    """Proposing a plan and having it approved changes nothing that schedules read; publishing and replacing it does."""
    ids, frames = await prepared(theatre), Frames(graph)
    before = await frames.of(theatre.operation)
    await theatre.approved(ids["plan"])
    assert await frames.of(theatre.operation) is before
    await follows(frames, theatre, lambda t, _: t.publish(ids["plan"]), ids)
    assert [each.id for each in (await frames.of(theatre.operation)).snapshot.published] == [ids["plan"]]
    next_plan = await theatre.approved(await theatre.planned())
    await follows(frames, theatre, lambda t, _: t.publish(next_plan), ids)
    assert [each.id for each in (await frames.of(theatre.operation)).snapshot.published] == [next_plan]


async def test_what_a_run_has_read_is_at_hand(theatre: Theatre, graph: Graph) -> None:
    """What a run was made from need not be read again, follows changes, and gives way to nothing older."""
    ids, frames, seen = await prepared(theatre), Frames(graph), list[Frame]()
    await theatre.change("Action", ids["other"], window_start=at(1))

    def keep(operation: str, frame: Frame) -> None:
        assert operation == theatre.operation
        seen.append(frame)
        frames.keep(operation, frame)

    run = await theatre.request(seconds=1)
    async with open_worker(theatre.worker(seen=keep)):
        await theatre.until(run)
    assert await frames.of(theatre.operation) is seen[0]
    await follows(frames, theatre, GENTLE["a longer operation"], ids)
    newer = await frames.of(theatre.operation)
    frames.keep(theatre.operation, seen[0])
    assert await frames.of(theatre.operation) is newer


def test_every_noun_that_is_read_is_rested_on() -> None:
    """No noun that schedules read is forgotten: each makes some table be read again."""
    rested_on = frozenset().union(*RESTS_ON.values()) - {OTHER}
    assert rested_on | {"Operation"} == {*READ_NOUNS, *CLAIM_NOUNS, "Plan"}
    of_one_schedule = {"commit", "operation", "pins", "frozen", "frozen_until", "earlier", "refused", "all_places"}
    tables = set(Snapshot.__dataclass_fields__) - of_one_schedule
    assert set(RESTS_ON) == tables
