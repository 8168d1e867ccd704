"""The door of the reading room: everything that a schema and a request need to be answered by compiled reads."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    is_non_null_type,
    located_error,
)
from graphql.execution.values import VariableValues, get_variable_values

from opsplan.graph.driver import Graph
from opsplan.reading.compile.bindings import Request
from opsplan.reading.compile.cost import check_cost
from opsplan.reading.compile.operation import Ground, Operation, compile_root, compile_stored
from opsplan.reading.compile.root import Compiled
from opsplan.reading.complete.careful import complete_with_care
from opsplan.reading.complete.generate import Completer, Irregular, generate
from opsplan.reading.complete.late import fill_in
from opsplan.reading.complete.marker import READ, Completed
from opsplan.reading.cursors import CursorKey
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock, instant_text

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class ReadingContext(Protocol):
    """What the context of a GraphQL request must have."""

    @property
    def graph(self) -> Graph:
        """The graph that is read."""

    @property
    def actor(self) -> Actor:
        """The reader."""

    @property
    def clock(self) -> Clock:
        """The clock that says what is now."""


class Bounded(Generic[Key, Value]):
    """A cache of bounded size; what was not used for longest goes first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Key, Value] = OrderedDict()

    def make_room(self, more: int) -> None:
        """Let it hold so many more."""
        self._size += more

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """Give what is kept under `key`, made when it is not there."""
        kept = self._kept
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
        made = make()
        kept[key] = made
        if len(kept) > self._size:
            kept.popitem(last=False)
        return made


@dataclass(frozen=True, slots=True)
class Ready:
    """A root field ready to be read: compiled, with its completer."""

    compiled: Compiled
    complete: Completer


