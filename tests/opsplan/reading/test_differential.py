"""Both readers give the same answer: the compiled one from Neo4j, and graphql-core over Python objects.

Operations are drawn over the whole schema. A fixed slice of seeds is always the same; one more seed is new in each
run, so that a failure can be had again by naming it.
"""

import pytest

from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE
from tests.conftest import WIPE
from tests.make.world import World, put_into, random_world
from tests.opsplan.reading.comparing import compare
from tests.opsplan.reading.desk import desk_over
from tests.opsplan.reading.oracle.cursors import PlainCursors
from tests.seeds import many, with_fresh

OPERATIONS = 25


@pytest.mark.parametrize("seed", with_fresh(1, 2, 3))
async def test_both_readers_agree(graph: Graph, world: World, seed: int) -> None:
    """The compiled answer equals the oracle's byte for byte, key order and list order included."""
    await compare(desk_over(graph, cursors=PlainCursors()), world, world, seed, OPERATIONS)


@pytest.mark.long
@pytest.mark.parametrize("seed", many(25))
async def test_both_readers_agree_on_many_worlds(graph: Graph, seed: int) -> None:
    """The same over other graphs, 40 operations each."""
    world = random_world(CATALOGUE, seed, size=10)
    await graph.run_outside(WIPE)
    await put_into(graph, world)
    await compare(desk_over(graph, cursors=PlainCursors()), world, world, seed, 40)
