"""Tests of state machines: the table of data is the law, and each step has actor, time and reason."""

import itertools

import pytest

from opsplan.operations.states import ACTION_STEPS, OPERATION_STEPS, ActionState, OperationState
from opsplan.records.feed import history
from opsplan.vocabulary.errors import Forbidden, Invalid, StateConflict, VersionConflict
from opsplan.vocabulary.ids import mint
from tests.opsplan.records.world import ADMINISTRATOR, World, checked, noun


async def step(
    world: World, record_id: str, to: ActionState, reason: str = "so ordered", version: int | None = None
) -> None:
    """Move an action."""
    await world.write(lambda w: w.transition(noun("Action"), record_id, to, ACTION_STEPS, reason, version))


async def test_a_step_is_kept_with_actor_time_and_reason(world: World) -> None:
    """A step along the table changes the state, the version, and leaves a STATE change with its reason."""
    action = await world.action(await world.operation())
    await step(world, action, ActionState.COORDINATED, "all agreed")
    kept = await world.properties(action)
    assert (kept["state"], kept["version"]) == ("COORDINATED", 2)
    commit = (await history(world.graph, action))[1]
    change = commit.changes[0]
    assert (commit.actor, commit.at) == ("user-A", "2026-11-23T08:30:00.000Z")
    assert (change.kind, change.before, change.after, change.reason) == (
        "STATE",
        {"state": "DRAFT"},
        {"state": "COORDINATED"},
        "all agreed",
    )


async def test_every_pair_of_states_is_allowed_or_refused_as_the_table_says(world: World) -> None:
    """For all 64 pairs of states of an action, the step is taken if and only if the table holds it."""
    operation = await world.operation()
    for now, to in itertools.product(ActionState, ActionState):
        row = checked(
            "Action",
            name="Raid",
            kind="RAID",
            operation=operation,
            window_start="2026-12-01T04:00:00Z",
            window_end="2026-12-01T16:00:00Z",
        )
        # As an export would restore it: nothing else enters a record in the middle of its course.
        row |= {"id": mint("Action"), "state": now.name, "owner": world.agencies["A"]}
        action = (await world.write(lambda w, row=row: w.create(noun("Action"), [row]), actor=ADMINISTRATOR))[0]
        if to in ACTION_STEPS[now]:
            await step(world, action, to)
            assert (await world.properties(action))["state"] == to.name
        else:
            with pytest.raises(StateConflict) as met:
                await step(world, action, to)
            assert all(allowed in met.value.message for allowed in ACTION_STEPS[now])
            assert (await world.properties(action))["state"] == now.name


async def test_operations_have_a_table_of_their_own(world: World) -> None:
    """An operation goes from PLANNING to READY, and from CLOSED nowhere."""
    operation = await world.operation()
    for to in (OperationState.READY, OperationState.UNDER_WAY, OperationState.CLOSED):
        await world.write(
            lambda w, to=to: w.transition(noun("Operation"), operation, to, OPERATION_STEPS, "so ordered")
        )
    with pytest.raises(StateConflict) as met:
        await world.write(
            lambda w: w.transition(noun("Operation"), operation, OperationState.READY, OPERATION_STEPS, "so ordered")
        )
    assert "none: it is final" in met.value.message


async def test_a_step_needs_a_reason_the_owner_and_the_version(world: World) -> None:
    """Without a reason, by another agency, or with an old version, nothing moves."""
    action = await world.action(await world.operation())
    with pytest.raises(Invalid):
        await step(world, action, ActionState.COORDINATED, "  ")
    with pytest.raises(VersionConflict):
        await step(world, action, ActionState.COORDINATED, version=9)
    with pytest.raises(Forbidden):
        await world.write(
            lambda w: w.transition(noun("Action"), action, ActionState.COORDINATED, ACTION_STEPS, "so ordered"),
            actor=world.actor("B"),
        )
    assert (await world.properties(action))["state"] == "DRAFT"
