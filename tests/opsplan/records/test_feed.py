"""Tests of the feed: commits in the order in which they became visible, none skipped by a reader, none twice."""

import asyncio

from opsplan.records.feed import COMMITS_AFTER, behind, changes_after, history, last_number
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


async def test_changes_are_found_by_their_commits(world: World) -> None:
    """However many changes there are, the feed reads those of the commits on its page alone."""
    for text in (COMMITS_AFTER, behind("true")):
        operators = await world.graph.operators(text)
        assert {each for each in operators if "Scan" in each or each == "Top"} == set()


async def test_whoever_has_seen_a_number_sees_all_that_was_committed_under_it(world: World) -> None:
    """While large commits are stored, each number that is given stands for a commit that can be read whole."""
    row = {"name": "Quill", "kind": "PERSON"}
    start = await last_number(world.graph)
    done = asyncio.Event()
    parts: list[tuple[int, int]] = []

    async def write_much() -> None:
        for _ in range(8):
            await world.write(lambda writing: writing.create(noun("Target"), [checked("Target", **row)] * 500))
        done.set()

    async def read() -> None:
        while not done.is_set():
            number = await last_number(world.graph)
            if number > start:
                count = """
                    MATCH (made:Commit {number: $number}) MATCH (change:Change)
                    WHERE change.commit_id = made.id AND change.ordinal >= 0
                    MATCH (n:Record {id: change.record_id}) RETURN count(n)
                """
                ((found,),) = await world.graph.read_plain(count, {"number": number})
                if found != 500:
                    parts.append((number, found))

    await asyncio.gather(write_much(), *(read() for _ in range(3)))
    assert parts == []
    assert await last_number(world.graph) == start + 8


async def test_numbers_that_are_gone_are_passed_over(world: World) -> None:
    """Behind a place far before the first commit that there is, the reader gets what there is."""
    await world.target()
    await world.graph.run_outside("MATCH (made:Commit) DETACH DELETE made")
    await world.graph.run_outside("MATCH (sequence:CommitSequence {id: 1}) SET sequence.number = 5000")
    late = await world.target()
    (commit,) = await changes_after(world.graph, 0, 10)
    assert (commit.number, commit.changes[0].record_id) == (5001, late)


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
