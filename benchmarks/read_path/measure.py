"""Measuring: first that all sides answer alike, then each question of each side in short turns."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psutil

from benchmarks.read_path.client import Door, Told, ask, run
from benchmarks.read_path.hits import Hits
from benchmarks.read_path.questions import Question, Values, plain
from benchmarks.read_path.raw import RawDriver
from benchmarks.read_path.servers import Sides, processor_s

ROUNDS = 4
"""How often the sides take turns in one row; each time another begins."""
_COMPARED = 40
_SETTLE_S = 0.2

OPSPLAN, PEER, DRIVER, BARE = "opsplan", "peer", "driver", "bare driver"
"""The sides; the bare driver asks in the benchmark's own process, without HTTP."""
SIDES = (OPSPLAN, PEER, DRIVER, BARE)

Slice = Callable[[int, float], Told]
"""Asks with so many clients for so many seconds."""


class Differs(Exception):
    """Two sides answer one question differently: what would be measured is not one question."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one side did in one row.

    Attributes
    ----------
    per_s
        Answers a second.
    p50_ms, p99_ms
        Milliseconds that half, and 99 of 100 answers took at most.
    answer_bytes
        Bytes of an answer's body, on average.
    server_ms, graph_ms
        Milliseconds of a processor that an answer took of the side's server, and of the graph's.
    resident_mb
        Memory of the side's process at the end of the row, in megabytes; the bare driver's is the benchmark's own.
    answers
        How many answers that rests on.
    """

    per_s: float
    p50_ms: float
    p99_ms: float
    answer_bytes: float
    server_ms: float
    graph_ms: float
    resident_mb: float
    answers: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a question with a number of clients."""

    question: Question
    clients: int
    hits: Hits
    by_side: Mapping[str, Measured] = field(repr=False)

    def ratio(self, other: str) -> float:
        """Throughput of opsplan over that of another side."""
        return self.by_side[OPSPLAN].per_s / self.by_side[other].per_s


class Askers:
    """Every side's way to be asked every question."""

    def __init__(self, sides: Sides, ids: Sequence[str], runner: asyncio.Runner) -> None:
        self._sides = sides
        self._ids = ids
        self._runner = runner
        self._bare = RawDriver(sides.address)

    def close(self) -> None:
        """Close what this process holds."""
        self._runner.run(self._bare.close())

    def compare(self, question: Question) -> None:
        """See that all sides give the same answer.

        Raises
        ------
        Differs
            If they do not.
        """
        values = question.values(self._ids)[:_COMPARED]
        doors = self._doors(question)
        for each in values:
            (one, expected), *others = (
                (name, plain(ask(door, door.request(content(each))))) for name, (door, content) in doors.items()
            )
            for other, answer in others:
                if answer != expected:
                    raise Differs(f"{question.name}, {dict(each)}: {_difference(one, expected, other, answer)}")

    def slices(self, question: Question) -> dict[str, Slice]:
        """Give for each side how it is asked a question; each goes through the values in turn."""
        values = question.values(self._ids)
        made: dict[str, Slice] = {}
        for name, (door, content) in self._doors(question).items():
            made[name] = _over_http(door, itertools.cycle([door.request(content(each)) for each in values]))
        in_turn = itertools.cycle(values)
        made[BARE] = lambda clients, seconds: self._runner.run(
            _in_process(self._bare, question.name, in_turn, clients, seconds)
        )
        return made

    def processes(self) -> dict[str, psutil.Process]:
        """Give each side's process; the bare driver's is this one."""
        return {each.name: each.process for each in self._sides} | {BARE: psutil.Process()}

    @property
    def graph(self) -> psutil.Process:
        """The graph's process."""
        return self._sides.graph

    def _doors(self, question: Question) -> dict[str, tuple[Door, Callable[[Values], dict[str, Any]]]]:
        return {
            OPSPLAN: (self._sides.opsplan.door, lambda each: {"query": question.opsplan, "variables": each}),
            PEER: (
                self._sides.peer.door,
                lambda each: {"query": question.peer, "variables": question.peer_values(each)},
            ),
            DRIVER: (self._sides.driver.door, lambda each: {"question": question.name, "values": each}),
        }


