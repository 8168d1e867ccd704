"""Requests for schedules: who may ask, what is refused before anything is read, and what a repetition does."""

import pytest

from opsplan.nouns import LAWS
from opsplan.records.writing import IdempotencyKey
from opsplan.scheduling.rules import MOST_ACTIONS, MOST_OPEN_RUNS, OperationTooLarge, Options
from opsplan.scheduling.service import request_schedule
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import system_clock
from opsplan.vocabulary.errors import Conflict, Forbidden, Invalid, NotFound, StateConflict
from tests.opsplan.records.world import ADMINISTRATOR
from tests.opsplan.scheduling.theatre import Theatre


async def test_a_request_queues_a_run_with_history(theatre: Theatre) -> None:
    """A request writes a QUEUED run of the asking agency, with its options and a change record, in one transaction."""
    run = await theatre.request(seconds=7)
    found = await theatre.run(run)
    assert (found["state"], found["budget_seconds"], found["workers"], found["seed"]) == ("QUEUED", 7, 1, 1)
    assert found["owner_id"] == theatre.world.agencies["A"]
    rows = await theatre.graph.read_rows("MATCH (c:Change {record_id: $id}) RETURN c.kind, c.noun", {"id": run})
    assert rows == [["CREATED", "ScheduleRun"]]


async def test_only_coordinators_of_the_operation_may_ask(theatre: Theatre) -> None:
    """Planners, readers and other agencies' coordinators are refused; coordinating agencies and administrators not."""
    for actor in (
        theatre.world.actor("A"),
        theatre.world.actor("A", Role.READER),
        theatre.world.actor("B", Role.COORDINATOR),
        theatre.world.actor("X", Role.COORDINATOR),
    ):
        with pytest.raises(Forbidden):
            await theatre.request(actor=actor)
    await theatre.change("Operation", theatre.operation, coordinators=[theatre.world.agencies["B"]])
    run = await theatre.request(actor=theatre.world.actor("B", Role.COORDINATOR))
    assert (await theatre.run(run))["owner_id"] == theatre.world.agencies["B"]
    with pytest.raises(Forbidden):
        await theatre.cancel(run, actor=theatre.world.actor("B"))
    await theatre.cancel(run)
    await theatre.request(actor=ADMINISTRATOR)


async def test_operations_that_are_not_there_or_over_are_refused(theatre: Theatre) -> None:
    """An unknown operation, another record's id, a closed operation: each is refused with a remedy."""
    for wrong in ("operation_00000000000000000000000000", theatre.world.agencies["A"], "nonsense"):
        with pytest.raises(NotFound) as refusal:
            await theatre.request(operation=wrong)
        assert refusal.value.remedy
    await theatre.graph.write(
        lambda tx: tx.run("MATCH (o:Record {id: $id}) SET o.state = 'CLOSED'", id=theatre.operation)
    )
    with pytest.raises(StateConflict):
        await theatre.request()


async def test_options_out_of_range_are_refused() -> None:
    """Budgets, threads and seeds out of range are refused by name, value and range."""
    for given, field in (((0, 1, 1), "budgetSeconds"), ((60, 65, 1), "workers"), ((60, 1, -1), "seed")):
        with pytest.raises(Invalid) as refusal:
            Options(*given)
        assert refusal.value.field == f"input.{field}"
        assert refusal.value.remedy


async def test_a_hundred_thousand_actions_are_refused_before_they_are_read(theatre: Theatre) -> None:
    """An operation of 10^5 actions is refused at once, with what was found and the limit."""
    await theatre.graph.run_outside(
        """
        MATCH (operation:Record {id: $id})
        UNWIND range(1, 100000) AS number
        CALL (operation, number) { CREATE (:Action)-[:PART_OF]->(operation) }
        IN TRANSACTIONS OF 10000 ROWS
        """,
        {"id": theatre.operation},
    )
    try:
        with pytest.raises(OperationTooLarge, match="100,000 actions") as refusal:
            await theatre.request()
        assert refusal.value.facts["limit"] == MOST_ACTIONS
        assert "split" in (refusal.value.remedy or "")
    finally:
        await theatre.graph.run_outside(
            "MATCH (:Record {id: $id})<-[:PART_OF]-(a) CALL (a) { DETACH DELETE a } IN TRANSACTIONS OF 10000 ROWS",
            {"id": theatre.operation},
        )


async def test_too_many_runs_of_one_operation_are_refused(theatre: Theatre) -> None:
    """Only so many runs of an operation may wait or run at a time."""
    runs = [await theatre.request() for _ in range(MOST_OPEN_RUNS)]
    with pytest.raises(Conflict, match=f"{MOST_OPEN_RUNS} runs"):
        await theatre.request()
    await theatre.cancel(runs[0])
    await theatre.request()


async def test_a_repeated_request_gives_the_same_run(theatre: Theatre) -> None:
    """A repetition with the same key queues nothing and gives the run again."""

    async def ask() -> str:
        return await request_schedule(
            theatre.graph,
            theatre.coordinator,
            system_clock,
            laws=LAWS,
            operation_id=theatre.operation,
            options=Options(1, 1, 1),
            request_id="test",
            idempotency=IdempotencyKey("once-and-only", "hash"),
        )

    assert await ask() == await ask()
    rows = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:RUN_FOR]-(run) RETURN count(run)", {"id": theatre.operation}
    )
    assert rows == [[1]]
