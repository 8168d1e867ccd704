"""Tests of retiring and restoring: a record goes out of force only when nothing in force needs it, even in a race."""

import asyncio

import pytest

from opsplan.records.feed import history
from opsplan.records.writing import Writing
from opsplan.vocabulary.errors import Conflict, Forbidden, Invalid, OpsplanError, VersionConflict
from tests.opsplan.records.world import World, noun

ESTIMATE = {"nationality": "VN", "low": 1, "likely": 2, "high": 3, "as_of": "2026-11-01T00:00:00Z"}


async def test_a_retired_record_stays_in_the_graph(world: World) -> None:
    """Retiring sets when, counts the version, keeps the reason, and deletes nothing."""
    record_id = await world.compound()
    await world.write(lambda writing: writing.retire(noun("Compound"), [(record_id, 1)], "closed down"))
    kept = await world.properties(record_id)
    assert (kept["retired_at"], kept["version"], kept["name"]) == ("2026-11-23T08:30:00.000Z", 2, "Heron Court")
    change = (await history(world.graph, record_id))[1].changes[0]
    assert (change.kind, change.after, change.reason) == (
        "RETIRED",
        {"retired_at": "2026-11-23T08:30:00.000Z"},
        "closed down",
    )


async def test_what_is_required_is_not_retired(world: World) -> None:
    """A compound with estimates in force stays; the refusal names some of them and how many there are."""
    compound = await world.compound()
    estimates = [await world.create("VictimEstimate", compound=compound, **ESTIMATE) for _ in range(7)]
    with pytest.raises(Conflict) as met:
        await world.retire("Compound", compound)
    assert set(met.value.facts["required_by"]) < set(estimates)
    assert (len(met.value.facts["required_by"]), met.value.facts["required_by_count"]) == (5, 7)
    assert "and 2 more" in met.value.message

    async def together(writing: Writing) -> None:
        await writing.retire(noun("Compound"), [(compound, None)])
        await writing.retire(noun("VictimEstimate"), [(each, None) for each in estimates])

    await world.write(together)
    assert (await world.properties(compound))["retired_at"]


async def test_an_agency_that_owns_records_in_force_stays(world: World) -> None:
    """Retiring an agency is refused while it owns something in force, and names some of it."""
    target = await world.target(actor=world.actor("B"))
    agency = world.agencies["B"]
    with pytest.raises(Conflict) as met:
        await world.retire("Agency", agency, actor=world.actor("B"))
    assert target in met.value.message
    await world.retire("Target", target, actor=world.actor("B"))
    await world.retire("Agency", agency, actor=world.actor("B"))
    with pytest.raises(Invalid):
        await world.target(actor=world.actor("B"))


async def test_optional_references_do_not_hold_a_record(world: World) -> None:
    """An action that concerns a target does not keep it in force, as it can be without it."""
    target = await world.target()
    await world.action(await world.operation(), targets=[target])
    await world.retire("Target", target)


async def test_retiring_is_the_owners_with_the_version_it_knows(world: World) -> None:
    """Others are refused, so is an old version, and so is retiring twice."""
    record_id = await world.compound()
    with pytest.raises(Forbidden):
        await world.retire("Compound", record_id, actor=world.actor("B"))
    with pytest.raises(VersionConflict):
        await world.retire("Compound", record_id, 7)
    await world.retire("Compound", record_id, 1)
    with pytest.raises(Conflict):
        await world.retire("Compound", record_id)


async def test_a_record_comes_back_with_what_it_requires(world: World) -> None:
    """Restoring puts a record in force again, but not while what it requires is retired."""
    compound = await world.compound()
    estimate = await world.create("VictimEstimate", compound=compound, **ESTIMATE)
    await world.retire("VictimEstimate", estimate)
    await world.retire("Compound", compound)
    with pytest.raises(Conflict):
        await world.write(lambda writing: writing.restore(noun("VictimEstimate"), [(estimate, None)]))
    await world.write(lambda writing: writing.restore(noun("Compound"), [(compound, 2)]))
    await world.write(lambda writing: writing.restore(noun("VictimEstimate"), [(estimate, None)]))
    kept = await world.properties(estimate)
    assert (kept.get("retired_at"), kept["version"]) == (None, 3)
    assert [commit.changes[0].kind for commit in await history(world.graph, estimate)] == [
        "CREATED",
        "RETIRED",
        "RESTORED",
    ]


async def test_retiring_races_with_new_references_and_one_of_the_two_gives_way(world: World) -> None:
    """Many races of a retirement with a new estimate: never both, so nothing in force requires what is retired."""
    compounds = [await world.compound() for _ in range(12)]

    async def estimate(compound: str) -> bool:
        try:
            await world.create("VictimEstimate", compound=compound, **ESTIMATE)
        except OpsplanError:
            return False
        return True

    async def retired(compound: str) -> bool:
        try:
            await world.retire("Compound", compound)
        except Conflict:
            return False
        return True

    outcomes = await asyncio.gather(*(run(compound) for compound in compounds for run in (retired, estimate)))
    pairs = list(zip(outcomes[::2], outcomes[1::2], strict=True))
    assert all(first != second for first, second in pairs)