def warm_up(askers: Askers, questions: Sequence[Question], seconds: float) -> Iterator[Question]:
    """Ask every side every question for so long, so that Java, node and caches are warm; gives each when it is done."""
    for question in questions:
        for each in askers.slices(question).values():
            each(8, seconds)
        yield question


def measure(askers: Askers, question: Question, clients: int, hits: Hits, seconds: float) -> Row:
    """Measure one row, in about so many seconds."""
    slices = askers.slices(question)
    told = {name: Told() for name in SIDES}
    taken = {name: _Taken() for name in SIDES}
    processes = askers.processes()
    names = list(SIDES)
    for name in names:
        slices[name](clients, _SETTLE_S)
    for _ in range(ROUNDS):
        for name in names:
            with taken[name].by(processes[name], askers.graph):
                told[name].add(slices[name](clients, seconds / len(SIDES) / ROUNDS))
        names = [*names[1:], names[0]]
    return Row(question, clients, hits, {name: _measured(told[name], taken[name], processes[name]) for name in SIDES})


@dataclass(slots=True)
class _Taken:
    """Seconds of a processor that a side's server and the graph's have taken in the side's turns."""

    server_s: float = 0.0
    graph_s: float = 0.0

    @contextmanager
    def by(self, server: psutil.Process, graph: psutil.Process) -> Iterator[None]:
        """Note what is taken within."""
        server_s, graph_s = processor_s(server), processor_s(graph)
        yield
        self.server_s += processor_s(server) - server_s
        self.graph_s += processor_s(graph) - graph_s


def client_ceiling(door: Door, seconds: float) -> float:
    """Give how many answers a second the client takes where there is nothing to answer, with 8 connections."""
    told = run(Door(f"{door.url}nothing"), itertools.cycle([Door(f"{door.url}nothing").request({})]), 8, seconds)
    return len(told.seconds) / told.spent_s


def _over_http(door: Door, requests: Iterator[bytes]) -> Slice:
    return lambda clients, seconds: run(door, requests, clients, seconds)


async def _in_process(driver: RawDriver, name: str, values: Iterator[Values], clients: int, seconds: float) -> Told:
    told = Told()
    begun = time.perf_counter()

    async def client() -> None:
        while (now := time.perf_counter()) < begun + seconds:
            told.answer_bytes += len(await driver.ask(name, next(values)))
            told.seconds.append(time.perf_counter() - now)

    await asyncio.gather(*(client() for _ in range(clients)))
    told.spent_s = time.perf_counter() - begun
    return told


def _measured(told: Told, taken: _Taken, process: psutil.Process) -> Measured:
    seconds = sorted(told.seconds)
    many = len(seconds)
    return Measured(
        per_s=many / told.spent_s,
        p50_ms=_rank(seconds, 0.5) * 1e3,
        p99_ms=_rank(seconds, 0.99) * 1e3,
        answer_bytes=told.answer_bytes / many,
        server_ms=taken.server_s / many * 1e3,
        graph_ms=taken.graph_s / many * 1e3,
        resident_mb=float(process.memory_info().rss) / 2**20,
        answers=many,
    )


def _rank(ordered: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of the values does not exceed."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _difference(one: str, expected: list[Any], other: str, answer: list[Any]) -> str:
    if len(expected) != len(answer):
        return f"{one} gives {len(expected)} records and {other} {len(answer)}"
    at, (left, right) = next(
        (at, pair) for at, pair in enumerate(zip(expected, answer, strict=True)) if pair[0] != pair[1]
    )
    return f"record {at} is {left} from {one} and {right} from {other}"
