# One world, drawn from one seed over the whole catalogue, is put into the session's graph for all tests of this folder
# that only read. Tests that change the graph take `empty_graph` and their own world; the next reader puts it back.
"""Fixtures of the reading room's tests."""

import itertools

import pytest

from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE
from tests.conftest import WIPE
from tests.make.world import World, put_into, random_world
from tests.opsplan.reading.desk import Desk, desk_over
from tests.opsplan.reading.oracle.derived import derived


def _linked_world() -> World:
    """Draw the first world that has what these tests ask for, whatever nouns there are.

    Links in force join compounds to targets, some compound in force is TLP_RED, and some target is retired.
    """
    for seed in itertools.count(1):
        world = random_world(CATALOGUE, seed)
        compounds = [each for each in world.of("Compound") if each.values["retired_at"] is None]
        targets = [found for each in compounds for found, _ in derived(world, each, "targets", {}, "")]
        is_linked = any(each.values["retired_at"] is None for each in targets)
        has_red = any(each.values["marking"] == "TLP_RED" for each in compounds)
        if is_linked and has_red and any(each.values["retired_at"] for each in world.of("Target")):
            return world
    raise AssertionError("unreachable: the count has no end")


_WORLD = _linked_world()
_IS_THERE = "MATCH (n:Record {id: $id}) RETURN n.version"


@pytest.fixture
async def world(graph: Graph) -> World:
    """Give a random world that stands in the graph."""
    first = _WORLD.of("Compound")[0]
    if not await graph.read_rows(_IS_THERE, {"id": first.id}):
        await graph.run_outside(WIPE)
        await put_into(graph, _WORLD)
    return _WORLD


@pytest.fixture
def desk(graph: Graph, world: World) -> Desk:
    """Give a desk over the graph that holds the world."""
    return desk_over(graph)
