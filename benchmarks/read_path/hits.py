"""What a policy costs in the database: hits that PROFILE tells of for opsplan's own statements, with it and without."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import OperationDefinitionNode, parse
from strawberry.schema.config import StrawberryConfig

from benchmarks.read_path.questions import Question, Values
from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.graph.query import Query
from opsplan.nouns import CATALOGUE
from opsplan.reading.cursors import CursorKey
from opsplan.reading.policy import EVERYTHING, Policy
from opsplan.reading.reads import Reads
from opsplan.reading.schema import Reading
from opsplan.reading.shape.fields import Hop
from opsplan.reading.trace import Trace
from opsplan.reading.types.making import new_type, put_fields
from opsplan.reading.types.scalars import SCALARS
from opsplan.records.declaration import Noun, Property
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock, system_clock

_MOST_VARIANTS = 10


class RedIsForItsOwner:
    """A policy as it may come: what is marked TLP:RED is read by the agency that owns it alone."""

    def key(self, _actor: Actor, /) -> Hashable:
        return "red"

    def predicate(
        self, _actor: Actor, noun: Noun, /, *, hop: Hop | None = None, declared: Property | None = None
    ) -> str | None:
        if noun.system or hop is not None or declared is not None:
            return None
        return "{node}.marking <> 'TLP_RED' OR {node}.owner_id = $reader.agency_id"

    def shared(self, _actor: Actor, _nouns: Sequence[Noun], /) -> str | None:
        return None

    def beyond(self, _actor: Actor, _noun: Noun, _hop: Hop, _target: Noun, /) -> str | None:
        return None

    def parameters(self, actor: Actor, /) -> Mapping[str, Any]:
        return {"agency_id": actor.agency_id}


@dataclass(frozen=True, slots=True)
class Hits:
    """Database hits of one question, all its variants together, with the policy and without."""

    open: int
    guarded: int

    @property
    def ratio(self) -> float:
        """How many times as many there are with the policy."""
        return self.guarded / self.open


async def count_hits(
    address: GraphAddress, questions: Iterable[Question], ids: Sequence[str], agency_id: str
) -> dict[str, Hits]:
    """Have every question's statement profiled with the policy and without; by the question's name."""
    profiled = _Profiled(address)
    context = _Context(profiled, Actor("benchmark", agency_id), system_clock)
    try:
        found = {}
        for question in questions:
            values = question.values(ids)[:_MOST_VARIANTS]
            hits = [await _hits(profiled, policy, question, values, context) for policy in (EVERYTHING, _RED)]
            found[question.name] = Hits(*hits)
        return found
    finally:
        await profiled.close()


_RED: Policy = RedIsForItsOwner()


@dataclass(frozen=True, slots=True)
class _Context:
    graph: Graph
    actor: Actor
    clock: Clock
    trace: Trace | None = None

    def charge(self, cost: int) -> None:
        """Charge nobody."""


class _Profiled(Graph):
    """The graph, which has every statement profiled and adds up its hits."""

    hits = 0

    async def read_plain(
        self, query: Query | str, parameters: dict[str, Any] | None = None, *, timeout_s: float | None = None
    ) -> list[list[Any]]:
        rows, plan = await self.profile_rows(query, parameters, timeout_s=timeout_s)
        self.hits += plan.total_db_hits
        return rows


async def _hits(
    profiled: _Profiled, policy: Policy, question: Question, variants: Sequence[Values], context: _Context
) -> int:
    reads = reads_with(policy)
    document = parse(question.opsplan)
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    profiled.hits = 0
    for values in variants:
        result = await reads.answer(document, operation, values, context)
        assert result is not None
        assert not result.errors, result.errors
    return profiled.hits


def reads_with(policy: Policy) -> Reads:
    """Give compiled reads over all nouns, with a policy, in this process."""
    reading = Reading(CATALOGUE, policy=policy)
    query = new_type("Query", "What can be read.")
    put_fields(query, reading.types.query_fields)
    schema = strawberry.Schema(query=query, types=reading.types.extra, config=StrawberryConfig(scalar_map=SCALARS))
    return reading.over(schema, CursorKey(b"a secret of the benchmark alone"))
