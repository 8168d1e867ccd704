# One small exercise is loaded into an empty graph per test that changes it: loading takes some seconds.
"""The exercise in the graph: complete, marked, apart from live data, equal to its rows, and gone without a trace."""

import pytest

from opsplan.exercise import Exercise, Size, make_exercise
from opsplan.exercise.load import DIRECTOR, Loaded, load_exercise
from opsplan.exercise.planted import planted_solution
from opsplan.exercise.remove import remove_exercise
from opsplan.gazetteer.service import keep_countries
from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE, LAWS
from opsplan.records.writing import Writing, write
from opsplan.scheduling.problem import make_problem
from opsplan.scheduling.store.snapshot import take_snapshot
from opsplan.vocabulary.clock import system_clock
from opsplan.vocabulary.errors import Conflict, Invalid
from solver import fingerprint, verify
from tests.opsplan.exercise.snapshots import snapshot_of


@pytest.fixture(scope="module")
def small() -> Exercise:
    """Give the small exercise of seed 1."""
    return make_exercise(Size.SMALL, 1)


@pytest.fixture
async def bare(empty_graph: Graph) -> Graph:
    """Give a graph with the countries and one live agency."""
    await keep_countries(empty_graph)

    async def work(writing: Writing) -> None:
        agency = CATALOGUE["Agency"]
        await writing.create(agency, [{"code": "LIVE-1", "name": "Live", "kind": "NCB", "external_id": "LIVE-1"}])

    await write(empty_graph, DIRECTOR, system_clock, work, laws=LAWS, request_id="test")
    return empty_graph


async def load(graph: Graph, exercise: Exercise, **batches: int) -> Loaded:
    """Load an exercise into a graph."""
    return await load_exercise(graph, LAWS, system_clock, exercise, **batches)


async def count(graph: Graph, pattern: str) -> int:
    """Count what matches a pattern that binds `n`."""
    return int((await graph.read_rows(f"MATCH {pattern} RETURN count(n)"))[0][0])


async def test_every_row_becomes_a_record_marked_as_exercise(bare: Graph, small: Exercise) -> None:
    """As many records as rows, all marked; the live agency is not; all entered in one commit."""
    loaded = await load(bare, small)
    assert await count(bare, "(n:Record) WHERE n.exercise") == sum(loaded.rows.values())
    assert await count(bare, "(n:Record) WHERE NOT n.exercise") == 1
    assert await count(bare, "(n:Commit)") == 2
    for noun, rows in loaded.rows.items():
        assert await count(bare, f"(n:{noun}) WHERE n.exercise") == rows, noun


async def test_the_graph_gives_the_problem_that_the_rows_give(bare: Graph, small: Exercise) -> None:
    """The problem translated from the graph is the one translated from the rows, and the planted plan is valid in it."""
    loaded = await load(bare, small)
    problem, index = make_problem(await take_snapshot(bare, loaded.operation_id))
    assert fingerprint(problem) == fingerprint(make_problem(snapshot_of(small))[0])
    assert index.hindrances == {}
    assert verify(problem, planted_solution(small, problem, index).placements) == ()


async def test_batches_give_the_same_records_as_one_transaction(bare: Graph, small: Exercise) -> None:
    """An exercise too large for one transaction lands in several, with the same problem."""
    loaded = await load(bare, small, one_transaction_rows=100, batch_rows=300)
    assert await count(bare, "(n:Commit)") == 1 + -(-sum(loaded.rows.values()) // 300)
    problem, _ = make_problem(await take_snapshot(bare, loaded.operation_id))
    assert fingerprint(problem) == fingerprint(make_problem(snapshot_of(small))[0])


async def test_a_second_exercise_is_refused_with_the_remedy(bare: Graph, small: Exercise) -> None:
    """There is one exercise at a time; the refusal names the command that takes it out."""
    await load(bare, small)
    before = await count(bare, "(n)")
    with pytest.raises(Conflict, match="opsplan exercise --remove"):
        await load(bare, make_exercise(Size.SMALL, 2))
    assert await count(bare, "(n)") == before


async def test_it_cannot_share_an_operation_with_live_data(bare: Graph, small: Exercise) -> None:
    """A live unit cannot be offered to the exercise's operation, nor an exercise unit belong to live records."""
    loaded = await load(bare, small)
    home = {"longitude": 104.9, "latitude": 11.6}
    unit = {"name": "Live", "kind": "TACTICAL", "type": 1, "home": home, "agency": "LIVE-1", "owner": "LIVE-1"}

    async def work(writing: Writing) -> None:
        from opsplan.records.check import check_row

        stored, problems = check_row(CATALOGUE["Unit"], unit | {"offered_to": [loaded.operation_id]})
        assert not problems
        await writing.create(CATALOGUE["Unit"], [stored])

    with pytest.raises(Invalid, match="EXERCISE"):
        await write(bare, DIRECTOR, system_clock, work, laws=LAWS, request_id="test")


async def test_border_sites_have_candidates_and_others_a_country(bare: Graph, small: Exercise) -> None:
    """Compounds lie in their country for certain, but for those put at borders, which have several candidates."""
    await load(bare, small)
    certain = await count(bare, "(n:Compound) WHERE EXISTS { (n)-[:LIES_IN]->(:Country) }")
    doubtful = await count(bare, "(n:Compound) WHERE COUNT { (n)-[:MAY_LIE_IN]->(:Country) } > 1")
    assert doubtful >= 1
    assert certain + doubtful == await count(bare, "(n:Compound)")


async def test_remove_leaves_nothing_of_it_and_everything_else(bare: Graph, small: Exercise) -> None:
    """After removal no exercise record, change of one or key is left; live data and the numbers of commits stay."""
    live = await bare.read_rows("MATCH (n:Agency) RETURN n.id")
    loaded = await load(bare, small)
    assert await remove_exercise(bare, CATALOGUE) == sum(loaded.rows.values())
    assert await bare.read_rows("MATCH (n:Record) RETURN n.id") == live
    assert await count(bare, "(n:Change)") == 1
    assert await count(bare, "(n:Commit)") == 2
    assert await remove_exercise(bare, CATALOGUE) == 0
    again = await load(bare, small)
    assert again.rows == loaded.rows
