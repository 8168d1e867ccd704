"""The exercise into the graph, by the same door as everything else: checked rows, `opsplan.records.writing`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from opsplan.exercise.exercise import Exercise
from opsplan.exercise.shape import Size
from opsplan.exercise.store import EXERCISE_AGENCIES
from opsplan.graph.driver import Graph
from opsplan.graph.statistics import count_anew
from opsplan.records.check import check_row
from opsplan.records.declaration import Noun
from opsplan.records.problem import refusal
from opsplan.records.writing import Laws, Writing, write
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import Clock
from opsplan.vocabulary.errors import Conflict
from opsplan.vocabulary.sentences import say

ONE_TRANSACTION_ROWS = 50_000
"""An exercise of up to so many rows lands in one transaction, whole or not at all."""

BATCH_ROWS = 10_000
"""A larger one lands in transactions of so many; what a crash leaves, `remove` takes out."""

DIRECTOR = Actor("machine:exercise", roles=frozenset({Role.ADMINISTRATOR}), reads_all=True)
"""Who enters the exercise, unless the caller names somebody."""

_TRANSACTION_SECONDS = 600.0

Told: TypeAlias = Callable[[str, int, int], None]
"""Told of progress: what is being done, how many, of how many (0 when that is not known)."""

_Batch: TypeAlias = list[tuple[Noun, list[dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What has been loaded: the operation's id, the agencies' ids by code, and rows by noun."""

    operation_id: str
    agency_ids: dict[str, str]
    rows: dict[str, int]


async def load_exercise(
    graph: Graph,
    laws: Laws,
    clock: Clock,
    exercise: Exercise,
    *,
    actor: Actor = DIRECTOR,
    told: Told = lambda *_: None,
    one_transaction_rows: int = ONE_TRANSACTION_ROWS,
    batch_rows: int = BATCH_ROWS,
) -> Loaded:
    """Enter an exercise; its agencies are marked as exercise, and so is all that they own.

    Parameters
    ----------
    graph, laws, clock
        Where to, the catalogue with its rules, the time. The gazetteer must be in the graph.
    exercise
        What to enter.
    actor
        Who enters it, an administrator.
    told
        Called with progress.

    Raises
    ------
    Conflict
        When an exercise is in the graph already: there is one at a time, because its agencies have fixed codes.
    """
    await refuse_a_second(graph, exercise.size)
    loader = _Loader(laws, exercise, told)
    most = one_transaction_rows if loader.total <= one_transaction_rows else batch_rows
    for batch in loader.batches(most):

        async def work(writing: Writing, batch: _Batch = batch) -> None:
            for noun, rows in batch:
                await loader.create(writing, noun, rows)

        await write(
            graph,
            actor,
            clock,
            work,
            laws=laws,
            request_id=f"exercise-{exercise.size.value}-{exercise.scenario.seed}",
            reason="EXERCISE loaded",
            timeout_s=_TRANSACTION_SECONDS,
        )
    await count_anew(graph)
    return Loaded(loader.operation_id, loader.agency_ids, loader.counts)


async def refuse_a_second(graph: Graph, size: Size) -> None:
    """Refuse to load an exercise of a size beside another.

    Raises
    ------
    Conflict
        When one is in the graph.
    """
    if await graph.read_rows(EXERCISE_AGENCIES):
        raise Conflict(
            say("An exercise is in the graph already. Remove it first: opsplan exercise --remove"),
            field="exercise",
            value=size.value,
            remedy=say("opsplan exercise --remove"),
        )


class _Loader:
    """Keeps count, and the ids that later rows name their owners by."""

    def __init__(self, laws: Laws, exercise: Exercise, told: Told) -> None:
        self._laws = laws
        self._exercise = exercise
        self._told = told
        self.counts = {noun: sum(1 for _ in exercise.rows(noun)) for noun in exercise.nouns}
        self.total = sum(self.counts.values())
        self.agency_ids: dict[str, str] = {}
        self.operation_id = ""
        self._done = 0

    def batches(self, most: int) -> Iterator[_Batch]:
        """Cut all rows into batches of up to `most`, in the order of references."""
        batch: _Batch = []
        left = most
        for name in self._exercise.nouns:
            noun = self._laws.catalogue[name]
            for row in self._exercise.rows(name):
                if not left:
                    yield batch
                    batch, left = [], most
                if not batch or batch[-1][0] is not noun:
                    batch.append((noun, []))
                batch[-1][1].append(row)
                left -= 1
        if batch:
            yield batch

    async def create(self, writing: Writing, noun: Noun, rows: list[dict[str, Any]]) -> None:
        """Check and create rows of one noun. May be done again when the transaction is."""
        checked = [self._checked(noun, row) for row in rows]
        ids = await writing.create(noun, checked)
        if noun.name == "Agency":
            self.agency_ids |= {row["code"]: record_id for row, record_id in zip(checked, ids, strict=True)}
        elif noun.name == "Operation":
            self.operation_id = ids[0]
        self._done = min(self.total, self._done + len(rows))
        self._told(f"entering {noun.plural}", self._done, self.total)

    def _checked(self, noun: Noun, row: dict[str, Any]) -> dict[str, Any]:
        stored, problems = check_row(noun, row, path=f"{noun.name} {row['external_id']}, ")
        if problems:
            raise refusal(problems)
        if noun.owns_itself:
            return stored
        # By id: the writer would look up each owner's code by itself.
        return stored | {"owner": self.agency_ids[stored["owner"]]}
