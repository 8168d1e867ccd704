"""Tests of merges: references and names follow, and undoing restores the graph, whatever was there."""

import random
from typing import Any

import pytest

from opsplan.records.feed import history
from opsplan.records.writing import Writing
from opsplan.vocabulary.errors import Conflict, Forbidden, Invalid, VersionConflict
from tests.opsplan.records.world import World, checked, noun
from tests.seeds import with_fresh

_COUNTS = {"version", "changed_at", "changed_by"}


async def merge(world: World, into: str, merged: str, *, name: str = "Target", **options: Any) -> None:
    """Merge two records."""
    await world.write(lambda w: w.merge(noun(name), into, merged, reason="the same", **options))


async def undo(world: World, merged: str, *, name: str = "Target", **options: Any) -> str:
    """Undo a merge."""
    return await world.write(lambda w: w.undo_merge(noun(name), merged, reason="not the same", **options))


async def snapshot(world: World) -> dict[str, Any]:
    """Give all records of the world's agencies with their relationships, versions and dates left out."""
    rows = await world.graph.read_rows(
        """
        MATCH (n:Record) WHERE n.owner_id IN $owners
        RETURN n.id, labels(n), properties(n), [(n)-[tie]->(other) | [type(tie), other.id]]
        """,
        {"owners": list(world.agencies.values())},
    )
    return {
        row[0]: (
            sorted(row[1]),
            {name: value for name, value in row[2].items() if name not in _COUNTS},
            sorted(map(tuple, row[3])),
        )
        for row in rows
    }


async def test_names_and_references_follow(world: World) -> None:
    """The merged target's names, nationalities and all that refers to it are the other's; it goes out of force."""
    into = await world.target(name="Quill", nationalities=["KH"])
    merged = await world.target(name="Marrow", aliases=["Quill", "金边"], nationalities=["TH"])
    phone = await world.create("Identifier", scheme="PHONE", value="+1", target=merged)
    action = await world.action(await world.operation(), targets=[merged])
    await merge(world, into, merged)
    kept, gone = await world.properties(into), await world.properties(merged)
    assert kept["aliases"] == ["Marrow", "金边"]
    assert "marrow" in kept["search_text"].split()
    assert await world.referred(into, "NATIONAL_OF") == ["country_kh", "country_th"]
    assert await world.referred(phone, "IDENTIFIES") == [into]
    assert await world.referred(action, "CONCERNS") == [into]
    assert gone["retired_at"]
    assert await world.referred(merged, "MERGED_INTO") == [into]
    assert [commit.changes[0].kind for commit in await history(world.graph, phone)] == ["CREATED", "CHANGED"]
    kinds = [change.changes[0].kind for change in await history(world.graph, merged)]
    assert "MERGED" in kinds


async def test_references_of_other_agencies_follow_too(world: World) -> None:
    """A link that another agency entered refers to the one that stays, and its history says who moved it."""
    into, merged, third = [await world.target(name=name) for name in ("Quill", "Marrow", "Ash")]
    link = await world.create("Link", actor=world.actor("B"), kind="OWNS", **{"from": merged, "to": third})
    await merge(world, into, merged)
    assert await world.referred(link, "LINKS_FROM") == [into]
    assert (await history(world.graph, link))[1].actor == "user-A"


async def test_what_joins_the_two_goes_out_of_force(world: World) -> None:
    """A link between two records that become one would join one to itself: it is retired, and comes back undone."""
    into, merged = await world.target(name="Quill"), await world.target(name="Marrow")
    link = await world.create("Link", kind="ASSOCIATED_WITH", **{"from": merged, "to": into})
    await merge(world, into, merged)
    assert (await world.properties(link))["retired_at"]
    await undo(world, merged)
    assert "retired_at" not in await world.properties(link)


async def _tangle(world: World, draw: random.Random) -> tuple[list[str], list[str]]:
    """Make four targets, two compounds, and much that refers to them; all in two commits."""
    operation = await world.operation()

    async def work(w: Writing) -> tuple[list[str], list[str]]:
        targets = await w.create(
            noun("Target"),
            [
                checked(
                    "Target",
                    name=f"T{place}",
                    kind="PERSON",
                    aliases=draw.sample(["a", "b", "T0", "T1", "c"], draw.randrange(4)) or None,
                    nationalities=draw.sample(["KH", "TH", "VN"], draw.randrange(3)),
                )
                for place in range(4)
            ],
        )
        sites = [checked("Compound", name=f"C{place}", location=(104.92, 11.56)) for place in range(2)]
        compounds = await w.create(noun("Compound"), sites)
        ends = [draw.sample([*targets, *compounds], 2) for _ in range(14)]
        links = [checked("Link", kind="OWNS", **{"from": first, "to": second}) for first, second in ends]
        await w.create(noun("Link"), links)
        window = {"window_start": "2026-12-01T04:00:00Z", "window_end": "2026-12-01T16:00:00Z"}
        actions = [
            checked(
                "Action",
                name="Raid",
                kind="RAID",
                operation=operation,
                targets=draw.sample(targets, draw.randrange(1, 4)),
                compound=draw.choice(compounds),
                **window,
            )
            for _ in range(5)
        ]
        await w.create(noun("Action"), actions)
        phones = [
            checked("Identifier", scheme="PHONE", value=str(place), target=draw.choice(targets)) for place in range(5)
        ]
        await w.create(noun("Identifier"), phones)
        return targets, compounds

    return await world.write(work)


