"""Both readers give the same answer: the compiled one from Neo4j, and graphql-core over Python objects.

Operations are drawn over the whole schema. A fixed slice of seeds is always the same; one more seed is new in each
run, so that a failure can be had again by naming it.
"""

import orjson
import pytest
from graphql import print_schema

from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE
from opsplan.reading.limits import Limits
from tests.conftest import WIPE
from tests.make.world import World, put_into, random_world
from tests.opsplan.reading.desk import Desk, desk_over
from tests.opsplan.reading.oracle.cursors import PlainCursors
from tests.opsplan.reading.oracle.executor import Oracle
from tests.opsplan.reading.oracle.operations import Draws
from tests.seeds import many, with_fresh

OPERATIONS = 25
LIMITS = Limits(largest_cost=10_000_000)
"""Drawn operations may be larger than callers' are."""


async def _compare(desk: Desk, world: World, seed: int, operations: int) -> None:
    schema = desk.reads.ground.schema
    oracle = Oracle(print_schema(schema), desk.reads.ground.shapes, world)
    draws = Draws(schema, world, seed)
    for number in range(operations):
        drawn = draws.draw()
        where = f"seed {seed}, operation {number}\n{drawn.text}\n{orjson.dumps(drawn.variables).decode()}"
        wanted = oracle.result(drawn.text, drawn.variables)
        assert not wanted.errors, f"the oracle: {wanted.errors}\n{where}"
        got = await desk.result(drawn.text, drawn.variables)
        assert not got.errors, f"{got.errors} {[each.__cause__ for each in got.errors]}\n{where}"
        assert orjson.dumps(got.data) == orjson.dumps(wanted.data), where


@pytest.mark.parametrize("seed", with_fresh(1, 2, 3))
async def test_both_readers_agree(graph: Graph, world: World, seed: int) -> None:
    """The compiled answer equals the oracle's byte for byte, key order and list order included."""
    await _compare(desk_over(graph, cursors=PlainCursors(), limits=LIMITS), world, seed, OPERATIONS)


@pytest.mark.long
@pytest.mark.parametrize("seed", many(25))
async def test_both_readers_agree_on_many_worlds(graph: Graph, seed: int) -> None:
    """The same over other graphs, 40 operations each."""
    world = random_world(CATALOGUE, seed, size=10)
    await graph.run_outside(WIPE)
    await put_into(graph, world)
    await _compare(desk_over(graph, cursors=PlainCursors(), limits=LIMITS), world, seed, 40)
