"""Both readers give the same answer: the compiled one from Neo4j, and graphql-core over Python objects.

Graphs and operations are drawn, the operations over the whole schema. A fixed slice of seeds is always the same; one
more seed is new in each run, so that a failure can be had again by naming it.
"""

import pytest

from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE
from tests.conftest import WIPE
from tests.make.world import put_into, random_world
from tests.opsplan.reading.comparing import LIMITS, compare
from tests.opsplan.reading.desk import desk_over
from tests.opsplan.reading.oracle.cursors import PLAIN_CURSORS
from tests.seeds import many, with_fresh

OPERATIONS = 75
"""Operations over each graph: 300 with the four seeds of `make test`."""
MANY_OPERATIONS = 80
"""Operations over each of many graphs: 5,040 with the 63 seeds of `make test-long`."""


async def _agree(graph: Graph, seed: int, operations: int) -> None:
    world = random_world(CATALOGUE, seed, size=10)
    await graph.run_outside(WIPE)
    await put_into(graph, world)
    await compare(desk_over(graph, cursors=PLAIN_CURSORS, limits=LIMITS), world, world, seed, operations)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", with_fresh(1, 2, 3))
async def test_both_readers_agree(graph: Graph, seed: int) -> None:
    """The compiled answer equals the oracle's byte for byte, key order and list order included."""
    await _agree(graph, seed, OPERATIONS)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", many(63))
async def test_both_readers_agree_on_many_graphs(graph: Graph, seed: int) -> None:
    """The same over many graphs."""
    await _agree(graph, seed, MANY_OPERATIONS)