@pytest.mark.parametrize("seed", with_fresh(*range(5)))
async def test_a_merge_undone_leaves_the_graph_as_it_was(world: World, seed: int) -> None:
    """Random graphs of targets, compounds and what refers to them: merging and undoing is as if nothing had been."""
    targets, compounds = await _tangle(world, random.Random(seed))
    before = await snapshot(world)
    await merge(world, targets[0], targets[1])
    await merge(world, targets[0], targets[2])
    await merge(world, compounds[0], compounds[1], name="Compound")
    merged = await snapshot(world)
    assert all(
        targets[1] not in {other for _, other in ties}
        for properties, ties in ((each[1], each[2]) for each in merged.values())
        if not properties.get("retired_at")
    )
    await undo(world, compounds[1], name="Compound")
    await undo(world, targets[2])
    await undo(world, targets[1])
    assert await snapshot(world) == before


async def test_what_was_changed_since_stays_changed(world: World) -> None:
    """Undoing moves back what nobody touched; an identifier moved on, an alias removed, a new link stay as they are."""
    into, merged, third = [await world.target(name=name) for name in ("Quill", "Marrow", "Ash")]
    untouched = await world.create("Identifier", scheme="PHONE", value="1", target=merged)
    action = await world.action(await world.operation(), targets=[merged])
    await merge(world, into, merged)
    await world.change("Action", action, targets=[third])
    await world.change("Target", into, aliases=["Own alias"])
    new = await world.create("Identifier", scheme="PHONE", value="2", target=into)
    assert await undo(world, merged) == into
    assert await world.referred(untouched, "IDENTIFIES") == [merged]
    assert await world.referred(action, "CONCERNS") == [third]
    assert await world.referred(new, "IDENTIFIES") == [into]
    assert (await world.properties(into))["aliases"] == ["Own alias"]


async def test_merges_are_undone_in_the_reverse_order(world: World) -> None:
    """While a later merge into the same record stands, or that record is itself merged away, the earlier one stays."""
    first, second, third, fourth = [await world.target(name=name) for name in "abcd"]
    action = await world.action(await world.operation(), targets=[second, third])
    await merge(world, first, second)
    await merge(world, first, third)
    assert await world.referred(action, "CONCERNS") == [first]
    with pytest.raises(Conflict) as met:
        await undo(world, second)
    assert third in met.value.message
    await merge(world, fourth, first)
    with pytest.raises(Conflict):
        await undo(world, third)
    for each in (first, third, second):
        await undo(world, each)
    assert await world.referred(action, "CONCERNS") == sorted([second, third])


async def test_a_merge_is_the_owners_with_versions_that_it_knows(world: World) -> None:
    """Others, old versions, itself, retired ones and what was never merged are refused, and nothing moves."""
    into, merged, others = await world.target(), await world.target(), await world.target(actor=world.actor("B"))
    before = await snapshot(world)
    for error, given in (
        (Forbidden, (into, others, {})),
        (Forbidden, (others, merged, {})),
        (Invalid, (into, into, {})),
        (VersionConflict, (into, merged, {"into_version": 2})),
        (VersionConflict, (into, merged, {"merged_version": 2})),
    ):
        with pytest.raises(error):
            await merge(world, given[0], given[1], **given[2])
    with pytest.raises(Conflict):
        await undo(world, merged)
    assert await snapshot(world) == before
    await world.retire("Target", merged)
    with pytest.raises(Conflict):
        await merge(world, into, merged)


async def test_too_many_names_for_one_are_refused(world: World) -> None:
    """A target keeps at most a hundred aliases, merged ones included."""
    into = await world.target(aliases=[f"a{place}" for place in range(60)])
    rows = [checked("Target", name="Marrow", kind="PERSON", aliases=[f"b{place}" for place in range(60)])]
    merged = (await world.write(lambda w: w.create(noun("Target"), rows)))[0]
    with pytest.raises(Invalid) as met:
        await merge(world, into, merged)
    assert "a Target has at most 100" in met.value.message
