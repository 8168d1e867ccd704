"""Tests of changing: only what is given changes, each change is kept, nobody writes over what they have not seen."""

from typing import Any

import pytest

from opsplan.records.feed import history, last_number
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.errors import Conflict, Forbidden, Invalid, NotFound, OpsplanError, VersionConflict
from tests.opsplan.records.world import ADMINISTRATOR, World, noun, only


async def refused(world: World, name: str, record_id: str, /, actor: Actor | None = None, **given: Any) -> OpsplanError:
    """Give the error that a change meets, after making sure that the record is as it was."""
    before = await world.properties(record_id)
    with pytest.raises(OpsplanError) as met:
        await world.change(name, record_id, actor=actor, **given)
    assert await world.properties(record_id) == before
    return met.value


async def test_only_what_is_given_changes(world: World) -> None:
    """A change sets what it gives, removes what it gives as None, leaves the rest, and counts the version up."""
    record_id = await world.compound(capacity=10, notes="x", aliases=["a"])
    world.clock.instant = world.clock.instant.replace(hour=9)
    await world.change("Compound", record_id, capacity=20, notes=None)
    kept = await world.properties(record_id)
    assert only(kept, "capacity", "notes", "aliases", "version", "created_at", "changed_at") == {
        "capacity": 20,
        "notes": None,
        "aliases": ["a"],
        "version": 2,
        "created_at": "2026-11-23T08:30:00.000Z",
        "changed_at": "2026-11-23T09:30:00.000Z",
    }
    change = (await history(world.graph, record_id))[1].changes[0]
    assert (change.kind, change.before, change.after) == (
        "CHANGED",
        {"capacity": 10, "notes": "x"},
        {"capacity": 20, "notes": None},
    )


async def test_a_change_that_changes_nothing_leaves_no_trace(world: World) -> None:
    """Equal values, and None where there is nothing, make no version, no history and no commit."""
    record_id = await world.compound(capacity=10, country="KH")
    number = await last_number(world.graph)
    await world.change("Compound", record_id, capacity=10, notes=None, country="country_kh")
    assert (await world.properties(record_id))["version"] == 1
    assert await last_number(world.graph) == number


async def test_references_are_put_in_place_of_the_old_ones(world: World) -> None:
    """A relation to many becomes what is given: some go, some stay, some come, and the history names both."""
    one, two, three = sorted([await world.target(), await world.target(), await world.target()])
    action = await world.action(await world.operation(), targets=[one, two])
    await world.change("Action", action, targets=[two, three])
    assert await world.referred(action, "CONCERNS") == [two, three]
    change = (await history(world.graph, action))[1].changes[0]
    assert (change.before, change.after) == ({"targets": [one, two]}, {"targets": [two, three]})
    await world.change("Action", action, targets=None)
    assert await world.referred(action, "CONCERNS") == []


async def test_the_version_that_the_caller_knows_is_held_to(world: World) -> None:
    """With an expected version, only a caller who has seen the last change may make the next."""
    record_id = await world.compound()
    await world.change("Compound", record_id, capacity=1, expected_version=1)
    error = await refused(world, "Compound", record_id, capacity=2, expected_version=1)
    assert isinstance(error, VersionConflict)
    assert error.facts["current_version"] == 2
    await world.change("Compound", record_id, capacity=2, expected_version=2)


async def test_others_records_stay_as_they_are(world: World) -> None:
    """Another agency is refused, an administrator is not; unknown ids and ids of other nouns are not found."""
    record_id = await world.compound()
    assert isinstance(await refused(world, "Compound", record_id, actor=world.actor("B"), capacity=1), Forbidden)
    await world.change("Compound", record_id, actor=ADMINISTRATOR, capacity=1)
    assert isinstance(await refused(world, "Target", record_id, name="x"), NotFound)
    with pytest.raises(NotFound):
        await world.change("Compound", "compound_000", capacity=1)


async def test_what_is_out_of_force_is_not_changed(world: World) -> None:
    """A retired record is changed no more."""
    record_id = await world.compound()
    await world.retire("Compound", record_id)
    assert isinstance(await refused(world, "Compound", record_id, capacity=1), Conflict)


async def test_what_is_pinned_stays(world: World) -> None:
    """External ids, references of creation and the state are refused in a change; equal values pass."""
    operation, other = await world.operation(), await world.operation()
    action = await world.action(operation, external_id="A1")
    for given in ({"external_id": "A2"}, {"operation": other}, {"state": "DONE"}):
        error = await refused(world, "Action", action, **given)
        assert isinstance(error, Invalid)
        assert error.field == next(iter(given))
    await world.change("Action", action, external_id="A1", operation=operation, state="DRAFT")


async def test_the_whole_row_is_held_to_its_rules(world: World) -> None:
    """A change that is right by itself is refused when it breaks a rule with what stands."""
    estimate = await world.create(
        "VictimEstimate",
        compound=await world.compound(),
        nationality="VN",
        low=1,
        likely=2,
        high=3,
        as_of="2026-11-01T00:00:00Z",
    )
    error = await refused(world, "VictimEstimate", estimate, likely=4)
    assert (error.field, error.remedy) == ("likely", "give low <= likely <= high")
    assert isinstance(await refused(world, "VictimEstimate", estimate, nationality=None), Invalid)


async def test_one_record_twice_in_one_request_is_refused(world: World) -> None:
    """Two rows for one record have no order, so they are refused."""
    record_id = await world.compound()
    rows = [{"id": record_id, "capacity": 1}, {"id": record_id, "capacity": 2}]
    with pytest.raises(Conflict):
        await world.write(lambda writing: writing.change(noun("Compound"), rows))


async def test_new_references_ask_for_authority_and_old_ones_do_not(world: World) -> None:
    """A unit is offered by its owner; changing another field later asks nothing of the operation's owner."""
    group = await world.create(
        "SimultaneityGroup", name="g", operation=await world.operation(actor=world.actor("B")), actor=world.actor("B")
    )
    operation = await world.operation()
    action = await world.action(operation)
    error = await refused(world, "Action", action, group=group)
    assert isinstance(error, Forbidden)
