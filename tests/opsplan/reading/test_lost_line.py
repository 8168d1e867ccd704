"""A graph that goes away in the middle of an answer: the page is whole, or there is none."""

import random

import orjson
import pytest

from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.graph.repeat import Bounds
from opsplan.vocabulary.errors import Unavailable
from tests.make.world import World
from tests.opsplan.graph.unreliable_line import unreliable_line
from tests.opsplan.reading.desk import Desk, desk_over
from tests.seeds import with_fresh

LIST = """{ compounds(first: 1000, includeRetired: true) { totalCount nodes { id name notes country { code }
  actions { nodes { id name } } } } units { nodes { id name } } }"""


@pytest.mark.parametrize("seed", with_fresh(1))
async def test_an_answer_is_whole_or_an_error(graph_server: GraphAddress, desk: Desk, world: World, seed: int) -> None:
    """The line is cut at any byte of the greeting, of the head, of the rows: once, and it is asked again; for good, and
    the fields are null with an error that may be tried again. Never is a part of a page given for the whole."""
    wanted = orjson.dumps((await desk.result(LIST)).data)
    chance = random.Random(seed)
    whole = errors = 0
    for _ in range(40):
        async with unreliable_line(graph_server.uri) as (uri, line):
            address = GraphAddress(uri, graph_server.user, graph_server.password)
            async with Graph(address, Bounds(silence_s=1.0, attempts=3, longest_pause_s=0.01)) as graph:
                # Bolt sends less than JSON takes; a line that is cut for good is so before the first rows are through.
                cuts, within = chance.choice([(2, len(wanted) // 2), (40, len(wanted) // 10)])
                line.cut_after_bytes = [chance.randrange(1, within) for _ in range(cuts)]
                result = await desk_over(graph).result(LIST)
        if result.errors:
            errors += 1
            assert all(isinstance(each.original_error, Unavailable) for each in result.errors)
            assert result.data is None
        else:
            whole += 1
            assert orjson.dumps(result.data) == wanted
    assert whole
    assert errors
