"""A desk to read at: a schema of the reading room alone, over a graph, with a reader and a clock that stands."""

from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

import orjson
import strawberry
from graphql import DocumentNode, ExecutionResult, GraphQLSchema, OperationDefinitionNode, execute, parse, validate
from strawberry.schema.config import StrawberryConfig

from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE
from opsplan.reading.cursors import CursorKey
from opsplan.reading.executor import ReadingExecutor
from opsplan.reading.limits import LIMITS, Limits
from opsplan.reading.policy import EVERYTHING, Policy
from opsplan.reading.reads import Reads
from opsplan.reading.schema import Reading
from opsplan.reading.trace import Trace
from opsplan.reading.types.making import new_type, put_fields
from opsplan.reading.types.scalars import SCALARS
from opsplan.records.declaration import Catalogue
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock, FrozenClock
from tests.make.world import NOW

SECRET = b"a secret of the tests alone"
READER = Actor("reader@kh-ncb", "agency_reader", "KH-NCB")


@dataclass(frozen=True, slots=True)
class DeskContext:
    """What the context of a request must have."""

    graph: Graph
    actor: Actor
    clock: Clock
    charged: list[int] = field(default_factory=list)
    trace: Trace | None = None

    def charge(self, cost: int) -> None:
        """Note what is charged."""
        self.charged.append(cost)


@dataclass(slots=True)
class Desk:
    """Executes operations; `charged` is what each cost."""

    graph: Graph
    reads: Reads
    schema: strawberry.Schema
    actor: Actor = READER
    clock: Clock = field(default_factory=lambda: FrozenClock(NOW))
    charged: list[int] = field(default_factory=list)
    trace: Trace | None = None

    async def ask(self, text: str, variables: dict[str, Any] | None = None, *, actor: Actor | None = None) -> Any:
        """Give the answer to a query, as JSON says it; the test fails when it is not compiled, or has errors."""
        result = await self.result(text, variables, actor=actor)
        assert not result.errors, result.errors
        return orjson.loads(orjson.dumps(result.data))

    async def result(
        self, text: str, variables: dict[str, Any] | None = None, *, actor: Actor | None = None
    ) -> ExecutionResult:
        """Give the result of a compiled query."""
        document = _valid(self.reads.ground.schema, text)
        operation = next(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
        context = DeskContext(self.graph, actor or self.actor, self.clock, self.charged, self.trace)
        result = await self.reads.answer(document, operation, variables or {}, context)
        assert result is not None, "it was not compiled"
        return result

    async def execute(self, text: str, variables: dict[str, Any] | None = None, **given: Any) -> ExecutionResult:
        """Give the result of ordinary execution, with the reading room's executor."""
        result = execute(
            self.reads.ground.schema,
            parse(text),
            context_value=DeskContext(self.graph, self.actor, self.clock, self.charged),
            variable_values=variables,
            executor_class=ReadingExecutor,
            **given,
        )
        return result if isinstance(result, ExecutionResult) else await result  # type: ignore[misc]


def desk_over(
    graph: Graph,
    *,
    catalogue: Catalogue = CATALOGUE,
    limits: Limits = LIMITS,
    policy: Policy = EVERYTHING,
    cursors: CursorKey | None = None,
    **roots: Any,
) -> Desk:
    """Set a desk up over a graph.

    `roots` are a query type that has other fields too, and functions that make further root types from the reading.
    The plain schema of a catalogue is made once.
    """
    if not roots:
        reads, schema = _plain(catalogue, limits, policy, cursors)
        return Desk(graph, reads, schema)
    reading = Reading(catalogue, limits=limits, policy=policy)
    query = roots.pop("query")
    put_fields(query, [*query.__strawberry_definition__.fields, *reading.types.query_fields])
    others = {name: make(reading) for name, make in roots.items()}
    schema = strawberry.Schema(
        query=query, types=reading.types.extra, config=StrawberryConfig(scalar_map=SCALARS), **others
    )
    return Desk(graph, reading.over(schema, cursors or CursorKey(SECRET)), schema)


@cache
def _plain(
    catalogue: Catalogue, limits: Limits, policy: Policy, cursors: CursorKey | None
) -> tuple[Reads, strawberry.Schema]:
    reading = Reading(catalogue, limits=limits, policy=policy)
    query = new_type("Query", "What can be read.")
    put_fields(query, reading.types.query_fields)
    schema = strawberry.Schema(query=query, types=reading.types.extra, config=StrawberryConfig(scalar_map=SCALARS))
    return reading.over(schema, cursors or CursorKey(SECRET)), schema


@lru_cache(maxsize=64)
def _valid(schema: GraphQLSchema, text: str) -> DocumentNode:
    document = parse(text)
    problems = validate(schema, document)
    assert not problems, problems
    return document