class Reads:
    """Compiled reads over one schema; safe to share among the tasks of one event loop.

    Parameters
    ----------
    ground
        The schema with its shapes, limits and policy.
    cursors
        The key of cursors, the same for all processes of a service.
    timeout_s
        Seconds that a statement may take.
    kept
        How many documents, and how many compiled shapes of them, are kept.
    """

    def __init__(
        self, ground: Ground, cursors: CursorKey, *, timeout_s: float | None = None, kept: int = 1_000
    ) -> None:
        self.ground = ground
        self.cursors = cursors
        self._timeout_s = timeout_s
        self._operations: Bounded[int, Operation] = Bounded(kept)
        self._ready: Bounded[Hashable, Ready] = Bounded(kept)
        self._trusted: dict[int, Operation] = {}
        self._trusted_ready: Bounded[Hashable, Ready] = Bounded(0)

    def keep(self, document: DocumentNode) -> None:
        """Keep the operations of a trusted document for good, and what is compiled for them apart from all others.

        So nobody can make them go by asking for many other things.
        """
        fragments = _fragments(document)
        for each in document.definitions:
            if isinstance(each, OperationDefinitionNode):
                self._trusted[id(each)] = Operation(self.ground, each, fragments)
                self._trusted_ready.make_room(_SHAPES_OF_TRUSTED)

    async def answer(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        context: ReadingContext,
    ) -> ExecutionResult | None:
        """Answer a query of a valid document without graphql-core, or give None where it has to be graphql-core.

        It has to be where variables do not fit their types, and where a root field is not of the reading room: then
        `opsplan.reading.executor.ReadingExecutor` has the reading room's fields read in between.

        Parameters
        ----------
        document, operation
            The same objects for the same text, so that what was compiled for them is found again.
        variables
            As the caller gave them.
        """
        apart = self._apart(operation, lambda: _fragments(document))
        coerced = get_variable_values(self.ground.schema, operation.variable_definitions or (), dict(variables))
        if isinstance(coerced, list):
            return None
        fields = apart.root_fields(coerced)
        names = {mentions[0].name.value for mentions in fields.values()}
        if not all(name == _TYPENAME or self.ground.reads(name) for name in names):
            return None
        shape = apart.shape(coerced)
        request = self._request(context)
        done = await self._all(
            [self._one(apart, shape, key, mentions, context, coerced, request) for key, mentions in fields.items()]
        )
        return self._result(fields, done)

    async def read_marked(
        self,
        mark: Any,
        mentions: Sequence[FieldNode],
        context: ReadingContext,
        fragments: Mapping[str, FragmentDefinitionNode],
        operation: OperationDefinitionNode,
        variables: VariableValues,
        path: tuple[str | int, ...],
    ) -> Completed:
        """Read what a resolver left a mark for, with the selection of its field.

        Raises
        ------
        OpsplanError
            If it is refused, or the graph fails.
        """
        apart = self._apart(operation, lambda: fragments)
        key, actor = str(path[-1]), context.actor
        what = (mark.noun, type(mark)) if mark is not READ else None

        def make() -> Ready:
            if what is None:
                return _ready(compile_root(self.ground, fragments, key, mentions, actor, variables))
            return _ready(compile_stored(self.ground, fragments, what, key, mentions, actor, variables))

        known = (apart.number, id(mentions[0]), what, apart.shape(variables), self.ground.policy.key(actor))
        ready = self._shelf(operation).get(known, make)
        return await self._read(ready, context, variables, self._request(context, mark), path)

    async def _one(
        self,
        apart: Operation,
        shape: Hashable,
        key: str,
        mentions: Sequence[FieldNode],
        context: ReadingContext,
        variables: VariableValues,
        request: Request,
    ) -> Completed | Exception:
        """Read one root field; what fails is given, so that the other fields are read to their end."""
        actor = context.actor

        def make() -> Ready:
            return _ready(compile_root(self.ground, apart.fragments, key, mentions, actor, variables))

        try:
            if mentions[0].name.value == _TYPENAME:
                return Completed(str(self.ground.schema.query_type))
            ready = self._shelf(apart.node).get((apart.number, key, shape, self.ground.policy.key(actor)), make)
            return await self._read(ready, context, variables, request, (key,))
        except Exception as failure:  # noqa: BLE001 - as in graphql-core, what a field raises becomes its error
            return failure

    async def _all(self, reading: "list[Coroutine[Any, Any, Completed | Exception]]") -> list[Completed | Exception]:
        if len(reading) == 1:
            return [await reading[0]]
        places = asyncio.Semaphore(self.ground.limits.at_once)

        async def in_turn(each: "Coroutine[Any, Any, Completed | Exception]") -> Completed | Exception:
            async with places:
                return await each

        return list(await asyncio.gather(*map(in_turn, reading)))

    def _result(
        self, fields: Mapping[str, Sequence[FieldNode]], done: Sequence[Completed | Exception]
    ) -> ExecutionResult:
        query = self.ground.schema.query_type
        assert query is not None
        data: dict[str, Any] | None = {}
        errors: list[GraphQLError] = []
        for (key, mentions), each in zip(fields.items(), done, strict=True):
            if isinstance(each, Exception):
                errors.append(located_error(each, mentions, [key]))
                value = None
            else:
                errors.extend(each.errors)
                value = each.data
            name = mentions[0].name.value
            if value is None and is_non_null_type(query.fields[name].type):
                data = None
            elif data is not None:
                data[key] = value
        shown: Any = None if data is None else orjson.Fragment(orjson.dumps(data))
        return ExecutionResult(shown, errors or None)

    def _apart(
        self, operation: OperationDefinitionNode, fragments: Callable[[], Mapping[str, FragmentDefinitionNode]]
    ) -> Operation:
        # What is taken apart keeps the operation, so no other one can have its identity meanwhile.
        trusted = self._trusted.get(id(operation))
        if trusted is not None:
            return trusted
        return self._operations.get(id(operation), lambda: Operation(self.ground, operation, fragments()))

    def _shelf(self, operation: OperationDefinitionNode) -> Bounded[Hashable, Ready]:
        return self._trusted_ready if id(operation) in self._trusted else self._ready

    def _request(self, context: ReadingContext, mark: Any = None) -> Request:
        actor = context.actor
        reader = self.ground.policy.parameters(actor)
        return Request(actor, instant_text(context.clock()), self.cursors, reader, mark)

    async def _read(
        self,
        ready: Ready,
        context: ReadingContext,
        variables: VariableValues,
        request: Request,
        path: tuple[str | int, ...],
    ) -> Completed:
        compiled = ready.compiled
        parameters, slots = compiled.bindings.fill(variables, request)
        check_cost(compiled.cost, slots, self.ground.limits.largest_cost)
        rows: list[list[Any]] = []
        if compiled.text is not None:
            rows = await context.graph.read_rows(compiled.text, parameters, timeout_s=self._timeout_s)
        try:
            done = Completed(ready.complete(rows, slots))
        except Irregular:
            done = complete_with_care(compiled.view, rows, slots, path)
        if compiled.computations:
            await fill_in(done, compiled.view, rows, slots, compiled.computations, context, path)
        return done


def _ready(compiled: Compiled) -> Ready:
    return Ready(compiled, generate(compiled.view))


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}


_SHAPES_OF_TRUSTED = 20
"""How many compiled root fields there is room for, on the average, for each operation of a trusted document."""
_TYPENAME = "__typename"
_EXTENSION = "opsplan.reads"


def attach(reads: Reads) -> None:
    """Make a schema's executor find its reads."""
    reads.ground.schema.extensions[_EXTENSION] = reads


def reads_of(schema: GraphQLSchema) -> Reads:
    """Give the reads of a schema to which they were attached."""
    found: Reads = schema.extensions[_EXTENSION]
    return found
