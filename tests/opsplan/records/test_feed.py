"""Tests of the feed: commits in the order in which they became visible, none skipped by a reader, none twice."""

import asyncio

from opsplan.graph.transaction import Tx
from opsplan.records.feed import changes_after, history, last_number
from opsplan.records.writing import Writing
from tests.opsplan.records.world import World, checked, noun


async def test_no_readers_cursor_passes_an_open_transaction(world: World) -> None:
    """A slow writer that began first and commits last has the last number; what a reader saw before stays the past."""
    began, may_end = asyncio.Event(), asyncio.Event()
    start = await last_number(world.graph)
    row = checked("Target", name="Quill", kind="PERSON")

    async def slowly(writing: Writing) -> str:
        made = (await writing.create(noun("Target"), [row]))[0]
        began.set()
        await may_end.wait()
        return made

    slow = asyncio.create_task(world.write(slowly, actor=world.actor("B")))
    await began.wait()
    quick = [await world.target() for _ in range(3)]
    seen = await changes_after(world.graph, start, 100)
    assert [commit.changes[0].record_id for commit in seen] == quick
    may_end.set()
    late = await slow
    after = await changes_after(world.graph, seen[-1].number, 100)
    assert [commit.changes[0].record_id for commit in after] == [late]
    assert [commit.number for commit in (*seen, *after)] == list(range(start + 1, start + 5))


async def test_a_reader_beside_many_writers_misses_nothing(world: World) -> None:
    """A reader polls while 12 writers write: it gets each commit once, in order, without gaps in the numbers."""
    start = await last_number(world.graph)
    seen: list[int] = []
    made: list[str] = []
    done = asyncio.Event()

    async def read() -> None:
        cursor = start
        while True:
            ended = done.is_set()
            page = await changes_after(world.graph, cursor, 7)
            for commit in page:
                seen.append(commit.number)
                made.extend(change.record_id for change in commit.changes)
            cursor = seen[-1] if seen else start
            if ended and not page:
                return

    async def one(name: str) -> list[str]:
        return [await world.target(actor=world.actor(name)) for _ in range(6)]

    reader = asyncio.create_task(read())
    ids = await asyncio.gather(*(one("AB"[place % 2]) for place in range(12)))
    done.set()
    await reader
    assert seen == list(range(start + 1, start + 1 + 72))
    assert sorted(made) == sorted(each for some in ids for each in some)


async def test_a_commit_of_which_a_part_can_be_seen_is_not_told_yet(world: World) -> None:
    """The server shows a transaction bit by bit while it stores it: until all changes are there, nobody is told any."""
    start = await last_number(world.graph)
    before = await world.target()
    stored = await world.target()

    async def hide(tx: Tx) -> None:
        await tx.run(
            "MATCH (change:Change {record_id: $id}) SET change.kept = change.commit_id, change.commit_id = 'later'",
            id=stored,
        )

    async def show(tx: Tx) -> None:
        await tx.run(
            "MATCH (change:Change {record_id: $id}) SET change.commit_id = change.kept REMOVE change.kept",
            id=stored,
        )

    await world.graph.write(hide)
    told = await changes_after(world.graph, start, 100)
    assert [change.record_id for commit in told for change in commit.changes] == [before]
    assert await last_number(world.graph) == told[-1].number == start + 1
    await world.graph.write(show)
    told = await changes_after(world.graph, start, 100)
    assert [change.record_id for commit in told for change in commit.changes] == [before, stored]
    assert [commit.number for commit in await changes_after(world.graph, start, 1)] == [start + 1]


async def test_a_refused_write_takes_no_number(world: World) -> None:
    """Numbers have no gaps, as a write that fails gives its number back."""
    start = await last_number(world.graph)

    async def fail(writing: Writing) -> None:
        await writing.create(noun("Target"), [checked("Target", name="Quill", kind="PERSON")])
        raise LookupError

    await asyncio.gather(*(world.write(fail) for _ in range(3)), world.target(), return_exceptions=True)
    assert await last_number(world.graph) == start + 1


async def test_history_tells_one_record_alone(world: World) -> None:
    """A record's history holds its own changes of each commit, oldest first, and nothing of others."""
    rows = [checked("Target", name=name, kind="PERSON") for name in ("Quill", "Ash")]
    first, second = await world.write(lambda writing: writing.create(noun("Target"), rows))
    await world.change("Target", second, name="Oak")
    told = await history(world.graph, second)
    assert [(commit.changes[0].kind, commit.changes[0].record_id) for commit in told] == [
        ("CREATED", second),
        ("CHANGED", second),
    ]
    assert len(await history(world.graph, first)) == 1
    assert await history(world.graph, "target_000") == []
