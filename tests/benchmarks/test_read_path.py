"""The benchmark of reads: its questions are one question to all sides, and its client counts right."""

import asyncio
import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
import pytest

from benchmarks.read_path.client import BadAnswer, Door, ask, run
from benchmarks.read_path.hits import Hits, count_hits
from benchmarks.read_path.measure import BARE, DRIVER, OPSPLAN, PEER, SIDES, Measured, Row
from benchmarks.read_path.questions import BY_ID, COUNT, DEPTH, LISTS, QUESTIONS, Question, plain
from benchmarks.read_path.raw import RawDriver
from benchmarks.read_path.table import last_line
from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE
from tests.conftest import WIPE
from tests.make.world import World, put_into, random_world
from tests.opsplan.reading.desk import desk_over

_WORLD = random_world(CATALOGUE, seed=5)


@pytest.fixture
async def world(graph: Graph) -> World:
    await graph.run_outside(WIPE)
    await put_into(graph, _WORLD)
    return _WORLD


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.name)
async def test_the_driver_is_asked_what_opsplan_is_asked(
    graph: Graph, graph_server: GraphAddress, world: World, question: Question
) -> None:
    """The map projection gives the same records, values and order as the compiled read, over a random graph."""
    desk = desk_over(graph)
    raw = RawDriver(graph_server)
    for values in question.values([each.id for each in world.of("Compound")])[:5]:
        expected = plain(await desk.ask(question.opsplan, dict(values)))
        assert plain(orjson.loads(await raw.ask(question.name, values))["data"]) == expected
    await raw.close()


async def test_hits_are_counted_with_the_policy_and_without(graph_server: GraphAddress, world: World) -> None:
    """PROFILE tells other hits where marking and owner of each record are read, and some may not be."""
    ids = [each.id for each in world.of("Compound")]
    hits = await count_hits(graph_server, (BY_ID, DEPTH, COUNT), ids, "agency_of_nobody")
    assert all(each.open > 0 and each.guarded > 0 for each in hits.values())
    assert hits[BY_ID.name].guarded != hits[BY_ID.name].open


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = orjson.loads(self.rfile.read(int(self.headers["content-length"])))
        body = orjson.dumps({"errors": []} if "bad" in asked else {"data": asked["long"] * "x"})
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _answering() -> Iterator[Door]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield Door(f"http://127.0.0.1:{server.server_port}/")
        finally:
            server.shutdown()


async def test_the_client_counts_answers_bytes_and_time() -> None:
    """Every client is answered; long answers arrive whole; the time runs to the last answer."""
    with _answering() as door:
        assert await asyncio.to_thread(ask, door, door.request({"long": 3})) == "xxx"
        requests = itertools.cycle([door.request({"long": 1_000_000}), door.request({"long": 10})])
        told = await asyncio.to_thread(run, door, requests, 3, 0.3)
    assert len(told.seconds) >= 6
    assert told.spent_s >= 0.3
    most = sum(1_000_011 if at % 2 == 0 else 21 for at in range(len(told.seconds)))
    assert told.answer_bytes == pytest.approx(most, abs=3_000_000)


async def test_the_client_takes_no_error_for_an_answer() -> None:
    """What is measured are good answers alone."""
    with _answering() as door, pytest.raises(BadAnswer, match="errors"):
        await asyncio.to_thread(run, door, itertools.repeat(door.request({"bad": True})), 1, 1.0)


def test_the_last_line_holds_the_worst_ratios() -> None:
    """Each ratio is the smallest over the rows that it speaks of; the policy's is the largest."""

    def row(question: Question, opsplan: float, peer: float, driver: float, hits: int) -> Row:
        per_s = {OPSPLAN: opsplan, PEER: peer, DRIVER: driver, BARE: 1.0}
        by_side = {name: Measured(per_s[name], 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1) for name in SIDES}
        return Row(question, 1, Hits(100, hits), by_side)

    rows = [row(BY_ID, 80, 40, 100, 110), row(LISTS[1], 30, 10, 20, 120), row(COUNT, 9, 6, 90, 130)]
    assert last_line(rows) == "reads: peer_min=1.50 driver_id_min=0.80 driver_list_min=1.50 policy_hits_max=1.30"
