# Loading takes some seconds: the tests that only read share one loaded exercise (`entered`), in a wiped graph with the
# countries and one live agency. Those that change the graph come last and load for themselves.
"""The exercise in the graph: complete, marked, apart from live data, equal to its rows, and gone without a trace."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from opsplan.exchange.export import export
from opsplan.exchange.load import load as load_files
from opsplan.exercise import Exercise, Size, make_exercise
from opsplan.exercise.load import DIRECTOR, Loaded, load_exercise
from opsplan.exercise.planted import planted_solution
from opsplan.exercise.remove import remove_exercise
from opsplan.gazetteer.service import keep_countries
from opsplan.graph.driver import Graph
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.migrations import product_migrations
from opsplan.graph.open import open_graph
from opsplan.nouns import CATALOGUE, LAWS
from opsplan.records.check import check_row
from opsplan.records.writing import Writing, write
from opsplan.scheduling.problem import make_problem
from opsplan.scheduling.store.snapshot import take_snapshot
from opsplan.scheduling.store.statements import UNIT_OFFERS
from opsplan.vocabulary.clock import system_clock
from opsplan.vocabulary.errors import Conflict, Invalid
from solver import fingerprint, verify
from tests.conftest import WIPE
from tests.opsplan.exchange.test_load import content
from tests.opsplan.exercise.made import exercise, problem_of

A_RUN_WITH_A_FILE = """
MATCH (operation:Operation {id: $operation})
CREATE (run:Record:ScheduleRun {id: 'schedule_run_1', owner_id: operation.owner_id, exercise: true}),
       (run)-[:RUN_FOR]->(operation),
       (:RunArtifact {name: 'problem.json'})-[:ARTIFACT_OF]->(run),
       (:IdempotencyKey {key: operation.owner_id + '|a key'})
"""


@pytest.fixture(scope="module")
def small() -> Exercise:
    """Give the small exercise of seed 1."""
    return exercise(Size.SMALL, 1)


@pytest.fixture(scope="module")
async def bare(graph: Graph) -> AsyncIterator[Graph]:
    """Give a graph with the countries and one live agency, and wipe it afterwards."""
    await graph.run_outside(WIPE)
    await keep_countries(graph)

    async def work(writing: Writing) -> None:
        row = {"code": "LIVE-1", "name": "Live", "kind": "NCB", "external_id": "LIVE-1"}
        await writing.create(CATALOGUE["Agency"], [row])

    await write(graph, DIRECTOR, system_clock, work, laws=LAWS, request_id="test")
    yield graph
    await graph.run_outside(WIPE)


@pytest.fixture(scope="module")
async def entered(bare: Graph, small: Exercise) -> Loaded:
    """Enter the exercise."""
    return await load(bare, small)


async def load(graph: Graph, wanted: Exercise, **batches: int) -> Loaded:
    """Load an exercise into a graph."""
    return await load_exercise(graph, LAWS, system_clock, wanted, **batches)


async def count(graph: Graph, pattern: str) -> int:
    """Count what matches a pattern that binds `n`."""
    return int((await graph.read_rows(f"MATCH {pattern} RETURN count(n)"))[0][0])


async def test_every_row_becomes_a_record_marked_as_exercise(bare: Graph, entered: Loaded) -> None:
    """As many records as rows, all marked; the live agency is not; all entered in one commit."""
    assert await count(bare, "(n:Record) WHERE n.exercise") == sum(entered.rows.values())
    assert await count(bare, "(n:Record) WHERE NOT n.exercise") == 1
    assert await count(bare, "(n:Commit)") == 2
    for noun, rows in entered.rows.items():
        assert await count(bare, f"(n:{noun}) WHERE n.exercise") == rows, noun


async def test_the_graph_gives_the_problem_that_the_rows_give(bare: Graph, entered: Loaded, small: Exercise) -> None:
    """The problem translated from the graph is the one from the rows, and the planted plan is valid in it."""
    problem, index = make_problem(await take_snapshot(bare, entered.operation_id))
    assert fingerprint(problem) == fingerprint(problem_of(Size.SMALL, 1)[0])
    assert index.hindrances == {}
    assert verify(problem, planted_solution(small, problem, index).placements) == ()


async def test_a_second_exercise_is_refused_with_the_remedy(bare: Graph, entered: Loaded) -> None:
    """There is one exercise at a time; the refusal names the command that takes it out."""
    before = await count(bare, "(n)")
    with pytest.raises(Conflict, match="opsplan exercise --remove"):
        await load(bare, make_exercise(Size.SMALL, 2))
    assert await count(bare, "(n)") == before


async def test_it_cannot_share_an_operation_with_live_data(bare: Graph, entered: Loaded) -> None:
    """A live agency cannot take part in the exercise's operation."""
    part = {"role": "CONTRIBUTOR", "operation": entered.operation_id, "agency": "LIVE-1", "owner": "LIVE-1"}
    stored, problems = check_row(CATALOGUE["Participant"], part)
    assert not problems

    async def work(writing: Writing) -> None:
        await writing.create(CATALOGUE["Participant"], [stored])

    with pytest.raises(Invalid, match="EXERCISE"):
        await write(bare, DIRECTOR, system_clock, work, laws=LAWS, request_id="test")


async def test_border_sites_have_candidates_and_others_a_country(bare: Graph, entered: Loaded) -> None:
    """Compounds lie in their country for certain, but for those put at borders, which have several candidates."""
    certain = await count(bare, "(n:Compound) WHERE EXISTS { (n)-[:LIES_IN]->(:Country) }")
    doubtful = await count(bare, "(n:Compound) WHERE COUNT { (n)-[:MAY_LIE_IN]->(:Country) } > 1")
    assert doubtful >= 1
    assert certain + doubtful == await count(bare, "(n:Compound)")


async def test_remove_leaves_nothing_of_it_and_everything_else(bare: Graph, entered: Loaded) -> None:
    """After removal no exercise record, change, key or file of a run is left; live data and the commits stay."""
    await bare.run_outside(A_RUN_WITH_A_FILE, {"operation": entered.operation_id})
    assert await remove_exercise(bare, CATALOGUE) == sum(entered.rows.values()) + 1
    assert await count(bare, "(n:RunArtifact)") == 0
    assert await count(bare, "(n:IdempotencyKey)") == 0
    assert await bare.read_rows("MATCH (n:Record) RETURN n.code") == [["LIVE-1"]]
    assert await count(bare, "(n:Change)") == 1
    assert await count(bare, "(n:Commit)") == 2
    assert await remove_exercise(bare, CATALOGUE) == 0


async def test_batches_give_the_same_records_as_one_transaction(bare: Graph, small: Exercise) -> None:
    """An exercise too large for one transaction lands in several, with the same problem."""
    await remove_exercise(bare, CATALOGUE)
    before = await count(bare, "(n:Commit)")
    loaded = await load(bare, small, one_transaction_rows=100, batch_rows=300)
    assert await count(bare, "(n:Commit)") == before + -(-sum(loaded.rows.values()) // 300)
    problem, _ = make_problem(await take_snapshot(bare, loaded.operation_id))
    assert fingerprint(problem) == fingerprint(problem_of(Size.SMALL, 1)[0])


async def test_what_a_crash_leaves_is_taken_out(bare: Graph, small: Exercise) -> None:
    """A load that dies between its batches leaves what `remove_exercise` takes out whole."""
    await remove_exercise(bare, CATALOGUE)

    def dies(_: str, done: int, total: int) -> None:
        if done > total / 2:
            raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        await load_exercise(bare, LAWS, system_clock, small, told=dies, one_transaction_rows=100, batch_rows=300)
    assert await count(bare, "(n:Record) WHERE n.exercise") > 0
    await remove_exercise(bare, CATALOGUE)
    assert await count(bare, "(n:Record)") == 1


@pytest.mark.parametrize("ending", [".jsonl", ".csv"])
async def test_it_goes_out_as_files_and_comes_back_equal(
    empty_graph: Graph, small: Exercise, tmp_path: Path, ending: str
) -> None:
    """Export writes every noun's records into that noun's file alone, and loading them makes an equal graph."""
    await keep_countries(empty_graph)
    entered = await load(empty_graph, small)
    before = await content(empty_graph)
    written = await export(empty_graph, CATALOGUE, tmp_path / "out", ending=ending, exercise=True)
    assert written == entered.rows
    await empty_graph.run_outside(WIPE)
    await keep_countries(empty_graph)
    done = await load_files(empty_graph, LAWS, DIRECTOR, system_clock, [tmp_path / "out"], folder=tmp_path / "loads")
    assert done.outcomes == {"CREATED": len(before)}
    after = await content(empty_graph)
    assert [each for each in zip(before, after, strict=True) if each[0] != each[1]] == []


async def test_what_is_asked_after_a_load_is_planned_for_what_is_there(tmp_path: Path, small: Exercise) -> None:
    """On a server that was empty a moment ago, offers are found by ids and not by looking at every record."""
    options = LocalServerOptions(data_dir=tmp_path, heap_mb=512, short_lived=True)
    async with open_graph(options, migrations=product_migrations()) as fresh:
        await keep_countries(fresh)
        await load_exercise(fresh, LAWS, system_clock, small)
        steps = [await fresh.explain(UNIT_OFFERS)]
    for step in steps:
        steps += step.children
    operators = {step.operator.removesuffix("@neo4j") for step in steps}
    assert "NodeUniqueIndexSeek" in operators
    assert not operators & {"NodeIndexScan", "NodeByLabelScan", "AllNodesScan"}
